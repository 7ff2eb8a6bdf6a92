package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// importParties finds the customers that the rows of a file name, by their number in another system or by their name.
type importParties struct {
	run    *importRun
	byRef  map[string]store.Customer
	byName map[string][]store.Customer // folded
}

// look reads the customers that some rows name in a field.
func (p *importParties) look(ctx context.Context, rows []*importRow, field string) error {
	p.byRef, p.byName = map[string]store.Customer{}, map[string][]store.Customer{}
	var refs, names []string
	for _, row := range rows {
		if ref := row.fields["reference"]; ref != "" {
			refs = append(refs, ref)
		}
		if name := Fold(row.fields[field]); name != "" {
			names = append(names, name)
		}
	}
	known, err := p.run.q.ListCustomersByReference(ctx, refs)
	if err != nil {
		return fmt.Errorf("find customers by number: %w", err)
	}
	for _, k := range known {
		p.byRef[k.Reference] = k.Customer
	}
	slices.Sort(names)
	named, err := p.run.q.ListCustomersNamed(ctx, slices.Compact(names))
	if err != nil {
		return fmt.Errorf("find customers by name: %w", err)
	}
	for _, c := range named {
		p.byName[Fold(c.Name)] = append(p.byName[Fold(c.Name)], c)
	}
	return nil
}

// owner finds whom a contact or machine belongs to; a row that does not say it has a problem.
func (p *importParties) owner(row *importRow) (store.Customer, bool) {
	ref, name, phone := row.fields["reference"], row.fields["customer"], row.fields["customer_phone"]
	if c, known := p.byRef[ref]; known {
		return c, true
	}
	if name == "" && ref != "" {
		row.problem("Customer number", ref, fmt.Sprintf("No customer has the number “%s”. Import the customers first, or add their name.", shorten(ref, 40)))
		return store.Customer{}, false
	}
	if name == "" {
		row.problem("Customer", "", "It is missing.")
		return store.Customer{}, false
	}
	found := p.byName[Fold(name)]
	if phone != "" {
		found = slices.DeleteFunc(slices.Clone(found), func(c store.Customer) bool { return c.Phone != phone })
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1:
		row.problem("Customer", name, fmt.Sprintf("%d customers are called “%s”. Add the column Customer phone or Customer number.", len(found), shorten(name, 60)))
	case phone != "":
		row.problem("Customer", name, fmt.Sprintf("There is no customer “%s” with the phone %s. Import the customers first.", shorten(name, 60), phone))
	default:
		row.problem("Customer", name, fmt.Sprintf("There is no customer “%s”. Import the customers first, or correct the name.", shorten(name, 60)))
	}
	return store.Customer{}, false
}

// customerImport turns rows into customers and their sites.
type customerImport struct {
	*importRun
	parties importParties
	sites   importSites
}

func newCustomerImport(r *importRun) importer {
	return &customerImport{importRun: r, parties: importParties{run: r}, sites: importSites{run: r}}
}

func (i *customerImport) look(ctx context.Context, rows []*importRow) error {
	if err := i.parties.look(ctx, rows, "name"); err != nil {
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
	return i.sites.look(ctx, ids)
}

// match finds a customer by their number in another system, else by name and phone, else by the name alone if the phone is
// not known on one of the sides.
func (i *customerImport) match(row *importRow) {
	ref, name, phone := row.fields["reference"], Fold(row.fields["name"]), row.fields["phone"]
	if ref != "" {
		row.keys = []string{"ref " + ref}
	} else {
		row.keys = []string{"name " + name + "\n" + phone}
	}
	c, known := i.parties.byRef[ref]
	if !known {
		c, known = i.named(row, name, phone)
	}
	if !known {
		return
	}
	row.id, row.version, row.kept = c.ID, c.Version, CustomerFieldsOf(c)
	row.before = Fields{"name": c.Name, "phone": c.Phone, "email": c.Email, "territory": c.Territory, "notes": c.Notes}
	if _, sameRef := i.parties.byRef[ref]; sameRef {
		row.before["reference"] = ref
	}
	if _, there := i.sites.of(c.ID, row.fields["address"]); there {
		row.before["address"] = row.fields["address"]
	}
}

func (i *customerImport) named(row *importRow, name, phone string) (store.Customer, bool) {
	var untouched []store.Customer
	for _, c := range i.parties.byName[name] {
		if !i.touched[c.ID] {
			untouched = append(untouched, c)
		}
	}
	var loose []store.Customer
	for _, c := range untouched {
		if c.Phone == phone {
			return c, true
		}
		if c.Phone == "" || phone == "" {
			loose = append(loose, c)
		}
	}
	if len(loose) > 1 {
		row.problem("Phone", phone, fmt.Sprintf("%d customers have this name. Add a phone or a customer number that tells which it is.", len(loose)))
	}
	if len(loose) != 1 {
		return store.Customer{}, false
	}
	return loose[0], true
}

func (i *customerImport) write(ctx context.Context, rows []*importRow) error {
	if err := i.reserve(ctx, "customer", rows); err != nil {
		return err
	}
	var fresh []store.CopyCustomersParams
	var refs []store.CopyReferencesParams
	var saved []store.ImportCustomerParams
	now := i.Now()
	for _, row := range rows {
		f := row.after
		search := CustomerSearch(f["name"], f["phone"])
		if row.fresh {
			fresh = append(fresh, store.CopyCustomersParams{
				ID: row.id, Name: f["name"], Search: search, Phone: f["phone"], Email: f["email"], Territory: f["territory"], Notes: f["notes"], ActiveAt: now, CreatedAt: now,
			})
		} else {
			saved = append(saved, store.ImportCustomerParams{
				ID: row.id, Version: row.version, Name: f["name"], Search: search, Phone: f["phone"], Email: f["email"], Territory: f["territory"], Notes: f["notes"],
			})
		}
		if f["reference"] != row.before["reference"] {
			refs = append(refs, store.CopyReferencesParams{Reference: f["reference"], CustomerID: row.id})
		}
		if f["address"] != "" {
			i.sites.need(row.id, f["address"])
		}
	}
	if _, err := i.q.CopyCustomers(ctx, fresh); err != nil {
		return fmt.Errorf("write customers: %w", err)
	}
	if err := i.saved(i.q.ImportCustomer(ctx, saved).QueryRow); err != nil {
		return err
	}
	if _, err := i.q.CopyReferences(ctx, refs); err != nil {
		return fmt.Errorf("write customer numbers: %w", err)
	}
	if err := i.sites.write(ctx); err != nil {
		return err
	}
	return i.remember(ctx, CustomerRecord, rows)
}

// saved waits for a batch of records that are saved over. One that somebody else changed meanwhile ends the import.
func (r *importRun) saved(each func(func(int, int64, error))) error {
	var failed error
	each(func(_ int, _ int64, err error) {
		switch {
		case failed != nil || err == nil:
		case errors.Is(err, pgx.ErrNoRows):
			failed = refuse(Conflict, "Somebody changed one of the records at the same moment, so nothing was imported. Please try again.")
		default:
			failed = fmt.Errorf("write %s: %w", r.in.Kind, err)
		}
	})
	return failed
}
