package desk

import (
	"math"
	"testing"
)

func TestParseAmount(t *testing.T) {
	t.Parallel()
	good := []struct {
		typed, code string
		want        int64
	}{
		{"89.50", "GBP", 8950},
		{"89,50", "GBP", 8950},
		{"89", "GBP", 8900},
		{"1,234.5", "GBP", 123450},
		{"1.234,50", "EUR", 123450},
		{"1'234.50", "CHF", 123450},
		{"1’234.50", "CHF", 123450},
		{"1 234,50", "EUR", 123450},
		{"1\u202f234,50", "EUR", 123450},
		{"1,234", "GBP", 123400},
		{"1,234,567.89", "USD", 123456789},
		{"1.234.567", "EUR", 123456700},
		{"12,34,567.50", "INR", 123456750},
		{"0,5", "EUR", 50},
		{"007.50", "GBP", 750},
		{"£89.50", "GBP", 8950},
		{"89.50 GBP", "GBP", 8950},
		{"gbp 89.50", "GBP", 8950},
		{"89,50 €", "EUR", 8950},
		{"US$ 5", "USD", 500},
		{"$5", "USD", 500},
		{"-50", "GBP", -5000},
		{"−50", "GBP", -5000},
		{"-£50", "GBP", -5000},
		{"0", "GBP", 0},
		{"1500", "JPY", 1500},
		{"1,500", "JPY", 1500},
		{"¥1.500", "JPY", 1500},
		{"1.234", "KWD", 1234},
		{"1,234.500", "KWD", 1234500},
		{"1.5", "KWD", 1500},
		{"10000000000000", "GBP", 1_000_000_000_000_000},
	}
	for _, c := range good {
		got, err := ParseAmount(c.typed, c.code)
		if err != nil || got != c.want {
			t.Errorf("ParseAmount(%q, %s) = %d, %v; want %d", c.typed, c.code, got, err, c.want)
		}
	}
	bad := []struct{ typed, code string }{
		{"", "GBP"},
		{"free", "GBP"},
		{"$5", "GBP"},
		{"5 €", "GBP"},
		{"89.505", "GBP"},
		{"0.125", "GBP"},
		{"1.234", "EUR"},
		{"1,2345", "GBP"},
		{"1.5", "JPY"},
		{"1,234", "KWD"},
		{"1.2345", "KWD"},
		{"10000000000001", "GBP"},
		{"99999999999999999999999", "GBP"},
		{"1.2.3", "GBP"},
		{"5-", "GBP"},
		{"--5", "GBP"},
		{"1,234,5", "GBP"},
		{"٣", "GBP"},
		{"1e5", "GBP"},
		{".50", "GBP"},
	}
	for _, c := range bad {
		if got, err := ParseAmount(c.typed, c.code); CodeOf(err) != Invalid {
			t.Errorf("ParseAmount(%q, %s) = %d, %v; want a refusal", c.typed, c.code, got, err)
		}
	}
}

func TestFormatAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor      int64
		code, want string
	}{
		{0, "GBP", "0.00"},
		{5, "GBP", "0.05"},
		{8950, "GBP", "89.50"},
		{123456789, "GBP", "1,234,567.89"},
		{-5000, "GBP", "-50.00"},
		{100, "JPY", "100"},
		{1234567, "JPY", "1,234,567"},
		{5, "KWD", "0.005"},
		{1234567, "KWD", "1,234.567"},
		{99999, "GBP", "999.99"},
	} {
		if got := FormatAmount(c.minor, c.code); got != c.want {
			t.Errorf("FormatAmount(%d, %s) = %q, want %q", c.minor, c.code, got, c.want)
		}
	}
}

