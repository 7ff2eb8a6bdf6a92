package desk

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"callout/store"
)

// Hours are the minutes of one weekday from which until which somebody is there; ends may be 24*60.
type Hours struct {
	Day          time.Weekday
	Starts, Ends int32
}

// maxHours is how many characters of weekly hours are read.
const maxHours = 500

// maxHoursRows is how many spans a week may have: six a day.
const maxHoursRows = 42

const hoursHelp = "Write days and times, such as mon-fri 8:00-17:00, sat 9-12."

// dayNames are the names of days as people shorten them, by their first two letters.
var dayNames = map[string]time.Weekday{"su": 0, "mo": 1, "tu": 2, "we": 3, "th": 4, "fr": 5, "sa": 6}

// weekdayOf reads the name of a weekday, or a beginning of it.
func weekdayOf(word string) (time.Weekday, bool) {
	word = strings.TrimSuffix(word, ".")
	if len(word) < 2 {
		return 0, false
	}
	day, ok := dayNames[word[:2]]
	if !ok {
		return 0, false
	}
	full := strings.ToLower(day.String())
	return day, strings.HasPrefix(full, word) || strings.HasPrefix(full+"s", word) || word == "tues" || word == "weds" || word == "thur" || word == "thurs"
}

// daySets are words for several days.
var daySets = map[string][]time.Weekday{
	"daily": {1, 2, 3, 4, 5, 6, 0}, "everyday": {1, 2, 3, 4, 5, 6, 0}, "weekdays": {1, 2, 3, 4, 5}, "workdays": {1, 2, 3, 4, 5},
	"weekend": {6, 0}, "weekends": {6, 0},
}

var (
	hoursDash   = strings.NewReplacer("–", "-", "—", "-", "−", "-", ";", ",", "\n", ",", "&", ",", "every day", "daily", "all day", "0-24", "24h", "0-24", "24 h", "0-24")
	dashSpaces  = regexp.MustCompile(`\s*-\s*`)
	wordTo      = regexp.MustCompile(`([\w.:])\s+(?:to|until|till|bis)\s+([\w.:])`)
	splitHours  = regexp.MustCompile(`[\s,]+`)
	meridiem    = regexp.MustCompile(`(\d)\s+(am|pm)\b`)
	noHoursWord = map[string]bool{"": true, "-": true, "none": true, "no": true, "off": true, "never": true}
)

// ParseHours reads weekly hours as people type them: days, then times, as often as needed. What ends before it begins goes on
// after midnight, and is kept as two rows. Times that overlap or touch become one.
func ParseHours(text string) ([]Hours, error) {
	if err := limited("The hours", clean(text), 0, maxHours); err != nil {
		return nil, err
	}
	text = strings.ToLower(strings.TrimSpace(hoursDash.Replace(strings.ToLower(clean(text)))))
	if noHoursWord[text] {
		return nil, nil
	}
	text = meridiem.ReplaceAllString(wordTo.ReplaceAllString(text, "$1-$2"), "$1$2")
	text = dashSpaces.ReplaceAllString(text, "-")
	var p hoursParser
	for _, word := range splitHours.Split(text, -1) {
		if word == "" || word == "and" || word == "from" || word == "on" {
			continue
		}
		if err := p.read(strings.TrimSuffix(word, ":")); err != nil {
			return nil, err
		}
	}
	if len(p.days) == 0 || !p.timed {
		return nil, refuse(Invalid, "There are no times for %s. %s", p.last, hoursHelp)
	}
	hours := joinHours(p.hours)
	if len(hours) > maxHoursRows {
		return nil, refuse(Invalid, "Those are more than six spans a day. %s", hoursHelp)
	}
	return hours, nil
}

// hoursParser collects days until times follow; times may be followed by more times for the same days.
type hoursParser struct {
	days  []time.Weekday
	timed bool // times for the days were read
	last  string
	hours []Hours
}

func (p *hoursParser) read(word string) error {
	if days, ok := daysOf(word); ok {
		if p.timed {
			p.days, p.timed = nil, false
		}
		p.days, p.last = append(p.days, days...), "“"+shorten(word, 30)+"”"
		return nil
	}
	from, to, isSpan := strings.Cut(word, "-")
	if !isSpan {
		return refuse(Invalid, "“%s” is neither a day nor a time span. %s", shorten(word, 30), hoursHelp)
	}
	starts, ok := minuteOf(from)
	ends, ok2 := minuteOf(to)
	switch {
	case !ok || !ok2:
		return refuse(Invalid, "“%s” is no time span. Write it like 8:00-17:00.", shorten(word, 30))
	case starts == ends || starts == 24*60:
		return refuse(Invalid, "“%s” is no time at all. Write all day as 0-24.", shorten(word, 30))
	case len(p.days) == 0:
		return refuse(Invalid, "On which days is “%s”? %s", shorten(word, 30), hoursHelp)
	case ends < starts && starts <= 12*60 && twelveHours(from, to) && ends+12*60 > starts:
		return refuse(Invalid, "“%s” would go on after midnight. Did you mean %s-%s? For the night write 9pm-6am or 21-6.", shorten(word, 30), clockText(starts), clockText(ends+12*60))
	}
	p.timed = true
	for _, day := range p.days {
		p.add(day, starts, ends)
	}
	return nil
}

