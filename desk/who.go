package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Who finds the member behind a chat user. Somebody named as an admin in the environment is one from the first contact on.
func (d *Desk) Who(ctx context.Context, platform, userID, name string) (store.Member, error) {
	m, err := d.q.GetMemberByChat(ctx, store.GetMemberByChatParams{Platform: platform, UserID: userID})
	if err == nil {
		return d.promote(ctx, m, userID, name)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return store.Member{}, fmt.Errorf("find member: %w", err)
	}
	if !slices.Contains(d.Admins, userID) {
		return store.Member{}, refuse(Unregistered, "I don't know you yet. Register with /callout me; an admin approves you.")
	}
	return d.firstAdmin(ctx, platform, userID, name)
}

// WhoTexts finds the member who proved to own a phone.
func (d *Desk) WhoTexts(ctx context.Context, phone string) (store.Member, error) {
	m, err := d.q.GetMemberByPhone(ctx, phone)
	if errors.Is(err, pgx.ErrNoRows) {
		return store.Member{}, refuse(Unregistered, "unknown number")
	}
	if err != nil {
		return store.Member{}, fmt.Errorf("find member by phone: %w", err)
	}
	now := d.Now()
	if err := d.q.PhoneAnswered(ctx, store.PhoneAnsweredParams{Now: &now, Address: phone}); err != nil {
		return store.Member{}, fmt.Errorf("prove phone: %w", err)
	}
	return m, nil
}

// EnsureAdmins makes everybody whom the environment names as an admin, on one platform, an active admin, so that the first
// registration reaches somebody.
func (d *Desk) EnsureAdmins(ctx context.Context, platform string) error {
	for _, userID := range d.Admins {
		if platformOf(userID) != platform {
			continue
		}
		if _, err := d.Who(ctx, platform, userID, ""); err != nil {
			return fmt.Errorf("add admin: %w", err)
		}
	}
	return nil
}

// platformOf tells from the looks of a user or channel id which platform it belongs to: Discord's are numbers.
func platformOf(id string) string {
	if strings.Trim(id, "0123456789") == "" {
		return "discord"
	}
	return "slack"
}

// promote makes a member an active admin whom the environment names as one, and gives them the name they go by.
func (d *Desk) promote(ctx context.Context, m store.Member, userID, name string) (store.Member, error) {
	named := name != "" && m.Name == userID
	if !slices.Contains(d.Admins, userID) || m.State == StateActive && contains(m.Roles, Admin) && !named {
		return m, nil
	}
	if named {
		m.Name = shorten(name, MaxName)
	}
	m.State = StateActive
	for _, role := range []Role{Admin, Dispatcher} {
		if !contains(m.Roles, role) {
			m.Roles = append(m.Roles, role)
		}
	}
	saved, err := d.q.UpdateMember(ctx, store.UpdateMemberParams{
		ID: m.ID, Version: m.Version, Name: m.Name, Search: Fold(m.Name), Email: m.Email, Roles: m.Roles, State: m.State,
		Timezone: m.Timezone, Skills: m.Skills, Territory: m.Territory, Capacity: m.Capacity,
	})
	if errors.Is(err, pgx.ErrNoRows) { // another request of theirs was faster
		saved, err = d.q.GetMember(ctx, m.ID)
	}
	if err != nil {
		return m, fmt.Errorf("make member %d an admin: %w", m.ID, err)
	}
	return saved, nil
}

func (d *Desk) firstAdmin(ctx context.Context, platform, userID, name string) (store.Member, error) {
	if name == "" {
		name = userID
	}
	var m store.Member
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		var err error
		m, err = q.InsertMember(ctx, store.InsertMemberParams{
			Name: shorten(name, MaxName), Search: Fold(name), Roles: []string{Admin, Dispatcher}, State: StateActive,
			Timezone: d.Zone.String(), CreatedAt: d.Now(),
		})
		if err != nil {
			return err
		}
		return d.addChat(ctx, q, m.ID, platform, userID)
	})
	if err != nil {
		if again, errAgain := d.q.GetMemberByChat(ctx, store.GetMemberByChatParams{Platform: platform, UserID: userID}); errAgain == nil {
			return again, nil // another request of theirs was faster
		}
		return store.Member{}, fmt.Errorf("add first admin: %w", err)
	}
	return m, nil
}
