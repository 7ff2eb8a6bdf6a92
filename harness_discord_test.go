package main

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
	"callout/store/storetest"
)

// guildChannels are the channels of the Discord server, by the ids of those in Slack that are for the same.
var guildChannels = map[string]string{
	callsChannel: "3000000000000000301", reportsChannel: "3000000000000000302", quotesChannel: "3000000000000000303",
}

// discordChat is a Discord server.
type discordChat struct {
	*world
	server   *discord.Server
	fillings map[string]*filling  // forms under way, by person
	told     map[string][]message // what only they saw, as it was, by person and channel
}

// startGuild starts the program for an empty company that lives in Discord. What people press and type comes over the gateway, or
// as signed requests.
func startGuild(t *testing.T, overHTTP bool) *world {
	t.Helper()
	return withGuild(t, overHTTP, func(c *Config) { c.SlackBotToken, c.SlackSigningSecret, c.SlackAPIURL = "", "", "" })
}

// withGuild starts the program for a company that has a Discord server, and is there unless it is told to be elsewhere.
func withGuild(t *testing.T, overHTTP bool, change func(*Config)) *world {
	t.Helper()
	clock := newClock()
	server, err := discord.New(discord.Options{Intents: discord.IntentMessageContent, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	ports := httptest.NewServer(server.Handler())
	server.SetBaseURL(ports.URL)
	t.Cleanup(func() {
		_ = server.Close()
		ports.Close()
	})
	for slackID, id := range guildChannels {
		server.AddChannel(discord.Channel{ID: id, Name: strings.ToLower(strings.TrimPrefix(slackID, "C0"))})
	}
	w := startWorldAt(t, storetest.URL(t), clock, func(c *Config) {
		c.DiscordBotToken, c.DiscordPublicKey = Secret(server.BotToken()), server.PublicKey()
		c.DiscordAppID, c.DiscordGuildID, c.DiscordAPIURL = server.AppID(), server.GuildID(), ports.URL+"/api/v9"
		c.CallsChannel, c.QuotesChannel = guildChannels[callsChannel], guildChannels[quotesChannel]
		change(c)
	})
	w.chat = &discordChat{world: w, server: server, fillings: map[string]*filling{}, told: map[string][]message{}}
	if overHTTP {
		if err := server.SetInteractionsURL(t.Context(), w.url+"/discord/interactions"); err != nil {
			t.Fatal(err)
		}
	}
	w.until("the gateway is open", server.Connected, func() string { return "no connection" })
	w.until("the commands are registered", func() bool { return len(server.Commands(guildChannels[callsChannel])) > 5 }, func() string {
		return dump(server.Commands(guildChannels[callsChannel]))
	})
	t.Cleanup(func() {
		for _, wrong := range server.Violations() {
			if !strings.Contains(wrong, "Unknown Webhook") { // what follows an answer overtook it, and is sent again
				t.Error(wrong)
			}
		}
	})
	return w
}

func (*discordChat) name() string { return "discord" }

func (c *discordChat) joins(p *person) {
	p.user = c.server.NewID()
	c.server.AddUser(discord.User{ID: p.user, Username: strings.ToLower(strings.ReplaceAll(p.name, " ", ".")), GlobalName: p.name})
}

// room is the id of a channel, which a story calls as it is called in Slack.
func room(channel string) string {
	if id, ok := guildChannels[channel]; ok {
		return id
	}
	return channel
}

func (c *discordChat) types(p *person, channel, text string) error {
	command, rest, _ := strings.Cut(text, " ")
	if strings.HasPrefix(text, "/") && strings.TrimSpace(rest) != "" {
		text = c.options(command, room(channel), rest)
	}
	reply, err := c.server.Type(p.ctx, p.user, room(channel), text)
	if err != nil || !strings.HasPrefix(text, "/") {
		return err
	}
	c.shows(p, reply)
	return nil
}

// options is what follows a command as Discord's own composer has it: a command below it, an option by its name, or else the words.
func (c *discordChat) options(command, channel, rest string) string {
	var known []discord.OptionInfo
	for _, one := range c.server.Commands(channel) {
		if "/"+one.Name == command {
			known = one.Options
		}
	}
	word, more, _ := strings.Cut(rest, " ")
	for _, below := range known {
		if below.Name == word && below.Type <= typeGroup {
			return strings.TrimSpace(command + " " + word + " " + composed(below.Options, more))
		}
	}
	return command + " " + composed(known, rest)
}

// typeGroup is the last type of an option that is a command below another.
const typeGroup = 2

// composed puts words where they belong: behind the option they name, or behind the first.
func composed(known []discord.OptionInfo, words string) string {
	if words == "" || len(known) == 0 {
		return words
	}
	word, more, _ := strings.Cut(words, " ")
	if slices.ContainsFunc(known[0].Choices, func(o discord.Choice) bool { return o.Name == word || o.Value == word }) {
		return strings.TrimSpace(known[0].Name + ":" + word + " " + composed(known[1:], more))
	}
	name, value, _ := strings.Cut(words, ":")
	at := slices.IndexFunc(known, func(o discord.OptionInfo) bool { return o.Name == name })
	if at >= 0 && value != "" && !strings.Contains(words, " ") && known[at].Choices == nil {
		return words
	}
	if at := slices.IndexFunc(known, func(o discord.OptionInfo) bool { return o.Name == "words" }); at >= 0 {
		return "words:" + words
	}
	return known[0].Name + ":" + words
}

func (c *discordChat) presses(p *person, m message, label string) error {
	ref := discord.MessageRef{Channel: m.Channel, ID: m.TS}
	now, ok := c.server.Message(ref)
	if !ok {
		return fmt.Errorf("the message with %q is gone", label)
	}
	var reply discord.Reply
	var err error
	if _, isButton := now.Button(label); isButton {
		reply, err = c.server.Press(p.ctx, p.user, ref, label)
	} else { // the buttons beside the rows of a list are a menu
		first, menu, found := firstRow(now, label)
		if !found {
			return fmt.Errorf("no button %q on\n%s", label, dump(discordMessage(now)))
		}
		reply, err = c.server.Choose(p.ctx, p.user, ref, menu, first)
	}
	if err == nil && strings.Contains(reply.Text, label+": are you sure?") {
		reply, err = c.server.Press(p.ctx, p.user, reply.Ref, label)
	}
	if err != nil {
		return err
	}
	c.shows(p, reply)
	return nil
}

// firstRow is the first choice in the menu of a button, or the first that has the button's name where a menu holds several.
func firstRow(m discord.Message, label string) (value, placeholder string, ok bool) {
	var rows []struct {
		Components []struct {
			Placeholder string                          `json:"placeholder"`
			Options     []struct{ Label, Value string } `json:"options"`
		} `json:"components"`
	}
	decode(m.Components, &rows)
	for _, row := range rows {
		for _, menu := range row.Components {
			for _, o := range menu.Options {
				if menu.Placeholder == label+" …" || strings.HasPrefix(o.Label, label+": ") {
					return o.Value, menu.Placeholder, true
				}
			}
		}
	}
	return "", "", false
}

func (c *discordChat) usesOn(p *person, m message, shortcut string) error {
	reply, err := c.server.MessageCommand(p.ctx, p.user, discord.MessageRef{Channel: m.Channel, ID: m.TS}, shortcut)
	if err == nil {
		c.shows(p, reply)
	}
	return err
}

func (c *discordChat) sees(p *person, channel string) []message {
	return discordMessages(c.server.MessagesFor(p.user, room(channel)))
}

// private are the messages only the person sees. One that another takes the place of is another one.
func (c *discordChat) private(p *person, channel string) []message {
	at := p.user + channel
	for _, m := range discordMessages(c.server.Ephemerals(p.user, room(channel))) {
		seen := slices.ContainsFunc(c.told[at], func(was message) bool { return was.TS == m.TS && was.plain == m.plain })
		if !seen && !m.discord.Loading {
			c.told[at] = append(c.told[at], m)
		}
	}
	return slices.Clone(c.told[at])
}

// thread is what is written below a message: a thread has the id of the message it began with.
func (c *discordChat) thread(m message) []message { return discordMessages(c.server.Messages(m.TS)) }

func discordMessages(all []discord.Message) []message {
	out := make([]message, len(all))
	for i, m := range all {
		out[i] = discordMessage(m)
	}
	return out
}

func discordMessage(m discord.Message) message {
	is := message{discord: m, plain: asRead(m.AllText())}
	is.Channel, is.TS, is.Text, is.Ephemeral = m.Channel, m.ID, m.AllText(), m.Ephemeral
	for _, a := range m.Attachments {
		is.files = append(is.files, attached{a.ID, a.Filename})
	}
	return is
}

func (c *discordChat) answersIn(p *person, m message, words string, files ...string) error {
	_, err := c.server.Send(p.ctx, p.user, m.TS, words, files...)
	return err
}

func (c *discordChat) dm(p *person) string { return c.server.DM(p.user) }

func (c *discordChat) uploads(p *person, name string, content []byte) (string, error) {
	return c.server.Upload(p.user, name, "", content)
}

func (c *discordChat) content(file string) []byte {
	content, _ := c.server.FileContent(file)
	return content
}
