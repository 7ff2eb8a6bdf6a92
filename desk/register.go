package desk

import (
	"context"
	"fmt"
	"net/mail"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Registration is what an unknown person fills in.
type Registration struct {
	Platform string
	UserID   string
	Name     string
	Email    string
	Phone    string
	Timezone string // IANA name from the chat platform; empty means the company's
}

// Register stores somebody who wants to be a member, sends a code to their phone and asks the admins. The second result
// tells whether a code is on its way.
func (d *Desk) Register(ctx context.Context, r Registration) (m store.Member, codeSent bool, err error) {
	if err := d.checkRegistration(&r); err != nil {
		return store.Member{}, false, err
	}
	if err := d.EnsureAdmins(ctx, r.Platform); err != nil {
		return store.Member{}, false, err
	}
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		var err error
		m, err = q.InsertMember(ctx, store.InsertMemberParams{
			Name: r.Name, Search: Fold(r.Name), Email: r.Email, Roles: []string{}, State: StateRequested, Timezone: r.Timezone, CreatedAt: d.Now(),
		})
		if err != nil {
			return fmt.Errorf("write member: %w", err)
		}
		if err := d.addChat(ctx, q, m.ID, r.Platform, r.UserID); err != nil {
			return err
		}
		if r.Phone != "" {
			// Too many codes are no reason to turn anybody away: they ask for one later.
			if codeSent, err = d.addPhone(ctx, tx, q, m.ID, r.Phone); err != nil && CodeOf(err) == "" {
				return err
			}
		}
		if r.Email != "" {
			email := store.PutContactMethodParams{MemberID: m.ID, Channel: "email", Address: r.Email}
			if _, err := q.PutContactMethod(ctx, email); err != nil {
				return fmt.Errorf("add e-mail: %w", err)
			}
		}
		return d.tellAll(ctx, tx, q, Admin, owed{kind: noticeRegister, body: NoticeBody{
			Text: m.Name + " asks to join.", Ref: strconv.FormatInt(m.ID, 10),
		}})
	})
	if err != nil {
		return store.Member{}, false, fmt.Errorf("register: %w", err)
	}
	return m, codeSent, nil
}

func (d *Desk) checkRegistration(r *Registration) error {
	p := problems{}
	r.Name, r.Email, r.Phone = clean(r.Name), clean(r.Email), clean(r.Phone)
	p.add("name", limited("The name", r.Name, 1, MaxName))
	email, err := Email(r.Email)
	p.add("email", err)
	r.Email = email
	if r.Phone != "" {
		phone, err := Phone(r.Phone, d.Country)
		p.add("phone", err)
		r.Phone = phone
	}
	r.Timezone = zoneOr(r.Timezone, d.Zone).String()
	return p.err()
}

// Recognise finds the member whom an admin brought along before they first wrote, by the e-mail address that their platform
// has confirmed, and links the two. False leaves them a stranger: no such member, or several.
func (d *Desk) Recognise(ctx context.Context, platform, userID, email string) (bool, error) {
	if email == "" {
		return false, nil
	}
	known := false
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		members, err := q.ListMembersToLink(ctx, store.ListMembersToLinkParams{Email: email, Platform: platform})
		if err != nil || len(members) != 1 {
			return err
		}
		known = true
		return d.addChat(ctx, q, members[0].ID, platform, userID)
	})
	if CodeOf(err) == Conflict { // another request of theirs was faster
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("recognise member: %w", err)
	}
	return known, nil
}

// Email checks an e-mail address; an empty one is fine.
func Email(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Name != "" || !strings.Contains(a.Address[strings.LastIndex(a.Address, "@")+1:], ".") {
		return "", refuse(Invalid, "“%s” is not an e-mail address. Type it like name@example.com.", shorten(typed, 60))
	}
	return strings.ToLower(a.Address), nil
}
