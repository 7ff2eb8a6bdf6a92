package reports

import "strconv"

// drawSideways draws bars from left to right, with the names before and the values after them.
func (c *canvas) drawSideways(chart Chart, in box) {
	names, figures := 0.0, 0.0
	for i, name := range chart.Categories {
		names = max(names, c.measure(name, chartValueStyle))
		figures = max(figures, c.measure(figure(chart.total(i)), chartValueStyle))
	}
	names = min(names, in.width*0.36)
	left := in.x + names + 8
	length := in.right() - left - figures - 8
	row := min(in.height/float64(len(chart.Categories)), 22)
	top := 0.0
	for i := range chart.Categories {
		top = max(top, chart.total(i))
	}
	for i, name := range chart.Categories {
		middle := in.y + row*(float64(i)+0.5)
		c.textRight(in.x+names, middle+2.5, names, name, chartValueStyle)
		x, thick := left, row*0.6
		c.rect(left, middle-thick/2, length, thick, wash)
		for n, s := range chart.Series {
			width := length * s.at(i) / top
			if width > 0 {
				c.rect(x, middle-thick/2, width, thick, seriesColor(n))
				x += width
			}
		}
		c.text(x+5, middle+2.5, 0, figure(chart.total(i)), chartValueStyle)
	}
}

// drawPie draws the first series as a ring with its names, values and shares beside it.
func (c *canvas) drawPie(chart Chart, in box) {
	radius := min(in.height/2, in.width/4)
	x, y := in.x+radius, in.y+in.height/2
	whole := 0.0
	for i := range chart.Categories {
		whole += chart.Series[0].at(i)
	}
	turn := 0.0
	for i := range chart.Categories {
		share := chart.Series[0].at(i) / whole
		if share > 0 {
			c.slice(x, y, radius, turn, turn+share, seriesColor(i))
		}
		turn += share
	}
	c.dot(x, y, radius*0.56, paper)
	c.textCentre(x, y+4, radius, figure(whole), textStyle{size: 12, bold: true, ink: ink})
	left := in.x + 2*radius + 22
	row := min(in.height/float64(len(chart.Categories)), 18)
	first := y - row*float64(len(chart.Categories))/2
	for i, name := range chart.Categories {
		middle := first + row*(float64(i)+0.5)
		value := chart.Series[0].at(i)
		c.roundRect(left, middle-3, 6, 6, 1.2, seriesColor(i))
		percent := strconv.FormatFloat(100*value/whole, 'f', 0, 64) + " %"
		used := c.textRight(in.right(), middle+2.5, 0, figure(value)+"  ·  "+percent, chartLabelStyle)
		c.text(left+12, middle+2.5, in.right()-left-20-used, name, chartValueStyle)
	}
}
