package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/store"
)

// leadImport turns rows into leads.
type leadImport struct {
	*importRun
	byPhone map[string]store.Lead
	byEmail map[string]store.Lead
	byName  map[string][]store.Lead // folded name and company
	owners  map[string][]store.Member
}

func newLeadImport(r *importRun) importer { return &leadImport{importRun: r} }

func (i *leadImport) look(ctx context.Context, rows []*importRow) error {
	if err := i.lookOwners(ctx); err != nil {
		return err
	}
	var p store.ListLeadsLikeParams
	for _, row := range rows {
		p.Names = append(p.Names, row.fields["name"])
		if phone := row.fields["phone"]; phone != "" {
			p.Phones = append(p.Phones, phone)
		}
		if email := row.fields["email"]; email != "" {
			p.Emails = append(p.Emails, email)
		}
	}
	found, err := i.q.ListLeadsLike(ctx, p)
	if err != nil {
		return fmt.Errorf("find leads: %w", err)
	}
	i.byPhone, i.byEmail, i.byName = map[string]store.Lead{}, map[string]store.Lead{}, map[string][]store.Lead{}
	for _, l := range found {
		key := leadKey(l.Name, l.Company)
		i.byName[key] = append(i.byName[key], l)
		i.byPhone[l.Phone] = newer(l, i.byPhone[l.Phone])
		i.byEmail[strings.ToLower(l.Email)] = newer(l, i.byEmail[strings.ToLower(l.Email)])
	}
	return nil
}

func newer(a, b store.Lead) store.Lead {
	if a.ID > b.ID {
		return a
	}
	return b
}

// lookOwners reads, once, who may keep leads: owners are named by e-mail or by name.
func (i *leadImport) lookOwners(ctx context.Context) error {
	if i.owners != nil {
		return nil
	}
	members, err := i.q.ListEveryActiveMember(ctx)
	if err != nil {
		return fmt.Errorf("list members: %w", err)
	}
	i.owners = map[string][]store.Member{}
	for _, m := range members {
		i.owners[Fold(m.Name)] = append(i.owners[Fold(m.Name)], m)
		if m.Email != "" {
			i.owners[Fold(m.Email)] = append(i.owners[Fold(m.Email)], m)
		}
	}
	return nil
}

func leadKey(name, company string) string { return Fold(name) + "\n" + Fold(company) }

// match finds a lead by e-mail, by phone, or, if one of the sides has neither, by name and company.
func (i *leadImport) match(row *importRow) {
	f := row.fields
	key := leadKey(f["name"], f["company"])
	for _, reach := range []string{f["email"], f["phone"]} {
		if reach != "" {
			row.keys = append(row.keys, "lead "+reach)
		}
	}
	if len(row.keys) == 0 {
		row.keys = []string{"lead " + key}
	}
	i.owner(row)
	byEmail, byPhone := i.free(i.byEmail[f["email"]], f["email"]), i.free(i.byPhone[f["phone"]], f["phone"])
	l := byEmail
	switch {
	case byEmail.ID != 0 && byPhone.ID != 0 && byEmail.ID != byPhone.ID:
		row.problem("", "", fmt.Sprintf("Its e-mail is that of %s, its phone that of %s: which lead is it?",
			LeadName(byEmail.Name, byEmail.Company), LeadName(byPhone.Name, byPhone.Company)))
		return
	case l.ID == 0:
		l = byPhone
	}
	if l.ID == 0 {
		l = i.named(row, key)
	}
	if l.ID != 0 {
		i.found(row, l)
	}
}

// free is a lead that a row may be about: not one that a row before it was about.
func (i *leadImport) free(l store.Lead, reach string) store.Lead {
	if reach == "" || i.touched[l.ID] {
		return store.Lead{}
	}
	return l
}

func (i *leadImport) named(row *importRow, key string) store.Lead {
	var found []store.Lead
	for _, l := range i.byName[key] {
		apart := row.fields["phone"] != "" && l.Phone != "" || row.fields["email"] != "" && l.Email != ""
		if !apart && !i.touched[l.ID] {
			found = append(found, l)
		}
	}
	if len(found) > 1 {
		row.problem("Name", row.fields["name"], fmt.Sprintf("%d leads have this name. Add a phone or e-mail that tells which it is.", len(found)))
	}
	if len(found) != 1 {
		return store.Lead{}
	}
	return found[0]
}

func (i *leadImport) found(row *importRow, l store.Lead) {
	row.id, row.version, row.kept = l.ID, l.Version, leadFields(l)
	row.before = Fields{
		"name": l.Name, "company": l.Company, "phone": l.Phone, "email": l.Email, "source": l.Source, "interest": l.Interest,
		"owner": strconv.FormatInt(l.OwnerID, 10), "next_action": l.NextAction, "next_on": dateText(l.NextOn), "stage": l.Stage,
	}
	if l.Stage == LeadWon || l.Stage == LeadLost {
		delete(row.fields, "stage") // it has ended; a list from elsewhere does not bring it back
	}
}

// owner puts the number of the member who keeps the lead in place of their name.
func (i *leadImport) owner(row *importRow) {
	name := row.fields["owner"]
	if name == "" {
		return
	}
	switch found := i.owners[Fold(name)]; {
	case len(found) == 1:
		row.fields["owner"] = strconv.FormatInt(found[0].ID, 10)
	case len(found) > 1:
		row.problem("Owner", name, fmt.Sprintf("%d members are called “%s”. Write the e-mail instead.", len(found), shorten(name, 60)))
	default:
		row.problem("Owner", name, fmt.Sprintf("No active member is called “%s” or has that e-mail.", shorten(name, 60)))
	}
}

func (i *leadImport) write(ctx context.Context, rows []*importRow) error {
	if err := i.reserve(ctx, "lead", rows); err != nil {
		return err
	}
	var fresh []store.CopyLeadsParams
	var saved []store.ImportLeadParams
	now := i.Now()
	for _, row := range rows {
		f := row.after
		owner, err := strconv.ParseInt(orText(f["owner"], strconv.FormatInt(i.actor.ID, 10)), 10, 64)
		if err != nil {
			return fmt.Errorf("owner of row %d: %w", row.Number, err)
		}
		l := checkedLead{name: f["name"], company: f["company"], phone: f["phone"], email: f["email"], source: f["source"], interest: f["interest"]}
		if !row.fresh {
			saved = append(saved, store.ImportLeadParams{
				ID: row.id, Version: row.version, Name: l.name, Company: l.company, Phone: l.phone, Email: l.email, Source: l.source, Interest: l.interest,
				OwnerID: owner, NextAction: f["next_action"], NextOn: storedDay(f["next_on"]), Stage: f["stage"], Search: l.search(), Now: now,
			})
			continue
		}
		fresh = append(fresh, store.CopyLeadsParams{
			ID: row.id, Name: l.name, Company: l.company, Phone: l.phone, Email: l.email, Source: l.source, Interest: l.interest, OwnerID: owner,
			Stage: orText(f["stage"], LeadNew), NextAction: f["next_action"], NextOn: storedDay(f["next_on"]), Search: l.search(),
			AddedBy: i.actor.ID, AddedAt: now, StageAt: now,
		})
	}
	if _, err := i.q.CopyLeads(ctx, fresh); err != nil {
		return fmt.Errorf("write leads: %w", err)
	}
	if err := i.saved(i.q.ImportLead(ctx, saved).QueryRow); err != nil {
		return err
	}
	return i.remember(ctx, LeadRecord, rows)
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
