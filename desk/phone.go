package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"callout/store"
)

// A code that proves a phone lives this long and may be tried this often.
const (
	codeLife  = 15 * time.Minute
	codeTries = 5
	codePause = time.Minute // between two codes to one person, or to one phone
	codesADay = 5
)

// uniqueViolation is Postgres' error code for a row that is there already:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const uniqueViolation = "23505"

// addPhone adds a phone and owes it a code; the first result tells whether one is on its way. The person is reached by SMS only
// after the code came back. Tries count on while an earlier code lives.
func (d *Desk) addPhone(ctx context.Context, tx pgx.Tx, q *store.Queries, memberID int64, phone string) (bool, error) {
	if err := q.DropOtherPhones(ctx, store.DropOtherPhonesParams{MemberID: memberID, Address: phone}); err != nil {
		return false, fmt.Errorf("drop unproven phones: %w", err)
	}
	method, err := q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: memberID, Channel: "sms", Address: phone})
	if err != nil {
		return false, fmt.Errorf("add phone: %w", err)
	}
	if method.VerifiedAt != nil || !d.has("sms") {
		return false, nil
	}
	if err := d.limitCodes(ctx, q, memberID, phone); err != nil {
		return false, err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return false, fmt.Errorf("make code: %w", err)
	}
	code, now := fmt.Sprintf("%06d", n), d.Now()
	expires := now.Add(codeLife)
	err = q.SetContactCode(ctx, store.SetContactCodeParams{ID: method.ID, CodeHash: codeHash(method.ID, code), CodeExpiresAt: &expires, Now: &now})
	if err != nil {
		return false, fmt.Errorf("store code: %w", err)
	}
	err = d.owe(ctx, tx, q, owed{kind: noticeCode, memberID: memberID, body: NoticeBody{Text: code}}, []store.ContactMethod{method})
	return err == nil, err
}

// limitCodes keeps anybody from having many texts sent to whatever phone they type.
func (d *Desk) limitCodes(ctx context.Context, q *store.Queries, memberID int64, phone string) error {
	now := d.Now()
	sent, err := q.CountCodes(ctx, store.CountCodesParams{
		MemberID: &memberID, Address: phone, DaySince: now.Add(-24 * time.Hour), PauseSince: now.Add(-codePause),
	})
	switch {
	case err != nil:
		return fmt.Errorf("count codes: %w", err)
	case sent.Today >= codesADay:
		return wrong("phone", "That were enough codes for one day. Try again tomorrow, or ask your admin.")
	case sent.JustNow > 0:
		return wrong("phone", "I sent a code a moment ago. Wait a minute before you ask for another.")
	}
	return nil
}

func codeHash(methodID int64, code string) string {
	sum := sha256.Sum256([]byte(strconv.FormatInt(methodID, 10) + ":" + code))
	return hex.EncodeToString(sum[:])
}

// ChangePhone sends a code to a new phone of the member, or a new one to the phone that waits for it; the new phone takes the
// place of the old one when it is proven. The first result tells whether a code is on its way.
func (d *Desk) ChangePhone(ctx context.Context, a Actor, typed string) (codeSent bool, err error) {
	if err := a.mayProve(); err != nil {
		return false, err
	}
	phone, err := Phone(clean(typed), d.Country)
	if err != nil {
		p := problems{}
		p.add("phone", err)
		return false, p.err()
	}
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		fresh, err := d.claim(ctx, q, a)
		if err != nil {
			return err
		}
		if !fresh {
			codeSent = d.has("sms") // as it was answered the first time
			return nil
		}
		codeSent, err = d.addPhone(ctx, tx, q, a.ID, phone)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("change phone: %w", err)
	}
	return codeSent, nil
}

// mayProve lets those prove a phone who are members or wait to be.
func (a Actor) mayProve() error {
	if a.State == StateRequested {
		return nil
	}
	return a.active()
}

// UnprovenPhone returns the phone of a member that waits for its code; false if there is none.
func (d *Desk) UnprovenPhone(ctx context.Context, memberID int64) (store.ContactMethod, bool, error) {
	methods, err := d.ContactMethods(ctx, memberID)
	if err != nil {
		return store.ContactMethod{}, false, err
	}
	for _, m := range methods {
		if m.Channel == "sms" && m.VerifiedAt == nil {
			return m, true, nil
		}
	}
	return store.ContactMethod{}, false, nil
}

// ProvePhone checks the code that was sent to the member's phone.
func (d *Desk) ProvePhone(ctx context.Context, a Actor, code string) error {
	if err := a.mayProve(); err != nil {
		return err
	}
	method, waiting, err := d.UnprovenPhone(ctx, a.ID)
	if err != nil {
		return err
	}
	if !waiting {
		return nil // proven before: the same answer again
	}
	tries, err := d.q.CountContactTry(ctx, method.ID)
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	switch {
	case tries > codeTries:
		return wrong("code", "That was tried too often. Ask for a new code in a quarter of an hour.")
	case method.CodeExpiresAt == nil || d.Now().After(*method.CodeExpiresAt):
		return wrong("code", "That code is too old. Ask for a new one.")
	case subtle.ConstantTimeCompare([]byte(codeHash(method.ID, digits(code))), []byte(method.CodeHash)) != 1:
		return wrong("code", "That is not the code we sent to %s. Look at the latest text message.", PhoneShown(method.Address))
	}
	return d.phoneProven(ctx, method)
}

// phoneProven puts a proven phone in the place of every other one of the member: an old one may be somebody else's tomorrow.
func (d *Desk) phoneProven(ctx context.Context, method store.ContactMethod) error {
	now := d.Now()
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		if err := q.VerifyContactMethod(ctx, store.VerifyContactMethodParams{ID: method.ID, VerifiedAt: &now}); err != nil {
			return err
		}
		if err := q.BlankCodes(ctx, &method.ID); err != nil {
			return err
		}
		return q.ReplacePhones(ctx, store.ReplacePhonesParams{MemberID: method.MemberID, ID: method.ID, Address: method.Address})
	})
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == uniqueViolation {
		return wrong("code", "%s belongs to another member already. Use a phone of your own.", PhoneShown(method.Address))
	}
	if err != nil {
		return fmt.Errorf("verify phone: %w", err)
	}
	return nil
}
