package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// turnLimit is how many texts one phone gets at most in a time.
type turnLimit struct {
	most int
	in   time.Duration
	why  string
}

// turnLimits keep a phone from buzzing all day, and us from being taken for spam. What waits is bundled into one text.
var turnLimits = []turnLimit{
	{1, time.Minute, "a phone gets at most 1 text a minute"},
	{5, 15 * time.Minute, "a phone gets at most 5 texts in 15 minutes"},
	{11, time.Hour, "a phone gets at most 11 texts an hour"},
	{21, 3 * time.Hour, "a phone gets at most 21 texts in 3 hours"},
}

const (
	// inOrder is how long a text that the provider does not take yet holds those behind it up.
	inOrder = 10 * time.Minute
	// inOrderAgain is when one that is behind it looks again.
	inOrderAgain = 15 * time.Second
	// turnSkew is how far ahead another instance's clock may be. What is further ahead was written by a clock that was wrong.
	turnSkew = time.Minute
)

// Held says that a text waits until its turn comes.
type Held struct {
	NoticeID int64
	For      time.Duration
	Why      string
}

func (h *Held) Error() string {
	return fmt.Sprintf("notice %d waits %s: %s", h.NoticeID, h.For.Round(time.Second), h.Why)
}

// nextTurn is when a phone may get its next text, and what makes it wait. times are those of the last texts, the newest first.
func nextTurn(times []time.Time, now time.Time) (at time.Time, why string) {
	at = now
	for _, l := range turnLimits {
		if len(times) < l.most || times[l.most-1].After(now.Add(turnSkew)) {
			continue
		}
		if free := times[l.most-1].Add(l.in); free.After(at) {
			at, why = free, l.why
		}
	}
	return at, why
}

// takeTurn waits for nobody: the notice has its turn at its phone now, or it is put back and the error is Held. others says that
// texts are held for the same phone.
func (d *Desk) takeTurn(ctx context.Context, row store.TakeNoticeRow) (others bool, err error) {
	now := d.Now()
	p := store.TakeTurnParams{
		Now: now, NoticeID: row.Notice.ID, Address: row.Notice.Address, Urgent: row.Urgent, Soon: now.Add(turnSkew), InOrderSince: now.Add(-inOrder),
	}
	for _, l := range turnLimits {
		p.Most, p.Since = append(p.Most, int32(l.most)), append(p.Since, now.Add(-l.in))
		p.Kept = max(p.Kept, int32(l.most))
	}
	others, err = d.q.TakeTurn(ctx, p)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, d.hold(ctx, row)
	}
	if err != nil {
		return false, fmt.Errorf("take the turn of notice %d: %w", row.Notice.ID, err)
	}
	return others, nil
}

// errSaid says that a text needs no turn of its own any more: one that has its turn took it along.
var errSaid = errors.New("another text says it")

// hold puts a text back until its turn.
func (d *Desk) hold(ctx context.Context, row store.TakeNoticeRow) error {
	now := d.Now()
	turn, err := d.q.GetPhoneTurn(ctx, row.Notice.Address)
	if err != nil {
		return fmt.Errorf("read the turns of a phone: %w", err)
	}
	until, why := nextTurn(turn.Times, now)
	if why == "" {
		until, why = now.Add(inOrderAgain), "an earlier text to this phone has not left yet"
	}
	rows, err := d.q.HoldNotice(ctx, store.HoldNoticeParams{ID: row.Notice.ID, AskedAt: row.AskedBefore, Until: &until, Why: why})
	if err != nil {
		return fmt.Errorf("hold notice %d: %w", row.Notice.ID, err)
	}
	if rows == 0 {
		return errSaid
	}
	return &Held{NoticeID: row.Notice.ID, For: until.Sub(now), Why: why}
}

// bundle takes along what is held for the same phone; what has become stale meanwhile is dropped.
func (d *Desk) bundle(ctx context.Context, out *Outgoing, held []store.Notice) error {
	slices.SortFunc(held, func(x, y store.Notice) int { return int(x.ID - y.ID) })
	for _, n := range held {
		stale, err := d.stale(ctx, n)
		if err != nil {
			return err
		}
		if stale {
			if err := d.q.CancelNotice(ctx, n.ID); err != nil {
				return fmt.Errorf("drop notice %d: %w", n.ID, err)
			}
			continue
		}
		other, err := d.outgoing(ctx, n)
		if err != nil {
			return err
		}
		out.Others = append(out.Others, *other)
	}
	return nil
}

// Bundled keeps what a text says that carries others along, before it is handed to the provider: it can be looked up and sent again
// just so. What did not fit waits for the next turn.
func (d *Desk) Bundled(ctx context.Context, id int64, said string, taken []int64) error {
	until := d.Now().Add(turnLimits[0].in)
	return d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		if err := q.SayBundle(ctx, store.SayBundleParams{ID: id, Said: said}); err != nil {
			return fmt.Errorf("keep the text of notice %d: %w", id, err)
		}
		if err := q.Unbundle(ctx, store.UnbundleParams{Lead: id, But: taken, Until: &until}); err != nil {
			return fmt.Errorf("let go what does not fit into notice %d: %w", id, err)
		}
		return nil
	})
}

// stale reports whether what a notice says is true no more, although it was when it was owed.
func (d *Desk) stale(ctx context.Context, n store.Notice) (bool, error) {
	if n.ChangeID != nil {
		if undone, err := d.q.IsUndone(ctx, *n.ChangeID); err != nil || undone {
			return undone, err
		}
	}
	if n.CustomerContactID != nil {
		return d.informStale(ctx, n)
	}
	switch n.Kind {
	case noticeOffer:
		open, err := offerOpen(ctx, d.q, n.OfferID)
		return !open, err
	case noticeNudge, noticeUnowned, noticeUnassigned:
		if n.CallID == nil {
			return false, nil
		}
		call, err := d.q.GetCall(ctx, *n.CallID)
		if err != nil {
			return false, fmt.Errorf("read call of notice %d: %w", n.ID, err)
		}
		waits := call.Progress == Unassigned || call.Progress == Offered
		if n.Kind == noticeNudge {
			waits = call.Progress == Accepted
		}
		return call.Status != Pending || !waits, nil
	}
	return false, nil
}
