package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// stateField is where an element's value is kept in the state and in an action; ok is false for elements
// without one. many is set when it holds a list.
func stateField(kind string) (field string, many, ok bool) {
	switch kind {
	case "plain_text_input", "number_input", "email_text_input", "url_text_input":
		return "value", false, true
	case "rich_text_input":
		return "rich_text_value", false, true
	case "checkboxes":
		return "selected_options", true, true
	case "radio_buttons":
		return "selected_option", false, true
	case "datepicker":
		return "selected_date", false, true
	case "timepicker":
		return "selected_time", false, true
	case "datetimepicker":
		return "selected_date_time", false, true
	case "file_input":
		return "files", true, true
	}
	base, multi := strings.CutPrefix(kind, "multi_")
	base, isSelect := strings.CutSuffix(base, "_select")
	if !isSelect {
		return "", false, false
	}
	field = "selected_" + strings.TrimSuffix(base, "s") // users_select keeps selected_user
	if base == "static" || base == "external" {
		field = "selected_option"
	}
	if multi {
		field += "s"
	}
	return field, multi, true
}

// initialField is the element's field with the value it starts with.
func initialField(field string) string {
	if field == "value" || field == "rich_text_value" {
		return "initial_value"
	}
	return "initial_" + strings.TrimPrefix(field, "selected_")
}

// startValue is an element's state before anybody touched it.
func startValue(el object) (object, bool) {
	kind, _ := el["type"].(string)
	field, many, ok := stateField(kind)
	if !ok {
		return nil, false
	}
	v := object{"type": kind, field: el[initialField(field)]}
	if many && v[field] == nil {
		v[field] = []any{}
	}
	if kind == "timepicker" && el["timezone"] != nil {
		v["timezone"] = el["timezone"]
	}
	return v, true
}

// initialState is the state of a new or replaced view; what was typed stays under the same ids.
func (s *Server) initialState(v *View, typed viewState) viewState {
	out := viewState{}
	for _, block := range decodeList(v.Blocks) {
		id, _ := block["block_id"].(string)
		for _, el := range elementsOf(block) {
			start, ok := startValue(el)
			if !ok {
				continue
			}
			action, _ := el["action_id"].(string)
			if old, was := typed[id][action]; was && old["type"] == start["type"] {
				start = old
			}
			if out[id] == nil {
				out[id] = map[string]object{}
			}
			out[id][action] = start
		}
	}
	return out
}

// enter builds the state of an element from what a person typed or chose. It is an error to choose what is
// not there. Callers hold the lock.
func (s *Server) enter(place string, block, el object, input string) (object, error) {
	kind, _ := el["type"].(string)
	field, many, ok := stateField(kind)
	if !ok {
		return nil, fmt.Errorf("a %s has no value", kind)
	}
	out, _ := startValue(el)
	if input == "" {
		out[field] = nil
		if many {
			out[field] = []any{}
		}
		return out, nil
	}
	if !many {
		v, err := s.enterOne(place, block, el, kind, input)
		out[field] = v
		return out, err
	}
	list := []any{}
	for _, part := range splitMany(input) {
		v, err := s.enterOne(place, block, el, kind, part)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	out[field] = list
	return out, nil
}

func splitMany(input string) []string {
	var list []string
	if strings.HasPrefix(input, "[") && json.Unmarshal([]byte(input), &list) == nil {
		return list
	}
	for _, part := range strings.Split(input, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func (s *Server) enterOne(place string, block, el object, kind, input string) (any, error) {
	switch strings.TrimPrefix(kind, "multi_") {
	case "static_select", "radio_buttons", "checkboxes":
		return pick(choicesOf(el), input)
	case "external_select":
		return s.pickOffered(place, block, el, input)
	case "users_select":
		return s.known(input, s.st.Users[input] != nil)
	case "conversations_select", "channels_select":
		return s.known(input, s.st.Channels[input] != nil)
	case "datepicker":
		return input, mustMatch(datePattern.MatchString(input), "a date like 2006-01-02", input)
	case "timepicker":
		return input, mustMatch(timePattern.MatchString(input), "a time like 15:04", input)
	case "datetimepicker":
		seconds, err := strconv.ParseInt(input, 10, 64)
		return seconds, err
	case "file_input":
		f := s.st.Files[input]
		if f == nil {
			return nil, fmt.Errorf("no file %s", input)
		}
		return s.fileJSON(f), nil
	case "rich_text_input":
		return object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section", "elements": []any{
			object{"type": "text", "text": input},
		}}}}, nil
	}
	return input, nil
}

func mustMatch(ok bool, what, got string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%q is not %s", got, what)
}

func (s *Server) known(id string, ok bool) (any, error) {
	return id, mustMatch(ok, "known in the workspace", id)
}

// pick finds a choice by its value or else by its text.
func pick(choices []any, wanted string) (any, error) {
	var offered []string
	for _, c := range choices {
		o, _ := c.(object)
		if o["value"] == wanted {
			return o, nil
		}
		offered = append(offered, fmt.Sprint(o["value"]))
	}
	for _, c := range choices {
		if o, _ := c.(object); textOf(o["text"]) == wanted {
			return o, nil
		}
	}
	return nil, fmt.Errorf("%q is not among the choices %q", wanted, offered)
}

// pickOffered finds a choice of an external select: what the app last suggested or set as initial.
func (s *Server) pickOffered(place string, block, el object, wanted string) (any, error) {
	var choices []any
	for _, o := range s.offered[offerKey(place, block, el)] {
		choices = append(choices, o)
	}
	if o, ok := el["initial_option"]; ok {
		choices = append(choices, o)
	}
	choices = append(choices, asList(el["initial_options"])...)
	v, err := pick(choices, wanted)
	if err != nil {
		return nil, fmt.Errorf("external select: %w; call Suggest first", err)
	}
	return v, nil
}

func offerKey(place string, block, el object) string {
	return fmt.Sprint(place, "/", block["block_id"], "/", el["action_id"])
}
