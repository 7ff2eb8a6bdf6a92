package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// MaxNotes is how many characters the notes on a customer may have.
const MaxNotes = 3000

// maxWord is how many characters a territory and a role may have.
const maxWord = 100

// CustomerFields lists what may be edited of a customer, as its form names it.
func CustomerFields() []string { return []string{"name", "phone", "email", "territory", "notes"} }

// CustomerFieldsOf is a customer as its form holds it.
func CustomerFieldsOf(c store.Customer) Fields {
	return Fields{"name": c.Name, "phone": phoneShown(c.Phone), "email": c.Email, "territory": c.Territory, "notes": c.Notes}
}

// EditCustomer changes what is known of a customer. version is that of the customer when the form was opened; what others changed
// meanwhile is merged. The result names other customers who have the same phone or e-mail: a hint, no refusal.
func (d *Desk) EditCustomer(ctx context.Context, a Actor, id, version int64, mine Fields) (same []Twin, err error) {
	if err := a.may(EditCustomers); err != nil {
		return nil, err
	}
	err = d.change(ctx, a, Record{Kind: CustomerRecord, ID: id}, func(ctx context.Context, c *change) error {
		row, err := c.q.LockCustomer(ctx, id)
		if err != nil {
			return found(err, "That customer is not there any more.")
		}
		stored := CustomerFieldsOf(row)
		merged, err := c.merge(ctx, edit{version: version, mine: d.asStored(mine)}, row.Version, stored)
		if err != nil {
			return err
		}
		next, err := d.checkCustomerFields(row, merged)
		if err != nil {
			return err
		}
		if same, err = c.others(ctx, next.Phone, next.Email, Party{CustomerID: id}); err != nil {
			return err
		}
		return c.customerEdited(ctx, next, stored)
	})
	return same, err
}

func (d *Desk) checkCustomerFields(row store.Customer, f Fields) (store.Customer, error) {
	p := problems{}
	row.Name, row.Territory, row.Notes = clean(f["name"]), clean(f["territory"]), clean(f["notes"])
	p.add("name", limited("The name", row.Name, 1, MaxName))
	p.add("territory", limited("The territory", row.Territory, 0, maxWord))
	p.add("notes", limited("The text", row.Notes, 0, MaxNotes))
	row.Phone, row.Email = d.reach(p, f)
	return row, p.err()
}

// customerEdited writes an edited customer; nothing if it is as it was.
func (c *change) customerEdited(ctx context.Context, row store.Customer, before Fields) error {
	after := CustomerFieldsOf(row)
	if len(after.changed(before)) == 0 {
		return nil
	}
	if err := c.keep(ctx, row.Version, before); err != nil {
		return err
	}
	err := c.q.UpdateCustomer(ctx, store.UpdateCustomerParams{
		ID: row.ID, Name: row.Name, Search: CustomerSearch(row.Name, row.Phone), Phone: row.Phone, Email: row.Email, Notes: row.Notes,
		Territory: row.Territory,
	})
	if err != nil {
		return fmt.Errorf("write customer: %w", err)
	}
	return c.event(ctx, eventEdited, "", "", changesOf(before, after))
}

// others are the customers, but one, who have a phone or e-mail.
func (c *change) others(ctx context.Context, phone, email string, but Party) ([]Twin, error) {
	found, err := c.customerTwins(ctx, c.q, phone, email)
	if err != nil {
		return nil, err
	}
	return unseen(found, []Twin{{Party: but}}), nil
}

// ContactFields lists what may be edited of a contact, as its form names it.
func ContactFields() []string { return []string{"name", "role", "phone", "email", "inform"} }

// ContactFieldsOf is a contact as its form holds it, without what they agreed to: see ContactForm.
func ContactFieldsOf(c store.Contact) Fields {
	return Fields{"name": c.Name, "role": c.Role, "phone": phoneShown(c.Phone), "email": c.Email}
}

// ContactForm is a contact as its form holds it, with the ways on which they agreed to be kept informed.
func (d *Desk) ContactForm(ctx context.Context, c store.Contact) (Fields, error) {
	return d.contactForm(ctx, d.q, c)
}

func (d *Desk) contactForm(ctx context.Context, q *store.Queries, c store.Contact) (Fields, error) {
	fields := ContactFieldsOf(c)
	var err error
	fields["inform"], err = d.informField(ctx, q, c)
	return fields, err
}

