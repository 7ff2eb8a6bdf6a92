package discord

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Options says who the guild and its one installed app are. Empty fields get defaults.
type Options struct {
	BotToken  string // what the app must send after "Bot " (default "sandbox-bot-token")
	AppID     string // the application, and its bot user (default "1100000000000000001")
	GuildID   string // the one guild; also the id of its role @everyone (default "1100000000000000002")
	GuildName string // default "Sandbox"
	BotName   string // what people call the bot (default "Callout")
	KeySeed   string // the signing key of HTTP interactions is made of it (default "sandbox")
	Now       func() time.Time
	Log       *slog.Logger
	StateFile string // optional: the guild is loaded from and saved to this file
	// Intents are the privileged intents switched on for the app in the developer portal; none by default, as there.
	Intents Intent
	// RateLimits makes buckets run empty: 5 messages in 5 s and channel, 50 requests a second in all. Without it
	// the headers tell of plenty and nothing is refused. Buckets run by real time.
	RateLimits bool
	RateWindow time.Duration // real time after which the bucket of a channel's messages is full again; default 5 s
	AckTimeout time.Duration // real time an app has to answer an interaction; default and Discord's own: 3 s
	Heartbeat  time.Duration // real time between heartbeats asked for; default 41.25 s
	ResumeFor  time.Duration // real time a lost session can be resumed; default 3 min
}

// Intent is a bit of what an app wants to hear over the gateway.
type Intent int

// The intents this guild knows, https://discord.com/developers/docs/events/gateway#gateway-intents
const (
	IntentGuilds         Intent = 1 << 0
	IntentGuildMembers   Intent = 1 << 1 // privileged
	IntentPresences      Intent = 1 << 8 // privileged
	IntentGuildMessages  Intent = 1 << 9
	IntentDirectMessages Intent = 1 << 12
	IntentMessageContent Intent = 1 << 15 // privileged
)

// User is a person, or a bot, and a member of the guild.
type User struct {
	ID         string   `json:"id"`
	Username   string   `json:"username"`
	GlobalName string   `json:"global_name"` // the name shown
	Nick       string   `json:"nick,omitempty"`
	Roles      []string `json:"roles,omitempty"` // ids
	Locale     string   `json:"locale,omitempty"`
	Bot        bool     `json:"bot,omitempty"`
	Admin      bool     `json:"admin,omitempty"`     // has every permission
	DMClosed   bool     `json:"dm_closed,omitempty"` // takes no direct messages from the app
	Gone       bool     `json:"gone,omitempty"`      // has left the guild
}

// Name is what others see.
func (u User) Name() string {
	for _, n := range []string{u.Nick, u.GlobalName, u.Username} {
		if n != "" {
			return n
		}
	}
	return u.ID
}

// Role is a role of the guild.
type Role struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Permission is a bit of what the app may do in a channel.
type Permission int64

// The permissions the app can lack, https://discord.com/developers/docs/topics/permissions
const (
	ViewChannel          Permission = 1 << 10
	SendMessages         Permission = 1 << 11
	ManageMessages       Permission = 1 << 13
	EmbedLinks           Permission = 1 << 14
	AttachFiles          Permission = 1 << 15
	ReadMessageHistory   Permission = 1 << 16
	CreatePublicThreads  Permission = 1 << 35
	SendMessagesInThread Permission = 1 << 38
)

// Types of Channel, https://discord.com/developers/docs/resources/channel#channel-object-channel-types
const (
	TextChannel   = 0
	DMChannel     = 1
	PublicThread  = 11
	PrivateThread = 12
)

// Channel is a text channel, a direct message or a thread.
type Channel struct {
	ID       string     `json:"id"`
	Type     int        `json:"type"`
	Name     string     `json:"name"`
	Topic    string     `json:"topic,omitempty"`
	Parent   string     `json:"parent,omitempty"`    // of a thread
	Members  []string   `json:"members,omitempty"`   // who sees it; nobody listed means everybody
	AppLacks Permission `json:"app_lacks,omitempty"` // what the app may not do here
	Archived bool       `json:"archived,omitempty"`
	Locked   bool       `json:"locked,omitempty"`
	Last     string     `json:"last,omitempty"` // newest message
}

// IsThread reports whether the channel is a thread.
func (c Channel) IsThread() bool { return c.Type == PublicThread || c.Type == PrivateThread }

// MessageRef names one message.
type MessageRef struct {
	Channel string `json:"channel"`
	ID      string `json:"id"`
}

// Attachment is a file of a message or of a submitted form.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
}

// Message flags, https://discord.com/developers/docs/resources/message#message-object-message-flags
const (
	FlagSuppressEmbeds = 1 << 2
	FlagEphemeral      = 1 << 6
	FlagLoading        = 1 << 7
	FlagHasThread      = 1 << 5
	FlagSilent         = 1 << 12
	FlagComponentsV2   = 1 << 15
)

