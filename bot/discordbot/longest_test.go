package discordbot

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"callout/bot"
	"callout/internal/sandbox/discord"
	"callout/notify"
)

// scribe writes texts that nobody would, of any length.
type scribe struct{ *rand.Rand }

var odd = []string{
	"a", "Z", "word ", " ", "\n", "\t", "*", "_", "~~", "`", "||", "> ", "# ", "[x](y)", "<@1>", "@everyone", "\\", "é", "e\u0301", "ß", "Ж", "漢", "ع", "🙂", "👩‍👩‍👧",
	"\u200b", "\u00a0", "\u202e", "\xff", "\x00", "- ", "1. ", "```", "https://example.com/a?b=c ",
}

// text writes about so many characters at most, often none and often just too many.
func (s scribe) text(most int) string {
	var n int
	switch s.IntN(5) {
	case 0:
		n = s.IntN(3)
	case 1:
		n = s.IntN(20)
	case 2:
		n = most - 2 + s.IntN(5)
	default:
		n = s.IntN(2 * most)
	}
	if s.IntN(3) == 0 { // of one kind only
		return strings.Repeat(odd[s.IntN(len(odd))], n)
	}
	var b strings.Builder
	for range n {
		b.WriteString(odd[s.IntN(len(odd))])
	}
	return b.String()
}

func (s scribe) words(most int) bot.Words {
	var words bot.Words
	for range s.IntN(4) {
		span := bot.Span{Text: s.text(most), Bold: s.IntN(2) == 0, Italic: s.IntN(4) == 0, Strike: s.IntN(6) == 0}
		if s.IntN(5) == 0 {
			span.Link = "https://example.com/" + strings.Repeat("x", s.IntN(3000))
		}
		words = append(words, span)
	}
	return words
}

func (s scribe) button() bot.Button {
	b := bot.Button{Action: "call.show", Value: strings.ToValidUTF8(s.text(120), ""), Label: s.text(90), Style: bot.Style(s.IntN(3))}
	switch s.IntN(5) {
	case 0:
		b.Confirm = "Sure?"
	case 1:
		b.URL = "https://example.com/" + strings.Repeat("x", s.IntN(700))
	}
	return b
}

func (s scribe) part() bot.Part {
	switch s.IntN(8) {
	case 0:
		return bot.Heading(s.text(300))
	case 1:
		return bot.Text(s.words(5000))
	case 2:
		return bot.Note(s.words(1200))
	case 3:
		return bot.Divider{}
	case 4:
		facts := make(bot.Facts, s.IntN(30))
		for i := range facts {
			facts[i] = bot.Fact{Label: s.text(260), Value: s.words(1100)}
		}
		return facts
	case 5:
		item := bot.Item{Text: s.words(300)}
		if s.IntN(3) > 0 {
			item.Button = s.button()
		}
		return item
	case 6:
		buttons := make(bot.Buttons, s.IntN(30))
		for i := range buttons {
			buttons[i] = s.button()
		}
		return buttons
	}
	chart := bot.Chart{Kind: "bar", Title: s.text(300), Series: []bot.Series{{Name: s.text(50)}, {Name: s.text(50)}}}
	for range s.IntN(60) {
		chart.Labels = append(chart.Labels, s.text(60))
		chart.Series[0].Values = append(chart.Series[0].Values, s.Float64()*1e9)
	}
	return chart
}

func (s scribe) card() bot.Card {
	card := bot.Card{Text: s.text(2100)}
	for range s.IntN(14) {
		card.Parts = append(card.Parts, s.part())
	}
	if s.IntN(8) == 0 {
		card.Files = []bot.File{{Name: s.text(30) + ".pdf", Title: s.text(1200), Content: []byte("%PDF")}}
	}
	return card
}

func (s scribe) options() []bot.Option {
	list := make([]bot.Option, s.IntN(40))
	for i := range list {
		list[i] = bot.Option{Value: fmt.Sprint(i) + s.text(80), Label: s.text(110), Note: s.text(110)}
	}
	return list
}

