package discord

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// span is how long a text may be. A least above zero makes it needed unless it is optional.
type span struct {
	least, most int
	optional    bool
}

func upTo(most int) span           { return span{most: most, optional: true} }
func between(least, most int) span { return span{least: least, most: most} }

// str checks a text field and returns it trimmed, as Discord keeps it. null is the same as missing.
func (f *form) str(path string, o object, name string, sp span) string {
	at := path + "/" + name
	v, ok := o[name]
	if !ok || v == nil {
		if !sp.optional {
			f.fail(at, baseRequired, "This field is required")
		}
		return ""
	}
	words, ok := v.(string)
	if !ok {
		f.fail(at, "STRING_TYPE_CONVERT", "Could not interpret %s as string.", mustJSON(v))
		return ""
	}
	words = strings.TrimSpace(words)
	n := utf8.RuneCountInString(words)
	switch {
	case n == 0 && sp.least > 0 && !sp.optional:
		f.fail(at, baseRequired, "This field is required")
	case sp.least > 0 && (n > sp.most || n < sp.least):
		f.fail(at, baseLength, "Must be between %d and %d in length.", sp.least, sp.most)
	case n > sp.most:
		f.fail(at, baseMax, "Must be %d or fewer in length.", sp.most)
	}
	return words
}

// whole checks a whole number within bounds; def is what a missing one means.
func (f *form) whole(path string, o object, name string, least, most, def int) int {
	at := path + "/" + name
	v, ok := o[name]
	if !ok || v == nil {
		return def
	}
	n, ok := number(v)
	switch {
	case !ok:
		f.fail(at, "NUMBER_TYPE_COERCE", "Value %s is not an int.", mustJSON(v))
		return def
	case n < least:
		f.fail(at, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", least)
	case n > most:
		f.fail(at, "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
	}
	return n
}

// flag checks a boolean field; def is what a missing one means.
func (f *form) flag(path string, o object, name string, def bool) bool {
	v, ok := o[name]
	if !ok || v == nil {
		return def
	}
	b, ok := v.(bool)
	if !ok {
		f.fail(path+"/"+name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
	return b
}

// list checks an array of objects and its size; a most of zero allows any.
func (f *form) list(path string, o object, name string, sp span) []object {
	at := path + "/" + name
	v, ok := o[name]
	if !ok || v == nil {
		if !sp.optional {
			f.fail(at, baseRequired, "This field is required")
		}
		return nil
	}
	raw, ok := v.([]any)
	if !ok {
		f.fail(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return nil
	}
	switch {
	case sp.least > 0 && (len(raw) < sp.least || len(raw) > sp.most):
		f.fail(at, baseLength, "Must be between %d and %d in length.", sp.least, sp.most)
	case sp.most > 0 && len(raw) > sp.most:
		f.fail(at, baseMax, "Must be %d or fewer in length.", sp.most)
	}
	out := make([]object, 0, len(raw))
	for i, item := range raw {
		one, ok := item.(object)
		if !ok {
			f.fail(fmt.Sprintf("%s/%d", at, i), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
			one = object{}
		}
		out = append(out, one)
	}
	return out
}

// choice checks that a number is one of a set.
func (f *form) choice(path string, o object, name string, allowed ...int) int {
	at := path + "/" + name
	v, ok := o[name]
	if !ok || v == nil {
		f.fail(at, baseRequired, "This field is required")
		return 0
	}
	n, ok := number(v)
	if !ok || !slices.Contains(allowed, n) {
		f.fail(at, baseChoices, "Value must be one of {%s}.", joinInts(allowed))
		return 0
	}
	return n
}

func joinInts(list []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

// webAddress checks the field url and its scheme.
func (f *form) webAddress(path string, o object, most int, schemes ...string) {
	const name = "url"
	words := f.str(path, o, name, upTo(most))
	if words == "" {
		return
	}
	u, err := url.Parse(words)
	switch {
	case err != nil || u.Scheme == "":
		f.fail(path+"/"+name, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	case !slices.Contains(schemes, u.Scheme):
		f.fail(path+"/"+name, "URL_TYPE_INVALID_SCHEME", "Scheme \"%s\" is not supported. Scheme must be one of ('%s').", u.Scheme, strings.Join(schemes, "', '"))
	case u.Host == "":
		f.fail(path+"/"+name, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
	}
}

// length counts characters as Discord does.
func length(s string) int { return utf8.RuneCountInString(s) }
