package bot

import (
	"cmp"
	"context"
	"strings"

	"callout/desk"
)

// pageSize is how many records one page of a list shows: each takes one block, and a message holds 50.
const pageSize = 10

// list is how the records of a noun are listed: by a command, with filters typed or chosen in a form, page by page.
type list struct {
	noun  desk.Noun
	title string // what stands above it, such as Calls
	none  string // what it says when there is nothing at all
	// open answers the command with a number alone.
	open func(b *Bot, ctx context.Context, r Request, a desk.Actor, id int64) (Reply, error)
	// page reads one page. after is the next of the page before, empty for the first.
	page func(b *Bot, ctx context.Context, a desk.Actor, f desk.Filter, after string) (rows []row, next string, err error)
	// top is what stands above the first page; nil if nothing does.
	top func(b *Bot, ctx context.Context, a desk.Actor, f desk.Filter) ([]Part, error)
}

// row is one record of a list: as a card shows it, and in one plain line.
type row struct {
	item Item
	line string
}

// The buttons and the form of a list are named after its noun.
func (l list) more() string   { return string(l.noun) + ".more" }
func (l list) filter() string { return string(l.noun) + ".filter" }

// topic is what a list adds to the conversation.
func (l list) topic() topic {
	return topic{
		buttons: map[string]handler{l.more(): l.by((*Bot).moreRows), l.filter(): l.by((*Bot).openFilter)},
		forms:   map[string]handler{l.filter(): l.by((*Bot).submitFilter)},
	}
}

// by is a handler for this list.
func (l list) by(do func(*Bot, context.Context, list, Request, desk.Actor) (Reply, error)) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) { return do(b, ctx, l, r, a) }
}

// answer is the handler of the list's command.
func (l list) answer() handler { return l.by((*Bot).answerList) }

// answerList answers a list's command: alone, with a number, or with filters.
func (b *Bot) answerList(ctx context.Context, l list, r Request, a desk.Actor) (Reply, error) {
	text := strings.TrimPrefix(strings.TrimSpace(r.Text), "#")
	if id := number(text); id > 0 && strings.Trim(text, "0123456789") == "" && l.open != nil {
		return l.open(b, ctx, r, a, id)
	}
	f, err := desk.ParseFilter(l.noun, r.Text)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.listCard(ctx, l, a, f, "")
	return Reply{Say: card}, err
}

// listCard is one page of a list.
func (b *Bot) listCard(ctx context.Context, l list, a desk.Actor, f desk.Filter, after string) (*Card, error) {
	rows, next, err := l.page(b, ctx, a, f, after)
	if err != nil {
		return nil, err
	}
	title := l.title
	if !f.Empty() {
		title += " · " + f.String()
	}
	card := &Card{Parts: []Part{Heading(clip(title, 150))}}
	lines := []string{title}
	if l.top != nil && after == "" {
		parts, err := l.top(b, ctx, a, f)
		if err != nil {
			return nil, err
		}
		card.Parts = append(card.Parts, parts...)
	}
	for _, r := range rows {
		if r.item.Button.Action == "" {
			card.Parts = append(card.Parts, Text(r.item.Text))
		} else {
			card.Parts = append(card.Parts, r.item)
		}
		lines = append(lines, r.line)
	}
	if len(rows) == 0 {
		none := l.none
		if !f.Empty() {
			none = "Nothing matches these filters. Leave one out, or choose others with the button below."
		}
		card.Parts = append(card.Parts, Text(Say(none)))
		lines = append(lines, "none")
	}
	buttons := Buttons{{Action: l.filter(), Value: clip(f.String(), desk.MaxFilter), Label: "Filter…"}}
	if next != "" {
		buttons = append(buttons, Button{Action: l.more(), Value: next + " " + f.String(), Label: "More"})
	}
	card.Parts = append(card.Parts, buttons)
	card.Text = strings.Join(lines, "\n")
	return card, nil
}

// moreRows shows the next page in the place of this one. The button's value is where it starts, and the filters.
func (b *Bot) moreRows(ctx context.Context, l list, r Request, a desk.Actor) (Reply, error) {
	after, filters, _ := strings.Cut(r.Value, " ")
	f, err := desk.ParseFilter(l.noun, filters)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.listCard(ctx, l, a, f, after)
	return Reply{Update: card}, err
}

func (*Bot) openFilter(_ context.Context, l list, r Request, _ desk.Actor) (Reply, error) {
	f, err := desk.ParseFilter(l.noun, r.Value)
	if err != nil {
		return Reply{}, err
	}
	title := clip("Filter "+strings.ToLower(l.title), 24)
	return Reply{Form: &Form{ID: l.filter(), Title: title, Submit: "Show", Fields: filterFields(l.noun, f)}}, nil
}

func (b *Bot) submitFilter(ctx context.Context, l list, r Request, a desk.Actor) (Reply, error) {
	f, err := filterOf(l.noun, r.Values)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.listCard(ctx, l, a, f, "")
	return Reply{Say: card}, err
}

// filterHints is what an empty filter field says it may hold.
var filterHints = map[string]string{
	"customer": "Part of a name or phone", "tech": "A name, me or none", "owner": "A name, me or none", "by": "A name or me",
	"source": "Part of where it comes from", "due": "overdue, today, this-week, 2026-03-31", "from": "2026-01-01, last-month, 30d", "to": "today",
}

// filterLabels is what a filter is called in a form, where it is not its own name.
var filterLabels = map[string]string{"tech": "Technician", "by": "Who", "due": "Follow-up due"}

// fieldOfFilter is the name of a filter's field.
func fieldOfFilter(key string) string {
	if key == "customer" { // a field of that name is found by typing
		return "customer_words"
	}
	return key
}

// filterFields are the filters as a form shows them; filterOf reads them back.
func filterFields(noun desk.Noun, f desk.Filter) []Field {
	var fields []Field
	for _, key := range desk.FilterKeys(noun) {
		field := Field{
			Name: fieldOfFilter(key), Kind: FieldLine, Label: cmp.Or(filterLabels[key], strings.ToUpper(key[:1])+key[1:]), Optional: true,
			Max: 100, Value: f.Value(key), Placeholder: filterHints[key],
		}
		if allowed := desk.Allowed(noun, key); allowed != nil {
			field.Kind, field.Max, field.Value, field.Placeholder = FieldPick, 0, "", "Any"
			field.Options = plainOptions(allowed)
			field.Chosen = chosenOf(field.Options, f.Value(key))
		}
		fields = append(fields, field)
	}
	return append(fields, Field{Name: fieldOfFilter("words"), Kind: FieldLine, Label: "Words", Optional: true, Max: 100, Value: f.Words})
}

// filterOf reads the fields of filterFields and checks them as if they had been typed.
func filterOf(noun desk.Noun, v Values) (desk.Filter, error) {
	var f desk.Filter
	names := map[string]string{}
	for _, key := range append([]string{"words"}, desk.FilterKeys(noun)...) {
		names[key] = fieldOfFilter(key)
		f.Set(key, strings.ReplaceAll(v.Get(names[key]), `"`, ""))
	}
	checked, err := desk.ParseFilter(noun, f.String())
	return checked, fieldsOf(err, names)
}

func plainOptions(words []string) []Option {
	options := make([]Option, len(words))
	for i, w := range words {
		options[i] = Option{Value: w, Label: strings.ReplaceAll(w, "_", " ")}
	}
	return options
}

func joinAnd(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
