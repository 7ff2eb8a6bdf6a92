package reports

const (
	totalPitch     = 14
	totalsWidth    = 210.0
	totalsLead     = 8 // between the last row and the first total
	mostTotalLabel = 0.55
)

var (
	totalStyle = textStyle{size: 9.5, ink: ink}
	grandStyle = textStyle{size: 11, bold: true, ink: ink}
)

// lines draws a table and its totals. No row is cut short: one that is taller than the room left goes on on the next
// page. The last row stays with the totals.
func (s *sheet) lines(t Lines) {
	g := newGrid(s.flow, Table{Columns: t.Columns, MaxLines: anyNumberOfLines})
	if len(g.columns) > 0 {
		s.rows(g, t)
	}
	s.totals(t.Totals)
	s.y += paperGap
}

// anyNumberOfLines is more than any text has that fits into a form.
const anyNumberOfLines = 1 << 20

func (s *sheet) rows(g *grid, t Lines) {
	if len(t.Rows) == 0 {
		g.ensure(headHeight + totalsHeight(len(t.Totals)))
		g.drawHead()
	}
	for i, row := range t.Rows {
		g.layOut(row)
		need := g.height
		if i == len(t.Rows)-1 {
			need += totalsHeight(len(t.Totals))
		}
		if need > g.wholePage() {
			need = min(g.height, g.wholePage())
		}
		switch {
		case i == 0:
			g.ensure(headHeight + need)
			g.drawHead()
		case g.y+need > g.bottom:
			g.newPage()
			g.drawHead()
		default:
			g.hairline()
		}
		g.drawSplit()
	}
	g.line(s.left, g.y, s.right, g.y, hairline, 0.8)
}

// wholePage is the room of a page below the head of a table.
func (g *grid) wholePage() float64 { return g.bottom - headBaseline - 6 - headHeight }

// drawSplit draws the row at hand, on several pages if one is not enough.
func (g *grid) drawSplit() {
	for {
		room := int((g.bottom - g.y - 2*cellPadY) / leading)
		if room < 1 {
			g.newPage()
			g.drawHead()
			continue
		}
		rest := g.splitAt(room)
		for i := range g.cells {
			g.drawCell(i)
		}
		g.y += g.height
		if rest == nil {
			return
		}
		for i := range g.cells {
			g.cells[i].lines = rest[i]
		}
		g.newPage()
		g.drawHead()
	}
}

// splitAt leaves at most this many lines in the cells of the row and returns the rest, nil when there is none.
func (g *grid) splitAt(room int) (rest [][]line) {
	most := 1
	over := false
	for i := range g.cells {
		most = max(most, min(len(g.cells[i].lines), room))
		over = over || len(g.cells[i].lines) > room
	}
	g.height = float64(most)*leading + 2*cellPadY
	if !over {
		return nil
	}
	rest = make([][]line, len(g.cells))
	for i := range g.cells {
		at := min(room, len(g.cells[i].lines))
		rest[i] = append([]line(nil), g.cells[i].lines[at:]...)
		g.cells[i].lines = g.cells[i].lines[:at]
	}
	return rest
}

func totalsHeight(count int) float64 {
	if count == 0 {
		return 0
	}
	return totalsLead + totalPitch*float64(count) + 6
}

// totals stand below each other at the right edge; the last is what the document comes to.
func (s *sheet) totals(totals []PaperFact) {
	if len(totals) == 0 {
		return
	}
	s.ensure(min(totalsHeight(len(totals)), s.bottom/2))
	left := s.right - totalsWidth
	s.y += totalsLead
	for i, total := range totals {
		style, height := totalStyle, float64(totalPitch)
		if i == len(totals)-1 {
			style, height = grandStyle, totalPitch+6
		}
		s.ensure(height)
		if i == len(totals)-1 {
			s.line(left, s.y+1, s.right, s.y+1, ink, 0.8)
			s.y += 4
		}
		s.y += totalPitch
		drawn := s.textRight(s.right-cellPadX, s.y-3, totalsWidth*mostTotalLabel, total.Value, style)
		s.text(left+cellPadX, s.y-3, totalsWidth-drawn-2*cellPadX-8, total.Label, style)
	}
}
