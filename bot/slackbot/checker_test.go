package slackbot

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/slack-go/slack"
)

// checker refuses what Slack refuses, from the wire format and from its own table of limits, so that it shares no
// mistake with the code that draws.
type checker struct{ problems []string }

func (c *checker) fail(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) text(where string, v any, limit int) int {
	s, _ := object(v)["text"].(string)
	n := len([]rune(s))
	if n == 0 || n > limit {
		c.fail("%s: %d characters, allowed 1 to %d", where, n, limit)
	}
	return n
}

func (c *checker) short(where string, v any, limit int) {
	if s, _ := v.(string); len([]rune(s)) > limit {
		c.fail("%s: %d characters, allowed %d", where, len([]rune(s)), limit)
	}
}

// blocks checks blocks and returns the characters in them.
func (c *checker) blocks(all []any, most int) int {
	if len(all) == 0 || len(all) > most {
		c.fail("%d blocks, allowed 1 to %d", len(all), most)
	}
	total := 0
	ids := map[string]bool{}
	for i, b := range all {
		block := object(b)
		if id, _ := block["block_id"].(string); id != "" {
			if ids[id] {
				c.fail("block id %q twice", id)
			}
			ids[id] = true
			c.short("block id", id, 255)
		}
		total += c.block(fmt.Sprintf("block %d", i), block)
	}
	return total
}

func (c *checker) block(where string, b map[string]any) int {
	total := 0
	switch b["type"] {
	case "header":
		total += c.text(where, b["text"], 150)
	case "section":
		if b["text"] != nil {
			total += c.text(where, b["text"], 3000)
		}
		fields, _ := b["fields"].([]any)
		if len(fields) > 10 || b["text"] == nil && len(fields) == 0 {
			c.fail("%s: %d fields", where, len(fields))
		}
		for _, f := range fields {
			total += c.text(where+" field", f, 2000)
		}
		if b["accessory"] != nil {
			total += c.element(where, b["accessory"])
		}
	case "context", "actions":
		elements, _ := b["elements"].([]any)
		most := map[any]int{"context": 10, "actions": 25}[b["type"]]
		if len(elements) == 0 || len(elements) > most {
			c.fail("%s: %d elements, allowed 1 to %d", where, len(elements), most)
		}
		ids := map[any]bool{}
		for _, e := range elements {
			if b["type"] == "context" {
				total += c.text(where, e, 3000)
				continue
			}
			id := object(e)["action_id"]
			if ids[id] {
				c.fail("%s: action id %v twice", where, id)
			}
			ids[id] = true
			total += c.element(where, e)
		}
	case "input":
		c.text(where+" label", b["label"], 2000)
		if b["hint"] != nil {
			c.text(where+" hint", b["hint"], 2000)
		}
		c.element(where, b["element"])
	case "divider":
	case "data_visualization":
		c.short(where, b["title"], 50)
	default:
		c.fail("%s: unknown type %v", where, b["type"])
	}
	return total
}

func (c *checker) element(where string, v any) int {
	e, ok := v.(map[string]any)
	if !ok {
		c.fail("%s: no element", where)
		return 0
	}
	c.short(where+" action id", e["action_id"], 255)
	if e["placeholder"] != nil {
		c.text(where+" placeholder", e["placeholder"], 150)
	}
	total := 0
	switch e["type"] {
	case "button":
		total = c.text(where+" button", e["text"], 75)
		c.short(where+" value", e["value"], 2000)
		c.short(where+" url", e["url"], 3000)
		if confirm, ok := e["confirm"].(map[string]any); ok {
			c.text(where+" confirm title", confirm["title"], 100)
			c.text(where+" confirm text", confirm["text"], 300)
			c.text(where+" confirm", confirm["confirm"], 30)
			c.text(where+" deny", confirm["deny"], 30)
		}
	case "plain_text_input":
		if n, _ := e["max_length"].(float64); n > 3000 {
			c.fail("%s: max_length %v", where, n)
		}
		c.short(where+" initial value", e["initial_value"], 3000)
	case "static_select", "multi_static_select":
		c.options(where, e, 100)
	case "radio_buttons", "checkboxes":
		c.options(where, e, 10)
	}
	return total
}

func (c *checker) options(where string, e map[string]any, most int) {
	list, _ := e["options"].([]any)
	if len(list) == 0 || len(list) > most {
		c.fail("%s: %d options, allowed 1 to %d", where, len(list), most)
	}
	all := map[string]bool{}
	for _, o := range list {
		option := object(o)
		c.text(where+" option", option["text"], 75)
		c.short(where+" option value", option["value"], 75)
		if option["description"] != nil {
			c.text(where+" option description", option["description"], 75)
		}
		body, _ := json.Marshal(option)
		all[string(body)] = true
	}
	initial, _ := e["initial_options"].([]any)
	if e["initial_option"] != nil {
		initial = append(initial, e["initial_option"])
	}
	for _, o := range initial {
		if body, _ := json.Marshal(o); !all[string(body)] {
			c.fail("%s: initial option %s is not among the options", where, body)
		}
	}
}

func object(v any) map[string]any { o, _ := v.(map[string]any); return o }
func list(v any) []any            { l, _ := v.([]any); return l }

func toAny(t *testing.T, v any) any {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func checkMessage(t *testing.T, m message) {
	t.Helper()
	var c checker
	if total := c.blocks(list(toAny(t, m.blocks)), 50); total > 10_000 {
		c.fail("%d characters in all", total)
	}
	c.short("text", m.text, 4000)
	if m.text == "" {
		c.fail("no text")
	}
	for _, p := range c.problems {
		t.Error(p)
	}
}

func checkView(t *testing.T, v slack.ModalViewRequest) {
	t.Helper()
	view := object(toAny(t, v))
	var c checker
	c.text("title", view["title"], 24)
	c.text("close", view["close"], 24)
	if view["submit"] != nil {
		c.text("submit", view["submit"], 24)
	}
	c.short("metadata", view["private_metadata"], 3000)
	c.short("callback id", view["callback_id"], 255)
	blocks := list(view["blocks"])
	c.blocks(blocks, 100)
	for _, b := range blocks {
		if object(b)["type"] == "input" && view["submit"] == nil {
			c.fail("inputs without a submit button")
			break
		}
	}
	if body, _ := json.Marshal(view); len(body) > 250_000 {
		c.fail("%d bytes", len(body))
	}
	for _, p := range c.problems {
		t.Error(p)
	}
}
