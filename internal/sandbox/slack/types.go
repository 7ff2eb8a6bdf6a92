package slack

import (
	"encoding/json"
	"log/slog"
	"time"
)

// Options says who the workspace and its one installed app are. Empty fields get defaults.
type Options struct {
	BotToken      string // what the app must send as its token (default "xoxb-sandbox")
	AppToken      string // for apps.connections.open (default "xapp-sandbox")
	SigningSecret string // signs every callback (default "sandbox-signing-secret")
	EventsURL     string // where callbacks are POSTed; see SetEventsURL
	Team          string // the workspace's name (default "Sandbox")
	BotUserID     string // the app's bot user (default "U0CALLOUT")
	Now           func() time.Time
	Log           *slog.Logger
	StateFile     string          // optional: the workspace is loaded from and saved to this file
	RateLimits    bool            // refuse with ratelimited as Slack does: about 1 message a second and channel, tiers elsewhere
	AckTimeout    time.Duration   // real time an app has to answer; default and Slack's own: 3 s
	EventRetries  []time.Duration // real time before each retry of an event; default and Slack's own: at once, 1 min, 5 min
}

// User is a person, or a bot, of the workspace.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Email    string `json:"email"`
	TZ       string `json:"tz"`
	IsBot    bool   `json:"is_bot"`
	IsAdmin  bool   `json:"is_admin"`
	Deleted  bool   `json:"deleted"`
}

// Channel is a channel or, when IsIM is set, a direct message between its two members.
type Channel struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Members    []string `json:"members"`
	IsPrivate  bool     `json:"is_private"`
	IsIM       bool     `json:"is_im"`
	IsMPIM     bool     `json:"is_mpim"`
	IsArchived bool     `json:"is_archived"`
	Topic      string   `json:"topic,omitempty"`
	Purpose    string   `json:"purpose,omitempty"`
	Created    int64    `json:"created"`
}

// MessageRef names one message.
type MessageRef struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// Element names one interactive element. BlockID may stay empty when ActionID is unique where it is used.
type Element struct {
	BlockID  string `json:"block_id"`
	ActionID string `json:"action_id"`
}

// Message is one message as a person sees it. The JSON form is for the page; the app gets Slack's own shape.
type Message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id,omitempty"`
	Username    string          `json:"username,omitempty"`
	Subtype     string          `json:"subtype,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Files       []File          `json:"files,omitempty"`
	EditedTS    string          `json:"edited_ts,omitempty"` // set when Slack shows "(edited)": not for edits of blocks
	Edits       []string        `json:"edits,omitempty"`     // the texts it had before, oldest first
	Deleted     bool            `json:"deleted,omitempty"`
	Ephemeral   string          `json:"ephemeral,omitempty"` // the only user who sees it
	Notice      bool            `json:"notice,omitempty"`    // Slack itself speaking, e.g. operation_timeout
	Broadcast   bool            `json:"broadcast,omitempty"` // a thread reply also shown in the channel
	ReplyCount  int             `json:"reply_count,omitempty"`
}

// Ref names the message.
func (m Message) Ref() MessageRef { return MessageRef{Channel: m.Channel, TS: m.TS} }

// View is a modal in somebody's stack, or somebody's Home tab.
type View struct {
	ID              string            `json:"id"`
	Type            string            `json:"type"` // modal or home
	UserID          string            `json:"user_id"`
	Title           string            `json:"title"`
	Submit          string            `json:"submit"`
	Close           string            `json:"close"`
	CallbackID      string            `json:"callback_id"`
	ExternalID      string            `json:"external_id"`
	PrivateMetadata string            `json:"private_metadata"`
	Hash            string            `json:"hash"`
	RootViewID      string            `json:"root_view_id"`
	PreviousViewID  string            `json:"previous_view_id"`
	Blocks          json.RawMessage   `json:"blocks"`
	State           json.RawMessage   `json:"state"` // values by block and action, as last typed or submitted
	ClearOnClose    bool              `json:"clear_on_close"`
	NotifyOnClose   bool              `json:"notify_on_close"`
	Errors          map[string]string `json:"errors,omitempty"` // by block id, from the last submission
	Notice          string            `json:"notice,omitempty"` // what Slack shows when the app did not answer
}

// File is an uploaded file.
type File struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Mimetype string   `json:"mimetype"`
	Size     int      `json:"size"`
	User     string   `json:"user"`
	AltText  string   `json:"alt_txt,omitempty"`
	Created  int64    `json:"created"`
	Channels []string `json:"channels,omitempty"`
	URL      string   `json:"url_private"` // open to the app with its token, and to the page through FileContent
	Complete bool     `json:"complete"`    // false until files.completeUploadExternal
}

// Option is one choice of a select.
type Option struct {
	Text        string `json:"text"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Group       string `json:"group,omitempty"`
}

