package slackbot

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"callout/bot"
)

const (
	// suffix sets a counter or mark apart from the name in an action id. No action of the bot contains it.
	suffix = "~"

	// linkAction is the action of buttons that only open a page: Slack tells of the press all the same.
	linkAction = "open-link"
)

// message is a card drawn for a channel.
type message struct {
	text   string
	blocks []slack.Block
	charts bool // a chart block is among the blocks
	files  []bot.File
}

// drawMessage draws a card as a message. Without charts, their numbers are written out.
func drawMessage(c bot.Card, charts bool) message {
	d := drawing{charts: charts, blocks: maxBlocksMessage, weight: maxMessageText, weigh: textOf}
	blocks := d.card(c)
	// Mobile notifications and screen readers read the text only, and markup works in it.
	text := mrkdwn(bot.Say(cmp.Or(c.Text, "Callout")), maxFallback)
	return message{text: text, blocks: blocks, charts: d.drawn > 0, files: c.Files}
}

// viewBlocks draws a card for a modal or the Home tab, where Slack has no charts.
func viewBlocks(c bot.Card) []slack.Block {
	d := drawing{blocks: maxBlocksView, weight: maxViewBytes, weigh: bytesOf}
	return d.card(c)
}

// maxCharts is how many charts a message may have:
// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
const maxCharts = 2

// drawing draws the parts of one card and keeps it within the limits of its surface.
type drawing struct {
	charts bool
	drawn  int // charts so far
	blocks int // how many there may be
	weight int // how much there may be, by weigh
	weigh  func([]slack.Block) int
}

// piece is a part, drawn.
type piece struct {
	blocks []slack.Block
	weight int
	keep   bool
}

// card draws all parts. When they are too many, the tail is left out and a note says how much; the buttons at the end,
// which lead to the next page, stay.
func (d *drawing) card(c bot.Card) []slack.Block {
	pieces := make([]piece, 0, len(c.Parts))
	for i, part := range c.Parts {
		if last := i == len(c.Parts)-1; !last && !d.fits(pieces) {
			pieces = append(pieces, piece{weight: d.weight}) // left out anyway, so not drawn
			continue
		}
		if blocks := d.part(part); len(blocks) > 0 {
			_, buttons := part.(bot.Buttons)
			pieces = append(pieces, piece{blocks: blocks, weight: d.weigh(blocks), keep: buttons})
		}
	}
	if len(pieces) == 0 {
		return section(bot.Say(cmp.Or(c.Text, "Callout")), nil) // Slack refuses a message of nothing
	}
	var tail piece
	if n := len(pieces); n > 0 && pieces[n-1].keep && !d.fits(pieces) {
		tail, pieces = pieces[n-1], pieces[:n-1]
	}
	return append(d.fill(pieces, tail), tail.blocks...)
}

func (d *drawing) fits(pieces []piece) bool {
	blocks, weight := 0, 0
	for _, p := range pieces {
		blocks += len(p.blocks)
		weight += p.weight
	}
	return blocks <= d.blocks && weight <= d.weight
}

func (d *drawing) fill(pieces []piece, tail piece) []slack.Block {
	if d.fits(append(pieces[:len(pieces):len(pieces)], tail)) {
		return concat(pieces)
	}
	note := leftOut(len(pieces))
	blocks, weight := 1+len(tail.blocks), d.weigh([]slack.Block{note})+tail.weight
	for i, p := range pieces {
		blocks += len(p.blocks)
		weight += p.weight
		if blocks > d.blocks || weight > d.weight {
			return append(concat(pieces[:i]), leftOut(len(pieces)-i))
		}
	}
	return concat(pieces)
}

func concat(pieces []piece) []slack.Block {
	var blocks []slack.Block
	for _, p := range pieces {
		blocks = append(blocks, p.blocks...)
	}
	return blocks
}

func leftOut(n int) slack.Block {
	return slack.NewContextBlock("", mrkdwnText(bot.Say("… and ", strconv.Itoa(n), " more that do not fit here"), maxContext))
}

