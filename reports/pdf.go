package reports

import (
	"context"
	"fmt"
	"io"
)

// footTime is how the time of a report is written.
const footTime = "2 January 2006, 15:04 MST"

// WritePDF writes the report as A4 pages on their side. Rows are read once and not kept. progress, which may be nil,
// is called now and then with the rows drawn and Table.Total. Pages go to w as
// they are finished: after an error, what w has got is not a document.
func WritePDF(ctx context.Context, w io.Writer, r Report, progress func(done, total int)) (err error) {
	defer func() {
		// Text is cleaned before it is drawn, and fuzzing finds no panic; should some input still cause one, a
		// report fails and not the program.
		if cause := recover(); cause != nil {
			err = fmt.Errorf("build pdf: %v", cause)
		}
	}()
	c, err := newCanvas(w, true)
	if err != nil {
		return fmt.Errorf("build pdf: %w", err)
	}
	c.describe(r.Title, r.Company, r.MadeAt)
	f := newFlow(c, joinDots(r.Company, r.Title, r.Period))
	f.head(r.Company, r.Title, r.Period, r.Subtitle)
	f.filters(r.Filters)
	f.tiles(r.Numbers)
	f.charts(r.Charts)
	if err := f.drawTable(ctx, r.Table, r.Empty, progress); err != nil {
		return fmt.Errorf("build pdf: %w", err)
	}
	f.feet("Made " + r.made().Format(footTime))
	if err := c.finish(); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// joinDots puts the parts that are there on one line.
func joinDots(parts ...string) string {
	line := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if line != "" {
			line += "  ·  "
		}
		line += part
	}
	return line
}