// Values is what a person typed or chose, by block id (or "block_id/action_id"): the text, the chosen
// option's value, a date (2006-01-02), a time (15:04), Unix seconds for a datetimepicker. Where several may be
// chosen, values are separated by commas, or given as a JSON array when one of them holds a comma.
type Values map[string]string

// SubmitResult is what happened to a submitted modal.
type SubmitResult struct {
	Errors map[string]string // by block id
	Action string            // "close", "clear", "errors", "update" or "push"
	Local  bool              // the errors are Slack's own: the app was not asked
}

// Reply is what the app answered a slash command with, in the same HTTP exchange or envelope.
// It is zero when the app acknowledged without a message.
type Reply struct {
	Text         string
	Blocks       json.RawMessage
	ResponseType string // ephemeral or in_channel
	Ref          MessageRef
}

// Command is a slash command of the manifest.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
	UsageHint   string `json:"usage_hint"`
}

// ShortcutInfo is a shortcut of the manifest.
type ShortcutInfo struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // global or message
	CallbackID  string `json:"callback_id"`
	Description string `json:"description"`
}

// Fault makes calls of one method go wrong. Fields combine: Delay comes first, then Drop or the failure.
type Fault struct {
	Times      int           // how many calls are hit; 0 means every one until cleared
	Status     int           // HTTP status, e.g. 500; with Error empty the body is not JSON
	Error      string        // Slack error name, e.g. internal_error or ratelimited
	RetryAfter time.Duration // sent as Retry-After; makes the status 429 unless Status is set
	Delay      time.Duration // real time before anything happens
	Drop       bool          // the work is done, then the connection is cut before the answer
	Body       string        // sent as it is instead of an answer
}

// Recorded is one call the app made.
type Recorded struct {
	Method string // e.g. chat.postMessage, or response_url
	At     time.Time
	Args   map[string]string // structured arguments are JSON
	Error  string            // what it was answered; empty when ok
}

// Kinds of Event.
const (
	EventMessage     = "message"
	EventEdit        = "edit"
	EventDelete      = "delete"
	EventEphemeral   = "ephemeral"
	EventViewOpened  = "view_opened"
	EventViewUpdated = "view_updated"
	EventViewClosed  = "view_closed"
	EventHome        = "home"
	EventWorkspace   = "workspace" // people, channels or the manifest changed
)

// Event tells a subscriber what changed; the reader then asks for the new state.
type Event struct {
	Seq     int64  `json:"seq"`
	Type    string `json:"type"`
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
	UserID  string `json:"user_id,omitempty"` // set when only this person may see it
	ViewID  string `json:"view_id,omitempty"`
}

// DeliveryError says that the app did not answer a callback as it must. Kind is the word Slack uses:
// operation_timeout, dispatch_failed, dispatch_unknown_error, or invalid_response for an answer Slack cannot use.
type DeliveryError struct {
	Kind   string
	What   string // e.g. "/log-call" or "view_submission"
	Status int    // HTTP status when there was one
	Detail string
}

// Error describes the failure for a test's log.
func (e *DeliveryError) Error() string { return e.What + ": " + e.Kind + ": " + e.Detail }
