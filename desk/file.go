package desk

import (
	"context"
	"fmt"
	"time"

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

// KeepFile stores what was fetched.
func (d *Desk) KeepFile(ctx context.Context, id int64, name, media string, content []byte) error {
	return d.q.KeepFile(ctx, store.KeepFileParams{ID: id, Name: shorten(name, 200), Media: media, Content: content})
}

// FileLost records that a file cannot be fetched, so that people see why it is missing.
func (d *Desk) FileLost(ctx context.Context, id int64, reason string) error {
	return d.q.FailFile(ctx, store.FailFileParams{ID: id, Error: shorten(reason, 500)})
}

// fileAgain is how long a file may wait for its job before a tick leaves another one.
const fileAgain = 15 * time.Minute
