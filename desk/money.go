package desk

import (
	"fmt"
	"math/bits"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// Money is kept in whole minor units of a currency, such as cents; ISO 4217 says how many digits those are.

// mostMinor bounds every amount, so that sums of the lines of one quote always fit.
const mostMinor = 1_000_000_000_000_000

// mostThousandths bounds a quantity: a million pieces.
const mostThousandths = 1_000_000_000

// errTooLarge says that an amount is beyond what is kept.
var errTooLarge = refuse(Invalid, "That is more money than one quote can hold.")

// minorDigits is how many digits a currency has after the point: 2 for GBP, none for JPY, 3 for KWD.
func minorDigits(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}

// signs are the ways in which people write a currency beside an amount, the longest first.
func signs(code string) []string {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return []string{code}
	}
	return []string{fmt.Sprint(currency.Symbol(unit)), code, fmt.Sprint(currency.NarrowSymbol(unit))}
}

// A number as people type it, by how its digits are grouped: 1234.5, 1,234.5 or 1,23,456.5, and the same the other way round.
var (
	plainNumber   = regexp.MustCompile(`^\d+(?:[.,]\d+)?$`)
	pointNumber   = regexp.MustCompile(`^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$`)
	commaNumber   = regexp.MustCompile(`^\d{1,3}(?:\.\d{3})+(?:,\d+)?$`)
	groupOfDigits = regexp.MustCompile(`^[1-9]\d{0,2}[.,]\d{3}$`)
)

// splitNumber splits a number into its digits before and after the point. digits is how many there may be after it: with two,
// 1.234 can only be a thousand and more.
func splitNumber(typed string, digits int) (whole, part string, ok bool) {
	switch {
	case groupOfDigits.MatchString(typed) && digits != 3, pointNumber.MatchString(typed) && strings.Contains(typed, "."),
		strings.Count(typed, ",") > 1 && pointNumber.MatchString(typed):
		if strings.Count(typed, ".") == 1 && !strings.Contains(typed, ",") {
			return strings.ReplaceAll(typed, ".", ""), "", true
		}
		whole, part, _ = strings.Cut(strings.ReplaceAll(typed, ",", ""), ".")
	case commaNumber.MatchString(typed) && (strings.Contains(typed, ",") || strings.Count(typed, ".") > 1):
		whole, part, _ = strings.Cut(strings.ReplaceAll(typed, ".", ""), ",")
	case plainNumber.MatchString(typed):
		whole, part, _ = strings.Cut(strings.ReplaceAll(typed, ",", "."), ".")
	default:
		return "", "", false
	}
	return whole, part, true
}

