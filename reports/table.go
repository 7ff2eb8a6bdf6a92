package reports

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// The measures of a table.
const (
	cellPadX   = 5
	cellPadY   = 4.2
	cellAscent = 7.6 // from the top of a line to its baseline
	leading    = 10.4
	headHeight = 19
)

var cellStyle = textStyle{size: 8, ink: ink}

// cell is one cell of the row at hand, broken into lines.
type cell struct {
	lines     []line
	fromRight bool
}

// grid draws one table. Its row is measured once, kept in buffers that the next row uses again, and never split
// over two pages.
type grid struct {
	*flow
	columns  []Column
	source   []int // which cell of a row belongs to a column
	left     []float64
	widths   []float64
	limits   []int
	cells    []cell
	maxLines int
	height   float64
}

func newGrid(f *flow, t Table) *grid {
	g := &grid{flow: f, maxLines: t.MaxLines}
	if g.maxLines <= 0 {
		g.maxLines = defaultMaxLines
	}
	whole := 0.0
	for i, column := range t.Columns {
		if column.Width > 0 {
			g.columns = append(g.columns, column)
			g.source = append(g.source, i)
			whole += column.Width
		}
	}
	x := f.left
	for _, column := range g.columns {
		width := f.width() * column.Width / whole
		g.left = append(g.left, x)
		g.widths = append(g.widths, width)
		g.limits = append(g.limits, cellStyle.limit(width-2*cellPadX))
		x += width
	}
	g.cells = make([]cell, len(g.columns))
	return g
}

// drawTable draws the rows, and the note in their place when there are none. It returns how many there were.
func (f *flow) drawTable(ctx context.Context, t Table, empty Note, progress func(done, total int)) error {
	g := newGrid(f, t)
	done := 0
	if t.Rows != nil && len(g.columns) > 0 {
		for row, err := range t.Rows {
			if err != nil {
				return fmt.Errorf("read row %d: %w", done+1, err)
			}
			g.drawRow(row, done == 0)
			done++
			if done%rowsPerCheck == 0 {
				if err := cmp.Or(ctx.Err(), f.failed()); err != nil {
					return fmt.Errorf("draw table: %w", err)
				}
				report(progress, done, t.Total)
			}
		}
	}
	if done == 0 && empty != (Note{}) {
		f.note(empty)
	}
	report(progress, done, t.Total)
	return nil
}

// drawRow lays a row out and draws it here or at the top of a new page.
func (g *grid) drawRow(row []string, first bool) {
	g.layOut(row)
	switch {
	case first:
		g.ensure(headHeight + 3*g.height)
		g.drawHead()
	case g.y+g.height > g.bottom:
		g.newPage()
		g.drawHead()
	default:
		g.hairline()
	}
	for i := range g.cells {
		g.drawCell(i)
	}
	g.y += g.height
}

// layOut breaks each cell of a row into lines and finds the height of the row.
func (g *grid) layOut(row []string) {
	most := 1
	for i := range g.cells {
		text := ""
		if at := g.source[i]; at < len(row) {
			text = g.regular.clean(row[at])
		}
		c := &g.cells[i]
		c.fromRight = readsFromRight(text)
		c.lines = g.regular.wrap(c.lines, text, g.limits[i], g.maxLines)
		most = max(most, len(c.lines))
	}
	g.height = float64(most)*leading + 2*cellPadY
}

func (g *grid) drawCell(i int) {
	y := g.y + cellPadY + cellAscent
	for _, l := range g.cells[i].lines {
		x := g.left[i] + cellPadX
		room := g.widths[i] - 2*cellPadX - cellStyle.points(l.width)
		switch {
		case g.columns[i].Align == AlignRight || g.cells[i].fromRight:
			x += room
		case g.columns[i].Align == AlignCentre:
			x += room / 2
		}
		g.draw(x, y, l.text, cellStyle, g.cells[i].fromRight)
		y += leading
	}
}

// drawHead names the columns, on every page.
func (g *grid) drawHead() {
	y := g.y + headHeight - 7
	for i, column := range g.columns {
		title := strings.ToUpper(column.Title)
		room := g.widths[i] - 2*cellPadX
		switch column.Align {
		case AlignRight:
			g.textRight(g.left[i]+cellPadX+room, y, room, title, labelStyle)
		case AlignCentre:
			g.textCentre(g.left[i]+cellPadX+room/2, y, room, title, labelStyle)
		default:
			g.text(g.left[i]+cellPadX, y, room, title, labelStyle)
		}
	}
	g.y += headHeight
	g.line(g.flow.left, g.y, g.right, g.y, ink, 0.8)
}

func (g *grid) hairline() {
	g.line(g.flow.left, g.y, g.right, g.y, hairline, 0.5)
}
