package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/desk"
)

// writeDuty writes what is under way about duty: Aoife asks to be covered, and Luca waits for time off to be approved.
func writeDuty(ctx context.Context, tx pgx.Tx, firm Firm, o Options, now time.Time) error {
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		return fmt.Errorf("load time zone: %w", err)
	}
	by := map[string]Member{}
	for _, m := range firm.Members {
		by[m.Handle] = m
	}
	if err := askCover(ctx, tx, by["aoife"], workDayAfter(now.In(zone).AddDate(0, 0, 3)), o, now); err != nil {
		return err
	}
	first := workDayAfter(now.In(zone).AddDate(0, 0, 14))
	_, err = tx.Exec(ctx, `INSERT INTO time_off (member_id, starts_at, ends_at, reason, created_at, state) VALUES ($1, $2, $3, $4, $5, $6)`,
		by["luca"].ID, first, first.AddDate(0, 0, 3), "Three days at the sea with the family", now.Add(-20*time.Hour), desk.OffAsked)
	if err != nil {
		return fmt.Errorf("write time off: %w", err)
	}
	return nil
}

// workDayAfter is the beginning of a day, or of the next working day after it.
func workDayAfter(t time.Time) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// askCover asks for somebody's hours on a working day. Its card looks as if its worker had died before it was posted, as those of
// calls do.
func askCover(ctx context.Context, tx pgx.Tx, m Member, day time.Time, o Options, now time.Time) error {
	var spans []desk.Span
	for _, r := range m.rules() {
		if r.weekday == int32(day.Weekday()) && !r.onCall {
			at := func(minute int32) time.Time {
				return time.Date(day.Year(), day.Month(), day.Day(), 0, int(minute), 0, 0, day.Location())
			}
			spans = append(spans, desk.Span{From: at(r.starts).UTC(), To: at(r.ends).UTC()})
		}
	}
	encoded, err := json.Marshal(spans)
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	var id int64
	err = tx.QueryRow(ctx, `INSERT INTO duty_swap (member_id, starts_at, ends_at, spans, words, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		m.ID, spans[0].From, spans[len(spans)-1].To, encoded, "My daughter starts school that day.", now.Add(-3*time.Hour)).Scan(&id)
	if err != nil {
		return fmt.Errorf("write swap: %w", err)
	}
	if o.CallsChannel == "" {
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO card (record, record_id, platform, channel, leased_until) VALUES ($1, $2, 'slack', $3, $4)`,
		desk.SwapRecord, id, o.CallsChannel, now.Add(-time.Minute))
	if err != nil {
		return fmt.Errorf("write card of swap: %w", err)
	}
	return nil
}
