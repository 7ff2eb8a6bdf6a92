package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Place is where somebody wrote in chat: below which message of which channel.
type Place struct{ Platform, Channel, Message string }

// CardAt finds the record whose card a message is; false if it is none of our cards.
func (d *Desk) CardAt(ctx context.Context, p Place) (Record, bool, error) {
	row, err := d.q.GetCardByMessage(ctx, store.GetCardByMessageParams{Platform: p.Platform, Channel: p.Channel, MessageID: p.Message})
	if errors.Is(err, pgx.ErrNoRows) {
		return Record{}, false, nil
	}
	if err != nil {
		return Record{}, false, fmt.Errorf("find card of a thread: %w", err)
	}
	return Record{Kind: row.Record, ID: row.RecordID}, true, nil
}

// Wrote keeps what a member wrote, or the photos they put, in the thread below a card: it is in the thread already, and is told to
// who has the call, unless they read it there. Who may not add notes is not refused: they write to each other, not to us.
func (d *Desk) Wrote(ctx context.Context, a Actor, r Record, text string, files []Upload) error {
	text = shorten(clean(text), MaxDetails)
	if text == "" && len(files) == 0 {
		return nil
	}
	switch {
	case r.Kind == CallRecord && a.Can(NoteCalls):
		return d.step(ctx, a, r.ID, func(ctx context.Context, s *step) error {
			return s.said(ctx, text, files, 0, a.Via)
		})
	case r.Kind == QuoteRecord && a.Can(RequestQuotes):
		return d.change(ctx, a, r, func(ctx context.Context, c *change) error { return c.said(ctx, text, files) })
	}
	return nil
}

// NoteByText adds what a member texted to a call, with their photos, and with those that waited for the number of a call. It
// returns how many photos that are. Without words and photos it takes the words that waited.
func (d *Desk) NoteByText(ctx context.Context, a Actor, callID int64, text string, photos []Upload) (int, error) {
	if err := a.may(NoteCalls); err != nil {
		return 0, err
	}
	text = clean(text)
	if err := limitedField("note", "The note", text, 0, MaxDetails); err != nil {
		return 0, err
	}
	count := 0
	err := d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		words, waited, err := s.takeLoose(ctx)
		if err != nil {
			return err
		}
		if text == "" && len(photos) == 0 {
			text = words
		}
		count = len(photos) + waited
		if text == "" && count == 0 {
			return wrong("note", "The note is empty. Text N %d and what is to be noted, or send a photo with N %d.", callID, callID)
		}
		return s.said(ctx, text, photos, waited, nowhere)
	})
	return count, err
}

// nowhere is where something was said that is in no thread yet.
const nowhere = ""

// said writes down what somebody said about a call. on is the platform in whose thread it is already.
func (s *step) said(ctx context.Context, text string, files []Upload, waited int, on string) error {
	s.changed = true
	id, err := s.q.InsertCallEvent(ctx, store.InsertCallEventParams{
		CallID: s.call.ID, At: s.Now(), MemberID: known(s.actor.ID), Via: cmp.Or(s.actor.Via, "desk"), Kind: eventNote,
		After: photos(len(files) + waited), Note: text,
	})
	if err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	if on != nowhere {
		if err := s.q.MarkEventPosted(ctx, store.MarkEventPostedParams{ID: id, Platform: on}); err != nil {
			return fmt.Errorf("mark timeline entry: %w", err)
		}
	}
	of := Record{Kind: CallRecord, ID: s.call.ID}
	if err := s.saidFiles(ctx, s.tx, s.q, s.actor, of, "", files, on); err != nil {
		return err
	}
	return s.tellSaid(ctx, text, len(files)+waited)
}

// saidFiles writes down the files that came with words, and leaves the jobs that fetch them. on is the platform in whose thread they are.
func (d *Desk) saidFiles(ctx context.Context, tx pgx.Tx, q *store.Queries, a Actor, r Record, label string, files []Upload, on string) error {
	for _, f := range files[:min(len(files), MaxUploads)] {
		id, err := q.InsertSaidFile(ctx, store.InsertSaidFileParams{
			Record: r.Kind, RecordID: r.ID, Label: label, Platform: f.Platform, SourceID: f.SourceID, AddedBy: known(a.ID), AddedAt: d.Now(),
		})
		if err == nil && on != nowhere {
			err = q.MarkFilePosted(ctx, store.MarkFilePostedParams{ID: id, Platform: on})
		}
		if err != nil {
			return fmt.Errorf("write file: %w", err)
		}
		if err := d.enqueue(ctx, tx, FileArgs{FileID: id}); err != nil {
			return err
		}
	}
	return nil
}

// photos counts photos in words; nothing for none.
func photos(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 photo"
	}
	return fmt.Sprintf("%d photos", n)
}

// tellSaid tells who has the call what somebody else said about it, unless they are reached first where its card is: then they
// read it in the thread.
func (s *step) tellSaid(ctx context.Context, text string, count int) error {
	to := s.call.TechnicianID
	if to == nil || *to == s.actor.ID || s.call.Status != Pending || s.actor.ID == 0 {
		return nil
	}
	methods, err := s.usable(ctx, s.q, *to)
	if err != nil || len(methods) == 0 {
		return err
	}
	cards, err := s.q.ListCards(ctx, store.ListCardsParams{Record: CallRecord, RecordID: s.call.ID})
	if err != nil {
		return fmt.Errorf("list cards: %w", err)
	}
	for _, c := range cards {
		if c.Platform == methods[0].Channel {
			return nil
		}
	}
	about := fmt.Sprintf("%s about call %d: ", s.actor.Name, s.call.ID)
	switch {
	case text == "":
		about = fmt.Sprintf("%s put %s into the thread of call %d", s.actor.Name, photos(count), s.call.ID)
	case count > 0:
		about = fmt.Sprintf("%s about call %d (with %s): ", s.actor.Name, s.call.ID, photos(count))
	}
	return s.tell(ctx, *to, noticeWords, about+strings.TrimSpace(text))
}

// said writes down what somebody wrote in the thread of a record other than a call.
func (c *change) said(ctx context.Context, text string, files []Upload) error {
	id, err := c.q.InsertEvent(ctx, store.InsertEventParams{
		Record: c.record.Kind, RecordID: c.record.ID, At: c.Now(), MemberID: known(c.actor.ID), Via: cmp.Or(c.actor.Via, "desk"), Kind: eventNote,
		After: photos(len(files)), Note: text,
	})
	if err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	if err := c.q.MarkRecordEventPosted(ctx, store.MarkRecordEventPostedParams{ID: id, Platform: c.actor.Via}); err != nil {
		return fmt.Errorf("mark timeline entry: %w", err)
	}
	return c.saidFiles(ctx, c.tx, c.q, c.actor, c.record, "", files, c.actor.Via)
}
