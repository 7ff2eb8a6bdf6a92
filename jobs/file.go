package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
)

// file fetches what somebody uploaded and keeps it: platforms forget, and a link needs their login.
func (j *Jobs) file(ctx context.Context, job *river.Job[desk.FileArgs]) error {
	owed, err := j.Desk.File(ctx, job.Args.FileID)
	if err != nil {
		return err
	}
	if owed.State != "owed" {
		return nil
	}
	fetcher, ok := j.Router.Fetcher(notify.Channel(owed.Platform))
	if !ok {
		return j.Desk.FileLost(ctx, owed.ID, desk.ChannelName(owed.Platform)+" is not set up")
	}
	f, err := fetcher.Fetch(ctx, owed.SourceID, desk.MaxFile)
	switch {
	case err == nil:
		return j.Desk.KeepFile(ctx, owed.ID, f.Name, f.Media, f.Content)
	case notify.RetryAfter(err) > 0:
		return river.JobSnooze(notify.RetryAfter(err))
	case notify.Permanent(err) || job.Attempt >= job.MaxAttempts:
		j.Log.WarnContext(ctx, "file given up", "file_id", owed.ID, "err", err)
		return j.Desk.FileLost(ctx, owed.ID, notify.Said(err))
	}
	return fmt.Errorf("fetch file %d: %w", owed.ID, err)
}
