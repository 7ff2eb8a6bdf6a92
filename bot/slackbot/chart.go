package slackbot

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"callout/bot"
)

// Limits of Slack's chart block: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
const (
	maxChartTitle  = 50
	maxChartLabel  = 20
	maxChartSeries = 6
	maxChartPoints = 20
	maxPieSlices   = 6

	// maxChartText is counted towards a message's text for the labels of a chart.
	maxChartText = 500
)

// chart draws a chart as Slack's own block where it can, else its numbers as text.
func (d *drawing) chart(c bot.Chart) []slack.Block {
	c = tidy(c)
	if len(c.Series) == 0 || len(c.Labels) == 0 {
		return nil
	}
	if d.charts && d.drawn < maxCharts {
		if drawn := nativeChart(c); drawn != nil {
			d.drawn++
			title := shorten(cmp.Or(c.Title, "Chart"), maxChartTitle)
			return []slack.Block{slack.NewDataVisualizationBlock(title, drawn)}
		}
	}
	return section(chartWords(c), nil)
}

// tidy makes every series as long as the labels and every number one that JSON knows.
func tidy(c bot.Chart) bot.Chart {
	series := make([]bot.Series, 0, len(c.Series))
	for _, s := range c.Series {
		values := make([]float64, len(c.Labels))
		for i := range values {
			if i < len(s.Values) && !math.IsNaN(s.Values[i]) && !math.IsInf(s.Values[i], 0) {
				values[i] = s.Values[i]
			}
		}
		series = append(series, bot.Series{Name: s.Name, Values: values})
	}
	c.Series = series
	return c
}

// nativeChart returns nil for what Slack's block cannot show.
func nativeChart(c bot.Chart) slack.DataVisualizationChart {
	if c.Kind == "pie" {
		return pie(c)
	}
	if len(c.Labels) > maxChartPoints || len(c.Series) > maxChartSeries {
		return nil
	}
	labels := distinct(c.Labels)
	names := make([]string, len(c.Series))
	for i, s := range c.Series {
		names[i] = s.Name
	}
	names = distinct(names)
	series := make([]slack.DataVisualizationDataSeries, len(c.Series))
	for i, s := range c.Series {
		points := make([]slack.DataVisualizationDataPoint, len(labels))
		for j, label := range labels {
			points[j] = slack.NewDataVisualizationDataPoint(label, s.Values[j])
		}
		series[i] = slack.NewDataVisualizationDataSeries(names[i], points...)
	}
	axis := slack.NewDataVisualizationAxisConfig(labels...)
	if c.Kind == "line" {
		return slack.NewDataVisualizationLineChart(axis, series...)
	}
	return slack.NewDataVisualizationBarChart(axis, series...)
}

// pie draws the first series; slices beyond Slack's limit become one, as a slice left out would falsify the rest.
func pie(c bot.Chart) slack.DataVisualizationChart {
	var slices []slack.DataVisualizationSegment
	for i, label := range distinct(c.Labels) {
		if value := c.Series[0].Values[i]; value > 0 {
			slices = append(slices, slack.NewDataVisualizationSegment(label, value))
		}
	}
	if len(slices) == 0 {
		return nil
	}
	if len(slices) > maxPieSlices {
		rest := slack.NewDataVisualizationSegment("all others", 0)
		for _, s := range slices[maxPieSlices-1:] {
			rest.Value += s.Value
		}
		slices = append(slices[:maxPieSlices-1:maxPieSlices-1], rest)
	}
	return slack.NewDataVisualizationPieChart(slices...)
}

// distinct shortens labels and numbers those that are then the same: Slack refuses a label twice.
func distinct(labels []string) []string {
	seen := map[string]bool{}
	out := make([]string, len(labels))
	for i, label := range labels {
		label = shorten(cmp.Or(strings.TrimSpace(label), "–"), maxChartLabel)
		name := label
		for n := 2; seen[name]; n++ {
			mark := " " + strconv.Itoa(n)
			name = shorten(label, maxChartLabel-len(mark)) + mark
		}
		seen[name] = true
		out[i] = name
	}
	return out
}

// chartWords writes a chart out: a line for each label, with a bar when there is one series.
func chartWords(c bot.Chart) bot.Words {
	const longest = 12 // characters of the longest bar
	words := bot.Say(bot.Bold(c.Title))
	most := 0.0
	for _, value := range c.Series[0].Values {
		most = max(most, value)
	}
	for i, label := range c.Labels {
		words = append(words, bot.Span{Text: "\n" + label + ": "})
		for j, s := range c.Series {
			if j > 0 {
				words = append(words, bot.Span{Text: ", "})
			}
			if len(c.Series) > 1 {
				words = append(words, bot.Span{Text: s.Name + " "})
			}
			words = append(words, bot.Span{Text: number(s.Values[i])})
		}
		if value := c.Series[0].Values[i]; len(c.Series) == 1 && value > 0 {
			bar := strings.Repeat("▇", max(1, int(math.Round(longest*value/most))))
			words = append(words, bot.Span{Text: "  " + bar})
		}
	}
	return words
}

func number(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
