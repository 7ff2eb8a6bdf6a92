package bot

import (
	"context"
	"fmt"
	"slices"

	"callout/desk"
	"callout/notify"
)

// dueCard is the message of the morning: what the member wants to do today.
func (b *Bot) dueCard(ctx context.Context, m notify.Message) (Card, error) {
	agenda, who, err := b.Desk.AgendaOf(ctx, m.Ref)
	if err != nil {
		return Card{}, err
	}
	card := Card{Text: m.Text, Parts: []Part{Heading("Your follow-ups for " + agenda.Day.Format("Monday 2 January"))}}
	rows := b.agendaParts(who, agenda)
	if len(rows) == 0 { // done before this was sent
		rows = []Part{Text(Say("Everything is done already."))}
	}
	card.Parts = append(card.Parts, rows...)
	return card, nil
}

// agendaParts lists what is due, each with a way to open it.
func (b *Bot) agendaParts(a desk.Actor, agenda desk.Agenda) []Part {
	var parts []Part
	item := func(words Words, action string, id int64, label string) {
		parts = append(parts, Item{Text: words, Button: Button{Action: action, Value: formatID(id), Label: label}})
	}
	for _, v := range agenda.Visits {
		item(Say(Bold(v.At.In(b.zone(a)).Format("15:04")+" · "+clip(v.Party, 150)), "\n", purposeWord(v.Purpose), " visit"), "visit.show", v.ID, "Open")
	}
	for _, l := range agenda.Leads {
		name := fmt.Sprintf("%s · lead %d", clip(desk.LeadName(l.Name, l.Company), 150), l.ID)
		item(Say(Bold(name), "\n", oneLine(nextWords(l.NextAction, l.NextOn, agenda.Day))), "lead.show", l.ID, "Open")
	}
	for _, n := range agenda.NextSteps {
		item(Say(Bold(clip(n.Party, 150)), "\n", oneLine(nextWords(n.NextStep, n.NextOn, agenda.Day))), "visit.show", n.ID, "Open")
	}
	return parts
}

// salesHome is what somebody who keeps leads wants to do today.
func (b *Bot) salesHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	agenda, err := b.Desk.DueFor(ctx, a.Member)
	if err != nil {
		return nil, err
	}
	rows := b.agendaParts(a, agenda)
	sales := slices.Contains(a.Roles, desk.Sales)
	if len(rows) == 0 && !sales {
		return nil, nil
	}
	parts := []Part{Divider{}, Heading("To follow up today")}
	if len(rows) == 0 {
		rows = []Part{Text(Say("Nothing is due today."))}
	}
	parts = append(parts, rows...)
	var buttons Buttons
	if a.Can(desk.AddLeads) {
		buttons = append(buttons, Button{Action: formAddLead, Label: "Add a lead"})
	}
	if a.Can(desk.LogVisits) {
		buttons = append(buttons, Button{Action: formLogVisit, Label: "Log a visit"})
	}
	if len(buttons) > 0 {
		parts = append(parts, buttons)
	}
	return parts, nil
}