// Message is one message as a person sees it. The JSON form is for the page; the app gets Discord's own shape.
type Message struct {
	ID          string          `json:"id"`
	Channel     string          `json:"channel"`
	Author      string          `json:"author"`
	Type        int             `json:"type"`
	Content     string          `json:"content"`
	Embeds      json.RawMessage `json:"embeds,omitempty"`
	Components  json.RawMessage `json:"components,omitempty"`
	Attachments []Attachment    `json:"attachments,omitempty"`
	Flags       int             `json:"flags,omitempty"`
	Ephemeral   string          `json:"ephemeral,omitempty"` // the only user who sees it
	Loading     bool            `json:"loading,omitempty"`   // "Callout is thinking..."
	Notice      bool            `json:"notice,omitempty"`    // Discord itself speaking
	Deleted     bool            `json:"deleted,omitempty"`
	Edited      time.Time       `json:"edited,omitzero"`
	Edits       []string        `json:"edits,omitempty"`  // the texts it had before, oldest first
	Pinged      []string        `json:"pinged,omitempty"` // who was notified: user and role ids, or "everyone"
	ReplyTo     string          `json:"reply_to,omitempty"`
	Thread      string          `json:"thread,omitempty"`   // the thread below it
	Command     string          `json:"command,omitempty"`  // the command it answers, e.g. "/calls"
	AskedBy     string          `json:"asked_by,omitempty"` // who used that command
	Interaction string          `json:"interaction,omitempty"`
	AskedAs     int             `json:"asked_as,omitempty"` // type of that interaction
	Nonce       string          `json:"nonce,omitempty"`
}

// Ref names the message.
func (m Message) Ref() MessageRef { return MessageRef{Channel: m.Channel, ID: m.ID} }

func (m *Message) clone() Message {
	c := *m
	c.Edits, c.Attachments, c.Pinged = slices.Clone(m.Edits), slices.Clone(m.Attachments), slices.Clone(m.Pinged)
	return c
}

// Modal is somebody's open form. Only one is open at a time.
type Modal struct {
	ID         string              `json:"id"` // of the interaction that opened it
	UserID     string              `json:"user_id"`
	Channel    string              `json:"channel"`
	Message    string              `json:"message,omitempty"` // whose component opened it
	CustomID   string              `json:"custom_id"`
	Title      string              `json:"title"`
	Components json.RawMessage     `json:"components"`
	Values     map[string][]string `json:"values"`           // as typed last, by custom_id
	Errors     map[string]string   `json:"errors,omitempty"` // by custom_id: what the client did not let through
	Notice     string              `json:"notice,omitempty"` // what Discord shows when the app did not answer
}

// Values is what a person enters in a form, by custom_id or label: a text, the values or labels of chosen options,
// user, role or channel ids, "true" for a checkbox, ids of files from Upload.
type Values map[string][]string

// Choice is one thing to choose: of an autocomplete, a select, or a command's fixed choices.
type Choice struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
}

// Kinds of Reply.
const (
	ReplyMessage  = "message"  // a new message
	ReplyThinking = "thinking" // a new message that says it is thinking, to be filled later
	ReplyUpdate   = "update"   // the message whose component was used changed
	ReplySilent   = "silent"   // acknowledged, nothing to see yet
	ReplyModal    = "modal"    // a form opened
	ReplyChoices  = "choices"
	ReplyInvalid  = "invalid" // the client did not let the form go: see Errors
)

// Reply is what a person sees at once after doing something.
type Reply struct {
	Kind    string
	Text    string     // all words of the message
	Ref     MessageRef // the message, for ReplyMessage, ReplyThinking and ReplyUpdate
	Private bool       // only this person sees it
	Modal   *Modal     // for ReplyModal
	Choices []Choice
	Errors  map[string]string
}

// Fault makes requests of one route go wrong. Fields combine: Delay comes first, then Cut, Drop or the failure.
type Fault struct {
	Times      int           // how many requests are hit; 0 means every one until cleared
	Status     int           // HTTP status, e.g. 500
	Code       int           // Discord's code in the JSON body
	RetryAfter time.Duration // makes it a 429
	Global     bool          // of a 429: the global limit
	Delay      time.Duration // real time before anything happens
	Cut        bool          // the connection is cut before anything was done
	Drop       bool          // the work is done, then the connection is cut before the answer
	Body       string        // sent as it is instead of an answer
}

// Recorded is one request the app made.
type Recorded struct {
	Route  string // e.g. "POST /channels/{channel}/messages"
	Path   string
	At     time.Time
	Body   json.RawMessage // the JSON, also of a multipart request
	Files  int
	Status int
	Code   int // Discord's code of a refusal
	Detail string
}

// Kinds of Event.
const (
	EventMessage = "message"
	EventEdit    = "edit"
	EventDelete  = "delete"
	EventModal   = "modal" // a form opened, changed or closed
	EventGuild   = "guild" // people, channels or commands changed
)

// Event tells a subscriber what changed; the reader then asks for the new state.
type Event struct {
	Seq     int64  `json:"seq"`
	Type    string `json:"type"`
	Channel string `json:"channel,omitempty"`
	ID      string `json:"id,omitempty"`
	UserID  string `json:"user_id,omitempty"` // set when only this person may see it
}

// Words Discord shows when an app does not answer.
const (
	NoResponse = "The application did not respond"
	Failed     = "This interaction failed"
	WentWrong  = "Something went wrong. Try again."
)

// DeliveryError says that the app did not answer an interaction as it must. Words is what the person sees.
type DeliveryError struct {
	Words  string
	What   string // e.g. "/calls" or "button call.accept"
	Status int    // HTTP status when there was one
	Detail string
}

// Error describes the failure for a test's log.
func (e *DeliveryError) Error() string {
	return strings.TrimSuffix(e.What+": "+e.Words+": "+e.Detail, ": ")
}
