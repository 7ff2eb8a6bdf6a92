package desk

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// When is a time somebody names: from a moment on, to another one if To is not nil.
type When struct {
	From time.Time
	To   *time.Time
	// Whole says that days were named without times.
	Whole bool
}

const whenHelp = "Write for example friday, sat 9-13, tomorrow, until 17:00 or 2026-12-24..2026-12-31."

// farthestDuty is how far ahead duty may be planned.
const farthestDuty = 2 * 366 * 24 * time.Hour

// ParseWhen reads a time as people type it, in a zone: nothing is from now on; until 17:00 and until friday begin now; friday, 24 dec,
// mon-wed and 2026-12-24..2026-12-31 are whole days; sat 9-13 and 9-13 are hours. What is over already is refused.
func ParseWhen(text string, now time.Time, zone *time.Location) (When, error) {
	words := whenWords(text)
	r := whenReader{text: text, now: now, zone: zone}
	if len(words) == 0 {
		return When{From: now}, nil
	}
	if words[0] == "until" || words[0] == "till" {
		end, err := r.moment(words[1:], 0)
		if err != nil {
			return When{}, err
		}
		return r.check(When{From: now, To: &end})
	}
	first, last, rest, err := r.days(words)
	if err != nil {
		return When{}, err
	}
	starts, ends, err := r.times(rest)
	if err != nil {
		return When{}, err
	}
	named := !first.IsZero()
	if !named {
		first = DayOf(now, zone)
		last = first
	}
	w := When{From: wallTime(first, starts, zone), Whole: len(rest) == 0}
	if ends <= starts { // over midnight
		last = last.AddDate(0, 0, 1)
	}
	end := wallTime(last, ends, zone)
	if !named && !end.After(now) { // the next such hours
		w.From, end = wallTime(first.AddDate(0, 0, 1), starts, zone), wallTime(last.AddDate(0, 0, 1), ends, zone)
	}
	w.To = &end
	return r.check(w)
}

// ParseMoment reads a moment: a time, a day, or both, such as friday 14:00. A day alone is the time it is now on that day.
func ParseMoment(text string, now time.Time, zone *time.Location) (time.Time, error) {
	words := whenWords(text)
	r := whenReader{text: text, now: now, zone: zone}
	if len(words) == 0 || len(words) == 1 && words[0] == "now" {
		return now, nil
	}
	local := now.In(zone)
	return r.moment(words, int32(local.Hour()*60+local.Minute()))
}

// ParseUntil reads a time of day such as 17:00, 17, 5pm or 5:30pm and returns its next occurrence after now in zone.
func ParseUntil(text string, now time.Time, zone *time.Location) (time.Time, error) {
	minute, ok := minuteOf(strings.ToLower(strings.TrimSpace(spaceMeridiem.ReplaceAllString(strings.ToLower(text), "$1$2"))))
	if !ok {
		return time.Time{}, refuse(Invalid, "“%s” is not a time of day. Type it like 17:00.", shorten(strings.TrimSpace(text), 40))
	}
	today := DayOf(now, zone)
	until := wallTime(today, minute, zone)
	if !until.After(now) {
		until = wallTime(today.AddDate(0, 0, 1), minute, zone)
	}
	return until, nil
}

// wallTime is the moment at which a clock on the wall of a zone shows a minute of a day.
func wallTime(day Day, minute int32, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, int(minute), 0, 0, zone)
}

