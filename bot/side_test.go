package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callout/bot"
	"callout/bot/discordbot"
	"callout/bot/slackbot"
	"callout/notify"
)

// TestSideBySide draws every card that has a golden file on every platform. testdata/side shows them one below the other, as people
// read them: whoever reviews a change sees at once when one platform says less than another.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("only %d cards: %v", len(files), err)
	}
	cards := map[string]bot.Card{
		"error": bot.ErrorCard(map[string]string{"phone": "“12” is no phone number.", "name": "The name is missing."}), "apology": bot.Apology("AB12CD34"),
		"escaped": escapedCard(),
	}
	for _, file := range files {
		cards[strings.TrimSuffix(filepath.Base(file), ".json")] = readCard(t, file)
	}
	for name, card := range cards {
		slack, discord := drawnBySlack(t, card), drawnByDiscord(t, card)
		for platform, shown := range map[string]outline{"Slack": slack, "Discord": discord} {
			for _, missing := range saysLess(card, shown) {
				t.Errorf("%s: %s does not say %q", name, platform, missing)
			}
		}
		sideGolden(t, name, fmt.Sprintf("=== Slack\n%s\n=== Discord\n%s\n=== Text: SMS, notifications and screen readers\n%s\n", slack, discord, card.Text))
	}
}

// escapedCard has everything in it that a platform might take for markup.
func escapedCard() bot.Card {
	nasty := "*b* _i_ ~s~ `c` <!channel> @everyone <@U1> [x](https://example.com) # h > q | p || & \\ "
	return bot.Card{Text: nasty, Parts: []bot.Part{
		bot.Heading(nasty), bot.Text(bot.Say(bot.Bold(nasty), nasty)),
		bot.Facts{{Label: nasty, Value: bot.Say(nasty)}, {Label: "Empty"}},
		bot.Item{Text: bot.Say(nasty), Button: bot.Button{Action: "a", Value: "1", Label: "Open"}},
		bot.Divider{},
		bot.Note(bot.Say(nasty)),
		bot.Buttons{{Action: "b", Value: nasty, Label: "Sure?", Confirm: "Really?", Style: bot.Danger}, {URL: "https://example.com", Label: "Page"}},
	}}
}

func sideGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "side", name+".txt")
	if bot.Updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v (go test ./bot -run TestSideBySide -update writes it)", err)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew):\n%s", path, diff)
	}
}

// saysLess returns what a card says that an outline does not.
func saysLess(card bot.Card, shown outline) []string {
	all := plainWords(shown.String())
	var missing []string
	want := func(text string) {
		for _, word := range strings.Fields(plainWords(text)) {
			if !strings.Contains(all, word) && !slices.Contains(missing, word) {
				missing = append(missing, word)
			}
		}
	}
	words := func(w bot.Words) {
		for _, span := range w {
			if span.Time.IsZero() {
				want(span.Text)
			} else {
				want(moment(span.Time.Unix()))
			}
		}
	}
	for _, part := range card.Parts {
		switch part := part.(type) {
		case bot.Heading:
			want(string(part))
		case bot.Text:
			words(bot.Words(part))
		case bot.Note:
			words(bot.Words(part))
		case bot.Facts:
			for _, fact := range part {
				want(fact.Label)
				words(fact.Value)
			}
		case bot.Item:
			words(part.Text)
			want(part.Button.Label)
		case bot.Buttons:
			for _, b := range part {
				want(b.Label)
			}
		case bot.Chart:
			want(part.Title)
			want(strings.Join(part.Labels, " "))
		}
	}
	return missing
}

// plainWords takes away what formats only.
func plainWords(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '*', '_', '~', '`', '\u200b', '\u2217', '\u02cd', '\u223c', '\u02cb', '\\', '|':
			return -1
		}
		return r
	}, text)
}

// oneCard is a conversation that has one card to show.
type oneCard struct {
	bot.Conversation
	card bot.Card
}

func (c oneCard) RecordCard(context.Context, notify.Record) (bot.Card, error) { return c.card, nil }

func (oneCard) Commands() []bot.Command { return nil }

func (oneCard) Shortcuts() []bot.Shortcut { return nil }

func (oneCard) PutAside(context.Context, string, []byte) (string, error) { return "k", nil }

func (oneCard) Aside(context.Context, string) ([]byte, error) { return nil, nil }

// posted catches the body of the message that a front end posts, and answers as the platform does.
type posted struct {
	path, answer string
	body         []byte
}

func (p *posted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	if strings.Contains(r.URL.Path, p.path) {
		p.body = raw
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, p.answer)
}

func drawnBySlack(t *testing.T, card bot.Card) outline {
	t.Helper()
	p := &posted{path: "chat.postMessage", answer: `{"ok":true,"ts":"1.2","channel":"C1"}`}
	server := httptest.NewServer(p)
	defer server.Close()
	a := slackbot.New(slackbot.Options{Bot: oneCard{card: card}, BotToken: "xoxb-1", APIURL: server.URL + "/"})
	if _, err := a.ShowCard(t.Context(), notify.Record{Kind: "call", ID: 1}, "C1", ""); err != nil {
		t.Fatal(err)
	}
	return slackOutline(t, p.body)
}

func drawnByDiscord(t *testing.T, card bot.Card) outline {
	t.Helper()
	p := &posted{path: "/messages", answer: `{"id":"1"}`}
	server := httptest.NewServer(p)
	defer server.Close()
	a, err := discordbot.New(discordbot.Options{Bot: oneCard{card: card}, Token: "t", AppID: "1", APIURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.ShowCard(t.Context(), notify.Record{Kind: "call", ID: 1}, "5", ""); err != nil {
		t.Fatal(err)
	}
	body := p.body
	if i := strings.Index(string(body), "{"); i >= 0 { // with files it is one part of several
		body = body[i:]
	}
	return discordOutline(t, json.NewDecoder(strings.NewReader(string(body))))
}
