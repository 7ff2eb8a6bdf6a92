package reports

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
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
		{0x1F, 0x5F, 0x99}, {0x3F, 0xA7, 0x96}, {0xE0, 0x9F, 0x3E}, {0xB8, 0x4A, 0x4A}, {0x7A, 0x5C, 0xA8},
		{0x6B, 0x8E, 0x4E}, {0x4B, 0xA3, 0xC7}, {0xC7, 0x7D, 0xA6}, {0x8C, 0x6B, 0x4F}, {0x9A, 0xA5, 0xB1},
		{0x2F, 0x3E, 0x75}, {0xD9, 0x7B, 0x4F},
	}
)

// textStyle is how a piece of text looks. Sizes and positions are points everywhere in this package.
type textStyle struct {
	size  float64
	bold  bool
	ink   color
	track float64 // extra space after each letter
}

// canvas draws on the pages of one document, and is all that knows fpdf. It sends a font, colour or line width only
// when it changes: in a table of 100,000 rows that is a third of the bytes.
type canvas struct {
	pdf           *fpdf.Fpdf
	regular, bold *stack
	added         map[*face]bool

	face      *face
	size      float64
	fill      color
	stroke    color
	lineWidth float64
}

// newCanvas starts an A4 document with no page yet. All times in it come from made, so the bytes repeat.
func newCanvas(landscape bool, made time.Time) (*canvas, error) {
	regular, bold, err := newStacks()
	if err != nil {
		return nil, err
	}
	orientation := "P"
	if landscape {
		orientation = "L"
	}
	pdf := fpdf.New(orientation, "pt", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCreator("Callout", true)
	c := &canvas{pdf: pdf, regular: regular, bold: bold, added: make(map[*face]bool)}
	c.forget()
	return c, nil
}

// forget makes the next drawing send its font, colours and line width again.
func (c *canvas) forget() {
	c.face, c.size, c.lineWidth = nil, 0, -1
	c.pdf.SetFillColor(0, 0, 0)
	c.pdf.SetTextColor(0, 0, 0)
	c.pdf.SetDrawColor(0, 0, 0)
	c.fill, c.stroke = color{}, color{}
}

// describe sets what a reader's window shows about the document.
func (c *canvas) describe(title, author string) {
	c.pdf.SetTitle(c.regular.clean(title), true)
	c.pdf.SetAuthor(c.regular.clean(author), true)
}

// addPage begins a page after all others.
func (c *canvas) addPage() {
	c.pdf.AddPage()
	c.forget()
}

// revisit goes on drawing on an earlier page.
func (c *canvas) revisit(page int) {
	c.pdf.SetPage(page)
	c.forget()
}

func (c *canvas) pages() int { return c.pdf.PageCount() }

func (c *canvas) pageSize() (width, height float64) { return c.pdf.GetPageSize() }

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
		text, _ = fonts.fit(text, style.limit(width))
		text, _ = fonts.fit(text, style.limit(width-style.track*float64(runeCount(text))))
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
		c.pdf.RawWriteStr(fmt.Sprintf("%.2f Tc", style.track))
		defer c.pdf.RawWriteStr("0 Tc")
	}
	fonts := c.fonts(style)
	if !fromRight && isASCII(text) {
		c.use(fonts.faces[0], style.size)
		c.pdf.Text(x, y, text)
		return
	}
	fonts.runs(visual(text, fromRight), func(f *face, part string, width int) {
		c.use(f, style.size)
		c.pdf.Text(x, y, part)
		x += style.points(width) + style.track*float64(runeCount(part))
	})
}

// use selects a font, and puts it into the document the first time.
func (c *canvas) use(f *face, size float64) {
	if f == c.face && size == c.size {
		return
	}
	if !c.added[f] {
		c.pdf.AddUTF8FontFromBytes(f.name, "", bytes.Clone(f.data))
		c.added[f] = true
	}
	c.pdf.SetFont(f.name, "", size)
	c.face, c.size = f, size
}

// setFill sets the colour of areas and of text. Were the two different, fpdf would wrap each text in its own colour.
func (c *canvas) setFill(to color) {
	if c.fill != to {
		c.pdf.SetFillColor(int(to.r), int(to.g), int(to.b))
		c.pdf.SetTextColor(int(to.r), int(to.g), int(to.b))
		c.fill = to
	}
}

func (c *canvas) setStroke(to color, width float64) {
	if c.stroke != to {
		c.pdf.SetDrawColor(int(to.r), int(to.g), int(to.b))
		c.stroke = to
	}
	if c.lineWidth != width {
		c.pdf.SetLineWidth(width)
		c.lineWidth = width
	}
}

func (c *canvas) line(x1, y1, x2, y2 float64, in color, width float64) {
	c.setStroke(in, width)
	c.pdf.Line(x1, y1, x2, y2)
}

func (c *canvas) rect(x, y, width, height float64, in color) {
	c.setFill(in)
	c.pdf.Rect(x, y, width, height, "F")
}

func (c *canvas) roundRect(x, y, width, height, radius float64, in color) {
	c.setFill(in)
	c.pdf.RoundedRect(x, y, width, height, radius, "1234", "F")
}

func (c *canvas) frame(x, y, width, height, radius float64, in color) {
	c.setStroke(in, 0.6)
	c.pdf.RoundedRect(x, y, width, height, radius, "1234", "D")
}

func (c *canvas) dot(x, y, radius float64, in color) {
	c.setFill(in)
	c.pdf.Circle(x, y, radius, "F")
}

// slice fills a piece of a circle; angles are turns clockwise from the top, 0 to 1.
func (c *canvas) slice(x, y, radius, from, to float64, in color) {
	const step = 1.0 / 180
	points := []fpdf.PointType{{X: x, Y: y}}
	for turn := from; turn < to; turn += step {
		points = append(points, onCircle(x, y, radius, turn))
	}
	points = append(points, onCircle(x, y, radius, to))
	c.setFill(in)
	c.pdf.Polygon(points, "F")
}

func onCircle(x, y, radius, turn float64) fpdf.PointType {
	sin, cos := math.Sincos(2 * math.Pi * turn)
	return fpdf.PointType{X: x + radius*sin, Y: y - radius*cos}
}

// finish writes the document.
func (c *canvas) finish(w io.Writer) error { return c.pdf.Output(w) }
