package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"callout/store"
)

// Twin is somebody who has the same phone or e-mail: perhaps the same person.
type Twin struct {
	Party
	Name    string
	Stage   string // of a lead; empty for a customer
	Owner   string // of a lead
	Contact string // of a customer: whose phone or e-mail it is
}

// errTwins stops a transaction that would add somebody who may be there already.
var errTwins = errors.New("they may be there already")

// unseen are the twins that were not shown before.
func unseen(found, seen []Twin) []Twin {
	var out []Twin
	for _, t := range found {
		if !slices.ContainsFunc(seen, func(s Twin) bool { return s.Party == t.Party }) {
			out = append(out, t)
		}
	}
	return out
}

// twins finds customers, their contacts, and leads with a phone or e-mail, but one lead.
func (c *change) twins(ctx context.Context, phone, email string, but int64) ([]Twin, error) {
	if phone == "" && email == "" {
		return nil, nil
	}
	twins, err := c.customerTwins(ctx, c.q, phone, email)
	if err != nil {
		return nil, err
	}
	leads, err := c.q.ListLeadTwins(ctx, store.ListLeadTwinsParams{Phone: phone, Email: email})
	if err != nil {
		return nil, fmt.Errorf("find leads like it: %w", err)
	}
	for _, l := range leads {
		if l.ID != but {
			twins = append(twins, Twin{Party: Party{LeadID: l.ID}, Name: LeadName(l.Name, l.Company), Stage: l.Stage, Owner: l.OwnerName})
		}
	}
	return twins, nil
}

// customerTwins finds customers who have a phone or e-mail, or whose contact has it; each once.
func (d *Desk) customerTwins(ctx context.Context, q *store.Queries, phone, email string) ([]Twin, error) {
	if phone == "" && email == "" {
		return nil, nil
	}
	rows, err := q.ListCustomerTwins(ctx, store.ListCustomerTwinsParams{Phone: phone, Email: email})
	if err != nil {
		return nil, fmt.Errorf("find customers like it: %w", err)
	}
	var twins []Twin
	for _, r := range rows {
		t := Twin{Party: Party{CustomerID: r.ID}, Name: r.Name, Contact: r.Contact}
		if !slices.ContainsFunc(twins, func(o Twin) bool { return o.Party == t.Party }) {
			twins = append(twins, t)
		}
	}
	return twins, nil
}

// CustomersLike finds the customers who may be what a lead becomes: they have its phone, e-mail or name.
func (d *Desk) CustomersLike(ctx context.Context, a Actor, leadID int64) ([]Twin, error) {
	v, err := d.Lead(ctx, a, leadID)
	if err != nil {
		return nil, err
	}
	twins, err := d.customerTwins(ctx, d.q, v.Lead.Phone, v.Lead.Email)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(v.Lead.Company, v.Lead.Name)
	rows, err := d.q.SearchCustomers(ctx, store.SearchCustomersParams{Patterns: patterns(name), Max: namesakesMost})
	if err != nil {
		return nil, fmt.Errorf("find customers of that name: %w", err)
	}
	for _, r := range rows {
		t := Twin{Party: Party{CustomerID: r.ID}, Name: r.Name}
		if Fold(r.Name) == Fold(name) && len(unseen([]Twin{t}, twins)) > 0 {
			twins = append(twins, t)
		}
	}
	return twins, nil
}

// namesakesMost is how many customers whose names hold the words of a lead's are looked at.
const namesakesMost = 20
