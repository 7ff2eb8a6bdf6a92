package notify

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// longest is where the text of a part is cut before anything is counted: far above what a text message can hold.
const longest = 600

// part is a piece of a text message. A part without text is left out together with what stands around it.
type part struct {
	before, text, after string
	rank                int  // 1 is shortened first; 0 never
	least               int  // characters that should remain, for the shorter message to be worth having
	whole               bool // left out rather than shortened, if it is longer than least
}

// fixed is a part that is never shortened.
func fixed(text string) part { return part{text: text} }

// fit returns the parts as one text of the fewest segments, at most most. It shortens a part down to its least to save
// a segment, and beyond that only when even the most segments would not do.
func fit(most int, parts ...part) string {
	for i := range parts {
		parts[i].text = shorten(parts[i].text, longest)
	}
	squeezed := parts
	for segments := 1; segments <= most; segments++ {
		squeezed = slices.Clone(parts)
		if squeeze(segments, squeezed) {
			return join(squeezed)
		}
	}
	for _, share := range []int{2, 4, 0} {
		for i := range squeezed {
			squeezed[i].least = 0
			if share > 0 {
				squeezed[i].least = parts[i].least / share
			}
		}
		if squeeze(most, squeezed) {
			break
		}
	}
	return join(squeezed)
}

// squeeze shortens the parts in place, by rank, and reports whether they fit then.
func squeeze(segments int, parts []part) bool {
	for _, i := range byRank(parts) {
		if fits(join(parts), segments) {
			return true
		}
		p := &parts[i]
		full, low, high := p.text, p.least, utf8.RuneCountInString(p.text)
		if p.whole && high > p.least {
			low, high = 0, 0
		}
		at := func(limit int) bool {
			p.text = shorten(full, limit)
			return fits(join(parts), segments)
		}
		if low > high || !at(low) {
			continue
		}
		for low+1 < high { // low fits, high does not
			if middle := (low + high) / 2; at(middle) {
				low = middle
			} else {
				high = middle
			}
		}
		return at(low)
	}
	return fits(join(parts), segments)
}

func fits(text string, segments int) bool {
	n, _ := Segments(text)
	return n <= segments
}

// byRank returns the places of the parts that may be shortened, those to shorten first in front.
func byRank(parts []part) []int {
	var order []int
	for i, p := range parts {
		if p.rank > 0 && p.text != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return parts[a].rank - parts[b].rank })
	return order
}

// join puts the parts side by side; a sentence that already ends is not ended again.
func join(parts []part) string {
	var b strings.Builder
	last := byte(0)
	for _, p := range parts {
		if p.text == "" {
			continue
		}
		whole := p.before + p.text + p.after
		if strings.IndexByte(".!?", last) >= 0 {
			whole = strings.TrimPrefix(whole, ".")
		}
		if b.Len() == 0 {
			whole = strings.TrimLeft(whole, " .,:")
		}
		if whole == "" {
			continue
		}
		b.WriteString(whole)
		last = whole[len(whole)-1]
	}
	return b.String()
}

// Clip brings a text close to GSM-7, as Plain does, and cuts it to at most so many segments.
func Clip(text string, segments int) string {
	parts := []part{{text: shorten(strings.TrimSpace(Plain(text)), longest), rank: 1}}
	squeeze(segments, parts)
	return join(parts)
}
