package desk

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// QuoteLine is one line of a quote.
type QuoteLine struct {
	Quantity int64  `json:"quantity"` // in thousandths
	Unit     string `json:"unit,omitempty"`
	Text     string `json:"text"`
	Price    int64  `json:"price"`  // of one, in minor units
	Amount   int64  `json:"amount"` // of all, in minor units, rounded half away from zero
}

// Limits of the lines of a quote.
const (
	MaxLines     = 60
	MaxLineText  = 200
	MaxLinesText = 3000 // of all lines as they are typed: Slack's limit for a text field
)

// lineExample is a line as it may be written.
const lineExample = "2 x Toner TK-1150 @ 89.50"

var (
	// countedLine is "2 x Toner", "2× Toner", "1.5 h Work", "2 Toner"; what it does not match is one of something.
	countedLine = regexp.MustCompile(`^([\d][\d.,'’]*)(?:\s*[xX×*]\s+|\s+)(.+)$`)
	// halfCounted is a quantity of nothing, or less than nothing of something.
	halfCounted = regexp.MustCompile(`^[-−]?[\d.,]+\s*[xX×*]$|^[-−][\d.,]+\s`)
)

// lineUnits are the units that may stand between a quantity and what it is of.
var lineUnits = []string{"h", "hr", "hrs", "hour", "hours", "day", "days", "month", "months", "year", "years", "km", "m", "kg", "l", "pcs", "pc", "set", "sets"}

// ParseQuoteLine reads one line of a quote, such as "2 x Toner TK-1150 @ 89.50".
func ParseQuoteLine(typed, code string) (QuoteLine, error) {
	text := strings.Join(strings.Fields(clean(typed)), " ")
	line := QuoteLine{Quantity: 1000}
	at := strings.LastIndex(text, "@")
	if at < 0 || strings.TrimSpace(text[at+1:]) == "" {
		return line, refuse(Invalid, "the price is missing. Write for example %s", lineExample)
	}
	what, price := strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+1:])
	var err error
	if line.Price, err = ParseAmount(price, code); err != nil {
		return line, err
	}
	if halfCounted.MatchString(what) {
		return line, refuse(Invalid, "what it is, or how many, is missing. Write for example %s", lineExample)
	}
	if m := countedLine.FindStringSubmatch(what); m != nil {
		if line.Quantity, err = ParseQuantity(m[1]); err != nil {
			return line, err
		}
		what = m[2]
		if unit, rest, ok := strings.Cut(what, " "); ok && slices.Contains(lineUnits, strings.ToLower(unit)) {
			line.Unit, what = unit, strings.TrimSpace(rest)
		}
	}
	if err := limited("What it is", what, 1, MaxLineText); err != nil {
		return line, err
	}
	line.Text = what
	amount, ok := scaled(line.Price, line.Quantity, 1000)
	if !ok {
		return line, errTooLarge
	}
	line.Amount = amount
	return line, nil
}

// in writes the line as it could be typed, its price in a currency.
func (l QuoteLine) in(code string) string {
	unit := "x"
	if l.Unit != "" {
		unit = l.Unit
	}
	return FormatQuantity(l.Quantity) + " " + unit + " " + l.Text + " @ " + FormatAmount(l.Price, code)
}

// FormatQuoteLines writes lines as they could be typed.
func FormatQuoteLines(lines []QuoteLine, code string) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.in(code)
	}
	return strings.Join(out, "\n")
}

// wrongLinesShown is how many wrong lines are explained at once.
const wrongLinesShown = 4

// ParseQuoteLines reads the lines of a quote, one a row. Every wrong one is named by its number and what was typed.
func ParseQuoteLines(typed, code string) ([]QuoteLine, error) {
	var lines []QuoteLine
	var wrongOnes []string
	for i, row := range strings.Split(typed, "\n") {
		if strings.TrimSpace(row) == "" {
			continue
		}
		line, err := ParseQuoteLine(row, code)
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) {
				return nil, err
			}
			wrongOnes = append(wrongOnes, fmt.Sprintf("Line %d, “%s”: %s", i+1, shorten(strings.TrimSpace(row), 60), refused.Text))
			continue
		}
		lines = append(lines, line)
	}
	switch {
	case len(wrongOnes) > wrongLinesShown:
		more := fmt.Sprintf("And %d more lines like these.", len(wrongOnes)-wrongLinesShown)
		return nil, refuse(Invalid, "%s", strings.Join(append(wrongOnes[:wrongLinesShown], more), "\n"))
	case len(wrongOnes) > 0:
		return nil, refuse(Invalid, "%s", strings.Join(wrongOnes, "\n"))
	case len(lines) == 0:
		return nil, refuse(Invalid, "Write at least one line, such as %s", lineExample)
	case utf8.RuneCountInString(FormatQuoteLines(lines, code)) > MaxLinesText: // they must fit the form again
		return nil, refuse(Invalid, "That is more text than the lines of one quote may have. Shorten some of it.")
	case len(lines) > MaxLines:
		return nil, refuse(Invalid, "There are %d lines; at most %d fit one quote.", len(lines), MaxLines)
	}
	return lines, nil
}

// AddUp sums the lines of a quote. Every line is rounded by itself when it is read: quantity × price, half away from zero. Tax
// is taken of the sum and rounded once, in the same way, so that it is what a customer with a calculator finds.
func AddUp(lines []QuoteLine, rate int32) (net, tax, total int64, err error) {
	for _, line := range lines {
		if net += line.Amount; net > mostMinor || net < -mostMinor {
			return 0, 0, 0, errTooLarge
		}
	}
	tax, ok := scaled(net, int64(rate), 100_00)
	if total = net + tax; !ok || total > mostMinor {
		return 0, 0, 0, errTooLarge
	}
	return net, tax, total, nil
}
