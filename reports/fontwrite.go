package reports

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"strconv"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// usedFont is a font of one document, with the letters that were drawn in it.
type usedFont struct {
	face  *face
	runes []rune // by glyph, 0 for one not used
}

// font returns the number of a face in the document, counted from one.
func (d *document) font(f *face) int {
	for i, used := range d.fonts {
		if used.face == f {
			return i + 1
		}
	}
	d.fonts = append(d.fonts, &usedFont{face: f, runes: make([]rune, f.glyphs)})
	return len(d.fonts)
}

// writeFont writes a composite font whose character codes are its glyph numbers (ISO 32000-1, 9.7), and returns
// the number of its object.
func (d *document) writeFont(u *usedFont) int {
	font, child, descriptor, file, unicode := d.newObject(), d.newObject(), d.newObject(), d.newObject(), d.newObject()
	name := u.tag() + "+" + u.face.name
	d.object(font, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%s]/ToUnicode %s>>",
		name, ref(child), ref(unicode)))
	d.object(child, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDToGIDMap/Identity/FontDescriptor %s"+
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 0/W[%s]>>", name, ref(descriptor), u.widths()))
	const symbolic = 4
	box := u.face.bounds()
	d.object(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0"+
		"/Ascent %d/Descent %d/CapHeight 714/StemV 80/FontFile2 %s>>",
		name, symbolic, box[0], box[1], box[2], box[3], u.face.scaled(u.face.tables["hhea"]+4), u.face.scaled(u.face.tables["hhea"]+6), ref(file)))
	subset := u.face.subset(u.runes)
	d.stream(file, "/Length1 "+strconv.Itoa(len(subset)), subset)
	d.stream(unicode, "", u.toUnicode())
	return font
}

// tag is the six letters that tell one part of a font from another (ISO 32000-1, 9.6.4).
func (u *usedFont) tag() string {
	hash := fnv.New64a()
	var glyph [2]byte
	for i, r := range u.runes {
		if r != 0 {
			binary.BigEndian.PutUint16(glyph[:], uint16(i))
			_, _ = hash.Write(glyph[:]) // never fails
		}
	}
	sum := hash.Sum64()
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + byte(sum%26)
		sum /= 26
	}
	return string(tag)
}

// widths lists the advances of the glyphs in use, neighbours together.
func (u *usedFont) widths() []byte {
	var out []byte
	open := false
	for glyph, r := range u.runes {
		if r == 0 {
			if open {
				out = append(out, ']')
			}
			open = false
			continue
		}
		if !open {
			out = append(strconv.AppendInt(out, int64(glyph), 10), '[')
		}
		open = true
		out = append(strconv.AppendInt(out, int64(u.face.advance(glyph)), 10), ' ')
	}
	if open {
		out = append(out, ']')
	}
	return out
}

// toUnicode lets readers search and copy: it maps glyphs back to letters, joined Arabic forms to the plain ones.
func (u *usedFont) toUnicode() []byte {
	out := []byte("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	for glyph, r := range u.runes {
		if r == 0 {
			continue
		}
		text := string(r)
		if r >= 0xFB50 {
			text = norm.NFKC.String(text)
		}
		out = append(appendHex(append(out, "1 beginbfchar<"...), uint16(glyph)), "><"...)
		for _, unit := range utf16.Encode([]rune(text)) {
			out = appendHex(out, unit)
		}
		out = append(out, ">endbfchar\n"...)
	}
	return append(out, "endcmap CMapName currentdict/CMap defineresource pop end end"...)
}
