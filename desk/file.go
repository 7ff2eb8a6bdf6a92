package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Upload is a file that somebody put into a form: the platform has it, and tells its id.
type Upload struct {
	Platform, SourceID string
}

// MaxUploads is how many files one form takes: Slack's limit for a file input.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
const MaxUploads = 10

// MaxFile is how many bytes of a file are kept: a photo of a phone has up to ten million.
const MaxFile = 20 << 20

// attach writes down the files that belong to the record and leaves the jobs that fetch them. label says which part of the
// record they show.
func (c *change) attach(ctx context.Context, label string, uploads []Upload) error {
	for _, u := range uploads[:min(len(uploads), MaxUploads)] {
		id, err := c.q.InsertFile(ctx, store.InsertFileParams{
			Record: c.record.Kind, RecordID: c.record.ID, Label: label, Platform: u.Platform, SourceID: u.SourceID,
			AddedBy: known(c.actor.ID), AddedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write file: %w", err)
		}
		if err := c.enqueue(ctx, c.tx, FileArgs{FileID: id}); err != nil {
			return err
		}
	}
	return nil
}

// FileInfo is a file of a record without its content.
type FileInfo = store.ListFilesRow

// Files lists the files of a record, oldest first. Who may see the record may see its files: the caller asks.
func (d *Desk) Files(ctx context.Context, r Record) ([]FileInfo, error) {
	files, err := d.q.ListFiles(ctx, store.ListFilesParams{Record: r.Kind, RecordID: r.ID})
	if err != nil {
		return nil, fmt.Errorf("list files of %s %d: %w", r.Kind, r.ID, err)
	}
	return files, nil
}

// File reads a file with its content.
func (d *Desk) File(ctx context.Context, id int64) (store.File, error) {
	f, err := d.q.GetFile(ctx, id)
	if err != nil {
		return f, found(err, "That file is not there any more.")
	}
	return f, nil
}

// KeepFile stores what was fetched. A photo that belongs into the thread below the card of a call is shown there now.
func (d *Desk) KeepFile(ctx context.Context, id int64, name, media string, content []byte) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		kept, err := q.KeepFile(ctx, store.KeepFileParams{ID: id, Name: shorten(name, 200), Media: media, Content: content})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // kept before
		}
		if err != nil || kept.Posted || kept.Record != CallRecord {
			return err
		}
		return d.enqueue(ctx, tx, cardOf(kept.RecordID))
	})
}

// FilePosted records that a file is in the thread below a card of its record.
func (d *Desk) FilePosted(ctx context.Context, card store.Card, id int64) error {
	return d.q.MarkFilePosted(ctx, store.MarkFilePostedParams{ID: id, Platform: card.Platform})
}

// FileLost records that a file cannot be fetched, so that people see why it is missing. Who texted it is told: they think that we
// have it.
func (d *Desk) FileLost(ctx context.Context, id int64, reason string) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		lost, err := q.FailFile(ctx, store.FailFileParams{ID: id, Error: shorten(reason, 500)})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil || lost.Platform != "sms" || lost.AddedBy == nil {
			return err
		}
		where := "that you texted"
		if lost.Record != MemberRecord {
			where = fmt.Sprintf("for %s %d", lost.Record, lost.RecordID)
		}
		text := fmt.Sprintf("I could not get the photo %s: %s. Please send it again.", where, reason)
		return d.tell(ctx, tx, q, owed{kind: noticeProblem, memberID: *lost.AddedBy, body: NoticeBody{Text: text}})
	})
}

// fileAgain is how long a file may wait for its job before a tick leaves another one.
const fileAgain = 15 * time.Minute
