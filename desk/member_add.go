package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// NewMember is somebody whom an admin brings along. They need no chat: a phone or an e-mail address is enough.
type NewMember struct {
	Name  string
	Phone string
	Email string
	Roles []string
	Zone  string // IANA name; empty means the company's
}

// AddMember makes somebody a member with roles. Their e-mail counts as vouched for; to their phone goes one text that says who
// added them and asks them to prove it. The second result tells whether that is on its way.
func (d *Desk) AddMember(ctx context.Context, a Actor, in NewMember) (m store.Member, invited bool, err error) {
	if err := a.may(ApproveMember); err != nil {
		return m, false, err
	}
	if err := d.checkMember(ctx, &in); err != nil {
		return m, false, err
	}
	id, err := d.create(ctx, a, MemberRecord, func(ctx context.Context, c *change) error {
		m, err := c.q.InsertMember(ctx, store.InsertMemberParams{
			Name: in.Name, Search: Fold(in.Name), Email: in.Email, Roles: in.Roles, State: StateActive, Timezone: in.Zone, CreatedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write member: %w", err)
		}
		c.record.ID = m.ID
		return c.reachable(ctx, &m, in)
	})
	if err != nil {
		return m, false, err
	}
	if m, err = d.Member(ctx, id); err != nil {
		return m, false, err
	}
	return m, in.Phone != "" && d.has("sms"), nil
}

// checkMember refuses, on its field, what is wrong with a new member, and puts the rest into its form.
func (d *Desk) checkMember(ctx context.Context, in *NewMember) error {
	p := problems{}
	in.Name, in.Zone = clean(in.Name), clean(in.Zone)
	p.add("name", limited("The name", in.Name, 1, MaxName))
	email, err := Email(clean(in.Email))
	p.add("email", err)
	in.Email = email
	if in.Phone = clean(in.Phone); in.Phone != "" {
		phone, err := Phone(in.Phone, d.Country)
		p.add("phone", err)
		in.Phone = phone
	}
	switch {
	case len(p) > 0:
	case in.Phone == "" && in.Email == "":
		p["phone"] = "Give a phone or an e-mail address: nothing else reaches somebody who is not in chat."
	case in.Email == "" && !d.has("sms"):
		p["phone"] = "Text messages are not set up here, so a phone alone reaches nobody. Add an e-mail address too."
	}
	if len(in.Roles) == 0 {
		p["roles"] = "Choose at least one role."
	}
	for _, role := range in.Roles {
		if !contains(Roles(), role) {
			p["roles"] = fmt.Sprintf("“%s” is no role. The roles are %s.", shorten(role, 20), joined(Roles(), "and"))
		}
	}
	if in.Zone == "" {
		in.Zone = d.Zone.String()
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
		p["zone"] = fmt.Sprintf("“%s” is no time zone. Write it like Europe/London or America/New_York.", shorten(in.Zone, 40))
	}
	if err := p.err(); err != nil {
		return err
	}
	return d.checkTaken(ctx, *in)
}

// checkTaken refuses an address that is somebody's already: whoever answers from it would be two people.
func (d *Desk) checkTaken(ctx context.Context, in NewMember) error {
	p := problems{}
	owner, err := d.q.GetMemberByPhone(ctx, in.Phone)
	switch {
	case err == nil:
		p["phone"] = fmt.Sprintf("%s belongs to %s already.", PhoneShown(in.Phone), owner.Name)
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("find owner of phone: %w", err)
	}
	owner, err = d.q.GetMemberByEmail(ctx, in.Email)
	switch {
	case err == nil:
		p["email"] = fmt.Sprintf("%s belongs to %s already. /callout team shows them.", in.Email, owner.Name)
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("find owner of e-mail: %w", err)
	}
	return p.err()
}

// reachable adds the ways to reach a new member, welcomes them by e-mail and invites them by text.
func (c *change) reachable(ctx context.Context, m *store.Member, in NewMember) error {
	for _, way := range []struct{ channel, address string }{{"sms", in.Phone}, {"email", in.Email}} { // in this order
		if way.address == "" {
			continue
		}
		_, err := c.q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: m.ID, Channel: way.channel, Address: way.address})
		if err != nil {
			return fmt.Errorf("add way to reach member: %w", err)
		}
	}
	text := fmt.Sprintf("%s added you to Callout, as %s. What is asked of you comes to this address.", c.actor.Name, joined(in.Roles, "and"))
	if in.Phone != "" && c.has("sms") {
		text += " It comes to your phone instead as soon as you answer the text message that I sent there."
	}
	if err := c.saveDecision(ctx, c.tx, c.q, c.actor, m, text); err != nil {
		return err
	}
	if in.Phone == "" || !c.has("sms") {
		return nil
	}
	return c.invite(ctx, c.tx, c.q, c.actor, *m)
}

// ChangePhoneOf gives a member another phone, for who cannot do it in chat. It takes the place of the old one when they have
// answered the text that is sent there.
func (d *Desk) ChangePhoneOf(ctx context.Context, a Actor, memberID int64, typed string) error {
	if err := a.may(ApproveMember); err != nil {
		return err
	}
	p := problems{}
	phone, err := Phone(clean(typed), d.Country)
	p.add("phone", err)
	if err == nil && !d.has("sms") {
		p["phone"] = "Text messages are not set up here, so nobody could prove a phone."
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := d.checkTaken(ctx, NewMember{Phone: phone}); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: MemberRecord, ID: memberID}, func(ctx context.Context, c *change) error {
		m, err := c.q.GetMember(ctx, memberID)
		if err != nil {
			return found(err, "There is no member %d.", memberID)
		}
		if err := c.q.DropOtherPhones(ctx, store.DropOtherPhonesParams{MemberID: memberID, Address: phone}); err != nil {
			return fmt.Errorf("drop unproven phones: %w", err)
		}
		_, err = c.q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: memberID, Channel: "sms", Address: phone})
		if err != nil {
			return fmt.Errorf("add phone: %w", err)
		}
		return c.invite(ctx, c.tx, c.q, c.actor, m)
	})
}
