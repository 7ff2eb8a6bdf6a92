package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/desk"
)

// books is everything of the company beside its calls: leads, quotes, visits, meters and maintenance, as the desk would have
// written it until a moment.
type books struct {
	now  time.Time
	zone *time.Location
	firm Firm
	rng  *rand.Rand

	happened []entry
	trips    []trip
	works    []work
	tables   []*table
}

// entry is one entry of the timeline of a record that is no call.
type entry struct {
	kind          string
	id            int64
	at            time.Time
	by            *int64
	via, what     string
	before, after string
	note          string
}

func newBooks(h past, now time.Time) (*books, error) {
	zone, err := time.LoadLocation(h.firm.Zone)
	if err != nil {
		return nil, fmt.Errorf("load time zone: %w", err)
	}
	return &books{now: now, zone: zone, firm: h.firm, rng: rand.New(rand.NewPCG(3, 1889))}, nil
}

// writeBooks writes what the company has beside its calls.
func writeBooks(ctx context.Context, tx pgx.Tx, h past, o Options, now time.Time) error {
	b, err := newBooks(h, now)
	if err != nil {
		return err
	}
	b.leads()
	if err := b.quotes(o); err != nil {
		return err
	}
	b.holidays()
	if err := b.upkeep(); err != nil {
		return err
	}
	b.visits(h)
	return copyAll(ctx, tx, append(b.tables, b.timeline())...)
}

// today is the day it is for the company.
func (b *books) today() time.Time { return desk.DayOf(b.now, b.zone) }

// clock is a time of day so many days ago; today's are never after now.
func (b *books) clock(daysAgo, hour, minute int) time.Time {
	today := b.now.In(b.zone)
	at := time.Date(today.Year(), today.Month(), today.Day()-daysAgo, hour, minute, 0, 0, b.zone).UTC()
	if daysAgo >= 0 && !at.Before(b.now) {
		return b.now.Add(-time.Duration(3+minute) * time.Minute)
	}
	return at
}

// inDays is the day so many days from today, negative for the past; never stands for no day.
func (b *books) inDays(days int) *time.Time {
	if days == never {
		return nil
	}
	day := b.today().AddDate(0, 0, days)
	return &day
}

const never = -9999

func (b *books) tell(e entry) { b.happened = append(b.happened, e) }

func (b *books) timeline() *table {
	slices.SortStableFunc(b.happened, func(x, y entry) int { return x.at.Compare(y.at) })
	t := newTable("event", "record", "record_id", "at", "member_id", "via", "kind", "before", "after", "note", "posted")
	for _, e := range b.happened {
		t.add(e.kind, e.id, e.at, e.by, e.via, e.what, e.before, e.after, e.note, true)
	}
	return t
}

// member is the id of somebody of the company, by their name in chat.
func (b *books) member(handle string) int64 {
	i := slices.IndexFunc(b.firm.Members, func(m Member) bool { return m.Handle == handle })
	return b.firm.Members[i].ID
}

func (b *books) customer(name string) *Customer {
	i := slices.IndexFunc(b.firm.Customers, func(c Customer) bool { return c.Name == name })
	return &b.firm.Customers[i]
}

// orNil is a reference, which 0 leaves empty.
func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// folded is what a record is found by.
func folded(texts ...string) string { return desk.Fold(strings.Join(texts, " ")) }
