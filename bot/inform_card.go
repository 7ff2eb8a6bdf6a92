package bot

import (
	"cmp"
	"context"
	"strings"

	"callout/desk"
	"callout/notify"
)

// informEntries words the lines of a call's timeline about what its customer was told and said.
func informEntries(e desk.Entry) (Words, bool) {
	c := e.CallEvent
	switch c.Kind {
	case "informed":
		return Say(Bold(c.After), " is told ", c.Note, "."), true
	case "wrote":
		return Say(Bold(e.MemberName), " wrote to ", Bold(c.After), " by ", c.Before, ": ", c.Note), true
	case "customer_said":
		return Say("Customer ", Bold(c.After), " by SMS: ", c.Note), true
	}
	return nil, false
}

// informParts lists what the customer of a call was told, word by word, and what became of it.
func (b *Bot) informParts(ctx context.Context, a desk.Actor, id int64) ([]Part, error) {
	rows, told, err := b.Desk.Informs(ctx, a, id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	parts := []Part{Divider{}, Text(Say(Bold("What the customer was told")))}
	for i, row := range rows[max(0, len(rows)-10):] {
		t := told[max(0, len(rows)-10)+i]
		way := cmp.Or(row.SentBy, row.Inform.Channel, "sms")
		text := b.shownTo(id, way, t).Text
		words := Say(At(row.Inform.CreatedAt, b.zone(a)), "  ", Bold(row.ContactName), " by ", desk.ChannelName(way), ", ", b.fateWords(a, row), "\n")
		parts = append(parts, Text(append(words, Span{Text: clip(oneLine(text), 600), Italic: true})))
	}
	return parts, nil
}

// fateWords says what became of a message to a customer.
func (b *Bot) fateWords(a desk.Actor, row desk.Informed) Words {
	switch {
	case row.Inform.DroppedAt != nil:
		return Say("not sent: it was not so any more")
	case row.Inform.OwedAt == nil:
		return Say("waits until ", At(row.Inform.DueAt, b.zone(a)))
	}
	switch row.SentState {
	case "delivered":
		return Say("delivered")
	case "sent":
		return Say("sent")
	case "failed", "undelivered":
		return Say("not delivered: ", row.SentError)
	case "cancelled":
		return Say("not sent: it was not so any more, or they did not want to be told")
	}
	return Say("about to be sent")
}

// customerWroteCard tells a member what a customer wrote to us, or that one can't be reached.
func (b *Bot) customerWroteCard(_ context.Context, m notify.Message) (Card, error) {
	if m.Call.ID != 0 {
		return b.callNotice(m, m.Text), nil
	}
	return recordNotice(m), nil
}

// consentWords says how a contact is kept informed, and since when; what they agreed to for an address they have no more is said, too.
func (b *Bot) consentWords(a desk.Actor, consents []desk.Consent, phone, email string) Words {
	var words Words
	for _, c := range consents {
		now := phone
		if c.Consent.Channel == "email" {
			now = email
		}
		way := desk.ChannelName(c.Consent.Channel)
		switch {
		case c.Consent.Ended == "stop":
			words = append(words, Say("\nNo SMS: they answered STOP, ", b.dayOf(a, c))...)
		case c.Consent.Ended == "dead":
			words = append(words, Say("\n", strings.ToUpper(way[:1])+way[1:], " does not work: ", c.Consent.Reason)...)
		case c.Consent.Ended == "withdrawn":
		case c.Consent.Address != now:
			words = append(words, Say("\nAgreed to ", way, " at another address; ask again")...)
		default:
			words = append(words, Say("\nKept informed by ", way, " since ", c.Consent.GivenAt.In(b.zone(a)).Format("2 Jan 2006"))...)
			if c.GivenByName != "" {
				words = append(words, Say(" (", c.GivenByName, ")")...)
			}
		}
	}
	return words
}

func (b *Bot) dayOf(a desk.Actor, c desk.Consent) string {
	return c.Consent.EndedAt.In(b.zone(a)).Format("2 Jan 2006")
}

// informChecks asks on which ways somebody agreed to be kept informed; none is chosen unless it is recorded already.
func informChecks(name, label string, ways, chosen []string) Field {
	var options []Option
	for _, way := range ways {
		options = append(options, Option{Value: way, Label: informWayName(way)})
	}
	return Field{
		Name: name, Kind: FieldChecks, Label: label, Optional: true, Options: options, Chosen: chosenAll(options, chosen),
		Hint: "Only if they agreed: we have the call, somebody is on the way, it is done.",
	}
}

// waysChosen are the ways that a field of a contact's form holds.
func waysChosen(values Values, name string) []string {
	var ways []string
	for _, value := range values.All(name) {
		ways = append(ways, strings.Split(value, ",")...)
	}
	return ways
}

// contactIn reads the fields of a contact's form.
func contactIn(v Values) desk.Fields {
	fields := fieldsIn(v, desk.ContactFields()...)
	fields["inform"] = desk.JoinWays(v.All("inform"))
	return fields
}

// informName is what the form of a new call names the ways on which its contact agreed to be kept informed.
func informName(in desk.NewCall, customer string) string {
	if in.Customer != nil {
		return "inform_new"
	}
	return "inform_" + customer
}
