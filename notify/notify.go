// Package notify sends what is owed to people. It owns the wording of SMS and e-mail and the seam through which chat
// platforms send; it must not know the database, the rules of the desk or any chat SDK.
package notify

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Channel names a way to reach a person; it is also the value stored in notice.channel.
type Channel string

// The channels. A chat channel's address is a user id (direct message) or a channel id.
const (
	Slack   Channel = "slack"
	Discord Channel = "discord"
	SMS     Channel = "sms"
	Email   Channel = "email"
)

// Kind says what a message is about.
type Kind string

// What messages are about.
const (
	Offer      Kind = "offer"      // a technician is asked to take a call
	Withdrawn  Kind = "withdrawn"  // the offer is no longer open: somebody else has it, or it was closed
	Logged     Kind = "logged"     // who logged the call learns who was asked
	Accepted   Kind = "accepted"   // who logged the call learns who took it
	Closed     Kind = "closed"     // who logged the call learns what was done
	Reopened   Kind = "reopened"   // who had the call learns that it is open again
	Unassigned Kind = "unassigned" // dispatchers learn that nobody is eligible
	Unowned    Kind = "unowned"    // dispatchers or admins learn that nobody has a call after some time
	Nudge      Kind = "nudge"      // a call was accepted and nobody moves
	Code       Kind = "code"       // a code that proves a phone
	Register   Kind = "register"   // admins learn that somebody asks to be a member
	Welcome    Kind = "welcome"    // the person learns that they are a member now, or were refused
	Problem    Kind = "problem"    // a contact of theirs stopped working, or a report failed
	Report     Kind = "report"     // a report with its file

	QuoteReady   Kind = "quote_ready"   // who asked for a quote gets it, with its PDF
	QuoteNews    Kind = "quote_news"    // what became of a quote, or a reminder of it
	LeadsDue     Kind = "leads_due"     // the follow-ups of the day
	LeadNews     Kind = "lead_news"     // a lead is yours now
	TaskDue      Kind = "task_due"      // maintenance is due soon, today, or overdue
	TaskNews     Kind = "task_news"     // what became of a task: skipped, moved, carried on
	ServiceSheet Kind = "service_sheet" // what was done at a machine, as a PDF
	ImportDone   Kind = "import_done"   // what came of a file of records, with its rejects

	DutyNews   Kind = "duty_news"  // somebody asks to be covered, time off was asked for or decided, gaps of the coming week
	Correction Kind = "correction" // what an earlier message said is not so any more: it was undone
	Words      Kind = "words"      // what somebody wrote in the thread of a call, to a technician who does not read it there
	Inform     Kind = "inform"     // a customer learns how their call stands
	Drill      Kind = "drill"      // a message that asks for an answer, to prove that this way still reaches the person
)

// Message is one notice with the plain facts needed to word it. Fields that do not apply are empty.
type Message struct {
	ID      int64 // notice.id: makes provider-side look-ups and e-mail Message-IDs stable
	Kind    Kind
	Channel Channel
	Address string
	Name    string // of the person addressed
	Company string
	Call    Call
	OfferID int64
	Text    string    // kinds that are a sentence of their own: the code, the problem, who was asked
	Said    string    // the whole text, if it says several messages at once: see Bundle
	Ref     string    // the record a chat card is made of, such as a member id or a report run id
	Record  Record    // what it is about, if that is no call
	Asked   time.Time // when it was first tried, if it was; then the provider may already have it
	Files   []File
	Figures *Figures // of kind Report
	Told    *Told    // to a customer, of kinds Inform and Correction; nil is for a member
}

// Figures is what a report says in chat; the whole of it is in Files.
type Figures struct {
	Title   string
	Filters string
	Numbers []Number
	Charts  []Chart
}

// Number is one labelled value of Figures.
type Number struct{ Label, Value string }

// Chart is a small chart of Figures.
type Chart struct {
	Kind   string // "bar", "line" or "pie"
	Title  string
	Labels []string
	Series []Series
}

// Series is one row of numbers of a Chart, a number for each label.
type Series struct {
	Name   string
	Values []float64
}

// Call is what a message says of a call.
type Call struct {
	ID         int64
	Priority   string
	Customer   string
	Phone      string // of the contact, else of the customer; E.164
	Contact    string
	Site       string
	Address    string
	Equipment  string
	Summary    string
	Details    string
	Technician string
	Resolution string
}

// File goes with a message, or was uploaded.
type File struct {
	Name, Title string
	Media       string // such as image/jpeg; of uploaded files only
	Content     []byte
}

// Receipt is what the provider said. ID is its own id of the message, Segments what a text is charged as.
type Receipt struct {
	ID       string
	Segments int
}

// Sender sends messages on one channel. An error is permanent if Permanent says so; anything else is tried again,
// not before RetryAfter(err).
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Finder is a Sender that can be asked whether a message whose answer never came was sent after all.
type Finder interface {
	// Find returns the receipt and true if the provider has the message.
	Find(ctx context.Context, m Message) (Receipt, bool, error)
}

