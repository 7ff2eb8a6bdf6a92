package bot

import (
	"cmp"
	"slices"
	"strings"

	"callout/desk"
)

// Argument is one named thing that may follow a command, on platforms whose commands have such. What it says becomes a filter
// among the words, the value of a field of the form that the command opens, or words as they are typed elsewhere: see Typed.
type Argument struct {
	Name    string   // lower case, at most 32 characters
	Summary string   // at most 100 characters
	Search  string   // found by typing: answers come from KindSearch with this Field; what was never chosen is taken as it was typed
	Choices []Option // one of these, if there are any
	Filter  bool     // it is the filter of this name
	Field   string   // it fills this field of the form, if a form opens
	Max     int      // characters; 0 means the platform's own limit

	write func(value string) string // how it is typed among the words; nil is as it is
	order int                       // its place among the words, the lowest first
}

// Fill is the value of a field of a form, before the form opens: one of the field's options, or what was typed.
type Fill struct{ Field, Value string }

// The places of arguments among the words.
const (
	wordsFirst = -1
	wordsLast  = 1
)

// Arguments are what may follow the command, the likeliest first.
func (c Command) Arguments() []Argument {
	list := slices.Clone(c.arguments)
	if c.noun == "" {
		return list
	}
	for _, arg := range filterArguments(c.noun) {
		if !slices.ContainsFunc(c.arguments, func(own Argument) bool { return own.Name == arg.Name }) {
			list = append(list, arg)
		}
	}
	return list
}

// Typed puts the arguments of a command together: the words as a person would have typed them, and the fields of the form that the
// command opens, in the order of the arguments. values is what was said, by name. Nothing that was said is lost: where no form
// opens, what is for its fields is among the words, and where one opens, so is a filter for which it has no field.
func (c Command) Typed(values map[string]string) (string, []Fill) {
	var said []Argument
	for _, arg := range c.Arguments() {
		if strings.TrimSpace(values[arg.Name]) != "" {
			said = append(said, arg)
		}
	}
	var words []Argument
	var fills []Fill
	opens := c.form != nil && c.form(Request{Text: typed(values, slices.DeleteFunc(slices.Clone(said), Argument.notWords))}) != nil
	for _, arg := range said {
		if opens && arg.Field != "" {
			fills = append(fills, Fill{arg.Field, strings.TrimSpace(values[arg.Name])})
		} else {
			words = append(words, arg)
		}
	}
	return typed(values, words), fills
}

func (a Argument) notWords() bool { return a.Filter || a.Field != "" }

// typed writes arguments as words.
func typed(values map[string]string, args []Argument) string {
	args = slices.Clone(args)
	slices.SortStableFunc(args, func(a, b Argument) int { return cmp.Compare(a.order, b.order) })
	parts := make([]string, len(args))
	for i, arg := range args {
		value := strings.TrimSpace(values[arg.Name])
		switch {
		case arg.write != nil:
			parts[i] = arg.write(value)
		case arg.Filter:
			parts[i] = desk.FilterTerm(arg.Name, value)
		default:
			parts[i] = value
		}
	}
	return strings.Join(parts, " ")
}

// anyWords are what follows a command as it is typed.
func anyWords(summary string) Argument { return Argument{Name: "words", Summary: summary} }

// fills is an argument that fills a field of the same name.
func fills(name, summary string, most int) Argument {
	return Argument{Name: strings.ReplaceAll(name, "_", "-"), Summary: summary, Field: name, Max: most}
}

// customerFill and partyFill fill the field in which a customer, or a customer or lead, is found by typing.
func customerFill(summary string) Argument {
	return Argument{Name: "customer", Summary: summary, Search: "customer", Field: "customer"}
}

func partyFill(summary string) Argument {
	return Argument{Name: "customer", Summary: summary, Search: partySearch, Field: partySearch}
}

// after writes a word before a value.
func after(word string) func(string) string {
	return func(value string) string { return word + " " + value }
}

// nextArguments fill the fields of what is to be done next.
func nextArguments(what string, most int) []Argument {
	return []Argument{
		fills(what, "What is to be done next", most), {Name: "next-on", Summary: "When that is to be done, such as 2026-01-31", Field: "next_on", Max: 40},
	}
}

func choices(values []string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i] = Option{Value: v, Label: strings.ReplaceAll(v, "_", " ")}
	}
	return options
}

// searched are the filters whose values are found by typing, with the search that finds their words.
var searched = map[string]string{"customer": customerWords, "tech": technicianWords, "owner": memberWords, "by": memberWords}

