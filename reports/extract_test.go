package reports

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// pdfFile is a PDF taken apart through its cross-reference table, as a reader does it.
type pdfFile struct{ objects map[int][]byte }

var (
	startPattern  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	refPattern    = regexp.MustCompile(`(\d+) 0 R`)
	bfPattern     = regexp.MustCompile(`beginbfchar<([0-9A-F]{4})><([0-9A-F]*)>`)
	fontPattern   = regexp.MustCompile(`/F(\d+) (\d+) 0 R`)
	tounicodeRef  = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	contentsField = regexp.MustCompile(`/Contents\[(\d+) 0 R (\d+) 0 R\]`)
)

func openPDF(t testing.TB, data []byte) *pdfFile {
	t.Helper()
	found := startPattern.FindSubmatch(data)
	if found == nil {
		t.Fatal("no startxref at the end")
	}
	start, _ := strconv.Atoi(string(found[1]))
	table := strings.Split(string(data[start:]), "\n")
	if table[0] != "xref" {
		t.Fatalf("startxref points to %q", table[0])
	}
	var count int
	if _, err := fmt.Sscanf(table[1], "0 %d", &count); err != nil {
		t.Fatal(err)
	}
	f := &pdfFile{objects: make(map[int][]byte)}
	for number := 1; number < count; number++ {
		offset, _ := strconv.Atoi(table[2+number][:10])
		head := fmt.Sprintf("%d 0 obj\n", number)
		if !bytes.HasPrefix(data[offset:], []byte(head)) {
			t.Fatalf("object %d is not where the table says", number)
		}
		body := data[offset+len(head):]
		f.objects[number] = body[:bytes.Index(body, []byte("\nendobj\n"))]
	}
	return f
}

// stream returns the unpacked data of an object.
func (f *pdfFile) stream(t testing.TB, number int) []byte {
	t.Helper()
	head, data, ok := bytes.Cut(f.objects[number], []byte("\nstream\n"))
	if !ok {
		t.Fatalf("object %d is no stream", number)
	}
	data = bytes.TrimSuffix(data, []byte("\nendstream"))
	if !bytes.Contains(head, []byte("FlateDecode")) {
		return data
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pageTexts returns the text of every page, a line for each piece drawn, read through the fonts' own tables.
func (f *pdfFile) pageTexts(t testing.TB) []string {
	t.Helper()
	fonts := make(map[string]map[uint16]string)
	for _, found := range fontPattern.FindAllSubmatch(f.objects[objResources], -1) {
		font, _ := strconv.Atoi(string(found[2]))
		table, _ := strconv.Atoi(string(tounicodeRef.FindSubmatch(f.objects[font])[1]))
		fonts[string(found[1])] = readToUnicode(f.stream(t, table))
	}
	var pages []string
	for _, kid := range refPattern.FindAllSubmatch(bytes.SplitN(f.objects[objPages], []byte("/Kids"), 2)[1], -1) {
		page, _ := strconv.Atoi(string(kid[1]))
		text := ""
		for _, content := range contentsField.FindSubmatch(f.objects[page])[1:] {
			number, _ := strconv.Atoi(string(content))
			text += readText(f.stream(t, number), fonts)
		}
		pages = append(pages, text)
	}
	return pages
}

func readToUnicode(table []byte) map[uint16]string {
	out := make(map[uint16]string)
	for _, found := range bfPattern.FindAllSubmatch(table, -1) {
		glyph, _ := strconv.ParseUint(string(found[1]), 16, 16)
		raw, _ := hex.DecodeString(string(found[2]))
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		out[uint16(glyph)] = string(utf16.Decode(units))
	}
	return out
}

// readText follows the fonts and strings of a page.
func readText(content []byte, fonts map[string]map[uint16]string) string {
	var out strings.Builder
	font := ""
	for at := 0; at < len(content); at++ {
		switch {
		case content[at] == '/':
			name, _, _ := strings.Cut(string(content[at+1:min(at+8, len(content))]), " ")
			if number, isFont := strings.CutPrefix(name, "F"); isFont {
				font = number
			}
		case content[at] == '(':
			raw, length := readString(content[at+1:])
			for i := 0; i+1 < len(raw); i += 2 {
				out.WriteString(fonts[font][uint16(raw[i])<<8|uint16(raw[i+1])])
			}
			out.WriteByte('\n')
			at += length
		}
	}
	return out.String()
}

// readString returns a string up to its closing bracket, and how long it was written.
func readString(content []byte) (raw []byte, length int) {
	for at := 0; ; at++ {
		switch {
		case content[at] == ')':
			return raw, at + 1
		case content[at] == '\\' && content[at+1] == 'r':
			raw = append(raw, '\r')
			at++
		case content[at] == '\\':
			raw = append(raw, content[at+1])
			at++
		default:
			raw = append(raw, content[at])
		}
	}
}
