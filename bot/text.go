package bot

import (
	"context"
	"errors"
	"fmt"

	"callout/desk"
)

// The verbs of a text message, as smsbot reads them into Request.Name.
const (
	verbAccept  = "accept"
	verbDecline = "decline"
)

// answerText answers a text message. Unknown numbers get no answer: a stranger learns nothing, and two machines never talk.
func (b *Bot) answerText(ctx context.Context, r Request) (Reply, error) {
	member, err := b.Desk.WhoTexts(ctx, r.User)
	if desk.CodeOf(err) == desk.Unregistered {
		b.Log.InfoContext(ctx, "text from an unknown number", "phone_end", lastTwo(r.User))
		return Reply{}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	a := desk.Actor{Member: member, Via: string(SMS), Key: r.Key}
	id := number(r.Value)
	if id == 0 && (r.Name == verbAccept || r.Name == verbDecline) {
		if id, err = b.Desk.OnlyOffer(ctx, a); err != nil {
			return b.repeatedText(ctx, a, err)
		}
	}
	switch r.Name {
	case verbAccept:
		return b.acceptByText(ctx, a, id)
	case verbDecline:
		if err := b.Desk.Decline(ctx, a, id, r.Text); err != nil {
			return Reply{}, err
		}
		return say("You declined call %d. Somebody else is asked.", id), nil
	}
	return say("I understand A 42 to accept call 42 and D 42 with a reason to decline it."), nil
}

// repeatedText says what a text without a number meant when it was delivered before: the offer it answered is gone by now.
func (b *Bot) repeatedText(ctx context.Context, a desk.Actor, refused error) (Reply, error) {
	again, err := b.Desk.Handled(ctx, a.Key)
	if err != nil {
		return Reply{}, err
	}
	if again {
		return Reply{}, nil
	}
	return Reply{}, refused
}

func (b *Bot) acceptByText(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	if err := b.Desk.Accept(ctx, a, id); err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.CallView(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("Call %d is yours: %s", id, v.Customer.Name)
	if place := siteWords(v); place != "" {
		text += ", " + place
	}
	phone := v.ContactPhone
	if phone == "" {
		phone = v.Customer.Phone
	}
	if phone != "" {
		text += ". " + phone
	}
	return say("%s. %s", text, v.Call.Summary), nil
}

// directMessage answers what somebody writes to us in chat.
func (b *Bot) directMessage(_ context.Context, _ Request, _ desk.Actor) (Reply, error) {
	const text = "I work with commands: /log-call logs a call, /calls lists them, /callout help shows everything you can do."
	return Reply{Say: &Card{Text: text, Parts: []Part{Text(Say(text)), Buttons{{Action: "help.show", Label: "Help"}}}}}, nil
}

func lastTwo(phone string) string { return phone[max(0, len(phone)-2):] }

// errNoCard says that a kind of notice has no card: a programming error.
var errNoCard = errors.New("no card for this kind of notice")
