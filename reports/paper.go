package reports

import "time"

// Paper is a document for one reader, such as a quote or a service sheet: portrait, with our address and theirs.
type Paper struct {
	Company   string
	Sender    []string // our address, a line each
	Recipient []string // theirs
	Title     string   // such as "Quote 42"
	Subtitle  string   // may be empty
	Facts     []PaperFact
	Blocks    []Block // in order
	Foot      string  // small print at the foot of every page, may be empty
	MadeAt    time.Time
	Timezone  *time.Location // of every time shown; nil is UTC
}

// PaperFact is one labelled value at the head.
type PaperFact struct{ Label, Value string }

// Block is one part of a Paper: Paragraph, Lines, Checklist or Pictures.
type Block interface{ block() }

// Paragraph is text under a small heading; the heading may be empty.
type Paragraph struct{ Title, Text string }

// Lines is a table of few rows with totals below it, the last of which stands out.
type Lines struct {
	Columns []Column
	Rows    [][]string
	Totals  []PaperFact
}

// Checklist shows what was found at each step.
type Checklist []ChecklistRow

// ChecklistRow is one step. Result is done, pass, flag, fail or left.
type ChecklistRow struct{ Step, Result, Value, Note string }

// Pictures are photos with captions, JPEG or PNG. What cannot be read as a picture is named instead of shown.
type Pictures []Picture

// Picture is one photo.
type Picture struct {
	Caption string
	Content []byte
}

func (Paragraph) block() {}
func (Lines) block()     {}
func (Checklist) block() {}
func (Pictures) block()  {}