// Editor is a Sender whose messages can be changed after they were sent.
type Editor interface {
	// Edit makes the message that the provider knows as id say what m says now.
	Edit(ctx context.Context, m Message, id string) error
}

// Record names a record of the business: its kind, such as call or quote, and its number.
type Record struct {
	Kind string
	ID   int64
}

// Board is a chat platform on which records have a card and a thread.
type Board interface {
	// ShowCard posts the card of a record, or edits it when id is not empty, and returns its id.
	ShowCard(ctx context.Context, r Record, channel, id string) (string, error)
	// FindCard looks for the card of a record that was posted but whose answer never came.
	FindCard(ctx context.Context, r Record, channel string, since time.Time) (id string, found bool, err error)
	// AddLines adds entries of the timeline to the thread below the card, the first ones in one message, and returns how
	// many of them are there now.
	AddLines(ctx context.Context, line Line) (int, error)
}

// Line is what is on its way into the thread below a card: entries of the timeline, oldest first.
type Line struct {
	Record          Record
	EventIDs        []int64
	Channel, CardID string
	MayBeThere      bool // an earlier try had no answer: look first
}

// Album is a Board whose threads take files.
type Album interface {
	// AddFile adds a file to the thread below a card, with a sentence about it. The name tells whether it is there already.
	AddFile(ctx context.Context, line Line, f File, about string) error
}

// Fetcher is a platform from which files that people uploaded, or sent with a text, can be fetched.
type Fetcher interface {
	// Fetch reads a file by the platform's own id, at most so many bytes of it.
	Fetch(ctx context.Context, id string, most int64) (File, error)
}

// Error is what a provider answered, sorted into what may be done about it.
type Error struct {
	Err       error
	Said      string        // why, in a few plain words for people; empty for what only a log can use
	Permanent bool          // trying again cannot help
	Dead      bool          // permanent, and the address itself is at fault: disable the contact
	Setup     string        // what an admin must put right, naming the setting; empty if our settings are not at fault
	After     time.Duration // do not try again before this long
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the provider's own error.
func (e *Error) Unwrap() error { return e.Err }

// Permanent reports whether trying again cannot help.
func Permanent(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Permanent || e.Dead)
}

// Dead reports whether the address itself is at fault, so that the contact should be disabled.
func Dead(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Dead
}

// Setup says what an admin must put right before anything can be sent this way; empty if our settings are not at fault.
func Setup(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Setup
	}
	return ""
}

// Said says in a few plain words why a message could not be sent: the provider's own words are for the log.
func Said(err error) string {
	var e *Error
	switch {
	case !errors.As(err, &e):
		return "no answer from the provider"
	case e.Said != "":
		return e.Said
	case e.Dead:
		return "the address does not work"
	case e.Permanent:
		return "the provider refused it"
	}
	return "the provider could not take it"
}

// RetryAfter returns how long the provider asked us to wait; zero if it did not say.
func RetryAfter(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.After
	}
	return 0
}

// Router hands a message to the sender of its channel. Chat senders register themselves at start-up.
type Router struct{ senders map[Channel]Sender }

// NewRouter returns a router that knows no channel yet.
func NewRouter() *Router { return &Router{senders: map[Channel]Sender{}} }

// Register adds the sender of a channel; two senders for one channel are a programming error and panic.
func (r *Router) Register(c Channel, s Sender) {
	if _, taken := r.senders[c]; taken {
		panic(fmt.Sprintf("notify: two senders for channel %q", c))
	}
	r.senders[c] = s
}

// Board returns the chat platform behind a channel, if it is one and is set up.
func (r *Router) Board(c Channel) (Board, bool) {
	b, ok := r.senders[c].(Board)
	return b, ok
}

// Fetcher returns where the files of a channel are fetched, if it is set up and has files.
func (r *Router) Fetcher(c Channel) (Fetcher, bool) {
	f, ok := r.senders[c].(Fetcher)
	return f, ok
}

// Edit changes a message that was sent, where the channel can; elsewhere it does nothing.
func (r *Router) Edit(ctx context.Context, m Message, id string) error {
	editor, ok := r.senders[m.Channel].(Editor)
	if !ok {
		return nil
	}
	return editor.Edit(ctx, m, id)
}

// Send sends m on its channel. If an earlier attempt had no answer, the provider is asked first whether it has it.
func (r *Router) Send(ctx context.Context, m Message) (Receipt, error) {
	sender := r.senders[m.Channel]
	if sender == nil {
		return Receipt{}, &Error{Err: fmt.Errorf("channel %q is not set up", m.Channel), Permanent: true}
	}
	if finder, ok := sender.(Finder); ok && !m.Asked.IsZero() {
		receipt, found, err := finder.Find(ctx, m)
		if err != nil {
			return Receipt{}, fmt.Errorf("look up notice %d: %w", m.ID, err)
		}
		if found {
			return receipt, nil
		}
	}
	return sender.Send(ctx, m)
}
