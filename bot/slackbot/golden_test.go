package slackbot

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"callout/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares v, as JSON, with testdata/name.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (go test -update writes it anew):\n%s", path, diff)
	}
}

func everyField() bot.Form {
	some := []bot.Option{{Value: "high", Label: "High", Note: "within 20 minutes"}, {Value: "low", Label: "Low"}}
	return bot.Form{
		ID: "call.log", Title: "Log a call", Submit: "Save", State: `{"v":3}`,
		Fields: []bot.Field{
			{Name: "customer", Kind: bot.FieldSearch, Label: "Customer", Placeholder: "Name or phone", Refresh: true, Chosen: []bot.Option{{Value: "12", Label: "Acme & Sons"}}},
			{Kind: bot.FieldNote, Label: "Warranty", Note: bot.Say("until ", bot.Bold("May"), ", 2 open for this machine")},
			{Name: "equipment", Kind: bot.FieldPick, Label: "Machine", Options: []bot.Option{{Value: "7", Label: "Copier"}}, Optional: true},
			{Name: "contact", Kind: bot.FieldPick, Label: "Contact"},
			{Name: "summary", Kind: bot.FieldLine, Label: "Summary", Value: "copier jams", Max: 200, Hint: "one line"},
			{Name: "details", Kind: bot.FieldText, Label: "Details", Optional: true},
			{Name: "priority", Kind: bot.FieldRadio, Label: "Priority", Options: some, Chosen: some[:1]},
			{Name: "skills", Kind: bot.FieldMany, Label: "Skills", Options: some, Chosen: some, Optional: true},
			{Name: "tell", Kind: bot.FieldChecks, Label: "Tell", Options: some, Optional: true},
			{Name: "email", Kind: bot.FieldEmail, Label: "E-mail"},
			{Name: "day", Kind: bot.FieldDate, Label: "Day", Value: "2026-07-01"},
			{Name: "hour", Kind: bot.FieldTime, Label: "Hour", Value: "25:99"},
			{Name: "where", Kind: bot.FieldChannel, Label: "Where", Current: true},
		},
	}
}

func callCard() bot.Card {
	at := time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC)
	return bot.Card{
		Text: "Call 42: copier jams <!channel> at Acme & Sons, offered to Maria.",
		Parts: []bot.Part{
			bot.Heading("Call 42 · copier jams"),
			bot.Facts{
				{Label: "Customer", Value: bot.Say(bot.Link("Acme & Sons", "tel:+15550100"))},
				{Label: "Offered to", Value: bot.Say("Maria until ", bot.At(at, time.UTC))},
				{Label: "Machine"},
			},
			bot.Text(bot.Say("Paper jam on tray 2. <!channel> *help*")),
			bot.Divider{},
			bot.Buttons{
				{Action: "call.accept", Value: "42", Label: "Accept", Style: bot.Primary},
				{Action: "call.decline", Value: "42", Label: "Decline", Style: bot.Danger, Confirm: "Decline call 42?"},
				{Action: "call.decline", Value: "43", Label: "Decline both"},
				{URL: "https://example.com/map", Label: "Map"},
			},
			bot.Note(bot.Say("logged by ", bot.Italic("Jo"))),
		},
	}
}

func listCard() bot.Card {
	card := bot.Card{Text: "3 calls."}
	for _, text := range []string{"42 copier jams", "43 no toner", "44 <b>"} {
		card.Parts = append(card.Parts, bot.Item{Text: bot.Say(bot.Bold(text)), Button: bot.Button{Action: "call.show", Value: text[:2], Label: "Open"}})
	}
	card.Parts = append(card.Parts, bot.Buttons{{Action: "calls.page", Value: "a", Label: "Next"}, {Action: "calls.page", Value: "b", Label: "Last"}})
	return card
}

func reportCard() bot.Card {
	return bot.Card{Text: "Calls in June: 12 opened, 9 closed.", Parts: []bot.Part{
		bot.Heading("Calls in June"),
		bot.Chart{Kind: "bar", Title: "Opened and closed", Labels: []string{"week 1", "week 2", "week 2"}, Series: []bot.Series{
			{Name: "opened", Values: []float64{5, 4, 3}}, {Name: "closed", Values: []float64{2, 3.5}},
		}},
		bot.Chart{Kind: "pie", Title: "By customer", Labels: []string{"a", "b", "c", "d", "e", "f", "g", "none"}, Series: []bot.Series{{Values: []float64{8, 7, 6, 5, 4, 3, 2, 0}}}},
		bot.Chart{Kind: "line", Title: "A third one", Labels: []string{"Mon", "Tue"}, Series: []bot.Series{{Name: "calls", Values: []float64{1, 3}}}},
	}}
}

func TestGoldenForms(t *testing.T) {
	t.Parallel()
	o := origin{channel: "C1", message: "1.5"}
	view, err := modal(everyField(), o)
	if err != nil {
		t.Fatal(err)
	}
	checkView(t, view)
	golden(t, "form.json", view)
	if view, err = cardView("Calls", listCard(), o); err != nil {
		t.Fatal(err)
	}
	checkView(t, view)
	golden(t, "form_card.json", view)
}

func TestGoldenCards(t *testing.T) {
	t.Parallel()
	for name, card := range map[string]bot.Card{"card_call.json": callCard(), "card_list.json": listCard(), "card_report.json": reportCard()} {
		m := drawMessage(card, true)
		checkMessage(t, m)
		golden(t, name, map[string]any{"text": m.text, "blocks": m.blocks})
		for _, block := range m.blocks {
			if chart, ok := block.(*slack.DataVisualizationBlock); ok && chart.Validate() != nil {
				t.Error(chart.Validate())
			}
		}
	}
	m := drawMessage(reportCard(), false)
	checkMessage(t, m)
	golden(t, "card_report_text.json", map[string]any{"text": m.text, "blocks": m.blocks})
	golden(t, "home.json", viewBlocks(reportCard()))
}

func commands() []bot.Command {
	return []bot.Command{
		{Name: "log-call", Usage: "[words]", Summary: "Log a customer's call"},
		{Name: "calls", Usage: "[filters | number]", Summary: "List calls, or show one"},
		{Name: "callout", Usage: "[help, me, team, settings]", Summary: "Everything else"},
		{Name: "help", Summary: "What you can do", Sub: true},
	}
}

func shortcuts() []bot.Shortcut {
	return []bot.Shortcut{
		{ID: "log_call", Name: "Log a call", Summary: "Log a customer's call"},
		{ID: "log_call_from", Name: "Log a call from this", Summary: "Log a call from this message", OnMessage: true},
	}
}

func TestGoldenManifests(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ManifestOptions{
		"manifest_http.json":   {PublicURL: "https://callout.example.com/"},
		"manifest_socket.json": {SocketMode: true, Name: "Callout (test)"},
	} {
		body, err := Manifest(commands(), shortcuts(), o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, json.RawMessage(body))
	}
	if _, err := Manifest(commands(), nil, ManifestOptions{PublicURL: "callout.example.com"}); err == nil {
		t.Error("a manifest without an address was made")
	}
	if _, err := Manifest(make([]bot.Command, 51), nil, ManifestOptions{SocketMode: true}); err == nil {
		t.Error("51 commands were taken")
	}
	if _, err := Manifest(nil, make([]bot.Shortcut, 11), ManifestOptions{SocketMode: true}); err == nil {
		t.Error("11 shortcuts were taken")
	}
}
