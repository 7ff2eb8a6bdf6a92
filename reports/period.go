package reports

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Unit is how wide the columns of a chart over time are.
type Unit int

// The units, from narrow to wide.
const (
	Day Unit = iota
	Week
	Month
	Quarter
	Year
)

// UnitFor chooses the unit for a period: days up to a month, weeks up to half a year, months up to two years.
func UnitFor(from, to time.Time) Unit {
	days := to.Sub(from).Hours() / 24
	switch {
	case days <= 31.5:
		return Day
	case days <= 185:
		return Week
	case days <= 2*366:
		return Month
	case days <= 6*366:
		return Quarter
	}
	return Year
}

// String names the unit as in "per week".
func (u Unit) String() string {
	return [...]string{"day", "week", "month", "quarter", "year"}[u]
}

// Start returns the beginning of the unit that t lies in, at midnight in t's own zone. Weeks begin on Monday.
func (u Unit) Start(t time.Time) time.Time {
	year, month, day := t.Date()
	switch u {
	case Week:
		day -= (int(t.Weekday()) + 6) % 7
	case Month:
		day = 1
	case Quarter:
		month, day = (month-1)/3*3+1, 1
	case Year:
		month, day = time.January, 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// Next returns the beginning of the following unit.
func (u Unit) Next(t time.Time) time.Time {
	year, month, day := u.Start(t).Date()
	switch u {
	case Day:
		day++
	case Week:
		day += 7
	case Month:
		month++
	case Quarter:
		month += 3
	case Year:
		year++
	}
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// Label names the unit that t lies in, short enough for an axis.
func (u Unit) Label(t time.Time) string {
	t = u.Start(t)
	switch u {
	case Month:
		return t.Format("Jan 06")
	case Quarter:
		return "Q" + strconv.Itoa((int(t.Month())+2)/3) + t.Format(" 06")
	case Year:
		return t.Format("2006")
	}
	return t.Format("2 Jan")
}

// Bucket is one column of a chart over time.
type Bucket struct {
	Start  time.Time
	Label  string
	Opened int
	Closed int
}

// Buckets returns the empty columns of a period, first to last. The period's end is not part of it, and its zone is
// that of from.
func Buckets(u Unit, from, to time.Time) []Bucket {
	var buckets []Bucket
	for start := u.Start(from); start.Before(to); start = u.Next(start) {
		bucket := Bucket{Start: start, Label: u.Label(start)}
		if u == Week && start.Before(from) {
			bucket.Label = Day.Label(from) // the week began before the period does
		}
		buckets = append(buckets, bucket)
	}
	return buckets
}

// FindBucket returns the column that t belongs to, or nil when it lies outside.
func FindBucket(buckets []Bucket, u Unit, t time.Time) *Bucket {
	if len(buckets) == 0 {
		return nil
	}
	start := u.Start(t.In(buckets[0].Start.Location()))
	at, found := slices.BinarySearchFunc(buckets, start, func(b Bucket, t time.Time) int { return b.Start.Compare(t) })
	if !found {
		return nil
	}
	return &buckets[at]
}

// PeriodName writes a period for people; its end is not part of it: "January 2026", "5 – 11 January 2026",
// "1 January – 30 June 2026".
func PeriodName(from, to time.Time) string {
	last := to.Add(-time.Nanosecond)
	if last.Before(from) {
		last = from
	}
	last = last.In(from.Location())
	const whole = "2 January 2006"
	fromDay, lastDay := Day.Start(from), Day.Start(last)
	switch {
	case fromDay.Equal(lastDay):
		return from.Format(whole)
	case fromDay.Equal(Year.Start(from)) && Year.Next(from).Equal(Day.Next(last)):
		return from.Format("2006")
	case fromDay.Equal(Month.Start(from)) && Month.Next(from).Equal(Day.Next(last)):
		return from.Format("January 2006")
	case from.Year() != last.Year():
		return from.Format(whole) + " – " + last.Format(whole)
	case from.Month() != last.Month():
		return from.Format("2 January") + " – " + last.Format(whole)
	}
	return from.Format("2") + " – " + last.Format(whole)
}

// Median returns the middle of the durations, nil when there are none. It does not change them.
func Median(durations []time.Duration) *time.Duration {
	if len(durations) == 0 {
		return nil
	}
	sorted := slices.SortedFunc(slices.Values(durations), cmp.Compare[time.Duration])
	middle := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		middle = sorted[len(sorted)/2-1] + (middle-sorted[len(sorted)/2-1])/2
	}
	return &middle
}

// Span writes a duration for people: "45 min", "2 h 10 min", "1 day 4 h", "12 days".
func Span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	hours, days := minutes/60, minutes/(24*60)
	switch {
	case d < 0:
		return "–"
	case minutes < 1:
		return "under 1 min"
	case hours < 1:
		return strconv.Itoa(minutes) + " min"
	case days < 1:
		return joinSpan(strconv.Itoa(hours)+" h", minutes%60, " min")
	case days == 1:
		return joinSpan("1 day", hours%24, " h")
	case days < 7:
		return joinSpan(strconv.Itoa(days)+" days", hours%24, " h")
	}
	return strconv.Itoa(days) + " days"
}

func joinSpan(whole string, rest int, unit string) string {
	if rest == 0 {
		return whole
	}
	return whole + " " + strconv.Itoa(rest) + unit
}
