package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"callout/desk"
	"callout/notify"
)

// NoticeCard is what a notice looks like in chat, made from what the database says now: an offer that was answered
// meanwhile shows that.
func (b *Bot) NoticeCard(ctx context.Context, m notify.Message) (Card, error) {
	switch m.Kind {
	case notify.Offer:
		return b.offerCard(ctx, m)
	case notify.Logged, notify.Unassigned:
		return b.callNotice(m, fmt.Sprintf("Call %d for %s is logged. %s", m.Call.ID, m.Call.Customer, m.Text)), nil
	case notify.Accepted:
		return b.callNotice(m, fmt.Sprintf("%s took call %d for %s: %s", m.Call.Technician, m.Call.ID, m.Call.Customer, m.Call.Summary)), nil
	case notify.Closed:
		return b.callNotice(m, fmt.Sprintf("Call %d for %s is closed: %s", m.Call.ID, m.Call.Customer, m.Text)), nil
	case notify.Unowned, notify.Nudge, notify.Words:
		return b.callNotice(m, m.Text), nil
	case notify.Withdrawn:
		return b.callNotice(m, fmt.Sprintf("Call %d for %s is not yours any more: it is offered again or closed.", m.Call.ID, m.Call.Customer)), nil
	case notify.Reopened:
		return b.callNotice(m, fmt.Sprintf("Call %d for %s is open again, and it is yours: %s", m.Call.ID, m.Call.Customer, cmp.Or(m.Text, m.Call.Summary))), nil
	case notify.Register:
		return registerCard(m), nil
	case notify.Report:
		return reportCard(m), nil
	case notify.Welcome, notify.Problem, notify.Code:
		return *textCard(m.Text), nil
	}
	if card := noticeCards[m.Kind]; card != nil {
		return card(b, ctx, m)
	}
	if m.Text == "" {
		return Card{}, fmt.Errorf("notice %d of kind %q: %w", m.ID, m.Kind, errNoCard)
	}
	return recordNotice(m), nil
}

// noticeCards draws the notices about records that are more than their sentence and a button to open the record.
var noticeCards = map[notify.Kind]func(*Bot, context.Context, notify.Message) (Card, error){
	notify.TaskDue:    (*Bot).taskDueCard,
	notify.Correction: (*Bot).correctionCard,
	notify.TaskNews:   (*Bot).taskNewsCard,
	notify.DutyNews:   (*Bot).dutyNewsCard,
	notify.ImportDone: (*Bot).importNotice,
	notify.LeadsDue:   (*Bot).dueCard,
	notify.QuoteReady: (*Bot).quoteReadyCard,
	notify.QuoteNews:  (*Bot).quoteNewsCard,
	notify.Inform:     (*Bot).customerWroteCard,
	notify.Drill:      (*Bot).drillCard,
}

// recordNotice is one sentence about a record, with its files and a way to open it.
func recordNotice(m notify.Message) Card {
	card := *textCard(m.Text)
	card.Files = FilesOf(m, card)
	if m.Record.ID != 0 {
		card.Parts = append(card.Parts, Buttons{{Action: m.Record.Kind + ".show", Value: formatID(m.Record.ID), Label: "Open"}})
	}
	return card
}

// callNotice is one sentence about a call, with a way to open it.
func (b *Bot) callNotice(m notify.Message, text string) Card {
	open := Button{Action: "call.show", Value: strconv.FormatInt(m.Call.ID, 10), Label: "Open call"}
	return Card{Text: text, Parts: []Part{Text(Say(text)), Buttons{open}}}
}

// offerCard asks a technician to take a call. Once answered it shows what became of it, and the next steps.
func (b *Bot) offerCard(ctx context.Context, m notify.Message) (Card, error) {
	view, err := b.Desk.CallView(ctx, m.Call.ID)
	if err != nil {
		return Card{}, err
	}
	offer, err := b.Desk.Offer(ctx, m.OfferID)
	if err != nil {
		return Card{}, err
	}
	id := strconv.FormatInt(view.Call.ID, 10)
	card := b.callBody(view, "")
	switch {
	case offer.State == "open":
		card.Text = fmt.Sprintf("Can you take call %d? %s (%s): %s", view.Call.ID, view.Customer.Name, view.Call.Priority, view.Call.Summary)
		card.Parts = append([]Part{Text(Say(Bold("Can you take this call?")))}, card.Parts...)
		if err := b.showHandOver(ctx, &card, view.Call.ID); err != nil {
			return Card{}, err
		}
		card.Parts = append(card.Parts, answerButtons(id))
	case offer.State == "accepted" && view.Call.Status == desk.Pending:
		card.Text = fmt.Sprintf("Call %d is yours.", view.Call.ID)
		buttons := stepButtons(view)
		buttons = append(buttons, Button{Action: "call.note", Value: id, Label: "Add note"}, Button{Action: "call.decline", Value: id, Label: "Hand back", Confirm: "Hand this call back, so that somebody else is asked?"})
		card.Parts = append(card.Parts, buttons)
	default:
		card.Parts = append(card.Parts, Text(Say(offerEnd(offer.State, view))))
	}
	return card, nil
}

func answerButtons(id string) Buttons {
	return Buttons{
		{Action: "call.accept", Value: id, Label: "Accept", Style: Primary},
		{Action: "call.decline", Value: id, Label: "Decline"},
	}
}

// offerEnd says what became of an offer.
func offerEnd(state string, v desk.CallView) string {
	switch {
	case v.Call.Status == desk.Done:
		return "This call is closed."
	case state == "declined":
		return "You declined this call."
	case v.TechnicianName != "":
		return v.TechnicianName + " has this call now."
	}
	return "This call is not offered to you any more."
}

// registerCard asks an admin to approve somebody.
func registerCard(m notify.Message) Card {
	return Card{Text: m.Text + " Approve them?", Parts: []Part{
		Text(Say(m.Text)), Buttons{
			{Action: formApprove, Value: m.Ref, Label: "Approve…", Style: Primary},
			{Action: "member.refuse", Value: m.Ref, Label: "Refuse", Style: Danger, Confirm: "Turn this request down?"},
		},
	}}
}

// reportCard is a report in chat: its figures, its charts, and the PDF that goes with it.
func reportCard(m notify.Message) Card {
	r := m.Figures
	if r == nil {
		return *textCard(m.Text)
	}
	card := Card{Parts: []Part{Heading(r.Title)}}
	text := r.Title
	if r.Filters != "" {
		text += " (" + r.Filters + ")"
		card.Parts = append(card.Parts, Note(Say(r.Filters)))
	}
	var facts Facts
	labels, values := make([]string, len(r.Numbers)), make([]string, len(r.Numbers))
	for i, n := range r.Numbers {
		labels[i], values[i] = n.Label, n.Value
		facts = append(facts, Fact{n.Label, Say(n.Value)})
	}
	card.Parts = append(card.Parts, facts)
	card.Text = text + ": " + numbersLine(labels, values) + ". The PDF is attached."
	for _, c := range r.Charts {
		chart := Chart{Kind: c.Kind, Title: c.Title, Labels: c.Labels}
		for _, s := range c.Series {
			chart.Series = append(chart.Series, Series(s))
		}
		card.Parts = append(card.Parts, chart)
	}
	for _, f := range m.Files {
		card.Files = append(card.Files, File{Name: f.Name, Title: f.Title, Content: f.Content})
	}
	return card
}
