package slack

import (
	"fmt"
	"strings"
)

// Button finds an interactive element of the message by the text on it (a button's label, a select's
// placeholder, an overflow option); ok is false when there is none.
func (m Message) Button(label string) (Element, bool) { return findButton(messageBlocks(&m), label) }

// MustButton is Button for tests: it panics, naming the buttons there are.
func (m Message) MustButton(label string) Element {
	el, ok := m.Button(label)
	if !ok {
		panic(fmt.Sprintf("no button %q on the message, only %q", label, m.Buttons()))
	}
	return el
}

// Buttons lists the labels of the message's buttons.
func (m Message) Buttons() []string { return buttonLabels(messageBlocks(&m)) }

// AllText joins everything a person reads: text, blocks and attachments, a line each.
func (m Message) AllText() string {
	lines := []string{m.Text}
	for _, b := range messageBlocks(&m) {
		lines = readAloud(lines, b)
	}
	for _, at := range decodeList(m.Attachments) {
		for _, name := range []string{"pretext", "title", "text", "footer"} {
			if s, _ := at[name].(string); s != "" {
				lines = append(lines, s)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Button finds an interactive element of the view by the text on it.
func (v View) Button(label string) (Element, bool) { return findButton(decodeList(v.Blocks), label) }

// MustButton is Button for tests: it panics, naming the buttons there are.
func (v View) MustButton(label string) Element {
	el, ok := v.Button(label)
	if !ok {
		panic(fmt.Sprintf("no button %q in the view, only %q", label, buttonLabels(decodeList(v.Blocks))))
	}
	return el
}

// Block finds the input block with this label and returns its block id.
func (v View) Block(label string) (string, bool) {
	el, ok := v.Input(label)
	return el.BlockID, ok
}

// MustBlock is Block for tests: it panics, naming the labels there are.
func (v View) MustBlock(label string) string {
	id, ok := v.Block(label)
	if !ok {
		var labels []string
		for _, b := range decodeList(v.Blocks) {
			if b["type"] == "input" {
				labels = append(labels, textOf(b["label"]))
			}
		}
		panic(fmt.Sprintf("no input %q in %q, only %q", label, v.Title, labels))
	}
	return id
}

// Input returns the element of the input block with this label.
func (v View) Input(label string) (Element, bool) {
	for _, b := range decodeList(v.Blocks) {
		if b["type"] == "input" && textOf(b["label"]) == label {
			el, _ := b["element"].(object)
			return elementOf(b, el), true
		}
	}
	return Element{}, false
}

// Options lists the choices of a static select, radio, checkbox or overflow element of the view.
func (v View) Options(el Element) []Option {
	_, found, err := place{blocks: decodeList(v.Blocks)}.find(el)
	if err != nil {
		return nil
	}
	return optionList(found)
}

// AllText joins everything a person reads in the view, a line each.
func (v View) AllText() string {
	lines := []string{v.Title}
	for _, b := range decodeList(v.Blocks) {
		lines = readAloud(lines, b)
	}
	return strings.Join(lines, "\n")
}

func elementOf(block, el object) Element {
	id, _ := block["block_id"].(string)
	action, _ := el["action_id"].(string)
	return Element{BlockID: id, ActionID: action}
}

func findButton(blocks []object, label string) (Element, bool) {
	for _, b := range blocks {
		for _, el := range elementsOf(b) {
			if textOf(el["text"]) == label || textOf(el["placeholder"]) == label {
				return elementOf(b, el), true
			}
			if _, err := pick(choicesOf(el), label); err == nil && el["type"] == "overflow" {
				return elementOf(b, el), true
			}
		}
	}
	return Element{}, false
}

func buttonLabels(blocks []object) []string {
	var out []string
	for _, b := range blocks {
		for _, el := range elementsOf(b) {
			if label := textOf(el["text"]); label != "" {
				out = append(out, label)
			}
		}
	}
	return out
}

// readAloud collects the texts of a block in the order of their field names, nested ones too.
func readAloud(lines []string, v any) []string {
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			lines = readAloud(lines, item)
		}
	case object:
		for _, name := range sortedKeys(x) {
			words, isText := x[name].(string)
			switch {
			case isText && (name == "text" || name == "title" || name == "label" || name == "caption" || name == "alt_text"):
				lines = append(lines, words)
			case !isText && name != "value":
				lines = readAloud(lines, x[name])
			}
		}
	}
	return lines
}
