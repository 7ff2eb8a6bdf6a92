package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Suggest types into an option of a command and returns what the app offers; the last option of the words is the
// one being typed: "/calls status:open customer:Nor". Typing a name that was offered picks it.
func (s *Server) Suggest(ctx context.Context, userID, channelID, words string) ([]Choice, error) {
	s.mu.Lock()
	in, data, err := s.prepare(userID, channelID, words, true)
	if err == nil && !s.completes(in) {
		err = fmt.Errorf("%s: the app does not complete %s", in.What, in.Focus)
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	reply, err := s.ask(ctx, in, data)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Offered[userID+" "+in.Command+" "+in.Focus] = reply.Choices
	return reply.Choices, nil
}

// completes reports whether an option asks the app for choices.
func (s *Server) completes(in *interaction) bool {
	path := strings.Fields(strings.TrimPrefix(in.Command, "/"))
	list := optionInfo(s.findCommand(s.st.Channels[in.Channel], path[0], chatInput))
	for _, sub := range path[1:] {
		for _, o := range list {
			if o.Name == sub {
				list = o.Options
				break
			}
		}
	}
	return slices.ContainsFunc(list, func(o OptionInfo) bool { return o.Name == in.Focus && o.Autocomplete })
}

// MessageCommand runs a command from a message's menu.
func (s *Server) MessageCommand(ctx context.Context, userID string, at MessageRef, name string) (Reply, error) {
	s.mu.Lock()
	m, err := s.seen(userID, at)
	var in *interaction
	var data object
	if err == nil {
		if cmd := s.findCommand(s.st.Channels[at.Channel], name, messageCommand); cmd == nil {
			err = fmt.Errorf("there is no message command %q here", name)
		} else {
			in = s.newInteraction(askCommand, userID, at.Channel, name)
			in.Command = name
			data = object{
				"id": cmd["id"], "name": name, "type": messageCommand, "target_id": m.ID,
				"resolved": object{"messages": object{m.ID: s.messageJSON(m, true)}},
			}
		}
	}
	s.mu.Unlock()
	if err != nil {
		return Reply{}, err
	}
	reply, err := s.ask(ctx, in, data)
	return reply, s.shown(in, err)
}

// seen finds a message a person sees. Callers hold the lock.
func (s *Server) seen(userID string, at MessageRef) (*Message, error) {
	m := s.message(at)
	if m == nil || !s.sees(userID, s.st.Channels[at.Channel]) || m.Ephemeral != "" && m.Ephemeral != userID {
		return nil, fmt.Errorf("%s sees no message %s in %s", userID, at.ID, at.Channel)
	}
	return m, nil
}

// Press presses a button, named by its custom_id or by what is written on it.
func (s *Server) Press(ctx context.Context, userID string, at MessageRef, button string) (Reply, error) {
	return s.use(ctx, userID, at, button, compButton, nil)
}

// Choose chooses in a select, named by its custom_id or placeholder: values or labels of options, or ids.
func (s *Server) Choose(ctx context.Context, userID string, at MessageRef, menu string, values ...string) (Reply, error) {
	return s.use(ctx, userID, at, menu, compSelect, append([]string{}, values...))
}

func (s *Server) use(ctx context.Context, userID string, at MessageRef, name string, kind int, values []string) (Reply, error) {
	s.mu.Lock()
	m, err := s.seen(userID, at)
	var in *interaction
	var data object
	if err == nil {
		in, data, err = s.used(userID, m, name, kind, values)
	}
	s.mu.Unlock()
	if err != nil {
		return Reply{}, err
	}
	reply, err := s.ask(ctx, in, data)
	return reply, s.shown(in, err)
}

// used makes the interaction of a component,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-message-component-data-structure
func (s *Server) used(userID string, m *Message, name string, kind int, values []string) (*interaction, object, error) {
	c, err := findComponent(m.Components, name, kind)
	if err != nil {
		return nil, nil, err
	}
	id := text(c["custom_id"])
	switch {
	case c["disabled"] == true:
		return nil, nil, fmt.Errorf("%s is disabled", name)
	case id == "":
		return nil, nil, fmt.Errorf("%s opens an address, not the app", name)
	}
	data := object{"custom_id": id, "component_type": kindOf(c), "id": c["id"]}
	what := "button " + id
	if kind != compButton {
		what = "select " + id
		resolved := object{}
		if values, err = s.choose(c, userID, values, resolved); err != nil {
			return nil, nil, err
		}
		data["values"] = values
		if len(resolved) > 0 {
			data["resolved"] = resolved
		}
	}
	in := s.newInteraction(askComponent, userID, m.Channel, what)
	in.Source = m.Ref()
	return in, data, nil
}

// findComponent finds one button or select by its custom_id or its words.
func findComponent(raw json.RawMessage, name string, kind int) (object, error) {
	var all []any
	_ = json.Unmarshal(raw, &all) // what is stored was checked
	var byID, byWords object
	var known []string
	words := 0
	walk(all, func(o object) {
		is := kindOf(o)
		if kind == compButton && is != compButton || kind != compButton && !slices.Contains(selects, is) {
			return
		}
		label := text(o["label"]) + text(o["placeholder"])
		known = append(known, fmt.Sprintf("%s (%s)", label, text(o["custom_id"])))
		if text(o["custom_id"]) == name {
			byID = o
		}
		if label == name {
			byWords, words = o, words+1
		}
	})
	switch {
	case byID != nil:
		return byID, nil
	case words > 1:
		return nil, fmt.Errorf("%q is there %d times: name it by its custom_id", name, words)
	case byWords != nil:
		return byWords, nil
	}
	return nil, fmt.Errorf("there is no %q; there are %s", name, strings.Join(known, ", "))
}

// choose turns what a person chose into values, and checks it as the client does.
func (s *Server) choose(c object, userID string, chosen []string, resolved object) ([]string, error) {
	out := []string{}
	for _, v := range chosen {
		if kind := kindOf(c); kind == compSelect || kind == compCheckboxes || kind == compRadio {
			value, ok := optionNamed(c, v)
			if !ok {
				return nil, fmt.Errorf("%q is not among the options of %v", v, c["custom_id"])
			}
			v = value
		} else if !s.resolve(resolved, userID, v, map[int]string{
			compUserSelect: "user", compRoleSelect: "role", compMentionable: "user role", compChannel: "channel", compUpload: "attachment",
		}[kind]) {
			return nil, fmt.Errorf("%v: there is no %q", c["custom_id"], v)
		}
		if err := s.rightType(c, v); err != nil {
			return nil, err
		}
		if contains(out, v) {
			return nil, fmt.Errorf("%v: %q is chosen twice", c["custom_id"], v)
		}
		out = append(out, v)
	}
	least, most := limitsOf(c)
	if len(out) > most || len(out) < least {
		return nil, fmt.Errorf("%v takes %d to %d choices, not %d", c["custom_id"], least, most, len(out))
	}
	return out, nil
}

// rightType checks a chosen channel against the types a select shows.
func (s *Server) rightType(c object, id string) error {
	types := asList(c["channel_types"])
	if kindOf(c) != compChannel || len(types) == 0 || slices.Contains(types, any(float64(s.st.Channels[id].Type))) {
		return nil
	}
	return fmt.Errorf("%v shows no channels like %s", c["custom_id"], id)
}

// limitsOf is how many choices a component takes.
func limitsOf(c object) (least, most int) {
	least, most = 1, 1
	if n, ok := number(c["min_values"]); ok {
		least = n
	}
	if n, ok := number(c["max_values"]); ok {
		most = n
	} else if kindOf(c) == compCheckboxes {
		most = len(asList(c["options"]))
	}
	return least, max(least, most)
}

// optionNamed finds an option by its value or label.
func optionNamed(c object, name string) (string, bool) {
	for _, field := range []string{"value", "label"} {
		for _, v := range asList(c["options"]) {
			if o := asObject(v); text(o[field]) == name {
				return text(o["value"]), true
			}
		}
	}
	return "", false
}