// filterSummaries say what a filter is about.
var filterSummaries = map[string]string{
	"status": "Where it stands", "stage": "How far it has come", "priority": "How urgent it is", "purpose": "What it is for",
	"customer": "Of which customer: a name or phone, or a part of one", "tech": "Which technician: a name, me or none",
	"owner": "Whose it is: a name, me or none", "by": "Who made it or got it: a name or me", "source": "Where it came from",
	"channel": "By which channel", "due": "Its follow-up: overdue, today, this-week or a day such as 2026-01-31",
	"from": "From this day on, such as 2026-01-31, monday or last-month", "to": "To this day, such as 2026-01-31, yesterday or last-month",
}

// filterArguments are the filters of a noun, and everything that can be typed without one.
func filterArguments(noun desk.Noun) []Argument {
	first := desk.FilterKeys(noun)[0]
	words := anyWords("A number, words to look for, or filters such as " + desk.FilterTerm(first, desk.Allowed(noun, first)[0]))
	words.order = wordsLast
	list := []Argument{words}
	for _, key := range desk.FilterKeys(noun) {
		list = append(list, filterArgument(key, desk.Allowed(noun, key)))
	}
	return list
}

func filterArgument(key string, allowed []string) Argument {
	return Argument{Name: key, Summary: filterSummaries[key], Search: searched[key], Choices: choices(allowed), Filter: true}
}

// reportArguments are those of every kind of report. Filters that the chosen kind does not know are refused with those that it does.
func reportArguments() []Argument {
	kinds := append(choices(desk.ReportKinds()), Option{Value: "schedules", Label: "those that come again and again"})
	list := []Argument{{Name: "kind", Summary: "What it is about", Choices: kinds, order: wordsFirst}}
	var keys []string
	allowed := map[string][]string{}
	for _, kind := range desk.ReportKinds() {
		for _, key := range desk.FilterKeys(desk.Noun(kind)) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
			for _, value := range desk.Allowed(desk.Noun(kind), key) {
				if !slices.Contains(allowed[key], value) {
					allowed[key] = append(allowed[key], value)
				}
			}
		}
	}
	for _, key := range keys {
		list = append(list, filterArgument(key, allowed[key]))
	}
	return append(list,
		Argument{Name: "words", Summary: "Words to look for, and filters as they are typed", order: wordsLast},
		Argument{Name: "every", Summary: "Make it again and again: day, weekday, month or monday, and a time, such as monday 08:00", Max: 60, write: after("every"), order: wordsLast + 1},
	)
}

// dutyArguments may follow /duty: whose, what, when.
func dutyArguments() []Argument {
	return []Argument{
		{Name: "what", Summary: "What to do or see; without it you see your days", Choices: []Option{
			{Value: "on", Label: "on duty"},
			{Value: "off", Label: "off duty"},
			{Value: "on-call", Label: "on call"},
			{Value: "until", Label: "on duty until"},
			{Value: "who", Label: "who is on duty"},
			{Value: "hours", Label: "weekly hours"},
			{Value: "days", Label: "other days"},
			{Value: "cover", Label: "find cover"},
			{Value: "time-off", Label: "ask for time off"},
			{Value: "gaps", Label: "gaps in the plan"},
		}},
		{Name: "when", Summary: "Which time or until when, such as 17:00, friday or sat 9-13", Max: 100, order: wordsLast},
		{
			Name: "person", Summary: "Whose duty, if not yours", Search: technicianWords, order: wordsFirst,
			write: func(name string) string {
				return "@" + strings.Join(strings.Fields(strings.TrimPrefix(name, "@")), ".")
			},
		},
		{Name: "words", Summary: "Or all of it in words, such as off until 17:00 or cover friday", order: wordsLast + 1},
	}
}

// equipmentArguments may follow /equipment, besides its filters. The customer is a filter of the list, and a field of the form.
func equipmentArguments() []Argument {
	return []Argument{
		{Name: "machine", Summary: "One machine: its model or serial number", Search: machineWords, Max: 200, write: desk.FilterWord, order: wordsLast},
		{Name: "add", Summary: "Add a machine: its model", Max: desk.MaxModel, write: after("add"), order: wordsFirst},
		{Name: "customer", Summary: filterSummaries["customer"], Search: customerWords, Filter: true, Field: "customer"},
		{Name: "serial", Summary: "The serial number of the machine to add", Field: "serial", Max: desk.MaxSerial, write: desk.FilterWord, order: wordsLast},
	}
}

// leadArguments fill the form that adds a lead.
func leadArguments() []Argument {
	return append([]Argument{
		anyWords("What they want, in a few words"), fills("name", "Who it is", desk.MaxName), fills("company", "Their company", desk.MaxName),
		fills("phone", "Their phone number", 40), fills("email", "Their e-mail address", 200), fills("source", "Where they come from, such as website, fair or phone", desk.MaxSource),
		{Name: "owner", Summary: "Who keeps it, if not you", Search: ownerSearch, Field: ownerSearch},
	}, nextArguments("next_action", desk.MaxNextAction)...)
}
