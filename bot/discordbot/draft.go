package discordbot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"callout/bot"
)

// What is done with a form that is being filled; it stands at the end of a custom_id.
const (
	verbFilled = "filled"  // a modal was sent
	verbNext   = "next"    // show the next fields
	verbSave   = "save"    // leave the other fields as they are
	verbFix    = "fix"     // show the fields again that were refused
	verbAll    = "all"     // show all fields again
	verbChoose = "choose:" // one of several that were meant; the field follows
	verbPicks  = "picks"   // autocomplete answers with what tells which option was chosen
)

// draft is a form that is being filled. Discord shows at most five fields at once, changes nothing while they are filled, and has
// no field that is found by typing: so a form is filled in steps, and what is known so far is put aside.
type draft struct {
	Key     string
	Form    bot.Form
	Values  bot.Values
	Labels  map[string]string // of what was chosen, by field and value
	Asked   map[string]bool   // fields that were shown
	Unclear map[string]string // fields of which what was typed is not found yet
	Tries   int               // how often it was sent; each is a request of its own
	Stepped bool              // there is a message about it with a button that goes on
	Channel string            // where it was opened
}

func (a *Adapter) openDraft(ctx context.Context, key string) (*draft, error) {
	body, err := a.bot.Aside(ctx, key)
	if err != nil {
		return nil, err
	}
	d := &draft{}
	if err := json.Unmarshal(body, d); err != nil {
		return nil, fmt.Errorf("decode form: %w", err)
	}
	d.Key = key
	return d, nil
}

func (a *Adapter) keepDraft(ctx context.Context, d *draft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode form: %w", err)
	}
	d.Key, err = a.bot.PutAside(ctx, d.Key, body)
	return err
}

func newDraft(form bot.Form, channel string) *draft {
	d := &draft{Form: form, Values: bot.Values{}, Labels: map[string]string{}, Asked: map[string]bool{}, Unclear: map[string]string{}, Channel: channel}
	d.take(form)
	return d
}

// take makes a changed form the form, and keeps what was filled in, but for fields that say that their own value counts.
func (d *draft) take(form bot.Form) {
	d.Form = form
	for _, f := range form.Fields {
		for _, o := range append(slices.Clone(f.Options), f.Chosen...) {
			d.Labels[f.Name+"|"+o.Value] = o.Label
		}
		if _, filled := d.Values[f.Name]; filled && !f.Fresh {
			continue
		}
		if f.Value != "" {
			d.Values[f.Name] = []string{f.Value}
		}
		if len(f.Chosen) > 0 {
			var values []string
			for _, o := range f.Chosen {
				values = append(values, o.Value)
			}
			d.Values[f.Name] = values
		}
	}
}

// choose sets a field to one value.
func (d *draft) choose(field, value string) {
	d.Values[field] = []string{value}
	d.Asked[field] = true
	delete(d.Unclear, field)
}

// label is how a value of a field reads.
func (d *draft) label(field, value string) string { return cmp.Or(d.Labels[field+"|"+value], value) }

// field finds a field of the form.
func (d *draft) field(name string) (bot.Field, bool) {
	i := slices.IndexFunc(d.Form.Fields, func(f bot.Field) bool { return f.Name == name })
	if i < 0 {
		return bot.Field{}, false
	}
	return d.Form.Fields[i], true
}

// next are the fields to show now: the next that were not asked, up to five, with the notes among them.
func (d *draft) next() []bot.Field {
	var fields []bot.Field
	inputs := 0
	for _, f := range d.Form.Fields {
		if f.Kind != bot.FieldNote && (d.Asked[f.Name] || !fillable(f)) {
			continue
		}
		if len(fields) == maxModalFields {
			break
		}
		if f.Kind == bot.FieldNote && d.Asked[noteKey(f)] {
			continue
		}
		fields = append(fields, f)
		if f.Kind != bot.FieldNote {
			inputs++
		}
	}
	if inputs == 0 {
		return nil
	}
	return fields
}

// fillable reports whether a field can be filled: a menu without options comes when there is something to choose.
func fillable(f bot.Field) bool {
	switch f.Kind {
	case bot.FieldPick, bot.FieldRadio, bot.FieldMany, bot.FieldChecks:
		return slices.ContainsFunc(f.Options, usable)
	}
	return true
}

// usable reports whether an option can be shown in a menu.
func usable(o bot.Option) bool {
	return strings.TrimSpace(o.Value) != "" && length(o.Value) <= maxOption
}

// short reports whether all fields are shown at once.
func (d *draft) short() bool {
	shown := 0
	for _, f := range d.Form.Fields {
		if f.Kind == bot.FieldNote || fillable(f) {
			shown++
		}
	}
	return shown <= maxModalFields
}

