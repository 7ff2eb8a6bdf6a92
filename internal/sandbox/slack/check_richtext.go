package slack

// richTextShape, https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func richTextShape() shape {
	return shape{need: []string{"elements"}, fields: map[string]rule{
		"elements": list(1, maxText, typed(richGroupShape,
			"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")),
	}}
}

func richGroupShape(kind string) (shape, bool) {
	inline := list(0, maxText, typed(richInlineShape,
		"text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color", "team"))
	fields := map[string]rule{"elements": inline}
	sh := shape{need: []string{"elements"}, fields: fields}
	switch kind {
	case "rich_text_section":
	case "rich_text_list":
		sh.need = append(sh.need, "style")
		fields["elements"] = list(1, maxText, typed(richGroupShape, "rich_text_section"))
		fields["style"] = oneOf("bullet", "ordered")
		fields["indent"] = integer(0, 8)
		fields["offset"] = integer(0, maxText)
		fields["border"] = integer(0, 1)
	case "rich_text_quote", "rich_text_preformatted":
		fields["border"] = integer(0, 1)
		if kind == "rich_text_preformatted" {
			fields["elements"] = list(0, maxText, typed(richInlineShape, "text", "link"))
			fields["language"] = text(1, maxID)
		}
	default:
		return shape{}, false
	}
	return sh, true
}

func richInlineShape(kind string) (shape, bool) {
	id := text(1, maxID)
	fields := map[string]rule{"style": richStyle}
	sh := shape{fields: fields}
	add := func(required bool, name string, check rule) {
		fields[name] = check
		if required {
			sh.need = append(sh.need, name)
		}
	}
	switch kind {
	case "text":
		add(true, "text", countedText(maxMessageText))
	case "link":
		add(true, "url", webAddress())
		add(false, "text", countedText(maxMessageText))
		add(false, "unsafe", boolean)
	case "emoji":
		add(true, "name", id)
		add(false, "unicode", id)
		add(false, "url", webAddress())
	case "color":
		add(true, "value", id)
	case "date":
		add(true, "timestamp", number)
		add(true, "format", text(1, maxText))
		add(false, "url", webAddress())
		add(false, "fallback", text(1, maxText))
	default:
		field, check, ok := mentionField(kind)
		add(true, field, check)
		return sh, ok
	}
	return sh, true
}

// mentionField is the one field of a mention.
func mentionField(kind string) (field string, check rule, ok bool) {
	switch kind {
	case "user":
		return "user_id", matching(userPattern, "a user id"), true
	case "usergroup":
		return "usergroup_id", text(1, maxID), true
	case "channel":
		return "channel_id", matching(chanPattern, "a channel id"), true
	case "team":
		return "team_id", text(1, maxID), true
	case "broadcast":
		return "range", oneOf("here", "channel", "everyone"), true
	}
	return "", nil, false
}

func richStyle(c *checker, path string, v any) {
	c.object(path, v, shape{fields: map[string]rule{
		"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean,
		"highlight": boolean, "client_highlight": boolean, "unlink": boolean,
	}})
}
