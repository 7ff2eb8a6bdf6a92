package reports

import (
	"io"
	"strconv"
	"time"
)

// color is red, green, blue.
type color struct{ r, g, b uint8 }

// The few colours of every document.
var (
	ink       = color{0x1F, 0x29, 0x33} // text
	muted     = color{0x61, 0x6E, 0x7C} // labels and small print
	hairline  = color{0xDD, 0xE3, 0xEA}
	wash      = color{0xF5, 0xF7, 0xFA} // the ground of tiles
	paper     = color{0xFF, 0xFF, 0xFF}
	accent    = color{0x1F, 0x5F, 0x99}
	seriesInk = [...]color{
		{0x1F, 0x5F, 0x99},
		{0x3F, 0xA7, 0x96},
		{0xE0, 0x9F, 0x3E},
		{0xB8, 0x4A, 0x4A},
		{0x7A, 0x5C, 0xA8},
		{0x6B, 0x8E, 0x4E},
		{0x4B, 0xA3, 0xC7},
		{0xC7, 0x7D, 0xA6},
		{0x8C, 0x6B, 0x4F},
		{0x9A, 0xA5, 0xB1},
		{0x2F, 0x3E, 0x75},
		{0xD9, 0x7B, 0x4F},
	}
)

// textStyle is how a piece of text looks. Sizes and positions are points everywhere in this package.
type textStyle struct {
	size  float64
	bold  bool
	ink   color
	track float64 // extra space after each letter
}

// canvas draws on the pages of one document. A font, colour or line width is sent only when it changes.
type canvas struct {
	doc           *document
	regular, bold *stack
	drawing       bool // a page is begun and not ended
	title, author string
	made          time.Time

	face      *face // what the page has been told last
	used      *usedFont
	size      float64
	fill      color
	stroke    color
	lineWidth float64
	known     bool // fill, stroke and lineWidth are what the page has

	inText       bool  // a text object is open
	textX, textY int64 // where its last string begins, in hundredths of a point from the lower left corner
}

// The size of A4 in points.
const (
	a4Short = 595.28
	a4Long  = 841.89
)

// newCanvas starts an A4 document with no page yet.
func newCanvas(w io.Writer, landscape bool) (*canvas, error) {
	regular, bold, err := newStacks()
	if err != nil {
		return nil, err
	}
	width, height := a4Short, a4Long
	if landscape {
		width, height = height, width
	}
	return &canvas{doc: newDocument(w, width, height), regular: regular, bold: bold}, nil
}

// forget makes the next drawing send its font, colours and line width again.
func (c *canvas) forget() { c.face, c.used, c.known = nil, nil, false }

// describe sets what a reader's window shows about the document. All times in the file are made, so its bytes repeat.
func (c *canvas) describe(title, author string, made time.Time) {
	c.title, c.author, c.made = c.regular.clean(title), c.regular.clean(author), made
}

// addPage ends the page at hand and begins the next.
func (c *canvas) addPage() {
	c.endPage()
	c.doc.beginPage()
	c.drawing = true
	c.forget()
}

func (c *canvas) endPage() {
	if c.drawing {
		c.leaveText()
		c.doc.endPage()
	}
	c.drawing = false
}

// foot draws at the end of a page that is ended already.
func (c *canvas) foot(page int, draw func()) {
	c.forget()
	draw()
	c.leaveText()
	c.doc.endFoot(page)
}

func (c *canvas) pages() int { return len(c.doc.pages) }

// fonts returns the stack for a style.
func (c *canvas) fonts(style textStyle) *stack {
	if style.bold {
		return c.bold
	}
	return c.regular
}

// limit is how many thousandths of the font size fit into a width in points.
func (style textStyle) limit(width float64) int { return int(width * 1000 / style.size) }

// points is the width of text measured in thousandths of the font size.
func (style textStyle) points(units int) float64 { return float64(units) * style.size / 1000 }

// text draws any one-line text with its left edge at x and its baseline at y, shortened to width when that is
// above zero. It returns the width drawn.
func (c *canvas) text(x, y, width float64, text string, style textStyle) float64 {
	text, drawn := c.prepare(width, text, style)
	c.draw(x, y, text, style, readsFromRight(text))
	return drawn
}

// textRight is text with its right edge at x.
func (c *canvas) textRight(x, y, width float64, text string, style textStyle) float64 {
	text, drawn := c.prepare(width, text, style)
	c.draw(x-drawn, y, text, style, readsFromRight(text))
	return drawn
}

// textCentre is text with its middle at x.
func (c *canvas) textCentre(x, y, width float64, text string, style textStyle) {
	text, drawn := c.prepare(width, text, style)
	c.draw(x-drawn/2, y, text, style, readsFromRight(text))
}

func (c *canvas) prepare(width float64, text string, style textStyle) (string, float64) {
	fonts := c.fonts(style)
	text = oneLine(fonts.clean(text))
	if width > 0 {
		text = fonts.fit(text, style.limit(width))
		text = fonts.fit(text, style.limit(width-style.track*float64(runeCount(text))))
	}
	return text, style.points(fonts.width(text)) + style.track*float64(runeCount(text))
}

// draw puts cleaned text on the page; fromRight is its direction.
func (c *canvas) draw(x, y float64, text string, style textStyle, fromRight bool) {
	if text == "" {
		return
	}
	c.setFill(style.ink)
	if style.track != 0 {
		c.op(" Tc\n", style.track)
		defer c.op(" Tc\n", 0)
	}
	if fromRight || !isASCII(text) {
		text = visual(text, fromRight)
	}
	fonts := c.fonts(style)
	for text != "" {
		text, x = c.drawRun(x, y, text, fonts, style)
	}
}

// drawRun draws as much of the text as one font has, and returns the rest and where it begins.
func (c *canvas) drawRun(x, y float64, text string, fonts *stack, style textStyle) (string, float64) {
	which, width, count := uint8(0), 0, 0
	var out []byte
	for i, r := range text {
		l := fonts.letter(r)
		if l.face == noFace {
			l, r = fonts.letter(missing), missing
		}
		if which == 0 {
			which = l.face
			c.use(fonts.faces[which-1], style.size)
			out = c.beginString(x, y)
		} else if l.face != which {
			c.endString(out)
			return text[i:], x + style.points(width) + style.track*float64(count)
		}
		c.used.runes[l.glyph] = r
		out = appendGlyph(out, l.glyph)
		width += int(l.width)
		count++
	}
	c.endString(out)
	return "", x
}

// use selects a font.
func (c *canvas) use(f *face, size float64) {
	if f == c.face && size == c.size {
		return
	}
	number := c.doc.font(f)
	c.face, c.used, c.size = f, c.doc.fonts[number-1], size
	c.doc.content = append(strconv.AppendInt(append(c.doc.content, "/F"...), int64(number), 10), ' ')
	c.op(" Tf\n", size)
}

// finish writes the rest of the document.
func (c *canvas) finish() error {
	c.endPage()
	return c.doc.finish(c.title, c.author, c.made)
}

// failed returns the first error of writing, so that a long report can stop early.
func (c *canvas) failed() error { return c.doc.err }
