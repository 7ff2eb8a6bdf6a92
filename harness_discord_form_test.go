package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"callout/internal/sandbox/discord"
)

// filling is a form somebody fills in on Discord, in as many steps as it takes.
type filling struct {
	reply  discord.Reply     // what is before them: a modal, or what is said about the form
	found  map[string]sought // what they look for in search fields
	labels map[string]string // fields by their labels
	given  map[string]string // what was filled in
	said   string            // what stood before the modal that is open
}

// sought is what is typed into a search field, and what is taken of what it finds.
type sought struct {
	typed, label string
	asked        bool // the field was shown
}

// shows is what somebody has before them after what they did.
func (c *discordChat) shows(p *person, reply discord.Reply) {
	c.fillings[p.user] = &filling{reply: c.answered(reply), found: map[string]sought{}, labels: map[string]string{}, given: map[string]string{}}
}

// answered waits until a message that says that it is thinking has more to say.
func (c *discordChat) answered(reply discord.Reply) discord.Reply {
	c.Helper()
	if reply.Kind != discord.ReplyThinking {
		return reply
	}
	var now discord.Message
	c.until("the app has thought", func() bool {
		now, _ = c.server.Message(reply.Ref)
		return !now.Loading
	}, func() string { return now.AllText() })
	reply.Text = now.AllText()
	return reply
}

// further are the buttons that lead on in a form.
var further = []string{"Put it right", "Continue", "Open", "Add more"}

// button is the first of the buttons that is on the message before somebody.
func (c *discordChat) button(at *filling, labels ...string) string {
	m, ok := c.server.Message(at.reply.Ref)
	if !ok || !strings.Contains(string(m.Components), `"d|`) { // only what goes on with a form
		return ""
	}
	for _, label := range labels {
		if id, on := m.Button(label); on && strings.HasPrefix(id, "d|") {
			return label
		}
	}
	return ""
}

// draft names the form before somebody.
func (c *discordChat) draft(p *person) string {
	at := c.fillings[p.user]
	if m, open := c.server.Modal(p.user); open {
		return strings.Split(m.CustomID+"|", "|")[1]
	}
	m, _ := c.server.Message(at.reply.Ref)
	for _, label := range m.Buttons() {
		if id, _ := m.Button(label); strings.HasPrefix(id, "d|") {
			return strings.Split(id, "|")[1]
		}
	}
	return ""
}

func (c *discordChat) press(p *person, at *filling, label string) error {
	at.said = at.reply.Text
	reply, err := c.server.Press(p.ctx, p.user, at.reply.Ref, label)
	at.reply = c.answered(reply)
	return err
}

func (c *discordChat) form(p *person) (openForm, bool) {
	at := c.fillings[p.user]
	if at == nil {
		return openForm{}, false
	}
	if _, open := c.server.Modal(p.user); !open {
		label := c.button(at, further...)
		if label == "" || c.press(p, at, label) != nil {
			return openForm{}, false
		}
	}
	m, open := c.server.Modal(p.user)
	if !open {
		return openForm{}, false
	}
	f := openForm{words: asRead(at.said + "\n" + modalText(m))}
	f.ID, f.Title = c.draft(p), m.Title
	return f, true
}

// input is a place to fill in a modal.
type input struct {
	Type        int    `json:"type"`
	Content     string `json:"content"`
	Label       string `json:"label"`
	Description string `json:"description"`
	Component   struct {
		Type     int              `json:"type"`
		CustomID string           `json:"custom_id"`
		Options  []discord.Choice `json:"options"`
	} `json:"component"`
}

// types of components that hold several values: https://discord.com/developers/docs/components/reference
const (
	typeSelect = 3
	typeUpload = 19
)

func inputsOf(m discord.Modal) []input {
	var all []input
	decode(m.Components, &all)
	return all
}

func decode(raw json.RawMessage, into any) {
	_ = json.Unmarshal(raw, into) // the sandbox has checked it
}

func modalText(m discord.Modal) string {
	lines := []string{m.Title}
	for _, in := range inputsOf(m) {
		lines = append(lines, in.Content, in.Label, in.Description)
		for _, o := range in.Component.Options {
			lines = append(lines, o.Description)
		}
		lines = append(lines, m.Values[in.Component.CustomID]...)
	}
	return strings.Join(lines, "\n")
}

func (c *discordChat) finds(p *person, _ openForm, field, typed, label string) error {
	c.fillings[p.user].found[field] = sought{typed: typed, label: label}
	return nil
}

func (c *discordChat) filled(p *person, _ openForm) string {
	m, _ := c.server.Modal(p.user)
	var kept string
	if err := c.app.store.Pool.QueryRow(p.ctx, "SELECT convert_from(body, 'UTF8') FROM aside WHERE id = $1", c.draft(p)).Scan(&kept); err != nil {
		return dump(m.Values)
	}
	return dump(m.Values) + kept
}

