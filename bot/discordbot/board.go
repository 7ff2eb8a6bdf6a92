package discordbot

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
	"callout/notify"
)

// ShowCard posts the card of a record, or edits it when id is not empty, and returns its id. A card that somebody deleted is posted
// again.
func (a *Adapter) ShowCard(ctx context.Context, r notify.Record, channel, id string) (string, error) {
	card, err := a.bot.RecordCard(ctx, r)
	if err != nil {
		return "", fmt.Errorf("card of %s %d: %w", r.Kind, r.ID, err)
	}
	if id != "" {
		err := a.edit(ctx, channel, id, card, recordMark(r))
		if codeOf(err) != codeUnknownMessage {
			return id, err
		}
	}
	return a.send(ctx, channel, card, recordMark(r), "c"+r.Kind+formatID(r.ID)+nonceOf(id))
}

// nonceOf makes the nonce of a card that is posted again another one: a nonce has at most 25 characters.
func nonceOf(id string) string {
	if id == "" {
		return ""
	}
	return "-" + id[max(0, len(id)-6):]
}

// FindCard looks for the card of a record that was posted but whose answer never came.
func (a *Adapter) FindCard(ctx context.Context, r notify.Record, channel string, since time.Time) (id string, found bool, err error) {
	m, err := a.find(ctx, channel, since, func(s shown) bool { return s.marked(recordMark(r)) })
	if err != nil || m == nil {
		return "", false, err
	}
	return m.ID, true, nil
}

// beginThread makes the thread below a card: https://docs.discord.com/developers/resources/channel#start-thread-from-message
func (a *Adapter) beginThread(ctx context.Context, line notify.Line) error {
	address := discordgo.EndpointChannelMessageThread(line.Channel, line.CardID)
	name := shorten(strings.ToUpper(line.Record.Kind[:1])+line.Record.Kind[1:]+" "+formatID(line.Record.ID), maxThreadName)
	_, err := a.call(ctx, http.MethodPost, address, address, map[string]any{"name": name, "auto_archive_duration": channelThreadAuto})
	if codeOf(err) == codeThreadExists {
		return nil
	}
	if err != nil {
		return fmt.Errorf("begin thread: %w", err)
	}
	return nil
}

// AddLines adds entries of the timeline to the thread below the card of a record, as many as fit in one message, and returns how many
// are there now. The thread begins with the first; it has the id of the message it began with.
func (a *Adapter) AddLines(ctx context.Context, line notify.Line) (int, error) {
	var lines []string
	for _, id := range line.EventIDs {
		entry, err := a.bot.ThreadLine(ctx, line.Record, id)
		if err != nil {
			return 0, fmt.Errorf("timeline entry %d of %s %d: %w", id, line.Record.Kind, line.Record.ID, err)
		}
		text := plain(entry)
		if len(lines) > 0 && length(strings.Join(lines, "\n"))+1+length(text) > maxContent {
			break
		}
		lines = append(lines, text)
	}
	if line.MayBeThere {
		if n, err := a.linesThere(ctx, line, lines); err != nil || n > 0 {
			return n, err
		}
	}
	m := message{
		Content: strings.Join(lines, "\n"), AllowedMentions: allowedMentions{Parse: []string{}},
		Nonce: "l" + formatID(line.EventIDs[0]), EnforceNonce: true,
	}
	err := a.addToThread(ctx, line, func() error {
		_, err := a.post(ctx, line.CardID, m)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(lines), nil
}

// plain is a card as a few lines of text.
func plain(c bot.Card) string {
	var lines []string
	for _, part := range c.Parts {
		switch part := part.(type) {
		case bot.Text:
			lines = append(lines, markdown(bot.Words(part), maxContent))
		case bot.Note:
			lines = append(lines, markdown(bot.Words(part), maxContent))
		}
	}
	return shorten(cmp.Or(strings.Join(lines, "\n"), escaper.Replace(c.Text)), maxContent)
}

// addToThread adds something to the thread below a card; if there is none yet, it begins one.
func (a *Adapter) addToThread(ctx context.Context, line notify.Line, add func() error) error {
	err := add()
	if codeOf(err) != codeUnknownChannel {
		return err
	}
	if err := a.beginThread(ctx, line); err != nil {
		return err
	}
	return add()
}

// linesThere counts how many of the first entries are in the thread already: a try that had no answer may have had fewer to say.
func (a *Adapter) linesThere(ctx context.Context, line notify.Line, lines []string) (int, error) {
	there := 0
	_, err := a.find(ctx, line.CardID, time.Time{}, func(s shown) bool {
		for n := range lines {
			if s.Content == strings.Join(lines[:n+1], "\n") {
				there = max(there, n+1)
			}
		}
		return false
	})
	if codeOf(err) == codeUnknownChannel {
		err = nil
	}
	return there, err
}

var _ notify.Album = (*Adapter)(nil)

// AddFile adds a file to the thread below a card, with a sentence about it. If it may be there already, it looks first.
func (a *Adapter) AddFile(ctx context.Context, line notify.Line, f notify.File, about string) error {
	if line.MayBeThere {
		there, err := a.find(ctx, line.CardID, time.Time{}, func(s shown) bool {
			return slices.ContainsFunc(s.Attachments, func(u upload) bool { return u.Filename == f.Name })
		})
		if err != nil && codeOf(err) != codeUnknownChannel || there != nil {
			return err
		}
	}
	card := bot.Card{Text: about, Parts: []bot.Part{bot.Text(bot.Say(about))}, Files: []bot.File{{Name: f.Name, Title: f.Title, Content: f.Content}}}
	return a.addToThread(ctx, line, func() error {
		_, err := a.send(ctx, line.CardID, card, "", "")
		return err
	})
}
