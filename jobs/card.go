package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
)

// card makes the cards of a call, their threads and the offers in direct messages show what the database says.
func (j *Jobs) card(ctx context.Context, job *river.Job[desk.CardArgs]) error {
	cards, err := j.Desk.Cards(ctx, job.Args.CallID)
	if err != nil {
		return err
	}
	var failures []error
	for _, c := range cards {
		board, ok := j.Router.Board(notify.Channel(c.Platform))
		if !ok {
			continue // the platform is switched off; the card waits for it
		}
		failures = append(failures, j.drawAlone(ctx, board, c.CallID, c.Platform, job.Attempt > 1))
	}
	failures = append(failures, j.editOffers(ctx, job.Args.CallID))
	return j.cardOutcome(ctx, job, errors.Join(failures...))
}

// errBusy says that another worker draws the card.
var errBusy = errors.New("the card is being drawn")

// cardOutcome decides whether a card is tried again. What cannot be drawn for good is logged and left: the call itself is safe.
func (j *Jobs) cardOutcome(ctx context.Context, job *river.Job[desk.CardArgs], err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errBusy):
		return river.JobSnooze(snoozeBusy)
	case notify.RetryAfter(err) > 0:
		return river.JobSnooze(notify.RetryAfter(err))
	case notify.Permanent(err):
		j.Log.ErrorContext(ctx, "card cannot be shown", "call_id", job.Args.CallID, "err", err)
		return river.JobCancel(err)
	}
	return fmt.Errorf("draw card of call %d: %w", job.Args.CallID, err)
}

// drawAlone draws a card while nobody else does. again says that an earlier try failed halfway.
func (j *Jobs) drawAlone(ctx context.Context, board notify.Board, callID int64, platform string, again bool) error {
	drawing, ok, err := j.Desk.LeaseCard(ctx, callID, platform)
	if err != nil {
		return err
	}
	if !ok {
		return errBusy
	}
	drawing.Interrupted = drawing.Interrupted || again
	if err := j.draw(ctx, board, drawing); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(err, j.Desk.CardUndrawn(ctx, drawing.Card))
	}
	return j.Desk.CardDrawn(ctx, drawing.Card, drawing.Version)
}

func (j *Jobs) draw(ctx context.Context, board notify.Board, d desk.Drawing) error {
	id := d.Card.MessageID
	var err error
	switch {
	case id == "":
		id, err = j.post(ctx, board, d)
	case d.Card.Shown < d.Version:
		id, err = j.redraw(ctx, board, d)
	}
	if err != nil {
		return err
	}
	for _, entry := range d.Entries {
		line := notify.Line{CallID: d.Card.CallID, EventID: entry, Channel: d.Card.Channel, CardID: id, MayBeThere: d.Interrupted}
		if err := board.AddLine(ctx, line); err != nil {
			return err
		}
		if err := j.Desk.EntryPosted(ctx, entry); err != nil {
			return fmt.Errorf("record thread line: %w", err)
		}
	}
	return nil
}

// redraw edits a card. A platform that lost it, because somebody deleted it, has posted it again under another id.
func (j *Jobs) redraw(ctx context.Context, board notify.Board, d desk.Drawing) (string, error) {
	id, err := board.ShowCard(ctx, d.Card.CallID, d.Card.Channel, d.Card.MessageID)
	if err != nil || id == d.Card.MessageID {
		return id, err
	}
	if err := j.Desk.CardPosted(ctx, d.Card, id); err != nil {
		return id, fmt.Errorf("record card: %w", err)
	}
	return id, nil
}

// post puts a card into its channel. If an earlier try had no answer, the platform is asked first whether it has it.
func (j *Jobs) post(ctx context.Context, board notify.Board, d desk.Drawing) (string, error) {
	id, found := "", false
	var err error
	if since := d.Card.PostingSince; since != nil {
		if id, found, err = board.FindCard(ctx, d.Card.CallID, d.Card.Channel, *since); err != nil {
			return "", err
		}
	} else if err := j.Desk.CardPosting(ctx, d.Card); err != nil {
		return "", fmt.Errorf("record posting: %w", err)
	}
	if !found {
		if id, err = board.ShowCard(ctx, d.Card.CallID, d.Card.Channel, ""); err != nil {
			return "", err
		}
	}
	if err := j.Desk.CardPosted(ctx, d.Card, id); err != nil {
		return "", fmt.Errorf("record card: %w", err)
	}
	return id, nil
}
