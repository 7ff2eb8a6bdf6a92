package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseQuoteLine(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]QuoteLine{
		"2 x Toner TK-1150 @ 89.50":      {2000, "", "Toner TK-1150", 8950, 17900},
		"2× Toner @ 89,50":               {2000, "", "Toner", 8950, 17900},
		"2x Toner @ £89.50":              {2000, "", "Toner", 8950, 17900},
		"2 Toner @ 89.50":                {2000, "", "Toner", 8950, 17900},
		"Toner @ 89.50":                  {1000, "", "Toner", 8950, 8950},
		"1.5 h Work @ 60":                {1500, "h", "Work", 6000, 9000},
		"0,25 day Training @ 800":        {250, "day", "Training", 80000, 20000},
		"3M tape @ 5":                    {1000, "", "3M tape", 500, 500},
		"2x4 timber @ 5":                 {1000, "", "2x4 timber", 500, 500},
		"ann@example.com @ 5":            {1000, "", "ann@example.com", 500, 500},
		"1 x Discount @ -50":             {1000, "", "Discount", -5000, -5000},
		"0.5 x Half a cent @ 0.01":       {500, "", "Half a cent", 1, 1},
		"3 x Thirds @ 0.335":             {},
		"2 x Toner":                      {},
		"2 x Toner @":                    {},
		"@ 5":                            {},
		"-2 x Toner @ 5":                 {},
		"2 x @ 5":                        {},
		"1,000 x Staples @ 5":            {},
		"2 x Toner @ $5":                 {},
		"1000000 x Gold @ 9999999999999": {},
	} {
		got, err := ParseQuoteLine(typed, "GBP")
		if want.Text == "" {
			if CodeOf(err) != Invalid {
				t.Errorf("%q is %+v, %v; want a refusal", typed, got, err)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q is %+v, %v; want %+v", typed, got, err, want)
		}
	}
}

func TestParseQuoteLinesNamesTheWrongOnes(t *testing.T) {
	t.Parallel()
	_, err := ParseQuoteLines("2 x Drum @ 120\n\nToner TK-1150\n1 x Fuser @ twelve", "GBP")
	for _, words := range []string{
		"Line 3, “Toner TK-1150”: the price is missing. Write for example 2 x Toner TK-1150 @ 89.50", "Line 4, “1 x Fuser @ twelve”: “twelve” is not an amount in GBP",
	} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v does not say %q", err, words)
		}
	}
	for _, typed := range []string{"", " \n ", strings.Repeat("x\n", 20), strings.Repeat("Toner @ 1\n", MaxLines+1), strings.Repeat(strings.Repeat("x", 180)+" @ 1\n", 16)} {
		if _, err := ParseQuoteLines(typed, "GBP"); CodeOf(err) != Invalid {
			t.Errorf("%q: %v", shorten(typed, 20), err)
		}
	}
	lines, err := ParseQuoteLines(" 2 x Drum @ 120 \n1.5 h Work @ 60\r\n", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("2 x Drum @ 120.00\n1.5 h Work @ 60.00", FormatQuoteLines(lines, "GBP")); diff != "" {
		t.Error(diff)
	}
}

func TestAddUp(t *testing.T) {
	t.Parallel()
	check := func(rate int32, net, tax, total int64, amounts ...int64) {
		t.Helper()
		var lines []QuoteLine
		for _, a := range amounts {
			lines = append(lines, QuoteLine{Amount: a})
		}
		n, x, sum, err := AddUp(lines, rate)
		if err != nil || n != net || x != tax || sum != total {
			t.Errorf("%v at %d: %d + %d = %d, %v; want %d + %d = %d", amounts, rate, n, x, sum, err, net, tax, total)
		}
	}
	check(2000, 17900, 3580, 21480, 17900)
	check(2000, 3, 1, 4, 1, 1, 1) // tax of the sum, not of each
	check(825, 100, 8, 108, 100)
	check(850, 100, 9, 109, 100) // half away from zero
	check(0, 5, 0, 5, 5)
	check(2000, 0, 0, 0, 5000, -5000)
	if _, _, _, err := AddUp([]QuoteLine{{Amount: mostMinor}, {Amount: 1}}, 0); CodeOf(err) != Invalid {
		t.Errorf("too much: %v", err)
	}
	if _, _, _, err := AddUp([]QuoteLine{{Amount: mostMinor}}, 2000); CodeOf(err) != Invalid {
		t.Errorf("too much with tax: %v", err)
	}
}
