package slackbot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
)

func TestEverythingAtItsLongestStaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("<🙂&*wörd*> ", 300)
	button := bot.Button{Action: "call.show", Value: "42", Label: long, Confirm: long, Style: bot.Danger}
	facts := make(bot.Facts, 12)
	buttons := make(bot.Buttons, 30)
	for i := range facts {
		facts[i] = bot.Fact{Label: long, Value: bot.Say(long, bot.Bold(long))}
	}
	for i := range buttons {
		buttons[i] = button
	}
	parts := map[string]bot.Part{
		"heading": bot.Heading(long), "text": bot.Text(bot.Say(long, bot.Link(long, "https://example.com"), bot.At(time.Unix(1, 0), time.UTC))),
		"note": bot.Note(bot.Say(long)), "facts": facts, "item": bot.Item{Text: bot.Say(long), Button: button},
		"buttons": buttons, "divider": bot.Divider{}, "empty text": bot.Text(nil), "empty item": bot.Item{Button: button},
		"chart": bot.Chart{Kind: "bar", Title: long, Labels: []string{long, long, ""}, Series: []bot.Series{{Name: long, Values: []float64{1}}, {Name: long}}},
	}
	for name, part := range parts {
		for _, n := range []int{1, 3, 110} {
			t.Run(fmt.Sprintf("%s, %d times", name, n), func(t *testing.T) {
				t.Parallel()
				card := bot.Card{Text: long}
				for range n {
					card.Parts = append(card.Parts, part)
				}
				checkMessage(t, drawMessage(card, true))
				checkMessage(t, drawMessage(card, false))
				view, err := cardView(long, card, origin{channel: "C1"})
				if err != nil {
					t.Fatal(err)
				}
				checkView(t, view)
			})
		}
	}
	checkMessage(t, drawMessage(bot.Card{}, true))
}

func TestEveryFieldAtItsLongestStaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("wörd 🙂 ", 500)
	var options []bot.Option
	for i := range 150 {
		options = append(options, bot.Option{Value: fmt.Sprintf("%075d", i), Label: long, Note: long})
	}
	for kind := bot.FieldLine; kind <= bot.FieldNote; kind++ {
		for _, n := range []int{0, 1, 10, 11, 150} {
			form := bot.Form{ID: "f", Title: long, Submit: long, State: strings.Repeat("x", 2000)}
			for i := range 120 {
				form.Fields = append(form.Fields, bot.Field{
					Name: fmt.Sprintf("field%d", i), Kind: kind, Label: long[:300], Hint: long[:300], Placeholder: long, Value: long,
					Note: bot.Say(long[:300]), Options: options[:n], Chosen: options[max(0, n-1):n], Refresh: true,
				})
			}
			view, err := modal(form, origin{channel: "C1", message: "1.2"})
			if err != nil {
				t.Fatal(err)
			}
			checkView(t, view)
			if t.Failed() {
				t.Fatalf("kind %d with %d options", kind, n)
			}
		}
	}
	view, err := modal(bot.Form{ID: "f", Title: "T", Fields: []bot.Field{{Name: "a", Label: long, Hint: long}}}, origin{})
	if err != nil {
		t.Fatal(err)
	}
	checkView(t, view)
}

func TestTheTailThatDoesNotFitIsCounted(t *testing.T) {
	t.Parallel()
	card := bot.Card{Text: "Calls"}
	for i := range 80 {
		card.Parts = append(card.Parts, bot.Item{Text: bot.Say("Call ", i), Button: bot.Button{Action: "call.show", Value: fmt.Sprint(i), Label: "Open"}})
	}
	card.Parts = append(card.Parts, bot.Buttons{{Action: "calls.next", Value: "2", Label: "Next"}})
	m := drawMessage(card, true)
	checkMessage(t, m)
	if n := len(m.blocks); n != maxBlocksMessage {
		t.Errorf("%d blocks, want all that fit", n)
	}
	body := text(m.blocks[len(m.blocks)-2:])
	if !strings.Contains(body, "… and 32 more") || !strings.Contains(body, "calls.next") {
		t.Errorf("the end is %s", body)
	}
}

func TestAButtonWhoseValueWouldBeCutIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, b := range []bot.Button{
		{Action: "a", Value: strings.Repeat("1", maxButtonValue+1), Label: "x"},
		{Action: strings.Repeat("a", maxActionID+1), Label: "x"},
		{Label: "x"},
		{URL: "javascript:alert(1)", Label: "x"},
	} {
		if got := drawButton(b, 0); got != nil {
			t.Errorf("drew %+v", got)
		}
	}
}

func buttonsOf(blocks []slack.Block) []*slack.ButtonBlockElement {
	var list []*slack.ButtonBlockElement
	for _, b := range blocks {
		if actions, ok := b.(*slack.ActionBlock); ok {
			for _, e := range actions.Elements.ElementSet {
				if button, ok := e.(*slack.ButtonBlockElement); ok {
					list = append(list, button)
				}
			}
		}
	}
	return list
}
