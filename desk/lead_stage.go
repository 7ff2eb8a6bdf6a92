package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"callout/store"
)

// NextStages lists the stages that a lead may move to by a button: those after its own, short of the end. A lost one may be taken
// up again.
func NextStages(stage string) []string {
	open := LeadStages()[:4]
	switch stage {
	case LeadWon:
		return nil
	case LeadLost:
		return []string{LeadContacted}
	}
	return open[slices.Index(open, stage)+1:]
}

// MoveLead moves a lead to another stage before the end. A lead is won and lost otherwise: WinLead, LoseLead.
func (d *Desk) MoveLead(ctx context.Context, a Actor, id int64, stage string) error {
	return d.onLead(ctx, a, id, func(ctx context.Context, c *change, l store.Lead) error {
		if l.Stage == stage {
			return nil
		}
		if l.Stage == LeadWon {
			return alreadyWon(l)
		}
		if !contains(LeadStages()[:4], stage) {
			return refuse(Invalid, "“%s” is not a stage that a lead moves to.", shorten(stage, 20))
		}
		l.LostReason = ""
		return c.moved(ctx, l, stage, eventStage, "")
	})
}

func alreadyWon(l store.Lead) error {
	return refuse(Conflict, "Lead %d is won already: %s is a customer.", l.ID, LeadName(l.Name, l.Company))
}

// moved writes the new stage of a lead.
func (c *change) moved(ctx context.Context, l store.Lead, stage, kind, note string) error {
	before, stored := l.Stage, leadFields(l)
	l.Stage, l.StageAt = stage, c.Now()
	if stage == LeadWon || stage == LeadLost { // nothing is left to follow up
		l.NextAction, l.NextOn = "", nil
	}
	if len(leadFields(l).changed(stored)) > 0 {
		if err := c.keep(ctx, l.Version, stored); err != nil {
			return err
		}
	}
	if err := c.saveLead(ctx, l); err != nil {
		return err
	}
	if err := c.event(ctx, kind, before, stage, note); err != nil {
		return err
	}
	text := fmt.Sprintf("%s moved your lead %s from %s to %s.", c.actor.Name, LeadName(l.Name, l.Company), before, stage)
	if note != "" {
		text += " " + note
	}
	return c.tell(ctx, l.OwnerID, noticeLeadNews, text)
}

// LoseLead ends a lead that becomes no customer, and says why.
func (d *Desk) LoseLead(ctx context.Context, a Actor, id int64, reason string) error {
	reason = clean(reason)
	if reason == "" {
		return wrong("reason", "Say in a few words why. It helps to win the next one.")
	}
	if err := limitedField("reason", "The reason", reason, 1, MaxReason); err != nil {
		return err
	}
	return d.onLead(ctx, a, id, func(ctx context.Context, c *change, l store.Lead) error {
		switch l.Stage {
		case LeadWon:
			return alreadyWon(l)
		case LeadLost:
			return refuse(Conflict, "Lead %d is lost already: %s", id, l.LostReason)
		}
		l.LostReason = reason
		return c.moved(ctx, l, LeadLost, eventLost, reason)
	})
}

// WinLead makes a lead a customer with its contact, or joins it to a customer who is there already. Its quotes and visits become
// the customer's.
func (d *Desk) WinLead(ctx context.Context, a Actor, id, join int64) error {
	return d.onLead(ctx, a, id, func(ctx context.Context, c *change, l store.Lead) error {
		if l.Stage == LeadWon {
			return alreadyWon(l)
		}
		customerID, err := c.customerOf(ctx, l, join)
		if err != nil {
			return err
		}
		if err := c.handOver(ctx, l.ID, customerID); err != nil {
			return err
		}
		l.CustomerID, l.LostReason = &customerID, ""
		return c.moved(ctx, l, LeadWon, eventWon, "")
	})
}

// customerOf is the customer that a lead becomes.
func (c *change) customerOf(ctx context.Context, l store.Lead, join int64) (int64, error) {
	if join != 0 {
		if _, err := c.q.LockCustomer(ctx, join); err != nil {
			return 0, found(err, "That customer is not there any more. Choose again.")
		}
		if err := c.q.TouchCustomer(ctx, store.TouchCustomerParams{ID: join, At: c.Now()}); err != nil {
			return 0, fmt.Errorf("touch customer: %w", err)
		}
		return join, c.contactOf(ctx, l, join)
	}
	name := cmp.Or(l.Company, l.Name)
	row, err := c.q.InsertCustomer(ctx, store.InsertCustomerParams{
		Name: name, Search: CustomerSearch(name, l.Phone), Phone: l.Phone, Email: l.Email, Now: c.Now(),
	})
	if err != nil {
		return 0, fmt.Errorf("write customer: %w", err)
	}
	customer := Record{Kind: CustomerRecord, ID: row.ID}
	if err := c.eventOf(ctx, customer, eventAdded, "", "", "was lead "+strconv.FormatInt(l.ID, 10)); err != nil {
		return 0, err
	}
	if l.Company == "" {
		return row.ID, nil
	}
	return row.ID, c.contactOf(ctx, l, row.ID)
}

// contactOf makes the person of a lead a contact of the customer it became, unless they are one already.
func (c *change) contactOf(ctx context.Context, l store.Lead, customerID int64) error {
	contacts, err := c.q.ListContacts(ctx, customerID)
	if err != nil {
		return fmt.Errorf("list contacts: %w", err)
	}
	if slices.ContainsFunc(contacts, func(k store.Contact) bool {
		return Fold(k.Name) == Fold(l.Name) || l.Phone != "" && k.Phone == l.Phone || l.Email != "" && k.Email == l.Email
	}) {
		return nil
	}
	_, err = c.q.InsertContact(ctx, store.InsertContactParams{
		CustomerID: customerID, Name: l.Name, Phone: l.Phone, Email: l.Email, CreatedAt: c.Now(),
	})
	if err != nil {
		return fmt.Errorf("write contact: %w", err)
	}
	return nil
}

// handOver gives the quotes and visits of a lead to the customer it became.
func (c *change) handOver(ctx context.Context, leadID, customerID int64) error {
	quotes, err := c.q.GiveLeadQuotesCustomer(ctx, store.GiveLeadQuotesCustomerParams{CustomerID: &customerID, LeadID: &leadID})
	if err != nil {
		return fmt.Errorf("hand quotes over: %w", err)
	}
	for _, id := range quotes {
		if err := c.enqueue(ctx, c.tx, CardArgs{Record: QuoteRecord, RecordID: id}); err != nil {
			return err
		}
	}
	now := c.Now()
	err = c.q.GiveLeadVisitsCustomer(ctx, store.GiveLeadVisitsCustomerParams{CustomerID: &customerID, Now: &now, LeadID: &leadID})
	if err != nil {
		return fmt.Errorf("hand visits over: %w", err)
	}
	return nil
}
