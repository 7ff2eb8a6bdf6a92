package reports

import "strings"

// arabicForms gives each Arabic letter its first presentation form (Unicode charts FB50 and FE70). The forms follow
// each other as isolated, final, initial, medial; letters that never join to the left have only the first two.
var arabicForms = map[rune]struct {
	first rune
	forms int
}{
	0x0621: {0xFE80, 1}, 0x0622: {0xFE81, 2}, 0x0623: {0xFE83, 2}, 0x0624: {0xFE85, 2}, 0x0625: {0xFE87, 2},
	0x0626: {0xFE89, 4}, 0x0627: {0xFE8D, 2}, 0x0628: {0xFE8F, 4}, 0x0629: {0xFE93, 2}, 0x062A: {0xFE95, 4},
	0x062B: {0xFE99, 4}, 0x062C: {0xFE9D, 4}, 0x062D: {0xFEA1, 4}, 0x062E: {0xFEA5, 4}, 0x062F: {0xFEA9, 2},
	0x0630: {0xFEAB, 2}, 0x0631: {0xFEAD, 2}, 0x0632: {0xFEAF, 2}, 0x0633: {0xFEB1, 4}, 0x0634: {0xFEB5, 4},
	0x0635: {0xFEB9, 4}, 0x0636: {0xFEBD, 4}, 0x0637: {0xFEC1, 4}, 0x0638: {0xFEC5, 4}, 0x0639: {0xFEC9, 4},
	0x063A: {0xFECD, 4}, 0x0641: {0xFED1, 4}, 0x0642: {0xFED5, 4}, 0x0643: {0xFED9, 4}, 0x0644: {0xFEDD, 4},
	0x0645: {0xFEE1, 4}, 0x0646: {0xFEE5, 4}, 0x0647: {0xFEE9, 4}, 0x0648: {0xFEED, 2}, 0x0649: {0xFEEF, 2},
	0x064A: {0xFEF1, 4}, 0x067E: {0xFB56, 4}, 0x0679: {0xFB66, 4}, 0x0686: {0xFB7A, 4}, 0x0688: {0xFB88, 2},
	0x0698: {0xFB8A, 2}, 0x0691: {0xFB8C, 2}, 0x06A9: {0xFB8E, 4}, 0x06AF: {0xFB92, 4}, 0x06BA: {0xFB9E, 2},
	0x06C1: {0xFBA6, 4}, 0x06BE: {0xFBAA, 4}, 0x06D2: {0xFBAE, 2}, 0x06CC: {0xFBFC, 4},
}

// lamAlef gives the isolated form of lam with each alef; the final form is the next code.
var lamAlef = map[rune]rune{0x0622: 0xFEF5, 0x0623: 0xFEF7, 0x0625: 0xFEF9, 0x0627: 0xFEFB}

const (
	lam     = 0x0644
	tatweel = 0x0640
)

// joinArabic replaces Arabic letters by the forms that they take beside their neighbours, which fpdf does not do.
func (s *stack) joinArabic(text string) string {
	runes := []rune(text)
	var b strings.Builder
	b.Grow(len(text) + len(text)/2)
	joined := false // the letter before reaches out to this one
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if isArabicMark(r) {
			b.WriteRune(r)
			continue
		}
		next := nextBase(runes, i)
		if r == lam && i+1 < len(runes) && lamAlef[runes[i+1]] != 0 {
			b.WriteRune(s.orElse(lamAlef[runes[i+1]]+btoi(joined), r))
			joined = false
			i++
			continue
		}
		form, ok := arabicForms[r]
		if !ok {
			b.WriteRune(r)
			joined = r == tatweel
			continue
		}
		reaches := form.forms == 4 && joinsRight(next)
		step := btoi(joined && form.forms > 1) + 2*btoi(reaches)
		b.WriteRune(s.orElse(form.first+step, r))
		joined = reaches
	}
	return b.String()
}

// orElse returns form when a font has it, else r.
func (s *stack) orElse(form, r rune) rune {
	if s.letter(form).face == noFace {
		return r
	}
	return form
}

// nextBase returns the letter after i, marks left out, or 0.
func nextBase(runes []rune, i int) rune {
	for _, r := range runes[i+1:] {
		if !isArabicMark(r) {
			return r
		}
	}
	return 0
}

// joinsRight tells whether a letter can be reached by the one before it.
func joinsRight(r rune) bool { return r == tatweel || arabicForms[r].forms > 1 }

func isArabicMark(r rune) bool { return r >= 0x064B && r <= 0x065F || r == 0x0670 }

func btoi(b bool) rune {
	if b {
		return 1
	}
	return 0
}
