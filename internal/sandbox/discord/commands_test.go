package discord_test

import (
	"fmt"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

func command(opts ...obj) obj {
	return obj{"name": "calls", "description": "List calls", "options": opts}
}

func option(name string, kind int) obj { return obj{"name": name, "description": "x", "type": kind} }

// TestCommands holds registered commands to their rules.
func TestCommands(t *testing.T) {
	t.Parallel()
	choice := func(i int) obj { return obj{"name": fmt.Sprint("c", i), "value": fmt.Sprint(i)} }
	required := with(option("a", 3), "required", true)
	cases := []struct {
		name string
		list []obj
		want string
	}{
		{"a plain one", []obj{command(required, option("b", 3))}, ""},
		{"a capital", []obj{with(command(), "name", "Calls")}, "0.name APPLICATION_COMMAND_INVALID_NAME"},
		{"a space", []obj{with(command(), "name", "log call")}, "0.name APPLICATION_COMMAND_INVALID_NAME"},
		{"a hyphen and letters of elsewhere", []obj{with(command(), "name", "log-вызов")}, ""},
		{"33 letters", []obj{with(command(), "name", strings.Repeat("a", 33))}, "0.name BASE_TYPE_BAD_LENGTH"},
		{"description at the limit", []obj{with(command(), "description", long(100))}, ""},
		{"description past it", []obj{with(command(), "description", long(101))}, "0.description BASE_TYPE_BAD_LENGTH"},
		{"no description", []obj{with(command(), "description", "")}, "0.description BASE_TYPE_REQUIRED"},
		{"25 options", []obj{command(many(25, func(i int) obj { return option(fmt.Sprint("o", i), 3) })...)}, ""},
		{"26 options", []obj{command(many(26, func(i int) obj { return option(fmt.Sprint("o", i), 3) })...)}, "0.options BASE_TYPE_MAX_LENGTH"},
		{"a required option after an optional one", []obj{command(option("b", 3), required)}, "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
		{"the same option twice", []obj{command(option("a", 3), option("a", 3))}, "0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED"},
		{"25 choices", []obj{command(with(option("a", 3), "choices", many(25, choice)))}, ""},
		{"26 choices", []obj{command(with(option("a", 3), "choices", many(26, choice)))}, "0.options.0.choices BASE_TYPE_MAX_LENGTH"},
		{"a choice past its length", []obj{command(with(option("a", 3), "choices", []obj{{"name": long(101), "value": "a"}}))}, "0.options.0.choices.0.name BASE_TYPE_BAD_LENGTH"},
		{"choices and autocomplete", []obj{command(with(with(option("a", 3), "choices", []obj{choice(1)}), "autocomplete", true))}, "0.options.0.autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"},
		{"autocomplete of a person", []obj{command(with(option("a", 6), "autocomplete", true))}, "0.options.0.autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"},
		{"a type that is none", []obj{command(option("a", 12))}, "0.options.0.type BASE_TYPE_CHOICES"},
		{"subcommands", []obj{command(with(option("log", 1), "options", []obj{required}), option("list", 1))}, ""},
		{"a subcommand beside an option", []obj{command(option("log", 1), option("b", 3))}, "0.options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		{"a menu command with spaces", []obj{{"name": "Log as call", "type": 3}}, ""},
		{"a menu command with a description", []obj{{"name": "Log", "type": 3, "description": "x"}}, "0.description APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED"},
		{"the same name twice", []obj{command(), command()}, "1.name APPLICATION_COMMANDS_DUPLICATE_NAME"},
		{"the same name for a menu", []obj{command(), {"name": "calls", "type": 3}}, ""},
		{"100 commands", many(100, func(i int) obj { return with(command(), "name", fmt.Sprint("c", i)) }), ""},
		{"101 commands", many(101, func(i int) obj { return with(command(), "name", fmt.Sprint("c", i)) }), " MAX_APPLICATION_COMMANDS"},
		{"8001 characters", []obj{command(many(25, func(i int) obj {
			return with(option(fmt.Sprint("o", i), 3), "choices", many(4, func(j int) obj { return obj{"name": long(90) + fmt.Sprint(j), "value": fmt.Sprint(j)} }))
		})...)}, "0 APPLICATION_COMMAND_TOO_LARGE"},
	}
	g := newGuild(t, discord.Options{})
	for _, c := range cases {
		expect(t, c.name, g.do("PUT", "/applications/"+g.AppID()+"/guilds/"+g.GuildID()+"/commands", c.list), c.want)
	}
}

// TestTypedOptions reads commands as the client does.
func TestTypedOptions(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.AddRole(discord.Role{ID: "1100000000000000401", Name: "Technicians"})
	r := g.do("PUT", "/applications/"+g.AppID()+"/guilds/"+g.GuildID()+"/commands", []obj{
		command(
			with(option("status", 3), "choices", []obj{{"name": "Pending", "value": "pending"}}),
			option("filter", 3), with(with(option("days", 4), "min_value", 1), "max_value", 30), option("open", 5), option("who", 6), option("room", 7), option("team", 8), option("photo", 11),
		),
		with(command(with(option("log", 1), "options", []obj{with(option("summary", 3), "required", true)})), "name", "call"),
	})
	if r.status != 200 {
		t.Fatal(r.raw)
	}
	a := answerWith(t, g, func(obj) obj { return say("ok") })
	photo, err := g.Upload(maria, "a.png", "image/png", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ typed, want string }{
		{"/calls", "<nil>"},
		{"/calls status:Pending", "[status/3=pending]"},
		{"/calls status:pending", "[status/3=pending]"},
		{"/calls status:done", "error"},
		{"/calls filter:status:pending customer:North days:3", "[filter/3=status:pending customer:North days/4=3]"},
		{"/calls days:31", "error"},
		{"/calls days:two", "error"},
		{"/calls open:True", "[open/5=true]"},
		{"/calls who:@omar room:#office team:1100000000000000401", "[who/6=" + omar + " room/7=" + files + " team/8=1100000000000000401]"},
		{"/calls who:<@" + omar + ">", "[who/6=" + omar + "]"},
		{"/calls who:@nobody", "error"},
		{"/calls photo:" + photo, "[photo/11=" + photo + "]"},
		{"/calls pending", "error"},
		{"/call log summary:It leaks: badly", "[log/1[summary/3=It leaks: badly]]"},
		{"/call log", "error"},
		{"/call", "error"},
		{"/nothing", "error"},
	}
	for _, c := range cases {
		before := a.count()
		if _, err := g.Type(ctx(t), maria, calls, c.typed); err != nil {
			if c.want != "error" {
				t.Errorf("%s: %v", c.typed, err)
			}
			continue
		}
		_, data := a.last(t)
		if got := shown(data["options"]); got != c.want || a.count() != before+1 {
			t.Errorf("%s: got %s want %s", c.typed, got, c.want)
		}
	}
	if _, err := g.Type(ctx(t), maria, g.DM(maria), "/calls"); err == nil {
		t.Error("a command of the guild ran in a direct message")
	}
	g.clean()
}

// shown writes options in one line.
func shown(v any) string {
	list, ok := v.([]any)
	if !ok {
		return "<nil>"
	}
	var out []string
	for _, one := range list {
		o := one.(obj)
		if o["options"] != nil {
			out = append(out, fmt.Sprint(o["name"], "/", o["type"], shown(o["options"])))
			continue
		}
		out = append(out, fmt.Sprint(o["name"], "/", o["type"], "=", o["value"]))
	}
	return "[" + strings.Join(out, " ") + "]"
}
