package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// card makes the cards of a record, their threads and the offers of a call in direct messages show what the database says.
func (j *Jobs) card(ctx context.Context, job *river.Job[desk.CardArgs]) error {
	record := job.Args.Of()
	if wait := j.moments.left(record, now()); wait > 0 {
		return river.JobSnooze(wait)
	}
	cards, err := j.Desk.Cards(ctx, record)
	if err != nil {
		return err
	}
	var failures []error
	for _, c := range cards {
		board, ok := j.Router.Board(notify.Channel(c.Platform))
		if !ok {
			continue // the platform is switched off; the card waits for it
		}
		failures = append(failures, j.drawAlone(ctx, board, c, job.Attempt))
	}
	if record.Kind == desk.CallRecord {
		failures = append(failures, j.editOffers(ctx, record.ID))
	}
	return j.cardOutcome(job, errors.Join(failures...))
}

// now is the time that passes, whatever day the business has: it paces what is sent to platforms, as they count.
func now() time.Time { return time.Now() }

// errBusy says that another worker draws the card.
var errBusy = errors.New("the card is being drawn")

// cardTries is how often a job tries to draw a card, within half a minute. Then the tick takes it up, again and again, some
// cards at a time.
const cardTries = 5

// cardOutcome decides when the job is tried again.
func (j *Jobs) cardOutcome(job *river.Job[desk.CardArgs], err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errBusy):
		return river.JobSnooze(snoozeBusy)
	case notify.RetryAfter(err) > 0:
		return river.JobSnooze(notify.RetryAfter(err))
	}
	return fmt.Errorf("draw card of %s %d: %w", job.Args.Record, job.Args.RecordID, err)
}

// drawAlone draws a card while nobody else does.
func (j *Jobs) drawAlone(ctx context.Context, board notify.Board, c store.Card, attempt int) error {
	drawing, ok, err := j.Desk.LeaseCard(ctx, desk.CardRecord(c), c.Platform)
	if err != nil {
		return err
	}
	if !ok {
		return errBusy
	}
	since := drawing.Card.PostingSince
	if err := j.draw(ctx, board, &drawing); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		drawing.Card.PostingSince = since
		if released := j.release(ctx, drawing, err); released != nil {
			return errors.Join(err, released)
		}
		return j.undrawn(ctx, drawing.Card, err, attempt)
	}
	return j.Desk.CardDrawn(ctx, drawing.Card, drawing.Version)
}

// release gives a card back that was not drawn to the end.
func (j *Jobs) release(ctx context.Context, d desk.Drawing, err error) error {
	if notify.RetryAfter(err) > 0 {
		return j.Desk.CardRefused(ctx, d)
	}
	return j.Desk.CardUndrawn(ctx, d.Card)
}

// undrawn returns an error if this job shall try again. Nil leaves the card to the tick: what must be put right by people,
// who are told, takes longer.
func (j *Jobs) undrawn(ctx context.Context, card store.Card, err error, attempt int) error {
	switch {
	case notify.RetryAfter(err) > 0:
		return err
	case notify.Permanent(err):
		j.Log.ErrorContext(ctx, "card cannot be shown", card.Record, card.RecordID, "channel", card.Channel, "err", err)
		if notify.Setup(err) != "" {
			return j.setupTrouble(ctx, card.Platform, err)
		}
		return j.Desk.CannotPost(ctx, card)
	case attempt >= cardTries:
		j.Log.WarnContext(ctx, "card is shown later", card.Record, card.RecordID, "err", err)
		return nil
	}
	return err
}

// draw does what is not done yet, and keeps in d what is.
func (j *Jobs) draw(ctx context.Context, board notify.Board, d *desk.Drawing) error {
	if d.Card.MessageID == "" {
		if err := j.post(ctx, board, d); err != nil {
			return err
		}
	}
	if d.Card.Shown < d.Version {
		id, err := j.redraw(ctx, board, *d)
		if err != nil {
			return err
		}
		d.Card.MessageID, d.Card.Shown = id, d.Version
	}
	for len(d.Entries) > 0 {
		line := notify.Line{Record: recordOf(d.Card), EventIDs: d.Entries, Channel: d.Card.Channel, CardID: d.Card.MessageID, MayBeThere: d.Interrupted}
		n, err := board.AddLines(ctx, line)
		if err != nil || n == 0 {
			return err
		}
		for _, entry := range d.Entries[:n] {
			if err := j.Desk.EntryPosted(ctx, d.Card, entry); err != nil {
				return fmt.Errorf("record thread line: %w", err)
			}
		}
		d.Entries = d.Entries[n:]
	}
	return j.addPhotos(ctx, board, *d, d.Card.MessageID)
}

// redraw edits a card. A platform that lost it, because somebody deleted it, has posted it again under another id.
func (j *Jobs) redraw(ctx context.Context, board notify.Board, d desk.Drawing) (string, error) {
	j.moments.begin(desk.CardRecord(d.Card), now())
	id, err := board.ShowCard(ctx, recordOf(d.Card), d.Card.Channel, d.Card.MessageID)
	if err != nil || id == d.Card.MessageID {
		return id, err
	}
	if err := j.Desk.CardPosted(ctx, d.Card, id); err != nil {
		return id, fmt.Errorf("record card: %w", err)
	}
	return id, nil
}

// post puts a card into its channel. If an earlier try had no answer, the platform is asked first whether it has it: a card
// found so shows the record as it was then, and is left to be drawn again.
func (j *Jobs) post(ctx context.Context, board notify.Board, d *desk.Drawing) error {
	id, found := "", false
	var err error
	if since := d.Card.PostingSince; since != nil {
		if id, found, err = board.FindCard(ctx, recordOf(d.Card), d.Card.Channel, *since); err != nil {
			return err
		}
	} else if err := j.Desk.CardPosting(ctx, d.Card); err != nil {
		return fmt.Errorf("record posting: %w", err)
	}
	if !found {
		if id, err = board.ShowCard(ctx, recordOf(d.Card), d.Card.Channel, ""); err != nil {
			return err
		}
		d.Card.Shown = d.Version
	}
	if err := j.Desk.CardPosted(ctx, d.Card, id); err != nil {
		return fmt.Errorf("record card: %w", err)
	}
	d.Card.MessageID = id
	return nil
}

func recordOf(c store.Card) notify.Record { return notify.Record(desk.CardRecord(c)) }