func (s scribe) form() *bot.Form {
	form := &bot.Form{ID: "call.log", Title: s.text(60), Submit: s.text(90), State: "s"}
	for i := range 1 + s.IntN(9) {
		f := bot.Field{
			Name: fmt.Sprintf("field_%d", i), Kind: bot.FieldKind(s.IntN(int(bot.FieldNote) + 1)), Label: s.text(60), Hint: s.text(120), Placeholder: s.text(120),
			Value: s.text(4100), Options: s.options(), Optional: s.IntN(2) == 0, Max: s.IntN(12) * 400, Note: s.words(2100),
		}
		if len(f.Options) > 0 && s.IntN(2) == 0 {
			f.Chosen = f.Options[s.IntN(len(f.Options)):]
		}
		form.Fields = append(form.Fields, f)
	}
	return form
}

// TestEverythingAtItsLongestStaysWithinTheLimits draws cards, forms and choices of texts that nobody would write, and lets a strict
// Discord judge.
func TestEverythingAtItsLongestStaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	var s scribe
	g := newGuild(t, discord.Options{}, true, func(r bot.Request) bot.Reply {
		card := s.card()
		switch {
		case r.Kind == bot.KindSearch:
			return bot.Reply{Options: s.options()}
		case r.Kind == bot.KindForm:
			errs := map[string]string{}
			for i := range s.IntN(9) {
				errs[fmt.Sprintf("field_%d", i)] = s.text(1000)
			}
			return bot.Reply{Errors: errs, Say: &card}
		case strings.Contains(r.Text, "form"):
			return bot.Reply{Form: s.form()}
		case strings.Contains(r.Text, "everybody"):
			return bot.Reply{Post: &card}
		}
		return bot.Reply{Say: &card}
	})
	for seed := range uint64(80) {
		s = scribe{rand.New(rand.NewPCG(seed, 1))}
		card := s.card()
		if _, err := g.a.send(g.ctx, general, card, recordMark(notify.Record{Kind: "equipment", ID: 1 << 60}), ""); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, words := range []string{"person", "everybody", "form"} {
			reply, err := g.Type(g.ctx, maria, general, "/calls words:"+words)
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, words, err)
			}
			if reply.Modal == nil {
				continue
			}
			fill := discord.Values{}
			for _, label := range reply.Modal.Labels() {
				fill[label] = []string{"x"}
			}
			if _, err := g.Submit(g.ctx, maria, fill); err != nil && !strings.Contains(err.Error(), "“") && strings.Contains(err.Error(), "interaction") {
				t.Fatalf("seed %d, sent: %v", seed, err)
			}
			_ = g.Dismiss(maria)
		}
		if err := g.CheckError(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// TestWhatIsCutSaysSo: between words where there are any, else between characters, and never in the middle of markup.
func TestWhatIsCutSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"printer is jammed again", 15, "printer is…"},
		{"printer is jammed again", 18, "printer is jammed…"},
		{"Donaudampfschifffahrt", 10, "Donaudamp…"},
		{"a Donaudampfschifffahrtsgesellschaft", 20, "a Donaudampfschifff…"},
		{"ÄÖÜ漢字🙂🙂", 4, "ÄÖÜ…"},
	} {
		if got := shorten(c.text, c.most); got != c.want {
			t.Errorf("%q to %d characters is %q, want %q", c.text, c.most, got, c.want)
		}
	}
	long := strings.Repeat("printer *is* jammed ", 500)
	g := newGuild(t, discord.Options{}, true, nil)
	m, err := g.a.draw(g.ctx, bot.Card{Text: long, Parts: []bot.Part{bot.Heading(long), bot.Text(bot.Say(bot.Bold(long))), bot.Facts{{Label: long, Value: bot.Say(long)}}}})
	if err != nil {
		t.Fatal(err)
	}
	e := m.Embeds[0]
	for name, text := range map[string]string{"content": m.Content, "title": e.Title, "description": strings.TrimSuffix(e.Description, "**"), "name": e.Fields[0].Name, "value": e.Fields[0].Value} {
		rest := strings.TrimSuffix(text, "…")
		if rest == text || !utf8.ValidString(text) || strings.HasSuffix(rest, "\\") || !strings.HasSuffix(strings.TrimRight(rest, `*\`), "printer") && !strings.HasSuffix(strings.TrimRight(rest, `*\`), "is") && !strings.HasSuffix(strings.TrimRight(rest, `*\`), "jammed") {
			t.Errorf("%s ends with %q", name, text[max(0, len(text)-40):])
		}
	}
}
