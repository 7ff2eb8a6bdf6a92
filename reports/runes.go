package reports

import (
	"strings"
	"unicode/utf8"
)

// isIdeograph tells letters between which a line may break without a space.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x2E80:
		return r >= 0x0E00 && r <= 0x0E2F // Thai consonants: no spaces between its words either
	case r <= 0x9FFF:
		return true
	}
	return r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFF60
}

// closes tells signs that must not begin a line.
func closes(r rune) bool {
	return r > 0x2E80 && strings.ContainsRune("、。，．！？：；）」』】〉》〕］｝ー々", r)
}

func isBlank(text string) bool {
	for i := range len(text) {
		if text[i] != ' ' && text[i] != '\n' {
			return false
		}
	}
	return true
}

func lastRune(text string) (rune, int) { return utf8.DecodeLastRuneInString(text) }

func runeCount(text string) int { return utf8.RuneCountInString(text) }

// oneLine turns line breaks into spaces.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }
