package smsbot_test

import (
	"testing"

	"callout/bot/smsbot"
)

func TestParseUndo(t *testing.T) {
	t.Parallel()
	check := reads(t)
	for text, number := range map[string]int64{"U": 0, "u": 0, "Undo": 0, "undo.": 0, "“u”": 0, "U 42": 42, "u42": 42, "undo #42": 42, "Undo call 42!": 42} {
		check(text, smsbot.Undo, number, "")
	}
	for _, text := range []string{"u there", "U?", "u 2 are late", "U, are you coming", "u: 42 is done", "undo that please", "under 42", "U2 is playing", "u-turn", "undo 42?"} {
		if verb, number, rest, ok := smsbot.Parse(text); ok {
			t.Errorf("Parse(%q) = %q %d %q, want no verb", text, verb, number, rest)
		}
	}
}
