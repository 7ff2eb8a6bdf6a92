package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// openModal shows a form to whoever did what it answers.
func (s *Server) openModal(in *interaction, data object) (*Modal, *apiError) {
	var f form
	checkModal(&f, "data", data)
	if err := f.err(); err != nil {
		return nil, err
	}
	list := numbered(asList(data["components"]))
	m := &Modal{
		ID: in.ID, UserID: in.User, Channel: in.Channel, Message: in.Source.ID, CustomID: text(data["custom_id"]),
		Title: text(data["title"]), Components: mustJSON(list), Values: presets(list),
	}
	s.st.Modals[in.User] = m
	s.emit(Event{Type: EventModal, UserID: in.User, ID: m.ID})
	return m.clone(), nil
}

func (m *Modal) clone() *Modal {
	c := *m
	c.Values, c.Errors = maps.Clone(m.Values), maps.Clone(m.Errors)
	return &c
}

// inputs visits the inputs of a form with the label each has.
func inputs(list []any, visit func(label string, c object)) {
	for _, v := range list {
		o := asObject(v)
		switch kindOf(o) {
		case compLabel:
			visit(text(o["label"]), asObject(o["component"]))
		case compRow:
			for _, inner := range asList(o["components"]) {
				visit(text(asObject(inner)["label"]), asObject(inner))
			}
		}
	}
}

// presets is what a form holds when it opens.
func presets(list []any) map[string][]string {
	out := map[string][]string{}
	inputs(list, func(_ string, c object) {
		id := text(c["custom_id"])
		if v := text(c["value"]); v != "" {
			out[id] = []string{v}
		}
		if c["default"] == true {
			out[id] = []string{"true"}
		}
		for _, v := range asList(c["options"]) {
			if o := asObject(v); o["default"] == true {
				out[id] = append(out[id], text(o["value"]))
			}
		}
		for _, v := range asList(c["default_values"]) {
			out[id] = append(out[id], text(asObject(v)["id"]))
		}
	})
	return out
}

// Modal is the form a person has open.
func (s *Server) Modal(userID string) (Modal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.st.Modals[userID]
	if m == nil {
		return Modal{}, false
	}
	return *m.clone(), true
}

// Field finds the custom_id of an input by its label.
func (m Modal) Field(label string) (string, bool) {
	var list []any
	_ = json.Unmarshal(m.Components, &list) // checked when it opened
	found := ""
	inputs(list, func(l string, c object) {
		if l == label && found == "" {
			found = text(c["custom_id"])
		}
	})
	return found, found != ""
}

// Labels lists the labels of the form's inputs, in order.
func (m Modal) Labels() []string {
	var list []any
	_ = json.Unmarshal(m.Components, &list) // checked when it opened
	var out []string
	inputs(list, func(l string, _ object) { out = append(out, l) })
	return out
}

// Dismiss closes the open form. The app is not told, as Discord does not tell it.
func (s *Server) Dismiss(userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.st.Modals[userID] == nil {
		return fmt.Errorf("%s has no form open", userID)
	}
	s.closeModal(userID)
	return nil
}

func (s *Server) closeModal(userID string) {
	if m := s.st.Modals[userID]; m != nil {
		delete(s.st.Modals, userID)
		s.emit(Event{Type: EventModal, UserID: userID, ID: m.ID})
	}
}

