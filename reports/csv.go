package reports

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// CSVOptions says how a CSV file is written.
type CSVOptions struct {
	// ByteOrderMark starts the file with U+FEFF, which Excel needs to read it as UTF-8.
	ByteOrderMark bool
	// Progress is called now and then with the rows written and Table.Total; it may be nil.
	Progress func(done, total int)
}

// WriteCSV writes the table with all its columns and nothing else. Cells that a spreadsheet would run as a formula
// start with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
func WriteCSV(ctx context.Context, w io.Writer, r Report, options CSVOptions) error {
	buffer := bufio.NewWriter(w)
	if options.ByteOrderMark {
		if _, err := buffer.WriteString("\uFEFF"); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out := csv.NewWriter(buffer)
	cells := make([]string, len(r.Table.Columns))
	for i, column := range r.Table.Columns {
		cells[i] = SafeCell(column.Title)
	}
	if err := out.Write(cells); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	if err := writeRows(ctx, out, r.Table, cells, options.Progress); err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	if err := buffer.Flush(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func writeRows(ctx context.Context, out *csv.Writer, t Table, cells []string, progress func(done, total int)) error {
	if t.Rows == nil {
		return nil
	}
	done := 0
	for row, err := range t.Rows {
		if err != nil {
			return fmt.Errorf("read row %d: %w", done+1, err)
		}
		clear(cells)
		for i := range min(len(row), len(cells)) {
			cells[i] = SafeCell(row[i])
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		done++
		if done%rowsPerCheck == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("write csv: %w", err)
			}
			report(progress, done, t.Total)
		}
	}
	report(progress, done, t.Total)
	return nil
}

// rowsPerCheck is how often a long report looks whether it is still wanted and tells how far it is.
const rowsPerCheck = 128

func report(progress func(done, total int), done, total int) {
	if progress != nil {
		progress(done, total)
	}
}

// SafeCell keeps a spreadsheet from running a cell that came from somebody else.
func SafeCell(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// SafeCells makes a whole row safe.
func SafeCells(cells []string) []string {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = SafeCell(cell)
	}
	return safe
}
