package reports

import "strings"

// line is one drawn line: a piece of the text given to wrap, and its width in thousandths of the font size.
type line struct {
	text  string
	width int
}

// wrapper breaks one text. Each rune is measured once.
type wrapper struct {
	fonts *stack
	text  string
	limit int // width of a line
	most  int // number of lines, 0 for any

	lines []line
	start int // where the current line begins
	width int // of the current line so far
	after int // where the next line would begin, 0 for no place to break yet
	end   int // where the current line would end
	endW  int // its width then
	gone  int // width up to after
}

// wrap breaks cleaned text into lines no wider than limit, appended to lines[:0]. With most > 0 a longer text is
// cut there and ends with an ellipsis. Breaks come after spaces, hyphens and slashes and between ideographs;
// a longer word is broken anywhere.
func (s *stack) wrap(lines []line, text string, limit, most int) []line {
	w := wrapper{fonts: s, text: text, limit: max(limit, 1), most: most, lines: lines[:0]}
	space, before := false, false // the last rune was a space, an ideograph
	for i, r := range text {
		if w.full() {
			return w.cut()
		}
		if r == '\n' {
			w.emit(i, w.width)
			w.begin(i+1, 0)
			space, before = false, false
			continue
		}
		width := int(s.letter(r).width)
		if r == ' ' {
			w.space(i, width, space)
			space, before = true, false
			continue
		}
		ideograph := isIdeograph(r)
		if (ideograph || before) && !space && i > w.start && !closes(r) {
			w.mark(i)
		}
		space, before = false, ideograph
		w.width += width
		if w.width > w.limit && i > w.start && (width > 0 || w.after > w.start) {
			w.overflow(i, width)
		}
		if r == '-' || r == '/' {
			w.mark(i + 1)
		}
	}
	if w.full() && w.start < len(text) {
		return w.cut()
	}
	w.emit(len(text), w.width)
	return w.lines
}

func (w *wrapper) full() bool { return w.most > 0 && len(w.lines) == w.most }

// mark notes a place to break that hides no space.
func (w *wrapper) mark(at int) {
	w.end, w.endW, w.after, w.gone = at, w.width, at, w.width
}

// space notes a place to break after a space; several in a row vanish together.
func (w *wrapper) space(at, width int, again bool) {
	if !again {
		w.end, w.endW = at, w.width
	}
	w.width += width
	w.after, w.gone = at+1, w.width
}

// begin starts a line at a byte, with the width that it has already.
func (w *wrapper) begin(at, width int) {
	w.start, w.width, w.after = at, width, 0
}

// overflow ends the line at its last place to break, or before the rune at i if there is none.
func (w *wrapper) overflow(i, width int) {
	if w.after > w.start {
		rest := w.width - w.gone
		w.emit(w.end, w.endW)
		w.begin(w.after, rest)
	}
	if w.width > w.limit && i > w.start && !w.full() {
		w.emit(i, w.width-width)
		w.begin(i, width)
	}
}

func (w *wrapper) emit(end, width int) {
	if end < w.start {
		end = w.start
	}
	text := w.text[w.start:end]
	for len(text) > 0 && text[len(text)-1] == ' ' {
		text = text[:len(text)-1]
		width -= int(w.fonts.letter(' ').width)
	}
	w.lines = append(w.lines, line{text, width})
}

// cut ends the last line with an ellipsis, because more text follows it.
func (w *wrapper) cut() []line {
	last := &w.lines[len(w.lines)-1]
	if w.text[w.start:] == "" || isBlank(w.text[w.start:]) {
		return w.lines
	}
	dots := int(w.fonts.letter(ellipsis).width)
	last.text, last.width = w.fonts.shorten(last.text, last.width, w.limit-dots)
	if bare := strings.TrimRight(last.text, ".,;: "); bare != last.text {
		last.text, last.width = bare, w.fonts.width(bare)
	}
	last.text += string(ellipsis)
	last.width += dots
	return w.lines
}

// fit shortens cleaned one-line text to the limit, with an ellipsis when something is lost.
func (s *stack) fit(text string, limit int) string {
	width := s.width(text)
	if width <= limit {
		return text
	}
	text, _ = s.shorten(text, width, limit-int(s.letter(ellipsis).width))
	return text + string(ellipsis)
}

// shorten drops runes from the end until the text is no wider than limit and does not end in a space.
func (s *stack) shorten(text string, width, limit int) (string, int) {
	for text != "" && (width > limit || text[len(text)-1] == ' ') {
		r, size := lastRune(text)
		text = text[:len(text)-size]
		width -= int(s.letter(r).width)
	}
	return text, width
}
