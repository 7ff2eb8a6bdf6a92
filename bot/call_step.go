package bot

import (
	"context"
	"fmt"
	"strconv"

	"callout/desk"
)

// The forms of a call's steps. Their State is the number of the call.
const (
	formClose  = "call.close"
	formOffer  = "call.offer"
	formNote   = "call.note"
	formReopen = "call.reopen"
	formReason = "call.reason"
)

func callStepTopic() topic {
	return topic{
		buttons: map[string]handler{
			"call.accept": step((*desk.Desk).Accept), "call.way": (*Bot).onMyWay, "call.site": step((*desk.Desk).OnSite),
			"call.decline": (*Bot).decline,
			formClose:      opens(desk.CloseCalls), formOffer: opens(desk.DirectCalls), formNote: opens(desk.NoteCalls),
			formReopen: opens(desk.LogCalls), formReason: opens(desk.NoteCalls),
			"call.history": (*Bot).history,
		},
		forms: map[string]handler{
			formClose:  submitStep("resolution", "Call %d is closed. Thank you!", (*desk.Desk).Close),
			formNote:   submitStep("note", "Your note is with call %d.", (*desk.Desk).Note),
			formReason: submitStep("note", "Thank you, your reason is with call %d.", (*desk.Desk).Note),
			formReopen: submitStep("reason", "Call %d is open again.", (*desk.Desk).Reopen),
			formOffer:  (*Bot).submitOffer,
		},
	}
}

// buttonForms are the forms that buttons open at once, before anything is looked up.
func buttonForms() map[string]func(Request) *Form {
	return map[string]func(Request) *Form{
		formLogCall:     previewLogCall,
		formWait:        waitForm,
		formAddMember:   addMemberForm,
		formAddTemplate: func(Request) *Form { return templateForm(formAddTemplate, nil) },
		formAddHolidays: func(Request) *Form { return holidayForm("") },
		formCover:       coverForm,
		formTimeOff:     timeOffForm,
		formSkipTask:    skipTaskForm, formGiveTask: giveTaskForm, formBackTask: backTaskForm,
		formClose: func(r Request) *Form {
			return stepForm(formClose, "Close call ", r.Value, "Close call", Field{
				Name: "resolution", Kind: FieldText, Label: "What was done", Max: desk.MaxResolution, Placeholder: "Cleaned the rollers of tray 2, test print is fine",
			})
		},
		formOffer: func(r Request) *Form {
			return stepForm(formOffer, "Offer call ", r.Value, "Offer", Field{
				Name: "technician", Kind: FieldSearch, Label: "Who should go", Chosen: []Option{{Value: bestAvailable, Label: "Best available technician"}},
				Hint: "Whoever has the call now is told that it is taken back.",
			})
		},
		formNote: func(r Request) *Form {
			return stepForm(formNote, "Note on call ", r.Value, "Add note", Field{
				Name: "note", Kind: FieldText, Label: "Note", Max: desk.MaxDetails, Hint: "It goes into the thread of the call. Customers do not see it.",
			})
		},
		formReopen: func(r Request) *Form {
			return stepForm(formReopen, "Reopen call ", r.Value, "Reopen", Field{
				Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxReason, Placeholder: "It jams again",
			})
		},
		formDeclineQuote: declineQuoteForm, formChangeQuote: changeQuoteForm,
		formReason: func(r Request) *Form {
			return stepForm(formReason, "Declined call ", r.Value, "Save", Field{
				Name: "note", Kind: FieldText, Label: "Why you declined", Max: desk.MaxReason, Placeholder: "I have no part for it with me",
			})
		},
	}
}

func stepForm(id, title, call, submit string, field Field) *Form {
	return &Form{ID: id, Title: clip(title+call, 24), Submit: submit, State: call, Fields: []Field{field}}
}

// opens answers a button with its form, if the member may send it.
func opens(action desk.Action) handler {
	return func(_ *Bot, _ context.Context, r Request, a desk.Actor) (Reply, error) {
		if err := a.Require(action); err != nil {
			return Reply{}, err
		}
		return Reply{Form: buttonForms()[r.Name](r)}, nil
	}
}

