package desk

import (
	"iter"
	"slices"
	"time"
)

// Day is a date without a time of day: midnight UTC, as the dates of the database are read. Which day it is at a moment depends
// on a zone: DayOf. Arithmetic on days knows no daylight saving, and so cannot stumble over a midnight that does not exist.
type Day = time.Time

// DayOf is the day it is at a moment in a zone.
func DayOf(moment time.Time, zone *time.Location) Day {
	year, month, day := moment.In(zone).Date()
	return date(year, month, day)
}

func date(year int, month time.Month, day int) Day {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// daysBetween counts the days from one to a later one; negative if it is earlier.
func daysBetween(from, to Day) int { return int(to.Sub(from) / (24 * time.Hour)) }

// dayKey is how a day is written in names and forms.
const dayKey = "2006-01-02"

// Rule says when the maintenance of a machine is due: every so many days, weeks, months or years, every so many units of its
// meter, or whichever comes first. It is a plain value; what it decides depends on nothing else.
type Rule struct {
	Every int    // 0 has no calendar
	Unit  string // day, week, month or year
	// MeterEvery is how many units of the meter are between two; 0 does not look at the meter.
	MeterEvery int64
	// FromCompletion counts from the day and the reading when it was done; else the series counts from the anchors for ever.
	FromCompletion bool
	Months         []time.Month // the season; empty is all year
	Shift          string       // what happens on days on which nobody works: none, before or after
	Anchor         Day          // the first due date
	AnchorMeter    int64        // the reading from which the meter counts: it is due at AnchorMeter + MeterEvery first
}

// The ways a due date moves off a day on which nobody works.
const (
	ShiftNone   = "none"
	ShiftBefore = "before"
	ShiftAfter  = "after"
)

// Holidays are days on which nobody works, besides Saturdays and Sundays.
type Holidays map[int64]bool

// NewHolidays is a set of days.
func NewHolidays(days ...Day) Holidays {
	h := Holidays{}
	for _, d := range days {
		h[d.Unix()] = true
	}
	return h
}

// off reports whether nobody works on a day.
func (h Holidays) off(d Day) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || h[d.Unix()]
}

// longestRest is how many days in a row are looked at for one on which somebody works.
const longestRest = 400

// working is the nearest working day from d in a direction, 1 or -1; d itself if it is one.
func (h Holidays) working(d Day, direction int) (Day, bool) {
	for range longestRest {
		if !h.off(d) {
			return d, true
		}
		d = d.AddDate(0, 0, direction)
	}
	return d, false
}

// Occurrence is one of a series. Its Key names it and stays as it is when holidays are added; Due is the day on which it shall be
// done.
type Occurrence struct{ Key, Due Day }

// nth is the day of the n-th of the series, the anchor being the 0th. It is always counted from the anchor: a month that is too
// short ends early, and the next one has the anchor's day again.
func (r Rule) nth(n int) Day {
	switch r.Unit {
	case "day":
		return r.Anchor.AddDate(0, 0, n*r.Every)
	case "week":
		return r.Anchor.AddDate(0, 0, 7*n*r.Every)
	case "year":
		return addMonths(r.Anchor, 12*n*r.Every)
	}
	return addMonths(r.Anchor, n*r.Every)
}

// addMonths is the same day of a later month, or that month's last day.
func addMonths(d Day, months int) Day {
	first := date(d.Year(), d.Month()+time.Month(months), 1)
	last := first.AddDate(0, 1, -1)
	return date(first.Year(), first.Month(), min(d.Day(), last.Day()))
}

// inSeason moves a day that is outside the season to the first day of its next month.
func (r Rule) inSeason(d Day) Day {
	for range 12 {
		if r.allows(d.Month()) {
			return d
		}
		d = date(d.Year(), d.Month()+1, 1)
	}
	return d
}

func (r Rule) allows(m time.Month) bool { return len(r.Months) == 0 || slices.Contains(r.Months, m) }

