package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
	"callout/reports"
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
	f, err := desk.ParseFilter(desk.Noun(run.Kind), run.Filters)
	if err != nil {
		return &notify.Error{Err: err, Permanent: true}
	}
	report, err := MakeReport(ctx, j.Desk, by, desk.Noun(run.Kind), f)
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

// layouts makes each kind of report.
var layouts = map[desk.Noun]func(context.Context, *desk.Desk, desk.Actor, desk.Filter) (reports.Report, error){
	desk.NounCalls:       callsReport,
	desk.NounQuotes:      quotesReport,
	desk.NounLeads:       leadsReport,
	desk.NounVisits:      visitsReport,
	desk.NounMaintenance: maintenanceReport,
}

// MakeReport lays out the report on the records of a noun that a filter lets through, for chat, PDF and CSV.
func MakeReport(ctx context.Context, d *desk.Desk, by desk.Actor, noun desk.Noun, f desk.Filter) (reports.Report, error) {
	layout := layouts[noun]
	if layout == nil {
		return reports.Report{}, fmt.Errorf("there is no report on %s", noun)
	}
	return layout(ctx, d, by, f)
}

// filtersOf is what a report says it was narrowed to.
func filtersOf(noun desk.Noun, f desk.Filter) []reports.Filter {
	var filters []reports.Filter
	for _, key := range desk.FilterKeys(noun) {
		if v := f.Value(key); v != "" && key != "from" && key != "to" {
			filters = append(filters, reports.Filter{Name: key, Value: v})
		}
	}
	if f.Words != "" {
		filters = append(filters, reports.Filter{Name: "words", Value: f.Words})
	}
	return filters
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
