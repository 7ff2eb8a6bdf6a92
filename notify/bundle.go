package notify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// bundleSegments is how long a text may become that says several messages: what does not fit waits for the next.
const bundleSegments = 3

// Bundle words a message together with others that wait for the same phone, as one text of the fewest segments, and returns which of
// them it holds. The most pressing come first, then those that waited longest; each still names its call and its reply letters.
func Bundle(m Message, others []Message) (text string, taken []int64) {
	others = slices.Clone(others)
	slices.SortStableFunc(others, sooner)
	text = SMSText(m)
	held := []Message{m}
	for _, other := range others {
		all := append(slices.Clone(held), other)
		slices.SortStableFunc(all, sooner)
		longer, fits := bundled(all)
		if !fits || cost(longer) > cost(text)+cost(SMSText(other)) {
			break // those behind it keep their place too
		}
		text, held, taken = longer, all, append(taken, other.ID)
	}
	return text, taken
}

func cost(text string) int {
	segments, _ := Segments(text)
	return segments
}

// sooner orders what is to be said.
func sooner(a, b Message) int {
	if x, y := pressing(a), pressing(b); x != y {
		return x - y
	}
	return int(a.ID - b.ID)
}

// pressing is 0 for what cannot wait, and more for what can.
func pressing(m Message) int {
	rank := 4
	for i, p := range []string{"urgent", "high", "normal", "low"} {
		if strings.EqualFold(m.Call.Priority, p) {
			rank = i
		}
	}
	if m.Kind != Offer {
		rank += 5 // an offer asks for an answer
	}
	return rank
}

// bundled puts messages below each other in the fewest segments; false if that shortens one to nothing.
func bundled(all []Message) (string, bool) {
	var parts []part
	for i, m := range all {
		if i > 0 {
			parts = append(parts, fixed("\n"))
		}
		parts = append(parts, briefly(m)...)
	}
	for i := range parts {
		parts[i].text = shorten(parts[i].text, longest)
	}
	for segments := 1; segments <= bundleSegments; segments++ {
		squeezed := slices.Clone(parts)
		if squeeze(segments, squeezed) {
			return join(squeezed), true
		}
	}
	return "", false
}

// briefly words a message as one of several: what it is about and how to answer, the rest comes with the answer.
func briefly(m Message) []part {
	number := strconv.FormatInt(m.Call.ID, 10)
	switch m.Kind {
	case Offer:
		place := oneLine(m.Call.Address)
		if place == "" {
			place = oneLine(m.Call.Site)
		}
		return []part{
			fixed("Call " + number + priority(m.Call)),
			{before: " ", text: oneLine(m.Call.Customer), rank: 4, least: 16},
			{before: ", ", text: place, rank: 2, least: 18},
			{before: ": ", text: oneLine(m.Call.Summary), rank: 1, least: 18},
			fixed(fmt.Sprintf(". A %s or D %s?", number, number)),
		}
	case TaskDue:
		return []part{{text: oneLine(m.Text), rank: 1, least: 50}, fixed(fmt.Sprintf(". M %d to start.", m.Record.ID))}
	}
	return []part{{text: SMSText(m), rank: 1, least: 60}}
}