// submits fills the form step by step with what is known of each, until it is taken or refused or is another form.
func (c *discordChat) submits(p *person, _ openForm, values map[string]string) (map[string]string, error) {
	at := c.fillings[p.user]
	c.form(p) // what was refused is put right, what goes on is opened
	began, left := c.draft(p), map[string]string{}
	for field, v := range values {
		left[field] = v
	}
	for range 20 {
		m, open := c.server.Modal(p.user)
		switch {
		case open:
			reply, err := c.server.Submit(p.ctx, p.user, c.fill(at, m, left))
			if err != nil || len(reply.Errors) > 0 {
				return reply.Errors, err
			}
			at.reply = c.answered(reply)
			continue
		case c.draft(p) != began: // what is here now is something else
			return nil, at.unused(left)
		}
		if errs, done, err := c.step(p, at, left); done {
			return errs, err
		}
	}
	return nil, errors.New("the form has no end")
}

// step does what a message about a form asks for; done when the person has to.
func (c *discordChat) step(p *person, at *filling, left map[string]string) (map[string]string, bool, error) {
	if strings.Contains(at.reply.Text, "do you mean?") {
		for field, choice := range at.found {
			if at.labels[strings.SplitN(at.reply.Text, ": which", 2)[0]] != field {
				continue
			}
			reply, err := c.server.Choose(p.ctx, p.user, at.reply.Ref, "Choose one", choice.label)
			at.reply = c.answered(reply)
			return nil, err != nil, err
		}
		return nil, true, fmt.Errorf("nobody said which: %s", at.reply.Text)
	}
	if c.button(at, "Put it right", "Send again") != "" {
		return at.refused(), true, at.unused(left)
	}
	if label := c.button(at, "Continue", "Open"); label != "" {
		err := c.press(p, at, label)
		return nil, err != nil, err
	}
	label := c.button(at, "Add more")
	if label == "" || len(left) == 0 && !at.seeking() {
		m, _ := c.server.Message(at.reply.Ref)
		for _, b := range m.Buttons() {
			if id, _ := m.Button(b); strings.HasSuffix(id, "|save") {
				label = b
			}
		}
	}
	if label == "" {
		return nil, true, fmt.Errorf("the form does not go on: %s", at.reply.Text)
	}
	err := c.press(p, at, label)
	return nil, err != nil, err
}

// seeking reports whether something is to be looked for in a field that was not shown yet.
func (at *filling) seeking() bool {
	for _, s := range at.found {
		if !s.asked {
			return true
		}
	}
	return false
}

// unused complains of what the form never asked for, but for what it holds already.
func (at *filling) unused(left map[string]string) error {
	maps.DeleteFunc(left, func(field, v string) bool { return at.given[field] == v && v != "" })
	if len(left) > 0 {
		return fmt.Errorf("the form never asked for %v", left)
	}
	return nil
}

// refused reads what is wrong with which field.
func (at *filling) refused() map[string]string {
	errs := map[string]string{}
	field := ""
	for line := range strings.Lines(at.reply.Text) {
		line = asRead(strings.TrimSpace(line))
		if label, text, ok := strings.Cut(line, ": "); ok && at.labels[label] != "" {
			field, line = at.labels[label], text
		}
		if slices.Contains(further, line) || line == "Send again" {
			break
		}
		errs[field] = strings.TrimSpace(errs[field] + "\n" + line)
	}
	return errs
}

// fill is what goes into a modal of what is to be filled in; it takes that out of left.
func (c *discordChat) fill(at *filling, m discord.Modal, left map[string]string) discord.Values {
	fill := discord.Values{}
	for _, in := range inputsOf(m) {
		field := in.Component.CustomID
		if field == "" {
			continue
		}
		at.labels[in.Label] = field
		if found, ok := at.found[field]; ok {
			if len(m.Values[field]) == 0 || !strings.EqualFold(m.Values[field][0], found.label) {
				fill[field] = []string{found.typed}
			}
			found.asked = true
			at.found[field] = found
		}
		for _, name := range []string{field, in.Label} {
			v, ok := left[name]
			if !ok {
				continue
			}
			delete(left, name)
			at.given[name] = v
			switch {
			case v == "":
				fill[field] = []string{}
			case in.Component.Type == typeSelect || in.Component.Type == typeUpload:
				for one := range strings.SplitSeq(v, ",") {
					fill[field] = append(fill[field], strings.TrimSpace(one))
				}
			default:
				fill[field] = []string{room(v)}
			}
		}
	}
	return fill
}
