package desk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"": "", "  Acme \t Foods\n": "acme foods", "Café Zoë": "cafe zoe", "ŁÓDŹ": "lodz", "Größe": "grosse", "Ørsted Æble Œuvre": "orsted aeble oeuvre",
		"Þór Đorđe": "thor dorde", "İstanbul ılık": "istanbul ilik", "東京": "東京", "Москва": "москва", "e\u0301": "e", "tray\x00\x07two": "traytwo",
		"non\u00a0breaking": "non breaking",
	} {
		if got := Fold(typed); got != want {
			t.Errorf("Fold(%q) is %q, want %q", typed, got, want)
		}
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	check := func(typed, country, want string) {
		t.Helper()
		got, err := Phone(typed, country)
		if err != nil || got != want {
			t.Errorf("%q in %s: %q, %v; want %q", typed, country, got, err, want)
		}
	}
	check("020 7946 0123", "GB", "+442079460123")
	check("+44 (0)20 7946 0123", "US", "+442079460123")
	check("0044 20 7946 0123", "GB", "+442079460123")
	check("07911 123456", "GB", "+447911123456")
	check("(201) 555-0123", "US", "+12015550123")
	check("+49 30 123456", "GB", "+4930123456")
	check("06 698 12345", "IT", "+390669812345") // an Italian zero stays
	check("tel:+442079460123", "GB", "+442079460123")
	for _, typed := range []string{"", "abc", "123", "+44", "+999 123456", "0", strings.Repeat("1", 400), "++44 20 7946 01234567"} {
		if got, err := Phone(typed, "GB"); CodeOf(err) != Invalid {
			t.Errorf("%.20q became %q, %v", typed, got, err)
		}
	}
	if _, err := Phone("2079460123", ""); CodeOf(err) != Invalid || !strings.Contains(err.Error(), "+1 201 555 0123") {
		t.Errorf("without a country: %v", err)
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"": "", "Anna@Example.COM": "anna@example.com", "a.b+c@sub.example.co.uk": "a.b+c@sub.example.co.uk", "<anna@example.com>": "anna@example.com",
	} {
		if got, err := Email(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"anna", "anna@", "@example.com", "anna@example", "Anna <anna@example.com>", "anna@example.com, bob@example.com", "an na@example.com",
		"anna@example.com\nBcc: bob@example.com",
	} {
		if got, err := Email(typed); CodeOf(err) != Invalid {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func TestCustomerSearch(t *testing.T) {
	t.Parallel()
	search := CustomerSearch("Café Zoë", "+442079460123")
	if want := "cafe zoe 442079460123 02079460123"; search != want {
		t.Fatalf("searched by %q, want %q", search, want)
	}
	if got := CustomerSearch("Acme", ""); got != "acme" {
		t.Errorf("without a phone: %q", got)
	}
	matches := func(typed string) bool {
		for _, p := range searchPatterns(typed) {
			if !strings.Contains(search, strings.NewReplacer("%", "", `\`, "").Replace(p)) {
				return false
			}
		}
		return true
	}
	for _, typed := range []string{"zoe", "CAFÉ", "zoë caf", "020 7946", "+44 20 7946 0123", "0044 20", "946-01", "(020)", ""} {
		if !matches(typed) {
			t.Errorf("%q does not find it: %q", typed, searchPatterns(typed))
		}
	}
	for _, typed := range []string{"acme", "021", "zoe 021"} {
		if matches(typed) {
			t.Errorf("%q finds it", typed)
		}
	}
}

func TestPatternsEscape(t *testing.T) {
	t.Parallel()
	want := []string{`%50\%%`, `%off\_line%`, `%\\%`}
	if diff := cmp.Diff(want, patterns(`50% off_LINE \`)); diff != "" {
		t.Error(diff)
	}
	if got := patterns("  "); got == nil || len(got) != 0 {
		t.Errorf("no words made %v: Postgres would read a nil as NULL and find nothing", got)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	check := func(length int, least, most int, wants string) {
		t.Helper()
		err := limited("The text", strings.Repeat("ü", length), least, most)
		if wants == "" && err != nil || wants != "" && (err == nil || !strings.Contains(err.Error(), wants)) {
			t.Errorf("%d of %d to %d: %v", length, least, most, err)
		}
	}
	check(0, 0, 10, "")
	check(0, 1, 10, "The text is missing")
	check(1, 1, 10, "")
	check(10, 1, 10, "") // characters, not bytes
	check(11, 1, 10, "The text has 11 characters; at most 10 fit")
}

func TestCleanAndShorten(t *testing.T) {
	t.Parallel()
	if got := clean(" a\x00b\u0007\n\tc\xff\r "); got != "ab\n\tc" {
		t.Errorf("clean gives %q", got)
	}
	if got := shorten("größer", 4); got != "grö…" {
		t.Errorf("shorten gives %q", got)
	}
	if got := shorten("groß", 4); got != "groß" {
		t.Errorf("shorten gives %q", got)
	}
}

func TestJoined(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := orList(words); got != want {
			t.Errorf("%v became %q", words, got)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"020 7946 0123", "+44 20 7946 0123", "ext 5", "+1-800-FLOWERS", "tel:+442079460123;ext=5", "٠٢٠٧٩٤٦٠١٢٣", "+39 06 69812345"} {
		f.Add(s, "GB")
	}
	f.Add("1", "")
	f.Fuzz(func(t *testing.T, typed, country string) {
		number, err := Phone(typed, country)
		if err != nil {
			if CodeOf(err) != Invalid || !utf8.ValidString(err.Error()) && utf8.ValidString(typed) {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		if number[0] != '+' || digits(number) != number[1:] || len(number) > 16 {
			t.Fatalf("%q became %q, which is not E.164", typed, number)
		}
		if again, err := Phone(number, country); err != nil || again != number {
			t.Fatalf("%q became %q, and that %q, %v", typed, number, again, err)
		}
		if back, err := Phone(PhoneShown(number), ""); err != nil || back != number {
			t.Fatalf("%q is shown as %q, which reads as %q, %v", number, PhoneShown(number), back, err)
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Café Zoë", "ŁÓDŹ", "İI", "50%_\\", "\u0130", "ǅ", "ẞ", "\xff\x00", "e\u0301\u0302"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Fold(text)
		if again := Fold(once); again != once {
			t.Fatalf("Fold(%q) is %q, and folded again %q", text, once, again)
		}
		if !utf8.ValidString(once) || strings.ContainsRune(once, 0) {
			t.Fatalf("Fold(%q) is %q, which Postgres does not take", text, once)
		}
		for _, p := range patterns(text) {
			if like := unescapeLike(t, p[1:len(p)-1]); !strings.Contains(once, like) {
				t.Fatalf("pattern %q of %q does not match %q", p, text, once)
			}
		}
	})
}

// unescapeLike reads a LIKE pattern that may hold no wildcard.
func unescapeLike(t *testing.T, pattern string) string {
	t.Helper()
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && (r == '%' || r == '_'):
			t.Fatalf("%q holds a wildcard", pattern)
		}
		escaped = false
		b.WriteRune(r)
	}
	if escaped {
		t.Fatalf("%q ends in an escape", pattern)
	}
	return b.String()
}