// steps notes that there is a message about the form from now on, and reports whether there was one before.
func (d *draft) steps() bool {
	before := d.Stepped
	d.Stepped = true
	return before
}

// optional reports whether everything that was not asked may stay empty.
func (d *draft) optional() bool {
	for _, f := range d.Form.Fields {
		if f.Kind != bot.FieldNote && fillable(f) && !d.Asked[f.Name] && !f.Optional && len(d.Values[f.Name]) == 0 {
			return false
		}
	}
	return true
}

// fill takes what a modal holds, and returns the fields that changed.
func (d *draft) fill(m modalData) (changed []string) {
	m.each(func(c filled) {
		name := c.CustomID
		f, ok := d.field(name)
		if !ok {
			return
		}
		values := d.said(f, c, m.Resolved)
		d.Asked[name] = true
		if f.Kind == bot.FieldSearch {
			if d.typed(f, values) {
				changed = append(changed, name)
			}
			return
		}
		if !slices.Equal(d.Values[name], values) {
			changed = append(changed, name)
		}
		d.Values[name] = values
	})
	for _, f := range d.Form.Fields {
		if f.Kind == bot.FieldNote {
			d.Asked[noteKey(f)] = true
		}
	}
	return changed
}

// said is what a field of a modal holds. Files that came before are not shown in a modal again, and stay.
func (d *draft) said(f bot.Field, c filled, r resolved) []string {
	switch {
	case f.Kind == bot.FieldFiles:
		return append(slices.Clone(d.Values[f.Name]), files(c.Values, r)...)
	case c.Type != componentText:
		return c.Values
	case strings.TrimSpace(c.Value) == "":
		return nil
	}
	return []string{c.Value}
}

// typed takes what was typed into a field that is found by typing, and reports whether it is something else than before.
func (d *draft) typed(f bot.Field, values []string) bool {
	before := d.Values.Get(f.Name)
	if len(values) == 0 {
		delete(d.Values, f.Name)
		delete(d.Unclear, f.Name)
		return before != ""
	}
	if text := strings.TrimSpace(values[0]); before == "" || !strings.EqualFold(text, d.label(f.Name, before)) {
		d.Unclear[f.Name] = text
		delete(d.Values, f.Name)
		return true
	}
	return false
}

// maxKnown is how much of one field is shown of what is filled in so far.
const maxKnown = 100

// known is what was filled in so far, a line each, to be read before it is sent. What is known by an id only is left out.
func (d *draft) known() bot.Words {
	var words []any
	for _, f := range d.Form.Fields {
		if f.Kind == bot.FieldChannel || f.Kind == bot.FieldFiles || f.Label == "" || !d.Asked[f.Name] || len(d.Values[f.Name]) == 0 {
			continue
		}
		var values []string
		for _, v := range d.Values[f.Name] {
			values = append(values, d.label(f.Name, v))
		}
		text := strings.Join(strings.Fields(strings.Join(values, ", ")), " ")
		words = append(words, "\n", bot.Bold(f.Label), ": "+shorten(text, maxKnown))
	}
	if len(words) == 0 {
		return nil
	}
	return bot.Say(words[1:]...)
}

// unread is what the form says between its fields and nobody has read yet: that somebody else was faster, what comes of it.
// It must be read before the form is sent, which may be without opening it again.
func (d *draft) unread() []bot.Part {
	var parts []bot.Part
	for _, f := range d.Form.Fields {
		if f.Kind == bot.FieldNote && !d.Asked[noteKey(f)] {
			parts = append(parts, bot.Text(noteWords(f)))
		}
	}
	return parts
}

// noteKey is under what it is remembered that a note was read: notes have no names, and one that changed is another.
func noteKey(f bot.Field) string { return "note:" + f.Note.String() }

// noteWords are what a note between fields says.
func noteWords(f bot.Field) bot.Words {
	if f.Label == "" {
		return f.Note
	}
	return append(bot.Say(bot.Bold(f.Label), "\n"), f.Note...)
}

// files names uploaded files so that they can be fetched: the id, the name and the address.
func files(ids []string, r resolved) []string {
	var values []string
	for _, id := range ids {
		if u, ok := r.Attachments[id]; ok {
			values = append(values, fileID(u))
		}
	}
	return values
}

// request is what the filled form asks the bot.
func (d *draft) request(r bot.Request) bot.Request {
	r.Kind, r.Name, r.State, r.Values = bot.KindForm, d.Form.ID, d.Form.State, d.Values
	r.Key = fmt.Sprintf("discord:form:%s:%d", d.Key, d.Tries)
	r.Channel = cmp.Or(d.Channel, r.Channel)
	return r
}
