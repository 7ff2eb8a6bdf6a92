package discordbot

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"callout/bot"
)

// What Discord takes: https://docs.discord.com/developers/interactions/application-commands#application-command-object. All names,
// descriptions and values of one command count together.
const (
	mostCommands = 100
	mostTogether = 8000
)

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

func TestRegisteredCommandsAreWithinLimits(t *testing.T) {
	t.Parallel()
	b := bot.New(bot.Options{})
	list := Commands(b.Commands(), b.Shortcuts()).([]command)
	if len(list) > mostCommands {
		t.Errorf("%d commands", len(list))
	}
	for _, c := range list {
		if c.Type == commandOnMessage {
			continue
		}
		if size := checkOptions(t, "/"+c.Name, c.Options) + length(c.Name) + length(c.Description); size > mostTogether {
			t.Errorf("/%s has %d characters", c.Name, size)
		}
	}
	known := 0 // every command answers below /callout
	for _, c := range list {
		if c.Name == outerCommand {
			known = len(c.Options)
		}
	}
	if want := len(b.Commands()) - 1; known != want {
		t.Errorf("/callout has %d subcommands, want %d", known, want)
	}
}

// checkOptions checks options, and returns how many characters they have together.
func checkOptions(t *testing.T, at string, list []commandOption) int {
	t.Helper()
	if len(list) > maxOptions {
		t.Errorf("%s: %d options", at, len(list))
	}
	sum := 0
	for _, o := range list {
		at := at + " " + o.Name
		if !commandName.MatchString(o.Name) || o.Description == "" || length(o.Description) > maxOption || strings.HasSuffix(o.Description, "…") && length(o.Description) == maxOption {
			t.Errorf("%s: name or description is wrong, or cut: %q", at, o.Description)
		}
		if o.Autocomplete && len(o.Choices) > 0 || len(o.Choices) > maxOptions || o.MaxLength > 6000 {
			t.Errorf("%s: %d choices, autocomplete %t, at most %d", at, len(o.Choices), o.Autocomplete, o.MaxLength)
		}
		sum += length(o.Name) + length(o.Description) + checkOptions(t, at, o.Options)
		for _, c := range o.Choices {
			if length(c.Name) > maxOption || length(c.Value) > maxOption {
				t.Errorf("%s: choice %+v is too long", at, c)
			}
			sum += length(c.Name) + length(c.Value)
		}
	}
	return sum
}

func TestChosenIsToldFromTyped(t *testing.T) {
	t.Parallel()
	for _, o := range []bot.Option{{Value: "12", Label: "Acme | Sons"}, {Value: "new:a|b " + strings.Repeat("é", 30), Label: strings.Repeat("x", 75)}} {
		value, label, chosen := picked(pickValue(o))
		if !chosen || value != o.Value || label == "" || length(pickValue(o)) > maxOption {
			t.Errorf("%+v became %q, %q, %t", o, value, label, chosen)
		}
	}
	for _, typed := range []string{"12", "acme: foods", "id|", "id|12", "|", "020 7946"} {
		if value, _, chosen := picked(typed); chosen || value != typed {
			t.Errorf("%q was taken for a choice: %q", typed, value)
		}
	}
}

func TestChoicesAreNeverAlike(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 120)
	options := []bot.Option{{Value: "1", Label: "Acme"}, {Value: "2", Label: "Acme"}, {Value: "3", Label: long}, {Value: "4", Label: long}, {Value: long}}
	for range 30 {
		options = append(options, bot.Option{Value: "v", Label: "Acme"})
	}
	for _, picks := range []bool{false, true} {
		list, seen := choices(options, picks), map[string]bool{}
		for _, c := range list {
			if seen[c.Name] || c.Name == "" || length(c.Name) > maxOption || c.Value == "" || length(c.Value) > maxOption {
				t.Errorf("choice %+v is there twice, empty or too long", c)
			}
			seen[c.Name] = true
		}
		if len(list) != choicesAtOnce {
			t.Errorf("%d choices", len(list))
		}
	}
}

// typesOptions types a command with options.
func (d *desk) typesOptions(kind int, name string, options ...option) map[string]any {
	d.Helper()
	return d.does(kind, map[string]any{"type": 1, "name": name, "options": options}, "")
}

func argued(name, value string) option {
	raw, _ := json.Marshal(value)
	return option{Name: name, Type: optionString, Value: raw}
}

func TestSubcommandsAndWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(bot.Request) bot.Reply { return bot.Reply{} })
	check := func(wantName, wantText string) {
		t.Helper()
		asked := d.talk.requests(bot.KindCommand)
		if got := asked[len(asked)-1]; got.Name != wantName || got.Text != wantText {
			t.Errorf("got /%s %q, want /%s %q", got.Name, got.Text, wantName, wantText)
		}
	}
	sub := func(name string, options ...option) option {
		return option{Name: name, Type: optionSub, Options: options}
	}
	d.typesOptions(kindCommand, "callout", sub("help"))
	check("callout", "help")
	d.typesOptions(kindCommand, "callout", sub("link", argued("code", "AB12")))
	check("callout", "link AB12")
	d.typesOptions(kindCommand, "callout", sub("deliveries", argued("status", "failed"), argued("by", "@Tom Smith")))
	check("callout", `deliveries status:failed by:"@Tom Smith"`)
	d.typesOptions(kindCommand, "callout", sub("calls", argued("words", "status:pending jam")))
	check("calls", "status:pending jam")
	d.typesOptions(kindCommand, "calls", argued("words", "jam"), argued("customer", `Acme "5" Foods`))
	check("calls", `customer:"Acme \"5\" Foods" jam`)
}

func TestWhatACommandSaysIsInItsForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(r bot.Request) bot.Reply {
		form := &bot.Form{ID: "call.log", Title: "Log", Fields: []bot.Field{
			{Name: "customer", Kind: bot.FieldSearch, Label: "Customer", Refresh: true},
			{Name: "summary", Label: "Summary"},
			{Name: "priority", Kind: bot.FieldRadio, Label: "Priority", Options: []bot.Option{{Value: "urgent", Label: "Urgent"}}},
		}}
		switch {
		case r.Kind == bot.KindSearch:
			return bot.Reply{Options: []bot.Option{{Value: "12", Label: "Acme"}, {Value: "13", Label: "Acme Foods"}, {Value: "new:x", Label: "New customer: x"}}}
		case r.Kind == bot.KindChange && r.Field == "equipment":
			form.Fields = append(form.Fields, bot.Field{Name: "note", Kind: bot.FieldNote, Note: bot.Say("machine " + r.Values.Get("equipment"))})
		}
		return bot.Reply{Form: form}
	})
	opens := func(options ...option) string {
		t.Helper()
		raw, err := json.Marshal(d.typesOptions(kindCommand, "log-call", options...))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	check := func(modal, has, hasNot string) {
		t.Helper()
		if !strings.Contains(modal, has) || hasNot != "" && strings.Contains(modal, hasNot) {
			t.Errorf("want %q and not %q in %s", has, hasNot, modal)
		}
	}
	check(opens(argued("customer", pickValue(bot.Option{Value: "12", Label: "Acme"}))), "summary", `"custom_id":"customer"`)
	if got := d.talk.requests(bot.KindChange); len(got) != 1 || got[0].Values.Get("customer") != "12" {
		t.Errorf("the choice changed nothing: %+v", got)
	}
	check(opens(argued("customer", "acme")), "summary", `"custom_id":"customer"`)          // called exactly so
	check(opens(argued("customer", "42079460123")), `"value":"42079460123"`, "")           // typed, and no number of a record
	check(opens(argued("customer", "ac: me")), `"value":"ac: me"`, "")                     // kept to be asked about
	check(opens(argued("priority", "soon")), "“soon” is nothing that Priority can be", "") // told
	check(opens(argued("equipment", pickValue(bot.Option{Value: "e7", Label: "Copier"}))), "machine e7", "")
	found := d.does(kindAutocomplete, map[string]any{"type": 1, "name": "log-call", "options": []option{{Name: "customer", Type: optionString, Value: json.RawMessage(`"ac"`), Focused: true}}}, "")
	if got := at(found, "data", "choices", 0, "value"); got != "id|12|Acme" {
		t.Errorf("autocomplete offers %v", found)
	}
}

func TestAMenuOfDifferentButtonsSaysWhatEachDoes(t *testing.T) {
	t.Parallel()
	row := func(action, label, text string) bot.Item {
		return bot.Item{Text: bot.Say(text), Button: bot.Button{Action: action, Value: text, Label: label, Confirm: "It rings. Shall it?"}}
	}
	d := newDesk(t, func(bot.Request) bot.Reply {
		return bot.Reply{Say: &bot.Card{Text: "list", Parts: []bot.Part{row("a.retry", "Retry", "one"), row("a.on", "Switch on", "two"), bot.Buttons{{Action: "a.on", Value: "3", Label: "All on", Confirm: "It rings. Shall it?"}}}}}
	})
	list := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	menu := at(list, "data", "components", 0, "components", 0)
	if at(menu, "placeholder") != "Choose …" || at(menu, "options", 0, "label") != "Retry: one" || at(menu, "options", 1, "label") != "Switch on: two" {
		t.Errorf("the menu is %v", menu)
	}
	sure := d.presses(list, "All on")
	if text, _ := at(sure, "data", "embeds", 0, "description").(string); !strings.Contains(text, "It rings. Shall it?") {
		t.Errorf("it asks %v", sure)
	}
}
