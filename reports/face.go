package reports

import (
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
)

// fontFiles holds the fonts of fonts/, each with its licence beside it; fonts/subset.sh rebuilds them.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// face is one font: enough of a TrueType file to know which letters it has and how wide they are. The bytes are
// asked each time; nothing is unpacked for fonts that a document never uses.
type face struct {
	name     string // file name without its ending
	data     []byte
	tables   map[string]int // where each table begins
	cmap     int            // where the Unicode table of format 4 begins
	hmtx     int
	metrics  int // number of full entries in hmtx
	glyphs   int
	units    int // font units per em
	longLoca bool
}

// faceNames lists the fonts in the order in which a letter is looked for. The first is for text, the second for
// bold text; all after them serve both.
var faceNames = [...]string{
	"NotoSans-Regular", "NotoSans-Bold", "DejaVuSans", "WenQuanYiMicroHei", "NotoSansThai-Regular",
	"NotoSansDevanagari-Regular", "NotoSansBengali-Regular", "NotoSansGurmukhi-Regular",
	"NotoSansGujarati-Regular", "NotoSansTamil-Regular", "NotoSansTelugu-Regular", "NotoSansKannada-Regular",
	"NotoSansMalayalam-Regular", "NotoSansSinhala-Regular", "NotoSansKhmer-Regular", "NotoSansLao-Regular",
	"NotoSansMyanmar-Regular", "NotoSansEthiopic-Regular",
}

// loadFaces reads the embedded fonts once for the whole program; a face never changes afterwards.
var loadFaces = sync.OnceValues(func() ([]*face, error) {
	faces := make([]*face, len(faceNames))
	for i, name := range faceNames {
		data, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
		if err != nil {
			return nil, fmt.Errorf("read font %s: %w", name, err)
		}
		if faces[i], err = parseFace(name, data); err != nil {
			return nil, fmt.Errorf("read font %s: %w", name, err)
		}
	}
	return faces, nil
})

// parseFace finds the tables of a TrueType file
// (https://learn.microsoft.com/en-us/typography/opentype/spec/otff).
func parseFace(name string, data []byte) (*face, error) {
	if len(data) < 12 {
		return nil, errors.New("file too short")
	}
	tables := make(map[string]int)
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		record := data[12+16*i:]
		tables[string(record[:4])] = int(binary.BigEndian.Uint32(record[8:]))
	}
	for _, need := range []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"} {
		if tables[need] == 0 {
			return nil, fmt.Errorf("no table %s", need)
		}
	}
	f := &face{name: name, data: data, tables: tables, hmtx: tables["hmtx"]}
	f.units = f.u16(tables["head"] + 18)
	f.metrics = f.u16(tables["hhea"] + 34)
	f.glyphs = f.u16(tables["maxp"] + 4)
	f.longLoca = f.u16(tables["head"]+50) == 1
	base := tables["cmap"]
	for i := range f.u16(base + 2) {
		record := base + 4 + 8*i
		at := base + f.u32(record+4)
		platform, encoding := f.u16(record), f.u16(record+2)
		if (platform == 0 || platform == 3 && encoding == 1) && f.u16(at) == 4 {
			f.cmap = at
			return f, nil
		}
	}
	return nil, errors.New("no Unicode table of format 4")
}

func (f *face) u16(at int) int { return int(binary.BigEndian.Uint16(f.data[at:])) }

func (f *face) u32(at int) int { return int(binary.BigEndian.Uint32(f.data[at:])) }

// scaled reads a signed measure in thousandths of the font size.
func (f *face) scaled(at int) int { return int(int16(f.u16(at))) * 1000 / f.units }

// bounds is the box that every glyph fits into.
func (f *face) bounds() [4]int {
	head := f.tables["head"]
	return [4]int{f.scaled(head + 36), f.scaled(head + 38), f.scaled(head + 40), f.scaled(head + 42)}
}

// glyph returns the number of the glyph for r, 0 when the font has none.
func (f *face) glyph(r rune) int {
	if r > 0xFFFF {
		return 0
	}
	code := int(r)
	segments := f.u16(f.cmap+6) / 2
	ends := f.cmap + 14
	low, high := 0, segments
	for low < high {
		if middle := (low + high) / 2; f.u16(ends+2*middle) < code {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == segments {
		return 0
	}
	starts := ends + 2*segments + 2
	start, delta := f.u16(starts+2*low), f.u16(starts+2*(segments+low))
	if code < start {
		return 0
	}
	offsetAt := starts + 2*(2*segments+low)
	offset := f.u16(offsetAt)
	if offset == 0 {
		return (code + delta) & 0xFFFF
	}
	if id := f.u16(offsetAt + offset + 2*(code-start)); id != 0 {
		return (id + delta) & 0xFFFF
	}
	return 0
}

// advance returns the width of a glyph in thousandths of the font size.
func (f *face) advance(glyph int) int {
	glyph = min(glyph, f.metrics-1)
	return int(math.Round(1000 / float64(f.units) * float64(f.u16(f.hmtx+4*glyph))))
}
