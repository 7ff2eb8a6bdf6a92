package bot

import (
	"cmp"
	"context"
	"strings"

	"callout/desk"
	"callout/store"
)

// planMost is how many days to come a card shows of each kind.
const planMost = 10

// dutyPlanCard is everything about the duty of a technician, with what may be done about it.
func (b *Bot) dutyPlanCard(ctx context.Context, a desk.Actor, memberID int64) (*Card, error) {
	p, err := b.Desk.DutyPlanOf(ctx, a, memberID)
	if err != nil {
		return nil, err
	}
	mine := memberID == a.ID
	words := Say(Bold(p.Member.Name), " is ", Bold(dutyState(p.Duty)), ", ", p.Duty.Why, ".")
	title := "Duty of " + p.Member.Name
	if mine {
		words, title = b.dutyWords(a, p.Duty), "Your duty"
	}
	card := &Card{Text: words.String(), Parts: []Part{Heading(clip(title, 140)), Text(words)}}
	if next := b.nextDutyWords(a, p.Outlook); next != nil {
		card.Text += " " + next.String()
		card.Parts = append(card.Parts, Text(next))
	}
	card.Parts = append(card.Parts, hoursFacts(p.Hours, p.OnCall), Note(Say("Hours are in the time of ", b.Desk.ZoneOf(p.Member).String(), ".")))
	may := mine || a.Can(desk.SetAnyDuty)
	card.Parts = append(card.Parts, b.planDays(a, p, may)...)
	for _, row := range dutyPlanButtons(a, p, mine, may) {
		card.Parts = append(card.Parts, row)
	}
	return card, nil
}

func hoursFacts(hours, onCall []desk.Hours) Facts {
	facts := Facts{{"Weekly hours", Say(cmp.Or(strings.Join(desk.HoursByDay(hours), "\n"), "none"))}}
	if len(onCall) > 0 {
		facts = append(facts, Fact{"On call", Say(strings.Join(desk.HoursByDay(onCall), "\n"))})
	}
	return facts
}

// planDays lists what is to come beside weekly hours, each with a way to take it back.
func (b *Bot) planDays(a desk.Actor, p desk.DutyPlan, may bool) []Part {
	var parts []Part
	add := func(words Words, action string, id int64, label string) {
		if !may {
			parts = append(parts, Text(words))
			return
		}
		parts = append(parts, Item{Text: words, Button: Button{Action: action, Value: formatID(id), Label: label}})
	}
	for _, o := range p.Overrides[:min(len(p.Overrides), planMost)] {
		add(b.overrideWords(a, o), "duty.cancel", o.ID, "Take back")
	}
	for _, t := range p.TimeOff[:min(len(p.TimeOff), planMost)] {
		state := map[string]string{desk.OffAsked: " (waits for approval)"}[t.State]
		words := append(Say("🌴 ", Bold("time off"), " "), b.spanWords(a, t.StartsAt, t.EndsAt)...)
		add(append(words, Say(state)...), "time_off.cancel", t.ID, "Cancel")
	}
	for _, s := range p.Swaps[:min(len(p.Swaps), planMost)] {
		words := append(Say("🔁 ", Bold("asks to be covered"), " "), b.spanWords(a, s.StartsAt, s.EndsAt)...)
		add(words, "swap.withdraw", s.ID, "Withdraw")
	}
	if len(parts) == 0 {
		return nil
	}
	return append([]Part{Divider{}, Text(Say(Bold("Beside the weekly hours")))}, parts...)
}

func (b *Bot) overrideWords(a desk.Actor, o store.DutyOverride) Words {
	mark, state := "⚪ ", "off duty"
	switch {
	case o.OnDuty:
		mark, state = "🟢 ", "on duty"
	case o.OnCall:
		mark, state = "🟡 ", "on call"
	}
	words := Say(mark, Bold(state), " ", b.Desk.WhenText(desk.When{From: o.StartsAt, To: o.EndsAt}, b.zone(a)))
	if o.SwapID != nil {
		words = append(words, Say(" (a swap)")...)
	}
	return words
}

