package slack

import (
	"reflect"
	"strconv"
	"strings"
)

// selectShape returns the shape of a select menu or multi-select menu,
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
func selectShape(kind string) (shape, bool) {
	fields := map[string]rule{
		"action_id": text(1, maxID), "placeholder": plain(maxPlaceholder), "confirm": confirmation, "focus_on_load": focus,
	}
	sh := shape{fields: fields}
	base, multi := strings.CutPrefix(kind, "multi_")
	initial := "initial_"
	if multi {
		fields["max_selected_items"] = integer(1, maxOptions)
	}
	switch base {
	case "static_select":
		fields["options"] = options(1, maxOptions, false, false)
		fields["option_groups"] = optionGroups
		initialOptions(fields, multi)
		sh.also = staticSelect
	case "external_select":
		fields["min_query_length"] = integer(0, maxOptions)
		initialOptions(fields, multi)
	case "users_select":
		initialIDs(fields, initial+"user", multi, matching(userPattern, "a user id"))
	case "conversations_select":
		initialIDs(fields, initial+"conversation", multi, matching(chanPattern, "a conversation id"))
		fields["default_to_current_conversation"] = boolean
		fields["filter"] = conversationFilter
	case "channels_select":
		initialIDs(fields, initial+"channel", multi, matching(chanPattern, "a channel id"))
	default:
		return shape{}, false
	}
	if !multi && (base == "conversations_select" || base == "channels_select") {
		fields["response_url_enabled"] = boolean
	}
	return sh, true
}

func initialOptions(fields map[string]rule, multi bool) {
	if multi {
		fields["initial_options"] = options(1, maxOptions, false, false)
		return
	}
	fields["initial_option"] = option(false, false)
}

func initialIDs(fields map[string]rule, name string, multi bool, check rule) {
	if multi {
		fields[name+"s"] = list(1, maxOptions, check)
		return
	}
	fields[name] = check
}

func staticSelect(c *checker, path string, o object) {
	_, flat := o["options"]
	_, grouped := o["option_groups"]
	if flat == grouped {
		c.fail(path, "must provide either options or option_groups")
	}
	initialAmongOptions(c, path, o)
}

// initialAmongOptions: an initial choice must exactly match one of the choices.
func initialAmongOptions(c *checker, path string, o object) {
	choices := choicesOf(o)
	check := func(path string, v any) {
		for _, choice := range choices {
			if reflect.DeepEqual(normalOption(choice), normalOption(v)) {
				return
			}
		}
		c.fail(path, "must be among the options")
	}
	if v, ok := o["initial_option"]; ok {
		check(path+"/initial_option", v)
	}
	many, _ := o["initial_options"].([]any)
	for i, v := range many {
		check(path+"/initial_options/"+strconv.Itoa(i), v)
	}
}

// normalOption reduces an option to what makes it the same option: emoji and verbatim flags do not.
func normalOption(v any) [2]string {
	o, _ := v.(object)
	value, _ := o["value"].(string)
	return [2]string{textOf(o["text"]), value}
}

// choicesOf lists the options of an element, those in groups too.
func choicesOf(o object) []any {
	choices, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(object)
		more, _ := group["options"].([]any)
		choices = append(choices, more...)
	}
	return choices
}

// textOf reads the text of a text object.
func textOf(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	return s
}

func asNumber(v any) (float64, bool) {
	s, ok := v.(string)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
