package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
	"callout/reports"
	"callout/store"
)

// reportTimeout is how long making and sending a large report may take. It is longer than a notice's lease: a report is
// worked by one worker, and a second one would only repeat it.
const reportTimeout = 100 * time.Second

// reportWorker makes and sends reports, in a queue of their own.
type reportWorker struct {
	river.WorkerDefaults[desk.ReportArgs]
	jobs *Jobs
}

// Timeout gives reports more time than messages.
func (*reportWorker) Timeout(*river.Job[desk.ReportArgs]) time.Duration { return reportTimeout }

// Work makes and sends one report.
func (w *reportWorker) Work(ctx context.Context, job *river.Job[desk.ReportArgs]) error {
	return w.jobs.send(ctx, job.Args.NoticeID, job.Attempt >= job.MaxAttempts)
}

func reportID(out *desk.Outgoing) int64 {
	id, _ := strconv.ParseInt(out.Body.Ref, 10, 64)
	return id
}

// attachReport makes the report that a notice carries.
func (j *Jobs) attachReport(ctx context.Context, out *desk.Outgoing, m *notify.Message) error {
	run, by, err := j.Desk.ReportRun(ctx, reportID(out))
	if err != nil {
		return err
	}
	f, err := desk.ParseFilter(run.Filters)
	if err != nil {
		return &notify.Error{Err: err, Permanent: true}
	}
	report, err := CallsReport(ctx, j.Desk, by, f)
	if err != nil {
		return refusedForGood(err)
	}
	var pdf bytes.Buffer
	if err := reports.WritePDF(ctx, &pdf, report, nil); err != nil {
		return fmt.Errorf("make PDF: %w", err)
	}
	m.Figures = figures(report)
	name := fmt.Sprintf("%s-%s.pdf", run.Kind, run.DueAt.In(report.Timezone).Format("2006-01-02"))
	m.Files = []notify.File{{Name: name, Title: m.Figures.Title, Content: pdf.Bytes()}}
	return nil
}

// refusedForGood marks what the desk refuses as something that trying again does not help.
func refusedForGood(err error) error {
	var refused *desk.Error
	if errors.As(err, &refused) {
		return &notify.Error{Err: err, Permanent: true}
	}
	return err
}

// reportFailed tells who asked for a report that it cannot be shown where they wanted it.
func (j *Jobs) reportFailed(ctx context.Context, out *desk.Outgoing, cause error) error {
	if out.Notice.Kind != string(notify.Report) {
		return nil
	}
	return j.Desk.ReportDone(ctx, reportID(out), cause.Error())
}

// CallsReport lays out the report on the calls a filter lets through, for chat, PDF and CSV.
func CallsReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.CallsReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	in := reports.CallsInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone,
		Totals: totals(data), Rows: rows(ctx, data), RowCount: int(data.Totals.Opened),
	}
	for _, key := range desk.FilterKeys() {
		if v := f.Value(key); v != "" && key != "from" && key != "to" {
			in.Filters = append(in.Filters, reports.Filter{Name: key, Value: v})
		}
	}
	if f.Words != "" {
		in.Filters = append(in.Filters, reports.Filter{Name: "words", Value: f.Words})
	}
	return reports.Calls(in), nil
}

func totals(data desk.CallsReport) reports.CallTotals {
	t := reports.CallTotals{
		Opened: int(data.Totals.Opened), Closed: int(data.Totals.Closed), Pending: int(data.Totals.Pending),
		MedianAccept: data.Totals.MedianAccept, MedianClose: data.Totals.MedianClose,
	}
	from, to := data.From, data.To
	if len(data.Days) > 0 { // an open side of the period ends where the calls do
		if from.IsZero() {
			from = dayOf(data.Days[0].Label, data.Zone)
		}
		if to.IsZero() {
			to = dayOf(data.Days[len(data.Days)-1].Label, data.Zone).AddDate(0, 0, 1)
		}
	}
	t.Unit = reports.UnitFor(from, to)
	t.PerPeriod = reports.Buckets(t.Unit, from, to)
	for _, day := range data.Days {
		if b := reports.FindBucket(t.PerPeriod, t.Unit, dayOf(day.Label, data.Zone)); b != nil {
			b.Opened += int(day.Opened)
			b.Closed += int(day.Closed)
		}
	}
	for _, c := range data.ByTechnician {
		t.ByTechnician = append(t.ByTechnician, reports.Count{Name: c.Label, Calls: int(c.Opened)})
	}
	return t
}

func dayOf(label string, zone *time.Location) time.Time {
	t, _ := time.ParseInLocation("2006-01-02", label, zone) // the database wrote it
	return t
}

func rows(ctx context.Context, data desk.CallsReport) iter.Seq2[reports.CallRow, error] {
	return func(yield func(reports.CallRow, error) bool) {
		stop := errors.New("stop")
		err := data.Each(ctx, func(c store.CallRow) error {
			row := reports.CallRow{
				Number: c.ID, OpenedAt: c.OpenedAt, AcceptedAt: c.AcceptedAt, ClosedAt: c.ClosedAt, Status: c.Status, Progress: c.Progress,
				Priority: c.Priority, Customer: c.Customer, Site: c.Site, Equipment: c.Equipment, Technician: c.Technician,
				Summary: c.Summary, Resolution: c.Resolution,
			}
			if !yield(row, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(reports.CallRow{}, err)
		}
	}
}

// figures is what a report says in chat.
func figures(r reports.Report) *notify.Figures {
	f := &notify.Figures{Title: r.Title + ", " + r.Period}
	for i, filter := range r.Filters {
		if i > 0 {
			f.Filters += " · "
		}
		f.Filters += filter.Name + ": " + filter.Value
	}
	for _, n := range r.Numbers {
		f.Numbers = append(f.Numbers, notify.Number{Label: n.Label, Value: n.Value})
	}
	for _, c := range r.Charts {
		f.Charts = append(f.Charts, chart(c))
	}
	return f
}

// chart is a chart within the limits of chat platforms.
func chart(c reports.Chart) notify.Chart {
	kind := map[reports.ChartKind]string{
		reports.ChartBar: "bar", reports.ChartStackedBar: "bar", reports.ChartLine: "line", reports.ChartPie: "pie",
	}[c.Kind]
	c = c.ForChat()
	out := notify.Chart{Kind: kind, Title: c.Title, Labels: c.Categories}
	for _, s := range c.Series {
		out.Series = append(out.Series, notify.Series(s))
	}
	return out
}
