package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Importing is a file of records on its way in.
type Importing struct {
	Kind    string // one of ImportKinds
	File    string // its name, for the timeline
	Content []byte
	Write   bool // or it is only checked
	SkipBad bool // write the good rows although there are bad ones
	// Reject gets the header, then every bad row, each with its reason in a last cell; it may be nil.
	Reject func(cells []string) error
	// Progress is told now and then how much of the file was read; it may be nil.
	Progress func(read, total int)
}

// Imported says what came of a file, or would.
type Imported struct {
	File      string          `json:"file"`
	Written   bool            `json:"written"`
	Added     int             `json:"added"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Bad       int             `json:"bad"`                // rows with problems
	Fields    map[string]int  `json:"fields,omitempty"`   // what is updated: title of the column to number of records
	Problems  []ImportProblem `json:"problems,omitempty"` // the first ones
	More      int             `json:"more,omitempty"`     // how many problems are not in Problems
	Ignored   []string        `json:"ignored,omitempty"`  // columns that mean nothing to us
	Twice     []string        `json:"twice,omitempty"`    // columns that are read only where an earlier one is empty
}

// ImportProblem is what is wrong with one cell, or with a whole row.
type ImportProblem struct {
	Row    int    `json:"row"` // as a spreadsheet numbers it
	Column string `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"`
}

// String says it in one line.
func (p ImportProblem) String() string {
	where := fmt.Sprintf("Row %d", p.Row)
	if p.Column != "" {
		where += ", " + p.Column
	}
	return where + ": " + p.Reason
}

// MaxProblems is how many problems of a file are told one by one.
const MaxProblems = 50

// importChunk is how many rows are looked up and written at once.
const importChunk = 1000

// errNotWritten undoes what was written of a file that turned out to have problems.
var errNotWritten = errors.New("not written")

// Import checks a file of records and, if that is asked and nothing is wrong, writes it: all of it or nothing. The same file
// again changes nothing.
func (d *Desk) Import(ctx context.Context, a Actor, in Importing) (Imported, error) {
	var done Imported
	if err := a.may(ImportData); err != nil {
		return done, err
	}
	err := d.inTx(ctx, func(tx pgx.Tx, _ *store.Queries) error {
		var err error
		done, err = d.importIn(ctx, tx, a, in)
		if err == nil && in.Write && !done.Written {
			return errNotWritten
		}
		return err
	})
	if err != nil && !errors.Is(err, errNotWritten) {
		return done, fmt.Errorf("import %s: %w", in.Kind, err)
	}
	return done, nil
}

// importIn imports inside a transaction. What it wrote is to be undone unless Written says so.
func (d *Desk) importIn(ctx context.Context, tx pgx.Tx, a Actor, in Importing) (Imported, error) {
	r := &importRun{
		change: change{Desk: d, tx: tx, q: d.q.WithTx(tx), actor: a}, in: in, seen: map[string]int{}, touched: map[int64]bool{},
		done: Imported{File: in.File, Fields: map[string]int{}},
	}
	kind, ok := importers[in.Kind]
	if !ok {
		return r.done, wrong("kind", "“%s” cannot be imported.%s It may be %s.", shorten(in.Kind, 30), meant(in.Kind, ImportKinds()), orList(ImportKinds()))
	}
	if err := r.begin(ctx); err != nil {
		return r.done, err
	}
	table, err := ReadTable(in.Content)
	if err != nil {
		return r.done, err
	}
	if r.headers, err = matchHeaders(in.Kind, table.Header); err != nil {
		return r.done, err
	}
	r.header = table.Header
	r.done.Ignored, r.done.Twice = r.headers.ignored, r.headers.twice
	if err := r.rows(ctx, table, kind(r)); err != nil {
		return r.done, err
	}
	r.done.Written = r.writes()
	return r.done, nil
}

func (r *importRun) begin(ctx context.Context) error {
	if err := r.q.UseIndexes(ctx); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if !r.in.Write {
		return nil
	}
	if err := r.q.LockImports(ctx); err != nil {
		return fmt.Errorf("wait for another import: %w", err)
	}
	return nil
}

// importers makes what turns the rows of each kind of file into records.
var importers = map[string]func(*importRun) importer{
	ImportCustomers: newCustomerImport, ImportContacts: newContactImport, ImportEquipment: newEquipmentImport,
	ImportLeads: newLeadImport, ImportMembers: newMemberImport,
}

// importer turns rows into records of one kind, some at a time.
type importer interface {
	// look reads what the rows name, in a few queries.
	look(ctx context.Context, rows []*importRow) error
	// match finds the record that a row is about, if it is there already, and what else the row names.
	match(r *importRow)
	// write stores new and changed records.
	write(ctx context.Context, rows []*importRow) error
}

// importRun is one file being imported.
type importRun struct {
	change
	in      Importing
	header  []string
	headers headers
	seen    map[string]int // keys of rows to their numbers
	touched map[int64]bool // records that a row before was about
	done    Imported
}

// writes reports whether what was read so far is to be written.
func (r *importRun) writes() bool { return r.in.Write && (r.done.Bad == 0 || r.in.SkipBad) }

func (r *importRun) rows(ctx context.Context, table *Table, kind importer) error {
	for {
		rows, err := r.chunk(table)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if err := r.settle(ctx, kind, rows); err != nil {
			return err
		}
		if r.in.Progress != nil {
			r.in.Progress(table.Done())
		}
	}
}

// settle decides what becomes of some rows, and writes those that are to be written.
func (r *importRun) settle(ctx context.Context, kind importer, rows []*importRow) error {
	good := slices.DeleteFunc(slices.Clone(rows), func(row *importRow) bool { return len(row.problems) > 0 })
	if err := kind.look(ctx, good); err != nil {
		return err
	}
	var changed []*importRow
	for _, row := range rows {
		if len(row.problems) == 0 {
			kind.match(row)
			r.twins(row)
		}
		if len(row.problems) > 0 {
			if err := r.reject(row); err != nil {
				return err
			}
			continue
		}
		if r.decide(row) {
			changed = append(changed, row)
		}
	}
	if len(changed) == 0 || !r.writes() {
		return nil
	}
	return kind.write(ctx, changed)
}
