package desk

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// importRow is one row on its way to a record.
type importRow struct {
	TableRow
	problems []ImportProblem
	fields   Fields   // what the row says: a cell that is empty says nothing
	keys     []string // that tell it from the other rows of the file
	id       int64    // the record that is there already, or the number reserved for a new one
	fresh    bool
	version  int64
	before   Fields // of the record that is there
	after    Fields
	kept     Fields // what an edit form of the record has, before it is saved over; nil is before
}

func (r *importRow) problem(column, value, reason string) {
	r.problems = append(r.problems, ImportProblem{Row: r.Number, Column: column, Value: shorten(value, 100), Reason: reason})
}

func (r *importRun) chunk(table *Table) ([]*importRow, error) {
	var rows []*importRow
	for len(rows) < importChunk {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		rows = append(rows, r.parse(row))
	}
	return rows, nil
}

// parse reads what a row says.
func (r *importRun) parse(t TableRow) *importRow {
	row := &importRow{TableRow: t, fields: Fields{}}
	n := len(r.header)
	switch {
	case t.Wrong != "":
		row.problem("", "", t.Wrong)
		return row
	case len(t.Cells) < n:
		row.problem("", "", fmt.Sprintf("The row has %d cells, the first row %d.", len(t.Cells), n))
		return row
	case !blank(t.Cells[n:]):
		row.problem("", "", fmt.Sprintf("The row has %d cells, the first row only %d. Is a cell with a comma or semicolon not in quotes?", len(t.Cells), n))
		return row
	}
	parts := map[string][]string{}
	for i, c := range r.headers.columns {
		typed := cell(t.Cells[i])
		switch {
		case c.field == "" || typed == "":
		case c.part != "":
			parts[c.part] = append(parts[c.part], typed)
		case row.fields[c.field] == "":
			r.take(row, c, typed)
		}
	}
	for _, c := range columns[r.in.Kind] {
		joint := strings.Join(parts[c.field], map[bool]string{true: " ", false: ", "}[c.field == "name"])
		if joint != "" && row.fields[c.field] == "" {
			r.take(row, c, joint)
		}
		if c.need && row.fields[c.field] == "" && !row.has(c.title) {
			row.problem(c.title, "", "It is missing.")
		}
	}
	return row
}

// take checks a cell.
func (r *importRun) take(row *importRow, c column, typed string) {
	value, err := c.check(&checker{country: r.Country}, typed)
	if err != nil {
		reason := err.Error()
		var refused *Error
		if errors.As(err, &refused) {
			reason = refused.Text
		}
		row.problem(c.title, typed, reason)
		return
	}
	row.fields[c.field] = value
}

// has reports whether a column of the row has a problem already.
func (r *importRow) has(column string) bool {
	return slices.ContainsFunc(r.problems, func(p ImportProblem) bool { return p.Column == column })
}

// twins refuses a row that is about the same record as one before it.
func (r *importRun) twins(row *importRow) {
	if len(row.problems) > 0 {
		return
	}
	if row.id != 0 {
		row.keys = append(row.keys, fmt.Sprintf("id %d", row.id))
	}
	for _, key := range row.keys {
		if first, twice := r.seen[key]; twice {
			row.problem("", "", fmt.Sprintf("This is the same as row %d. Take one of them out.", first))
			return
		}
	}
	for _, key := range row.keys {
		r.seen[key] = row.Number
	}
	r.touched[row.id] = true
}

// decide counts what becomes of a good row, and reports whether anything does.
func (r *importRun) decide(row *importRow) bool {
	row.after = maps.Clone(row.before)
	if row.after == nil {
		row.after = Fields{}
	}
	maps.Copy(row.after, row.fields)
	row.fresh = row.id == 0
	names := row.after.changed(row.before)
	switch {
	case row.fresh:
		r.done.Added++
	case len(names) == 0:
		r.done.Unchanged++
		return false
	default:
		r.done.Updated++
		for _, title := range r.titles(names) {
			r.done.Fields[title]++
		}
	}
	return true
}

// titles are fields as people call them.
func (r *importRun) titles(fields []string) []string {
	titles := slices.Clone(fields)
	for i, field := range fields {
		for _, c := range columns[r.in.Kind] {
			if c.field == field {
				titles[i] = c.title
			}
		}
	}
	return titles
}

// reject counts a bad row and hands it to who collects them.
func (r *importRun) reject(row *importRow) error {
	r.done.Bad++
	room := max(MaxProblems-len(r.done.Problems), 0)
	r.done.Problems = append(r.done.Problems, row.problems[:min(room, len(row.problems))]...)
	r.done.More += max(len(row.problems)-room, 0)
	if r.in.Reject == nil {
		return nil
	}
	if r.done.Bad == 1 {
		if err := r.in.Reject(append(r.withoutReason(r.header), reasonColumn)); err != nil {
			return fmt.Errorf("write rejects: %w", err)
		}
	}
	reasons := make([]string, len(row.problems))
	for i, p := range row.problems {
		if reasons[i] = p.Reason; p.Column != "" {
			reasons[i] = p.Column + ": " + p.Reason
		}
	}
	cells := slices.Clone(row.Cells)
	for len(cells) < len(r.header) {
		cells = append(cells, "")
	}
	surplus := cells[len(r.header):]
	cells = append(r.withoutReason(cells[:len(r.header)]), strings.Join(reasons, " "))
	if err := r.in.Reject(append(cells, surplus...)); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

// withoutReason leaves out the reasons that an earlier table of rejects gave.
func (r *importRun) withoutReason(cells []string) []string {
	out := make([]string, 0, len(cells)+1)
	for i, c := range cells {
		if HeaderKey(r.header[i]) != HeaderKey(reasonColumn) {
			out = append(out, c)
		}
	}
	return out
}
