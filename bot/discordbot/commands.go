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
	Type         int      `json:"type"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Choices      []choice `json:"choices,omitempty"`
	Autocomplete bool     `json:"autocomplete,omitempty"`
}

// Commands is what is registered with Discord, made from the table of commands.
func Commands(commands []bot.Command, shortcuts []bot.Shortcut) any {
	list := []command{{Name: homeCommand, Type: commandChat, Description: "What is yours to do now"}}
	for _, c := range commands {
		if c.Sub {
			continue
		}
		drawn := command{Name: c.Name, Type: commandChat, Description: shorten(c.Summary, maxOption)}
		for _, arg := range c.Arguments() {
			if len(drawn.Options) == maxOptions {
				break
			}
			o := commandOption{Type: optionString, Name: arg.Name, Description: shorten(cmp.Or(arg.Summary, arg.Name), maxOption), Autocomplete: arg.Search != ""}
			if arg.Search == "" {
				o.Choices = choices(arg.Choices, false)
			}
			drawn.Options = append(drawn.Options, o)
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