var (
	spaceMeridiem = regexp.MustCompile(`(\d)\s+(am|pm)\b`)
	whenRange     = regexp.MustCompile(`(\w)\s*(?:\.\.|…|\sto\s|\s-\s)\s*(\w)`)
	isoWord       = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dayNumber     = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?$`)
)

func whenWords(text string) []string {
	text = strings.ToLower(strings.NewReplacer("–", "-", "—", "-", ",", " ").Replace(straight(clean(text))))
	text = spaceMeridiem.ReplaceAllString(text, "$1$2")
	text = whenRange.ReplaceAllString(text, "$1..$2")
	var words []string
	for _, w := range strings.Fields(text) {
		if w != "from" && w != "on" && w != "at" && w != "all" && w != "day" && w != "the" {
			words = append(words, w)
		}
	}
	return words
}

// whenReader reads words of a time; text is what was typed, for what it refuses.
type whenReader struct {
	text string
	now  time.Time
	zone *time.Location
}

func (r whenReader) bad() error {
	return refuse(Invalid, "“%s” is not a time I understand. %s", shorten(clean(r.text), 60), whenHelp)
}

func (r whenReader) check(w When) (When, error) {
	switch {
	case w.To != nil && !w.To.After(r.now):
		return w, refuse(Invalid, "“%s” is over already. Name a time to come.", shorten(clean(r.text), 60))
	case w.From.Sub(r.now) > farthestDuty || w.To != nil && w.To.Sub(r.now) > farthestDuty:
		return w, refuse(Invalid, "“%s” is too far ahead. At most two years fit.", shorten(clean(r.text), 60))
	case w.To != nil && !w.To.After(w.From):
		return w, refuse(Invalid, "“%s” ends before it begins. %s", shorten(clean(r.text), 60), whenHelp)
	}
	if w.From.Before(r.now) { // the rest of it
		w.From = r.now
	}
	return w, nil
}

// days reads one day or a range of days at the beginning; first is zero if there is none.
func (r whenReader) days(words []string) (first, last Day, rest []string, err error) {
	if from, to, isRange := dayRangeOf(words[0]); isRange {
		first, okFirst := r.day(from)
		last, okLast := r.dayAfter(to, first)
		if okFirst && okLast {
			if last.Before(first) {
				return first, last, nil, refuse(Invalid, "“%s” ends before it begins. %s", shorten(clean(r.text), 60), whenHelp)
			}
			return first, last, words[1:], nil
		}
	}
	if first, used, ok := r.dayIn(words); ok {
		return first, first, words[used:], nil
	}
	return first, last, words, nil
}

// dayRangeOf splits fri..mon, fri-mon and 2026-12-24..2026-12-31.
func dayRangeOf(word string) (from, to string, ok bool) {
	if from, to, ok = strings.Cut(word, ".."); ok {
		return from, to, true
	}
	if isoWord.MatchString(word) {
		return "", "", false
	}
	return strings.Cut(word, "-")
}

// dayIn reads a day at the beginning of some words, such as next friday or 24 dec, and says how many words it takes.
func (r whenReader) dayIn(words []string) (day Day, used int, ok bool) {
	if day, ok := r.day(words[0]); ok {
		return day, 1, true
	}
	if len(words) < 2 {
		return day, 0, false
	}
	if words[0] == "next" || words[0] == "this" {
		day, ok := r.day(words[1])
		if words[0] == "next" && ok && day.Equal(DayOf(r.now, r.zone)) {
			day = day.AddDate(0, 0, 7)
		}
		return day, 2, ok
	}
	n, month, ok := dayAndMonth(words[0], words[1])
	if !ok {
		return day, 0, false
	}
	today := DayOf(r.now, r.zone)
	day = date(today.Year(), month, n)
	if day.Before(today) {
		day = date(today.Year()+1, month, n)
	}
	return day, 2, day.Month() == month
}

// dayAndMonth reads 24 dec or dec 24.
func dayAndMonth(one, other string) (int, time.Month, bool) {
	m := dayNumber.FindStringSubmatch(one)
	word := other
	if m == nil {
		m, word = dayNumber.FindStringSubmatch(other), one
	}
	if m == nil || len(word) < 3 {
		return 0, 0, false
	}
	n, _ := strconv.Atoi(m[1])
	for month := time.January; month <= time.December; month++ {
		if strings.HasPrefix(strings.ToLower(month.String()), strings.TrimSuffix(word, ".")) && n > 0 {
			return n, month, true
		}
	}
	return 0, 0, false
}

// day reads a day of one word. A weekday is the next one, today included.
func (r whenReader) day(word string) (Day, bool) { return r.dayAfter(word, DayOf(r.now, r.zone)) }

func (r whenReader) dayAfter(word string, from Day) (Day, bool) {
	today := DayOf(r.now, r.zone)
	switch word {
	case "today", "tonight":
		return today, true
	case "tomorrow":
		return today.AddDate(0, 0, 1), true
	}
	if m := isoWord.FindStringSubmatch(word); m != nil {
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		day := date(year, time.Month(month), n)
		return day, int(day.Month()) == month && day.Day() == n
	}
	weekday, ok := weekdayOf(word)
	if !ok {
		return Day{}, false
	}
	return from.AddDate(0, 0, (int(weekday)-int(from.Weekday())+7)%7), true
}

// times reads a span such as 9-13, a time from which on it lasts until midnight, or nothing: the whole day.
func (r whenReader) times(words []string) (starts, ends int32, err error) {
	if len(words) == 0 {
		return 0, 24 * 60, nil
	}
	if len(words) == 2 && (words[0] == "until" || words[0] == "till") {
		words = []string{"0-" + words[1]}
	}
	if len(words) == 3 && (words[1] == "until" || words[1] == "till") {
		words = []string{words[0] + "-" + words[2]}
	}
	if len(words) > 1 {
		return 0, 0, r.bad()
	}
	from, to, isSpan := strings.Cut(strings.ReplaceAll(words[0], "..", "-"), "-")
	starts, ok := minuteOf(from)
	if !isSpan {
		if !ok || starts == 24*60 {
			return 0, 0, r.timeBad(words[0])
		}
		return starts, 24 * 60, nil
	}
	ends, okEnd := minuteOf(to)
	if !ok || !okEnd || starts == ends || starts == 24*60 {
		return 0, 0, r.bad()
	}
	return starts, ends, nil
}

// timeBad names a word that looks like a time and is none.
func (r whenReader) timeBad(word string) error {
	if word[0] >= '0' && word[0] <= '9' {
		return refuse(Invalid, "“%s” is not a time of day. Type it like 17:00.", shorten(word, 40))
	}
	return r.bad()
}

// moment reads a time, a day, or both. A day alone is at a minute that the caller chooses.
func (r whenReader) moment(words []string, minute int32) (time.Time, error) {
	if len(words) == 0 {
		return time.Time{}, refuse(Invalid, "Until when? Write for example until 17:00 or until friday.")
	}
	day, used, ok := r.dayIn(words)
	switch {
	case !ok && len(words) > 1:
		return time.Time{}, r.bad()
	case !ok:
		if at, err := ParseUntil(words[0], r.now, r.zone); err == nil {
			return at, nil
		}
		return time.Time{}, r.timeBad(words[0])
	case len(words) == used:
		return wallTime(day, minute, r.zone), nil
	case len(words) > used+1:
		return time.Time{}, r.bad()
	}
	at, ok := minuteOf(words[used])
	if !ok {
		return time.Time{}, r.timeBad(words[used])
	}
	return wallTime(day, at, r.zone), nil
}
