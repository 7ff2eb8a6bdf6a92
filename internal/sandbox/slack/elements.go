package slack

import (
	"strconv"
	"unicode/utf8"
)

// elementsOf lists the elements of a block that a person can use, wherever the block keeps them.
func elementsOf(block object) []object {
	var found []object
	add := func(v any) {
		if o, ok := v.(object); ok && o["type"] != nil {
			found = append(found, o)
		}
	}
	kind, _ := block["type"].(string)
	switch kind {
	case "section":
		add(block["accessory"])
	case "input":
		add(block["element"])
	case "actions", "context_actions":
		for _, el := range asList(block["elements"]) {
			add(el)
		}
	case "card":
		for _, el := range asList(block["actions"]) {
			add(el)
		}
	case "carousel", "container":
		for _, child := range append(asList(block["elements"]), asList(block["child_blocks"])...) {
			if o, ok := child.(object); ok {
				found = append(found, elementsOf(o)...)
			}
		}
	case "data_table":
		for _, row := range asList(block["rows"]) {
			for _, cell := range asList(row) {
				if o, ok := cell.(object); ok {
					add(o["element"])
				}
			}
		}
	}
	return found
}

func asList(v any) []any {
	items, _ := v.([]any)
	return items
}

func runes(v any) int {
	switch s := v.(type) {
	case string:
		return utf8.RuneCountInString(s)
	case float64:
		return len(strconv.FormatFloat(s, 'f', -1, 64))
	}
	return 0
}