// shifted moves a day on which nobody works in the direction that the rule asks for. It stays in the season if it can, if need
// be in the other direction.
func (r Rule) shifted(h Holidays, d Day) Day {
	direction := map[string]int{ShiftBefore: -1, ShiftAfter: 1}[r.Shift]
	if direction == 0 || !h.off(d) {
		return d
	}
	asked, ok := h.working(d, direction)
	if ok && r.allows(asked.Month()) {
		return asked
	}
	if other, ok := h.working(d, -direction); ok && r.allows(other.Month()) {
		return other
	}
	if ok {
		return asked
	}
	return d
}

func (r Rule) occurrence(h Holidays, day Day) Occurrence {
	key := r.inSeason(day)
	return Occurrence{Key: key, Due: r.shifted(h, key)}
}

// seriesEnds is where every series ends: later years are not written with four digits.
const seriesEnds = 9999

// Series walks through a fixed series: every occurrence whose Key is after a day, the zero day for all. Of those that fall on one
// day, because the season or a holiday moved them there, only the first counts: each is due later than the one before.
func (r Rule) Series(h Holidays, after Day) iter.Seq[Occurrence] {
	return func(yield func(Occurrence) bool) {
		if r.Every < 1 {
			return
		}
		n := r.before(after)
		var last Day
		if n > 0 {
			last = r.occurrence(h, r.nth(n-1)).Due
		}
		for ; ; n++ {
			o := r.occurrence(h, r.nth(n))
			if o.Due.Year() > seriesEnds {
				return
			}
			counts := n == 0 || o.Due.After(last)
			last = o.Due
			if counts && o.Key.After(after) && !yield(o) {
				return
			}
		}
	}
}

// before is the number of an occurrence that is surely before the first whose Key is after a day: none is walked through twice.
func (r Rule) before(after Day) int {
	if len(r.Months) > 0 { // the season may have moved one from a year before
		after = after.AddDate(-1, -1, 0)
	}
	step := map[string]int{"day": 1, "week": 7, "year": 12}[r.Unit] * r.Every
	if step == 0 {
		step = r.Every
	}
	var passed int
	switch r.Unit {
	case "day", "week":
		passed = daysBetween(r.Anchor, after)
	default:
		passed = 12*(after.Year()-r.Anchor.Year()) + int(after.Month()-r.Anchor.Month())
	}
	return max(0, passed/step-1)
}

// Occurrences lists those of a fixed series whose Key is after a day and that are due until another, that day included.
func (r Rule) Occurrences(h Holidays, after, until Day) []Occurrence {
	var all []Occurrence
	for o := range r.Series(h, after) {
		if o.Due.After(until) {
			break
		}
		all = append(all, o)
	}
	return all
}

// Next is the first of a fixed series whose Key is after a day. False means that there is none.
func (r Rule) Next(h Holidays, after Day) (Occurrence, bool) {
	for o := range r.Series(h, after) {
		return o, true
	}
	return Occurrence{}, false
}

// AfterDone is the occurrence that follows when the work was done on a day, for a rule that counts from completion. It is always
// later than that day.
func (r Rule) AfterDone(h Holidays, done Day) (Occurrence, bool) {
	if r.Every < 1 {
		return Occurrence{}, false
	}
	r.Anchor = done
	o := r.occurrence(h, r.nth(1))
	if !o.Due.After(done) { // the day before a holiday is the day it was done
		if later, ok := h.working(o.Key, 1); ok {
			o.Due = later
		} else {
			o.Due = o.Key
		}
	}
	return o, o.Due.Year() <= seriesEnds
}

// Upcoming lists the next few dates as they are if each is done on its day: what a form shows before a plan is saved.
func (r Rule) Upcoming(h Holidays, after Day, most int) []Day {
	var days []Day
	if !r.FromCompletion {
		for o := range r.Series(h, after) {
			if len(days) == most {
				break
			}
			days = append(days, o.Due)
		}
		return days
	}
	o, ok := r.occurrence(h, r.Anchor), r.Every > 0
	for ; ok && len(days) < most; o, ok = r.AfterDone(h, o.Due) {
		days = append(days, o.Due)
	}
	return days
}
