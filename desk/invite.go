package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// inviteLife is how long an invitation by text can be answered.
const inviteLife = 7 * 24 * time.Hour

// invite owes the owner of an unproven phone one text: who added them, and a code to answer with. Not YES and the like: Twilio
// keeps those to itself.
func (d *Desk) invite(ctx context.Context, tx pgx.Tx, q *store.Queries, a Actor, m store.Member) error {
	phone, err := q.GetUnprovenPhone(ctx, m.ID)
	if err != nil {
		return found(err, "%s has no phone that waits to be proven.", m.Name)
	}
	if phone.DisabledAt != nil {
		return refuse(Conflict, "%s can't be texted: %s.", m.Name, cmp.Or(phone.DisabledReason, "the number does not work"))
	}
	if err := d.limitCodes(ctx, q, m.ID, phone.Address); err != nil {
		return refuse(Conflict, "%s was texted enough for now. Try again later.", m.Name)
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("make code: %w", err)
	}
	code, now := fmt.Sprintf("%06d", n), d.Now()
	expires := now.Add(inviteLife)
	err = q.SetInvitation(ctx, store.SetInvitationParams{
		ID: phone.ID, CodeHash: codeHash(phone.ID, code), CodeExpiresAt: &expires, InvitedBy: known(a.ID), InvitedAt: &now,
	})
	if err != nil {
		return fmt.Errorf("store invitation: %w", err)
	}
	text := fmt.Sprintf("%s added you to Callout at %s, as %s. Answer %s to get calls on this phone. Not you? Ignore this, or answer STOP.",
		shorten(a.Name, 40), shorten(d.Company, 40), joined(m.Roles, "and"), code)
	return d.owe(ctx, tx, q, owed{kind: noticeCode, memberID: m.ID, body: NoticeBody{Text: text}}, []store.ContactMethod{phone})
}

// Invitable is an active member whose phone nobody has proven.
type Invitable = store.ListInvitableRow

// Invitable lists whom an admin can invite by text.
func (d *Desk) Invitable(ctx context.Context, a Actor) ([]Invitable, error) {
	if err := a.may(ApproveMember); err != nil {
		return nil, err
	}
	if !d.has("sms") {
		return nil, nil
	}
	list, err := d.q.ListInvitable(ctx)
	if err != nil {
		return nil, fmt.Errorf("list who can be invited: %w", err)
	}
	return list, nil
}

// Invite sends each of these members one text that asks them to prove their phone. It returns how many, and why others were not
// texted: one who can't be does not keep the others from it.
func (d *Desk) Invite(ctx context.Context, a Actor, ids []int64) (sent int, problems []string, err error) {
	if err := a.may(ApproveMember); err != nil {
		return 0, nil, err
	}
	if len(ids) == 0 {
		return 0, nil, wrong("members", "Choose at least one person.")
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		one := a
		if one.Key != "" {
			one.Key = fmt.Sprintf("%s:%d", a.Key, id)
		}
		err := d.change(ctx, one, Record{Kind: MemberRecord, ID: id}, func(ctx context.Context, c *change) error {
			m, err := c.q.GetMember(ctx, id)
			if err != nil {
				return found(err, "There is no member %d.", id)
			}
			return c.invite(ctx, c.tx, c.q, a, m)
		})
		var refused *Error
		switch {
		case errors.As(err, &refused):
			problems = append(problems, refused.Text)
		case err != nil:
			return sent, problems, err
		default:
			sent++
		}
	}
	return sent, problems, nil
}

// Proof is what became of a text from a phone that nobody had proven.
type Proof int

// What a text from an unproven phone can be.
const (
	ProofUnknown Proof = iota // nobody waits for anything from that phone
	ProofWrong                // somebody was invited there, and answered something else
	ProofGood                 // the code: the phone is proven
)

// ProveByText checks the code that somebody texts from the phone it was sent to, on an invitation or when they registered in chat.
func (d *Desk) ProveByText(ctx context.Context, phone, text string) (Proof, store.Member, error) {
	now := d.Now()
	waiting, err := d.q.ListWaitingPhones(ctx, store.ListWaitingPhonesParams{Phone: phone, Now: &now})
	if err != nil {
		return ProofUnknown, store.Member{}, fmt.Errorf("look for invitations: %w", err)
	}
	code := digits(shorten(text, 60))
	outcome, member := ProofUnknown, store.Member{}
	for _, method := range waiting {
		if method.InvitedBy != nil {
			outcome = ProofWrong
		}
		if len(code) != 6 {
			continue
		}
		tries, err := d.q.CountContactTry(ctx, method.ID)
		if err != nil {
			return ProofUnknown, member, fmt.Errorf("count try: %w", err)
		}
		if tries > codeTries || subtle.ConstantTimeCompare([]byte(codeHash(method.ID, code)), []byte(method.CodeHash)) != 1 {
			continue
		}
		return d.proven(ctx, method)
	}
	return outcome, member, nil
}

// proven puts a phone to use that its owner answered from, and tells who invited them.
func (d *Desk) proven(ctx context.Context, method store.ContactMethod) (Proof, store.Member, error) {
	if err := d.phoneProven(ctx, method); err != nil {
		return ProofWrong, store.Member{}, err
	}
	m, err := d.Member(ctx, method.MemberID)
	if err != nil || method.InvitedBy == nil {
		return ProofGood, m, err
	}
	text := fmt.Sprintf("%s proved their phone: calls reach them by text message now.", m.Name)
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		return d.tell(ctx, tx, q, owed{kind: noticeWelcome, memberID: *method.InvitedBy, body: NoticeBody{Text: text}})
	})
	return ProofGood, m, err
}
