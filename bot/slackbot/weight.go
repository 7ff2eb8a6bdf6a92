package slackbot

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// bytesOf is the size of blocks as sent, which is what limits a view.
func bytesOf(blocks []slack.Block) int {
	body, err := json.Marshal(blocks)
	if err != nil {
		return 0
	}
	return len(body)
}

// textOf counts the characters of blocks as Slack does for a message: every text object in them.
func textOf(blocks []slack.Block) int {
	n := 0
	count := func(t *slack.TextBlockObject) {
		if t != nil {
			n += length(t.Text)
		}
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case *slack.HeaderBlock:
			count(block.Text)
		case *slack.SectionBlock:
			count(block.Text)
			for _, field := range block.Fields {
				count(field)
			}
			if block.Accessory != nil && block.Accessory.ButtonElement != nil {
				count(block.Accessory.ButtonElement.Text)
			}
		case *slack.ContextBlock:
			for _, element := range block.ContextElements.Elements {
				if text, ok := element.(*slack.TextBlockObject); ok {
					count(text)
				}
			}
		case *slack.ActionBlock:
			for _, element := range block.Elements.ElementSet {
				if button, ok := element.(*slack.ButtonBlockElement); ok {
					count(button.Text)
				}
			}
		case *slack.DataVisualizationBlock:
			n += length(block.Title) + maxChartText
		}
	}
	return n
}
