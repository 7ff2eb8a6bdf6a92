package slack

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// object is a JSON object as decoded into Go.
type object = map[string]any

// Surfaces a block may be on.
const (
	onMessage = "message"
	onModal   = "modal"
	onHome    = "home"
)

// checker collects what is wrong with the blocks of one message or view. It stops at nothing: the app is told
// every problem at once, with JSON pointers, as Slack does in response_metadata.messages.
type checker struct {
	surface   string
	errs      []string
	blockIDs  map[string]bool
	textChars int // characters of text over all blocks
	tableText int // characters of all table cells
	markdown  int // characters of all markdown blocks
	tables    int
	focused   int
	charts    int
	inputs    int
}

// rule checks one value.
type rule func(c *checker, path string, v any)

// shape says which fields an object has.
type shape struct {
	need   []string
	fields map[string]rule
	also   func(c *checker, path string, o object)
}

func newChecker(surface string) *checker {
	return &checker{surface: surface, blockIDs: map[string]bool{}}
}

func (c *checker) fail(path, format string, args ...any) {
	c.errs = append(c.errs, fmt.Sprintf("[ERROR] "+format, args...)+" [json-pointer:"+path+"]")
}

// object checks v against a shape. The field "type" is always allowed: whoever chose the shape has read it.
func (c *checker) object(path string, v any, sh shape) (object, bool) {
	o, ok := v.(object)
	if !ok {
		c.fail(path, "must provide an object")
		return nil, false
	}
	for _, name := range sh.need {
		if _, ok := o[name]; !ok {
			c.fail(path, "missing required field: %s", name)
		}
	}
	for _, name := range sortedKeys(o) {
		if name == "type" {
			continue
		}
		check, ok := sh.fields[name]
		if !ok {
			c.fail(path, "invalid additional property: %s", name)
			continue
		}
		check(c, path+"/"+name, o[name])
	}
	if sh.also != nil {
		sh.also(c, path, o)
	}
	return o, true
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func text(min, max int) rule {
	return func(c *checker, path string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fail(path, "must provide a string")
			return
		}
		n := utf8.RuneCountInString(s)
		if n < min {
			c.fail(path, "must be more than %d characters", min-1)
		}
		if n > max {
			c.fail(path, "must be less than %d characters", max+1)
		}
	}
}

func oneOf(allowed ...string) rule {
	return func(c *checker, path string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			c.fail(path, "must be a valid enum value: %s", strings.Join(allowed, ", "))
		}
	}
}

func boolean(c *checker, path string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(path, "must provide a boolean")
	}
}

func integer(min, max int) rule {
	return func(c *checker, path string, v any) {
		f, ok := v.(float64)
		if !ok || f != math.Trunc(f) {
			c.fail(path, "must provide an integer")
			return
		}
		if f < float64(min) || f > float64(max) {
			c.fail(path, "must be between %d and %d", min, max)
		}
	}
}

func number(c *checker, path string, v any) {
	if _, ok := v.(float64); !ok {
		c.fail(path, "must provide a number")
	}
}

func matching(re *regexp.Regexp, what string) rule {
	return func(c *checker, path string, v any) {
		if s, ok := v.(string); !ok || !re.MatchString(s) {
			c.fail(path, "must provide %s", what)
		}
	}
}

var (
	datePattern   = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	timePattern   = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	userPattern   = regexp.MustCompile(`^[UW][A-Z0-9]+$`)
	chanPattern   = regexp.MustCompile(`^[CGD][A-Z0-9]+$`)
	numberPattern = regexp.MustCompile(`^-?(\d+\.?\d*|\.\d+)$`)
)

// webAddress checks a URL; without schemes any will do.
func webAddress(schemes ...string) rule {
	return func(c *checker, path string, v any) {
		text(1, maxURL)(c, path, v)
		s, _ := v.(string)
		u, err := url.Parse(s)
		if err != nil || u.Scheme == "" || (len(schemes) > 0 && !slices.Contains(schemes, u.Scheme)) {
			c.fail(path, "invalid url")
		}
	}
}

// list checks an array's size and every item.
func list(min, max int, each rule) rule {
	return func(c *checker, path string, v any) {
		items, ok := v.([]any)
		if !ok {
			c.fail(path, "must provide an array")
			return
		}
		if len(items) < min {
			c.fail(path, "no fewer than %d items required", min)
		}
		if len(items) > max {
			c.fail(path, "no more than %d items allowed", max)
		}
		for i, item := range items {
			each(c, fmt.Sprintf("%s/%d", path, i), item)
		}
	}
}

// typed picks the shape by the object's type and refuses types that are not allowed here.
func typed(shapeOf func(string) (shape, bool), allowed ...string) rule {
	return func(c *checker, path string, v any) {
		o, ok := v.(object)
		if !ok {
			c.fail(path, "must provide an object")
			return
		}
		kind, ok := o["type"].(string)
		if !ok {
			c.fail(path, "missing required field: type")
			return
		}
		sh, known := shapeOf(kind)
		if !known || !slices.Contains(allowed, kind) {
			c.fail(path+"/type", "unsupported type: %s", kind)
			return
		}
		c.object(path, o, sh)
	}
}

// distinct refuses repeated values of one field among the items of an array.
func distinct(c *checker, path string, items any, field string) {
	seen := map[string]bool{}
	list, _ := items.([]any)
	for i, item := range list {
		o, _ := item.(object)
		id, _ := o[field].(string)
		if id != "" && seen[id] {
			c.fail(fmt.Sprintf("%s/%d/%s", path, i, field), "`%s` %q already exists", field, id)
		}
		seen[id] = true
	}
}
