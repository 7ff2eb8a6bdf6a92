package slack

import (
	"fmt"
	"slices"
)

// Limits of tables, charts and rich text.
const (
	maxTableRows     = 100 // https://docs.slack.dev/reference/block-kit/blocks/table-block
	maxTableColumns  = 20
	maxTableText     = 10000 // characters over all cells
	minDataTableRows = 2     // https://docs.slack.dev/reference/block-kit/blocks/data-table-block: header and one row
	maxDataTableRows = 201
	maxDataTableText = 20000
	maxPageSize      = 100
	maxChartTitle    = 50 // https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
	maxChartLabel    = 20
	maxAxisLabel     = 50
	maxSegments      = 12
	maxSeries        = 12
	maxCategories    = 20
	maxCharts        = 2 // a message
)

func dataShape(kind string) (shape, bool) {
	switch kind {
	case "table":
		return shape{need: []string{"rows"}, fields: map[string]rule{
			"rows":            tableRows(1, maxTableRows, "raw_text", "raw_number", "rich_text"),
			"column_settings": list(0, maxTableColumns, columnSetting),
		}, also: func(c *checker, path string, _ object) { c.countTable(path, maxTableText) }}, true
	case "data_table":
		return shape{need: []string{"rows", "caption"}, fields: map[string]rule{
			"rows":    tableRows(minDataTableRows, maxDataTableRows, "raw_text", "raw_number", "rich_text", "action_cell"),
			"caption": text(1, maxText), "page_size": integer(1, maxPageSize),
			"row_header_column_index": integer(0, maxTableColumns-1),
		}, also: func(c *checker, path string, o object) {
			dataTableHeader(c, path, o)
			c.countTable(path, maxDataTableText)
		}}, true
	case "data_visualization":
		return shape{need: []string{"title", "chart"}, fields: map[string]rule{
			"title": text(1, maxChartTitle), "chart": chart,
		}, also: func(c *checker, path string, _ object) {
			c.charts++
			if c.charts == maxCharts+1 {
				c.fail(path, "no more than %d data_visualization blocks allowed", maxCharts)
			}
		}}, true
	case "rich_text":
		return richTextShape(), true
	}
	return shape{}, false
}

// tableRows checks rows of cells; every row has as many cells as the first.
func tableRows(min, max int, cells ...string) rule {
	return func(c *checker, path string, v any) {
		before := c.textChars
		list(min, max, list(1, maxTableColumns, typed(cellShape, cells...)))(c, path, v)
		c.tableText += c.textChars - before // tables have a limit of their own
		c.textChars = before
		rows := asList(v)
		for i, row := range rows {
			if len(asList(row)) != len(asList(rows[0])) {
				c.fail(fmt.Sprintf("%s/%d", path, i), "all rows must have the same number of cells")
			}
		}
	}
}

// countTable holds a message's tables to their limit of characters.
func (c *checker) countTable(path string, max int) {
	c.tables++
	if c.tableText > max {
		c.fail(path+"/rows", "tables must hold less than %d characters", max+1)
	}
}

func cellShape(kind string) (shape, bool) {
	cell := func(c *checker, path string, v any) { text(1, maxText)(c, path, v); c.tableText += runes(v) }
	switch kind {
	case "raw_text":
		return shape{need: []string{"text"}, fields: map[string]rule{"text": cell}}, true
	case "raw_number":
		return shape{need: []string{"value"}, fields: map[string]rule{"value": number, "text": cell}}, true
	case "rich_text":
		return blockShape("rich_text")
	case "action_cell":
		return shape{need: []string{"element"}, fields: map[string]rule{
			"element":  typed(elementShape, "button"),
			"fallback": typed(cellShape, "raw_text", "raw_number"),
		}}, true
	}
	return shape{}, false
}

func columnSetting(c *checker, path string, v any) {
	if v == nil { // null skips a column
		return
	}
	c.object(path, v, shape{fields: map[string]rule{"align": oneOf("left", "center", "right"), "is_wrapped": boolean}})
}

func dataTableHeader(c *checker, path string, o object) {
	rows := asList(o["rows"])
	if len(rows) == 0 {
		return
	}
	for i, cell := range asList(rows[0]) {
		if head, _ := cell.(object); head["type"] != "raw_text" {
			c.fail(fmt.Sprintf("%s/rows/0/%d", path, i), "a header cell must be raw_text")
		}
	}
	if index, ok := o["row_header_column_index"].(float64); ok && int(index) >= len(asList(rows[0])) {
		c.fail(path+"/row_header_column_index", "there is no such column")
	}
}

func chart(c *checker, path string, v any) {
	typed(func(kind string) (shape, bool) {
		if kind == "pie" {
			return shape{need: []string{"segments"}, fields: map[string]rule{"segments": list(1, maxSegments, segment)}}, true
		}
		return shape{need: []string{"series", "axis_config"}, fields: map[string]rule{
			"series": list(1, maxSeries, series), "axis_config": axis,
		}, also: seriesMatchAxis}, true
	}, "pie", "bar", "area", "line")(c, path, v)
}

func segment(c *checker, path string, v any) {
	o, ok := c.object(path, v, shape{need: []string{"label", "value"}, fields: map[string]rule{
		"label": text(1, maxChartLabel), "value": number,
	}})
	if n, isNumber := o["value"].(float64); ok && isNumber && n <= 0 {
		c.fail(path+"/value", "must be greater than 0")
	}
}

func series(c *checker, path string, v any) {
	c.object(path, v, shape{need: []string{"name", "data"}, fields: map[string]rule{
		"name": text(1, maxChartLabel),
		"data": list(1, maxCategories, func(c *checker, path string, v any) {
			c.object(path, v, shape{need: []string{"label", "value"}, fields: map[string]rule{
				"label": text(1, maxChartLabel), "value": number,
			}})
		}),
	}})
}

func axis(c *checker, path string, v any) {
	c.object(path, v, shape{need: []string{"categories"}, fields: map[string]rule{
		"categories": list(1, maxCategories, text(1, maxChartLabel)), "x_label": text(1, maxAxisLabel), "y_label": text(1, maxAxisLabel),
	}})
}

// seriesMatchAxis: names are unique, and each series has exactly one point for every category.
func seriesMatchAxis(c *checker, path string, o object) {
	distinct(c, path+"/series", o["series"], "name")
	config, _ := o["axis_config"].(object)
	var categories []string
	for i, v := range asList(config["categories"]) {
		name, _ := v.(string)
		if slices.Contains(categories, name) {
			c.fail(fmt.Sprintf("%s/axis_config/categories/%d", path, i), "must be unique")
		}
		categories = append(categories, name)
	}
	for i, v := range asList(o["series"]) {
		one, _ := v.(object)
		at := fmt.Sprintf("%s/series/%d/data", path, i)
		distinct(c, at, one["data"], "label")
		points := asList(one["data"])
		if len(points) != len(categories) {
			c.fail(at, "must have exactly one point for every category")
		}
		for j, p := range points {
			point, _ := p.(object)
			if label, _ := point["label"].(string); !slices.Contains(categories, label) {
				c.fail(fmt.Sprintf("%s/%d/label", at, j), "must match one of the categories")
			}
		}
	}
}
