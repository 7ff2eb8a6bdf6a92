package desk

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// logInformed logs a call in one transaction with what its contact agreed to and the word that we have it; a new customer with a
// contact comes before it.
func (d *Desk) logInformed(ctx context.Context, a Actor, p store.LogCallParams, in NewCall) (id int64, err error) {
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if in.Customer != nil {
			if p.CustomerID, p.SiteID, p.ContactID, err = d.insertNewCustomer(ctx, q, *in.Customer); err != nil {
				return err
			}
		}
		if id, err = q.LogCall(ctx, p); err != nil {
			return err
		}
		if p.ContactID == nil {
			return nil
		}
		contact, err := q.LockContact(ctx, *p.ContactID)
		if err != nil {
			return fmt.Errorf("read contact: %w", err)
		}
		c := &change{Desk: d, tx: tx, q: q, actor: a, record: Record{Kind: ContactRecord, ID: contact.ID}}
		for _, way := range splitWays(in.Inform) {
			if err := c.consentTo(ctx, contact, "inform", way, true); err != nil {
				return err
			}
		}
		call, err := q.GetCall(ctx, id)
		if err != nil {
			return fmt.Errorf("read call %d: %w", id, err)
		}
		return (&step{Desk: d, tx: tx, q: q, actor: a, call: call}).inform(ctx, InformReceived, nil)
	})
	return id, err
}

// insertNewCustomer writes a customer with its site and the contact who called, as far as they are known.
func (d *Desk) insertNewCustomer(ctx context.Context, q *store.Queries, c NewCustomer) (customerID int64, siteID, contactID *int64, err error) {
	customerID, site, err := d.insertCustomer(ctx, q, c)
	if err != nil || c.Contact == "" {
		return customerID, known(site), nil, err
	}
	row, err := q.InsertContact(ctx, store.InsertContactParams{CustomerID: customerID, Name: c.Contact, Phone: c.Phone, CreatedAt: d.Now()})
	if err != nil {
		return 0, nil, nil, fmt.Errorf("write contact: %w", err)
	}
	return customerID, known(site), &row.ID, nil
}

// isInformed reports whether the contact of a new call is to be told anything: they agreed before, or just now.
func (d *Desk) isInformed(ctx context.Context, in NewCall) (bool, error) {
	if in.Inform != "" || in.ContactID == 0 {
		return in.Inform != "", nil
	}
	ways, err := d.waysTo(ctx, d.q, in.ContactID)
	return len(ways) > 0, err
}

// checkInform refuses that somebody is kept informed whom the call does not name.
func checkInform(p problems, in *NewCall) {
	if in.Customer != nil {
		in.Customer.Contact = clean(in.Customer.Contact)
		p.add("customer_contact", limited("The name", in.Customer.Contact, 0, MaxName))
		if in.Inform != "" && in.Customer.Contact == "" {
			in.Customer.Contact = in.Customer.Name
		}
		return
	}
	if in.Inform != "" && in.ContactID == 0 {
		p.add("inform", refuse(Invalid, "Choose the contact who agreed to be kept informed, or untick it."))
	}
}
