package slack

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"
)

// What Slack's client says under a field it refuses to submit.
const (
	wordsRequired = "Please complete this required field."
	wordsEmail    = "Please enter a valid email address."
	wordsURL      = "Please enter a valid URL."
	wordsNumber   = "Please enter a valid number."
	wordsWhole    = "Please enter a whole number."
)

// clientErrors is what Slack's client finds wrong with a form before it asks the app, by block id.
func clientErrors(blocks []object, st viewState) map[string]string {
	out := map[string]string{}
	for _, block := range blocks {
		if block["type"] != "input" {
			continue
		}
		id, _ := block["block_id"].(string)
		el, _ := block["element"].(object)
		action, _ := el["action_id"].(string)
		kind, _ := el["type"].(string)
		field, _, _ := stateField(kind)
		v := st[id][action][field]
		if isBlank(v) {
			if block["optional"] != true {
				out[id] = wordsRequired
			}
			continue
		}
		if words := wrongValue(kind, el, v); words != "" {
			out[id] = words
		}
	}
	return out
}

func isBlank(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(x) == ""
	case []any:
		return len(x) == 0
	}
	return false
}

func wrongValue(kind string, el object, v any) string {
	typed, _ := v.(string)
	switch kind {
	case "plain_text_input":
		return wrongLength(el, typed)
	case "email_text_input":
		if a, err := mail.ParseAddress(typed); err != nil || a.Address != typed {
			return wordsEmail
		}
	case "url_text_input":
		if u, err := url.ParseRequestURI(typed); err != nil || u.Host == "" {
			return wordsURL
		}
	case "number_input":
		return wrongNumber(el, typed)
	case "file_input":
		return wrongFiles(el, asList(v))
	}
	if most, ok := el["max_selected_items"].(float64); ok && len(asList(v)) > int(most) {
		return fmt.Sprintf("Please choose no more than %d.", int(most))
	}
	return ""
}

func wrongLength(el object, typed string) string {
	n := float64(utf8.RuneCountInString(typed))
	if low, ok := el["min_length"].(float64); ok && n < low {
		return fmt.Sprintf("Please enter at least %d characters.", int(low))
	}
	high, ok := el["max_length"].(float64)
	if !ok {
		high = maxInputLength
	}
	if n > high {
		return fmt.Sprintf("Please enter no more than %d characters.", int(high))
	}
	return ""
}

func wrongNumber(el object, typed string) string {
	n, ok := asNumber(typed)
	if !ok || !numberPattern.MatchString(typed) {
		return wordsNumber
	}
	if el["is_decimal_allowed"] != true && strings.Contains(typed, ".") {
		return wordsWhole
	}
	if low, ok := asNumber(el["min_value"]); ok && n < low {
		return fmt.Sprintf("Please enter a number of at least %v.", el["min_value"])
	}
	if high, ok := asNumber(el["max_value"]); ok && n > high {
		return fmt.Sprintf("Please enter a number of at most %v.", el["max_value"])
	}
	return ""
}

func wrongFiles(el object, files []any) string {
	most := maxFiles
	if n, ok := el["max_files"].(float64); ok {
		most = int(n)
	}
	if len(files) > most {
		return fmt.Sprintf("Please add no more than %d files.", most)
	}
	kinds := asList(el["filetypes"])
	for _, f := range files {
		file, _ := f.(object)
		fits := len(kinds) == 0
		for _, kind := range kinds {
			fits = fits || kind == file["filetype"]
		}
		if !fits {
			return fmt.Sprintf("Files of type %v are not accepted here.", file["filetype"])
		}
	}
	return ""
}