// step answers a button with one step of a call. The card shows the result to everybody, so nothing else is said.
func step(do func(*desk.Desk, context.Context, desk.Actor, int64) error) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := do(b.Desk, ctx, a, id); err != nil {
			return Reply{}, err
		}
		return b.refresh(ctx, r, a, id, Reply{})
	}
}

// refresh adds to a reply what shows the new state of a call where the button was, if no job does: on the home page, and
// on a card that only this person sees. A form without a channel was opened from the home page.
func (b *Bot) refresh(ctx context.Context, r Request, a desk.Actor, callID int64, reply Reply) (Reply, error) {
	switch {
	case r.Surface == SurfaceHome, r.Kind == KindForm && r.Channel == "":
		page, err := b.home(ctx, r, a)
		if err != nil {
			return Reply{}, err
		}
		reply.Home = page.Home
	case r.Surface == SurfacePersonal && callID != 0:
		card, err := b.CallCard(ctx, callID)
		if err != nil {
			return Reply{}, err
		}
		reply.Update = &card
	}
	return reply, nil
}

// submitStep answers a form with one step of a call that takes a text.
func submitStep(field, thanks string, do func(*desk.Desk, context.Context, desk.Actor, int64, string) error) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.State)
		if err := do(b.Desk, ctx, a, id, r.Values.Get(field)); err != nil {
			return Reply{}, err
		}
		return b.refresh(ctx, r, a, id, say(thanks, id))
	}
}

// decline needs one tap; why can be said afterwards.
func (b *Bot) decline(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if err := b.Desk.Decline(ctx, a, id, ""); err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("You declined call %d; I am asking somebody else.", id)
	return b.refresh(ctx, r, a, id, Reply{Say: &Card{Text: text, Parts: []Part{
		Text(Say(text)), Buttons{{Action: formReason, Value: r.Value, Label: "Say why"}},
	}}})
}

func (b *Bot) submitOffer(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	if err := b.Desk.OfferTo(ctx, a, id, number(r.Values.Get("technician"))); err != nil {
		return Reply{}, err
	}
	return b.refresh(ctx, r, a, id, say("Call %d is being offered. Its thread shows to whom.", id))
}

// history shows the timeline of a call, and why who was asked.
func (b *Bot) history(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	entries, err := b.Desk.Timeline(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	card := Card{Text: fmt.Sprintf("History of call %d.", id), Parts: []Part{Heading(fmt.Sprintf("History of call %d", id))}}
	for _, e := range entries[max(0, len(entries)-30):] {
		card.Parts = append(card.Parts, Text(append(Say(At(e.CallEvent.At, b.zone(a)), "  "), entryWords(e)...)))
	}
	told, err := b.informParts(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	card.Parts = append(card.Parts, told...)
	why, err := b.whyParts(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	card.Parts = append(card.Parts, why...)
	return Reply{Say: &card}, nil
}

// whyParts shows the scored table of the latest offer, for whoever wonders why this person was asked.
func (b *Bot) whyParts(ctx context.Context, a desk.Actor, id int64) ([]Part, error) {
	offer, scores, err := b.Desk.Why(ctx, a, id)
	if desk.CodeOf(err) == desk.NotFound || err == nil && len(scores) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	parts := []Part{Divider{}, Text(Say(Bold("Why " + offer.MemberName + " was asked")))}
	for i, s := range scores {
		if i == 10 {
			parts = append(parts, Note(Say("and ", strconv.Itoa(len(scores)-i), " more")))
			break
		}
		parts = append(parts, Note(scoreWords(s)))
	}
	return parts, nil
}

func scoreWords(s desk.Score) Words {
	if !s.Eligible() {
		return Say(s.Name, ": not asked, ", joinAnd(s.Out))
	}
	return Say(Bold(fmt.Sprintf("%d  %s", s.Total, s.Name)), fmt.Sprintf(": knows them %d, load %d, near %d, fair turn %d, waited %d",
		s.Knows, s.Load, s.Near, s.Fairness, s.Waiting))
}
