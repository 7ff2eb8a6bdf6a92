package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// DeliveryRow is a message owed, as people look after it.
type DeliveryRow = store.DeliveryRow

// deliveryStates lists what status: may be for deliveries.
func deliveryStates() []string {
	return []string{"failed", "undelivered", "held", "retrying", "sent", "delivered", "dropped"}
}

// stuckDays is how far back what did not reach anybody is of interest.
const stuckDays = 30

// DeliveryPage is one page of messages.
type DeliveryPage struct {
	Rows   []DeliveryRow
	Counts map[string]int64 // of what is stuck, by state
	Next   int64            // pass as before to get the next page; 0 at the end
}

// Deliveries lists messages, the newest first: what is stuck, unless the filter says otherwise.
func (d *Desk) Deliveries(ctx context.Context, a Actor, f Filter, before int64, size int) (DeliveryPage, error) {
	if err := a.may(SeeDeliveries); err != nil {
		return DeliveryPage{}, err
	}
	since := d.Now().AddDate(0, 0, -stuckDays)
	counts, err := d.Store.CountDeliveries(ctx, store.DeliveryWhere{Stuck: true, From: &since})
	if err != nil {
		return DeliveryPage{}, err
	}
	where := store.DeliveryWhere{State: f.Status, Channel: f.Channel, Stuck: f.Status == "", Before: before, Limit: size + 1}
	if where.From, where.To, err = f.Period(d.Now(), d.ZoneOf(a.Member)); err != nil {
		return DeliveryPage{}, err
	}
	if where.From == nil {
		where.From = &since
	}
	if f.By != "" {
		if where.Members, _, err = d.resolveWho(ctx, a, "by", f.By); err != nil {
			return DeliveryPage{}, err
		}
	}
	rows, err := d.Store.ListDeliveries(ctx, where)
	if err != nil {
		return DeliveryPage{}, err
	}
	page := DeliveryPage{Rows: rows, Counts: counts}
	if len(rows) > size {
		page.Rows = rows[:size]
		page.Next = page.Rows[size-1].ID
	}
	return page, nil
}

// TriedAgain is when a message that the provider did not take is tried again, roughly: ever later, at most ten minutes apart.
func TriedAgain(r DeliveryRow) time.Time {
	if r.TriedAt == nil {
		return r.CreatedAt
	}
	return r.TriedAt.Add(min(time.Second<<min(max(r.Attempts-1, 0), 12), 10*time.Minute))
}

// Redeliver owes a message again that did not reach anybody: at the same address, or another of the same person if that is gone. What
// reached them, or goes out another way, is not sent twice.
func (d *Desk) Redeliver(ctx context.Context, a Actor, id int64) error {
	if err := a.may(Redeliver); err != nil {
		return err
	}
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		n, err := q.LockNotice(ctx, id)
		if err != nil {
			return found(err, "There is no message %d.", id)
		}
		if err := d.mayRedeliver(ctx, q, n); err != nil {
			return err
		}
		method, err := d.redeliverTo(ctx, q, n)
		if err != nil {
			return err
		}
		return d.again(ctx, tx, q, n, []store.ContactMethod{method})
	})
}

// mayRedeliver refuses to send again what reached somebody, or what means nothing any more.
func (d *Desk) mayRedeliver(ctx context.Context, q *store.Queries, n store.Notice) error {
	again, err := q.HasStandIn(ctx, &n.ID)
	switch {
	case err != nil:
		return fmt.Errorf("look for what stands in for notice %d: %w", n.ID, err)
	case n.State != "failed" && n.State != "undelivered":
		return refuse(Conflict, "That message is %s; it is not sent twice.", stateWords(n.State))
	case again:
		return refuse(Conflict, "That went out again already. /callout deliveries shows how it went.")
	case n.Kind == noticeCode:
		return refuse(Conflict, "A code is good for a few minutes only. They can ask for a new one with /callout me.")
	case n.Kind == noticeReport:
		return refuse(Conflict, "A report is made anew with /report.")
	}
	stale, err := d.stale(ctx, n)
	if err != nil {
		return err
	}
	if stale {
		return refuse(Conflict, "Nobody needs that message any more: things have moved on.")
	}
	until, quiet, err := d.informQuiet(ctx, n)
	if err == nil && quiet {
		return refuse(Conflict, "Customers are not disturbed at this hour. Please try again after %s.", until.Format("15:04"))
	}
	return err
}

func stateWords(state string) string {
	switch state {
	case "owed", "sending":
		return "still on its way"
	case "cancelled":
		return "not needed any more"
	}
	return state + " already"
}

// redeliverTo is where a message is sent again.
func (d *Desk) redeliverTo(ctx context.Context, q *store.Queries, n store.Notice) (store.ContactMethod, error) {
	same := store.ContactMethod{ID: orZeroID(n.ContactID), Channel: n.Channel, Address: n.Address}
	if n.MemberID == nil {
		return same, nil
	}
	methods, err := d.usable(ctx, q, *n.MemberID)
	if err != nil {
		return same, err
	}
	for _, m := range methods {
		if m.Channel == n.Channel && m.Address == n.Address {
			return m, nil
		}
	}
	for _, m := range methods { // a new phone, say
		if m.Channel == n.Channel {
			return m, nil
		}
	}
	if len(methods) > 0 {
		return methods[0], nil
	}
	return same, refuse(Conflict, "Nothing reaches them: their ways in are switched off or not proven. They can add one with /callout me, or an admin gives them a phone with Roles… in /callout team.")
}

// Contact is a way to reach a member, and whose it is.
type Contact struct {
	store.ContactMethod
	Owner string
}

// OptedOut reports whether the owner asked for no more texts: only they can take that back.
func (c Contact) OptedOut() bool { return strings.Contains(c.DisabledReason, "opted out") }

// Disabled lists the ways to people that are switched off.
func (d *Desk) Disabled(ctx context.Context, a Actor) ([]Contact, error) {
	if err := a.may(SeeDeliveries); err != nil {
		return nil, err
	}
	rows, err := d.q.ListDisabled(ctx)
	if err != nil {
		return nil, fmt.Errorf("list disabled contacts: %w", err)
	}
	contacts := make([]Contact, len(rows))
	for i, row := range rows {
		contacts[i] = Contact{row.ContactMethod, row.Name}
	}
	return contacts, nil
}

// EnableContact switches a way to a person on again, after it was repaired. Who opted out must text START.
func (d *Desk) EnableContact(ctx context.Context, a Actor, id int64) (Contact, error) {
	if err := a.may(ApproveMember); err != nil {
		return Contact{}, err
	}
	var c Contact
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		m, err := q.GetContactMethod(ctx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return refuse(NotFound, "That address is gone: its owner has another one now.")
		}
		if err != nil {
			return fmt.Errorf("read contact method %d: %w", id, err)
		}
		owner, err := q.GetMember(ctx, m.MemberID)
		if err != nil {
			return fmt.Errorf("read member %d: %w", m.MemberID, err)
		}
		c = Contact{m, owner.Name}
		if c.OptedOut() {
			return refuse(Conflict, "%s asked for no more texts. Only they can take that back: by texting START to our number.", owner.Name)
		}
		_, err = q.EnableContactMethod(ctx, id)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("enable contact: %w", err)
	}
	return c, nil
}
