package bot

import (
	"context"
	"strings"

	"callout/desk"
)

// Command is one row of the table of commands. Help, the Slack app manifest and Discord's registration are made from it.
type Command struct {
	Name    string // what is typed after the slash, at most 32 characters: Discord's limit
	Usage   string // the words that may follow
	Summary string // one sentence, at most 100 characters: Discord's limit
	Sub     bool   // only as `/callout NAME`, not as a command of its own

	noun      desk.Noun  // what it lists, if it lists something: its filters are arguments
	arguments []Argument // what may follow, where a platform has places for it; besides those of the noun

	needs  desk.Action         // what a member must be allowed to do to see it in help; empty means anybody
	form   func(Request) *Form // opens at once, before anything is looked up; nil if the answer is no form
	handle handler
}

// Shortcut is something offered in a platform's own menus.
type Shortcut struct {
	ID        string
	Name      string // at most 24 characters: Slack's limit
	Summary   string
	OnMessage bool
	command   string // does what this command does
}

// shortcutTable is the one table of shortcuts.
func shortcutTable() []Shortcut {
	return []Shortcut{
		{ID: "log_call", Name: "Log a call", Summary: "Log a customer's call", command: "log-call"},
		{ID: "log_call_from_message", Name: "Log a call from this", Summary: "Log a call from this message", OnMessage: true, command: "log-call"},
		{ID: "add_lead_from_message", Name: "Add a lead from this", Summary: "Add a lead from this message", OnMessage: true, command: "add-lead"},
		{ID: "quote_from_message", Name: "Request quote from this", Summary: "Request a quote from this message", OnMessage: true, command: "request-quote"},
	}
}

// Commands returns the table of commands.
func (b *Bot) Commands() []Command { return commandTable() }

// Shortcuts returns the table of shortcuts.
func (b *Bot) Shortcuts() []Shortcut { return shortcutTable() }

// command finds what a command or shortcut asks for, and the words that follow. Every command also answers as
// `/callout NAME …`, so that a workspace in which a name is taken loses nothing.
func (b *Bot) command(r Request) (Command, string) {
	if r.Kind == KindShortcut {
		for _, s := range shortcutTable() {
			if s.ID == r.Name {
				return b.byName[s.command], r.Text
			}
		}
		return Command{}, r.Text
	}
	text := strings.TrimSpace(r.Text)
	if r.Name != "callout" {
		c := b.byName[r.Name]
		if c.Sub {
			return Command{}, text
		}
		return c, text
	}
	first, rest, _ := strings.Cut(text, " ")
	if first == "" {
		return b.byName["help"], ""
	}
	c := b.byName[strings.ToLower(strings.TrimPrefix(first, "/"))]
	return c, strings.TrimSpace(rest)
}

func (b *Bot) unknownCommand(r Request) Reply {
	typed := r.Name
	if typed == "callout" {
		typed, _, _ = strings.Cut(strings.TrimSpace(r.Text), " ")
	}
	names := make([]string, 0, len(b.commands))
	for _, c := range b.commands {
		if c.Name != "callout" {
			names = append(names, c.Name)
		}
	}
	return say("There is no command “%s”. After /callout you can write %s.", clip(typed, 40), strings.Join(names, ", "))
}

func helpTopic() topic { return topic{buttons: map[string]handler{"help.show": (*Bot).help}} }

// help shows what this person may do.
func (b *Bot) help(_ context.Context, _ Request, a desk.Actor) (Reply, error) {
	card := Card{Text: "What you can do with Callout.", Parts: []Part{Heading("What you can do here")}}
	for _, c := range b.commands {
		if c.needs != "" && !a.Can(c.needs) || c.Name == "callout" || c.Name == "help" {
			continue
		}
		name := "/" + c.Name
		if c.Sub {
			name = "/callout " + c.Name
		}
		if c.Usage != "" {
			name += " " + c.Usage
		}
		card.Parts = append(card.Parts, Text(Say(Bold(name), "\n", c.Summary)))
	}
	if a.Can(desk.TakeCalls) {
		card.Parts = append(card.Parts, Text(Say(Bold("By text message"), "\nA 42 accepts call 42, D 42 and a reason declines it, W 42 on my way, W 42 30 there in 30 minutes, S 42 on site, F 42 and what was done finishes it, N 42 adds a note or photo, DUTY ON and DUTY OFF, U takes back what you did last, M 12 shows the next step of maintenance 12, ? lists your calls.")))
	}
	card.Parts = append(card.Parts, Note(Say("Every command also works as /callout NAME, such as /callout calls status:pending.")))
	return Reply{Say: &card}, nil
}
