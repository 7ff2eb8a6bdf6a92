package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"callout/store"
)

// ImportRecord is a file of records that somebody brought in chat.
const ImportRecord = "import"

// The states of an import.
const (
	ImportOwed    = "owed"    // waits for its file, or is being worked
	ImportChecked = "checked" // was read, and nothing was written
	ImportWritten = "written"
	ImportFailed  = "failed" // the file could not be had
)

// ImportRequest is what the form of an import says.
type ImportRequest struct {
	Kind    string
	Files   []Upload
	Check   bool // only check it
	SkipBad bool
}

// ImportArgs asks to work an import.
type ImportArgs struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job in the queue.
func (ImportArgs) Kind() string { return "import" }

// InsertOpts keeps large files out of the way of messages.
func (ImportArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ReportQueue, MaxAttempts: jobTries}
}

// AskImport writes down that a file is to be imported, and leaves the jobs that fetch and work it. The same delivery again
// returns the same import.
func (d *Desk) AskImport(ctx context.Context, a Actor, in ImportRequest) (int64, error) {
	if err := a.may(ImportData); err != nil {
		return 0, err
	}
	p := problems{}
	if !slices.Contains(ImportKinds(), in.Kind) {
		p.add("kind", refuse(Invalid, "Choose what the file holds: %s.", orList(ImportKinds())))
	}
	if len(in.Files) != 1 {
		p.add("file", refuse(Invalid, "Choose one CSV file."))
	}
	if err := p.err(); err != nil {
		return 0, err
	}
	return d.create(ctx, a, ImportRecord, func(ctx context.Context, c *change) error {
		var err error
		c.record.ID, err = c.q.InsertImport(ctx, store.InsertImportParams{
			Kind: in.Kind, Writes: !in.Check, SkipsBad: in.SkipBad, AskedBy: a.ID, AskedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write import: %w", err)
		}
		if err := c.attach(ctx, "", in.Files); err != nil {
			return err
		}
		return c.enqueue(ctx, c.tx, ImportArgs{ImportID: c.record.ID})
	})
}

// WriteImport has the good rows of a file written that was only checked. An import that is written, or being worked, stays as it
// is; the result says in which state it was found.
func (d *Desk) WriteImport(ctx context.Context, a Actor, id int64, skipBad bool) (string, error) {
	if err := a.may(ImportData); err != nil {
		return "", err
	}
	state := ImportChecked
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		n, err := q.DecideImport(ctx, store.DecideImportParams{ID: id, SkipsBad: skipBad, DecidedBy: &a.ID})
		if err != nil {
			return fmt.Errorf("decide on import %d: %w", id, err)
		}
		if n == 1 {
			return d.enqueue(ctx, tx, ImportArgs{ImportID: id})
		}
		row, err := q.GetImport(ctx, id)
		if err != nil {
			return found(err, "That import is not there any more. Bring the file again.")
		}
		state = row.State
		return nil
	})
	return state, err
}

// ImportView is an import with what came of it.
type ImportView struct {
	store.GetImportRow
	Result Imported
}

// ImportView reads an import, for the message about it.
func (d *Desk) ImportView(ctx context.Context, id int64) (ImportView, error) {
	var v ImportView
	var err error
	if v.GetImportRow, err = d.q.GetImport(ctx, id); err != nil {
		return v, found(err, "That import is not there any more. Bring the file again.")
	}
	if err := json.Unmarshal(v.GetImportRow.Result, &v.Result); err != nil {
		return v, fmt.Errorf("decode import %d: %w", id, err)
	}
	return v, nil
}

// ImportRejects reads the bad rows of an import as the table that was made of them.
func (d *Desk) ImportRejects(ctx context.Context, id int64) ([]byte, error) {
	rejects, err := d.q.GetImportRejects(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read rejects of import %d: %w", id, err)
	}
	return rejects, nil
}

// Rejects makes a table of bad rows: the header comes first.
type Rejects interface {
	Add(cells []string) error
	Table() ([]byte, error)
}

// ErrNotFetched says that the file of an import is still on its way.
var ErrNotFetched = errors.New("the file is not fetched yet")

