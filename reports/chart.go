package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// ChartKind is the form of a chart.
type ChartKind int

// The forms of a chart.
const (
	ChartBar ChartKind = iota
	ChartStackedBar
	ChartLine
	ChartPie
)

// Chart is a chart's values, for the PDF and for front ends that draw charts of their own.
type Chart struct {
	Kind       ChartKind
	Title      string
	Categories []string
	Series     []Series // each with a value for every category; a pie shows the first
	// Ranked says that categories are names, not points in time: the small ones may be summed up as "Other", and
	// bars may lie on their side so that long names can be read.
	Ranked bool
}

// Series is one row of values.
type Series struct {
	Name   string
	Values []float64
}

// Limits of Slack's data_visualization block (https://docs.slack.dev/reference/block-kit/blocks); Discord has no
// charts of its own.
const (
	ChatTitleLength  = 50
	ChatSeries       = 12
	ChatCategories   = 20
	ChatLabelLength  = 20
	otherName        = "Other"
	rangeBetween     = "–"
	defaultChartName = "Value"
)

// ForChat returns the chart within the limits of chat platforms: fewer and shorter labels, the same sums. Series
// over the limit are added up in the last.
func (c Chart) ForChat() Chart {
	c = c.Limited(ChatCategories)
	c.Title = shorten(c.Title, ChatTitleLength)
	c.Categories = distinct(c.Categories, ChatLabelLength)
	if len(c.Series) > ChatSeries {
		rest := Series{Name: otherName, Values: make([]float64, len(c.Categories))}
		for _, s := range c.Series[ChatSeries-1:] {
			for i := range rest.Values {
				rest.Values[i] += s.at(i)
			}
		}
		c.Series = append(slices.Clone(c.Series[:ChatSeries-1]), rest)
	}
	names := make([]string, len(c.Series))
	for i, s := range c.Series {
		names[i] = cmp.Or(s.Name, defaultChartName)
	}
	names = distinct(names, ChatLabelLength)
	c.Series = slices.Clone(c.Series)
	for i := range c.Series {
		c.Series[i].Name = names[i]
	}
	return c
}

// Limited returns the chart with at most this many categories. Names beyond that become "Other"; neighbouring
// points in time are added up.
func (c Chart) Limited(most int) Chart {
	if most < 2 || len(c.Categories) <= most {
		return c
	}
	if c.Ranked {
		return c.ranked(most)
	}
	size := (len(c.Categories) + most - 1) / most
	out := Chart{Kind: c.Kind, Title: c.Title}
	for start := 0; start < len(c.Categories); start += size {
		end := min(start+size, len(c.Categories))
		out.Categories = append(out.Categories, c.Categories[start]+rangeBetween+c.Categories[end-1])
	}
	for _, s := range c.Series {
		values := make([]float64, len(out.Categories))
		for i := range c.Categories {
			values[i/size] += s.at(i)
		}
		out.Series = append(out.Series, Series{s.Name, values})
	}
	return out
}

// ranked keeps the largest most-1 categories in their order and sums the others up.
func (c Chart) ranked(most int) Chart {
	order := make([]int, len(c.Categories))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.total(b), c.total(a)) })
	kept := order[:most-1]
	slices.Sort(kept)
	out := Chart{Kind: c.Kind, Title: c.Title, Ranked: true}
	for _, i := range kept {
		out.Categories = append(out.Categories, c.Categories[i])
	}
	out.Categories = append(out.Categories, otherName)
	for _, s := range c.Series {
		values := make([]float64, 0, most)
		for _, i := range kept {
			values = append(values, s.at(i))
		}
		rest := 0.0
		for _, i := range order[most-1:] {
			rest += s.at(i)
		}
		out.Series = append(out.Series, Series{s.Name, append(values, rest)})
	}
	return out
}

// at is the value for a category, 0 when the series is shorter or the value is none.
func (s Series) at(i int) float64 {
	if i >= len(s.Values) || math.IsNaN(s.Values[i]) || math.IsInf(s.Values[i], 0) {
		return 0
	}
	return max(s.Values[i], 0)
}

// total is the sum of a category over all series.
func (c Chart) total(category int) float64 {
	sum := 0.0
	for _, s := range c.Series {
		sum += s.at(category)
	}
	return sum
}

// Blank tells whether a chart has nothing to show.
func (c Chart) Blank() bool {
	for i := range c.Categories {
		for _, s := range c.Series {
			if s.at(i) != 0 {
				return false
			}
		}
	}
	return true
}

// highest is the top of the axis that the values need.
func (c Chart) highest() float64 {
	top := 0.0
	for i := range c.Categories {
		if c.Kind == ChartStackedBar {
			top = max(top, c.total(i))
			continue
		}
		for _, s := range c.Series {
			top = max(top, s.at(i))
		}
	}
	return top
}

// shorten cuts text to a number of characters, the last of them an ellipsis.
func shorten(text string, most int) string {
	text = strings.TrimSpace(oneLine(text))
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + string(ellipsis)
}

// distinct shortens labels and keeps them different from each other, which a chart needs.
func distinct(labels []string, most int) []string {
	out := make([]string, len(labels))
	seen := make(map[string]bool, len(labels))
	for i, label := range labels {
		short := shorten(label, most)
		for n := 2; short == "" || seen[short]; n++ {
			tail := " " + itoa(n)
			short = shorten(label, most-len(tail)) + tail
		}
		seen[short] = true
		out[i] = short
	}
	return out
}
