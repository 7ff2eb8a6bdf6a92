package bot

import (
	"cmp"
	"context"
	"fmt"

	"callout/desk"
	"callout/notify"
)

// recordCards draws the card of each kind of record that has one.
var recordCards = map[string]func(*Bot, context.Context, int64) (Card, error){
	desk.CallRecord:  (*Bot).CallCard,
	desk.QuoteRecord: (*Bot).QuoteCard,
	desk.SwapRecord:  (*Bot).SwapCard,
}

// RecordCard is the card that stands for a record in its channel.
func (b *Bot) RecordCard(ctx context.Context, r notify.Record) (Card, error) {
	draw := recordCards[r.Kind]
	if draw == nil {
		return Card{}, fmt.Errorf("%s %d: such records have no card", r.Kind, r.ID)
	}
	return draw(b, ctx, r.ID)
}

// ThreadLine is one timeline entry as the thread below the card of its record shows it.
func (b *Bot) ThreadLine(ctx context.Context, r notify.Record, eventID int64) (Card, error) {
	var words Words
	var err error
	if r.Kind == desk.CallRecord {
		words, err = b.callLineWords(ctx, eventID)
	} else {
		words, err = b.recordLineWords(ctx, eventID)
	}
	if err != nil {
		return Card{}, err
	}
	return Card{Text: words.String(), Parts: []Part{Text(words)}}, nil
}

func (b *Bot) recordLineWords(ctx context.Context, eventID int64) (Words, error) {
	entry, err := b.Desk.RecordEntry(ctx, eventID)
	return recordWords(entry), err
}

// recordVerbs says what somebody did to a record, between their name and what they said about it. A noun adds its own in
// its topic's file.
var recordVerbs = map[string]string{
	"added": " added it", "edited": " changed it", "note": "", "imported": " imported it",
	"requested": " asked for the quote", "ready": " prepared it", "sent": " sent it", "accepted": " noted that it is accepted",
	"declined": " noted that it is declined", "change_requested": " asked for a change", "expired": " let it expire, because nobody answered in time",
	"stage": " moved it", "won": " won it", "lost": " lost it", "contact": " added a contact",
	"retired": " retired it", "returned": " brought it back", "stopped": " stopped it", "resumed": " let it go on",
	"recorded": " was there", "planned": " planned it", "visited": " was there", "cancelled": " cancelled it", "next_done": " did the next step",
	"made": " made it", "taken": " took it", "given": " gave it to somebody", "handed_back": " can't do it", "moved": " moved it", "started": " started",
	"failed_step": " found something to repair", "finished": " finished", "skip_asked": " asks to skip it", "skipped": " skipped it",
	"skip_refused": " wants it done", "nobody": " found nobody for it", "carried_on": " left something for later", "missed": " let it pass", "undone": " undid",
	"cover_asked": " asks to be covered", "cover_taken": " takes it", "cover_withdrawn": " does not need it any more",
	"cover_expired": " closed it, because nobody took it in time", "consent": "",
}

// recordWords says what happened to a record in one sentence: who did what, from what to what, and why.
func recordWords(e desk.RecordEntry) Words {
	verb, known := recordVerbs[e.Event.Kind]
	if !known {
		verb = " " + e.Event.Kind
	}
	by := ""
	if e.Event.Via == "sms" || e.Event.Via == "email" {
		by = " by " + desk.ChannelName(e.Event.Via)
	}
	words := Say(Bold(cmp.Or(e.MemberName, "The desk")), verb, by)
	switch {
	case e.Event.Before != "" && e.Event.After != "":
		words = append(words, Say(" (", e.Event.Before, " → ", e.Event.After, ")")...)
	case e.Event.After != "":
		words = append(words, Say(" (", e.Event.After, ")")...)
	}
	if e.Event.Note == "" {
		return append(words, Span{Text: "."})
	}
	return append(words, Say(": ", e.Event.Note, dot(e.Event.Note))...)
}
