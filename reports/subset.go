package reports

import (
	"encoding/binary"
	"slices"
)

// subset returns a TrueType file with only the glyphs in use and the parts that they are made of. Glyphs keep their
// numbers, so nothing needs renumbering; the empty ones between them compress to almost nothing.
func (f *face) subset(runes []rune) []byte {
	keep := make([]bool, f.glyphs)
	keep[0] = true
	for glyph, r := range runes {
		if r != 0 {
			f.keepParts(keep, glyph)
		}
	}
	var glyf []byte
	loca := make([]byte, 4*(f.glyphs+1))
	hmtx := make([]byte, 4*f.glyphs)
	for glyph := range f.glyphs {
		binary.BigEndian.PutUint32(loca[4*glyph:], uint32(len(glyf)))
		if !keep[glyph] {
			continue
		}
		glyf = append(glyf, f.outline(glyph)...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		f.copyMetrics(hmtx[4*glyph:], glyph)
	}
	binary.BigEndian.PutUint32(loca[4*f.glyphs:], uint32(len(glyf)))
	head := slices.Clone(f.data[f.tables["head"] : f.tables["head"]+54])
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets in loca
	hhea := slices.Clone(f.data[f.tables["hhea"] : f.tables["hhea"]+36])
	binary.BigEndian.PutUint16(hhea[34:], uint16(f.glyphs))
	maxp := f.data[f.tables["maxp"] : f.tables["maxp"]+32]
	return assemble([]fontTable{
		{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp},
	})
}

// outline returns the drawing of a glyph, empty for a space.
func (f *face) outline(glyph int) []byte {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	var start, end int
	if f.longLoca {
		start, end = f.u32(loca+4*glyph), f.u32(loca+4*glyph+4)
	} else {
		start, end = 2*f.u16(loca+2*glyph), 2*f.u16(loca+2*glyph+2)
	}
	return f.data[glyf+start : glyf+end]
}

// copyMetrics writes a glyph's advance and left side.
func (f *face) copyMetrics(to []byte, glyph int) {
	if glyph < f.metrics {
		copy(to[:4], f.data[f.hmtx+4*glyph:])
		return
	}
	copy(to[:2], f.data[f.hmtx+4*(f.metrics-1):])
	copy(to[2:4], f.data[f.hmtx+4*f.metrics+2*(glyph-f.metrics):])
}

// The flags of a part in a composite glyph
// (https://learn.microsoft.com/en-us/typography/opentype/spec/glyf#composite-glyph-description).
const (
	partWords  = 0x0001
	partScale  = 0x0008
	partMore   = 0x0020
	partScales = 0x0040
	partMatrix = 0x0080
)

// keepParts marks a glyph and, when it is made of others, those too.
func (f *face) keepParts(keep []bool, glyph int) {
	if glyph >= len(keep) || keep[glyph] {
		return
	}
	keep[glyph] = true
	outline := f.outline(glyph)
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(outline); {
		flags := binary.BigEndian.Uint16(outline[at:])
		f.keepParts(keep, int(binary.BigEndian.Uint16(outline[at+2:])))
		if flags&partMore == 0 {
			return
		}
		at += 6
		if flags&partWords != 0 {
			at += 2
		}
		switch {
		case flags&partScale != 0:
			at += 2
		case flags&partScales != 0:
			at += 4
		case flags&partMatrix != 0:
			at += 8
		}
	}
}

type fontTable struct {
	name string
	data []byte
}

// assemble puts tables, sorted by name, into a TrueType file.
func assemble(tables []fontTable) []byte {
	power, log := 1, 0
	for power*2 <= len(tables) {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []int{len(tables), power * 16, log, (len(tables) - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	at := len(out) + 16*len(tables)
	for _, t := range tables {
		out = append(out, t.name...)
		for _, n := range []uint32{checksum(t.data), uint32(at), uint32(len(t.data))} {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func checksum(data []byte) uint32 {
	sum := uint32(0)
	for i := 0; i < len(data); i += 4 {
		var word [4]byte
		copy(word[:], data[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
