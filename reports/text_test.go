package reports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestClean(t *testing.T) {
	t.Parallel()
	regular, _, err := newStacks()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"plain text stays", "Copier jams (tray 2)\nagain", "Copier jams (tray 2)\nagain"},
		{"letters of many scripts stay", "Łódź Ω Жук 圳 ạ", "Łódź Ω Жук 圳 ạ"},
		{"parts of a letter are put together", "e\u0301 a\u0323", "é ạ"},
		{"invisible marks go", "a\u200Bb\uFEFFc\u202Ed\u00ADe", "abcde"},
		{"spaces of other kinds", "a\tb\u00A0c", "a b c"},
		{"windows line ends", "a\r\nb", "a\nb"},
		{"an emoji of several parts", "ok 👍🏽!", "ok □!"},
		{"control characters show", "a\x00b\x1Bc", "a□b□c"},
		{"broken bytes show", "a\xffb", "a\uFFFDb"},
		{"letters that no font has", "𝔘 \uE000", "□ □"},
	} {
		if got := regular.clean(test.text); got != test.want {
			t.Errorf("%s: %+q, want %+q", test.name, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	regular, _, err := newStacks()
	if err != nil {
		t.Fatal(err)
	}
	n := regular.width("n")
	for _, test := range []struct {
		name  string
		text  string
		wide  int // in widths of n
		most  int
		lines []string
	}{
		{"fits", "nn nn", 10, 0, []string{"nn nn"}},
		{"empty text is one line", "", 10, 0, []string{""}},
		{"breaks at spaces", "nnn nnn nnn", 7, 0, []string{"nnn nnn", "nnn"}},
		{"spaces at a break vanish", "nnn    nnn", 4, 0, []string{"nnn", "nnn"}},
		{"a long word is broken", "nnnnnnn", 3, 0, []string{"nnn", "nnn", "n"}},
		{"a long word after a short one", "n nnnnn", 3, 0, []string{"n", "nnn", "nn"}},
		{"breaks after a hyphen", "nnn-nnn", 5, 0, []string{"nnn-", "nnn"}},
		{"line breaks stay", "n\n\nn", 5, 0, []string{"n", "", "n"}},
		{"cut with an ellipsis", "nnn nnn nnn", 4, 2, []string{"nnn", "nn…"}},
		{"cut where the ellipsis fits", "nnnn nnnn nnnn", 4, 2, []string{"nnnn", "nn…"}},
		{"exactly as many lines as allowed", "nnn nnn", 4, 2, []string{"nnn", "nnn"}},
		{"blank lines at the end are not missed", "nnn\n\n", 4, 1, []string{"nnn"}},
	} {
		var got []string
		for _, l := range regular.wrap(nil, test.text, test.wide*n, test.most) {
			got = append(got, l.text)
		}
		if diff := cmp.Diff(test.lines, got); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

func TestWrapBreaksBetweenIdeographs(t *testing.T) {
	t.Parallel()
	regular, _, err := newStacks()
	if err != nil {
		t.Fatal(err)
	}
	lines := regular.wrap(nil, "机器坏了。请派人来", 4*regular.width("机"), 0)
	for i, want := range []string{"机器坏", "了。请派", "人来"} {
		if i >= len(lines) || lines[i].text != want {
			t.Fatalf("lines %v, want %q at %d", lines, want, i)
		}
	}
}

// FuzzWrap checks that nothing is lost and nothing is too wide.
func FuzzWrap(f *testing.F) {
	for i, text := range languages {
		f.Add(text, i*500)
	}
	regular, _, err := newStacks()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		text = regular.clean(text)
		limit = limit%20_000 + 2_000
		joined := ""
		for _, l := range regular.wrap(nil, text, limit, 0) {
			joined += l.text
			if got := regular.width(l.text); got != l.width || got > max(limit, 2_000) && utf8.RuneCountInString(l.text) > 1 {
				t.Fatalf("line %q has width %d, said %d, limit %d", l.text, got, l.width, limit)
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "")
		if bare.Replace(joined) != bare.Replace(text) {
			t.Fatalf("%q became %q", text, joined)
		}
		for _, l := range regular.wrap(nil, text, limit, 2) {
			if l.width > max(limit, 2_000) {
				t.Fatalf("cut line %q is too wide", l.text)
			}
		}
	})
}

func TestFontsHaveEveryGlyphTheySay(t *testing.T) {
	t.Parallel()
	faces, err := loadFaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faces {
		known := 0
		for r := rune(0x20); r <= 0xFFFF; r++ {
			glyph := f.glyph(r)
			if glyph == 0 {
				continue
			}
			known++
			if glyph >= f.glyphs {
				t.Fatalf("%s: glyph %d of %U is beyond %d", f.name, glyph, r, f.glyphs)
			}
			f.outline(glyph)
			f.advance(glyph)
		}
		if known < 50 {
			t.Errorf("%s has %d letters", f.name, known)
		}
	}
}
