package bot

import (
	"slices"
	"strings"

	"callout/desk"
)

// Argument is one named thing that may follow a command, on platforms whose commands have such. What it says comes back either as
// a filter among the words, Name:value, or as the value of a field of the form that the command opens, or as the words themselves.
type Argument struct {
	Name    string   // lower case, at most 32 characters
	Summary string   // at most 100 characters
	Search  string   // found by typing: answers come from KindSearch with this Field
	Choices []Option // one of these, if there are any
	Filter  bool     // it is the filter of this name
	Field   string   // it fills this field of the form
}

// Arguments are what may follow the command, the likeliest first.
func (c Command) Arguments() []Argument {
	if noun, ok := nouns[c.Name]; ok {
		return filterArguments(noun)
	}
	if list, ok := arguments[c.Name]; ok {
		return list
	}
	if c.Usage == "" {
		return nil
	}
	return []Argument{{Name: "words", Summary: cutSummary(c.Usage)}}
}

// nouns are the commands that list something, by what they list.
var nouns = map[string]desk.Noun{
	"calls": desk.NounCalls, "quotes": desk.NounQuotes, "leads": desk.NounLeads, "visits": desk.NounVisits,
	"equipment": desk.NounEquipment, "maintenance": desk.NounMaintenance,
}

// arguments are what may follow the other commands.
var arguments = map[string][]Argument{
	"log-call": {
		{Name: "words", Summary: "What is wrong, in a few words"},
		{Name: "customer", Summary: "Who called", Search: "customer", Field: "customer"},
		{Name: "priority", Summary: "How urgent it is", Choices: choices(desk.Priorities()), Field: "priority"},
	},
	"request-quote": {
		{Name: "words", Summary: "What they want, in a few words"},
		{Name: "customer", Summary: "For whom", Search: partySearch, Field: partySearch},
	},
	"log-visit": {
		{Name: "words", Summary: "What came of it, in a few words"},
		{Name: "customer", Summary: "Who was visited", Search: partySearch, Field: partySearch},
	},
	"duty": {{
		Name: "words", Summary: "on, off, until 17:00, who …",
	}},
	"report": {
		{Name: "kind", Summary: "What it is about", Choices: choices(desk.ReportKinds())},
		{Name: "words", Summary: "Filters, and when to repeat it, such as from:last-month every monday 08:00"},
	},
}

func choices(values []string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i] = Option{Value: v, Label: strings.ReplaceAll(v, "_", " ")}
	}
	return options
}

// searched are the filters whose values are found by typing, with the field whose search finds them.
var searched = map[string]string{"customer": "customer", "tech": "technician", "owner": memberSearch, "by": memberSearch}

// filterWords say what a filter is about.
var filterWords = map[string]string{
	"status": "Where it stands", "stage": "How far it has come", "priority": "How urgent it is", "purpose": "What it is for",
	"customer": "Of which customer", "tech": "Which technician", "owner": "Whose it is", "by": "Who made it", "source": "Where it came from",
	"channel": "By which channel", "due": "overdue, today, this-week", "from": "From this day on, such as 2026-01-31, monday or last-month",
	"to": "To this day, such as 2026-01-31, yesterday or last-month",
}

// filterArguments are the filters of a noun, and everything that can be typed without one.
func filterArguments(noun desk.Noun) []Argument {
	list := []Argument{{Name: "words", Summary: "A number, words to look for, or filters such as " + desk.FilterKeys(noun)[0] + ":" + firstOf(desk.Allowed(noun, desk.FilterKeys(noun)[0]))}}
	for _, key := range desk.FilterKeys(noun) {
		list = append(list, Argument{
			Name: key, Summary: filterWords[key], Search: searched[key], Choices: choices(desk.Allowed(noun, key)), Filter: true,
		})
	}
	return list
}

func firstOf(values []string) string {
	if len(values) == 0 {
		return "…"
	}
	return values[0]
}

// cutSummary is a summary that fits where 100 characters are all there is.
func cutSummary(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), 100)])
}

// Words puts the arguments of a command together as a person would have typed them. values is what was said, by name.
func (c Command) Words(values map[string]string) string {
	var parts []string
	for _, arg := range c.Arguments() {
		value := strings.TrimSpace(values[arg.Name])
		switch {
		case value == "" || arg.Field != "":
		case !arg.Filter:
			parts = append(parts, value)
		case strings.ContainsAny(value, " \t"):
			parts = append(parts, arg.Name+`:"`+strings.ReplaceAll(value, `"`, "")+`"`)
		default:
			parts = append(parts, arg.Name+":"+value)
		}
	}
	// A report's kind comes first; elsewhere what was typed freely follows the filters.
	if _, list := nouns[c.Name]; list && len(parts) > 1 && values["words"] != "" {
		parts = append(slices.Clone(parts[1:]), parts[0])
	}
	return strings.Join(parts, " ")
}
