package notify

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func foreignLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func TestAlphabetIsComplete(t *testing.T) {
	t.Parallel()
	if n := utf8.RuneCountInString(gsmBasic); n != 127 { // 128 codes, one of them the escape
		t.Errorf("the basic alphabet has %d characters", n)
	}
	seen := map[rune]bool{}
	for _, r := range gsmBasic + gsmExtended {
		if seen[r] {
			t.Errorf("%q is in the alphabet twice", r)
		}
		seen[r] = true
	}
	for r, near := range closeTo {
		if septets(r) > 0 {
			t.Errorf("%q is in the alphabet and needs no %q", r, near)
		}
		for _, n := range near {
			if septets(n) == 0 {
				t.Errorf("%q stands for %q but is not in the alphabet", near, r)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                           "",
		"it’s “fine” – really…":      `it's "fine" - really...`,
		"Zürich, Ñandú, Åse, Ærø":    "Zürich, Ñandu, Åse, Ærø",
		"e\u0301 is é, garçon":       "é is é, garcon",
		"Łódź Šašek Đorđe œuvre":     "Lodz Sasek Dorde oeuvre",
		"Nguyễn Thị Phương":          "Nguyen Thi Phuong",
		"İstanbul ığüşöç":            "Istanbul igüsöc",
		"½ ① ﬁne ｆｕｌｌ ² №5":          "1/2 1 fine full 2 No5",
		"😀 ok 👩🏽‍🔧 1️⃣ 🇬🇧":           " ok  1 ",
		"Ελλάδα, Χανιά":              "EΛΛAΔA, XANIA",
		"Иван":                       "Иван",
		"日本、東京。":                     "日本,東京.",
		"हिन्दी":                     "हिन्दी",
		"a\u0000b\u200bc\u202ed\xff": "abcd",
		"100 € {x} [y] ~ ^ \\ |":     "100 € {x} [y] ~ ^ \\ |",
		"non\u00a0breaking\ttab":     "non breaking tab",
		"h\u0323\u0307 and й":        "h and й",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	check := func(name, text string, n int, encoding string) {
		t.Helper()
		if gotN, got := Segments(text); gotN != n || got != encoding {
			t.Errorf("%s: %d %s, want %d %s", name, gotN, got, n, encoding)
		}
	}
	check("empty", "", 0, GSM7)
	check("one letter", "a", 1, GSM7)
	check("full", strings.Repeat("a", 160), 1, GSM7)
	check("one over", strings.Repeat("a", 161), 2, GSM7)
	check("two full", strings.Repeat("a", 306), 2, GSM7)
	check("two and one", strings.Repeat("a", 307), 3, GSM7)
	check("extended full", strings.Repeat("€", 80), 1, GSM7)
	check("extended over", strings.Repeat("€", 80)+"a", 2, GSM7)
	check("an escape is not torn apart", strings.Repeat("a", 152)+"€"+strings.Repeat("a", 152), 3, GSM7)
	check("one foreign letter", "Иван", 1, UCS2)
	check("foreign full", strings.Repeat("я", 70), 1, UCS2)
	check("foreign over", strings.Repeat("я", 71), 2, UCS2)
	check("foreign two full", strings.Repeat("я", 134), 2, UCS2)
	check("foreign three", strings.Repeat("я", 135), 3, UCS2)
	check("an emoji is two", strings.Repeat("😀", 35), 1, UCS2)
	check("a pair is not torn apart", strings.Repeat("я", 66)+"😀"+strings.Repeat("я", 66), 3, UCS2)
}

func TestClip(t *testing.T) {
	t.Parallel()
	check := func(text string, segments int, want string) {
		t.Helper()
		if got := Clip(text, segments); got != want {
			t.Errorf("Clip(%q, %d) = %q, want %q", text, segments, got, want)
		}
	}
	check(" Call 42 – “yours”\nCall 43 👍 ", 1, "Call 42 - \"yours\"\nCall 43")
	check(strings.Repeat("word ", 40), 1, strings.Repeat("word ", 30)+"word...")
	check(strings.Repeat("слово ", 40), 1, strings.Repeat("слово ", 10)+"слово...")
	check("", 3, "")
}
