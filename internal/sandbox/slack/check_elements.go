package slack

// Limits of block elements, https://docs.slack.dev/reference/block-kit/block-elements
const (
	maxButtonText       = 75
	maxButtonValue      = 2000
	maxAccessibility    = 75
	maxOverflow         = 5
	maxChoices          = 10   // checkboxes and radio buttons
	maxInputLength      = 3000 // plain_text_input
	maxFiles            = 10
	maxWorkflowParams   = 100
	maxRichTextLines    = 100
	maxDecimalCharacter = 255
)

// elementShape returns the shape of a block element.
func elementShape(kind string) (shape, bool) {
	for _, family := range []func(string) (shape, bool){buttonShape, selectShape, pickerShape, inputShape} {
		if sh, ok := family(kind); ok {
			return sh, true
		}
	}
	return shape{}, false
}

func buttonShape(kind string) (shape, bool) {
	id := text(1, maxID)
	switch kind {
	case "image":
		return imageFields(nil), true
	case "button":
		return shape{need: []string{"text"}, fields: map[string]rule{
			"text": plain(maxButtonText), "action_id": id, "url": webAddress(), "value": text(0, maxButtonValue),
			"style": oneOf("primary", "danger"), "confirm": confirmation, "accessibility_label": text(1, maxAccessibility),
		}}, true
	case "overflow":
		return shape{need: []string{"options"}, fields: map[string]rule{
			"action_id": id, "options": options(1, maxOverflow, false, true), "confirm": confirmation,
		}}, true
	case "workflow_button":
		return shape{need: []string{"text", "workflow"}, fields: map[string]rule{
			"text": plain(maxButtonText), "action_id": id, "workflow": anyObject, "style": oneOf("primary", "danger"),
			"accessibility_label": text(1, maxAccessibility),
		}}, true
	case "icon_button":
		return shape{need: []string{"icon", "text"}, fields: map[string]rule{
			"icon": oneOf("trash"), "text": plain(maxButtonText), "action_id": id, "value": text(0, maxButtonValue),
			"confirm": confirmation, "accessibility_label": text(1, maxAccessibility),
			"visible_to_user_ids": list(1, maxOptions, matching(userPattern, "a user id")),
		}}, true
	case "feedback_buttons":
		one := func(c *checker, path string, v any) {
			c.object(path, v, shape{need: []string{"text", "value"}, fields: map[string]rule{
				"text": plain(maxButtonText), "value": text(1, maxButtonValue), "accessibility_label": text(1, maxAccessibility),
			}})
		}
		return shape{need: []string{"positive_button", "negative_button"}, fields: map[string]rule{
			"action_id": id, "positive_button": one, "negative_button": one,
		}}, true
	}
	return shape{}, false
}

func anyObject(c *checker, path string, v any) {
	if _, ok := v.(object); !ok {
		c.fail(path, "must provide an object")
	}
}

// focus counts focus_on_load: one element of a view may have it.
func focus(c *checker, path string, v any) {
	boolean(c, path, v)
	if v == true {
		c.focused++
		if c.focused > 1 {
			c.fail(path, "only one element may have focus_on_load")
		}
	}
}

func pickerShape(kind string) (shape, bool) {
	fields := map[string]rule{"action_id": text(1, maxID), "confirm": confirmation, "focus_on_load": focus}
	sh := shape{fields: fields}
	switch kind {
	case "datepicker":
		fields["initial_date"] = matching(datePattern, "a date as YYYY-MM-DD")
		fields["placeholder"] = plain(maxPlaceholder)
	case "timepicker":
		fields["initial_time"] = matching(timePattern, "a time as HH:mm")
		fields["placeholder"] = plain(maxPlaceholder)
		fields["timezone"] = text(1, maxID)
	case "datetimepicker":
		fields["initial_date_time"] = integer(1_000_000_000, maxInitialDateTime)
	case "checkboxes":
		sh.need = []string{"options"}
		fields["options"] = options(1, maxChoices, true, false)
		fields["initial_options"] = options(1, maxChoices, true, false)
		sh.also = initialAmongOptions
	case "radio_buttons":
		sh.need = []string{"options"}
		fields["options"] = options(1, maxChoices, true, false)
		fields["initial_option"] = option(true, false)
		sh.also = initialAmongOptions
	default:
		return shape{}, false
	}
	return sh, true
}

func inputShape(kind string) (shape, bool) {
	fields := map[string]rule{
		"action_id": text(1, maxID), "placeholder": plain(maxPlaceholder), "focus_on_load": focus,
		"dispatch_action_config": dispatchConfig,
	}
	sh := shape{fields: fields}
	switch kind {
	case "plain_text_input":
		fields["initial_value"] = text(0, maxInputLength)
		fields["multiline"] = boolean
		fields["min_length"] = integer(0, maxInputLength)
		fields["max_length"] = integer(1, maxInputLength)
		sh.also = lengthsInOrder
	case "email_text_input", "url_text_input":
		fields["initial_value"] = text(0, maxInputLength)
	case "number_input":
		sh.need = []string{"is_decimal_allowed"}
		fields["is_decimal_allowed"] = boolean
		for _, name := range []string{"initial_value", "min_value", "max_value"} {
			fields[name] = matching(numberPattern, "a number as a string")
		}
		sh.also = numbersInOrder
	case "rich_text_input":
		sh.need = []string{"action_id"}
		fields["initial_value"] = typed(blockShape, "rich_text")
		fields["min_lines"] = integer(1, maxRichTextLines)
		fields["max_lines"] = integer(1, maxRichTextLines)
	case "file_input":
		return shape{fields: map[string]rule{
			"action_id": text(1, maxID), "filetypes": list(1, maxOptions, text(1, maxID)), "max_files": integer(1, maxFiles),
		}}, true
	default:
		return shape{}, false
	}
	return sh, true
}

func lengthsInOrder(c *checker, path string, o object) {
	low, _ := o["min_length"].(float64)
	high, ok := o["max_length"].(float64)
	if ok && low > high {
		c.fail(path+"/min_length", "must not be greater than max_length")
	}
	initial, _ := o["initial_value"].(string)
	if ok && float64(len([]rune(initial))) > high {
		c.fail(path+"/initial_value", "must not be longer than max_length")
	}
}

func numbersInOrder(c *checker, path string, o object) {
	low, hasLow := asNumber(o["min_value"])
	high, hasHigh := asNumber(o["max_value"])
	if hasLow && hasHigh && low > high {
		c.fail(path+"/min_value", "cannot be greater than max_value")
	}
	initial, ok := asNumber(o["initial_value"])
	if ok && (hasLow && initial < low || hasHigh && initial > high) {
		c.fail(path+"/initial_value", "must be between min_value and max_value")
	}
}
