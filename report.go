package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"callout/desk"
	"callout/jobs"
	"callout/reports"
	"callout/store"
)

type reportCmd struct {
	Kind    string   `arg:"" enum:"calls,quotes,leads,visits,maintenance" help:"Which report: ${enum}."`
	Filters []string `arg:"" optional:"" help:"Filters as in chat, such as status:pending tech:maria."`
	From    string   `help:"First day, such as 2026-01-01 or last-month."`
	To      string   `help:"Last day, such as 2026-06-30 or today."`
	Output  string   `short:"o" default:"-" help:"File to write; .csv makes a table instead of a PDF. - is standard output." type:"path"`
}

// Run makes a report from the database.
func (r reportCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	filter, err := r.filter()
	if err != nil {
		return err
	}
	return withDesk(ctx, c, log, func(d *desk.Desk) error { return r.make(ctx, d, filter) })
}

func (r reportCmd) make(ctx context.Context, d *desk.Desk, filter desk.Filter) error {
	// Who has the server's settings may see everything.
	by := desk.Actor{Member: store.Member{State: desk.StateActive, Roles: []string{desk.Admin}}, Via: "desk"}
	report, err := jobs.MakeReport(ctx, d, by, desk.Noun(r.Kind), filter)
	if err != nil {
		return err
	}
	out, done, err := r.open()
	if err != nil {
		return err
	}
	if strings.HasSuffix(r.Output, ".csv") {
		return done(reports.WriteCSV(ctx, out, report, reports.CSVOptions{Progress: progress(r.Kind)}))
	}
	return done(reports.WritePDF(ctx, out, report, progress(r.Kind)))
}

// filter joins what was typed as words and as flags.
func (r reportCmd) filter() (desk.Filter, error) {
	words := make([]string, 0, len(r.Filters)+2)
	for _, f := range r.Filters {
		key, value, isFilter := strings.Cut(f, ":")
		if isFilter && strings.Contains(value, " ") { // the shell took the quotes
			f = key + `:"` + value + `"`
		}
		words = append(words, f)
	}
	if r.From != "" {
		words = append(words, "from:"+r.From)
	}
	if r.To != "" {
		words = append(words, "to:"+r.To)
	}
	return desk.ParseFilter(desk.Noun(r.Kind), strings.Join(words, " "))
}

// open makes a file that takes its name only when the report is whole, so that a failure leaves yesterday's as it was.
func (r reportCmd) open() (io.Writer, func(error) error, error) {
	if r.Output == "-" {
		return os.Stdout, func(err error) error { return err }, nil
	}
	f, err := os.CreateTemp(filepath.Dir(r.Output), ".callout-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make the file: %w", err)
	}
	return f, func(err error) error {
		err = errors.Join(err, f.Chmod(0o644), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), r.Output)
		}
		if err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		fmt.Fprintln(os.Stderr, "Wrote", r.Output)
		return nil
	}, nil
}

// progressAfter is how long a report or an import may take before a bar is shown.
const progressAfter = time.Second

// progress shows a bar on the terminal once a report or an import takes long; what says of what there are so many.
func progress(what string) func(done, total int) {
	started := time.Now()
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			if time.Since(started) < progressAfter || done >= total {
				return
			}
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn must not stop the work
	}
}
