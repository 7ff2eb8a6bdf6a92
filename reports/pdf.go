package reports

import (
	"context"
	"fmt"
	"io"
)

// footTime is how the time of a report is written.
const footTime = "2 January 2006, 15:04 MST"

// WritePDF writes the report as A4 pages on their side. Rows are read once and not kept. progress, which may be nil,
// is called now and then with the rows drawn and Table.Total. Nothing is written when the report cannot be made.
func WritePDF(ctx context.Context, w io.Writer, r Report, progress func(done, total int)) (err error) {
	defer func() {
		// fpdf panics on some input (v0.12: runes above U+FFFF). Text is cleaned first; should something still
		// slip through, one report fails and not the program.
		if cause := recover(); cause != nil {
			err = fmt.Errorf("build pdf: %v", cause)
		}
	}()
	c, err := newCanvas(true, r.made())
	if err != nil {
		return fmt.Errorf("build pdf: %w", err)
	}
	c.describe(r.Title, r.Company)
	f := newFlow(c, joinDots(r.Company, r.Title, r.Period))
	f.head(r.Company, r.Title, r.Period, r.Subtitle)
	f.filters(r.Filters)
	f.tiles(r.Numbers)
	f.charts(r.Charts)
	if err := f.drawTable(ctx, r.Table, r.Empty, progress); err != nil {
		return fmt.Errorf("build pdf: %w", err)
	}
	f.feet("Made " + r.made().Format(footTime))
	if err := c.finish(w); err != nil {
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
