package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// memberImport turns rows into members. They are active, with the roles that the file gives them; who imports is an admin. Their
// e-mail counts as vouched for, as when an admin approves somebody; their phone has to be proven by themselves, as always.
type memberImport struct {
	*importRun
	members map[int64]store.Member
	phones  map[int64][]string
	byReach map[string]int64 // e-mail or phone to member
}

func newMemberImport(r *importRun) importer { return &memberImport{importRun: r} }

func (i *memberImport) look(ctx context.Context, rows []*importRow) error {
	var p store.ListMembersReachedParams
	for _, row := range rows {
		if email := row.fields["email"]; email != "" {
			p.Emails = append(p.Emails, email)
		}
		if phone := row.fields["phone"]; phone != "" {
			p.Phones = append(p.Phones, phone)
		}
	}
	found, err := i.q.ListMembersReached(ctx, p)
	if err != nil {
		return fmt.Errorf("find members: %w", err)
	}
	i.members, i.phones, i.byReach = map[int64]store.Member{}, map[int64][]string{}, map[string]int64{}
	for _, f := range found {
		i.members[f.Member.ID] = f.Member
		i.byReach[strings.ToLower(f.Member.Email)] = f.Member.ID
		if f.Phone != "" {
			i.phones[f.Member.ID] = append(i.phones[f.Member.ID], f.Phone)
			i.byReach[f.Phone] = f.Member.ID
		}
	}
	return nil
}

// match finds a member by e-mail, else by phone.
func (i *memberImport) match(row *importRow) {
	email, phone := row.fields["email"], row.fields["phone"]
	for _, reach := range []string{email, phone} {
		if reach != "" {
			row.keys = append(row.keys, "member "+reach)
		}
	}
	if len(row.keys) == 0 {
		row.problem("E-mail", "", "E-mail and phone are missing. One of them is needed to know a person again.")
		return
	}
	var id int64
	if email != "" {
		id = i.byReach[email]
	}
	if byPhone := i.byReach[phone]; phone != "" && byPhone != 0 {
		if id != 0 && id != byPhone {
			row.problem("Phone", phone, fmt.Sprintf("This is the phone of %s.", i.members[byPhone].Name))
			return
		}
		id = byPhone
	}
	if id == 0 {
		if row.fields["roles"] == "" {
			row.problem("Roles", "", fmt.Sprintf("They are missing. The roles are %s.", joined(Roles(), "and")))
		}
		return
	}
	i.found(row, i.members[id])
}

func (i *memberImport) found(row *importRow, m store.Member) {
	switch m.State {
	case StateInactive, StateRefused:
		row.problem("", "", fmt.Sprintf("%s has left or was turned down. Bring them back with /callout team first.", m.Name))
		return
	case StateRequested:
		if row.fields["roles"] == "" {
			row.problem("Roles", "", fmt.Sprintf("They are missing: %s waits for approval.", m.Name))
			return
		}
	}
	if m.ID == i.actor.ID && row.fields["roles"] != "" && !contains(listed(row.fields["roles"]), Admin) {
		row.problem("Roles", row.fields["roles"], "You cannot take the role admin from yourself; another admin can.")
		return
	}
	row.id, row.version = m.ID, m.Version
	row.before = Fields{
		"name": m.Name, "email": strings.ToLower(m.Email), "roles": strings.Join(m.Roles, ", "), "timezone": m.Timezone, "skills": strings.Join(m.Skills, ", "),
		"territory": m.Territory, "capacity": strconv.Itoa(int(m.Capacity)),
	}
	if phone := row.fields["phone"]; contains(i.phones[m.ID], phone) {
		row.before["phone"] = phone
	}
	if m.State == StateRequested {
		row.before["roles"] = ""
	}
}

// write stores members one by one: they are few, and each is told.
func (i *memberImport) write(ctx context.Context, rows []*importRow) error {
	for _, row := range rows {
		if err := i.member(ctx, row); err != nil {
			return fmt.Errorf("member of row %d: %w", row.Number, err)
		}
	}
	return nil
}

func (i *memberImport) member(ctx context.Context, row *importRow) error {
	f := row.after
	m := i.members[row.id]
	if row.fresh {
		var err error
		m, err = i.q.InsertMember(ctx, store.InsertMemberParams{
			Name: f["name"], Search: Fold(f["name"]), Roles: []string{}, State: StateRequested, Timezone: i.Zone.String(), CreatedAt: i.Now(),
		})
		if err != nil {
			return fmt.Errorf("write member: %w", err)
		}
		i.touched[m.ID] = true
	}
	if f["email"] != row.before["email"] {
		if err := i.reachable(ctx, m.ID, "email", f["email"]); err != nil {
			return err
		}
	}
	if f["phone"] != row.before["phone"] {
		if err := i.reachable(ctx, m.ID, "sms", f["phone"]); err != nil {
			return err
		}
	}
	return i.decided(ctx, row, m)
}

func (i *memberImport) reachable(ctx context.Context, id int64, channel, address string) error {
	_, err := i.q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: id, Channel: channel, Address: address})
	if err != nil {
		return fmt.Errorf("add %s: %w", ChannelName(channel), err)
	}
	return nil
}

// decided writes what the file says of a member. Somebody who becomes one, or whose roles change, is told.
func (i *memberImport) decided(ctx context.Context, row *importRow, m store.Member) error {
	f, fresh := row.after, m.State != StateActive
	m.Name, m.Search, m.Email, m.Roles, m.State = f["name"], Fold(f["name"]), f["email"], listed(f["roles"]), StateActive
	m.Timezone, m.Skills, m.Territory = orText(f["timezone"], m.Timezone), listed(f["skills"]), f["territory"]
	if n, err := strconv.ParseInt(f["capacity"], 10, 32); err == nil {
		m.Capacity = int32(n)
	}
	a := i.actor
	if fresh {
		return i.saveDecision(ctx, i.tx, i.q, a, &m, "Welcome! You are a member now, as "+joined(m.Roles, "and")+". /callout help shows what you can do.")
	}
	if f["roles"] != row.before["roles"] {
		return i.saveDecision(ctx, i.tx, i.q, a, &m, "Your roles are now "+joined(m.Roles, "and")+".")
	}
	saved, err := i.q.UpdateMember(ctx, store.UpdateMemberParams{
		ID: m.ID, Version: m.Version, Name: m.Name, Search: m.Search, Email: m.Email, Roles: m.Roles, State: m.State, Timezone: m.Timezone,
		Skills: m.Skills, Territory: m.Territory, Capacity: m.Capacity, ApprovedBy: known(a.ID),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return refuse(Conflict, "Somebody else just changed %s, so nothing was imported. Please try again.", m.Name)
	}
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	return i.equip(ctx, i.q, saved)
}
