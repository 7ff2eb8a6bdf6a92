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
)

// uniqueViolation is Postgres' error code for a row that is there already:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const uniqueViolation = "23505"

// addPhone adds a phone and owes it a code. The person is reached by SMS only after the code came back.
func (d *Desk) addPhone(ctx context.Context, tx pgx.Tx, q *store.Queries, memberID int64, phone string) error {
	if err := q.DropOtherPhones(ctx, store.DropOtherPhonesParams{MemberID: memberID, Address: phone}); err != nil {
		return fmt.Errorf("drop unproven phones: %w", err)
	}
	method, err := q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: memberID, Channel: "sms", Address: phone})
	if err != nil {
		return fmt.Errorf("add phone: %w", err)
	}
	if method.VerifiedAt != nil || !d.has("sms") {
		return nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("make code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	expires := d.Now().Add(codeLife)
	err = q.SetContactCode(ctx, store.SetContactCodeParams{ID: method.ID, CodeHash: codeHash(method.ID, code), CodeExpiresAt: &expires})
	if err != nil {
		return fmt.Errorf("store code: %w", err)
	}
	return d.owe(ctx, tx, q, owed{kind: noticeCode, memberID: memberID, body: NoticeBody{Text: code}}, []store.ContactMethod{method})
}

func codeHash(methodID int64, code string) string {
	sum := sha256.Sum256([]byte(strconv.FormatInt(methodID, 10) + ":" + code))
	return hex.EncodeToString(sum[:])
}

// ChangePhone adds or replaces the member's phone and sends a new code to it.
func (d *Desk) ChangePhone(ctx context.Context, a Actor, typed string) error {
	phone, err := Phone(clean(typed), d.Country)
	if err != nil {
		p := problems{}
		p.add("phone", err)
		return p.err()
	}
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		return d.addPhone(ctx, tx, q, a.ID, phone)
	})
	if err != nil {
		return fmt.Errorf("change phone: %w", err)
	}
	return nil
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
		return wrong("code", "That was tried too often. Ask for a new code.")
	case method.CodeExpiresAt == nil || d.Now().After(*method.CodeExpiresAt):
		return wrong("code", "That code is too old. Ask for a new one.")
	case subtle.ConstantTimeCompare([]byte(codeHash(method.ID, digits(code))), []byte(method.CodeHash)) != 1:
		return wrong("code", "That is not the code we sent to %s. Look at the latest text message.", PhoneShown(method.Address))
	}
	now := d.Now()
	err = d.q.VerifyContactMethod(ctx, store.VerifyContactMethodParams{ID: method.ID, VerifiedAt: &now})
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == uniqueViolation {
		return wrong("code", "%s belongs to another member already. Use a phone of your own.", PhoneShown(method.Address))
	}
	if err != nil {
		return fmt.Errorf("verify phone: %w", err)
	}
	return nil
}
