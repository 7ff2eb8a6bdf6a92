package reports

import (
	"strings"
)

// The page grid in points. Everything stands on these lines.
const (
	margin       = 42
	headBaseline = 46 // of the first line on every page
	footBaseline = 24 // above the bottom edge
	footSpace    = 44 // kept free at the bottom
	sectionGap   = 16
)

var (
	companyStyle = textStyle{size: 7.5, bold: true, ink: accent, track: 0.9}
	titleStyle   = textStyle{size: 22, bold: true, ink: ink}
	periodStyle  = textStyle{size: 11, ink: ink}
	smallStyle   = textStyle{size: 9, ink: muted}
	footStyle    = textStyle{size: 7, ink: muted}
	labelStyle   = textStyle{size: 6.6, bold: true, ink: muted, track: 0.5}
	figureStyle  = textStyle{size: 19, bold: true, ink: ink}
	filterStyle  = textStyle{size: 8.5, ink: ink}
)

// flow fills pages from top to bottom. Documents of every kind are made of its sections.
type flow struct {
	*canvas
	left, right float64
	bottom      float64 // where the foot begins
	y           float64 // where the next section begins
	running     string  // the head of every page but the first
}

func newFlow(c *canvas, running string) *flow {
	c.addPage()
	return &flow{
		canvas: c, left: margin, right: c.doc.width - margin, bottom: c.doc.height - footSpace,
		y: headBaseline, running: running,
	}
}

func (f *flow) width() float64 { return f.right - f.left }

// newPage begins a page with the running head.
func (f *flow) newPage() {
	f.addPage()
	f.text(f.left, headBaseline-6, f.width(), f.running, footStyle)
	f.y = headBaseline + 6
}

// ensure begins a page unless this much room is left.
func (f *flow) ensure(height float64) {
	if f.y+height > f.bottom {
		f.newPage()
	}
}

// head draws company, title, period and subtitle.
func (f *flow) head(company, title, period, subtitle string) {
	y := float64(headBaseline)
	if company != "" {
		f.text(f.left, y, f.width(), strings.ToUpper(company), companyStyle)
	}
	y += 27
	used := 0.0
	if period != "" {
		used = f.textRight(f.right, y, f.width()/2, period, periodStyle) + 20
	}
	f.text(f.left, y, f.width()-used, title, titleStyle)
	if subtitle != "" {
		y += 16
		f.text(f.left, y, f.width(), subtitle, smallStyle)
	}
	y += 12
	f.line(f.left, y, f.right, y, hairline, 0.8)
	f.y = y + sectionGap
}

// filters names what the rows were narrowed to, as many on a line as fit.
func (f *flow) filters(filters []Filter) {
	if len(filters) == 0 {
		return
	}
	const gap, row, most = 22, 15, 0.45
	x, y := f.left, f.y
	for _, filter := range filters {
		name := strings.ToUpper(filter.Name)
		label := min(f.measure(name, labelStyle), f.width()*most/2)
		value := min(f.measure(filter.Value, filterStyle), f.width()*most)
		if x > f.left && x+label+6+value > f.right {
			x, y = f.left, y+row
		}
		f.text(x, y, label+1, name, labelStyle)
		f.text(x+label+6, y, value+1, filter.Value, filterStyle)
		x += label + 6 + value + gap
	}
	f.y = y + sectionGap
}

// tiles shows figures in a row of equal boxes, or in several rows.
func (f *flow) tiles(numbers []Number) {
	if len(numbers) == 0 {
		return
	}
	const mostInRow, gap, height, pad = 6, 10, 56, 11
	inRow := min(len(numbers), mostInRow)
	width := (f.width() - gap*float64(inRow-1)) / float64(inRow)
	for len(numbers) > 0 {
		row := numbers[:min(len(numbers), inRow)]
		numbers = numbers[len(row):]
		f.ensure(height)
		for i, number := range row {
			x := f.left + float64(i)*(width+gap)
			f.roundRect(x, f.y, width, height, 4, wash)
			f.text(x+pad, f.y+15, width-2*pad, strings.ToUpper(number.Label), labelStyle)
			f.text(x+pad, f.y+36.5, width-2*pad, number.Value, figureStyle)
			f.text(x+pad, f.y+48, width-2*pad, number.Note, footStyle)
		}
		f.y += height + gap
	}
	f.y += sectionGap - gap
}

// charts draws those that have something to show, two beside each other.
func (f *flow) charts(charts []Chart) {
	const gap = 14
	var shown []Chart
	for _, chart := range charts {
		if !chart.Blank() {
			shown = append(shown, chart)
		}
	}
	for len(shown) > 0 {
		row := shown[:min(len(shown), 2)]
		shown = shown[len(row):]
		f.ensure(chartHeight)
		width := (f.width() - gap*float64(len(row)-1)) / float64(len(row))
		for i, chart := range row {
			f.drawChart(chart, box{f.left + float64(i)*(width+gap), f.y, width, chartHeight})
		}
		f.y += chartHeight + sectionGap
	}
}

// note says why there is nothing, and what to do.
func (f *flow) note(note Note) {
	const height = 84
	f.ensure(height)
	f.roundRect(f.left, f.y, f.width(), height, 4, wash)
	middle := f.left + f.width()/2
	f.textCentre(middle, f.y+39, f.width()-40, note.Title, textStyle{size: 13, bold: true, ink: ink})
	f.textCentre(middle, f.y+57, f.width()-40, note.Hint, smallStyle)
	f.y += height + sectionGap
}

// feet writes the foot of every page, now that their number is known.
func (f *flow) feet(made string) {
	f.endPage()
	pages := f.pages()
	of := " of " + itoa(pages)
	y := f.bottom + footSpace - footBaseline
	for page := 1; page <= pages; page++ {
		f.foot(page, func() {
			f.text(f.left, y, f.width()/2, made, footStyle)
			f.textRight(f.right, y, 0, "Page "+itoa(page)+of, footStyle)
		})
	}
}
