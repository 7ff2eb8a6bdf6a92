package discordbot

import (
	"cmp"
	"strconv"
	"strings"

	"callout/bot"
)

// Modals with labels, menus and places for files are drawn here: discordgo v0.29 knows rows of text inputs only.
// https://docs.discord.com/developers/components/reference#label

type modal struct {
	CustomID   string `json:"custom_id"`
	Title      string `json:"title"`
	Components []any  `json:"components"`
}

type display struct {
	Type    int    `json:"type"`
	Content string `json:"content"`
}

type label struct {
	Type        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
	Component   any    `json:"component"`
}

type textInput struct {
	Type        int    `json:"type"`
	CustomID    string `json:"custom_id"`
	Style       int    `json:"style"`
	Placeholder string `json:"placeholder,omitempty"`
	Value       string `json:"value,omitempty"`
	MaxLength   int    `json:"max_length,omitempty"`
	Required    bool   `json:"required"`
}

type menu struct {
	Type          int            `json:"type"`
	CustomID      string         `json:"custom_id"`
	Placeholder   string         `json:"placeholder,omitempty"`
	Options       []menuOption   `json:"options,omitempty"`
	MinValues     *int           `json:"min_values,omitempty"`
	MaxValues     int            `json:"max_values,omitempty"`
	Required      bool           `json:"required"`
	ChannelTypes  []int          `json:"channel_types,omitempty"`
	DefaultValues []defaultValue `json:"default_values,omitempty"`
}

type menuOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

type defaultValue struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type uploads struct {
	Type      int    `json:"type"`
	CustomID  string `json:"custom_id"`
	MinValues int    `json:"min_values"`
	MaxValues int    `json:"max_values"`
	Required  bool   `json:"required"`
}

// show draws some fields of a form that is being filled.
func (d *draft) show(fields []bot.Field) modal {
	m := modal{CustomID: idDraft + "|" + d.Key + "|" + verbFilled, Title: shorten(orValue(d.Form.Title, "Callout"), maxModalTitle)}
	for _, f := range fields {
		if f.Kind == bot.FieldNote {
			m.Components = append(m.Components, display{Type: componentDisplay, Content: orValue(markdown(noteWords(f), maxModalText/len(fields)), "\u200b")})
			continue
		}
		m.Components = append(m.Components, label{
			Type: componentLabel, Label: shorten(orValue(f.Label, f.Name), maxLabel), Description: shorten(d.hint(f), maxLabelNote), Component: d.component(f),
		})
	}
	return m
}

// hint is what stands below a label: a long label in full, what kind of text is wanted, the hint itself.
func (d *draft) hint(f bot.Field) string {
	hint := f.Hint
	if length(f.Label) > maxLabel {
		hint = strings.TrimSpace(f.Label + ". " + hint)
	}
	switch here := len(d.Values[f.Name]); {
	case f.Kind == bot.FieldFiles && here == 1:
		return "1 file is kept already; choose more if there are."
	case f.Kind == bot.FieldFiles && here > 1:
		return strconv.Itoa(here) + " files are kept already; choose more if there are."
	case hint != "":
		return hint
	case f.Kind == bot.FieldDate:
		return "A day, such as 2026-01-31"
	case f.Kind == bot.FieldTime:
		return "A time, such as 14:30"
	}
	return ""
}

func (d *draft) component(f bot.Field) any {
	switch f.Kind {
	case bot.FieldPick, bot.FieldRadio:
		return d.menu(f, 1)
	case bot.FieldMany, bot.FieldChecks:
		return d.menu(f, min(len(f.Options), maxOptions))
	case bot.FieldChannel:
		return d.channels(f)
	case bot.FieldFiles:
		most := maxFiles
		if f.Max > 0 {
			most = min(f.Max, maxFiles)
		}
		least := 1
		if f.Optional || len(d.Values[f.Name]) > 0 {
			least = 0
		}
		return uploads{Type: componentUpload, CustomID: f.Name, MinValues: least, MaxValues: most, Required: least > 0}
	}
	return d.input(f)
}

func (d *draft) input(f bot.Field) textInput {
	most := maxInput
	if f.Max > 0 {
		most = min(f.Max, maxInput)
	}
	in := textInput{
		Type: componentText, CustomID: f.Name, Style: inputShort, MaxLength: most, Required: !f.Optional, Placeholder: shorten(f.Placeholder, maxPlaceholder),
	}
	if f.Kind == bot.FieldText {
		in.Style = inputParagraph
	}
	value := d.Values.Get(f.Name)
	if f.Kind == bot.FieldSearch {
		in.MaxLength = maxOption
		value = cmp.Or(d.Unclear[f.Name], value)
		if value != "" {
			value = d.label(f.Name, value)
		}
	}
	in.Value = shorten(value, in.MaxLength)
	return in
}

func (d *draft) menu(f bot.Field, most int) menu {
	least := 1
	if f.Optional {
		least = 0
	}
	m := menu{Type: componentSelect, CustomID: f.Name, Placeholder: shorten(f.Placeholder, maxPlaceholder), MinValues: &least, MaxValues: most, Required: !f.Optional}
	chosen := map[string]bool{}
	for _, v := range d.Values[f.Name] {
		chosen[v] = true
	}
	seen, preset := map[string]bool{}, 0
	add := func(o bot.Option) {
		if len(m.Options) == maxOptions || seen[o.Value] || !usable(o) {
			return
		}
		seen[o.Value] = true
		m.Options = append(m.Options, menuOption{
			Label: shorten(orValue(o.Label, o.Value), maxOption), Value: o.Value, Description: shorten(o.Note, maxOption), Default: chosen[o.Value] && preset < most,
		})
		if chosen[o.Value] {
			preset++
		}
	}
	if len(f.Options) > maxOptions { // what is chosen is not cut off
		for _, o := range f.Options {
			if chosen[o.Value] {
				add(o)
			}
		}
	}
	for _, o := range f.Options {
		add(o)
	}
	m.MaxValues = min(m.MaxValues, len(m.Options))
	return m
}

func (d *draft) channels(f bot.Field) menu {
	least := 1
	if f.Optional {
		least = 0
	}
	m := menu{
		Type: componentChannel, CustomID: f.Name, Placeholder: shorten(f.Placeholder, maxPlaceholder), MinValues: &least, MaxValues: 1, Required: !f.Optional,
		ChannelTypes: []int{channelGuildText, channelGuildNews},
	}
	value := d.Values.Get(f.Name)
	if value == "" && f.Current {
		value = d.Channel
	}
	if value != "" && strings.Trim(value, "0123456789") == "" {
		m.DefaultValues = []defaultValue{{ID: value, Type: "channel"}}
	}
	return m
}
