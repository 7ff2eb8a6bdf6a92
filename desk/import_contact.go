package desk

import (
	"context"
	"fmt"
	"strconv"

	"callout/store"
)

// contactImport turns rows into people at customers'.
type contactImport struct {
	*importRun
	parties importParties
	there   map[int64][]store.Contact // by customer
}

func newContactImport(r *importRun) importer {
	return &contactImport{importRun: r, parties: importParties{run: r}}
}

func (i *contactImport) look(ctx context.Context, rows []*importRow) error {
	if err := i.parties.look(ctx, rows, "customer"); err != nil {
		return err
	}
	var ids []int64
	for _, c := range i.parties.byRef {
		ids = append(ids, c.ID)
	}
	for _, found := range i.parties.byName {
		for _, c := range found {
			ids = append(ids, c.ID)
		}
	}
	contacts, err := i.q.ListContactsOf(ctx, ids)
	if err != nil {
		return fmt.Errorf("find contacts: %w", err)
	}
	i.there = map[int64][]store.Contact{}
	for _, c := range contacts {
		i.there[c.CustomerID] = append(i.there[c.CustomerID], c)
	}
	return nil
}

// match finds a person at the same customer's by name, and by phone or e-mail if there are several of that name.
func (i *contactImport) match(row *importRow) {
	customer, known := i.parties.owner(row)
	if !known {
		return
	}
	name, phone, email := Fold(row.fields["name"]), row.fields["phone"], row.fields["email"]
	row.fields = Fields{"customer": strconv.FormatInt(customer.ID, 10), "name": row.fields["name"], "phone": phone, "email": email, "role": row.fields["role"]}
	for field, value := range row.fields {
		if value == "" {
			delete(row.fields, field)
		}
	}
	row.keys = []string{fmt.Sprintf("contact %d %s\n%s\n%s", customer.ID, name, phone, email)}
	c, known := i.named(row, customer.ID, name, phone, email)
	if !known {
		return
	}
	row.id, row.version, row.kept = c.ID, c.Version, ContactFieldsOf(c)
	row.before = Fields{"customer": row.fields["customer"], "name": c.Name, "phone": c.Phone, "email": c.Email, "role": c.Role}
}

func (i *contactImport) named(row *importRow, customer int64, name, phone, email string) (store.Contact, bool) {
	var found []store.Contact
	for _, c := range i.there[customer] {
		if Fold(c.Name) != name || i.touched[c.ID] {
			continue
		}
		if phone != "" && c.Phone == phone || email != "" && c.Email == email {
			return c, true
		}
		found = append(found, c)
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1 && phone == "" && email == "":
		row.problem("Name", row.fields["name"], fmt.Sprintf("%d people of this name are there. Add a phone or e-mail that tells which it is.", len(found)))
	}
	return store.Contact{}, false
}

func (i *contactImport) write(ctx context.Context, rows []*importRow) error {
	if err := i.reserve(ctx, "contact", rows); err != nil {
		return err
	}
	var fresh []store.CopyContactsParams
	var saved []store.ImportContactParams
	for _, row := range rows {
		f := row.after
		if !row.fresh {
			saved = append(saved, store.ImportContactParams{ID: row.id, Version: row.version, Name: f["name"], Phone: f["phone"], Email: f["email"], Role: f["role"]})
			continue
		}
		fresh = append(fresh, store.CopyContactsParams{
			ID: row.id, CustomerID: customerIn(row), Name: f["name"], Phone: f["phone"], Email: f["email"], Role: f["role"], CreatedAt: i.Now(),
		})
	}
	if _, err := i.q.CopyContacts(ctx, fresh); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	if err := i.saved(i.q.ImportContact(ctx, saved).QueryRow); err != nil {
		return err
	}
	return i.rememberIn(ctx, ContactRecord, rows, func(row *importRow) (Record, string) {
		return Record{Kind: CustomerRecord, ID: customerIn(row)}, row.after["name"]
	})
}
