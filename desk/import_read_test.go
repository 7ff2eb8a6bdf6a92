package desk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// readAll reads a table into lines such as `2: a|b`, with what is wrong behind a row.
func readAll(content []byte) (header, rows string, err error) {
	t, err := ReadTable(content)
	if err != nil {
		return "", "", err
	}
	var lines []string
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		line := fmt.Sprintf("%02d: ", row.Number) + strings.Join(row.Cells, "|")
		if row.Wrong != "" {
			line += " WRONG " + row.Wrong
		}
		lines = append(lines, line)
	}
	return strings.Join(t.Header, "|"), strings.Join(lines, "\n"), nil
}

func utf16Bytes(text string, big, bom bool) []byte {
	var b bytes.Buffer
	units := utf16.Encode([]rune(text))
	if bom {
		units = append([]uint16{0xFEFF}, units...)
	}
	for _, u := range units {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.Bytes()
}

func TestReadTable(t *testing.T) {
	t.Parallel()
	const plain = "Name;Phone\nMüller;1\n"
	for name, c := range map[string]struct {
		content string
		header  string
		rows    string
	}{
		"commas":                         {"Name,Phone\nAcme,1\n", "Name|Phone", "02: Acme|1"},
		"semicolons":                     {plain, "Name|Phone", "02: Müller|1"},
		"tabs":                           {"Name\tPhone\nAcme\t1", "Name|Phone", "02: Acme|1"},
		"a comma inside quotes":          {"\"Name, full\";Phone\nAcme;1", "Name, full|Phone", "02: Acme|1"},
		"what Excel says":                {"sep=;\r\nName;Phone\r\nA,B;1\r\n", "Name|Phone", "03: A,B|1"},
		"a byte order mark":              {"\uFEFFName,Phone\nAcme,1\n", "Name|Phone", "02: Acme|1"},
		"UTF-16 with a mark":             {string(utf16Bytes(plain, false, true)), "Name|Phone", "02: Müller|1"},
		"UTF-16 the other way round":     {string(utf16Bytes(plain, true, true)), "Name|Phone", "02: Müller|1"},
		"UTF-16 without a mark":          {string(utf16Bytes(plain, false, false)), "Name|Phone", "02: Müller|1"},
		"Windows-1252":                   {"Name;Preis\nM\xfcller;\x80 5\n", "Name|Preis", "02: Müller|€ 5"},
		"CRLF and empty lines":           {"\r\nName,Phone\r\n\r\nAcme,1\r\n,\r\n\r\nBolt,2\r\n", "Name|Phone", "04: Acme|1\n07: Bolt|2"},
		"only carriage returns":          {"Name,Phone\rAcme,1\rBolt,2", "Name|Phone", "02: Acme|1\n03: Bolt|2"},
		"a line break inside a cell":     {"Name,Notes\nAcme,\"a\nb\"\nBolt,c\n", "Name|Notes", "02: Acme|a\nb\n03: Bolt|c"},
		"inches":                         {"Name,Notes\n5\" pipe,a\nBolt,c\n", "Name|Notes", "02: 5\" pipe|a\n03: Bolt|c"},
		"rows of other lengths":          {"A,B\n1\n1,2,3\n", "A|B", "02: 1\n03: 1|2|3"},
		"no more than a header":          {"A,B", "A|B", ""},
		"a quote in the middle":          {"A,B\n\"x\"y,1\nz,2\n", "A|B", "02: \"x\"y|1 WRONG A quote (\") is in the middle of a cell. Write it twice, or take it out.\n03: z|2"},
		"a quote that is never closed":   {"A,B\nw,0\n\"x,1\ny,2\nz,3\n", "A|B", "02: w|0\n03: \"x|1 WRONG A quote (\") that begins a cell is never closed. Close it, or take it out.\n04: y|2\n05: z|3"},
		"never closed after empty lines": {"A,B\n\n\n\"x,1\ny,2\n", "A|B", "04: \"x|1 WRONG A quote (\") that begins a cell is never closed. Close it, or take it out.\n05: y|2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header, rows, err := readAll([]byte(c.content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.header+"\n"+c.rows, header+"\n"+rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadTableRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, says string }{
		"nothing":            {"", "The file is empty"},
		"only empty lines":   {"\n\n ,\n", "The file is empty"},
		"a workbook":         {"PK\x03\x04rest", "Excel workbook"},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00", "That is a picture, not a CSV file"},
		"a PDF":              {"%PDF-1.7\n", "That is a PDF"},
		"something binary":   {"\x01\x02a\x00b,c\n\x00", "no text file"},
		"a header in shards": {"\"A\"b,C\n", "Row 1, which must name the columns: A quote"},
	} {
		_, _, err := readAll([]byte(c.content))
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

func FuzzReadTable(f *testing.F) {
	for _, seed := range []string{"A,B\n1,2\n", "\xff\xfeA\x00", "A;\"B\n\"\"\"x\n", "sep=,\n\"", "\"a\n\"b\n\"c", "a\r\r\n\"\r", "\xef\xbb\xbf\"", "sep="} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := ReadTable(content)
		if err != nil {
			return
		}
		last := 0
		for n := 0; ; n++ {
			row, err := table.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || row.Number <= last || n > len(content) {
				t.Fatalf("row %d after row %d: %v", row.Number, last, err)
			}
			last = row.Number
			if read, total := table.Done(); read < 0 || read > total {
				t.Fatalf("read %d of %d", read, total)
			}
		}
	})
}
