package desk

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateHelp says what a date may be.
const dateHelp = "Write a day such as 2026-01-31, a month such as 2026-01, or today, yesterday, this-week, last-week, this-month, last-month, this-year, last-year or 30d (thirty days ago)."

var weekdays = map[string]time.Weekday{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
}

var daysAgo = regexp.MustCompile(`^(\d{1,4})d$`)

// Period resolves From and To in a zone: from the first moment of From's first day to the end of To's last day,
// exclusive. A side that is not set is nil.
func (f Filter) Period(now time.Time, zone *time.Location) (from, to *time.Time, err error) {
	if f.From != "" {
		first, _, err := days("from", f.From, now, zone)
		if err != nil {
			return nil, nil, err
		}
		from = &first
	}
	if f.To != "" {
		_, end, err := days("to", f.To, now, zone)
		if err != nil {
			return nil, nil, err
		}
		to = &end
	}
	if from != nil && to != nil && !from.Before(*to) {
		return nil, nil, wrong("to", "from:%s is after to:%s. Swap them.", f.From, f.To)
	}
	return from, to, nil
}

// days reads a day or a period and returns its first moment and the first moment after it.
func days(key, text string, now time.Time, zone *time.Location) (first, after time.Time, err error) {
	word := strings.ToLower(strings.NewReplacer(" ", "-", "_", "-").Replace(strings.TrimSpace(text)))
	local := now.In(zone)
	day := func(add int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+add, 0, 0, 0, 0, zone)
	}
	month := func(add int) time.Time {
		return time.Date(local.Year(), local.Month()+time.Month(add), 1, 0, 0, 0, 0, zone)
	}
	year := func(add int) time.Time { return time.Date(local.Year()+add, 1, 1, 0, 0, 0, 0, zone) }
	sinceMonday := (int(local.Weekday()) + 6) % 7
	switch word {
	case "today":
		return day(0), day(1), nil
	case "yesterday":
		return day(-1), day(0), nil
	case "tomorrow":
		return day(1), day(2), nil
	case "this-week":
		return day(-sinceMonday), day(7 - sinceMonday), nil
	case "last-week":
		return day(-sinceMonday - 7), day(-sinceMonday), nil
	case "this-month":
		return month(0), month(1), nil
	case "last-month":
		return month(-1), month(0), nil
	case "this-year":
		return year(0), year(1), nil
	case "last-year":
		return year(-1), year(0), nil
	}
	if weekday, ok := weekdays[word]; ok { // the latest such day, today included
		back := (int(local.Weekday()) - int(weekday) + 7) % 7
		return day(-back), day(1 - back), nil
	}
	if m := daysAgo.FindStringSubmatch(word); m != nil {
		n, _ := strconv.Atoi(m[1])
		return day(-n), day(1 - n), nil
	}
	return calendarDays(key, word, text, zone)
}

func calendarDays(key, word, typed string, zone *time.Location) (first, after time.Time, err error) {
	if t, err := time.ParseInLocation("2006-01-02", word, zone); err == nil {
		return inYears(key, typed, t, t.AddDate(0, 0, 1))
	}
	if t, err := time.ParseInLocation("2006-01", word, zone); err == nil {
		return inYears(key, typed, t, t.AddDate(0, 1, 0))
	}
	if t, err := time.ParseInLocation("2006", word, zone); err == nil {
		return inYears(key, typed, t, t.AddDate(1, 0, 0))
	}
	return first, after, wrong(key, "“%s:%s” is not a date that exists. %s", key, shorten(typed, 40), dateHelp)
}

// inYears refuses years no record can have; Postgres and reports would choke on them much later.
func inYears(key, typed string, first, after time.Time) (time.Time, time.Time, error) {
	if first.Year() < 1970 || first.Year() > 2200 {
		return first, after, wrong(key, "“%s:%s” is too far away. Years go from 1970 to 2200.", key, typed)
	}
	return first, after, nil
}
