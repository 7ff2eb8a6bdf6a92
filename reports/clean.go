package reports

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes any text fit to be drawn: composed letters, no control or invisible characters, Arabic joined up,
// and a visible sign for whatever the fonts do not have. Line breaks stay. Plain ASCII comes back as it is.
func (s *stack) clean(text string) string {
	if s.needsNothing(text) {
		return text
	}
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	arabic := false
	for _, r := range text {
		r = cleanRune(r)
		if r < 0 {
			continue
		}
		if r != '\n' && s.letter(r).face == noFace {
			r = missing
		}
		arabic = arabic || r >= 0x0620 && r <= 0x06FF
		b.WriteRune(r)
	}
	if arabic {
		return s.joinArabic(b.String())
	}
	return b.String()
}

// cleanRune returns what to draw for r if the fonts have it, or -1 for nothing.
func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r >= ' ' && r < 0x7F:
		return r
	case r == '\r' || isInvisible(r):
		return -1
	case r == '\t' || r == '\v' || r == '\f' || r == 0xA0 || r == 0x2028 || r == 0x2029 || r == 0x202F:
		return ' '
	case r < ' ' || r >= 0x7F && r < 0xA0 || r > 0xFFFF:
		return missing
	}
	return r
}

// isInvisible tells marks that steer shaping, direction or emoji and have no form of their own.
func isInvisible(r rune) bool {
	switch {
	case r == 0xAD, r == 0xFEFF, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return r >= 0x1F3FB && r <= 0x1F3FF // skin tones, part of the emoji before them
}

// needsNothing tells whether clean would return the same text, as for nearly all that people write.
func (s *stack) needsNothing(text string) bool {
	for _, r := range text {
		if r > 0xFFFF || r != '\n' && !s.letter(r).plain {
			return false
		}
	}
	return true
}

// isPlain tells whether a rune that some font has stays as it is beside any neighbours: it does not combine with what
// is before it, does not join, and is no space or control of a special kind.
func isPlain(r rune) bool {
	if r < 0x7F {
		return r >= ' '
	}
	if r == utf8.RuneError || r >= 0x0600 && r <= 0x06FF {
		return false
	}
	text := string(r)
	return norm.NFC.IsNormalString(text) && norm.NFC.PropertiesString(text).BoundaryBefore() && cleanRune(r) == r
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
