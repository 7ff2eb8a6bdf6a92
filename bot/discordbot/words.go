package discordbot

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"callout/bot"
)

// escaper keeps text from being read as markup: https://docs.discord.com/developers/reference#message-formatting. That nobody is
// rung is said with every message, in allowed_mentions.
var escaper = strings.NewReplacer(
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "#", `\#`,
	"@everyone", "@\u200beveryone", "@here", "@\u200bhere",
)

// markdown draws words in Discord's markup, cut to at most limit characters without breaking any markup.
func markdown(words bot.Words, limit int) string {
	if full := draw(words); length(full) <= limit {
		return full
	}
	low, high := 0, 0
	for _, s := range words {
		high += utf8.RuneCountInString(s.Text)
	}
	for low < high { // the longest beginning that fits
		middle := (low + high + 1) / 2
		if length(draw(cut(words, middle))) <= limit {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return draw(cut(words, low))
}

// cut keeps the first n characters of words and ends them with an ellipsis.
func cut(words bot.Words, n int) bot.Words {
	kept := make(bot.Words, 0, len(words)+1)
	for _, span := range words {
		count := utf8.RuneCountInString(span.Text)
		if count > n {
			if span.Text = beginning(span.Text, n); span.Text != "" {
				kept = append(kept, span)
			}
			break
		}
		n -= count
		kept = append(kept, span)
	}
	return append(kept, bot.Span{Text: "…"})
}

func draw(words bot.Words) string {
	var b strings.Builder
	for _, span := range words {
		b.WriteString(drawSpan(span))
	}
	return b.String()
}

func drawSpan(s bot.Span) string {
	if !s.Time.IsZero() {
		return fmt.Sprintf("<t:%d:f>", s.Time.Unix())
	}
	text := escaper.Replace(strings.ToValidUTF8(s.Text, "\uFFFD"))
	if s.Link != "" && len(s.Link) <= maxURL && (strings.HasPrefix(s.Link, "https://") || strings.HasPrefix(s.Link, "http://")) {
		return "[" + cmp.Or(text, escaper.Replace(s.Link)) + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(s.Link) + ")"
	}
	return style(s, text)
}

// style puts the marks around the text proper: space inside them would switch them off, and they do not reach over a line's end.
func style(s bot.Span, text string) string {
	marks := ""
	for _, m := range []struct {
		on   bool
		mark string
	}{{s.Bold, "**"}, {s.Italic, "*"}, {s.Strike, "~~"}} {
		if m.on {
			marks += m.mark
		}
	}
	core := strings.TrimSpace(text)
	if marks == "" || core == "" {
		return text
	}
	back := ""
	for _, mark := range []string{"~~", "*", "**"} { // the other way round
		if mark == "~~" && s.Strike || mark == "*" && s.Italic || mark == "**" && s.Bold {
			back += mark
		}
	}
	before, after, _ := strings.Cut(text, core)
	lines := strings.Split(core, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = marks + line + back
		}
	}
	return before + strings.Join(lines, "\n") + after
}
