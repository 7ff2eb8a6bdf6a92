package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/slack"
)

// platform is where somebody in a story is: it hides how they do there what the story says they do.
type platform interface {
	name() string
	// joins adds somebody whom the desk does not know.
	joins(p *person)
	// types writes into a channel; a leading slash is a command.
	types(p *person, channel, text string) error
	// presses presses a button on a message, and says yes where it asks back.
	presses(p *person, m message, label string) error
	// usesOn chooses what the menu of a message offers.
	usesOn(p *person, m message, shortcut string) error
	// form is the form the person has open, the last one.
	form(p *person) (openForm, bool)
	// submits fills and sends it; it returns what is wrong with its fields, by their names.
	submits(p *person, f openForm, values map[string]string) (map[string]string, error)
	// finds types into a search field and takes what is found under a label.
	finds(p *person, f openForm, field, typed, label string) error
	// filled is what is typed and chosen so far.
	filled(p *person, f openForm) string
	// sees lists the messages in a channel, as the person sees it, and private those of them nobody else sees.
	sees(p *person, channel string) []message
	private(p *person, channel string) []message
	// thread lists the messages below a message.
	thread(m message) []message
	// answersIn writes in the thread below a message.
	answersIn(p *person, m message, words string, files ...string) error
	// dm is the person's conversation with the app.
	dm(p *person) string
	// uploads gives a file that goes into a form or a message, and content reads one.
	uploads(p *person, name string, content []byte) (string, error)
	content(file string) []byte
}

// message is a message as a person reads it, wherever they are. Slack's own is in it for stories about Slack; of another chat it
// holds no more than Channel and TS, which name the message there too.
type message struct {
	slack.Message
	discord discord.Message
	plain   string // its words without the marks of the chat
	files   []attached
}

// has reports whether a button is on the message.
func (m message) has(label string) bool {
	_, inSlack := m.Message.Button(label)
	_, inDiscord := m.discord.Button(label)
	return inSlack || inDiscord
}

// attached is a file of a message.
type attached struct{ id, name string }

// says reports whether a person reads all the words in the message.
func (m message) says(words []string) bool {
	return saysAll(m.plain, words) || saysAll(m.AllText(), words)
}

// openForm is a form as a person sees it. Slack's own is in it for stories about Slack; of another chat only what names it.
type openForm struct {
	slack.View
	words string
}

// AllText is everything that is read in the form so far.
func (f openForm) AllText() string { return f.words }

// sends reports whether the button that sends the form has a label. Discord has it where the form is looked at once more.
func (f openForm) sends(label string) bool {
	return f.Submit == label || f.Submit == "" && strings.Contains(f.words, label)
}

// discordTime is a time as Discord draws it for everybody in their zone.
var discordTime = regexp.MustCompile(`<t:(\d+):f>`)

// asRead is Discord's markup as a person reads it.
func asRead(text string) string {
	text = discordTime.ReplaceAllStringFunc(text, func(mark string) string {
		seconds, _ := strconv.ParseInt(discordTime.FindStringSubmatch(mark)[1], 10, 64)
		return time.Unix(seconds, 0).UTC().Format("Mon 2 Jan 15:04")
	})
	return discordWords.Replace(text)
}

// slackWords reads Slack's markup as a person does, discordWords Discord's.
var (
	slackWords   = strings.NewReplacer("*", "", "&amp;", "&", "&lt;", "<", "&gt;", ">")
	discordWords = strings.NewReplacer(
		`\\`, `\`, `\*`, "*", `\_`, "_", `\~`, "~", "\\`", "`", `\|`, "|", `\<`, "<", `\>`, ">", `\[`, "[", `\]`, "]", `\#`, "#",
		"*", "", "-# ", "", "@\u200b", "@",
	)
)
