// Package reports turns plain values into documents: PDF, chart values and CSV.
//
// It owns how a report looks, the fonts, and the arithmetic of charts and periods. It must not know the database,
// chat platforms or HTTP: whoever asks for a report brings the rows and the time at which it was made, so that the
// same values always give the same bytes.
package reports

import (
	"iter"
	"strings"
	"time"
)

// Report is everything that a document shows.
type Report struct {
	Company  string
	Title    string
	Subtitle string   // one sentence under the title, may be empty
	Period   string   // "1 January – 30 June 2026"
	Filters  []Filter // what the rows were narrowed to
	MadeAt   time.Time
	Timezone *time.Location // of every time shown; nil is UTC
	Numbers  []Number
	Charts   []Chart
	Table    Table
	Empty    Note // shown in place of a table without rows
}

// Filter is one condition that the reader asked for.
type Filter struct {
	Name  string
	Value string
}

// Number is one figure of the summary.
type Number struct {
	Label string
	Value string
	Note  string // small print under the value, may be empty
}

// Note is a sentence and what to do about it.
type Note struct {
	Title string
	Hint  string
}

// Align is where the text of a column stands.
type Align int

// The alignments of a column.
const (
	AlignLeft Align = iota
	AlignRight
	AlignCentre
)

// Column describes one column of a table.
type Column struct {
	Title string
	// Width is the column's share of the page's width. Zero keeps the column out of the PDF; CSV has them all.
	Width float64
	Align Align
}

// Table is the detail of a report.
type Table struct {
	Columns []Column
	// Rows yields a cell for each column; nil means no rows. The slice may be reused for the next row.
	Rows iter.Seq2[[]string, error]
	// Total is the number of rows if it is known, for progress; else 0.
	Total int
	// MaxLines is how many lines a cell may take before it ends with an ellipsis; 0 means 8.
	MaxLines int
}

// defaultMaxLines keeps one long story from pushing everything else off the page.
const defaultMaxLines = 8

// made returns the time of the report in its own zone.
func (r Report) made() time.Time {
	if r.Timezone == nil {
		return r.MadeAt.UTC()
	}
	return r.MadeAt.In(r.Timezone)
}

// Summary says in plain text what the head of the report says, for chat messages and e-mail.
func (r Report) Summary() string {
	var b strings.Builder
	b.WriteString(r.Title)
	if r.Period != "" {
		b.WriteString(", " + r.Period)
	}
	for _, f := range r.Filters {
		b.WriteString("\n" + f.Name + ": " + f.Value)
	}
	for _, n := range r.Numbers {
		b.WriteString("\n" + n.Label + ": " + n.Value)
		if n.Note != "" {
			b.WriteString(" (" + n.Note + ")")
		}
	}
	return b.String()
}
