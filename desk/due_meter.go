package desk

import (
	"math"
	"strconv"
	"time"
)

// MeterReading is what a meter showed on a day.
type MeterReading struct {
	On    Day
	Value int64
}

// rateDays is how far back readings tell how much a machine is used.
const rateDays = 90

// Rate is how many units a machine is used a day, of its readings since the meter was put in, the newest first. It looks at the
// last 90 days; if they hold only one reading, at the one before as well. False means that there are too few to tell.
func Rate(readings []MeterReading) (perDay float64, ok bool) {
	if len(readings) < 2 {
		return 0, false
	}
	newest, oldest := readings[0], readings[1]
	for _, r := range readings[1:] {
		if daysBetween(r.On, newest.On) <= rateDays {
			oldest = r
		}
	}
	days := daysBetween(oldest.On, newest.On)
	if days < 1 { // all of one day, perhaps after a long rest
		return olderRate(readings)
	}
	return float64(newest.Value-oldest.Value) / float64(days), true
}

// olderRate takes the newest reading of another day.
func olderRate(readings []MeterReading) (float64, bool) {
	newest := readings[0]
	for _, r := range readings[1:] {
		if days := daysBetween(r.On, newest.On); days > 0 {
			return float64(newest.Value-r.Value) / float64(days), true
		}
	}
	return 0, false
}

// longestEstimate is how many days ahead a date is estimated: beyond, nobody knows.
const longestEstimate = 20 * 366

// Reaches estimates the day on which a meter shows a value: the day of the first reading that does, else as far ahead as the rate
// says. False means that nobody can tell.
func Reaches(value int64, readings []MeterReading) (Day, bool) {
	if len(readings) == 0 {
		return Day{}, false
	}
	if readings[0].Value >= value {
		reached := readings[0]
		for _, r := range readings {
			if r.Value >= value {
				reached = r
			}
		}
		return reached.On, true
	}
	rate, ok := Rate(readings)
	if !ok || rate <= 0 {
		return Day{}, false
	}
	days := math.Ceil(float64(value-readings[0].Value) / rate)
	if days > longestEstimate {
		return Day{}, false
	}
	return readings[0].On.AddDate(0, 0, int(days)), true
}

// NextMeter is the next multiple of a rule after a reading: what its meter shows when it is due again.
func (r Rule) NextMeter(after int64) int64 {
	passed := after - r.AnchorMeter
	if passed < 0 {
		return r.AnchorMeter + r.MeterEvery
	}
	return r.AnchorMeter + (passed/r.MeterEvery+1)*r.MeterEvery
}

// History is what a plan's next due date depends on besides its rule.
type History struct {
	Since     Day            // the plan counts from here: what was before was not its business
	Settled   Day            // the Key of the newest occurrence of the calendar that is over; of a rule from completion, that was left out
	SettledM  *int64         // the same for the meter
	Done      Day            // when the work was done last; zero if never
	DoneMeter *int64         // what the meter showed then, if it is known
	ByMeter   bool           // it was done because of the meter
	Readings  []MeterReading // since the meter was put in, the newest first
	Replaced  int            // how often the meter was replaced
	Lead      int            // so many days before its due date a task appears
	Today     Day
	Holidays  Holidays
}

// Due is what a plan wants next.
type Due struct {
	On    Day    // zero if nobody can tell yet: a meter without readings
	Key   string // names the occurrence, for ever
	Meter int64  // what the meter shows when it is due; 0 if the plan has no meter
	// Missed are occurrences that passed before it without having been done, oldest first.
	Missed []Occurrence
}

// Due decides what is due next: by the calendar or by the meter, whichever is first. Of several occurrences that passed, the
// newest is due and the others are missed; what was due until the work was done last is done or missed, never due.
func (r Rule) Due(h History) Due {
	due := r.dueByCalendar(h)
	if r.MeterEvery < 1 {
		return due
	}
	due.Meter = r.dueMeter(h)
	on, ok := Reaches(due.Meter, h.Readings)
	if ok && (due.On.IsZero() || on.Before(due.On)) {
		due.On, due.Key = on, MeterKey(due.Meter, h.Replaced)
	}
	return due
}

func (r Rule) dueByCalendar(h History) Due {
	if r.FromCompletion {
		return r.dueFromCompletion(h)
	}
	var due Due
	covered := h.ByMeter // the occurrence for which a task would have appeared already needs none of its own
	for o := range r.Series(h.Holidays, later(h.Settled, h.Since.AddDate(0, 0, -1))) {
		switch {
		case !o.Due.After(h.Done):
			due.Missed = append(due.Missed, o)
			continue
		case covered && daysBetween(h.Done, o.Due) <= h.Lead:
			covered = false
			continue
		case !due.On.IsZero() && o.Due.After(h.Today):
			return due
		case !due.On.IsZero():
			due.Missed = append(due.Missed, Occurrence{Key: dayOfKey(due.Key), Due: due.On})
		}
		due.On, due.Key = o.Due, o.Key.Format(dayKey)
	}
	return due
}

func (r Rule) dueFromCompletion(h History) Due {
	if r.Every < 1 {
		return Due{}
	}
	o := r.occurrence(h.Holidays, r.Anchor)
	if last := later(h.Done, h.Settled); !last.IsZero() { // skipped counts from the day it should have been done
		o, _ = r.AfterDone(h.Holidays, last)
	}
	return Due{On: o.Due, Key: o.Key.Format(dayKey)}
}

// dueMeter is the reading at which it is due next.
func (r Rule) dueMeter(h History) int64 {
	last := r.AnchorMeter
	for _, m := range []*int64{h.SettledM, h.DoneMeter} {
		if m != nil {
			last = max(last, *m)
		}
	}
	if r.FromCompletion {
		return last + r.MeterEvery
	}
	return r.NextMeter(last)
}

// MeterKey names the occurrence of a meter's reading. A meter that was replaced shows the same values again.
func MeterKey(value int64, replaced int) string {
	key := "m" + strconv.FormatInt(value, 10)
	if replaced > 0 {
		key += "r" + strconv.Itoa(replaced)
	}
	return key
}

func dayOfKey(key string) Day {
	d, _ := time.Parse(dayKey, key) // its own writing
	return d
}

func later(a, b Day) Day {
	if a.After(b) {
		return a
	}
	return b
}