// toUnits makes one whole number of digits before and after the point.
func toUnits(whole, part string, digits int, most int64) (int64, bool) {
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > 16 {
		return 0, false
	}
	n, err := strconv.ParseInt("0"+whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
	return n, err == nil && n <= most
}

// ParseAmount reads an amount as people type it, "89.50", "1,234.5", "89,50", "1.234,50" or "1'234.50", with or without the
// sign of the currency, into its minor units. What could mean two things is refused.
func ParseAmount(typed, code string) (int64, error) {
	bare, negative := bareNumber(typed, signs(code))
	digits := minorDigits(code)
	if err := ambiguous(typed, bare, digits); err != nil {
		return 0, err
	}
	whole, part, ok := splitNumber(bare, digits)
	switch {
	case !ok:
		return 0, refuse(Invalid, "“%s” is not an amount in %s. Write for example %s.", shorten(typed, 40), code, exampleAmount(digits))
	case len(part) > digits && digits == 0:
		return 0, refuse(Invalid, "“%s”: %s has no digits after the point.", shorten(typed, 40), code)
	case len(part) > digits:
		return 0, refuse(Invalid, "“%s” has more than the %d digits after the point that %s has.", shorten(typed, 40), digits, code)
	}
	minor, ok := toUnits(whole, part, digits, mostMinor)
	if !ok {
		return 0, errTooLarge
	}
	if negative {
		minor = -minor
	}
	return minor, nil
}

// ambiguous refuses what may be a thousand and more to one reader, and one and a bit to another.
func ambiguous(typed, bare string, digits int) error {
	if !groupOfDigits.MatchString(bare) || digits == 0 || strings.Contains(bare, ",") != (digits == 3) {
		return nil
	}
	whole, part, _ := strings.Cut(strings.ReplaceAll(bare, ",", "."), ".")
	return refuse(Invalid, "“%s” can mean two amounts. Write %s or %s.", shorten(typed, 40), whole+"."+part[:min(digits, len(part))], whole+part)
}

// bareNumber takes away everything around and between the digits that says nothing about the number.
func bareNumber(typed string, signs []string) (bare string, negative bool) {
	bare = strings.NewReplacer("’", "", "'", "", " ", "", "\u00a0", "", "\u202f", "", "\t", "", "−", "-", "–", "-").Replace(strings.TrimSpace(typed))
	for _, sign := range signs {
		if i := strings.Index(strings.ToUpper(bare), strings.ToUpper(sign)); i >= 0 && len(strings.ToUpper(bare)) == len(bare) {
			bare = bare[:i] + bare[i+len(sign):]
			break
		}
	}
	return strings.CutPrefix(bare, "-")
}

func exampleAmount(digits int) string {
	if digits == 0 {
		return "8950"
	}
	return "89." + "5000"[:min(digits, 4)]
}

// FormatAmount is an amount as people read it and may type it again: "1,234.50".
func FormatAmount(minor int64, code string) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	digits := minorDigits(code)
	text := fmt.Sprintf("%0*d", digits+1, minor)
	whole, part := text[:len(text)-digits], text[len(text)-digits:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if digits == 0 {
		return sign + whole
	}
	return sign + whole + "." + part
}

// FormatMoney is an amount with its currency: "1,234.50 GBP".
func FormatMoney(minor int64, code string) string {
	return FormatAmount(minor, code) + " " + code
}

// ParseQuantity reads how many, "2", "1.5" or "0,25", in thousandths.
func ParseQuantity(typed string) (int64, error) {
	bare, negative := bareNumber(typed, nil)
	if groupOfDigits.MatchString(bare) && (strings.Contains(bare, ",") || strings.HasSuffix(bare, "0")) {
		plain := strings.ReplaceAll(bare, ",", ".")
		return 0, refuse(Invalid, "“%s” can mean two quantities. Write %s or %s.", shorten(typed, 40),
			strings.TrimRight(strings.TrimRight(plain, "0"), "."), strings.ReplaceAll(plain, ".", ""))
	}
	whole, part, ok := splitNumber(bare, 3)
	if !ok || negative || len(part) > 3 {
		return 0, refuse(Invalid, "“%s” is not a quantity. Write for example 2, 1.5 or 0.25.", shorten(typed, 40))
	}
	n, ok := toUnits(whole, part, 3, mostThousandths)
	switch {
	case !ok:
		return 0, refuse(Invalid, "“%s” is more than a million, which is the most.", shorten(typed, 40))
	case n == 0:
		return 0, refuse(Invalid, "The quantity is zero. Leave the line out, or write how many.")
	}
	return n, nil
}

// FormatQuantity is a quantity as people read it and may type it again: "2", "1.5".
func FormatQuantity(thousandths int64) string {
	text := fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// ParsePercent reads a tax rate, "20", "7,7" or "8.25 %", in hundredths of a percent. Nothing typed is none.
func ParsePercent(typed string) (int32, error) {
	bare := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(typed), "%"))
	if bare == "" {
		return 0, nil
	}
	number, negative := bareNumber(bare, nil)
	whole, part, ok := strings.Cut(strings.ReplaceAll(number, ",", "."), ".")
	if negative || !plainNumber.MatchString(number) || ok && len(part) > 2 || len(whole) > 6 {
		return 0, refuse(Invalid, "“%s” is not a rate in percent. Write for example 20 or 7.5.", shorten(typed, 40))
	}
	rate, fits := toUnits(whole, part, 2, 100_00)
	if !fits {
		return 0, refuse(Invalid, "“%s” is more than 100 percent.", shorten(typed, 40))
	}
	return int32(rate), nil
}

// FormatPercent is a rate as people read it and may type it again: "20", "7.5".
func FormatPercent(hundredths int32) string {
	text := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// scaled is amount × factor ÷ unit, rounded half away from zero. False says that it is too large to keep.
func scaled(amount, factor, unit int64) (int64, bool) {
	negative := (amount < 0) != (factor < 0)
	hi, lo := bits.Mul64(magnitude(amount), magnitude(factor))
	lo, carry := bits.Add64(lo, uint64(unit)/2, 0)
	hi += carry
	if hi >= uint64(unit) {
		return 0, false
	}
	n, _ := bits.Div64(hi, lo, uint64(unit))
	if n > mostMinor {
		return 0, false
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
