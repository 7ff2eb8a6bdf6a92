package reports

import "math"

// op appends numbers and an operator to the page. Numbers have two decimals: a hundredth of a point is finer than
// any printer.
func (c *canvas) op(operator string, numbers ...float64) {
	out := c.doc.content
	for i, n := range numbers {
		if i > 0 {
			out = append(out, ' ')
		}
		out = appendNumber(out, n)
	}
	c.doc.content = append(out, operator...)
}

// appendNumber writes a number with at most two decimals, faster than strconv does for floats.
func appendNumber(out []byte, n float64) []byte { return appendHundredths(out, inHundredths(n)) }

func inHundredths(n float64) int64 { return int64(math.Round(n * 100)) }

func appendHundredths(out []byte, hundredths int64) []byte {
	if hundredths < 0 {
		out = append(out, '-')
		hundredths = -hundredths
	}
	out = appendWhole(out, hundredths/100)
	if rest := hundredths % 100; rest != 0 {
		out = append(out, '.', byte('0'+rest/10))
		if rest%10 != 0 {
			out = append(out, byte('0'+rest%10))
		}
	}
	return out
}

func appendWhole(out []byte, n int64) []byte {
	if n >= 10 {
		out = appendWhole(out, n/10)
	}
	return append(out, byte('0'+n%10))
}

// up turns a distance from the top edge, as used here, into one from the bottom, as PDF has it.
func (c *canvas) up(y float64) float64 { return c.doc.height - y }

// beginString returns the page so far, for letters to be appended; endString takes it back. Neighbouring strings share
// a text object and are placed from the one before: the same steps from cell to cell in every row compress well.
func (c *canvas) beginString(x, y float64) []byte {
	toX, toY := inHundredths(x), inHundredths(c.up(y))
	out := c.doc.content
	if !c.inText {
		out = append(out, "BT "...)
		c.textX, c.textY, c.inText = 0, 0, true
	}
	out = append(appendHundredths(out, toX-c.textX), ' ')
	out = appendHundredths(out, toY-c.textY)
	c.textX, c.textY = toX, toY
	return append(out, " Td("...)
}

func (c *canvas) endString(out []byte) { c.doc.content = append(out, ")Tj\n"...) }

// leaveText ends the text object, because shapes may not be drawn inside one.
func (c *canvas) leaveText() {
	if c.inText {
		c.doc.content = append(c.doc.content, "ET\n"...)
		c.inText = false
	}
}

// appendGlyph writes a letter, with the bytes escaped that mean something inside a string.
func appendGlyph(out []byte, glyph uint16) []byte {
	for _, b := range [2]byte{byte(glyph >> 8), byte(glyph)} {
		switch b {
		case '(', ')', '\\':
			out = append(out, '\\', b)
		case '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, b)
		}
	}
	return out
}

// setFill sets the colour of areas and of text.
func (c *canvas) setFill(to color) {
	c.learn()
	if c.fill != to {
		c.fill = to
		c.op(" rg\n", float64(to.r)/255, float64(to.g)/255, float64(to.b)/255)
	}
}

func (c *canvas) setStroke(to color, width float64) {
	c.learn()
	if c.stroke != to {
		c.stroke = to
		c.op(" RG\n", float64(to.r)/255, float64(to.g)/255, float64(to.b)/255)
	}
	if c.lineWidth != width {
		c.lineWidth = width
		c.op(" w\n", width)
	}
}

// learn makes what the page has known, after forget.
func (c *canvas) learn() {
	if !c.known {
		c.known = true
		c.fill, c.stroke, c.lineWidth = color{}, color{}, 1
		c.doc.content = append(c.doc.content, "0 g 0 G 1 w\n"...)
	}
}

func (c *canvas) line(x1, y1, x2, y2 float64, in color, width float64) {
	c.leaveText()
	c.setStroke(in, width)
	c.op(" m ", x1, c.up(y1))
	c.op(" l S\n", x2, c.up(y2))
}

func (c *canvas) rect(x, y, width, height float64, in color) {
	c.leaveText()
	c.setFill(in)
	c.op(" re f\n", x, c.up(y), width, -height)
}

func (c *canvas) roundRect(x, y, width, height, radius float64, in color) {
	c.leaveText()
	c.setFill(in)
	c.roundPath(x, y, width, height, radius)
	c.op("f\n")
}

func (c *canvas) frame(x, y, width, height, radius float64, in color) {
	c.leaveText()
	c.setStroke(in, 0.6)
	c.roundPath(x, y, width, height, radius)
	c.op("s\n")
}

func (c *canvas) dot(x, y, radius float64, in color) {
	c.roundRect(x-radius, y-radius, 2*radius, 2*radius, radius, in)
}

// roundPath is a rectangle with round corners, each a Bézier curve close to a quarter of a circle.
func (c *canvas) roundPath(x, y, width, height, radius float64) {
	const arc = 0.5523
	left, right, top, bottom := x, x+width, c.up(y), c.up(y+height)
	bend := radius * (1 - arc)
	c.op(" m ", left+radius, top)
	c.op(" l ", right-radius, top)
	c.op(" c ", right-bend, top, right, top-bend, right, top-radius)
	c.op(" l ", right, bottom+radius)
	c.op(" c ", right, bottom+bend, right-bend, bottom, right-radius, bottom)
	c.op(" l ", left+radius, bottom)
	c.op(" c ", left+bend, bottom, left, bottom+bend, left, bottom+radius)
	c.op(" l ", left, top-radius)
	c.op(" c h ", left, top-bend, left+bend, top, left+radius, top)
}

// slice fills a piece of a circle; angles are turns clockwise from the top, 0 to 1.
func (c *canvas) slice(x, y, radius, from, to float64, in color) {
	const step = 1.0 / 180
	c.leaveText()
	c.setFill(in)
	c.op(" m ", x, c.up(y))
	for turn := from; turn < to; turn += step {
		c.toCircle(x, y, radius, turn)
	}
	c.toCircle(x, y, radius, to)
	c.op("h f\n")
}

func (c *canvas) toCircle(x, y, radius, turn float64) {
	sin, cos := math.Sincos(2 * math.Pi * turn)
	c.op(" l ", x+radius*sin, c.up(y-radius*cos))
}
