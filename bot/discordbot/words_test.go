package discordbot

import (
	"strings"
	"testing"
	"time"

	"callout/bot"
)

func TestTextFromPeopleIsNoMarkup(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"**bold** _it_":           `\*\*bold\*\* \_it\_`,
		"<@123> <#1> <t:1:R>":     `\<@123\> \<\#1\> \<t:1:R\>`,
		"@everyone @here":         "@\u200beveryone @\u200bhere",
		"[pay](https://evil.tld)": `\[pay\](https://evil.tld)`,
		"# big\n> quote":          "\\# big\n\\> quote",
		"`x` ||y|| ~~z~~ \\":      "\\`x\\` \\|\\|y\\|\\| \\~\\~z\\~\\~ \\\\",
		"bad \xff byte":           "bad \uFFFD byte",
	} {
		if got := draw(bot.Say(said)); got != want {
			t.Errorf("%q is drawn %q, want %q", said, got, want)
		}
	}
}

func TestMarkupOfOurs(t *testing.T) {
	t.Parallel()
	at := time.Unix(1780000000, 0)
	for _, c := range []struct {
		words bot.Words
		want  string
	}{
		{bot.Say(bot.Bold("Acme "), "rang"), "**Acme** rang"},
		{bot.Say(bot.Bold("two\nlines")), "**two**\n**lines**"},
		{bot.Say(bot.Italic("so")), "*so*"},
		{bot.Say(bot.Link("page", "https://example.com/a(b)")), "[page](https://example.com/a%28b%29)"},
		{bot.Say(bot.Link("page", "javascript:x")), "page"},
		{bot.Say(bot.At(at, time.UTC)), "<t:1780000000:f>"},
	} {
		if got := draw(c.words); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestLongWordsAreCutBetweenMarks(t *testing.T) {
	t.Parallel()
	words := bot.Say(bot.Bold(strings.Repeat("*", 600)), strings.Repeat("ä", 5000))
	for _, limit := range []int{1, 2, 10, 100, 1024, 4096} {
		got := markdown(words, limit)
		if length(got) > limit && limit > 6 {
			t.Errorf("limit %d: %d characters", limit, length(got))
		}
		if strings.Count(got, "**")%2 != 0 && limit > 10 && !strings.Contains(got, `\*`) {
			t.Errorf("limit %d: marks are open in %q", limit, got)
		}
	}
}

func TestAnotherDiscord(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://127.0.0.1:9":         "http://127.0.0.1:9/api/v9/channels/1/messages",
		"http://127.0.0.1:9/api":     "http://127.0.0.1:9/api/v9/channels/1/messages",
		"http://127.0.0.1:9/api/v10": "http://127.0.0.1:9/api/v10/channels/1/messages",
		"http://127.0.0.1:9/x/v10/":  "http://127.0.0.1:9/x/v10/channels/1/messages",
	} {
		if got := redirectedURL(t, base); got != want {
			t.Errorf("%s leads to %s, want %s", base, got, want)
		}
	}
	for _, bad := range []string{"127.0.0.1:9", "/api", "http://"} {
		if _, err := New(Options{Token: "t", APIURL: bad}); err == nil || !strings.Contains(err.Error(), "DISCORD_API_URL") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
