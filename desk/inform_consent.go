package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// InformWays lists the ways on which a contact may agree to be kept informed.
func InformWays() []string { return []string{"sms", "email"} }

// eventConsent says that a contact agreed to be kept informed, or does not any more.
const eventConsent = "consent"

// How what a contact agreed to came to its end.
const (
	endedStop = "stop"
	endedDead = "dead"
)

// Consent is that a contact agreed to be kept informed on one way, with who recorded it.
type Consent = store.ListConsentsRow

// waysTo lists the ways on which a contact may be told something now: agreed to, at the number or address they have, and set up here.
func (d *Desk) waysTo(ctx context.Context, q *store.Queries, contactID int64) ([]store.Consent, error) {
	ways, err := q.ListWaysTo(ctx, store.ListWaysToParams{ContactID: contactID, Channels: d.Options.Channels})
	if err != nil {
		return nil, fmt.Errorf("list ways to contact %d: %w", contactID, err)
	}
	return ways, nil
}

// addressOn is where a contact is reached on a way; empty if nobody knows.
func addressOn(c store.Contact, way string) string {
	if way == "sms" {
		return c.Phone
	}
	return c.Email
}

// informField is the ways a contact agreed to, as the field inform of their form holds it.
func (d *Desk) informField(ctx context.Context, q *store.Queries, c store.Contact) (string, error) {
	rows, err := q.ListConsentsOf(ctx, c.ID)
	if err != nil {
		return "", fmt.Errorf("list consents of contact %d: %w", c.ID, err)
	}
	var ways []string
	for _, row := range rows {
		if row.EndedAt == nil && row.Address == addressOn(c, row.Channel) {
			ways = append(ways, row.Channel)
		}
	}
	return JoinWays(ways), nil
}

// JoinWays is a set of ways in the order of InformWays, as a field holds it.
func JoinWays(ways []string) string {
	return strings.Join(slices.DeleteFunc(InformWays(), func(w string) bool { return !slices.Contains(ways, w) }), ",")
}

// splitWays reads what JoinWays wrote; what is no way is left out.
func splitWays(ways string) []string {
	return slices.DeleteFunc(strings.Split(ways, ","), func(w string) bool { return !slices.Contains(InformWays(), w) })
}

