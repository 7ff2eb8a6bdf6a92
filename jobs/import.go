package jobs

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
	"callout/reports"
)

// The time an import has: more than messages. The queue takes no job for dead before its time is over.
const (
	importTimeout = 110 * time.Second
	fetchPause    = time.Second // while its file is still being fetched
)

// importWorker checks and writes files of records, in the queue of the reports.
type importWorker struct {
	river.WorkerDefaults[desk.ImportArgs]
	jobs *Jobs
}

// Timeout gives imports more time than messages.
func (*importWorker) Timeout(*river.Job[desk.ImportArgs]) time.Duration { return importTimeout }

// Work checks or writes one file.
func (w *importWorker) Work(ctx context.Context, job *river.Job[desk.ImportArgs]) error {
	err := w.jobs.Desk.RunImport(ctx, job.Args.ImportID, newRejects)
	if errors.Is(err, desk.ErrNotFetched) {
		return river.JobSnooze(fetchPause)
	}
	return err
}

// rejects makes a CSV file of bad rows.
type rejects struct {
	buffer bytes.Buffer
	out    *csv.Writer
}

func newRejects() desk.Rejects {
	r := &rejects{}
	r.buffer.WriteString("\uFEFF") // spreadsheets read UTF-8 by it
	r.out = csv.NewWriter(&r.buffer)
	return r
}

// Add writes the header, then the rows.
func (r *rejects) Add(cells []string) error { return r.out.Write(reports.SafeCells(cells)) }

// Table is the file.
func (r *rejects) Table() ([]byte, error) {
	r.out.Flush()
	return r.buffer.Bytes(), r.out.Error()
}

// attachRejects adds the bad rows to the message about an import.
func (j *Jobs) attachRejects(ctx context.Context, out *desk.Outgoing, m *notify.Message) error {
	if m.Record.Kind != desk.ImportRecord {
		return nil
	}
	view, err := j.Desk.ImportView(ctx, m.Record.ID)
	if err != nil {
		return fmt.Errorf("notice %d: %w", out.Notice.ID, err)
	}
	if view.Rejected == 0 {
		return nil
	}
	content, err := j.Desk.ImportRejects(ctx, m.Record.ID)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(view.Name, ".csv") + ".rejects.csv"
	m.Files = append(m.Files, notify.File{Name: name, Title: "Rows with problems, each with its reason", Media: "text/csv", Content: content})
	return nil
}
