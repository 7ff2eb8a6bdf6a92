package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// linkFor is how long a code links another chat platform.
const linkFor = 15 * time.Minute

// linkPrefix begins the keys of codes among what is put aside.
const linkPrefix = "link:"

// LinkCode makes a code with which the member says on another chat platform who they are. It is worth fifteen minutes, once.
func (d *Desk) LinkCode(ctx context.Context, a Actor) (string, error) {
	if err := a.active(); err != nil {
		return "", err
	}
	code := randomKey()[:12] // 60 bits: nobody guesses one in time
	if _, err := d.PutAside(ctx, linkKey(code), []byte(strconv.FormatInt(a.ID, 10))); err != nil {
		return "", err
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:], nil
}

// linkKey is under what a code is kept: what a database holds opens nothing.
func linkKey(code string) string {
	code = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), "-", ""))
	sum := sha256.Sum256([]byte(code))
	return linkPrefix + hex.EncodeToString(sum[:])
}

// Link makes a chat user somebody whom another platform knows already, and adds the chat to the ways that reach them.
func (d *Desk) Link(ctx context.Context, platform, userID, code string) (store.Member, error) {
	var m store.Member
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		body, err := q.TakeAside(ctx, store.TakeAsideParams{ID: linkKey(code), Since: d.Now().Add(-linkFor)})
		if errors.Is(err, pgx.ErrNoRows) {
			return refuse(Invalid, "That code is not (or no longer) worth anything. /callout link, where I know you, gives you a new one.")
		}
		if err != nil {
			return fmt.Errorf("read code: %w", err)
		}
		id, err := strconv.ParseInt(string(body), 10, 64)
		if err != nil {
			return fmt.Errorf("read code: %w", err)
		}
		if m, err = q.GetMember(ctx, id); err != nil {
			return fmt.Errorf("read member %d: %w", id, err)
		}
		if m.State != StateActive {
			return refuse(Forbidden, "%s is no active member.", m.Name)
		}
		return d.addChat(ctx, q, m.ID, platform, userID)
	})
	if err != nil {
		return m, fmt.Errorf("link chat user: %w", err)
	}
	return m, nil
}

// ReachFirst makes one of a member's ways the first on which they are told anything.
func (d *Desk) ReachFirst(ctx context.Context, a Actor, methodID int64) error {
	if err := a.active(); err != nil {
		return err
	}
	moved, err := d.q.PutContactFirst(ctx, store.PutContactFirstParams{ID: methodID, MemberID: a.ID})
	if err != nil {
		return fmt.Errorf("order contact methods: %w", err)
	}
	if moved == 0 {
		return wrong("first", "That is not one of your ways to be reached.")
	}
	return nil
}