// consent makes what a contact agreed to be exactly these ways; the field names where a refusal is shown.
func (c *change) consent(ctx context.Context, contact store.Contact, field, ways string) error {
	for _, way := range InformWays() {
		agreed := slices.Contains(splitWays(ways), way)
		if err := c.consentTo(ctx, contact, field, way, agreed); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) consentTo(ctx context.Context, contact store.Contact, field, way string, agreed bool) error {
	if !agreed {
		return c.withdrawConsent(ctx, contact, way)
	}
	address := addressOn(contact, way)
	if address == "" {
		return wrong(field, "%s has no %s here. Add it first, or untick %s.", contact.Name, map[string]string{"sms": "phone number", "email": "e-mail address"}[way], ChannelName(way))
	}
	if way == "sms" {
		stopped, err := c.q.StoppedTexts(ctx, address)
		if err != nil {
			return fmt.Errorf("look for STOP: %w", err)
		}
		if stopped {
			return wrong(field, "%s answered STOP to our texts, so only they can start them again: by texting START to our number.", PhoneShown(address))
		}
	}
	changed, err := c.q.PutConsent(ctx, store.PutConsentParams{
		ContactID: contact.ID, Channel: way, Address: address, GivenAt: c.Now(), GivenBy: known(c.actor.ID),
	})
	if err != nil {
		return fmt.Errorf("record consent: %w", err)
	}
	if changed == 0 {
		return nil
	}
	return c.consentEvent(ctx, contact.CustomerID, "%s agreed to be kept informed by %s (%s).", contact.Name, ChannelName(way), addressShown(way, address))
}

func (c *change) withdrawConsent(ctx context.Context, contact store.Contact, way string) error {
	now := c.Now()
	ended, err := c.q.WithdrawConsent(ctx, store.WithdrawConsentParams{EndedAt: &now, ContactID: contact.ID, Channel: way})
	if err != nil {
		return fmt.Errorf("end consent: %w", err)
	}
	if ended == 0 {
		return nil
	}
	if err := c.cancelTo(ctx, contact.ID, way); err != nil {
		return err
	}
	return c.consentEvent(ctx, contact.CustomerID, "%s is not kept informed by %s any more.", contact.Name, ChannelName(way))
}

// cancelTo drops what has not left yet for a contact on one way.
func (c *change) cancelTo(ctx context.Context, contactID int64, way string) error {
	if err := c.q.CancelNoticesTo(ctx, store.CancelNoticesToParams{ContactID: contactID, Channel: way}); err != nil {
		return fmt.Errorf("cancel messages: %w", err)
	}
	return nil
}

func (c *change) consentEvent(ctx context.Context, customerID int64, format string, args ...any) error {
	return c.eventOf(ctx, Record{Kind: CustomerRecord, ID: customerID}, eventConsent, "", "", fmt.Sprintf(format, args...))
}

func addressShown(way, address string) string {
	if way == "sms" {
		return PhoneShown(address)
	}
	return address
}

// customerOptOut records that the owner of a phone, as a customer's contact, answered STOP or START. Only what they had agreed to
// before STOP comes back.
func (d *Desk) customerOptOut(ctx context.Context, tx pgx.Tx, q *store.Queries, phone string, out bool) error {
	c := &change{Desk: d, tx: tx, q: q, actor: Actor{Via: "sms"}}
	if !out {
		back, err := q.ResumeConsents(ctx, phone)
		if err != nil {
			return fmt.Errorf("record opt-in of a customer: %w", err)
		}
		for _, row := range back {
			if err := c.consentEvent(ctx, row.CustomerID, "%s answered START, so texts reach them again.", row.Name); err != nil {
				return err
			}
		}
		return nil
	}
	now := d.Now()
	ended, err := q.EndConsentsTo(ctx, store.EndConsentsToParams{EndedAt: &now, Ended: endedStop, Channel: "sms", Address: phone})
	if err != nil {
		return fmt.Errorf("record opt-out of a customer: %w", err)
	}
	for _, row := range ended {
		if err := c.cancelTo(ctx, row.ID, "sms"); err != nil {
			return err
		}
		if err := c.consentEvent(ctx, row.CustomerID, "%s answered STOP, so they get no more texts.", row.Name); err != nil {
			return err
		}
	}
	return nil
}

// consentDead marks what was agreed to at an address that leads nowhere, and tells the dispatchers and who logged the call, once.
func (d *Desk) consentDead(ctx context.Context, tx pgx.Tx, q *store.Queries, n store.Notice, reason string) error {
	now := d.Now()
	reason = shorten(reason, 200)
	ended, err := q.EndConsentsTo(ctx, store.EndConsentsToParams{EndedAt: &now, Ended: endedDead, Reason: reason, Channel: n.Channel, Address: n.Address})
	if err != nil {
		return fmt.Errorf("mark dead address of a customer: %w", err)
	}
	c := &change{Desk: d, tx: tx, q: q}
	for _, row := range ended {
		if err := c.consentEvent(ctx, row.CustomerID, "%s does not work for %s (%s).", ChannelName(n.Channel), row.Name, reason); err != nil {
			return err
		}
		customer, err := q.GetCustomer(ctx, row.CustomerID)
		if err != nil {
			return fmt.Errorf("read customer %d: %w", row.CustomerID, err)
		}
		text := fmt.Sprintf("I can't reach %s (%s) by %s at %s: %s. They are not kept informed that way until somebody corrects it on the customer's card.",
			row.Name, customer.Name, ChannelName(n.Channel), addressShown(n.Channel, n.Address), reason)
		o := owed{kind: noticeInform, record: Record{Kind: CustomerRecord, ID: row.CustomerID}, body: NoticeBody{Text: text}}
		if err := d.tellDesk(ctx, tx, q, o, n.CallID); err != nil {
			return err
		}
	}
	return nil
}

// tellDesk tells the dispatchers, and who logged a call if that was somebody else.
func (d *Desk) tellDesk(ctx context.Context, tx pgx.Tx, q *store.Queries, o owed, callID *int64) error {
	logger := int64(0)
	if callID != nil {
		call, err := q.GetCall(ctx, *callID)
		if err != nil {
			return fmt.Errorf("read call %d: %w", *callID, err)
		}
		logger, o.memberID = call.LoggedBy, call.LoggedBy
		if err := d.tell(ctx, tx, q, o); err != nil {
			return err
		}
	}
	return d.tellAll(ctx, tx, q, Dispatcher, o, logger)
}

// consentsOf lists what the contacts of a customer agreed to, by contact.
func (d *Desk) consentsOf(ctx context.Context, customerID int64) (map[int64][]Consent, error) {
	rows, err := d.q.ListConsents(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("list consents of customer %d: %w", customerID, err)
	}
	by := map[int64][]Consent{}
	for _, row := range rows {
		by[row.Consent.ContactID] = append(by[row.Consent.ContactID], row)
	}
	return by, nil
}
