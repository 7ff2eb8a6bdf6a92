package desk

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// MaxImport is how many bytes of a table are taken in one piece.
const MaxImport = 200 << 20

// Table is a file of rows as spreadsheets write it, whatever their country and age.
type Table struct {
	Header []string
	reader *csv.Reader
	data   []byte
	row    int // of the last line that was read, as a spreadsheet numbers it
	total  int
}

// TableRow is one row of a Table.
type TableRow struct {
	Number int // as a spreadsheet numbers it: the header is usually row 1
	Cells  []string
	Wrong  string // what is wrong with the row as a whole
}

// ReadTable opens a table: UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs between its cells.
func ReadTable(content []byte) (*Table, error) {
	if len(content) > MaxImport {
		return nil, wrong("file", "The file has %d MB; at most %d fit. Cut it into parts.", len(content)>>20, MaxImport>>20)
	}
	text, err := decoded(content)
	if err != nil {
		return nil, err
	}
	t := &Table{data: text, total: len(text)}
	comma := t.separator()
	t.restart(comma)
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil, wrong("file", "The file is empty. Its first row must name the columns.")
		}
		if row.Wrong != "" {
			return nil, wrong("file", "Row %d, which must name the columns: %s", row.Number, row.Wrong)
		}
		if !blank(row.Cells) {
			t.Header = row.Cells
			return t, nil
		}
	}
}

// Done is how much of the table was read, and how much there is.
func (t *Table) Done() (read, total int) {
	return t.total - len(t.data) + int(t.reader.InputOffset()), t.total
}

// Next reads the next row that is not empty; io.EOF after the last one.
func (t *Table) Next() (TableRow, error) {
	for {
		row, err := t.next()
		if err != nil || row.Wrong != "" || !blank(row.Cells) {
			return row, err
		}
	}
}

func (t *Table) next() (TableRow, error) {
	before := int(t.reader.InputOffset())
	cells, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return TableRow{}, io.EOF
	}
	after := int(t.reader.InputOffset())
	raw := t.data[before:after]
	t.row += 1 + emptyLines(raw)
	row := TableRow{Number: t.row, Cells: cells}
	switch {
	case err == nil:
	case errors.Is(err, csv.ErrBareQuote): // such as 5" pipe: what is meant is plain
		row.Cells = t.loosely(raw)
	case after == len(t.data) && openQuote(raw): // everything to the end went into one cell: go on with the next line
		line := firstLine(raw)
		row.Cells, row.Wrong = t.asWritten(line), "A quote (\") that begins a cell is never closed. Close it, or take it out."
		t.data = t.data[after-len(bytes.TrimLeft(raw, "\r\n"))+len(line):]
		t.restart(t.reader.Comma)
	default:
		row.Cells, row.Wrong = t.asWritten(raw), "A quote (\") is in the middle of a cell. Write it twice, or take it out."
	}
	return row, nil
}

func (t *Table) restart(comma rune) {
	t.reader = csv.NewReader(bytes.NewReader(t.data))
	t.reader.Comma, t.reader.FieldsPerRecord = comma, -1
}

// loosely reads one row that has quotes inside its cells.
func (t *Table) loosely(raw []byte) []string {
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = t.reader.Comma, -1, true
	cells, err := r.Read()
	if err != nil {
		return t.asWritten(raw)
	}
	return cells
}

// asWritten cuts up a row whose quotes make no sense, quotes and all.
func (t *Table) asWritten(raw []byte) []string {
	return strings.Split(strings.Trim(string(raw), "\r\n"), string(t.reader.Comma))
}

// emptyLines counts the empty lines before a row, which the reader leaves out and spreadsheets count.
func emptyLines(raw []byte) int {
	n := 0
	for len(raw) > 0 {
		switch {
		case raw[0] == '\n':
			n, raw = n+1, raw[1:]
		case bytes.HasPrefix(raw, []byte("\r\n")):
			n, raw = n+1, raw[2:]
		default:
			return n
		}
	}
	return n
}

