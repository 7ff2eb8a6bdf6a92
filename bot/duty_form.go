package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
)

// daysFields ask for a time: a day or several, whole or in part.
func daysFields(day string) []Field {
	return []Field{
		{Name: "day", Kind: FieldDate, Label: "Day", Value: day},
		{Name: "to_day", Kind: FieldDate, Label: "Last day", Optional: true, Hint: "Only for more than one day."},
		{Name: "from", Kind: FieldTime, Label: "From", Optional: true, Hint: "Without times it is the whole day."},
		{Name: "to", Kind: FieldTime, Label: "Until", Optional: true},
	}
}

// daysIn reads the fields of daysFields in the zone of a member.
func daysIn(r Request) desk.Fields { return fieldsIn(r.Values, "day", "to_day", "from", "to") }

func (b *Bot) openDays(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if err := b.mayDuty(a, id); err != nil {
		return Reply{}, err
	}
	m, err := b.Desk.Member(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	kinds := []Option{
		{Value: desk.DutyOff, Label: "Off duty", Note: "Nobody offers calls"},
		{Value: desk.DutyOn, Label: "On duty", Note: "Any call may be offered"},
		{Value: desk.DutyOnCall, Label: "On call", Note: "Urgent calls only"},
	}
	f := &Form{ID: formDays, Title: "Change a day", Submit: "Save", State: formatID(id)}
	if id != a.ID {
		f.Fields = []Field{{Name: "who", Kind: FieldNote, Note: Say("For ", Bold(m.Name), ", who is told.")}}
	}
	f.Fields = append(f.Fields, Field{Name: "what", Kind: FieldRadio, Label: "What", Options: kinds, Chosen: kinds[:1]})
	f.Fields = append(f.Fields, daysFields("")...)
	return Reply{Form: f}, nil
}

func (b *Bot) submitDays(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	m, err := b.Desk.Member(ctx, number(r.State))
	if err != nil {
		return Reply{}, err
	}
	w, err := b.Desk.WhenFields(m, daysIn(r))
	if err != nil {
		return Reply{}, err
	}
	return b.changeDuty(ctx, a, m, r.Values.Get("what"), w)
}

// handOverMost is how many calls the hand-over asks about; more than a person can have in hand.
const handOverMost = 10

// keep and give are what may be done with a call by who goes off duty.
const (
	keepCall = "keep"
	giveCall = "give"
)

// handOverForm asks who goes off duty about the calls on their hands; nil if there are none.
func (b *Bot) handOverForm(ctx context.Context, a desk.Actor, w desk.When) (*Form, error) {
	if err := a.Require(desk.SetOwnDuty); err != nil {
		return nil, err
	}
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil || len(hands.Mine) == 0 {
		return nil, err
	}
	f := &Form{ID: formHandOver, Title: "Before you go", Submit: "Go off duty", Fields: []Field{{
		Name: "hello", Kind: FieldNote, Note: Say("What you hand over is offered to somebody else at once, with your line. The rest stays yours."),
	}}}
	if w.To != nil {
		f.State = w.To.Format(time.RFC3339)
	}
	options := []Option{{Value: keepCall, Label: "I keep it"}, {Value: giveCall, Label: "Hand it over"}}
	for _, h := range hands.Mine[:min(len(hands.Mine), handOverMost)] {
		id := formatID(h.Call.ID)
		f.Fields = append(f.Fields,
			Field{
				Name: "call_" + id, Kind: FieldRadio, Label: clip(fmt.Sprintf("%d · %s: %s", h.Call.ID, h.CustomerName, oneLine(h.Call.Summary)), 150),
				Options: options, Chosen: options[:1],
			},
			Field{Name: "line_" + id, Kind: FieldLine, Label: "What the next one must know of " + id, Optional: true, Max: desk.MaxHandOver, Placeholder: "The part is in the van, key at the reception"})
	}
	return f, nil
}

func (b *Bot) submitHandOver(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	var until *time.Time
	if t, err := time.Parse(time.RFC3339, r.State); err == nil {
		until = &t
	}
	var calls []desk.HandOver
	for name := range r.Values {
		id, isCall := strings.CutPrefix(name, "call_")
		if isCall && r.Values.Get(name) == giveCall {
			calls = append(calls, desk.HandOver{CallID: number(id), Line: r.Values.Get("line_" + id)})
		}
	}
	w, err := b.Desk.GoOffDuty(ctx, a, until, calls)
	if err != nil {
		return Reply{}, err
	}
	card := b.dutySaid(a, a.Member, desk.DutyOff, w)
	if len(calls) > 0 {
		text := fmt.Sprintf("%s handed over with your line; somebody else is asked.", plural(int64(len(calls)), "call"))
		card.Text += " " + text
		card.Parts = append(card.Parts[:1:1], append([]Part{Text(Say(text))}, card.Parts[1:]...)...)
	}
	return b.refresh(ctx, r, a, 0, Reply{Say: card})
}

func coverForm(Request) *Form {
	f := &Form{ID: formCover, Title: "Find cover", Submit: "Ask the others", Fields: []Field{{
		Name: "hello", Kind: FieldNote, Note: Say("The other technicians are asked to take your hours. Whoever takes them first has them, and you are off duty then."),
	}}}
	f.Fields = append(f.Fields, daysFields("")...)
	f.Fields = append(f.Fields, Field{Name: "words", Kind: FieldLine, Label: "Why", Optional: true, Max: desk.MaxReason, Placeholder: "My sister marries"})
	return f
}

func timeOffForm(Request) *Form {
	f := &Form{ID: formTimeOff, Title: "Time off", Submit: "Ask", Fields: []Field{{
		Name: "hello", Kind: FieldNote, Note: Say("It counts once a dispatcher has approved it. I tell you."),
	}}}
	f.Fields = append(f.Fields, daysFields("")...)
	f.Fields = append(f.Fields, Field{Name: "reason", Kind: FieldLine, Label: "Why", Optional: true, Max: desk.MaxReason, Placeholder: "Holiday"})
	return f
}

// whenAndWords splits what follows a command into a time and other words: as much as makes sense is the time.
func (b *Bot) whenAndWords(a desk.Actor, text string) (desk.When, string, error) {
	words := strings.Fields(text)
	for n := len(words); n > 0; n-- {
		if w, err := desk.ParseWhen(strings.Join(words[:n], " "), b.Desk.Now(), b.zone(a)); err == nil && w.To != nil {
			return w, strings.Join(words[n:], " "), nil
		}
	}
	w, err := desk.ParseWhen(text, b.Desk.Now(), b.zone(a))
	return w, "", err
}

// coverBy answers `/duty cover friday My sister marries`.
func (b *Bot) coverBy(ctx context.Context, a desk.Actor, text string) (Reply, error) {
	if err := a.Require(desk.SetOwnDuty); err != nil {
		return Reply{}, err
	}
	if text == "" {
		return Reply{Form: coverForm(Request{})}, nil
	}
	w, words, err := b.whenAndWords(a, text)
	if err != nil {
		return Reply{}, err
	}
	return b.askCover(ctx, a, w, words)
}

func (b *Bot) submitCover(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	w, err := b.Desk.WhenFields(a.Member, daysIn(r))
	if err != nil {
		return Reply{}, err
	}
	return b.askCover(ctx, a, w, r.Values.Get("words"))
}

func (b *Bot) askCover(ctx context.Context, a desk.Actor, w desk.When, words string) (Reply, error) {
	id, err := b.Desk.AskCover(ctx, a, w, words)
	if err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.Swap(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	text := "I have asked the others to cover you: " + desk.SpansText(v.Spans, b.zone(a)) + ". I tell you when somebody takes it."
	withdraw := Button{Action: "swap.withdraw", Value: formatID(id), Label: "Withdraw"}
	return Reply{Say: &Card{Text: text, Parts: []Part{Text(Say(text)), Buttons{withdraw}}}}, nil
}

// timeOffBy answers `/duty time-off 2026-12-24..2026-12-31 Skiing`.
func (b *Bot) timeOffBy(ctx context.Context, a desk.Actor, text string) (Reply, error) {
	if err := a.Require(desk.AskTimeOff); err != nil {
		return Reply{}, err
	}
	if text == "" {
		return Reply{Form: timeOffForm(Request{})}, nil
	}
	w, reason, err := b.whenAndWords(a, text)
	if err != nil {
		return Reply{}, err
	}
	return b.askTimeOff(ctx, a, w, reason)
}

func (b *Bot) submitTimeOff(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	w, err := b.Desk.WhenFields(a.Member, daysIn(r))
	if err != nil {
		return Reply{}, err
	}
	return b.askTimeOff(ctx, a, w, r.Values.Get("reason"))
}

func (b *Bot) askTimeOff(ctx context.Context, a desk.Actor, w desk.When, reason string) (Reply, error) {
	id, approved, err := b.Desk.AskTimeOff(ctx, a, w, reason)
	if err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.TimeOff(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	when := desk.SpanText(v.TimeOff.StartsAt, v.TimeOff.EndsAt, b.zone(a), "Mon 2 Jan")
	text := "I have asked for your time off: " + when + ". It counts once it is approved; I tell you."
	if approved {
		text = "You have time off: " + when + "."
	}
	cancel := Button{Action: "time_off.cancel", Value: formatID(id), Label: "Cancel"}
	return Reply{Say: &Card{Text: text, Parts: []Part{Text(Say(text)), Buttons{cancel}}}}, nil
}