func dutyPlanButtons(a desk.Actor, p desk.DutyPlan, mine, may bool) []Buttons {
	who := Button{Action: "duty.who", Label: "Who is on duty"}
	if !may {
		return []Buttons{{who}}
	}
	id := formatID(p.Member.ID)
	edit := Buttons{{Action: formHours, Value: id, Label: "Weekly hours…"}, {Action: formDays, Value: id, Label: "Change a day…"}}
	if !mine {
		return []Buttons{append(edit, who)}
	}
	return []Buttons{
		append(dutyButtons(a, p.Duty)[:1:1], who),
		append(edit, Button{Action: formCover, Label: "Find cover…"}, Button{Action: formTimeOff, Label: "Time off…"}),
	}
}

func (b *Bot) showDuty(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	card, err := b.dutyPlanCard(ctx, a, number(r.Value))
	return Reply{Say: card}, err
}

func (b *Bot) cancelDuty(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	memberID, err := b.Desk.CancelOverride(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	card, err := b.dutyPlanCard(ctx, a, memberID)
	return Reply{Update: card}, err
}

// hoursHint is what the fields of weekly hours say below them.
const hoursHint = "Such as mon-fri 8-12 13-17, sat 9-12. What ends before it begins goes on after midnight: fri 22-6."

func hoursForm(v Values) *Form {
	return &Form{ID: formHours, Title: "Weekly hours", Submit: "Save", Fields: []Field{
		{Name: "hours", Kind: FieldText, Label: "On duty", Optional: true, Max: 500, Value: v.Get("hours"), Placeholder: "mon-fri 8:00-17:00", Hint: hoursHint},
		{Name: "on_call", Kind: FieldText, Label: "On call", Optional: true, Max: 500, Value: v.Get("on_call"), Placeholder: "mon-fri 17-22, sat sun 8-20", Hint: "Outside of these and the hours above nobody is asked. On call only urgent calls are offered, on holidays too."},
	}}
}

func (b *Bot) openHours(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if err := b.mayDuty(a, id); err != nil {
		return Reply{}, err
	}
	m, fields, err := b.Desk.MemberForEdit(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	f := hoursForm(valuesOf(fields))
	f.State = edition{id, m.Version}.state()
	note := Say("In the time of ", b.Desk.ZoneOf(m).String(), ".")
	if id != a.ID {
		note = Say("Of ", Bold(m.Name), ", in the time of ", b.Desk.ZoneOf(m).String(), ". They are told.")
	}
	f.Fields = append([]Field{{Name: "who", Kind: FieldNote, Note: note}}, f.Fields...)
	return Reply{Form: f}, nil
}

// mayDuty refuses a form about duty that the member may not send.
func (b *Bot) mayDuty(a desk.Actor, memberID int64) error {
	if memberID == a.ID {
		return a.Require(desk.SetOwnDuty)
	}
	return a.Require(desk.SetAnyDuty)
}

func (b *Bot) submitHours(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	if err := b.Desk.EditHours(ctx, a, e.id, e.version, fieldsIn(r.Values, desk.HoursFields()...)); err != nil {
		return b.clashed(a, err, e.id, hoursForm, nil)
	}
	p, err := b.Desk.DutyPlanOf(ctx, a, e.id)
	if err != nil {
		return Reply{}, err
	}
	text := "Your weekly hours are saved. So I read them:"
	if e.id != a.ID {
		text = "The weekly hours of " + p.Member.Name + " are saved, and I have told them. So I read them:"
	}
	again := Buttons{{Action: formHours, Value: formatID(e.id), Label: "Change again"}, {Action: "duty.show", Value: formatID(e.id), Label: "All days"}}
	card := &Card{Text: text + " " + cmp.Or(desk.HoursText(p.Hours), "none") + ".", Parts: []Part{Text(Say(text)), hoursFacts(p.Hours, p.OnCall), again}}
	return Reply{Say: card}, nil
}
