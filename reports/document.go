package reports

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf16"
)

// document writes a PDF 1.7 file (ISO 32000-1) from its first byte to its last. A finished page leaves memory at
// once; fonts and the list of pages come at the end, when all letters in use are known. So a report needs the same
// few megabytes at any length.
type document struct {
	out     *bufio.Writer
	written int64
	offsets []int64 // where each object begins, by number less one
	err     error   // the first failure of out

	width, height float64
	content       []byte // of the page or foot being drawn
	pages         []pageObjects
	fonts         []*usedFont
	images        []int // the object of each

	packer  *zlib.Writer
	packed  bytes.Buffer
	packing chan error // a page on its way, see endPage
	number  int        // its object
	spare   []byte     // its content, to be used again
}

// pageObjects are the two contents of a page: what was drawn when it was current, and its foot.
type pageObjects struct{ body, foot int }

// The objects that others refer to before they are written.
const (
	objCatalog = iota + 1
	objPages
	objResources
	objInfo
	objReserved = objInfo
)

func newDocument(w io.Writer, width, height float64) *document {
	d := &document{out: bufio.NewWriterSize(w, 64<<10), width: width, height: height, offsets: make([]int64, objReserved)}
	// Speed over size: the default level makes a file a tenth smaller and takes three times as long.
	d.packer, _ = zlib.NewWriterLevel(&d.packed, zlib.BestSpeed) // fails on unknown levels only
	d.put("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	return d
}

func (d *document) put(text string) {
	n, err := d.out.WriteString(text)
	d.note(n, err)
}

func (d *document) putBytes(data []byte) {
	n, err := d.out.Write(data)
	d.note(n, err)
}

func (d *document) note(n int, err error) {
	d.written += int64(n)
	if d.err == nil {
		d.err = err
	}
}

func (d *document) putf(format string, args ...any) { d.put(fmt.Sprintf(format, args...)) }

// newObject reserves a number.
func (d *document) newObject() int {
	d.offsets = append(d.offsets, 0)
	return len(d.offsets)
}

// object writes one that is not a stream.
func (d *document) object(number int, body string) {
	d.offsets[number-1] = d.written
	d.putf("%d 0 obj\n%s\nendobj\n", number, body)
}

// stream writes an object with compressed data. extra is what else its dictionary says.
func (d *document) stream(number int, extra string, data []byte) {
	d.collect()
	d.note(0, d.pack(data))
	d.rawStream(number, "/Filter/FlateDecode"+extra, d.packed.Bytes())
}

func (d *document) rawStream(number int, extra string, data []byte) {
	d.offsets[number-1] = d.written
	d.put(strconv.Itoa(number) + " 0 obj\n<</Length " + strconv.Itoa(len(data)) + extra + ">>\nstream\n")
	d.putBytes(data)
	d.put("\nendstream\nendobj\n")
}

// beginPage starts a page; the one before must have been ended.
func (d *document) beginPage() {
	d.content = d.content[:0]
	d.pages = append(d.pages, pageObjects{})
}

// endPage sends the page being drawn on its way. Compressing takes as long as drawing, so one page is packed while
// the next is drawn.
func (d *document) endPage() {
	d.collect()
	d.number = d.newObject()
	d.pages[len(d.pages)-1].body = d.number
	content := d.content
	d.content, d.spare = d.spare[:0], content
	d.packing = make(chan error, 1)
	go func() { d.packing <- d.pack(content) }()
}

// collect waits for the page on its way and writes it. Everything that uses the packer comes after it.
func (d *document) collect() {
	if d.packing == nil {
		return
	}
	d.note(0, <-d.packing)
	d.packing = nil
	d.rawStream(d.number, "/Filter/FlateDecode", d.packed.Bytes())
}

func (d *document) pack(data []byte) error {
	d.packed.Reset()
	d.packer.Reset(&d.packed)
	if _, err := d.packer.Write(data); err != nil {
		return err
	}
	return d.packer.Close()
}

// endFoot sends what was drawn since endPage out as the foot of an earlier page. Feet are short: compressing them
// would save little.
func (d *document) endFoot(page int) {
	d.collect()
	number := d.newObject()
	d.rawStream(number, "", d.content)
	d.pages[page-1].foot = number
	d.content = d.content[:0]
}

// finish writes what belongs to the whole document. It may be called once.
func (d *document) finish(title, author string, made time.Time) error {
	kids := make([]byte, 0, 8*len(d.pages))
	for _, page := range d.pages {
		number := d.newObject()
		d.object(number, "<</Type/Page/Parent "+ref(objPages)+"/Contents["+ref(page.body)+" "+ref(page.foot)+"]>>")
		kids = append(append(kids, ref(number)...), ' ')
	}
	d.object(objPages, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 %.2f %.2f]/Resources %s/Kids[%s]>>",
		len(d.pages), d.width, d.height, ref(objResources), kids))
	resources := ""
	for i, f := range d.fonts {
		resources += "/F" + strconv.Itoa(i+1) + " " + ref(d.writeFont(f))
	}
	d.object(objResources, "<</Font<<"+resources+">>"+d.imageResources()+">>")
	d.object(objCatalog, "<</Type/Catalog/Pages "+ref(objPages)+"/ViewerPreferences<</DisplayDocTitle true>>>>")
	stamp := made.UTC().Format("(D:20060102150405Z)")
	d.object(objInfo, "<</Title "+textString(title)+"/Author "+textString(author)+
		"/Creator(Callout)/Producer(Callout)/CreationDate"+stamp+"/ModDate"+stamp+">>")
	d.crossReference()
	if d.err == nil {
		d.err = d.out.Flush()
	}
	return d.err
}

func (d *document) crossReference() {
	start := d.written
	d.putf("xref\n0 %d\n0000000000 65535 f \n", len(d.offsets)+1)
	for _, offset := range d.offsets {
		d.putf("%010d 00000 n \n", offset)
	}
	d.putf("trailer\n<</Size %d/Root %s/Info %s>>\nstartxref\n%d\n%%%%EOF\n", len(d.offsets)+1, ref(objCatalog), ref(objInfo), start)
}

func ref(number int) string { return strconv.Itoa(number) + " 0 R" }

// textString writes text for a reader's window, as UTF-16 in hexadecimal.
func textString(text string) string {
	out := []byte("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		out = appendHex(out, unit)
	}
	return string(append(out, '>'))
}

func appendHex(out []byte, unit uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(out, digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
