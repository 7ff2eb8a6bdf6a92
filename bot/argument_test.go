package bot

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"callout/desk"
)

// What Discord takes: https://docs.discord.com/developers/interactions/application-commands#application-command-object
const (
	mostArguments = 25
	mostChoices   = 25
	mostShown     = 100
)

var argumentName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// TestEveryArgument holds the whole table of commands to what platforms take, and to what the conversation can do with it.
func TestEveryArgument(t *testing.T) {
	t.Parallel()
	b := New(Options{})
	for _, c := range commandTable() {
		args := c.Arguments()
		if c.Usage != "" && len(args) == 0 && c.Name != "callout" {
			t.Errorf("/%s: words may follow it, but no platform that has places for them knows which", c.Name)
		}
		if len(args) > mostArguments {
			t.Errorf("/%s: %d arguments", c.Name, len(args))
		}
		seen := map[string]bool{}
		for _, arg := range args {
			at := fmt.Sprintf("/%s %s", c.Name, arg.Name)
			if seen[arg.Name] {
				t.Errorf("%s is there twice", at)
			}
			seen[arg.Name] = true
			checkShape(t, at, arg)
			checkMeaning(t, at, b, c, arg)
		}
	}
}

func checkShape(t *testing.T, at string, arg Argument) {
	t.Helper()
	if !argumentName.MatchString(arg.Name) || arg.Name != strings.ToLower(arg.Name) {
		t.Errorf("%s: the name is no name", at)
	}
	if n := utf8.RuneCountInString(arg.Summary); n == 0 || n > mostShown {
		t.Errorf("%s: the summary has %d characters", at, n)
	}
	if len(arg.Choices) > mostChoices || len(arg.Choices) > 0 && arg.Search != "" {
		t.Errorf("%s: %d choices, search %q", at, len(arg.Choices), arg.Search)
	}
	names := map[string]bool{}
	for _, o := range arg.Choices {
		if o.Value == "" || o.Label == "" || len(o.Value) > mostShown || utf8.RuneCountInString(o.Label) > mostShown || names[o.Label] {
			t.Errorf("%s: the choice %+v is empty, too long or there twice", at, o)
		}
		names[o.Label] = true
	}
	if arg.Max < 0 || arg.Max > 6000 {
		t.Errorf("%s: at most %d characters", at, arg.Max)
	}
}

func checkMeaning(t *testing.T, at string, b *Bot, c Command, arg Argument) {
	t.Helper()
	if _, ok := b.topic.searches[arg.Search]; arg.Search != "" && !ok {
		t.Errorf("%s: nothing answers the search %q", at, arg.Search)
	}
	if arg.Filter && c.noun != "" && !slices.Contains(desk.FilterKeys(c.noun), arg.Name) {
		t.Errorf("%s is no filter of %s", at, c.noun)
	}
	if arg.Filter && c.noun == "" && !slices.ContainsFunc(desk.ReportKinds(), func(kind string) bool { return slices.Contains(desk.FilterKeys(desk.Noun(kind)), arg.Name) }) {
		t.Errorf("%s is a filter of no report", at)
	}
	if arg.Field == "" || arg.Field == machineSearch { // what the machine fills comes with its customer; TestArgumentsFillForms
		return
	}
	if c.form == nil {
		t.Errorf("%s fills a field, but no form opens at once", at)
		return
	}
	form := c.form(Request{Text: typed(map[string]string{"add": "x"}, slices.DeleteFunc(c.Arguments(), func(a Argument) bool { return a.Name != "add" }))})
	if form == nil {
		t.Errorf("%s: no form opens", at)
		return
	}
	i := slices.IndexFunc(form.Fields, func(f Field) bool { return f.Name == arg.Field })
	if i < 0 {
		t.Errorf("%s: the form has no field %q", at, arg.Field)
		return
	}
	f := form.Fields[i]
	if arg.Max > 0 && f.Max > 0 && arg.Max != f.Max || arg.Max == 0 && f.Max > 0 {
		t.Errorf("%s takes %d characters, its field %d", at, arg.Max, f.Max)
	}
	for _, o := range arg.Choices {
		if !slices.ContainsFunc(f.Options, func(of Option) bool { return of.Value == o.Value }) {
			t.Errorf("%s: %q is no option of its field", at, o.Value)
		}
	}
	if (f.Kind == FieldSearch) != (arg.Search != "") {
		t.Errorf("%s: its field is found by typing, and it is not, or the other way round", at)
	}
}