func TestQuantityAndPercent(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int64{"2": 2000, "1.5": 1500, "0,25": 250, "1000": 1000000, "1.125": 1125, "0.5": 500, "1,000.5": 1000500, "1 000": 1000000} {
		if got, err := ParseQuantity(typed); err != nil || got != want {
			t.Errorf("ParseQuantity(%q) = %d, %v; want %d", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "0", "-1", "1,000", "1.500", "two", "1.2345", "1000001"} {
		if got, err := ParseQuantity(typed); CodeOf(err) != Invalid {
			t.Errorf("ParseQuantity(%q) = %d, %v; want a refusal", typed, got, err)
		}
	}
	for typed, want := range map[string]int32{"": 0, "20": 2000, "7,7": 770, "8.25 %": 825, "0": 0, "100": 10000, " 5% ": 500} {
		if got, err := ParsePercent(typed); err != nil || got != want {
			t.Errorf("ParsePercent(%q) = %d, %v; want %d", typed, got, err, want)
		}
	}
	for _, typed := range []string{"-5", "101", "ten", "7.125", "1,234", "5%%x"} {
		if got, err := ParsePercent(typed); CodeOf(err) != Invalid {
			t.Errorf("ParsePercent(%q) = %d, %v; want a refusal", typed, got, err)
		}
	}
	for hundredths, want := range map[int32]string{0: "0", 2000: "20", 770: "7.7", 825: "8.25", 10000: "100"} {
		if got := FormatPercent(hundredths); got != want {
			t.Errorf("FormatPercent(%d) = %q, want %q", hundredths, got, want)
		}
	}
}

func TestScaledRoundsHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, factor, unit, want int64 }{
		{5, 500, 1000, 3},
		{-5, 500, 1000, -3},
		{333, 1000, 1000, 333},
		{1, 499, 1000, 0},
		{1, 500, 1000, 1},
		{3, 1500, 1000, 5},
		{0, 7, 1000, 0},
		{12345, 770, 10000, 951},
		{mostMinor, 1000, 1000, mostMinor},
	} {
		if got, ok := scaled(c.amount, c.factor, c.unit); !ok || got != c.want {
			t.Errorf("scaled(%d, %d, %d) = %d, %v; want %d", c.amount, c.factor, c.unit, got, ok, c.want)
		}
	}
	for _, c := range [][2]int64{{mostMinor, 1001}, {mostMinor, mostThousandths}, {math.MaxInt64, math.MaxInt64}, {math.MinInt64, math.MaxInt64}} {
		if got, ok := scaled(c[0], c[1], 1000); ok {
			t.Errorf("scaled(%d, %d) = %d, which is too large to keep", c[0], c[1], got)
		}
	}
}

func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"89.50", "1.234,50", "1'234.50", "-£50", "٣", "1,234", "", "9999999999999999", "2 x Toner @ 5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, code := range []string{"GBP", "EUR", "JPY", "KWD", "XYZ"} {
			if minor, err := ParseAmount(typed, code); err == nil {
				again, err := ParseAmount(FormatAmount(minor, code), code)
				if err != nil || again != minor {
					t.Errorf("%q in %s is %d, shown as %q, read again as %d, %v", typed, code, minor, FormatAmount(minor, code), again, err)
				}
			}
			if line, err := ParseQuoteLine(typed, code); err == nil {
				again, err := ParseQuoteLine(line.in(code), code)
				if err != nil || again != line {
					t.Errorf("%q is %+v, shown as %q, read again as %+v, %v", typed, line, line.in(code), again, err)
				}
			}
		}
		if n, err := ParseQuantity(typed); err == nil {
			if again, err := ParseQuantity(FormatQuantity(n)); err != nil || again != n {
				t.Errorf("%q is %d, shown as %q, read again as %d, %v", typed, n, FormatQuantity(n), again, err)
			}
		}
		if n, err := ParsePercent(typed); err == nil {
			if again, err := ParsePercent(FormatPercent(n)); err != nil || again != n {
				t.Errorf("%q is %d, read again as %d, %v", typed, n, again, err)
			}
		}
	})
}
