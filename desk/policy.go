package desk

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"callout/store"
)

// Wait is how long until something is done: minutes (10m), calendar days (1d), or shift, the start of a person's next one.
// Empty never comes.
type Wait string

// NextShift waits for the start of the person's next shift.
const NextShift Wait = "shift"

var waitText = regexp.MustCompile(`^([1-9]\d{0,4})([md])$`)

// ParseWait checks a wait as an admin types it.
func ParseWait(text string) (Wait, error) {
	if text == "" || Wait(text) == NextShift || waitText.MatchString(text) {
		return Wait(text), nil
	}
	return "", refuse(Invalid, "“%s” is no waiting time. Write minutes such as 10m, days such as 1d, or shift; leave it empty for never.", shorten(text, 20))
}

// The clocks of a policy.
const (
	clockAlways = "always" // every minute counts
	clockDuty   = "duty"   // minutes count while the person is on duty
)

// searched is how far ahead somebody's duty is looked at. Who is not on duty for so long has no clock that runs: then every
// minute counts, so that no call waits for ever.
const searched = 21 * 24 * time.Hour

// After is the moment at which a wait that began at from is over; false if it never is. With the clock of somebody's duty,
// minutes count only while they are on duty, and days end in their next duty.
func (w Wait) After(clock string, f DutyFacts, from time.Time) (time.Time, bool) {
	if w == "" {
		return time.Time{}, false
	}
	if w == NextShift {
		return nextShift(f, from), true
	}
	m := waitText.FindStringSubmatch(string(w))
	if m == nil {
		return time.Time{}, false
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "d" {
		day := from.In(f.Zone).AddDate(0, 0, n)
		if clock == clockAlways {
			return day, true
		}
		return firstDuty(f, day), true
	}
	if clock == clockAlways {
		return from.Add(time.Duration(n) * time.Minute), true
	}
	return afterDuty(f, from, n), true
}

// afterDuty is when somebody has been on duty for so many minutes since from. It walks minute by minute: nights on which the
// clocks change, overrides and days off need no rule of their own then.
func afterDuty(f DutyFacts, from time.Time, minutes int) time.Time {
	at := from
	for left := minutes; at.Before(from.Add(searched)); at = at.Add(time.Minute) {
		if !f.counts(at) {
			continue
		}
		if left--; left < 0 {
			return at
		}
	}
	return from.Add(time.Duration(minutes) * time.Minute)
}

// firstDuty is the first moment from one on at which somebody is on duty.
func firstDuty(f DutyFacts, from time.Time) time.Time {
	for at := from; at.Before(from.Add(searched)); at = at.Add(time.Minute) {
		if f.counts(at) {
			return at
		}
	}
	return from
}

// nextShift is the start of somebody's next duty, after the one they may be in.
func nextShift(f DutyFacts, from time.Time) time.Time {
	for at := from; at.Before(from.Add(searched)); at = at.Add(time.Minute) {
		if !f.counts(at) {
			return firstDuty(f, at)
		}
	}
	return from.Add(24 * time.Hour)
}

// officeHours is whose clock counts while nobody is asked: Monday to Friday, 8 to 18, where the company is, but on its holidays.
func (d *Desk) officeHours(holidays map[Day]string) DutyFacts {
	f := DutyFacts{Zone: d.Zone, Holidays: holidays}
	for day := int32(time.Monday); day <= int32(time.Friday); day++ {
		f.Rules = append(f.Rules, store.DutyRule{Weekday: day, Starts: 8 * 60, Ends: 18 * 60})
	}
	return f
}

// spanWords says how long something has lasted, as people do.
func spanWords(d time.Duration) string {
	switch minutes := int(d.Round(time.Minute) / time.Minute); {
	case minutes < 1:
		return "a moment"
	case minutes == 1:
		return "a minute"
	case minutes < 120:
		return fmt.Sprintf("%d minutes", minutes)
	case minutes < 48*60:
		return fmt.Sprintf("%d hours", minutes/60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