// RunImport works an import: all of it commits at once, with the message that says what came of it. One that was worked already,
// or is, is left alone. newRejects makes an empty table: a transaction that has to be repeated begins another one.
func (d *Desk) RunImport(ctx context.Context, id int64, newRejects func() Rejects) error {
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		row, err := q.LockImport(ctx, id)
		if err != nil || row.State != ImportOwed {
			return err
		}
		files, err := q.ListFiles(ctx, store.ListFilesParams{Record: ImportRecord, RecordID: id})
		if err != nil || len(files) == 0 {
			return fmt.Errorf("find file: %w", err)
		}
		switch files[0].State {
		case "owed":
			return ErrNotFetched
		case "failed":
			return d.importFailed(ctx, tx, q, row, "I could not get the file: "+files[0].Error+". Please bring it again.")
		}
		return d.runImport(ctx, tx, q, row, files[0], newRejects())
	})
	if err != nil {
		return fmt.Errorf("import %d: %w", id, err)
	}
	return nil
}

// runImport imports inside a transaction; what is written is undone, and only that, if it turns out to have problems.
func (d *Desk) runImport(ctx context.Context, tx pgx.Tx, q *store.Queries, row store.LockImportRow, info FileInfo, rejects Rejects) error {
	file, err := q.GetFile(ctx, info.ID)
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	by, err := q.GetMember(ctx, decider(row))
	if err != nil {
		return fmt.Errorf("read who asked: %w", err)
	}
	inner, err := tx.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	in := Importing{Kind: row.Kind, File: file.Name, Content: file.Content, Write: row.Writes, SkipBad: row.SkipsBad, Reject: rejects.Add}
	done, refusal := d.importIn(ctx, inner, Actor{Member: by, Via: "import"}, in)
	if refusal == nil && done.Written {
		err = inner.Commit(ctx)
	} else {
		err = inner.Rollback(ctx)
	}
	if err != nil {
		return fmt.Errorf("end: %w", err)
	}
	var refused *Error
	if errors.As(refusal, &refused) {
		return d.importFailed(ctx, tx, q, row, refused.Text)
	}
	if refusal != nil {
		return refusal
	}
	return d.importDone(ctx, tx, q, row, done, rejects)
}

// decider is who is responsible for what an import writes.
func decider(row store.LockImportRow) int64 {
	if row.DecidedBy != nil {
		return *row.DecidedBy
	}
	return row.AskedBy
}

func (d *Desk) importDone(ctx context.Context, tx pgx.Tx, q *store.Queries, row store.LockImportRow, done Imported, rejects Rejects) error {
	result, err := json.Marshal(done)
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	var table []byte
	if done.Bad > 0 {
		if table, err = rejects.Table(); err != nil {
			return fmt.Errorf("make rejects: %w", err)
		}
	}
	now := d.Now()
	p := store.FinishImportParams{ID: row.ID, State: ImportChecked, Name: done.File, Result: result, Rejects: table, DoneAt: &now}
	if done.Written {
		p.State = ImportWritten
	}
	if err := q.FinishImport(ctx, p); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return d.tell(ctx, tx, q, importNotice(row, done.Sentence(row.Kind)))
}

// importFailed ends an import whose file cannot be read at all.
func (d *Desk) importFailed(ctx context.Context, tx pgx.Tx, q *store.Queries, row store.LockImportRow, reason string) error {
	now := d.Now()
	p := store.FinishImportParams{ID: row.ID, State: ImportFailed, Result: []byte("{}"), DoneAt: &now}
	if err := q.FinishImport(ctx, p); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return d.tell(ctx, tx, q, importNotice(row, "I could not import the file. "+reason))
}

func importNotice(row store.LockImportRow, text string) owed {
	return owed{kind: noticeImportDone, memberID: decider(row), record: Record{Kind: ImportRecord, ID: row.ID}, body: NoticeBody{Text: text}}
}

// ImportAs is who an import from the command line is made by: the member with a name or e-mail, else the desk itself. Leads are
// always added by somebody: without a name by the first admin.
func (d *Desk) ImportAs(ctx context.Context, kind, who string) (Actor, error) {
	nobody := Actor{Member: store.Member{State: StateActive, Roles: []string{Admin}}, Via: "import"}
	members, err := d.q.ListEveryActiveMember(ctx)
	if err != nil {
		return nobody, fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		named := who != "" && (Fold(m.Name) == Fold(who) || m.Email != "" && Fold(m.Email) == Fold(who))
		if named || who == "" && kind == ImportLeads && contains(m.Roles, Admin) {
			a := Actor{Member: m, Via: "import"}
			return a, a.may(ImportData)
		}
	}
	switch {
	case who != "":
		return nobody, wrong("as", "No active member is called “%s” or has that e-mail.", shorten(who, 60))
	case kind == ImportLeads:
		return nobody, wrong("as", "Leads are added by somebody, and there is no admin yet. Import the members first, one of them with the role admin.")
	}
	return nobody, nil
}
