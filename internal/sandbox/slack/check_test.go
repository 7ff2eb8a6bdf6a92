package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func chars(n int) string { return strings.Repeat("x", n) }

func manyOf(n int, item string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strings.ReplaceAll(item, "#", fmt.Sprint(i))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// check returns what is wrong with one block on a surface.
func check(t *testing.T, surface, block string) []string {
	t.Helper()
	var blocks []any
	if err := json.Unmarshal([]byte("["+block+"]"), &blocks); err != nil {
		t.Fatalf("test data: %v in %s", err, block)
	}
	n := 0
	c := newChecker(surface)
	c.blocks("/blocks", blocks, maxMessageBlocks, func() string { n++; return fmt.Sprint("id", n) })
	return c.errs
}

const (
	opt    = `{"text":{"type":"plain_text","text":"One"},"value":"one"}`
	optN   = `{"text":{"type":"plain_text","text":"N #"},"value":"v#"}`
	btn    = `{"type":"button","text":{"type":"plain_text","text":"Go"},"action_id":"a#"}`
	okText = `{"type":"plain_text","text":"Label"}`
)

func section(extra string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"hi"},"accessory":` + extra + `}`
}

func input(element string) string {
	return `{"type":"input","block_id":"b","label":` + okText + `,"element":` + element + `}`
}

func TestBlocksThatSlackTakes(t *testing.T) {
	t.Parallel()
	confirm := `"confirm":{"title":` + okText + `,"text":{"type":"mrkdwn","text":"Sure?"},"confirm":` + okText + `,"deny":` + okText + `,"style":"danger"}`
	chart := `{"type":"data_visualization","title":"Calls","chart":{"type":"bar","series":[{"name":"open","data":[{"label":"Mon","value":-1}]}],"axis_config":{"categories":["Mon"],"x_label":"day"}}}`
	cases := map[string][2]string{
		"divider":          {onMessage, `{"type":"divider"}`},
		"header":           {onHome, `{"type":"header","text":{"type":"plain_text","text":"` + chars(150) + `","emoji":true}}`},
		"section at 3000":  {onModal, `{"type":"section","text":{"type":"mrkdwn","text":"` + chars(3000) + `","verbatim":true}}`},
		"section fields":   {onMessage, `{"type":"section","fields":` + manyOf(10, `{"type":"mrkdwn","text":"`+chars(2000)+`"}`) + `,"expand":true}`},
		"context":          {onMessage, `{"type":"context","elements":[` + okText + `,{"type":"image","image_url":"https://e.com/i.png","alt_text":"i"}]}`},
		"actions":          {onMessage, `{"type":"actions","elements":` + manyOf(25, btn) + `}`},
		"button":           {onMessage, section(`{"type":"button","text":` + okText + `,"url":"https://e.com","value":"1","style":"primary","accessibility_label":"go",` + confirm + `}`)},
		"overflow":         {onMessage, section(`{"type":"overflow","action_id":"o","options":[` + opt + `]}`)},
		"select groups":    {onModal, input(`{"type":"static_select","option_groups":[{"label":` + okText + `,"options":[` + opt + `]}],"initial_option":` + opt + `}`)},
		"multi select":     {onModal, input(`{"type":"multi_static_select","options":` + manyOf(100, optN) + `,"max_selected_items":3}`)},
		"external select":  {onModal, input(`{"type":"external_select","min_query_length":0,"initial_option":` + opt + `}`)},
		"users select":     {onModal, input(`{"type":"multi_users_select","initial_users":["U1"]}`)},
		"conversations":    {onModal, input(`{"type":"conversations_select","default_to_current_conversation":true,"response_url_enabled":true,"filter":{"include":["im"]}}`)},
		"channels":         {onModal, input(`{"type":"channels_select","initial_channel":"C1"}`)},
		"datepicker":       {onModal, input(`{"type":"datepicker","initial_date":"2026-02-28","placeholder":` + okText + `}`)},
		"timepicker":       {onModal, input(`{"type":"timepicker","initial_time":"23:59","timezone":"Europe/Lisbon"}`)},
		"datetimepicker":   {onModal, input(`{"type":"datetimepicker","initial_date_time":1785000000}`)},
		"plain text":       {onModal, input(`{"type":"plain_text_input","multiline":true,"min_length":0,"max_length":3000,"initial_value":"x","focus_on_load":true,"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}`)},
		"number":           {onModal, input(`{"type":"number_input","is_decimal_allowed":true,"min_value":"-1.5","max_value":"10"}`)},
		"email":            {onModal, input(`{"type":"email_text_input"}`)},
		"url":              {onModal, input(`{"type":"url_text_input"}`)},
		"checkboxes":       {onModal, input(`{"type":"checkboxes","options":[{"text":{"type":"mrkdwn","text":"*One*"},"value":"1"}]}`)},
		"radio":            {onModal, input(`{"type":"radio_buttons","options":[` + opt + `],"initial_option":` + opt + `}`)},
		"file input":       {onModal, input(`{"type":"file_input","filetypes":["jpg"],"max_files":10}`)},
		"image":            {onMessage, `{"type":"image","slack_file":{"id":"F1"},"alt_text":"photo","title":` + okText + `}`},
		"markdown":         {onMessage, `{"type":"markdown","text":"# hi"}`},
		"alert":            {onModal, `{"type":"alert","text":` + okText + `,"level":"warning"}`},
		"card":             {onMessage, `{"type":"card","title":{"type":"mrkdwn","text":"T"},"actions":[` + btn + `]}`},
		"video":            {onModal, `{"type":"video","alt_text":"v","title":` + okText + `,"thumbnail_url":"https://e.com/t.png","video_url":"https://e.com/v"}`},
		"table":            {onMessage, `{"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}]],"column_settings":[{"align":"right","is_wrapped":true}]}`},
		"data table":       {onMessage, `{"type":"data_table","caption":"c","page_size":10,"rows":[[{"type":"raw_text","text":"h"}],[{"type":"raw_number","value":1,"text":"1"}]]}`},
		"chart":            {onMessage, chart},
		"pie":              {onMessage, `{"type":"data_visualization","title":"P","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`},
		"rich text":        {onMessage, `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"}]}]}]}`},
		"header level":     {onMessage, `{"type":"header","level":2,"text":` + okText + `}`},
		"table at home":    {onHome, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`},
		"input in message": {onMessage, input(`{"type":"plain_text_input"}`)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if errs := check(t, c[0], c[1]); len(errs) > 0 {
				t.Errorf("refused: %v", errs)
			}
		})
	}
}

func TestBlocksThatSlackRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, surface, block, want string }{
		{"unknown block", onMessage, `{"type":"sparkles"}`, "unsupported type: sparkles [json-pointer:/blocks/0/type]"},
		{"no type", onMessage, `{}`, "missing required field: type"},
		{"unknown field", onMessage, `{"type":"divider","color":"red"}`, "invalid additional property: color"},
		{"section of 3001", onMessage, `{"type":"section","text":{"type":"mrkdwn","text":"` + chars(3001) + `"}}`, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty section text", onMessage, `{"type":"section","text":{"type":"mrkdwn","text":""}}`, "must be more than 0 characters"},
		{"section without text", onMessage, `{"type":"section"}`, "missing required field: text or fields"},
		{"11 fields", onMessage, `{"type":"section","fields":` + manyOf(11, okText) + `}`, "no more than 10 items allowed"},
		{"header mrkdwn", onMessage, `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, "unsupported type: mrkdwn"},
		{"header of 151", onMessage, `{"type":"header","text":{"type":"plain_text","text":"` + chars(151) + `"}}`, "less than 151"},
		{"emoji flag on mrkdwn", onMessage, `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, "invalid additional property: emoji"},
		{"26 actions", onMessage, `{"type":"actions","elements":` + manyOf(26, btn) + `}`, "no more than 25"},
		{"same action_id twice", onMessage, `{"type":"actions","elements":` + manyOf(2, strings.ReplaceAll(btn, "#", "")) + `}`, "`action_id` \"a\" already exists"},
		{"text input in actions", onMessage, `{"type":"actions","elements":[{"type":"plain_text_input"}]}`, "unsupported type: plain_text_input"},
		{"button as input", onModal, input(btn), "unsupported type: button"},
		{"button text of 76", onMessage, section(`{"type":"button","text":{"type":"plain_text","text":"` + chars(76) + `"}}`), "less than 76"},
		{"button style", onMessage, section(`{"type":"button","text":` + okText + `,"style":"blue"}`), "valid enum value"},
		{"button value of 2001", onMessage, section(`{"type":"button","text":` + okText + `,"value":"` + chars(2001) + `"}`), "less than 2001"},
		{"6 overflow options", onMessage, section(`{"type":"overflow","options":` + manyOf(6, optN) + `}`), "no more than 5"},
		{"option text of 76", onModal, input(`{"type":"static_select","options":[{"text":{"type":"plain_text","text":"` + chars(76) + `"},"value":"1"}]}`), "less than 76"},
		{"option value of 151", onModal, input(`{"type":"static_select","options":[{"text":` + okText + `,"value":"` + chars(151) + `"}]}`), "less than 151"},
		{"101 options", onModal, input(`{"type":"static_select","options":` + manyOf(101, optN) + `}`), "no more than 100"},
		{"no options", onModal, input(`{"type":"static_select","options":[]}`), "no fewer than 1"},
		{"options and groups", onModal, input(`{"type":"static_select"}`), "either options or option_groups"},
		{"mrkdwn option in a select", onModal, input(`{"type":"static_select","options":[{"text":{"type":"mrkdwn","text":"x"},"value":"1"}]}`), "unsupported type: mrkdwn"},
		{"initial not among options", onModal, input(`{"type":"static_select","options":[` + opt + `],"initial_option":{"text":` + okText + `,"value":"two"}}`), "must be among the options"},
		{"11 checkboxes", onModal, input(`{"type":"checkboxes","options":` + manyOf(11, optN) + `}`), "no more than 10"},
		{"same option twice", onModal, input(`{"type":"checkboxes","options":[` + opt + `,` + opt + `]}`), "already exists"},
		{"bad date", onModal, input(`{"type":"datepicker","initial_date":"2026-13-01"}`), "a date as YYYY-MM-DD"},
		{"bad time", onModal, input(`{"type":"timepicker","initial_time":"24:00"}`), "a time as HH:mm"},
		{"datetime text", onModal, input(`{"type":"datetimepicker","initial_date_time":"1"}`), "must provide an integer"},
		{"datetimepicker as accessory", onMessage, section(`{"type":"datetimepicker"}`), "unsupported type: datetimepicker"},
		{"max_length over 3000", onModal, input(`{"type":"plain_text_input","max_length":3001}`), "between 1 and 3000"},
		{"min over max", onModal, input(`{"type":"plain_text_input","min_length":5,"max_length":4}`), "must not be greater"},
		{"number without is_decimal_allowed", onModal, input(`{"type":"number_input"}`), "missing required field: is_decimal_allowed"},
		{"number as number", onModal, input(`{"type":"number_input","is_decimal_allowed":false,"min_value":1}`), "a number as a string"},
		{"number min over max", onModal, input(`{"type":"number_input","is_decimal_allowed":false,"min_value":"9","max_value":"1"}`), "cannot be greater"},
		{"placeholder of 151", onModal, input(`{"type":"email_text_input","placeholder":{"type":"plain_text","text":"` + chars(151) + `"}}`), "less than 151"},
		{"11 files", onModal, input(`{"type":"file_input","max_files":11}`), "between 1 and 10"},
		{"label of 2001", onModal, `{"type":"input","label":{"type":"plain_text","text":"` + chars(2001) + `"},"element":{"type":"plain_text_input"}}`, "less than 2001"},
		{"input without label", onModal, `{"type":"input","element":{"type":"plain_text_input"}}`, "missing required field: label"},
		{"confirm without deny", onMessage, section(`{"type":"button","text":` + okText + `,"confirm":{"title":` + okText + `,"text":` + okText + `,"confirm":` + okText + `}}`), "missing required field: deny"},
		{"image without alt", onMessage, `{"type":"image","image_url":"https://e.com/x.png"}`, "missing required field: alt_text"},
		{"image with two sources", onMessage, `{"type":"image","image_url":"https://e.com/x.png","slack_file":{"id":"F"},"alt_text":"x"}`, "either image_url or slack_file"},
		{"markdown of 12001", onMessage, `{"type":"markdown","text":"` + chars(12001) + `"}`, "less than 12001"},
		{"markdown in a modal", onModal, `{"type":"markdown","text":"x"}`, "not allowed in a modal"},
		{"alert in a message", onMessage, `{"type":"alert","text":` + okText + `}`, "not allowed in a message"},
		{"chart in a modal", onModal, `{"type":"data_visualization","title":"P","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, "not allowed in a modal"},
		{"three charts", onMessage, strings.Join([]string{pie, pie, pie}, ","), "no more than 2 data_visualization"},
		{"pie of nothing", onMessage, `{"type":"data_visualization","title":"P","chart":{"type":"pie","segments":[{"label":"a","value":0}]}}`, "greater than 0"},
		{"chart title of 51", onMessage, `{"type":"data_visualization","title":"` + chars(51) + `","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, "less than 51"},
		{"point of no category", onMessage, `{"type":"data_visualization","title":"B","chart":{"type":"line","series":[{"name":"s","data":[{"label":"Tue","value":1}]}],"axis_config":{"categories":["Mon"]}}}`, "must match one of the categories"},
		{"missing point", onMessage, `{"type":"data_visualization","title":"B","chart":{"type":"line","series":[{"name":"s","data":[{"label":"Mon","value":1}]}],"axis_config":{"categories":["Mon","Tue"]}}}`, "exactly one point"},
		{"101 table rows", onMessage, `{"type":"table","rows":` + manyOf(101, `[{"type":"raw_text","text":"a"}]`) + `}`, "no more than 100"},
		{"21 table columns", onMessage, `{"type":"table","rows":[` + manyOf(21, `{"type":"raw_text","text":"a"}`) + `]}`, "no more than 20"},
		{"uneven table", onMessage, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}],[]]}`, "same number of cells"},
		{"data table without caption", onMessage, `{"type":"data_table","rows":[[{"type":"raw_text","text":"h"}],[{"type":"raw_text","text":"x"}]]}`, "missing required field: caption"},
		{"data table header of numbers", onMessage, `{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[{"type":"raw_text","text":"x"}]]}`, "header cell must be raw_text"},
		{"long table", onMessage, `{"type":"table","rows":` + manyOf(5, `[{"type":"raw_text","text":"`+chars(2001)+`"}]`) + `}`, "less than 10001"},
		{"long data table", onMessage, `{"type":"data_table","caption":"c","rows":` + manyOf(11, `[{"type":"raw_text","text":"`+chars(1900)+`"}]`) + `}`, "less than 20001"},
		{"pie of 13", onMessage, `{"type":"data_visualization","title":"P","chart":{"type":"pie","segments":` + manyOf(13, `{"label":"#","value":1}`) + `}}`, "no more than 12"},
		{"file block", onMessage, `{"type":"file","external_id":"x","source":"remote"}`, "not allowed in a message"},
		{"markdown together", onMessage, `{"type":"markdown","text":"` + chars(7000) + `"},{"type":"markdown","text":"` + chars(7000) + `"}`, "together"},
		{"dispatching file input", onModal, `{"type":"input","dispatch_action":true,"label":` + okText + `,"element":{"type":"file_input"}}`, "unsupported type"},
		{"card with a string title", onMessage, `{"type":"card","title":"x"}`, "must provide an object"},
		{"empty card", onMessage, `{"type":"card"}`, "at least one of hero_image"},
		{"rich text type", onMessage, `{"type":"rich_text","elements":[{"type":"rich_text_poem","elements":[]}]}`, "unsupported type: rich_text_poem"},
		{"block_id of 256", onMessage, `{"type":"divider","block_id":"` + chars(256) + `"}`, "less than 256"},
		{"same block_id twice", onMessage, `{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}`, "`block_id` \"x\" already exists"},
		{"51 blocks", onMessage, strings.Trim(manyOf(51, `{"type":"divider"}`), "[]"), "no more than 50 items"},
		{"two focused", onModal, input(`{"type":"plain_text_input","focus_on_load":true}`) + `,` + strings.Replace(input(`{"type":"plain_text_input","focus_on_load":true}`), `"b"`, `"c"`, 1), "only one element"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			errs := check(t, c.surface, c.block)
			if !strings.Contains(strings.Join(errs, "\n"), c.want) {
				t.Errorf("got %v, want %q", errs, c.want)
			}
		})
	}
}

const pie = `{"type":"data_visualization","title":"P","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`
