package slackbot

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"callout/bot"
)

// How Slack wants text escaped, and its markup for links and times: https://docs.slack.dev/messaging/formatting-message-text

// escaper keeps text from being read as a mention, a link or a date: <!channel> must not ring.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// lookalike has a character that reads the same but formats nothing: Slack has no escape for its formatting marks.
var lookalike = map[rune]rune{'*': '∗', '_': 'ˍ', '~': '∼', '`': 'ˋ'}

// mrkdwn draws words in Slack's markup, cut to at most limit characters without breaking any markup.
func mrkdwn(words bot.Words, limit int) string {
	total := 0
	for _, span := range words {
		total += utf8.RuneCountInString(span.Text)
	}
	if total <= limit {
		if full := draw(words); length(full) <= limit {
			return full
		}
	}
	words = cut(words, limit) // every rune takes at least a character
	total = min(total, limit)
	shown := func(n int) string { return draw(cut(words, n)) }
	n := sort.Search(total, func(n int) bool { return length(shown(n+1)) > limit })
	return shown(n)
}

// cut keeps the first n runes of words and ends them with an ellipsis.
func cut(words bot.Words, n int) bot.Words {
	kept := make(bot.Words, 0, len(words)+1)
	for _, span := range words {
		if count := utf8.RuneCountInString(span.Text); count <= n {
			n -= count
			kept = append(kept, span)
			continue
		}
		span.Text = strings.TrimRight(string([]rune(span.Text)[:n]), " \n\t")
		kept = append(kept, span)
		break
	}
	return append(kept, bot.Span{Text: "…"})
}

func draw(words bot.Words) string {
	var b strings.Builder
	var last rune
	for _, span := range words {
		text := drawSpan(span)
		if text == "" {
			continue
		}
		// A formatting mark only works at a word's edge, so a bold part of a word needs an invisible edge.
		first, _ := utf8.DecodeRuneInString(text)
		if styled(span) && wordRune(last) || wordRune(first) && lookalike[last] != 0 {
			b.WriteRune('\u200B')
		}
		b.WriteString(text)
		last, _ = utf8.DecodeLastRuneInString(text)
	}
	return b.String()
}

func styled(s bot.Span) bool { return s.Bold || s.Italic || s.Strike }

func drawSpan(s bot.Span) string {
	text := strings.ToValidUTF8(s.Text, "\uFFFD")
	switch {
	case !s.Time.IsZero():
		fallback := strings.NewReplacer("|", "/", "^", "").Replace(text)
		if fallback == "" {
			fallback = s.Time.UTC().Format("2 Jan 2006 15:04 MST")
		}
		text = fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", s.Time.Unix(), escaper.Replace(fallback))
	case s.Link != "" && linkable(s.Link):
		label := strings.NewReplacer("|", "/", "\n", " ").Replace(text)
		if label == "" {
			label = s.Link
		}
		text = "<" + escapeURL(s.Link) + "|" + escape(label) + ">"
	default:
		text = escape(text)
	}
	return style(s, text)
}

// style puts the marks around the text proper, as space inside them would switch them off.
func style(s bot.Span, text string) string {
	core := strings.TrimSpace(text)
	if core == "" || !styled(s) {
		return text
	}
	before, after, _ := strings.Cut(text, core)
	lines := strings.Split(core, "\n") // marks do not reach over a line's end
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if s.Strike {
			line = "~" + line + "~"
		}
		if s.Italic {
			line = "_" + line + "_"
		}
		if s.Bold {
			line = "*" + line + "*"
		}
		lines[i] = line
	}
	return before + strings.Join(lines, "\n") + after
}

// escape makes text that people typed show as they typed it: nothing rings, links or formats.
func escape(text string) string {
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		var before, after rune
		if i > 0 {
			before = runes[i-1]
		}
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch {
		case lookalike[r] != 0 && formats(before, after):
			b.WriteRune(lookalike[r])
		case r == '>' && (before == 0 || before == '\n'):
			b.WriteString("\u00AD&gt;") // else the line would be a quotation
		case r == '&', r == '<', r == '>':
			b.WriteString(escaper.Replace(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// formats reports whether a formatting character between these two would begin or end formatting. Inside a word, as in the
// serial number AB_12, it does not, and stays as it is so that it can be copied.
func formats(before, after rune) bool {
	begins := !wordRune(before) && after != 0 && !unicode.IsSpace(after)
	ends := !wordRune(after) && before != 0 && !unicode.IsSpace(before)
	return begins || ends
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// linkable lets only addresses through that a browser, phone or mail program opens.
func linkable(url string) bool {
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		if strings.HasPrefix(url, scheme) {
			return length(url) <= maxURL && !strings.ContainsAny(url, " \n\t")
		}
	}
	return false
}

func escapeURL(url string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C").Replace(url)
}

var (
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

	// mentionlike is what only Slack may write: typed, it gets a space, so that nobody can name a channel they cannot see.
	mentionlike = strings.NewReplacer("<#", "< #", "<@", "< @")
)

// unescape is the way back: what a person typed, as Slack sends it, becomes plain text. With mentions kept, people and
// channels stay as <@U1|maria> and <#C1|calls>, which carry their ids.
func unescape(text string, keepMentions bool) string {
	var b, typed strings.Builder
	flush := func() {
		plain := entities.Replace(typed.String())
		if keepMentions {
			plain = mentionlike.Replace(plain)
		}
		b.WriteString(plain)
		typed.Reset()
	}
	for {
		before, rest, found := strings.Cut(text, "<")
		typed.WriteString(before)
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, ">")
		if !closed {
			typed.WriteString("<" + rest)
			break
		}
		if keepMentions && inner != "" && (inner[0] == '@' || inner[0] == '#') {
			flush()
			b.WriteString("<" + entities.Replace(inner) + ">")
		} else {
			typed.WriteString(untag(inner))
		}
		text = after
	}
	flush()
	return b.String()
}

// untag is what a tag of Slack's reads as.
func untag(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	if target == "" {
		return label
	}
	switch target[0] {
	case '@', '#':
		if labelled {
			return target[:1] + strings.TrimPrefix(label, target[:1])
		}
		return target
	case '!':
		if labelled {
			return label
		}
		return "@" + target[1:]
	}
	if labelled {
		return label
	}
	return strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:")
}
