package bot_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/bot"
)

// outline is what a person sees of a message, a line each: what is read first, and what can be pressed in brackets.
type outline []string

func (o outline) String() string { return strings.Join(o, "\n") }

func (o *outline) add(indent int, text string) {
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) != "" {
			*o = append(*o, strings.Repeat("  ", indent)+strings.TrimRight(line, " "))
		}
	}
}

// moment is how a time is shown in an outline: the platforms show it in each reader's own zone.
func moment(unix int64) string { return time.Unix(unix, 0).UTC().Format("Mon 2 Jan 2006 15:04") }

type object = map[string]any

func str(v any) string { s, _ := v.(string); return s }

func obj(v any) object { o, _ := v.(object); return o }

func list(v any) []any { l, _ := v.([]any); return l }

var (
	slackDate   = regexp.MustCompile(`<!date\^(\d+)\^[^>]*>`)
	slackLink   = regexp.MustCompile(`<([^|>]+)\|([^>]*)>`)
	discordDate = regexp.MustCompile(`<t:(\d+):f>`)
	escaped     = regexp.MustCompile(`\\([^A-Za-z0-9\s])`)
)

func dates(pattern *regexp.Regexp, text string) string {
	return pattern.ReplaceAllStringFunc(text, func(found string) string {
		unix, _ := strconv.ParseInt(pattern.FindStringSubmatch(found)[1], 10, 64)
		return moment(unix)
	})
}

// slackText is Slack's markup as it is read.
func slackText(v any) string {
	text := str(obj(v)["text"])
	if str(obj(v)["type"]) != "mrkdwn" {
		return text
	}
	return html.UnescapeString(slackLink.ReplaceAllString(dates(slackDate, text), "$2 ($1)"))
}

func slackOutline(t *testing.T, body []byte) outline {
	t.Helper()
	form, err := url.ParseQuery(string(body))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []any
	if err := json.Unmarshal([]byte(form.Get("blocks")), &blocks); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var o outline
	for _, block := range blocks {
		b := obj(block)
		switch b["type"] {
		case "header":
			o.add(0, "# "+slackText(b["text"]))
		case "section":
			o.add(0, slackText(b["text"]))
			for _, f := range list(b["fields"]) {
				label, value, _ := strings.Cut(slackText(f), "\n")
				o.add(1, label+": "+strings.ReplaceAll(value, "\n", " / "))
			}
			o.control(obj(b["accessory"]))
		case "context":
			for _, e := range list(b["elements"]) {
				o.add(0, "("+slackText(e)+")")
			}
		case "actions":
			for _, e := range list(b["elements"]) {
				o.control(obj(e))
			}
		case "divider":
			o.add(0, "───")
		case "data_visualization":
			chart, _ := json.Marshal(b["chart"])
			o.add(0, "chart “"+str(b["title"])+"”: "+string(chart))
		default:
			t.Errorf("a block of type %v", b["type"])
		}
	}
	return o
}

// control is a button of Slack.
func (o *outline) control(b object) {
	if len(b) == 0 {
		return
	}
	text := slackText(b["text"])
	if confirm := obj(b["confirm"]); len(confirm) > 0 {
		text += " · asks: " + slackText(confirm["text"])
	}
	o.add(2, "["+strings.TrimSpace(text+" "+str(b["url"]))+"]")
}

// discordText is Discord's markup as it is read.
func discordText(text string) string {
	text = dates(discordDate, text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if small, ok := strings.CutPrefix(line, "-# "); ok {
			lines[i] = "(" + small + ")"
		}
	}
	return strings.ReplaceAll(escaped.ReplaceAllString(strings.Join(lines, "\n"), "$1"), "\u200b", "") // nobody sees that one
}

func discordOutline(t *testing.T, body *json.Decoder) outline {
	t.Helper()
	var m object
	if err := body.Decode(&m); err != nil {
		t.Fatal(err)
	}
	var o outline
	for _, embed := range list(m["embeds"]) {
		e := obj(embed)
		if title := str(e["title"]); title != "" {
			o.add(0, "# "+discordText(title))
		}
		o.add(0, discordText(str(e["description"])))
		for _, f := range list(e["fields"]) {
			o.add(1, "*"+discordText(str(obj(f)["name"]))+"*: "+strings.ReplaceAll(discordText(str(obj(f)["value"])), "\n", " / "))
		}
	}
	for _, row := range list(m["components"]) {
		for _, c := range list(obj(row)["components"]) {
			c := obj(c)
			for _, option := range list(c["options"]) {
				o.add(2, fmt.Sprintf("[%s · %s · %s]", str(c["placeholder"]), str(obj(option)["label"]), str(obj(option)["description"])))
			}
			if c["options"] == nil {
				o.add(2, "["+strings.TrimSpace(str(c["label"])+" "+str(c["url"]))+"]")
			}
		}
	}
	for _, f := range list(m["attachments"]) {
		o.add(0, "file "+str(obj(f)["filename"]))
	}
	return o
}

// span is a bot.Span as golden files have it: text alone is a string.
type span bot.Span

func (s *span) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &s.Text)
	}
	return json.Unmarshal(raw, (*bot.Span)(s))
}

func wordsIn(spans []span) bot.Words {
	words := make(bot.Words, len(spans))
	for i, s := range spans {
		words[i] = bot.Span(s)
	}
	return words
}

// golden is a card as its golden file has it, each part under its name.
type golden struct {
	Text  string
	Parts []struct {
		Heading    *string
		Text, Note []span
		Facts      []struct {
			Label string
			Value []span
		}
		Item *struct {
			Text   []span
			Button bot.Button
		}
		Buttons []bot.Button
		Divider *object
		Chart   *bot.Chart
	}
}

func readCard(t *testing.T, file string) bot.Card {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	card := bot.Card{Text: g.Text}
	for _, p := range g.Parts {
		switch {
		case p.Heading != nil:
			card.Parts = append(card.Parts, bot.Heading(*p.Heading))
		case p.Text != nil:
			card.Parts = append(card.Parts, bot.Text(wordsIn(p.Text)))
		case p.Note != nil:
			card.Parts = append(card.Parts, bot.Note(wordsIn(p.Note)))
		case p.Facts != nil:
			var facts bot.Facts
			for _, f := range p.Facts {
				facts = append(facts, bot.Fact{Label: f.Label, Value: wordsIn(f.Value)})
			}
			card.Parts = append(card.Parts, facts)
		case p.Item != nil:
			card.Parts = append(card.Parts, bot.Item{Text: wordsIn(p.Item.Text), Button: p.Item.Button})
		case p.Buttons != nil:
			card.Parts = append(card.Parts, bot.Buttons(p.Buttons))
		case p.Divider != nil:
			card.Parts = append(card.Parts, bot.Divider{})
		case p.Chart != nil:
			card.Parts = append(card.Parts, *p.Chart)
		}
	}
	return card
}
