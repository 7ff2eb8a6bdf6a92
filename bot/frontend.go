package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"callout/notify"
)

// Conversation is what every chat front end needs of the bot; *Bot is one.
type Conversation interface {
	// Handle answers one request; errors are already turned into what the person should see.
	Handle(ctx context.Context, r Request) Reply
	// Preview is the form a command, button or shortcut opens, made without any look-up; nil if there is none.
	Preview(r Request) *Form
	// RecordCard is the card of a record in its channel.
	RecordCard(ctx context.Context, r notify.Record) (Card, error)
	// ThreadLine is one entry of a record's timeline.
	ThreadLine(ctx context.Context, r notify.Record, eventID int64) (Card, error)
	// NoticeCard is a message that says what a notice says.
	NoticeCard(ctx context.Context, m notify.Message) (Card, error)
}

// FilesOf are the files that go with a notice: its own, else those of its card.
func FilesOf(m notify.Message, card Card) []File {
	if len(m.Files) == 0 {
		return card.Files
	}
	files := make([]File, len(m.Files))
	for i, f := range m.Files {
		files[i] = File{Name: f.Name, Title: f.Title, Content: f.Content}
	}
	return files
}

// Sentence is a card of one paragraph.
func Sentence(text string) Card { return Card{Text: text, Parts: []Part{Text(Say(text))}} }

// Apology is all a person sees of a failure nobody foresaw.
func Apology(ref string) Card {
	return Sentence("Something went wrong here. Please try again; if it happens again, tell an admin the reference " + ref + ".")
}

// ErrorCard says what was wrong with the fields of a form, where there is no form to say it on.
func ErrorCard(errs map[string]string) Card {
	var texts []string
	for _, field := range slices.Sorted(maps.Keys(errs)) {
		texts = append(texts, errs[field])
	}
	return Sentence(strings.Join(texts, " "))
}

// Upload takes the bytes of a file that somebody uploaded, and no more than Most: what a platform says of its size is not trusted.
type Upload struct {
	Most   int64
	buffer bytes.Buffer // not embedded: it would offer a way past Write
}

// Write takes some more bytes.
func (u *Upload) Write(p []byte) (int, error) {
	if int64(u.buffer.Len()+len(p)) > u.Most {
		return 0, TooLarge(u.Most)
	}
	return u.buffer.Write(p)
}

// Bytes are what was taken.
func (u *Upload) Bytes() []byte { return u.buffer.Bytes() }

// TooLarge refuses a file of more than so many bytes.
func TooLarge(most int64) error {
	said := fmt.Sprintf("it is larger than %d MB", most>>20)
	return &notify.Error{Err: errors.New(said), Said: said, Permanent: true}
}
