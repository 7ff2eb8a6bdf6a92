// Package bot owns the conversation: which commands there are, what forms, cards and buttons look like in words no platform
// owns, and which rule of the desk each of them asks for. It must not know SQL or any chat SDK, and decides nothing that is
// worth deciding without chat.
package bot

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// Options is what the conversation is built from.
type Options struct {
	Desk *desk.Desk
	Log  *slog.Logger
	// Profile reads what a platform knows of one of its users, to fill the registration form; nil where there is none.
	Profile func(ctx context.Context, p Platform, userID string) (Profile, error)
	// QuotePDF makes the PDF of one version of a quote.
	QuotePDF func(ctx context.Context, id int64, version int32) (notify.File, error)
}

// Profile is what a platform knows of one of its users.
type Profile struct {
	Name, Email, Timezone string
}

// Bot holds the conversation. It is safe for concurrent use and remembers nothing between requests but whose phones texted.
type Bot struct {
	Options
	commands []Command
	byName   map[string]Command
	topic    topic
	texters  sync.Map // phones of members that have texted: only they are told that the database is away
}

// handler answers one kind of thing a member did.
type handler func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error)

// topic is what one noun adds to the conversation, by the names that Requests carry.
type topic struct {
	buttons  map[string]handler
	forms    map[string]handler
	changes  map[string]handler // by form
	searches map[string]handler // by field
}

// New returns the conversation. Two rows with one name in its tables are a programming error and panic.
func New(o Options) *Bot {
	b := &Bot{Options: o, commands: commandTable(), byName: map[string]Command{}}
	for _, c := range b.commands {
		mustBeNew(b.byName, c.Name)
		b.byName[c.Name] = c
	}
	b.topic = topic{map[string]handler{}, map[string]handler{}, map[string]handler{}, map[string]handler{}}
	for _, t := range topics() {
		add(b.topic.buttons, t.buttons)
		add(b.topic.forms, t.forms)
		add(b.topic.changes, t.changes)
		add(b.topic.searches, t.searches)
	}
	return b
}

func add(to, from map[string]handler) {
	for name, h := range from {
		mustBeNew(to, name)
		to[name] = h
	}
}

func mustBeNew[V any](m map[string]V, name string) {
	if _, taken := m[name]; taken {
		panic(fmt.Sprintf("bot: two rows are named %q", name))
	}
}

// Handle answers one request. It never fails: what goes wrong is already turned into what the person should see.
func (b *Bot) Handle(ctx context.Context, r Request) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			reply = b.trouble(ctx, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	reply, err := b.answer(ctx, r)
	if err != nil {
		return b.trouble(ctx, r, err)
	}
	return reply
}

func (b *Bot) answer(ctx context.Context, r Request) (Reply, error) {
	if r.Platform == SMS {
		return b.answerText(ctx, r)
	}
	if r.Kind == KindThread {
		return b.wroteInThread(ctx, r)
	}
	if r.Kind == KindForm && r.Name == formRegister {
		return b.submitRegister(ctx, r)
	}
	member, err := b.Desk.Who(ctx, string(r.Platform), r.User, r.UserName)
	if desk.CodeOf(err) == desk.Unregistered {
		return b.stranger(ctx, r)
	}
	if err != nil {
		return Reply{}, err
	}
	a := desk.Actor{Member: member, Via: string(r.Platform), Key: r.Key}
	if member.State != desk.StateActive {
		return b.answerWaiting(ctx, r, a)
	}
	return b.route(ctx, r, a)
}

// stranger answers somebody whom nobody knows by their chat user: a member whom an admin brought along, or a stranger indeed.
func (b *Bot) stranger(ctx context.Context, r Request) (Reply, error) {
	known, err := b.Desk.Recognise(ctx, string(r.Platform), r.User, b.profile(ctx, r).Email)
	if err != nil {
		return Reply{}, err
	}
	if known {
		return b.answer(ctx, r)
	}
	if reply, linked, err := b.linkStranger(ctx, r); linked || err != nil {
		return reply, err
	}
	return b.greetStranger(ctx, r)
}

