package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/robfig/cron/v3"

	"callout/store"
)

// NewSchedule asks for a report again and again.
type NewSchedule struct {
	ReportRequest
	Every string // such as "monday 08:00", "weekday 7:30", "day 18:00", "month 09:00"
}

// everyHelp says what a schedule may be.
const everyHelp = "Write day, weekday, month (its first day) or a day of the week, and a time, such as “monday 08:00”."

var every = regexp.MustCompile(`^(?:every\s+)?([a-z]+?)s?\s+(?:at\s+)?(\S+)$`)

// ParseEvery turns what a person types into a cron line.
func ParseEvery(text string) (string, error) {
	bad := wrong("every", "“%s” is not a schedule. %s", shorten(text, 40), everyHelp)
	m := every.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return "", bad
	}
	at, err := ParseUntil(m[2], time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Second), time.UTC)
	if err != nil {
		return "", wrong("every", "“%s” is not a time of day. %s", shorten(m[2], 20), everyHelp)
	}
	clockPart := fmt.Sprintf("%d %d", at.Minute(), at.Hour())
	switch m[1] {
	case "day":
		return clockPart + " * * *", nil
	case "weekday":
		return clockPart + " * * 1-5", nil
	case "month":
		return clockPart + " 1 * *", nil
	}
	for name, day := range weekdays {
		if strings.HasPrefix(name, m[1]) && len(m[1]) >= 3 {
			return fmt.Sprintf("%s * * %d", clockPart, day), nil
		}
	}
	return "", bad
}

// nextRun is the first time after now that a cron line names in a zone. A wall-clock time that comes twice in the autumn
// counts once: last is when it ran before.
func nextRun(line string, last, now time.Time, zone *time.Location) (time.Time, error) {
	schedule, err := cron.ParseStandard(line)
	if err != nil {
		return time.Time{}, fmt.Errorf("parse schedule %q: %w", line, err)
	}
	const wall = "2006-01-02 15:04"
	next := schedule.Next(now.In(zone))
	for !next.IsZero() && next.Format(wall) == last.In(zone).Format(wall) {
		next = schedule.Next(next)
	}
	if next.IsZero() {
		return next, fmt.Errorf("schedule %q never comes", line)
	}
	return next, nil
}

// ScheduleReport stores a report that comes by itself.
func (d *Desk) ScheduleReport(ctx context.Context, a Actor, in NewSchedule) (store.ReportSchedule, error) {
	var s store.ReportSchedule
	if err := a.may(Schedule); err != nil {
		return s, err
	}
	if err := d.checkReport(ctx, a, in.Kind, in.Filters); err != nil {
		return s, err
	}
	line, err := ParseEvery(in.Every)
	if err != nil {
		return s, err
	}
	now, zone := d.Now(), d.ZoneOf(a.Member)
	next, err := nextRun(line, time.Time{}, now, zone)
	if err != nil {
		return s, err
	}
	s.NextRunAt = next // what the same delivery again is told
	err = d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		var err error
		s, err = q.InsertReportSchedule(ctx, store.InsertReportScheduleParams{
			Kind: in.Kind, Filters: in.Filters, Cron: line, Timezone: zone.String(), Platform: in.Platform, Channel: in.Channel,
			CreatedBy: a.ID, CreatedAt: now, NextRunAt: next,
		})
		return err
	})
	if err != nil {
		return s, fmt.Errorf("store schedule: %w", err)
	}
	return s, nil
}

// Schedules lists the reports that come by themselves, the next one first.
func (d *Desk) Schedules(ctx context.Context, a Actor) ([]store.ListReportSchedulesRow, error) {
	if err := a.may(MakeReports); err != nil {
		return nil, err
	}
	return d.q.ListReportSchedules(ctx)
}

// StopSchedule ends a report that comes by itself.
func (d *Desk) StopSchedule(ctx context.Context, a Actor, id int64) error {
	if err := a.may(Schedule); err != nil {
		return err
	}
	if _, err := d.q.StopSchedule(ctx, id); err != nil {
		return fmt.Errorf("stop schedule %d: %w", id, err)
	}
	return nil
}

// runSchedules owes every report whose time has come, once, however often it was missed.
func (d *Desk) runSchedules(ctx context.Context) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		now := d.Now()
		due, err := q.ListDueSchedules(ctx, now)
		if err != nil {
			return fmt.Errorf("list due schedules: %w", err)
		}
		for _, s := range due {
			if err := d.runSchedule(ctx, tx, q, s, now); err != nil {
				return fmt.Errorf("run schedule %d: %w", s.ID, err)
			}
		}
		return nil
	})
}

func (d *Desk) runSchedule(ctx context.Context, tx pgx.Tx, q *store.Queries, s store.ReportSchedule, now time.Time) error {
	_, err := d.oweReport(ctx, tx, q, store.InsertReportRunParams{
		ScheduleID: &s.ID, DueAt: s.NextRunAt, Kind: s.Kind, Filters: s.Filters, Platform: s.Platform, Channel: s.Channel,
		RequestedBy: s.CreatedBy, CreatedAt: now,
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) { // no row: this due time has its run already
		return err
	}
	next, err := nextRun(s.Cron, s.NextRunAt, now, zoneOr(s.Timezone, d.Zone))
	if err != nil {
		return err
	}
	return q.SetScheduleNext(ctx, store.SetScheduleNextParams{ID: s.ID, NextRunAt: next})
}
