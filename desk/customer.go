package desk

import (
	"context"
	"fmt"
	"strings"

	"callout/store"
)

// NewCustomer is a customer as the form of a call adds it.
type NewCustomer struct {
	Name    string
	Phone   string // as typed; stored as E.164
	Site    string // address of the site, if known
	Contact string // who called, if they are to be a contact
}

// MaxName is how many characters a name may have.
const MaxName = 200

func (d *Desk) checkCustomer(p problems, c *NewCustomer) {
	c.Name, c.Site = clean(c.Name), clean(c.Site)
	p.add("customer_name", limited("The name", c.Name, 1, MaxName))
	p.add("customer_site", limited("The address", c.Site, 0, 300))
	if c.Phone = clean(c.Phone); c.Phone == "" {
		return
	}
	phone, err := Phone(c.Phone, d.Country)
	p.add("customer_phone", err)
	if err == nil {
		c.Phone = phone
	}
}

// CustomerSearch is the folded text a customer is found by: the name, and the phone with and without its country code.
func CustomerSearch(name, phone string) string {
	words := []string{Fold(name)}
	if phone != "" {
		words = append(words, digits(phone), digits(nationalPhone(phone)))
	}
	return strings.Join(words, " ")
}

// insertCustomer writes a customer and, if its address is known, its site; siteID is 0 without one.
func (d *Desk) insertCustomer(ctx context.Context, q *store.Queries, c NewCustomer) (customerID, siteID int64, err error) {
	now := d.Now()
	row, err := q.InsertCustomer(ctx, store.InsertCustomerParams{
		Name: c.Name, Search: CustomerSearch(c.Name, c.Phone), Phone: c.Phone, Now: now,
	})
	if err != nil {
		return 0, 0, fmt.Errorf("write customer: %w", err)
	}
	if c.Site == "" {
		return row.ID, 0, nil
	}
	site, err := q.InsertSite(ctx, store.InsertSiteParams{CustomerID: row.ID, Name: c.Site, Address: c.Site, CreatedAt: now})
	if err != nil {
		return 0, 0, fmt.Errorf("write site: %w", err)
	}
	return row.ID, site.ID, nil
}

// FindCustomers finds customers by parts of the name or of the phone number, those with recent calls first.
func (d *Desk) FindCustomers(ctx context.Context, a Actor, typed string, most int) ([]store.Customer, error) {
	if err := a.may(SeeCalls); err != nil {
		return nil, err
	}
	params := store.SearchCustomersParams{Patterns: searchPatterns(typed), Max: int32(most)}
	rows, err := d.q.SearchCustomers(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("search customers: %w", err)
	}
	return rows, nil
}

// searchPatterns reads what was typed as a phone number if it is one in the making, else as words.
func searchPatterns(typed string) []string {
	number := digits(typed)
	if number != "" && strings.Trim(typed, "+0123456789 ()-./") == "" {
		return []string{"%" + strings.TrimPrefix(number, "00") + "%"}
	}
	return patterns(typed)
}

// CustomerFacts is what a form shows of a customer once it is chosen.
type CustomerFacts struct {
	Customer  store.Customer
	Equipment []store.ListEquipmentWithCallsRow
	Contacts  []store.Contact
	Sites     []store.Site
	Today     Day // for who asks
}

// CustomerFacts reads what belongs to a customer.
func (d *Desk) CustomerFacts(ctx context.Context, a Actor, id int64) (CustomerFacts, error) {
	f := CustomerFacts{Today: d.Today(a)}
	if err := a.may(SeeCalls); err != nil {
		return f, err
	}
	var err error
	if f.Customer, err = d.q.GetCustomer(ctx, id); err != nil {
		return f, found(err, "That customer is not there any more. Choose again.")
	}
	if f.Equipment, err = d.q.ListEquipmentWithCalls(ctx, id); err != nil {
		return f, fmt.Errorf("list equipment of customer %d: %w", id, err)
	}
	if f.Contacts, err = d.q.ListContacts(ctx, id); err != nil {
		return f, fmt.Errorf("list contacts of customer %d: %w", id, err)
	}
	if f.Sites, err = d.q.ListSites(ctx, id); err != nil {
		return f, fmt.Errorf("list sites of customer %d: %w", id, err)
	}
	return f, nil
}
