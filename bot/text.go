package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"callout/desk"
)

// The verbs of a text message, as smsbot reads them into Request.Name.
const (
	verbAccept  = "accept"
	verbDecline = "decline"
	verbWay     = "on_my_way"
	verbSite    = "on_site"
	verbFinish  = "finish"
	verbNote    = "note"
	verbMine    = "mine"
	verbTask    = "task"
	verbDuty    = "duty"
	verbUndo    = "undo"
	verbReached = "reached"
)

// textHelp is the answer to a text that asks for nothing we know.
const textHelp = "I understand A 42 to accept call 42, D 42 and a reason to decline, W 42 on my way (W 42 30: there in 30 minutes), S 42 on site, F 42 and what was done to finish, N 42 and a note or photo, M 12 for maintenance 12, DUTY ON or OFF, U to undo, ? for your calls."

// answerText answers a text message. Unknown numbers get no answer: a stranger learns nothing, and two machines never talk.
func (b *Bot) answerText(ctx context.Context, r Request) (Reply, error) {
	member, err := b.Desk.WhoTexts(ctx, r.User)
	if desk.CodeOf(err) == desk.Unregistered {
		b.texters.Delete(r.User)
		return b.answerNewcomer(ctx, r)
	}
	if err != nil {
		return Reply{}, err
	}
	b.texters.Store(r.User, true)
	a := desk.Actor{Member: member, Via: string(SMS), Key: r.Key}
	reply, err := b.doText(ctx, a, r)
	if err == nil {
		reply, err = b.withTextUndo(ctx, a, reply)
	}
	return b.unlessMachine(ctx, a, r, reply, err)
}

// unlessMachine leaves out the answer to who texts too often what asks for nothing: two machines must not text each other for
// ever. What the text asked for is done.
func (b *Bot) unlessMachine(ctx context.Context, a desk.Actor, r Request, reply Reply, err error) (Reply, error) {
	var refused *desk.Error
	switch {
	case errors.As(err, &refused):
		reply = refusal(r, refused)
		if reply.Say != nil {
			reply.Say = textCard(strings.ReplaceAll(reply.Say.Text, "/calls lists the calls.", "Text ? for your calls.")) // a phone has no commands
		}
	case err != nil:
		return Reply{}, err
	}
	if reply.Say == nil {
		return reply, nil
	}
	said := strings.Join(append([]string{r.Name, r.Value, r.Text}, r.Files...), " ")
	idle := r.Name == "" && len(r.Files) == 0 && number(r.Text) == 0 // a photo, or the number of a call, is no machine's
	may, err := b.Desk.MayAnswer(ctx, a, r.User, said, idle)
	if err != nil || !may {
		return Reply{}, err
	}
	return reply, nil
}

// doText does what a member's text asks for.
func (b *Bot) doText(ctx context.Context, a desk.Actor, r Request) (Reply, error) {
	switch r.Name {
	case "":
		return b.wordsByText(ctx, a, r)
	case verbDuty:
		return b.dutyByText(ctx, a, r.Text)
	case verbUndo:
		return b.undoByText(ctx, a, r)
	case verbMine:
		return b.callsByText(ctx, a)
	case verbReached:
		return b.reachedByText(ctx, a)
	case verbTask:
		return b.taskByText(ctx, a, r)
	}
	id := number(r.Value)
	if id == 0 {
		var err error
		if id, err = b.meantCall(ctx, a, r.Name); err != nil {
			if len(r.Files) > 0 && desk.CodeOf(err) == desk.Conflict {
				return b.whichCall(ctx, a, r)
			}
			return b.repeatedText(ctx, a, err)
		}
	}
	if len(r.Files) == 0 || r.Name == verbNote {
		return b.stepByText(ctx, a, r, id)
	}
	return b.stepWithPhotos(ctx, a, r, id)
}

// meantCall finds the one call that a text without a number can be about.
func (b *Bot) meantCall(ctx context.Context, a desk.Actor, verb string) (int64, error) {
	if verb == verbAccept || verb == verbDecline {
		return b.Desk.OnlyOffer(ctx, a)
	}
	return b.Desk.OnlyCall(ctx, a)
}

// stepByText does what a verb asks for.
func (b *Bot) stepByText(ctx context.Context, a desk.Actor, r Request, id int64) (Reply, error) {
	var err error
	var thanks string
	switch r.Name {
	case verbAccept:
		return b.acceptByText(ctx, a, id)
	case verbDecline:
		err, thanks = b.Desk.Decline(ctx, a, id, r.Text), "You declined call %d. Somebody else is asked."
	case verbWay:
		thanks, err = b.wayByText(ctx, a, id, r.Text)
	case verbSite:
		err, thanks = b.Desk.OnSite(ctx, a, id), "Call %d: you are on site."
	case verbFinish:
		err, thanks = b.Desk.Close(ctx, a, id, r.Text), "Call %d is closed. Thank you!"
	case verbNote:
		return b.noteByText(ctx, a, r, id)
	default:
		return say(textHelp), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return say(thanks, id), nil
}

// textCalls is how many calls of each kind one text message lists.
const textCalls = 5

// callsByText lists what a technician is asked to take and has.
func (b *Bot) callsByText(ctx context.Context, a desk.Actor) (Reply, error) {
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	var lines []string
	for _, h := range hands.Asked[:min(len(hands.Asked), textCalls)] {
		lines = append(lines, fmt.Sprintf("%d asked: %s, %s", h.Call.ID, h.CustomerName, clip(h.Call.Summary, 40)))
	}
	for _, h := range hands.Mine[:min(len(hands.Mine), textCalls)] {
		lines = append(lines, fmt.Sprintf("%d %s: %s, %s", h.Call.ID, strings.ReplaceAll(h.Call.Progress, "_", " "), h.CustomerName, clip(h.Call.Summary, 40)))
	}
	if len(lines) == 0 {
		return say("You have no calls."), nil
	}
	return say("%s", strings.Join(lines, "\n")), nil
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
	if phone := desk.PhoneOf(v); phone != "" {
		text += ". " + desk.PhoneShown(phone)
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
