package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Party is whom something is for: a customer, a lead, or a lead that is made with it. One of them is set.
type Party struct {
	CustomerID int64
	LeadID     int64
	NewLead    string // the name of a lead that is not there yet
}

// PartyOption is a customer or lead that may be chosen.
type PartyOption struct {
	Party
	Name string
	Note string // a phone or an e-mail
}

// LeadName is a lead as people call it: who, and where they work.
func LeadName(name, company string) string {
	if company == "" || company == name {
		return name
	}
	return name + " (" + company + ")"
}

// FindParties finds customers and open leads by parts of their name, company, phone or e-mail, those of whom was heard last
// first. Who may not see leads finds customers only.
func (d *Desk) FindParties(ctx context.Context, a Actor, typed string, most int) ([]PartyOption, error) {
	if err := a.may(SeeCustomers); err != nil {
		return nil, err
	}
	words := searchPatterns(typed)
	customers, err := d.q.SearchCustomers(ctx, store.SearchCustomersParams{Patterns: words, Max: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("search customers: %w", err)
	}
	type heard struct {
		PartyOption
		at time.Time
	}
	var all []heard
	for _, c := range customers {
		all = append(all, heard{customerChoice(c), c.ActiveAt})
	}
	if a.Can(SeeLeads) {
		leads, err := d.Store.ListLeads(ctx, store.LeadWhere{Stage: LeadOpen, Words: words, Limit: most})
		if err != nil {
			return nil, fmt.Errorf("search leads: %w", err)
		}
		for _, l := range leads {
			all = append(all, heard{leadChoice(l.ID, l.Name, l.Company, l.Phone, l.Email), l.StageAt})
		}
	}
	slices.SortStableFunc(all, func(x, y heard) int { return y.at.Compare(x.at) })
	options := make([]PartyOption, min(len(all), most))
	for i := range options {
		options[i] = all[i].PartyOption
	}
	return options, nil
}

func customerChoice(c store.Customer) PartyOption {
	return PartyOption{Party{CustomerID: c.ID}, c.Name, reachedAt(c.Phone, c.Email)}
}

func leadChoice(id int64, name, company, phone, email string) PartyOption {
	return PartyOption{Party{LeadID: id}, LeadName(name, company), reachedAt(phone, email)}
}

// reachedAt is the phone of somebody, else their e-mail.
func reachedAt(phone, email string) string {
	if phone == "" {
		return email
	}
	return PhoneShown(phone)
}

// PartyOption reads a customer or lead that is chosen already, for a form that opens with it.
func (d *Desk) PartyOption(ctx context.Context, a Actor, p Party) (PartyOption, error) {
	switch {
	case p.NewLead != "":
		return PartyOption{p, p.NewLead, ""}, a.may(AddLeads)
	case p.LeadID != 0:
		l, err := d.q.GetLead(ctx, p.LeadID)
		if err != nil {
			return PartyOption{}, found(err, "There is no lead %d. /leads lists the leads.", p.LeadID)
		}
		return leadChoice(l.ID, l.Name, l.Company, l.Phone, l.Email), a.may(SeeLeads)
	}
	c, err := d.q.GetCustomer(ctx, p.CustomerID)
	if err != nil {
		return PartyOption{}, found(err, "That customer is not there any more. Choose again.")
	}
	return customerChoice(c), a.may(SeeCustomers)
}

// partyGone refuses somebody who was chosen and is not there.
func partyGone() error { return wrong("party", "They are not there any more. Choose again.") }

// party checks whom something is for, and makes the lead if it is a new one. A lead that became a customer is both.
func (c *change) party(ctx context.Context, p Party) (customerID, leadID *int64, err error) {
	switch {
	case p.CustomerID != 0:
		if _, err := c.q.GetCustomer(ctx, p.CustomerID); errors.Is(err, pgx.ErrNoRows) {
			return nil, nil, partyGone()
		} else if err != nil {
			return nil, nil, fmt.Errorf("read customer: %w", err)
		}
		return &p.CustomerID, nil, nil
	case p.LeadID != 0:
		lead, err := c.q.LockLead(ctx, p.LeadID) // while it is won, nothing is added to it that its customer would not get
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil, partyGone()
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read lead: %w", err)
		}
		return lead.CustomerID, &p.LeadID, nil
	case clean(p.NewLead) != "":
		id, err := c.leadOf(ctx, clean(p.NewLead))
		return nil, &id, err
	}
	return nil, nil, wrong("party", "Choose a customer or lead, or type a name and choose “New lead”.")
}

// leadOf makes a lead of a name alone. It is kept by who typed it if they keep leads, else by the sales person with the fewest,
// who is told.
func (c *change) leadOf(ctx context.Context, name string) (int64, error) {
	if err := c.actor.may(AddLeads); err != nil {
		return 0, err
	}
	if err := limitedField("party", "The name", name, 1, MaxName); err != nil {
		return 0, err
	}
	owner, err := c.leadKeeper(ctx)
	if err != nil {
		return 0, err
	}
	return c.insertLead(ctx, checkedLead{name: name, ownerID: owner})
}

// leadKeeper chooses who keeps a lead that nobody chose a keeper for.
func (c *change) leadKeeper(ctx context.Context) (int64, error) {
	if c.actor.Can(KeepLeads) {
		return c.actor.ID, nil
	}
	for _, role := range []Role{Sales, Dispatcher, Admin} {
		m, err := c.q.PickLeadOwner(ctx, role)
		if err == nil {
			return m.ID, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return 0, fmt.Errorf("choose who keeps the lead: %w", err)
		}
	}
	return c.actor.ID, nil // nobody keeps leads here yet
}

// partyName names a customer, else a lead.
func (d *Desk) partyName(ctx context.Context, q *store.Queries, customerID, leadID *int64) (string, error) {
	switch {
	case customerID != nil:
		c, err := q.GetCustomer(ctx, *customerID)
		if err != nil {
			return "", fmt.Errorf("read customer %d: %w", *customerID, err)
		}
		return c.Name, nil
	case leadID != nil:
		l, err := q.GetLead(ctx, *leadID)
		if err != nil {
			return "", fmt.Errorf("read lead %d: %w", *leadID, err)
		}
		return LeadName(l.Name, l.Company), nil
	}
	return "", nil
}

// FindMembers finds active members by parts of their name; action, if any, is what they must be allowed to do.
func (d *Desk) FindMembers(ctx context.Context, a Actor, typed string, action Action) ([]store.Member, error) {
	if err := a.active(); err != nil {
		return nil, err
	}
	members, err := d.q.ListMembersLike(ctx, patterns(typed))
	if err != nil {
		return nil, fmt.Errorf("search members: %w", err)
	}
	return slices.DeleteFunc(members, func(m store.Member) bool {
		return m.State != StateActive || action != "" && !May(m.Roles, action)
	}), nil
}
