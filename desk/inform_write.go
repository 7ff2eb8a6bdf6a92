package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/store"
)

// MaxWords is how many characters a member may write to a customer at once.
const MaxWords = 500

// eventWrote says that somebody wrote to the customer.
const eventWrote = "wrote"

// Write is what a member writes to the contact of a call.
type Write struct {
	Way    string // sms or email; empty is the first one that they agreed to
	Text   string
	Agreed string // ways that they agreed to just now, as JoinWays holds them
}

// Writable is what the form in which somebody writes to a customer has to know.
type Writable struct {
	Call    CallView
	Contact store.Contact
	Ways    []string  // the ways they agreed to, texts first
	Open    []string  // those they may agree to now: there is a number or address, and they did not answer STOP
	Stopped bool      // they answered STOP to our texts
	Due     time.Time // when it would be sent
	Now     bool      // that is at once
}

// Writable reads whether and how a customer may be written to about a call.
func (d *Desk) Writable(ctx context.Context, a Actor, callID int64) (Writable, error) {
	var w Writable
	if err := a.may(InformCustomers); err != nil {
		return w, err
	}
	var err error
	if w.Call, err = d.CallView(ctx, callID); err != nil {
		return w, err
	}
	if w.Call.Call.ContactID == nil {
		return w, nobodyToWrite(callID)
	}
	if w.Contact, err = d.q.GetContact(ctx, *w.Call.Call.ContactID); err != nil {
		return w, fmt.Errorf("read contact: %w", err)
	}
	ways, err := d.waysTo(ctx, d.q, w.Contact.ID)
	if err != nil {
		return w, err
	}
	for _, c := range ways {
		w.Ways = append(w.Ways, c.Channel)
	}
	if w.Contact.Phone != "" {
		if w.Stopped, err = d.q.StoppedTexts(ctx, w.Contact.Phone); err != nil {
			return w, fmt.Errorf("look for STOP: %w", err)
		}
	}
	for _, way := range InformWays() {
		if addressOn(w.Contact, way) != "" && d.has(way) && !slices.Contains(w.Ways, way) && (way != "sms" || !w.Stopped) {
			w.Open = append(w.Open, way)
		}
	}
	w.Due = (&step{Desk: d, call: w.Call.Call}).informAt()
	w.Now = !w.Due.After(d.Now())
	return w, nil
}

func nobodyToWrite(callID int64) error {
	return refuse(Conflict, "Call %d names nobody at the customer's, so there is nobody to write to. Call them, or log the next call with their contact.", callID)
}

// ToldBefore is what a customer would be sent, for a member to see before they send it. way is how.
func (d *Desk) ToldBefore(ctx context.Context, a Actor, w Writable, in Write) (t Told, way string, err error) {
	if err := a.may(InformCustomers); err != nil {
		return t, "", err
	}
	text, way, err := checkWrite(in, w.Ways)
	if err != nil {
		return t, "", err
	}
	t = Told{State: InformWords, Name: w.Contact.Name, Text: text, By: a.Name}
	if t.First, err = d.isFirst(ctx, d.q, w.Contact.ID, way, addressOn(w.Contact, way)); err != nil {
		return t, "", err
	}
	t.Phone, err = d.companyPhone(ctx, d.q)
	return t, way, err
}

// checkWrite cleans what was written, and chooses how it is sent among the ways that were agreed to before or just now.
func checkWrite(in Write, agreed []string) (text, way string, err error) {
	p := problems{}
	text = clean(in.Text)
	p.add("text", limited("The text", text, 1, MaxWords))
	if err := p.err(); err != nil {
		return "", "", err
	}
	for _, way := range InformWays() {
		if (in.Way == "" || in.Way == way) && (slices.Contains(agreed, way) || slices.Contains(splitWays(in.Agreed), way)) {
			return text, way, nil
		}
	}
	if in.Way != "" {
		return "", "", wrong("agreed", "They have not agreed to %s. Tick it only if they did.", ChannelName(in.Way))
	}
	return "", "", wrong("agreed", "Nothing is sent to somebody who has not agreed to it. Ask them, and tick how they want it.")
}

// WriteToCustomer sends what a member wrote to the contact of a call, at once or in the morning, and says so in the timeline. What
// they agreed to just now is recorded with it.
func (d *Desk) WriteToCustomer(ctx context.Context, a Actor, callID int64, in Write) error {
	if err := a.may(InformCustomers); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.ContactID == nil {
			return nobodyToWrite(callID)
		}
		contact, err := s.q.LockContact(ctx, *s.call.ContactID)
		if err != nil {
			return fmt.Errorf("read contact: %w", err)
		}
		c := &change{Desk: d, tx: s.tx, q: s.q, actor: a, record: Record{Kind: ContactRecord, ID: contact.ID}}
		for _, way := range splitWays(in.Agreed) {
			if err := c.consentTo(ctx, contact, "agreed", way, true); err != nil {
				return err
			}
		}
		return s.write(ctx, contact, in)
	})
}

func (s *step) write(ctx context.Context, contact store.Contact, in Write) error {
	ways, err := s.waysTo(ctx, s.q, contact.ID)
	if err != nil {
		return err
	}
	var agreed []string
	for _, w := range ways {
		agreed = append(agreed, w.Channel)
	}
	in.Agreed = "" // it is among them, if it can be used
	text, way, err := checkWrite(in, agreed)
	if err != nil {
		return err
	}
	t := Told{State: InformWords, Name: contact.Name, Text: text, By: s.actor.Name}
	if t.Phone, err = s.companyPhone(ctx, s.q); err != nil {
		return err
	}
	due := s.informAt()
	row, err := s.insertInform(ctx, t, way, due)
	if err != nil {
		return err
	}
	if err := s.record(ctx, eventWrote, ChannelName(way), contact.Name, text); err != nil || due.After(s.Now()) {
		return err
	}
	return s.informNow(ctx, row, t)
}
