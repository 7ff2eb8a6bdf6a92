package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// The forms of a lead's steps. Their State is the number of the lead.
const (
	formWinLead  = "lead.win"
	formLoseLead = "lead.lose"
	formNoteLead = "lead.note"
)

func leadTopic() topic {
	t := leadList.topic()
	for _, stage := range desk.LeadStages()[:4] {
		t.buttons["lead.stage."+stage] = moveLead(stage)
	}
	t.buttons["lead.show"] = func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		return b.leadSaid(ctx, a, number(r.Value))
	}
	t.buttons["lead.won"] = (*Bot).wonLead
	t.buttons["lead.history"] = showHistory(desk.LeadRecord, "lead")
	t.buttons[formLoseLead] = opensForm(desk.KeepLeads, loseLeadForm)
	t.buttons[formNoteLead] = opensForm(desk.KeepLeads, noteLeadForm)
	t.forms[formWinLead] = (*Bot).submitWinLead
	t.forms[formLoseLead] = leadStep("reason", (*desk.Desk).LoseLead)
	t.forms[formNoteLead] = leadStep("note", (*desk.Desk).NoteLead)
	return t
}

func loseLeadForm(r Request) *Form {
	return stepForm(formLoseLead, "Lost lead ", r.Value, "Mark as lost", Field{
		Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxReason, Placeholder: "Bought elsewhere, too expensive, no budget this year",
	})
}

func noteLeadForm(r Request) *Form {
	return stepForm(formNoteLead, "Note on lead ", r.Value, "Add note", Field{Name: "note", Kind: FieldText, Label: "Note", Max: desk.MaxDetails})
}

// opensForm answers a button with a form that needs no look-up, if the member may send it.
func opensForm(action desk.Action, form func(Request) *Form) handler {
	return func(_ *Bot, _ context.Context, r Request, a desk.Actor) (Reply, error) {
		if err := a.Require(action); err != nil {
			return Reply{}, err
		}
		return Reply{Form: form(r)}, nil
	}
}

// leadChanged shows a lead after a button changed it: in its place on a card that only this person sees, and on the home page.
func (b *Bot) leadChanged(ctx context.Context, r Request, a desk.Actor, id int64) (Reply, error) {
	card, err := b.leadCard(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return b.inPlace(ctx, r, a, card)
}

// inPlace shows a card where the button was that changed its record.
func (b *Bot) inPlace(ctx context.Context, r Request, a desk.Actor, card *Card) (Reply, error) {
	switch {
	case r.Surface == SurfaceHome:
		page, err := b.home(ctx, r, a)
		return Reply{Home: page.Home, Say: card}, err
	case r.Surface == SurfacePersonal && r.Kind == KindButton:
		return Reply{Update: card}, nil
	}
	return Reply{Say: card}, nil
}

func moveLead(stage string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := b.Desk.MoveLead(ctx, a, id, stage); err != nil {
			return Reply{}, err
		}
		return b.leadChanged(ctx, r, a, id)
	}
}

// leadStep answers a form with one step of a lead that takes a text.
func leadStep(field string, do func(*desk.Desk, context.Context, desk.Actor, int64, string) error) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.State)
		if err := do(b.Desk, ctx, a, id, r.Values.Get(field)); err != nil {
			return Reply{}, err
		}
		return b.leadSaid(ctx, a, id)
	}
}

// wonLead makes a lead a customer; if a customer with its phone or e-mail is there, it asks first whether that is the one.
func (b *Bot) wonLead(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.KeepLeads); err != nil {
		return Reply{}, err
	}
	id := number(r.Value)
	like, err := b.Desk.CustomersLike(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if len(like) > 0 {
		return Reply{Form: winLeadForm(r.Value, like)}, nil
	}
	if err := b.Desk.WinLead(ctx, a, id, 0); err != nil {
		return Reply{}, err
	}
	return b.leadChanged(ctx, r, a, id)
}

func winLeadForm(id string, like []desk.Twin) *Form {
	var options []Option
	for _, t := range like[:min(len(like), 9)] {
		note := ""
		if t.Contact != "" {
			note = "contact " + t.Contact
		}
		options = append(options, Option{Value: formatID(t.CustomerID), Label: clip("Join "+t.Name, labelMost), Note: clip(note, labelMost)})
	}
	options = append(options, Option{Value: "0", Label: "Make a new customer"})
	return &Form{ID: formWinLead, Title: clip("Won lead "+id, 24), Submit: "Won", State: id, Fields: []Field{
		{Name: "like", Kind: FieldNote, Note: Say(Bold("There is a customer with the same phone, e-mail or name."), "\nIs it them?")},
		{Name: "join", Kind: FieldRadio, Label: "Customer", Options: options, Chosen: options[:1]},
	}}
}

func (b *Bot) submitWinLead(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	if err := b.Desk.WinLead(ctx, a, id, number(r.Values.Get("join"))); err != nil {
		return Reply{}, err
	}
	return b.leadSaid(ctx, a, id)
}

// historyMost is how many lines of a timeline are shown.
const historyMost = 40

// showHistory shows the timeline of a record.
func showHistory(kind, name string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		entries, err := b.Desk.History(ctx, a, desk.Record{Kind: kind, ID: id})
		if err != nil {
			return Reply{}, err
		}
		title := fmt.Sprintf("History of %s %d", name, id)
		card := Card{Text: title + ".", Parts: []Part{Heading(title)}}
		for _, e := range entries[max(0, len(entries)-historyMost):] {
			card.Parts = append(card.Parts, Text(append(Say(At(e.Event.At, b.zone(a)), "  "), recordWords(e)...)))
		}
		if len(entries) == 0 {
			card.Parts = append(card.Parts, Text(Say("Nothing is written down yet.")))
		}
		return Reply{Say: &card}, nil
	}
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", ", ") }
