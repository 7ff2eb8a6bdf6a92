package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Limits of what is typed about holidays.
const (
	MaxHoliday  = 100 // characters of a name
	MaxHolidays = 400 // days at once
)

// ComingHolidays lists the days on which nobody works, from today on.
func (d *Desk) ComingHolidays(ctx context.Context, a Actor, most int) ([]store.Holiday, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return nil, err
	}
	rows, err := d.q.ListHolidays(ctx, store.ListHolidaysParams{First: d.Today(a), Max: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("list holidays: %w", err)
	}
	return rows, nil
}

// ParseHolidays reads holidays as people type them, one a line: a day, or the first and the last day with two dots between them,
// and a name. What is wrong is named by its line.
func ParseHolidays(text string) ([]store.Holiday, error) {
	var all []store.Holiday
	var bad []string
	for i, line := range strings.Split(clean(text), "\n") {
		line = strings.TrimSpace(bullet.ReplaceAllString(line, ""))
		if line == "" {
			continue
		}
		days, err := parseHoliday(line)
		if err != nil {
			bad = append(bad, fmt.Sprintf("Line %d: %s", i+1, textOf(err)))
		}
		all = append(all, days...)
	}
	switch {
	case len(bad) > 0:
		return nil, refuse(Invalid, "%s", linesOf(bad))
	case len(all) == 0:
		return nil, refuse(Invalid, "Write a holiday a line, such as: 2026-12-25 Christmas Day")
	case len(all) > MaxHolidays:
		return nil, refuse(Invalid, "Those are %d days; at most %d fit at once.", len(all), MaxHolidays)
	}
	return all, nil
}

func parseHoliday(line string) ([]store.Holiday, error) {
	days, name, _ := strings.Cut(line, " ")
	from, to, isRange := strings.Cut(strings.TrimSuffix(days, ":"), "..")
	if !isRange {
		to = from
	}
	first, err := time.Parse(dayKey, from)
	last, lastErr := time.Parse(dayKey, to)
	name = oneLine(name)
	switch {
	case err != nil || lastErr != nil || first.Year() < 2000 || last.Year() > 2200:
		return nil, refuse(Invalid, "“%s” is not a day that exists. Write it like 2026-12-25, and several in a row like 2026-12-24..2026-12-31.", shorten(days, 30))
	case last.Before(first):
		return nil, refuse(Invalid, "%s is before %s. Swap them.", to, from)
	case len([]rune(name)) > MaxHoliday:
		return nil, refuse(Invalid, "the name is too long; at most %d characters fit.", MaxHoliday)
	case daysBetween(first, last) > MaxHolidays:
		return nil, refuse(Invalid, "those are more than %d days.", MaxHolidays)
	}
	var all []store.Holiday
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		all = append(all, store.Holiday{Day: day, Name: name})
	}
	return all, nil
}

// AddHolidays adds the days that were typed, and moves what is due on them. It says how many days they are.
func (d *Desk) AddHolidays(ctx context.Context, a Actor, text string) (int, error) {
	if err := a.may(PlanMaintenance); err != nil {
		return 0, err
	}
	days, err := ParseHolidays(text)
	if err != nil {
		return 0, wrong("days", "%s", textOf(err))
	}
	err = d.changeHolidays(ctx, a, days, func(q *store.Queries, h store.Holiday) error {
		return q.PutHoliday(ctx, store.PutHolidayParams(h))
	})
	return len(days), err
}

// RemoveHoliday makes a day an ordinary one again.
func (d *Desk) RemoveHoliday(ctx context.Context, a Actor, day Day) error {
	if err := a.may(PlanMaintenance); err != nil {
		return err
	}
	return d.changeHolidays(ctx, a, []store.Holiday{{Day: day}}, func(q *store.Queries, h store.Holiday) error {
		_, err := q.DeleteHoliday(ctx, h.Day)
		return err
	})
}

// holidayReach is how many days around a holiday a due date may be that moves with it.
const holidayReach = 15

func (d *Desk) changeHolidays(ctx context.Context, a Actor, days []store.Holiday, fn func(*store.Queries, store.Holiday) error) error {
	return d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		first, last := days[0].Day, days[0].Day
		for _, h := range days {
			if err := fn(q, h); err != nil {
				return fmt.Errorf("write holiday: %w", err)
			}
			if h.Day.Before(first) {
				first = h.Day
			}
			last = later(last, h.Day)
		}
		plans, err := q.LockPlansAround(ctx, store.LockPlansAroundParams{First: first.AddDate(0, 0, -holidayReach), Last: last.AddDate(0, 0, holidayReach)})
		if err != nil {
			return fmt.Errorf("list plans around holidays: %w", err)
		}
		for _, p := range plans {
			if _, err := d.putDue(ctx, q, p); err != nil {
				return err
			}
		}
		return nil
	})
}