// Contact reads a contact of a customer.
func (d *Desk) Contact(ctx context.Context, a Actor, id int64) (store.Contact, error) {
	if err := a.may(SeeCustomers); err != nil {
		return store.Contact{}, err
	}
	c, err := d.q.GetContact(ctx, id)
	if err != nil {
		return c, found(err, "That contact is not there any more.")
	}
	return c, nil
}

func (d *Desk) checkContact(row store.Contact, f Fields) (store.Contact, error) {
	p := problems{}
	row.Name, row.Role = clean(f["name"]), clean(f["role"])
	p.add("name", limited("The name", row.Name, 1, MaxName))
	p.add("role", limited("The role", row.Role, 0, maxWord))
	row.Phone, row.Email = d.reach(p, f)
	return row, p.err()
}

// AddContact adds somebody who can be asked for at a customer's. The same delivery again returns the same contact.
func (d *Desk) AddContact(ctx context.Context, a Actor, customerID int64, f Fields) (id int64, same []Twin, err error) {
	if err := a.may(EditCustomers); err != nil {
		return 0, nil, err
	}
	contact, err := d.checkContact(store.Contact{}, f)
	if err != nil {
		return 0, nil, err
	}
	id, err = d.create(ctx, a, ContactRecord, func(ctx context.Context, c *change) error {
		if _, err := c.q.GetCustomer(ctx, customerID); err != nil {
			return found(err, "That customer is not there any more.")
		}
		if same, err = c.others(ctx, contact.Phone, contact.Email, Party{CustomerID: customerID}); err != nil {
			return err
		}
		row, err := c.q.InsertContact(ctx, store.InsertContactParams{
			CustomerID: customerID, Name: contact.Name, Phone: contact.Phone, Email: contact.Email, Role: contact.Role, CreatedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write contact: %w", err)
		}
		c.record.ID = row.ID
		if err := c.eventOf(ctx, Record{Kind: CustomerRecord, ID: customerID}, eventContact, "", contact.Name, ""); err != nil {
			return err
		}
		return c.consent(ctx, row, "inform", f["inform"])
	})
	return id, same, err
}

// eventContact says that a contact was added to a customer.
const eventContact = "contact"

// EditContact changes what is known of a contact; see EditCustomer.
func (d *Desk) EditContact(ctx context.Context, a Actor, id, version int64, mine Fields) (same []Twin, err error) {
	if err := a.may(EditCustomers); err != nil {
		return nil, err
	}
	err = d.change(ctx, a, Record{Kind: ContactRecord, ID: id}, func(ctx context.Context, c *change) error {
		row, err := c.q.LockContact(ctx, id)
		if err != nil {
			return found(err, "That contact is not there any more.")
		}
		stored, err := d.contactForm(ctx, c.q, row)
		if err != nil {
			return err
		}
		merged, err := c.merge(ctx, edit{version: version, mine: d.asStored(mine)}, row.Version, stored)
		if err != nil {
			return err
		}
		next, err := d.checkContact(row, merged)
		if err != nil {
			return err
		}
		if same, err = c.others(ctx, next.Phone, next.Email, Party{CustomerID: row.CustomerID}); err != nil {
			return err
		}
		return c.contactEdited(ctx, next, stored, merged["inform"])
	})
	return same, err
}

// contactEdited writes an edited contact, and says so in the history of the customer; nothing if it is as it was.
func (c *change) contactEdited(ctx context.Context, row store.Contact, before Fields, inform string) error {
	after := ContactFieldsOf(row)
	after["inform"] = inform
	if len(after.changed(before)) == 0 {
		return nil
	}
	if err := c.keep(ctx, row.Version, before); err != nil {
		return err
	}
	err := c.q.UpdateContact(ctx, store.UpdateContactParams{ID: row.ID, Name: row.Name, Phone: row.Phone, Email: row.Email, Role: row.Role})
	if err != nil {
		return fmt.Errorf("write contact: %w", err)
	}
	if err := c.consent(ctx, row, "inform", inform); err != nil {
		return err
	}
	delete(before, "inform")
	delete(after, "inform")
	if len(after.changed(before)) == 0 {
		return nil
	}
	note := row.Name + ": " + changesOf(before, after)
	return c.eventOf(ctx, Record{Kind: CustomerRecord, ID: row.CustomerID}, eventEdited, "", "", note)
}
