package reports

import "math"

// box is a place on the page.
type box struct{ x, y, width, height float64 }

func (b box) right() float64  { return b.x + b.width }
func (b box) bottom() float64 { return b.y + b.height }

// The measures of a chart.
const (
	chartHeight   = 172
	chartPadding  = 12
	mostSideways  = 9  // bars on their side that fit below each other
	mostSlices    = 7  // of a pie that can be told apart
	widestBar     = 34 // a single bar must not become a wall
	valueSlot     = 15 // below this width a value above a bar would touch its neighbour
	chartLabelGap = 6
)

var (
	chartTitleStyle = textStyle{size: 9.5, bold: true, ink: ink}
	chartLabelStyle = textStyle{size: 7, ink: muted}
	chartValueStyle = textStyle{size: 7, ink: ink}
)

// drawChart draws one chart with its frame, title and legend.
func (c *canvas) drawChart(chart Chart, in box) {
	c.frame(in.x, in.y, in.width, in.height, 4, hairline)
	inner := box{in.x + chartPadding, in.y + chartPadding, in.width - 2*chartPadding, in.height - 2*chartPadding}
	c.text(inner.x, inner.y+8, inner.width, chart.Title, chartTitleStyle)
	inner.y, inner.height = inner.y+20, inner.height-20
	if chart.Blank() {
		c.textCentre(inner.x+inner.width/2, inner.y+inner.height/2, inner.width, "Nothing to show", chartLabelStyle)
		return
	}
	if chart.Kind == ChartPie {
		c.drawPie(chart.Limited(mostSlices), inner)
		return
	}
	if len(chart.Series) > 1 {
		used := c.drawLegend(chart.Series, inner)
		inner.y, inner.height = inner.y+used, inner.height-used
	}
	if chart.Ranked && chart.Kind != ChartLine {
		c.drawSideways(chart.Limited(mostSideways), inner)
		return
	}
	c.drawUpright(chart, inner)
}

// drawLegend names the series in up to two lines, and returns the height used.
func (c *canvas) drawLegend(series []Series, in box) float64 {
	const row, mark, most = 12, 6, 2
	x, y := in.x, in.y
	lines := 1
	for i, s := range series {
		width := min(c.measure(s.Name, chartLabelStyle), in.width-2*mark)
		if x > in.x && x+width+2*mark > in.right() {
			if lines == most {
				break
			}
			x, y = in.x, y+row
			lines++
		}
		c.roundRect(x, y, mark, mark, 1.2, seriesColor(i))
		c.text(x+mark+4, y+mark-0.2, width+1, s.Name, chartLabelStyle)
		x += mark + 4 + width + 14
	}
	return float64(lines*row) + 4
}

func seriesColor(i int) color { return seriesInk[i%len(seriesInk)] }

// drawUpright draws bars, stacked bars or lines over an axis.
func (c *canvas) drawUpright(chart Chart, in box) {
	marks := ticks(chart.highest())
	top := marks[len(marks)-1]
	gutter := c.measure(figure(top), chartLabelStyle) + chartLabelGap
	plot := box{in.x + gutter, in.y + 8, in.width - gutter, in.height - 8 - 14}
	for _, mark := range marks {
		y := plot.bottom() - plot.height*mark/top
		c.line(plot.x, y, plot.right(), y, hairline, 0.5)
		c.textRight(plot.x-chartLabelGap, y+2.4, 0, figure(mark), chartLabelStyle)
	}
	slot := plot.width / float64(len(chart.Categories))
	c.drawCategories(chart.Categories, plot, slot)
	if chart.Kind == ChartLine {
		c.drawLines(chart, plot, slot, top)
	} else {
		c.drawBars(chart, plot, slot, top)
	}
	c.line(plot.x, plot.bottom(), plot.right(), plot.bottom(), muted, 0.7)
}

// drawCategories writes as many labels under the axis as fit without touching.
func (c *canvas) drawCategories(labels []string, plot box, slot float64) {
	widest := 0.0
	for _, label := range labels {
		widest = max(widest, c.measure(label, chartLabelStyle))
	}
	every := max(int(math.Ceil((min(widest, 64)+chartLabelGap)/slot)), 1)
	for i := 0; i < len(labels); i += every {
		middle := plot.x + slot*(float64(i)+0.5)
		c.textCentre(middle, plot.bottom()+11, slot*float64(every)-2, labels[i], chartLabelStyle)
	}
}

// drawBars draws the series of each category beside or upon each other, with their values where there is room.
func (c *canvas) drawBars(chart Chart, plot box, slot, top float64) {
	columns := len(chart.Series)
	if chart.Kind == ChartStackedBar {
		columns = 1
	}
	bar := min(slot*0.68/float64(columns), widestBar)
	for i := range chart.Categories {
		left := plot.x + slot*(float64(i)+0.5) - bar*float64(columns)/2
		base := plot.bottom()
		for n, s := range chart.Series {
			height := plot.height * s.at(i) / top
			if height <= 0 {
				continue
			}
			x := left
			if columns > 1 {
				x += bar * float64(n)
			}
			c.rect(x+0.4, base-height, max(bar-0.8, 0.5), height, seriesColor(n))
			if chart.Kind == ChartStackedBar {
				base -= height
			} else if bar >= valueSlot {
				c.textCentre(x+bar/2, base-height-3, bar+2, figure(s.at(i)), chartValueStyle)
			}
		}
	}
}

func (c *canvas) drawLines(chart Chart, plot box, slot, top float64) {
	for n, s := range chart.Series {
		var beforeX, beforeY float64
		for i := range chart.Categories {
			x := plot.x + slot*(float64(i)+0.5)
			y := plot.bottom() - plot.height*s.at(i)/top
			if i > 0 {
				c.line(beforeX, beforeY, x, y, seriesColor(n), 1.6)
			}
			if slot >= 8 {
				c.dot(x, y, 1.8, seriesColor(n))
			}
			beforeX, beforeY = x, y
		}
	}
}

// measure is the width of any one-line text in points.
func (c *canvas) measure(text string, style textStyle) float64 {
	_, width := c.prepare(0, text, style)
	return width
}