func (d *drawing) part(part bot.Part) []slack.Block {
	switch part := part.(type) {
	case bot.Heading:
		if strings.TrimSpace(string(part)) == "" {
			return nil
		}
		return []slack.Block{slack.NewHeaderBlock(plain(string(part), maxHeader))}
	case bot.Text:
		return section(bot.Words(part), nil)
	case bot.Note:
		text := mrkdwnText(bot.Words(part), maxContext)
		if text == nil {
			return nil
		}
		return []slack.Block{slack.NewContextBlock("", text)}
	case bot.Facts:
		return drawFacts(part)
	case bot.Item:
		return drawItem(part)
	case bot.Buttons:
		return drawButtons(part)
	case bot.Divider:
		return []slack.Block{slack.NewDividerBlock()}
	case bot.Chart:
		return d.chart(part)
	}
	return nil
}

func section(words bot.Words, accessory *slack.Accessory) []slack.Block {
	text := mrkdwnText(words, maxSection)
	if text == nil {
		return nil
	}
	return []slack.Block{slack.NewSectionBlock(text, nil, accessory)}
}

func drawFacts(facts bot.Facts) []slack.Block {
	var blocks []slack.Block
	var fields []*slack.TextBlockObject
	for _, fact := range facts {
		value := fact.Value
		if strings.TrimSpace(value.String()) == "" && len(draw(value)) == 0 {
			value = bot.Say("–")
		}
		if len(fields) == maxFields {
			blocks = append(blocks, slack.NewSectionBlock(nil, fields, nil))
			fields = nil
		}
		label := shorten(cmp.Or(fact.Label, "–"), maxHeader)
		words := append(bot.Say(bot.Bold(label), "\n"), value...)
		fields = append(fields, mrkdwnText(words, maxField))
	}
	if len(fields) > 0 {
		blocks = append(blocks, slack.NewSectionBlock(nil, fields, nil))
	}
	return blocks
}

func drawItem(item bot.Item) []slack.Block {
	button := drawButton(item.Button, 0)
	if button == nil {
		return section(item.Text, nil)
	}
	words := item.Text
	if strings.TrimSpace(mrkdwn(words, maxSection)) == "" {
		words = bot.Say("–") // Slack refuses a button beside no text
	}
	return section(words, slack.NewAccessory(button))
}

func drawButtons(buttons bot.Buttons) []slack.Block {
	var blocks []slack.Block
	var row []slack.BlockElement
	used := map[string]int{}
	for _, b := range buttons {
		if len(row) == maxActions {
			blocks = append(blocks, slack.NewActionBlock("", row...))
			row, used = nil, map[string]int{}
		}
		drawn := drawButton(b, used[b.Action])
		if drawn == nil {
			continue
		}
		used[b.Action]++
		row = append(row, drawn)
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", row...))
	}
	return blocks
}

// drawButton draws a button; nil if its value could not come back whole, for a cut value would act on another record.
// Action ids are unique in their block: the nth button of the same action gets a counter, which decode takes off again.
func drawButton(b bot.Button, nth int) *slack.ButtonBlockElement {
	action := b.Action
	if b.URL != "" {
		action = linkAction
	}
	id := action
	if nth > 0 || b.URL != "" {
		id = fmt.Sprintf("%s%s%d", action, suffix, nth)
		if b.URL != "" && b.Action != "" {
			id += "-" + b.Action
		}
	}
	if action == "" || length(id) > maxActionID || length(b.Value) > maxButtonValue || b.URL != "" && !linkable(b.URL) {
		return nil
	}
	button := slack.NewButtonBlockElement(id, b.Value, plain(cmp.Or(b.Label, b.Action), maxButton))
	button.URL = b.URL
	switch b.Style {
	case bot.Primary:
		button.Style = slack.StylePrimary
	case bot.Danger:
		button.Style = slack.StyleDanger
	}
	if b.Confirm != "" {
		button.Confirm = slack.NewConfirmationBlockObject(
			plain("Are you sure?", maxConfirmTitle), plain(b.Confirm, maxConfirmText),
			plain(cmp.Or(b.Label, "Yes"), maxConfirmButton), plain("Cancel", maxConfirmButton))
	}
	return button
}

// action takes the counter off an action id.
func action(id string) string {
	name, _, _ := strings.Cut(id, suffix)
	return name
}
