package desk

import (
	"context"
	"fmt"
	"time"

	"callout/store"
)

// Past is one line of a customer's history: a call, a visit or a quote.
type Past = store.ListCustomerHistoryRow

// CustomerView is a customer with everything that belongs to it.
type CustomerView struct {
	CustomerFacts
	NextMaintenance map[int64]time.Time // by machine
	Past            []Past              // the newest first
	Consents        map[int64][]Consent // by contact
}

// pastMost is how much of a customer's history is read.
const pastMost = 30

// Customer reads a customer for a member.
func (d *Desk) Customer(ctx context.Context, a Actor, id int64) (CustomerView, error) {
	v := CustomerView{NextMaintenance: map[int64]time.Time{}}
	if err := a.may(SeeCustomers); err != nil {
		return v, err
	}
	var err error
	if v.CustomerFacts, err = d.CustomerFacts(ctx, a, id); err != nil {
		return v, err
	}
	due, err := d.q.ListNextMaintenance(ctx, id)
	if err != nil {
		return v, fmt.Errorf("list maintenance of customer %d: %w", id, err)
	}
	for _, m := range due {
		v.NextMaintenance[m.EquipmentID] = m.DueOn
	}
	if v.Consents, err = d.consentsOf(ctx, id); err != nil {
		return v, err
	}
	v.Past, err = d.q.ListCustomerHistory(ctx, store.ListCustomerHistoryParams{CustomerID: id, Max: pastMost})
	if err != nil {
		return v, fmt.Errorf("list history of customer %d: %w", id, err)
	}
	return v, nil
}