// Submit fills in and sends the open form. What is not given keeps what was typed before or what the form opened
// with. When the client would not let it go, the reply is ReplyInvalid with Errors, and the app is not asked.
func (s *Server) Submit(ctx context.Context, userID string, v Values) (Reply, error) {
	s.mu.Lock()
	m := s.st.Modals[userID]
	if m == nil {
		s.mu.Unlock()
		return Reply{}, fmt.Errorf("%s has no form open", userID)
	}
	list, err := s.fill(m, v)
	if err != nil {
		s.mu.Unlock()
		return Reply{}, err
	}
	in := s.newInteraction(askModal, userID, m.Channel, "form "+m.CustomID)
	if m.Message != "" {
		in.Source = MessageRef{Channel: m.Channel, ID: m.Message}
	}
	data := s.submission(m, list)
	s.emit(Event{Type: EventModal, UserID: userID, ID: m.ID})
	if len(m.Errors) > 0 {
		reply := Reply{Kind: ReplyInvalid, Errors: maps.Clone(m.Errors)}
		delete(s.st.Answers, in.Token)
		s.mu.Unlock()
		return reply, nil
	}
	s.mu.Unlock()
	reply, err := s.ask(ctx, in, data)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		m.Notice = WentWrong
		s.emit(Event{Type: EventModal, UserID: userID, ID: m.ID})
	}
	return reply, err
}

// fill enters values, by custom_id or label, and returns the form's components.
func (s *Server) fill(m *Modal, v Values) ([]any, error) {
	var list []any
	_ = json.Unmarshal(m.Components, &list) // checked when it opened
	m.Errors, m.Notice = nil, ""
	used := map[string]bool{}
	inputs(list, func(label string, c object) {
		for _, key := range []string{text(c["custom_id"]), label} {
			if given, ok := v[key]; ok && !used[key] {
				used[key] = true
				m.Values[text(c["custom_id"])] = slices.Clone(given)
				return
			}
		}
	})
	for _, key := range sortedKeys(v) {
		if !used[key] {
			return nil, fmt.Errorf("the form %q has no field %q; there are %q", m.Title, key, m.Labels())
		}
	}
	return list, nil
}

// submission makes the data of a modal submit and notes in Errors what the client does not let through,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure
func (s *Server) submission(m *Modal, list []any) object {
	resolved, out := object{}, []object{}
	for _, v := range list {
		o := asObject(v)
		part := object{"type": o["type"], "id": o["id"]}
		switch kindOf(o) {
		case compLabel:
			part["component"] = s.submitted(m, asObject(o["component"]), resolved)
		case compRow:
			part["components"] = []object{s.submitted(m, asObject(asList(o["components"])[0]), resolved)}
		}
		out = append(out, part)
	}
	data := object{"custom_id": m.CustomID, "components": out}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data
}

// submitted is one input as it is sent.
func (s *Server) submitted(m *Modal, c, resolved object) object {
	id := text(c["custom_id"])
	values := m.Values[id]
	out := object{"type": c["type"], "id": c["id"], "custom_id": id}
	refuse := func(format string, args ...any) {
		if m.Errors == nil {
			m.Errors = map[string]string{}
		}
		m.Errors[id] = fmt.Sprintf(format, args...)
	}
	required := c["required"] != false
	switch kind := kindOf(c); kind {
	case compTextInput:
		words := ""
		if len(values) > 0 {
			words = values[0]
		}
		checkTyped(c, words, required, refuse)
		out["value"] = words
	case compCheckbox:
		out["value"] = len(values) > 0 && values[0] == "true"
	default:
		chosen, err := []string{}, error(nil)
		if len(values) > 0 || required {
			chosen, err = s.choose(c, m.UserID, values, resolved)
		}
		if err != nil {
			refuse("%s", err.Error())
		}
		out["values"] = chosen
		if kind == compRadio {
			delete(out, "values")
			out["value"] = nil
			if len(chosen) > 0 {
				out["value"] = chosen[0]
			}
		}
	}
	return out
}

// checkTyped is what the client checks of a text.
func checkTyped(c object, words string, required bool, refuse func(string, ...any)) {
	least, _ := number(c["min_length"])
	most, ok := number(c["max_length"])
	if !ok {
		most = maxInput
	}
	n := length(words)
	switch {
	case n == 0 && required:
		refuse("This field is required")
	case n > most:
		refuse("Must be %d or fewer in length.", most)
	case n > 0 && n < least:
		refuse("Must be %d or more in length.", least)
	}
}
