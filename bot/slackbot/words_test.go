package slackbot

import (
	"strings"
	"testing"
	"time"

	"callout/bot"
)

func TestMrkdwnShowsWhatPeopleTyped(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		words bot.Words
		want  string
	}{
		{"a mention of everybody does not ring", bot.Say("<!channel> and <@U1> & <#C1>"), "&lt;!channel&gt; and &lt;@U1&gt; &amp; &lt;#C1&gt;"},
		{"marks at a word's edge format nothing", bot.Say("*fire* _now_ ~off~ `rm`"), "∗fire∗ ˍnowˍ ∼off∼ ˋrmˋ"},
		{"a serial number stays as it is", bot.Say("AB_12_34*7"), "AB_12_34*7"},
		{"marks between spaces stay as they are", bot.Say("3 * 4"), "3 * 4"},
		{"no quotation", bot.Say("> quoted\n> twice"), "\u00AD&gt; quoted\n\u00AD&gt; twice"},
		{"bold, with space outside the marks", bot.Say(bot.Bold(" Call 42 "), "is open"), " *Call 42* is open"},
		{"bold inside a word", bot.Say("x", bot.Bold("y"), "z"), "x\u200B*y*\u200Bz"},
		{"bold over two lines", bot.Say(bot.Bold("a\nb")), "*a*\n*b*"},
		{"bold text cannot end itself", bot.Say(bot.Bold("a* <b>")), "*a∗ &lt;b&gt;*"},
		{"italic and struck", bot.Say(bot.Span{Text: "gone", Italic: true, Strike: true}), "_~gone~_"},
		{"link", bot.Say(bot.Link("a|b > c", "https://example.com/?a=1&b=|")), "<https://example.com/?a=1&amp;b=%7C|a/b &gt; c>"},
		{"link to nowhere", bot.Say(bot.Link("press", "javascript:alert(1)")), "press"},
		{"time in the reader's zone", bot.Say(bot.At(at, time.UTC)), "<!date^1782898200^{date_short_pretty} {time}|Wed 1 Jul 09:30>"},
		{"broken letters", bot.Say("a\xffb"), "a\uFFFDb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mrkdwn(tt.words, maxSection); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestMrkdwnIsCutWithoutBreakingMarkup(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC)
	words := bot.Say(bot.Bold("Acme & Sons"), " says ", bot.Link("<see here>", "https://example.com/x"), " at ", bot.At(at, time.UTC),
		strings.Repeat(" & more 🙂", 30))
	full := mrkdwn(words, 10_000)
	for limit := 1; limit <= length(full); limit++ {
		got := mrkdwn(words, limit)
		if length(got) > limit {
			t.Fatalf("limit %d: %d characters", limit, length(got))
		}
		if limit < length(full) && !strings.HasSuffix(got, "…") {
			t.Fatalf("limit %d: no ellipsis in %q", limit, got)
		}
		if strings.Count(got, "<") != strings.Count(got, ">") || strings.Count(got, "*")%2 != 0 {
			t.Fatalf("limit %d: broken markup in %q", limit, got)
		}
		for _, part := range strings.Split(got, "&")[1:] {
			if entity, _, ok := strings.Cut(part, ";"); !ok || entity != "amp" && entity != "lt" && entity != "gt" {
				t.Fatalf("limit %d: broken entity in %q", limit, got)
			}
		}
	}
}

func TestUnescapeReadsWhatSlackSends(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, kept, plain string }{
		{"Hall &amp; Sons &lt;3", "Hall & Sons <3", "Hall & Sons <3"},
		{"<@U123|maria> in <#C1|calls>", "<@U123|maria> in <#C1|calls>", "@maria in #calls"},
		{"<@U123>", "<@U123>", "@U123"},
		{"<!here> <!subteam^S1|@team>", "@here @team", "@here @team"},
		{"<mailto:a@example.com|a@example.com> <tel:+1555|+1 555>", "a@example.com +1 555", "a@example.com +1 555"},
		{"<https://example.com> <https://example.com|example.com>", "https://example.com example.com", "https://example.com example.com"},
		{"a < b", "a < b", "a < b"},
		{"<>", "", ""},
	} {
		if got := unescape(tt.in, true); got != tt.kept {
			t.Errorf("unescape(%q, keep) = %q, want %q", tt.in, got, tt.kept)
		}
		if got := unescape(tt.in, false); got != tt.plain {
			t.Errorf("unescape(%q) = %q, want %q", tt.in, got, tt.plain)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"a    b", 4, "a…"},
		{"🙂🙂🙂", 6, "🙂🙂🙂"}, // two UTF-16 units each
		{"🙂🙂🙂", 5, "🙂🙂…"},
		{"🙂🙂🙂", 4, "🙂…"},
		{"x", 0, "…"},
	} {
		if got := shorten(tt.in, tt.limit); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}
