package discordbot

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"callout/bot"
)

// homeCommand shows the home page, for which Discord has no place of its own.
const homeCommand = "home"

// command is a command as Discord registers it:
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
type command struct {
	Name        string          `json:"name"`
	Type        int             `json:"type"`
	Description string          `json:"description,omitempty"`
	Options     []commandOption `json:"options,omitempty"`
	Contexts    []int           `json:"contexts,omitempty"`
}

type commandOption struct {
	Type         int             `json:"type"`
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Choices      []choice        `json:"choices,omitempty"`
	Autocomplete bool            `json:"autocomplete,omitempty"`
	MaxLength    int             `json:"max_length,omitempty"`
	Options      []commandOption `json:"options,omitempty"`
}

// Commands is what is registered with Discord, made from the table of commands.
func Commands(commands []bot.Command, shortcuts []bot.Shortcut) any {
	list := []command{{Name: homeCommand, Type: commandChat, Description: "What is yours to do now"}}
	for _, c := range commands {
		if c.Sub {
			continue
		}
		drawn := command{Name: c.Name, Type: commandChat, Description: shorten(c.Summary, maxOption), Options: options(c)}
		if c.Name == outerCommand {
			drawn.Options = subcommands(commands)
		}
		list = append(list, drawn)
	}
	for _, s := range shortcuts {
		if s.OnMessage {
			list = append(list, command{Name: s.Name, Type: commandOnMessage})
		}
	}
	return list
}

// outerCommand is the command below which every other one answers too.
const outerCommand = "callout"

// subcommands are the commands below /callout: those that are none of their own, and then the others. All options of one command
// together are limited, so that the others have here only one for everything that can be typed.
func subcommands(commands []bot.Command) []commandOption {
	var subs, others []commandOption
	for _, c := range commands {
		drawn := commandOption{Type: optionSub, Name: c.Name, Description: shorten(c.Summary, maxOption)}
		switch {
		case c.Name == outerCommand:
		case c.Sub:
			drawn.Options = options(c)
			subs = append(subs, drawn)
		default:
			drawn.Options = []commandOption{{Type: optionString, Name: "words", Description: "What else you would type after /" + c.Name}}
			others = append(others, drawn)
		}
	}
	list := append(subs, others...)
	return list[:min(len(list), maxOptions)]
}

// options are the arguments of a command.
func options(c bot.Command) []commandOption {
	var list []commandOption
	for _, arg := range c.Arguments() {
		o := commandOption{
			Type: optionString, Name: arg.Name, Description: shorten(cmp.Or(arg.Summary, arg.Name), maxOption), Autocomplete: arg.Search != "", MaxLength: arg.Max,
		}
		if arg.Search == "" {
			o.Choices = choices(arg.Choices, false)
		}
		list = append(list, o)
	}
	return list[:min(len(list), maxOptions)]
}

// Register makes Discord know our commands: those of one server at once, those of all servers within an hour.
// https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-guild-application-commands
func (a *Adapter) Register(ctx context.Context) error {
	address := apiRoot + "applications/" + a.opts.AppID
	if a.opts.GuildID != "" {
		address += "/guilds/" + a.opts.GuildID
	}
	address += "/commands"
	if _, err := a.call(ctx, http.MethodPut, address, address, Commands(a.bot.Commands(), a.bot.Shortcuts())); err != nil {
		return fmt.Errorf("register commands with Discord: %w", err)
	}
	return nil
}
