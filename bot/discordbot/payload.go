package discordbot

import (
	"cmp"
	"encoding/json"
	"errors"
)

// errUnknown says that something was pressed, typed or sent that is none of ours.
var errUnknown = errors.New("unknown to this version")

// The kinds of interactions: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModal        = 5
)

// The kinds of answers: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	answerPong         = 1
	answerMessage      = 4
	answerLater        = 5
	answerUpdateLater  = 6
	answerUpdate       = 7
	answerAutocomplete = 8
	answerModal        = 9
)

// flagEphemeral marks a message that one person sees.
const flagEphemeral = 1 << 6

// The kinds of components that discordgo does not know, and what it calls those it does:
// https://docs.discord.com/developers/components/reference#component-object-component-types
const (
	componentRow       = 1
	componentSelect    = 3
	componentText      = 4
	componentChannel   = 8
	componentDisplay   = 10
	componentLabel     = 18
	componentUpload    = 19
	inputShort         = 1
	inputParagraph     = 2
	commandChat        = 1
	commandOnMessage   = 3
	optionSub          = 1
	optionString       = 3
	channelGuildText   = 0
	channelGuildNews   = 5
	choicesAtOnce      = 25
	channelThreadAuto  = 10080 // minutes until a quiet thread is folded away: a week
	directMessagesKind = 1
)

// interaction is one thing somebody did. discordgo's own type cannot read a form with labels, so both transports read this one.
type interaction struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Type          int             `json:"type"`
	Token         string          `json:"token"`
	GuildID       string          `json:"guild_id"`
	ChannelID     string          `json:"channel_id"`
	Member        *member         `json:"member"`
	User          *user           `json:"user"`
	Message       *shown          `json:"message"`
	Data          json.RawMessage `json:"data"`
}

type member struct {
	User user   `json:"user"`
	Nick string `json:"nick"`
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

func (u user) name() string { return cmp.Or(u.GlobalName, u.Username) }

// shown is a message as Discord tells of it.
type shown struct {
	ID         string          `json:"id"`
	ChannelID  string          `json:"channel_id"`
	GuildID    string          `json:"guild_id"`
	Content    string          `json:"content"`
	Flags      int             `json:"flags"`
	Author     user            `json:"author"`
	Mentions   []user          `json:"mentions"`
	Nonce      any             `json:"nonce"`
	Components json.RawMessage `json:"components"`
	Embeds     []struct {
		Footer struct {
			Text string `json:"text"`
		} `json:"footer"`
	} `json:"embeds"`
	Attachments []upload `json:"attachments"`
}

// upload is a file that somebody sent.
type upload struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

// commandData is what a slash command or a message command says.
type commandData struct {
	Name     string   `json:"name"`
	Type     int      `json:"type"`
	Options  []option `json:"options"`
	TargetID string   `json:"target_id"`
	Resolved resolved `json:"resolved"`
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"` // of a subcommand
}

// text is the value of an option as it was typed.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value)
}

type resolved struct {
	Messages    map[string]shown  `json:"messages"`
	Attachments map[string]upload `json:"attachments"`
}

// componentData is what a press or a choice says.
type componentData struct {
	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"`
}

// modalData is what a sent modal says.
type modalData struct {
	CustomID   string   `json:"custom_id"`
	Components []filled `json:"components"`
	Resolved   resolved `json:"resolved"`
}

// filled is one component of a sent modal: a label holds its component, a row its components.
type filled struct {
	Type       int      `json:"type"`
	CustomID   string   `json:"custom_id"`
	Value      string   `json:"value"`
	Values     []string `json:"values"`
	Component  *filled  `json:"component"`
	Components []filled `json:"components"`
}

// each calls f with every component that holds something.
func (m modalData) each(f func(filled)) {
	var walk func([]filled)
	walk = func(list []filled) {
		for _, c := range list {
			if c.Component != nil {
				walk([]filled{*c.Component})
			}
			walk(c.Components)
			if c.CustomID != "" {
				f(c)
			}
		}
	}
	walk(m.Components)
}

// answer is what Discord is told at once.
type answer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}
