package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"callout/desk"
)

// edition is what the State of an edit form carries: the record's number, and its version when the form was opened.
type edition struct{ id, version int64 }

func (e edition) state() string { return fmt.Sprintf("%d %d", e.id, e.version) }

func editionOf(state string) edition {
	id, version, _ := strings.Cut(state, " ")
	return edition{number(id), number(version)}
}

// fieldsIn reads the named fields of a sent form, as the desk merges them.
func fieldsIn(v Values, names ...string) desk.Fields {
	fields := desk.Fields{}
	for _, name := range names {
		fields[name] = v.Get(name)
	}
	return fields
}

// valuesOf is the way back: fields as a form is opened with.
func valuesOf(fields desk.Fields) Values {
	values := Values{}
	for name, text := range fields {
		if text != "" {
			values[name] = []string{text}
		}
	}
	return values
}

// fingerprint tells one filled form from another: what was shown about a form counts only while the form holds the same.
func fingerprint(f desk.Fields) string {
	h := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		_, _ = fmt.Fprintf(h, "%q%q", name, f[name]) // never fails
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// shownTo words a field's value for people; nil shows it as it is.
type shownTo func(field, value string) string

// clashed answers a save that clashes with somebody else's: the same form again, everything merged, each clashing field
// holding what was typed below a note that shows both. Sent again, it wins. Any other error is returned as it is.
func (b *Bot) clashed(a desk.Actor, err error, id int64, form func(Values) *Form, shown shownTo) (Reply, error) {
	var refused *desk.Error
	if !errors.As(err, &refused) || len(refused.Clashes) == 0 {
		return Reply{}, err
	}
	f := form(valuesOf(refused.Merged))
	f.State = edition{id, refused.Version}.state()
	fields := []Field{{Name: "clash", Kind: FieldNote, Note: Say(Bold("Somebody else changed this while you were typing."), "\nSave again to keep what you typed, or change it first.")}}
	for _, field := range f.Fields {
		for _, c := range refused.Clashes {
			if c.Field == field.Name {
				fields = append(fields, b.clashNote(a, c, field, shown))
			}
		}
		field.Fresh = true // what others changed is in the form now, and must not be sent back as it was
		fields = append(fields, field)
	}
	f.Fields = fields
	return Reply{Form: f}, nil
}

func (b *Bot) clashNote(a desk.Actor, c desk.Clash, field Field, shown shownTo) Field {
	text := func(value string) string {
		if shown != nil {
			value = shown(c.Field, value)
		}
		return cmp.Or(clip(value, 500), "(empty)")
	}
	words := Say(Bold(field.Label), "\nYours: ", text(c.Mine), "\n", cmp.Or(c.By, "Theirs"), ": ", text(c.Theirs))
	if !c.At.IsZero() {
		words = append(words, Say(" · ", At(c.At, b.zone(a)))...)
	}
	return Field{Name: "clash_" + field.Name, Kind: FieldNote, Note: words}
}

// uploads are the files of a field.
func uploads(r Request, field string) []desk.Upload {
	var files []desk.Upload
	for _, id := range r.Values.All(field) {
		files = append(files, desk.Upload{Platform: string(r.Platform), SourceID: id})
	}
	return files
}

// opensOn answers a button, whose value is a record's number, with the form that fill makes from what is stored.
func opensOn(action desk.Action, fill func(b *Bot, ctx context.Context, a desk.Actor, id int64) (*Form, error)) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		if err := a.Require(action); err != nil {
			return Reply{}, err
		}
		form, err := fill(b, ctx, a, number(r.Value))
		return Reply{Form: form}, err
	}
}

// formatID is a record's number as buttons carry it.
func formatID(id int64) string { return strconv.FormatInt(id, 10) }