// twelveHours reports whether a span looks like one on a clock with twelve hours, such as 9-5.
func twelveHours(from, to string) bool {
	return !strings.HasSuffix(from, "m") && !strings.HasSuffix(to, "m") && !strings.ContainsAny(from+to, ":.h") && len(from) <= 2 && len(to) == 1
}

func (p *hoursParser) add(day time.Weekday, starts, ends int32) {
	if ends > starts {
		p.hours = append(p.hours, Hours{day, starts, ends})
		return
	}
	p.hours = append(p.hours, Hours{day, starts, 24 * 60})
	if ends > 0 {
		p.hours = append(p.hours, Hours{(day + 1) % 7, 0, ends})
	}
}

// daysOf reads a day, a range of days such as mon-fri, or a word for several.
func daysOf(word string) ([]time.Weekday, bool) {
	if set, ok := daySets[word]; ok {
		return set, true
	}
	from, to, isRange := strings.Cut(word, "-")
	first, ok := weekdayOf(from)
	if !ok || !isRange {
		return []time.Weekday{first}, ok
	}
	last, ok := weekdayOf(to)
	days := []time.Weekday{first}
	for day := first; day != last && ok; {
		day = (day + 1) % 7
		days = append(days, day)
	}
	return days, ok
}

// joinHours sorts spans by weekday, Monday first, and makes one of those that overlap or touch.
func joinHours(all []Hours) []Hours {
	slices.SortFunc(all, func(a, b Hours) int {
		return cmp.Or(cmp.Compare(mondayFirst(a.Day), mondayFirst(b.Day)), cmp.Compare(a.Starts, b.Starts))
	})
	var out []Hours
	for _, h := range all {
		if n := len(out); n > 0 && out[n-1].Day == h.Day && h.Starts <= out[n-1].Ends {
			out[n-1].Ends = max(out[n-1].Ends, h.Ends)
			continue
		}
		out = append(out, h)
	}
	return out
}

func mondayFirst(day time.Weekday) int { return (int(day) + 6) % 7 }

// HoursText writes weekly hours so that ParseHours reads them back: days with the same times together.
func HoursText(all []Hours) string {
	days := byDay(all)
	var parts []string
	for i := 0; i < 7; {
		end := i + 1
		for end < 7 && slices.Equal(days[i], days[end]) {
			end++
		}
		if len(days[i]) > 0 {
			parts = append(parts, dayRange(i, end-1)+" "+strings.Join(days[i], " "))
		}
		i = end
	}
	return strings.Join(parts, ", ")
}

// HoursByDay writes weekly hours a line for each day that has some, as they are read back to people.
func HoursByDay(all []Hours) []string {
	var lines []string
	for i, spans := range byDay(all) {
		if len(spans) > 0 {
			lines = append(lines, dayShort(i)+" "+strings.ReplaceAll(strings.Join(spans, ", "), "-", "–"))
		}
	}
	return lines
}

func byDay(all []Hours) [7][]string {
	var days [7][]string
	for _, h := range all {
		i := mondayFirst(h.Day)
		days[i] = append(days[i], clockText(h.Starts)+"-"+clockText(h.Ends))
	}
	return days
}

func dayShort(i int) string { return time.Weekday((i + 1) % 7).String()[:3] }

func dayRange(first, last int) string {
	switch last - first {
	case 0:
		return dayShort(first)
	case 1:
		return dayShort(first) + " " + dayShort(last)
	}
	return dayShort(first) + "-" + dayShort(last)
}

// hoursOf are the rows of one kind: regular hours, or on call.
func hoursOf(rules []store.DutyRule, onCall bool) []Hours {
	var all []Hours
	for _, r := range rules {
		if r.OnCall == onCall {
			all = append(all, Hours{time.Weekday(r.Weekday), r.Starts, r.Ends})
		}
	}
	return joinHours(all)
}

var clock = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2})|h)?\s*(am|pm)?$`)

// minuteOf reads a time of day such as 17:00, 17, 5pm, noon or 24:00, in minutes after midnight.
func minuteOf(text string) (int32, bool) {
	switch text = strings.TrimSpace(text); text {
	case "noon":
		return 12 * 60, true
	case "midnight":
		return 24 * 60, true
	}
	m := clock.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	var hour, minute int32
	_, _ = fmt.Sscanf(m[1]+" "+cmp.Or(m[2], "0"), "%d %d", &hour, &minute) // digits only
	switch {
	case m[3] != "" && (hour < 1 || hour > 12), hour > 24, minute > 59, hour == 24 && minute > 0:
		return 0, false
	case m[3] == "pm" && hour < 12:
		hour += 12
	case m[3] == "am" && hour == 12:
		hour = 0
	}
	return hour*60 + minute, true
}
