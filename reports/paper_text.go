package reports

// wrappedText is text broken into the lines in which it is drawn.
type wrappedText struct {
	lines     []line
	style     textStyle
	fromRight bool
}

// wrapText breaks any text; most is how many lines it may take, 0 for any.
func (c *canvas) wrapText(width float64, text string, style textStyle, most int) wrappedText {
	fonts := c.fonts(style)
	text = fonts.clean(text)
	return wrappedText{fonts.wrap(nil, text, style.limit(width), most), style, readsFromRight(text)}
}

// drawWrapped draws lines from the first baseline y on; those that read from the right end at the right edge.
func (c *canvas) drawWrapped(x, y, width float64, text wrappedText, pitch float64) {
	for _, l := range text.lines {
		at := x
		if text.fromRight {
			at += width - text.style.points(l.width)
		}
		c.draw(at, y, l.text, text.style, text.fromRight)
		y += pitch
	}
}

// wrapped draws text over several lines at most and returns where the next baseline would be.
func (c *canvas) wrapped(x, y, width float64, text string, style textStyle, pitch float64, most int) float64 {
	broken := c.wrapText(width, text, style, most)
	c.drawWrapped(x, y, width, broken, pitch)
	return y + pitch*float64(len(broken.lines))
}

// paragraph draws a heading and its text, which may go over several pages. next is the room that what follows a bare
// heading needs.
func (s *sheet) paragraph(p Paragraph, next float64) {
	heading, text := s.regular.clean(p.Title), s.regular.clean(p.Text)
	bare := isBlank(text)
	if isBlank(heading) && bare {
		return
	}
	if !isBlank(heading) {
		if bare {
			s.ensure(headingHeight + next)
		} else {
			s.ensure(leastParagraph)
		}
		s.text(s.left, s.y+8, s.width(), p.Title, headingStyle)
		s.y += headingHeight
	}
	if !bare {
		s.flowText(s.wrapText(s.width(), p.Text, bodyStyle, 0))
		s.y += paperGap - (bodyLeading - bodyStyle.size)
	}
}

// flowText draws as many lines as fit on each page.
func (s *sheet) flowText(text wrappedText) {
	for len(text.lines) > 0 {
		s.ensure(bodyLeading)
		count := max(1, min(int((s.bottom-s.y)/bodyLeading), len(text.lines)))
		here := text
		here.lines, text.lines = text.lines[:count], text.lines[count:]
		s.drawWrapped(s.left, s.y+bodyStyle.size, s.width(), here, bodyLeading)
		s.y += bodyLeading * float64(count)
	}
}
