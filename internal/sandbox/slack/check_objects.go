package slack

import "unicode/utf8"

// Limits of composition objects, https://docs.slack.dev/reference/block-kit/composition-objects
const (
	maxText            = 3000
	maxOptionText      = 75
	maxOptionValue     = 150 // the docs say 150, Slack's own TypeScript types 75
	maxOptions         = 100
	maxOptionGroups    = 100
	maxGroupLabel      = 75
	maxPlaceholder     = 150
	maxConfirmTitle    = 100
	maxConfirmText     = 300
	maxConfirmButton   = 30
	maxURL             = 3000
	maxID              = 255
	maxAltText         = 2000
	maxInitialDateTime = 9_999_999_999 // ten digits, https://docs.slack.dev/reference/block-kit/block-elements/datetime-picker-element
)

// textObject checks a text object of at most max characters; only plain_text unless mrkdwn is allowed.
func textObject(max int, mrkdwn bool) rule {
	kinds := []string{"plain_text"}
	if mrkdwn {
		kinds = append(kinds, "mrkdwn")
	}
	return typed(func(kind string) (shape, bool) {
		sh := shape{need: []string{"text"}, fields: map[string]rule{"text": countedText(max)}}
		if kind == "plain_text" {
			sh.fields["emoji"] = boolean
		} else {
			sh.fields["verbatim"] = boolean
		}
		return sh, true
	}, kinds...)
}

// countedText is text that adds to the sum Slack limits per message.
func countedText(max int) rule {
	return func(c *checker, path string, v any) {
		text(1, max)(c, path, v)
		s, _ := v.(string)
		c.textChars += utf8.RuneCountInString(s)
	}
}

func plain(max int) rule   { return textObject(max, false) }
func anyText(max int) rule { return textObject(max, true) }

// confirmation checks a confirm object,
// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
func confirmation(c *checker, path string, v any) {
	c.object(path, v, shape{
		need: []string{"title", "text", "confirm", "deny"},
		fields: map[string]rule{
			"title":   plain(maxConfirmTitle),
			"text":    anyText(maxConfirmText),
			"confirm": plain(maxConfirmButton),
			"deny":    plain(maxConfirmButton),
			"style":   oneOf("primary", "danger"),
		},
	})
}

// option checks one choice; mrkdwn text is for radio buttons and checkboxes only, a url for overflow menus only.
func option(mrkdwn, link bool) rule {
	return func(c *checker, path string, v any) {
		fields := map[string]rule{
			"text":        textObject(maxOptionText, mrkdwn),
			"value":       text(1, maxOptionValue),
			"description": textObject(maxOptionText, mrkdwn),
		}
		if link {
			fields["url"] = webAddress()
		}
		c.object(path, v, shape{need: []string{"text", "value"}, fields: fields})
	}
}

// options checks a list of choices with distinct values.
func options(min, max int, mrkdwn, link bool) rule {
	return func(c *checker, path string, v any) {
		list(min, max, option(mrkdwn, link))(c, path, v)
		distinct(c, path, v, "value")
	}
}

func optionGroups(c *checker, path string, v any) {
	list(1, maxOptionGroups, func(c *checker, path string, v any) {
		c.object(path, v, shape{
			need: []string{"label", "options"},
			fields: map[string]rule{
				"label":   plain(maxGroupLabel),
				"options": options(1, maxOptions, false, false),
			},
		})
	})(c, path, v)
}

// dispatchConfig says when a text input tells the app,
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
func dispatchConfig(c *checker, path string, v any) {
	c.object(path, v, shape{fields: map[string]rule{
		"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
	}})
}

// conversationFilter, https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
func conversationFilter(c *checker, path string, v any) {
	o, ok := c.object(path, v, shape{fields: map[string]rule{
		"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean,
		"exclude_bot_users":                boolean,
	}})
	if ok && len(o) == 0 {
		c.fail(path, "must have at least one field")
	}
}

func slackFile(c *checker, path string, v any) {
	o, ok := c.object(path, v, shape{fields: map[string]rule{"id": text(1, maxID), "url": webAddress()}})
	if ok && len(o) != 1 {
		c.fail(path, "must provide either id or url")
	}
}

// imageFields are shared by image blocks and image elements, of which exactly one source must be given.
func imageFields(extra map[string]rule) shape {
	fields := map[string]rule{
		"image_url":  webAddress("http", "https"),
		"slack_file": slackFile,
		"alt_text":   text(1, maxAltText),
	}
	for name, check := range extra {
		fields[name] = check
	}
	return shape{need: []string{"alt_text"}, fields: fields, also: func(c *checker, path string, o object) {
		_, byURL := o["image_url"]
		_, byFile := o["slack_file"]
		if byURL == byFile {
			c.fail(path, "must provide either image_url or slack_file")
		}
	}}
}
