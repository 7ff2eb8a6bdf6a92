package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/desk"
	"callout/store"
)

// formFilter is the form in which the filters of a list of calls are chosen.
const formFilter = "call.filter"

// pageSize is how many calls one page of a list shows: each takes one block, and a message holds 50.
const pageSize = 10

func callListTopic() topic {
	return topic{
		buttons: map[string]handler{"call.show": (*Bot).showCall, "call.more": (*Bot).moreCalls, formFilter: (*Bot).openFilter},
		forms:   map[string]handler{formFilter: (*Bot).submitFilter},
	}
}

// listCalls answers `/calls`, `/calls 42` and `/calls filters`.
func (b *Bot) listCalls(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	text := strings.TrimPrefix(strings.TrimSpace(r.Text), "#")
	if id := number(text); id > 0 && strings.Trim(text, "0123456789") == "" {
		return b.callFor(ctx, a, id)
	}
	f, err := desk.ParseFilter(r.Text)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.callPage(ctx, a, f, 0)
	return Reply{Say: card}, err
}

func (b *Bot) showCall(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	return b.callFor(ctx, a, number(r.Value))
}

// callFor is the card of a call shown to one member.
func (b *Bot) callFor(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	if _, err := b.Desk.Call(ctx, a, id); err != nil {
		return Reply{}, err
	}
	card, err := b.CallCard(ctx, id)
	return Reply{Say: &card}, err
}

// callPage is one page of a list. before is the last number of the page before.
func (b *Bot) callPage(ctx context.Context, a desk.Actor, f desk.Filter, before int64) (*Card, error) {
	page, err := b.Desk.Calls(ctx, a, f, before, pageSize)
	if err != nil {
		return nil, err
	}
	title := "Calls"
	if !f.Empty() {
		title += " · " + f.String()
	}
	card := &Card{Text: listText(title, page.Calls), Parts: []Part{Heading(clip(title, 150))}}
	if len(page.Calls) == 0 {
		card.Parts = append(card.Parts, Text(Say(emptyList(f))))
	}
	for _, c := range page.Calls {
		card.Parts = append(card.Parts, Item{
			Text: b.callLine(a, c), Button: Button{Action: "call.show", Value: strconv.FormatInt(c.ID, 10), Label: "Open"},
		})
	}
	buttons := Buttons{{Action: formFilter, Value: clip(f.String(), 1000), Label: "Filter…"}}
	if page.Next > 0 {
		buttons = append(buttons, Button{Action: "call.more", Value: fmt.Sprintf("%d %s", page.Next, f), Label: "Older calls"})
	}
	card.Parts = append(card.Parts, buttons)
	return card, nil
}

func emptyList(f desk.Filter) string {
	if f.Empty() {
		return "There are no calls yet. /log-call logs the first one."
	}
	return "No call matches these filters. Leave one out, or choose others with the button below."
}

func listText(title string, calls []store.CallRow) string {
	lines := []string{title}
	for _, c := range calls {
		lines = append(lines, fmt.Sprintf("%d %s: %s (%s)", c.ID, c.Customer, c.Summary, c.Status))
	}
	if len(calls) == 0 {
		lines = append(lines, "none")
	}
	return strings.Join(lines, "\n")
}

func (b *Bot) callLine(a desk.Actor, c store.CallRow) Words {
	state := progressWords(c.Status, c.Progress)
	switch {
	case c.Asked != "":
		state += " to " + c.Asked
	case c.Technician != "":
		state += " · " + c.Technician
	}
	return Say(Bold(fmt.Sprintf("%d · %s", c.ID, c.Customer)), "\n", clip(c.Summary, 120), "\n",
		priorityMark(c.Priority), " · ", state, " · ", At(c.OpenedAt, b.zone(a)))
}

// moreCalls shows the next page in the place of this one. The button's value is where it starts, and the filters.
func (b *Bot) moreCalls(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	before, filters, _ := strings.Cut(r.Value, " ")
	f, err := desk.ParseFilter(filters)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.callPage(ctx, a, f, number(before))
	return Reply{Update: card}, err
}

func (b *Bot) openFilter(_ context.Context, r Request, _ desk.Actor) (Reply, error) {
	f, err := desk.ParseFilter(r.Value)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: &Form{ID: formFilter, Title: "Filter calls", Submit: "Show", Fields: filterFields(f)}}, nil
}

// filterFields are the filters as a form shows them; filterOf reads them back.
func filterFields(f desk.Filter) []Field {
	statuses := plainOptions(desk.Statuses())
	priorities := plainOptions(desk.Priorities())
	return []Field{
		{Name: "status", Kind: FieldPick, Label: "Status", Optional: true, Options: statuses, Chosen: chosenOf(statuses, f.Status), Placeholder: "Any"},
		{Name: "priority", Kind: FieldPick, Label: "Priority", Optional: true, Options: priorities, Chosen: chosenOf(priorities, f.Priority), Placeholder: "Any"},
		{Name: "customer_words", Kind: FieldLine, Label: "Customer", Optional: true, Max: 100, Value: f.Customer, Placeholder: "Part of a name or phone"},
		{Name: "tech", Kind: FieldLine, Label: "Technician", Optional: true, Max: 100, Value: f.Tech, Placeholder: "A name, me or none"},
		{Name: "from", Kind: FieldLine, Label: "From", Optional: true, Max: 40, Value: f.From, Placeholder: "2026-01-01, last-month, 30d"},
		{Name: "to", Kind: FieldLine, Label: "To", Optional: true, Max: 40, Value: f.To, Placeholder: "today"},
		{Name: "words", Kind: FieldLine, Label: "Words", Optional: true, Max: 100, Value: f.Words},
	}
}

// filterOf reads the fields of filterFields and checks them as if they had been typed.
func filterOf(v Values) (desk.Filter, error) {
	var f desk.Filter
	for _, key := range append(desk.FilterKeys(), "words") {
		name := key
		if key == "customer" {
			name = "customer_words"
		}
		f.Set(key, strings.ReplaceAll(v.Get(name), `"`, ""))
	}
	checked, err := desk.ParseFilter(f.String())
	if err != nil {
		return f, fieldsOf(err, map[string]string{"customer": "customer_words"})
	}
	return checked, nil
}

func (b *Bot) submitFilter(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	f, err := filterOf(r.Values)
	if err != nil {
		return Reply{}, err
	}
	card, err := b.callPage(ctx, a, f, 0)
	return Reply{Say: card}, err
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
