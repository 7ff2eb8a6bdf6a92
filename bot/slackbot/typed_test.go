package slackbot

import (
	"testing"

	"github.com/slack-go/slack"

	"callout/bot"
)

func TestATypedMentionIsNoMention(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"in <#C1|calls>":                "in <#C1|calls>",
		"in &lt;#C0SECRET&gt;":          "in < #C0SECRET>",
		"to &lt;@U1|x&gt;":              "to < @U1|x>",
		"&lt;<https://x|#C0SECRET>&gt;": "< #C0SECRET>",
		"&lt;<#C1>":                     "<<#C1>",
		"3 &lt; 4 &amp;amp; <@U1>":      "3 < 4 &amp; <@U1>",
	} {
		if got := unescape(in, true); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestAChoiceOfChannels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		field   bot.Field
		initial string
		current bool
		include int
	}{
		{"nothing is chosen for anybody", bot.Field{}, "", false, 2},
		{"where one is", bot.Field{Current: true}, "", true, 3},
		{"what was chosen", bot.Field{Value: "C1", Current: true}, "C1", false, 3},
		{"two channels are none", bot.Field{Value: "C1,123"}, "", false, 2},
		{"a channel elsewhere is none", bot.Field{Value: "1234567890"}, "", false, 2},
	} {
		tt.field.Kind = bot.FieldChannel
		e, ok := drawElement(tt.field).(*slack.SelectBlockElement)
		if !ok || e.InitialConversation != tt.initial || e.DefaultToCurrentConversation != tt.current || len(e.Filter.Include) != tt.include {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// TestAPersonIsReachedWithoutADirectMessage is about Slacks that do not know conversations.open, or answer it with nothing.
func TestAPersonIsReachedWithoutADirectMessage(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"ok":false,"error":"unknown_method"}`, `{"ok":true}`} {
		a, api := connected(t, &talker{}, map[string][]string{"conversations.open": {answer}})
		if err := a.direct(t.Context(), "U1", bot.Sentence("Hello")); err != nil {
			t.Errorf("%s: %v", answer, err)
		}
		if got := api.wait(t, "chat.postMessage", 1).Form.Get("channel"); got != "U1" {
			t.Errorf("%s: posted to %q", answer, got)
		}
	}
}