func firstLine(raw []byte) []byte {
	raw = bytes.TrimLeft(raw, "\r\n")
	if i := bytes.IndexByte(raw, '\n'); i >= 0 {
		return raw[:i+1]
	}
	return raw
}

// openQuote reports whether a text ends inside quotes, over several lines.
func openQuote(raw []byte) bool { return bytes.Count(raw, []byte{'"'})%2 == 1 }

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// separator finds what stands between the cells: what a first line `sep=;` says, which Excel writes, else what the header has
// most of, outside quotes.
func (t *Table) separator() rune {
	line := firstLine(t.data)
	if rest, ok := bytes.CutPrefix(line, []byte("sep=")); ok && len(bytes.TrimSpace(rest)) <= 1 && len(rest) > 0 {
		if comma := rune(rest[0]); comma == ',' || comma == ';' || comma == '\t' || comma == '|' {
			t.row = 1 + emptyLines(t.data)
			t.data = bytes.TrimLeft(t.data, "\r\n")[len(line):]
			return comma
		}
	}
	best, most := ',', 0
	for _, comma := range []rune{',', ';', '\t', '|'} {
		if n := outsideQuotes(line, byte(comma)); n > most {
			best, most = comma, n
		}
	}
	return best
}

func outsideQuotes(line []byte, what byte) int {
	n, quoted := 0, false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == what && !quoted:
			n++
		}
	}
	return n
}

// mistaken are the beginnings of files that people choose by mistake.
var mistaken = []struct{ begins, what string }{
	{"PK\x03\x04", "That is an Excel workbook or another packed file, not a CSV file. Open it, choose “Save as” and the type CSV."},
	{"\xD0\xCF\x11\xE0", "That is an old Excel workbook, not a CSV file. Open it, choose “Save as” and the type CSV."},
	{"%PDF", "That is a PDF, not a CSV file. Export the list as CSV where it comes from."},
	{"\x89PNG", "That is a picture, not a CSV file. Choose the file that your spreadsheet saved as CSV."},
	{"\xFF\xD8\xFF", "That is a picture, not a CSV file. Choose the file that your spreadsheet saved as CSV."},
	{"GIF8", "That is a picture, not a CSV file. Choose the file that your spreadsheet saved as CSV."},
	{"<!DOCTYPE", "That is a web page, not a CSV file. Export the list as CSV where it comes from."},
	{"<html", "That is a web page, not a CSV file. Export the list as CSV where it comes from."},
}

// decoded is the text of a file in UTF-8, without a byte order mark.
func decoded(content []byte) ([]byte, error) {
	for _, m := range mistaken {
		if bytes.HasPrefix(content, []byte(m.begins)) {
			return nil, wrong("file", "%s", m.what)
		}
	}
	text, err := encodingOf(content).NewDecoder().Bytes(content)
	if err != nil {
		return nil, wrong("file", "The file cannot be read as text. Save it as CSV in UTF-8.")
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, wrong("file", "That is no text file. Choose the file that your spreadsheet saved as CSV.")
	}
	if bytes.IndexByte(text, '\n') < 0 { // old spreadsheets on a Mac end lines so
		text = bytes.ReplaceAll(text, []byte{'\r'}, []byte{'\n'})
	}
	return text, nil
}

// encodingOf guesses how a text is written down. Half of the bytes of UTF-16 are zero where people write Latin letters.
func encodingOf(content []byte) encoding.Encoding {
	head := content[:min(len(content), 4096)]
	even, odd := 0, 0
	for i, c := range head {
		switch {
		case c != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	switch quarter := len(head) / 4; {
	case bytes.HasPrefix(content, []byte{0xFF, 0xFE}), odd > quarter && even < quarter/4+1:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(content, []byte{0xFE, 0xFF}), even > quarter && odd < quarter/4+1:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case utf8.Valid(content):
		return encoding.Nop
	}
	return charmap.Windows1252
}
