package bot

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"callout/desk"
	"callout/store"
)

// leadSaid answers with the card of a lead, for one member only.
func (b *Bot) leadSaid(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	card, err := b.leadCard(ctx, a, id)
	return Reply{Say: card}, err
}

// leadCard shows a lead to a member, with what they may do with it.
func (b *Bot) leadCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.Lead(ctx, a, id)
	if err != nil {
		return nil, err
	}
	l := v.Lead
	name := desk.LeadName(l.Name, l.Company)
	card := &Card{
		Text:  fmt.Sprintf("Lead %d (%s): %s, kept by %s.", id, l.Stage, name, v.OwnerName),
		Parts: []Part{Heading(clip(fmt.Sprintf("Lead %d · %s", id, name), 150)), b.leadFacts(a, v)},
	}
	if l.Interest != "" {
		card.Parts = append(card.Parts, Text(Say(clip(l.Interest, 1500))))
	}
	if l.LostReason != "" {
		card.Parts = append(card.Parts, Text(Say(Bold("Lost: "), clip(l.LostReason, 500))))
	}
	card.Parts = append(card.Parts, Note(Say("Added by ", v.AddedByName, ", ", At(l.AddedAt, b.zone(a)))))
	for _, row := range leadButtons(a, l) {
		card.Parts = append(card.Parts, row)
	}
	return card, nil
}

func (b *Bot) leadFacts(a desk.Actor, v desk.LeadView) Facts {
	l := v.Lead
	facts := Facts{{"Stage", Say(stageWord(l.Stage))}, {"Owner", Say(v.OwnerName)}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, Fact{label, Say(value)})
		}
	}
	if l.Phone != "" {
		add("Phone", desk.PhoneShown(l.Phone))
	}
	add("E-mail", l.Email)
	add("Source", l.Source)
	add("Customer", v.CustomerName)
	if l.Stage != desk.LeadWon && l.Stage != desk.LeadLost && (l.NextAction != "" || l.NextOn != nil) {
		add("Next", nextWords(l.NextAction, l.NextOn, b.Desk.Today(a)))
	}
	return facts
}

// nextWords says what is to be done next and when, and whether that is over.
func nextWords(action string, on *time.Time, today time.Time) string {
	action = cmp.Or(action, "Follow up")
	switch {
	case on == nil:
		return action
	case on.Before(today):
		return action + "\noverdue since " + on.Format("2 Jan 2006")
	case on.Equal(today):
		return action + "\ntoday"
	}
	return action + "\n" + on.Format("Mon 2 Jan 2006")
}

var stageMarks = map[string]string{
	desk.LeadNew: "🆕 New", desk.LeadContacted: "📞 Contacted", desk.LeadQualified: "🔎 Qualified", desk.LeadQuoted: "📄 Quoted",
	desk.LeadWon: "🏆 Won", desk.LeadLost: "✖️ Lost",
}

func stageWord(stage string) string { return cmp.Or(stageMarks[stage], stage) }

// leadButtons are what a member may do with a lead now: its way, what to do with it, what else there is.
func leadButtons(a desk.Actor, l store.Lead) []Buttons {
	id := formatID(l.ID)
	history := Button{Action: "lead.history", Value: id, Label: "History"}
	var more Buttons
	if a.Can(desk.RequestQuotes) {
		more = append(more, Button{Action: "quote.request", Value: "l" + id, Label: "Request quote"})
	}
	if a.Can(desk.LogVisits) {
		more = append(more, Button{Action: formLogVisit, Value: "l" + id, Label: "Log visit"})
	}
	if l.CustomerID != nil {
		more = append(more, Button{Action: "customer.show", Value: formatID(*l.CustomerID), Label: "Customer"})
	}
	more = append(more, history)
	if !a.Can(desk.KeepLeads) {
		return []Buttons{more}
	}
	var way Buttons
	for _, stage := range desk.NextStages(l.Stage) {
		label := map[string]string{desk.LeadContacted: "Contacted", desk.LeadQualified: "Qualified", desk.LeadQuoted: "Quoted"}[stage]
		if l.Stage == desk.LeadLost {
			label = "Take up again"
		}
		way = append(way, Button{Action: "lead.stage." + stage, Value: id, Label: label})
	}
	if l.Stage != desk.LeadWon {
		way = append(way, Button{Action: "lead.won", Value: id, Label: "Won", Style: Primary})
	}
	if l.Stage != desk.LeadWon && l.Stage != desk.LeadLost {
		way = append(way, Button{Action: formLoseLead, Value: id, Label: "Lost", Style: Danger})
		more = append(Buttons{{Action: formNextLead, Value: id, Label: "Next action"}}, more...)
	}
	more = append(Buttons{{Action: formEditLead, Value: id, Label: "Edit"}, {Action: formNoteLead, Value: id, Label: "Add note"}}, more...)
	if len(way) == 0 {
		return []Buttons{more}
	}
	return []Buttons{way, more}
}

// leadList is how leads are listed.
var leadList = list{
	noun: desk.NounLeads, title: "Leads", none: "There are no leads yet. /add-lead adds the first one.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		return b.leadSaid(ctx, a, id)
	},
	page: (*Bot).leadRows,
}

func (b *Bot) leadRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Leads(ctx, a, f, after, pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Leads))
	for i, l := range page.Leads {
		name := desk.LeadName(l.Name, l.Company)
		words := Say(Bold(fmt.Sprintf("%d · %s", l.ID, clip(name, 120))), "\n", stageWord(l.Stage), " · ", l.Owner)
		if l.Interest != "" {
			words = append(words, Say(" · ", clip(l.Interest, 80))...)
		}
		if l.Stage != desk.LeadWon && l.Stage != desk.LeadLost && (l.NextAction != "" || l.NextOn != nil) {
			words = append(words, Say("\n", oneLine(nextWords(l.NextAction, l.NextOn, b.Desk.Today(a))))...)
		}
		rows[i] = row{
			item: Item{Text: words, Button: Button{Action: "lead.show", Value: formatID(l.ID), Label: "Open"}},
			line: fmt.Sprintf("%d %s (%s), %s", l.ID, name, l.Stage, l.Owner),
		}
	}
	return rows, page.Next, nil
}
