package desk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checker turns cells into values as they are stored.
type checker struct{ country string }

// cell is what a cell of a table says. Our own tables keep formulas from running with an apostrophe, which is taken off again.
func cell(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune("=+-@\t\r\n", rune(text[1])) {
		text = text[1:]
	}
	return clean(strings.ToValidUTF8(text, ""))
}

// upTo takes any text that is not too long.
func upTo(most int) func(*checker, string) (string, error) {
	return func(_ *checker, typed string) (string, error) { return typed, limited("The text", typed, 0, most) }
}

func (c *checker) phone(typed string) (string, error) { return Phone(typed, c.country) }

func (*checker) email(typed string) (string, error) {
	return Email(strings.TrimPrefix(typed, "mailto:"))
}

// list takes words separated by commas, semicolons or bars.
func (*checker) list(typed string) (string, error) {
	var words []string
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",;|/\n", r) }) {
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", "), limited("The list", typed, 0, 500)
}

func listed(value string) []string {
	if value == "" {
		return []string{}
	}
	return strings.Split(value, ", ")
}

// roleWords are other words for roles.
var roleWords = map[string]Role{
	"administrator": Admin, "dispatch": Dispatcher, "frontdesk": Dispatcher, "tech": Technician, "engineer": Technician, "fieldengineer": Technician,
	"serviceengineer": Technician, "servicetechnician": Technician, "salesperson": Sales, "salesrep": Sales, "readonly": Viewer,
}

func (c *checker) roles(typed string) (string, error) {
	words, _ := c.list(typed)
	var roles []Role
	for _, w := range listed(words) {
		key := HeaderKey(w)
		role, known := roleWords[key]
		for _, r := range Roles() {
			if key == r || key == r+"s" {
				role, known = r, true
			}
		}
		if !known {
			return "", refuse(Invalid, "“%s” is no role. The roles are %s.", shorten(w, 20), joined(Roles(), "and"))
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return strings.Join(roles, ", "), nil
}

func (*checker) stage(typed string) (string, error) {
	stages := []string{LeadNew, LeadContacted, LeadQualified, LeadQuoted}
	stage := Fold(typed)
	switch {
	case stage == LeadWon:
		return "", refuse(Invalid, "A lead that was won is a customer: import it as one.")
	case stage == LeadLost:
		return "", refuse(Invalid, "Lost leads are not imported; nothing is to be done about them.")
	case !slices.Contains(stages, stage):
		return "", refuse(Invalid, "“%s” is no stage. A lead is %s.", shorten(typed, 30), orList(stages))
	}
	return stage, nil
}

func (*checker) zone(typed string) (string, error) {
	zone, err := time.LoadLocation(strings.ReplaceAll(typed, " ", "_"))
	if err != nil || typed == "Local" {
		return "", refuse(Invalid, "“%s” is not a time zone. Write it like Europe/Berlin.", shorten(typed, 40))
	}
	return zone.String(), nil
}

func (*checker) capacity(typed string) (string, error) {
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > 100 {
		return "", refuse(Invalid, "“%s” is not a number of calls from 0 to 100.", shorten(typed, 20))
	}
	return strconv.Itoa(n), nil
}

// thousands are digits in groups of three, as meters are read out: 12,345 and 12.345 and 12 345.
var thousands = regexp.MustCompile(`^\d{1,3}([,. '’\x{A0}\x{202F}]\d{3})+$`)

func (*checker) count(typed string) (string, error) {
	digitsOnly := typed
	if thousands.MatchString(typed) {
		digitsOnly = digits(typed)
	}
	n, err := strconv.ParseInt(digitsOnly, 10, 64)
	if err != nil || n < 0 {
		return "", refuse(Invalid, "“%s” is not a whole number from 0 up.", shorten(typed, 30))
	}
	return strconv.FormatInt(n, 10), nil
}

// The years that a date in a file may have: further off it is a slip of the pen.
const (
	earliestYear = 1950
	latestYear   = 2100
)

// isoDay is how dates are kept in Fields and shown.
const isoDay = "2006-01-02"

// dateForms are the ways to write a date that can be read in one way only.
var dateForms = []string{
	isoDay, "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2.1.2006", "2.1.06",
	"2 Jan 2006", "2 January 2006", "2-Jan-2006", "2-Jan-06", "2 Jan 06", "2/Jan/2006", "Jan 2 2006", "January 2 2006", "Jan-2-2006",
	"Mon 2 Jan 2006", "Monday 2 January 2006", "Monday January 2 2006", "Mon Jan 2 2006",
}

// timeAfter is a time of day behind a date, which is left out.
var timeAfter = regexp.MustCompile(`[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$`)

// ordinal is the end of 1st, 2nd, 3rd, 4th.
var ordinal = regexp.MustCompile(`(?i)\b(\d{1,2})(st|nd|rd|th)\b`)

// slashed is day and month in one order or the other, then the year.
var slashed = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$`)

// date takes a date as people and spreadsheets write it. One that could be read in two ways is refused with both.
func (*checker) date(typed string) (string, error) {
	text := ordinal.ReplaceAllString(timeAfter.ReplaceAllString(typed, ""), "$1")
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, ",", " ")), " ")
	if m := slashed.FindStringSubmatch(text); m != nil {
		return slashedDate(typed, m)
	}
	for _, form := range dateForms {
		if day, err := time.Parse(form, text); err == nil {
			return inRange(typed, day)
		}
	}
	if n, err := strconv.Atoi(text); err == nil && n > 20000 && n < 80000 {
		return "", refuse(Invalid, "“%s” is a date as spreadsheets count days. Format the column as a date and save the file again.", shorten(typed, 20))
	}
	return "", refuse(Invalid, "“%s” is not a date that exists. Write it like 2026-03-31.", shorten(typed, 30))
}

func slashedDate(typed string, m []string) (string, error) {
	first, _ := strconv.Atoi(m[1])
	second, _ := strconv.Atoi(m[2])
	year, _ := strconv.Atoi(m[3])
	dayFirst, dayWell := realDay(year, second, first)
	monthFirst, monthWell := realDay(year, first, second)
	switch {
	case dayWell && monthWell && !dayFirst.Equal(monthFirst):
		return "", refuse(Invalid, "“%s” may be %s or %s. Write it like 2026-03-31.", shorten(typed, 30), dayFirst.Format("2 January 2006"), monthFirst.Format("2 January 2006"))
	case dayWell:
		return inRange(typed, dayFirst)
	case monthWell:
		return inRange(typed, monthFirst)
	}
	return "", refuse(Invalid, "“%s” is not a date that exists. Write it like 2026-03-31.", shorten(typed, 30))
}

func realDay(year, month, day int) (time.Time, bool) {
	t, err := time.Parse(isoDay, fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	return t, err == nil
}

func inRange(typed string, day time.Time) (string, error) {
	if day.Year() < earliestYear || day.Year() > latestYear {
		return "", refuse(Invalid, "“%s” is not between %d and %d.", shorten(typed, 30), earliestYear, latestYear)
	}
	return day.Format(isoDay), nil
}

// storedDay is a date in Fields as it is stored; nil if there is none.
func storedDay(value string) *time.Time {
	day, err := time.Parse(isoDay, value)
	if err != nil {
		return nil
	}
	return &day
}

// dayText is the way back.
func dayText(day *time.Time) string {
	if day == nil {
		return ""
	}
	return day.Format(isoDay)
}
