package reports

import (
	"math"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ticks returns the marks of an axis from 0 to at least top: about four, in steps of 1, 2 or 5 times a power of ten,
// and whole numbers while the values are counts.
func ticks(top float64) []float64 {
	if top < 1e-9 || top > 1e300 || math.IsNaN(top) {
		return []float64{0, 1}
	}
	step := niceStep(top / 4)
	if top >= 1 && step < 1 {
		step = 1
	}
	marks := []float64{0}
	for n := 1; marks[n-1] < top; n++ {
		marks = append(marks, float64(n)*step)
	}
	return marks
}

func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= rough*0.999 {
			return factor * power
		}
	}
	return 10 * power
}

// figure writes a value for people: whole numbers without decimals, thousands apart.
func figure(value float64) string {
	if math.Abs(value-math.Round(value)) > 1e-9 {
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return Thousands(int(math.Round(value)))
}

// Thousands writes a number with a thin gap between groups of three digits, as 12 345.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + " " + digits[at:]
	}
	return sign + digits
}
