package reports

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// hasRightToLeft tells whether a line needs reordering at all.
func hasRightToLeft(text string) bool {
	for _, r := range text {
		if r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFE {
			return true
		}
	}
	return false
}

// readsFromRight tells whether the first letter with a direction reads from the right.
func readsFromRight(text string) bool {
	if isASCII(text) || !hasRightToLeft(text) {
		return false
	}
	for _, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// span is a stretch of a line in one direction.
type span struct {
	text  string
	level int
}

// visual returns the line in the order in which it is drawn from left to right. The package bidi finds the
// stretches but forgets their nesting, which is rebuilt here: numbers inside right-to-left text keep their place.
// fromRight is the direction of the whole text that the line belongs to.
func visual(text string, fromRight bool) string {
	if !fromRight && !hasRightToLeft(text) {
		return text
	}
	var paragraph bidi.Paragraph
	const leftMark, rightMark = "\u200E", "\u200F" // no width, and no form in any font: they only set the direction
	mark := leftMark
	if fromRight {
		mark = rightMark
	}
	if _, err := paragraph.SetString(mark + text); err != nil {
		return text
	}
	order, err := paragraph.Order()
	if err != nil {
		return text
	}
	var spans []span
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := strings.TrimPrefix(run.String(), mark)
		switch {
		case run.Direction() == bidi.RightToLeft:
			spans = append(spans, span{text, 1})
		case fromRight:
			spans = append(spans, span{text, 2})
		case len(spans) > 0 && spans[len(spans)-1].level > 0:
			number := leadingNumber(text)
			spans = append(spans, span{text[:number], 2}, span{text[number:], 0})
		default:
			spans = append(spans, span{text, 0})
		}
	}
	return arrange(slices.DeleteFunc(spans, func(s span) bool { return s.text == "" }))
}

// leadingNumber returns the length of the number that text begins with, 0 for none. After right-to-left text a number
// belongs to it.
func leadingNumber(text string) int {
	end := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			end = i + 1
		} else if !strings.ContainsRune(".,:/", rune(text[i])) {
			break
		}
	}
	return end
}

// arrange turns every right-to-left stretch around, outer ones first.
func arrange(spans []span) string {
	for start := 0; start < len(spans); start++ {
		end := start
		for end < len(spans) && spans[end].level > 0 {
			end++
		}
		if end > start {
			slices.Reverse(spans[start:end])
			start = end
		}
	}
	var b strings.Builder
	for _, s := range spans {
		if s.level == 1 {
			writeReversed(&b, s.text)
			continue
		}
		b.WriteString(s.text)
	}
	return b.String()
}

// mirrored are the brackets that face the other way in right-to-left text.
var mirrored = map[rune]rune{
	'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«',
}

// writeReversed writes the letters last to first, each with the marks that sit on it.
func writeReversed(b *strings.Builder, text string) {
	runes := []rune(text)
	for end := len(runes); end > 0; {
		start := end - 1
		for start > 0 && unicode.Is(unicode.Mn, runes[start]) {
			start--
		}
		first := runes[start]
		if other, ok := mirrored[first]; ok {
			first = other
		}
		b.WriteRune(first)
		for _, r := range runes[start+1 : end] {
			b.WriteRune(r)
		}
		end = start
	}
}
