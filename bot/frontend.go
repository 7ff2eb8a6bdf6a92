package bot

import (
	"context"

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
