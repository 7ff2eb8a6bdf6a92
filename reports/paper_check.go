package reports

// The measures of a checklist.
const (
	markSize   = 11
	resultLeft = 17 // the word beside the mark
	stepLeft   = 74
	valueWidth = 110
	stepPadY   = 5
	stepPitch  = 12.2
	notePitch  = 11
)

var (
	stepStyle   = textStyle{size: 9.5, ink: ink}
	stepNote    = textStyle{size: 8.5, ink: muted}
	resultStyle = textStyle{size: 8.5, ink: muted}
	alarmStyle  = textStyle{size: 8.5, bold: true, ink: ink}

	goodInk = color{0x2F, 0x85, 0x5A}
	flagInk = color{0xB7, 0x6E, 0x00}
	failInk = color{0xB0, 0x2A, 0x2A}
)

// results says how each result reads. What needs somebody's eye is bold on a grey ground with a full mark of its own
// form, so that it stands out without colours too.
var results = map[string]struct {
	word  string
	alarm bool
}{
	"done": {"Done", false},
	"pass": {"Passed", false},
	"flag": {"Flagged", true},
	"fail": {"Failed", true},
	"left": {"Not done", false},
}

func (s *sheet) checklist(rows Checklist) {
	if len(rows) == 0 {
		return
	}
	for i, row := range rows {
		s.checklistRow(row, i == 0)
	}
	s.line(s.left, s.y, s.right, s.y, hairline, 0.5)
	s.y += paperGap
}

func (s *sheet) checklistRow(row ChecklistRow, first bool) {
	const gap = 10
	value := s.wrapText(valueWidth-cellPadX, row.Value, stepStyle, 0)
	if row.Value == "" {
		value.lines = nil
	}
	width := s.width() - stepLeft - cellPadX
	stepWidth := width
	if len(value.lines) > 0 {
		stepWidth -= valueWidth + gap
	}
	step := s.wrapText(stepWidth, row.Step, stepStyle, 0)
	note := s.wrapText(width, row.Note, stepNote, 0)
	if row.Note == "" {
		note.lines = nil
	}
	pieces := s.rowPieces(step, value, note)
	height := 2*stepPadY + piecesHeight(pieces)
	if s.y+height > s.bottom && height < s.bottom/2 {
		s.newPage()
	} else if !first {
		s.line(s.left, s.y, s.right, s.y, hairline, 0.5)
	}
	s.drawChecklistRow(row.Result, pieces, height)
}

// piece is one line of a row: its parts beside each other.
type piece struct {
	parts []placed
	pitch float64
}

type placed struct {
	x, width float64
	text     wrappedText // of one line
	right    bool
}

func (s *sheet) rowPieces(step, value, note wrappedText) []piece {
	var out []piece
	x, width := s.left+stepLeft, s.width()-stepLeft-cellPadX
	for i := range max(len(step.lines), len(value.lines)) {
		p := piece{pitch: stepPitch}
		if i < len(step.lines) {
			p.parts = append(p.parts, placed{x, width, step.only(i), false})
		}
		if i < len(value.lines) {
			p.parts = append(p.parts, placed{s.right - cellPadX - valueWidth, valueWidth, value.only(i), true})
		}
		out = append(out, p)
	}
	for i := range note.lines {
		out = append(out, piece{[]placed{{x, width, note.only(i), false}}, notePitch})
	}
	return out
}

// only is one line of the text.
func (w wrappedText) only(i int) wrappedText {
	w.lines = w.lines[i : i+1]
	return w
}

func piecesHeight(pieces []piece) (height float64) {
	for _, p := range pieces {
		height += p.pitch
	}
	return height
}

// drawChecklistRow draws a row, over several pages when it must.
func (s *sheet) drawChecklistRow(result string, pieces []piece, height float64) {
	kind, known := results[result]
	if !known {
		kind.word = result
	}
	if kind.alarm {
		s.rect(s.left, s.y, s.width(), min(height, s.bottom-s.y), wash)
	}
	s.ensure(2*stepPadY + stepPitch)
	s.mark(result, s.left+4, s.y+stepPadY)
	style := resultStyle
	if kind.alarm {
		style = alarmStyle
	}
	s.text(s.left+4+resultLeft, s.y+stepPadY+9.2, stepLeft-resultLeft-10, kind.word, style)
	s.y += stepPadY
	for _, p := range pieces {
		s.ensure(p.pitch)
		for _, part := range p.parts {
			l := part.text.lines[0]
			x := part.x
			if part.right || part.text.fromRight && !part.right {
				x += part.width - part.text.style.points(l.width)
			}
			s.draw(x, s.y+9.2, l.text, part.text.style, part.text.fromRight)
		}
		s.y += p.pitch
	}
	s.y += stepPadY
}

// mark draws the sign of a result in a square of markSize.
func (s *sheet) mark(result string, x, y float64) {
	middleX, middleY := x+markSize/2.0, y+markSize/2.0+0.5
	switch result {
	case "done", "pass":
		s.stroke2(goodInk, [2]float64{x + 1.5, middleY + 0.5}, [2]float64{x + 4.3, middleY + 3.3}, [2]float64{x + 9.8, middleY - 3.2})
	case "flag":
		s.triangle(middleX, y+0.8, markSize-0.6, flagInk)
		s.line(middleX, y+4.6, middleX, y+7.6, paper, 1.3)
		s.dot(middleX, y+9.2, 0.75, paper)
	case "fail":
		s.roundRect(x+0.3, y+0.8, markSize-0.6, markSize-0.6, 2, failInk)
		s.line(x+3.2, y+3.7, x+7.8, y+8.5, paper, 1.4)
		s.line(x+7.8, y+3.7, x+3.2, y+8.5, paper, 1.4)
	default:
		s.line(x+2.2, middleY, x+8.8, middleY, muted, 1.1)
	}
}

// stroke2 draws two strokes that meet.
func (c *canvas) stroke2(in color, from, corner, to [2]float64) {
	c.leaveText()
	c.setStroke(in, 1.6)
	c.op(" m ", from[0], c.up(from[1]))
	c.op(" l ", corner[0], c.up(corner[1]))
	c.op(" l S\n", to[0], c.up(to[1]))
}

// triangle is filled and stands on its base.
func (c *canvas) triangle(middle, top, side float64, in color) {
	c.leaveText()
	c.setFill(in)
	c.op(" m ", middle, c.up(top))
	c.op(" l ", middle+side/2, c.up(top+side))
	c.op(" l h f\n", middle-side/2, c.up(top+side))
}