// nasty are pieces that values are made of.
var nasty = []string{"acme", `"`, ":", " ", "  ", "“", "”", "’", `\`, "status:closed", "from:", "@", "<@U1>", "é", "ß", "42", "#7", "every", "add", "|", "„", "«", "-"}

func nastyValue(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(nasty[r.IntN(len(nasty))])
	}
	return strings.TrimSpace(b.String())
}

// days are values of filters that must be dates.
var anyDays = map[string]string{"from": "2026-01-31", "to": "2026-02-28", "due": "overdue"}

// TestFiltersOfArgumentsAreReadBack gives every combination of filters to each command that has some, with whatever can be typed in
// them, and reads back from the words what was said.
func TestFiltersOfArgumentsAreReadBack(t *testing.T) {
	t.Parallel()
	for _, c := range commandTable() {
		for _, noun := range nounsOf(c) {
			r := rand.New(rand.NewPCG(1, uint64(len(noun))))
			keys := desk.FilterKeys(noun)
			for set := range 1 << len(keys) {
				values, want := map[string]string{}, desk.Filter{}
				for i, key := range keys {
					if set&(1<<i) == 0 {
						continue
					}
					value := nastyValue(r)
					if allowed := desk.Allowed(noun, key); allowed != nil {
						value = allowed[r.IntN(len(allowed))]
					} else if day := anyDays[key]; day != "" {
						value = day
					}
					values[key] = value
					want.Set(key, value)
				}
				values["words"] = "jam on"
				want.Words = "jam on"
				if c.noun == "" {
					values["kind"] = string(noun)
				}
				checkReadBack(t, c, noun, values, want)
			}
		}
	}
}

func nounsOf(c Command) []desk.Noun {
	switch {
	case c.noun != "":
		return []desk.Noun{c.noun}
	case c.Name == "report":
		nouns := make([]desk.Noun, len(desk.ReportKinds()))
		for i, kind := range desk.ReportKinds() {
			nouns[i] = desk.Noun(kind)
		}
		return nouns
	}
	return nil
}

func checkReadBack(t *testing.T, c Command, noun desk.Noun, values map[string]string, want desk.Filter) {
	t.Helper()
	for key, value := range values {
		if value == "" { // nothing but space was said
			want.Set(key, "")
		}
	}
	text, fills := c.Typed(values)
	text = strings.TrimPrefix(text, values["kind"]+" ")
	got, err := desk.ParseFilter(noun, text)
	if err != nil || len(fills) > 0 {
		t.Fatalf("/%s %q of %q: %v, fills %v", c.Name, text, values, err, fills)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("/%s %q of %q is read differently:\n%s", c.Name, text, values, diff)
	}
}

// TestTyped shows the words and fills of arguments.
func TestTyped(t *testing.T) {
	t.Parallel()
	byName := New(Options{}).byName
	check := func(name string, values map[string]string, want string, fills ...Fill) {
		t.Helper()
		text, got := byName[name].Typed(values)
		if text != want {
			t.Errorf("/%s %v: %q, want %q", name, values, text, want)
		}
		if diff := cmp.Diff(fills, got); diff != "" {
			t.Errorf("/%s %v: %s", name, values, diff)
		}
	}
	type said = map[string]string
	check("log-call", said{"priority": "urgent", "words": "Paper jam", "customer": "acme", "equipment": "S1"}, "Paper jam",
		Fill{"customer", "acme"}, Fill{"equipment", "S1"}, Fill{"priority", "urgent"})
	check("calls", said{"words": "42"}, "42")
	check("calls", said{"words": "jam status:closed", "customer": `5" Screens`}, `customer:"5\" Screens" jam status:closed`)
	check("duty", said{"what": "off", "when": "until 17:00"}, "off until 17:00")
	check("duty", said{"what": "on", "when": "sat 9-13", "person": "@Tom Smith #12"}, "@Tom.Smith.#12 on sat 9-13")
	check("duty", said{"words": "cover friday"}, "cover friday")
	check("report", said{"kind": "quotes", "by": "@Ann Lee", "every": "monday 08:00", "words": "toner"}, `quotes by:"@Ann Lee" toner every monday 08:00`)
	check("report", said{"from": "last-month"}, "from:last-month")
	check("report", said{"kind": "schedules"}, "schedules")
	check("equipment", said{"customer": "Acme Foods", "status": "retired"}, `customer:"Acme Foods" status:retired`)
	check("equipment", said{"machine": "S:12"}, `"S:12"`)
	check("equipment", said{"machine": "S1", "customer": "Acme"}, `customer:Acme "S1"`)
	check("equipment", said{"add": "Copier X", "serial": "S1", "customer": "Acme Foods"}, "add Copier X", Fill{"customer", "Acme Foods"}, Fill{"serial", "S1"})
	check("equipment", said{"add": "Copier X", "status": "retired"}, "add Copier X status:retired")
	check("equipment", said{"serial": "S1"}, `"S1"`)
	check("team", said{"what": "add"}, "add")
	check("holidays", said{"add": "2026-12-25 Christmas"}, "add 2026-12-25 Christmas")
	check("templates", said{"words": "retired"}, "retired")
	check("link", said{"code": " AB12 "}, "AB12")
}