// route finds the one place that answers a request.
func (b *Bot) route(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	var h handler
	switch r.Kind {
	case KindCommand, KindShortcut:
		c, rest := b.command(r)
		if c.handle == nil {
			return b.unknownCommand(r), nil
		}
		r.Text = rest
		h = c.handle
	case KindButton:
		h = b.topic.buttons[r.Name]
	case KindForm:
		h = b.topic.forms[r.Name]
	case KindChange:
		h = b.topic.changes[r.Name]
	case KindSearch:
		h = b.topic.searches[r.Field]
	case KindHome:
		h = (*Bot).home
	case KindText:
		h = (*Bot).directMessage
	}
	if h == nil {
		return Reply{}, fmt.Errorf("nothing answers kind %d name %q field %q", r.Kind, r.Name, r.Field)
	}
	reply, err := h(b, ctx, r, a)
	if err != nil {
		return reply, err
	}
	return b.withUndo(ctx, r, a, reply)
}

// Preview returns the form that a request opens, made without any look-up; nil if it opens none or needs data first.
func (b *Bot) Preview(r Request) *Form {
	switch r.Kind {
	case KindCommand, KindShortcut:
		c, rest := b.command(r)
		if c.form == nil {
			return nil
		}
		r.Text = rest
		return c.form(r)
	case KindButton:
		if form, ok := buttonForms()[r.Name]; ok {
			return form(r)
		}
	}
	return nil
}

// FormError is the key in Reply.Errors for what is wrong with a form as a whole.
const FormError = "form"

// unavailable is what people read while the database is away.
const unavailable = "I can't reach my database just now. Nothing you typed is lost: please try again in a minute. Trying twice does no harm."

// trouble turns an error into what the person sees. Refusals are shown as they are; anything else is logged under a
// reference that the person sees too. A phone that may be a stranger's gets no answer.
func (b *Bot) trouble(ctx context.Context, r Request, err error) Reply {
	var refused *desk.Error
	if errors.As(err, &refused) {
		return refusal(r, refused)
	}
	ref := Reference()
	b.Log.ErrorContext(ctx, "request failed", "ref", ref, "kind", int(r.Kind), "name", r.Name, "platform", string(r.Platform), "err", err)
	if _, known := b.texters.Load(r.User); r.Platform == SMS && !known {
		return Reply{}
	}
	text := fmt.Sprintf("Something went wrong on our side, and I have noted it. Please try again; if it stays, tell your admin this reference: %s.", ref)
	if store.Unavailable(err) || errors.Is(err, context.DeadlineExceeded) {
		if form := b.Preview(r); form != nil {
			return Reply{Form: formWhileAway(form)}
		}
		text = fmt.Sprintf("%s (Reference %s.)", unavailable, ref)
	}
	return refusal(r, &desk.Error{Text: text})
}

// formWhileAway opens a form although the database is away: a customer is on the phone now, and what they say can be typed
// while it comes back. Who may send it is decided when it is sent.
func formWhileAway(form *Form) *Form {
	note := Field{Name: "away", Kind: FieldNote, Note: Say("I can't reach my database just now. Type on: you can send this as soon as it is back.")}
	form.Fields = append([]Field{note}, form.Fields...)
	return form
}

func refusal(r Request, e *desk.Error) Reply {
	switch r.Kind {
	case KindForm:
		if len(e.Fields) > 0 {
			return Reply{Errors: e.Fields}
		}
		return Reply{Errors: map[string]string{FormError: e.Text}}
	case KindThread:
		return Reply{Errors: map[string]string{FormError: e.Text}}
	case KindSearch:
		return Reply{Options: []Option{}}
	case KindHome:
		return Reply{Home: textCard(e.Text)}
	}
	return Reply{Say: textCard(e.Text)}
}

// Reference names one failure, for the person and for the log: it is short enough to be read out over the phone.
func Reference() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// textCard is a card of one paragraph.
func textCard(text string) *Card {
	card := Sentence(text)
	return &card
}

func say(format string, args ...any) Reply { return Reply{Say: textCard(fmt.Sprintf(format, args...))} }

// zone is the time zone a member reads times in.
func (b *Bot) zone(a desk.Actor) *time.Location { return b.Desk.ZoneOf(a.Member) }
