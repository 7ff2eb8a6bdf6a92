package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"callout/desk"
	"callout/reports"
)

type importCmd struct {
	Kind    string `arg:"" enum:"customers,equipment,contacts,leads,members" help:"What the file holds: customers, equipment, contacts, leads or members."`
	File    string `arg:"" help:"The CSV file; - is standard input." type:"path"`
	Apply   bool   `help:"Write it. Without this the file is only checked."`
	SkipBad bool   `help:"Write the good rows although there are bad ones, and the bad ones into a file of rejects."`
	Rejects string `help:"File for the bad rows, each with its reason. Default: next to the file, with .rejects.csv at its end." type:"path"`
	As      string `help:"Whose name the records carry: name or e-mail of an admin. Default: the desk itself."`
}

// errNothingImported ends the program with an exit code that scripts see.
var errNothingImported = errors.New("nothing was imported. Correct the rows named above, or write the good ones with --apply --skip-bad")

// Run checks a file of records, and writes it if that was asked for.
func (i importCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	content, err := i.read()
	if err != nil {
		return err
	}
	return withDesk(ctx, c, log, func(d *desk.Desk) error { return i.work(ctx, d, content) })
}

func (i importCmd) work(ctx context.Context, d *desk.Desk, content []byte) error {
	by, err := d.ImportAs(ctx, i.Kind, i.As)
	if err != nil {
		return err
	}
	rejects := &rejectsFile{path: i.rejectsPath()}
	in := desk.Importing{
		Kind: i.Kind, File: filepath.Base(i.File), Content: content, Write: i.Apply, SkipBad: i.SkipBad, Progress: progress("bytes of " + i.Kind),
	}
	if rejects.path != "" {
		in.Reject = rejects.add
	}
	done, err := d.Import(ctx, by, in)
	if err = rejects.close(err); err != nil {
		return err
	}
	i.tell(done)
	if rejects.rows > 0 {
		fmt.Fprintf(os.Stderr, "The bad rows are in %s. Correct them there and import that file.\n", rejects.path)
	}
	if done.Bad > 0 && !i.SkipBad {
		return errNothingImported
	}
	return nil
}

// read reads the file, but not one that is too large to be a list.
func (i importCmd) read() ([]byte, error) {
	in := io.Reader(os.Stdin)
	if i.File != "-" {
		f, err := os.Open(i.File)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s", i.File)
		}
		if err != nil {
			return nil, fmt.Errorf("open the file: %w", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	content, err := io.ReadAll(io.LimitReader(in, desk.MaxImport+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return content, nil
}

// rejectsPath is where the bad rows go; nowhere if nobody wants them.
func (i importCmd) rejectsPath() string {
	switch {
	case i.Rejects != "":
		return i.Rejects
	case !i.Apply || !i.SkipBad:
		return ""
	case i.File == "-":
		return i.Kind + ".rejects.csv"
	}
	return strings.TrimSuffix(i.File, filepath.Ext(i.File)) + ".rejects.csv"
}

// tell says what came of the file: problems first, the sum of it last.
func (i importCmd) tell(done desk.Imported) {
	for _, hint := range done.Hints() {
		fmt.Println(hint)
	}
	for _, p := range done.Problems {
		line := p.String()
		if p.Value != "" && !strings.Contains(p.Reason, p.Value) {
			line += " The cell says “" + p.Value + "”."
		}
		fmt.Println(line)
	}
	if done.More > 0 {
		fmt.Printf("… and %d more problems.\n", done.More)
	}
	switch {
	case done.Written:
		fmt.Printf("Imported %s: %s.\n", done.File, done.Counts())
	case i.Apply:
		fmt.Printf("Not imported %s: %s.\n", done.File, done.Counts())
	case done.Bad > 0 && !i.SkipBad:
		fmt.Printf("Checked %s: %s.\n", done.File, done.Counts())
	default:
		fmt.Printf("Checked %s: %s. Nothing is written yet; --apply does it.\n", done.File, done.Counts())
	}
}

// rejectsFile is a table of bad rows that takes its name only when it is whole. Without bad rows there is none.
type rejectsFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
	out    *csv.Writer
	rows   int // without the header
}

// add writes the header, then the rows.
func (r *rejectsFile) add(cells []string) error {
	if r.file == nil {
		f, err := os.CreateTemp(filepath.Dir(r.path), ".callout-*")
		if err != nil {
			return fmt.Errorf("make the file of rejects: %w", err)
		}
		r.file, r.buffer, r.rows = f, bufio.NewWriter(f), -1
		r.out = csv.NewWriter(r.buffer)
		if _, err := r.buffer.WriteString("\uFEFF"); err != nil { // spreadsheets read UTF-8 by it
			return fmt.Errorf("write rejects: %w", err)
		}
	}
	r.rows++
	return r.out.Write(reports.SafeCells(cells))
}

// close ends the file, or takes it away if the import failed.
func (r *rejectsFile) close(failed error) error {
	if r.file == nil {
		return failed
	}
	r.out.Flush()
	err := errors.Join(failed, r.out.Error(), r.buffer.Flush(), r.file.Chmod(0o644), r.file.Close())
	if err == nil {
		err = os.Rename(r.file.Name(), r.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(r.file.Name()))
	}
	return nil
}
