package web_test

import (
	"fmt"
	"strings"
	"time"
)

func plain(text string) obj  { return obj{"type": "plain_text", "text": text, "emoji": true} }
func mrkdwn(text string) obj { return obj{"type": "mrkdwn", "text": text} }

func option(text, value, about string) obj {
	o := obj{"text": plain(text), "value": value}
	if about != "" {
		o["description"] = plain(about)
	}
	return o
}

func button(text, id, style string) obj {
	b := obj{"type": "button", "text": plain(text), "action_id": id, "value": "42"}
	if style != "" {
		b["style"] = style
	}
	return b
}

// card is the message that stands for a call.
func card(n int, summary, taken string) []any {
	progress, actions := ":large_yellow_circle: offered to <@U02MARIA>", []any{
		button("Accept", "accept", "primary"), button("Decline", "decline", ""), button("Close call", "close", "danger"),
	}
	actions[2].(obj)["confirm"] = obj{
		"title": plain("Close this call?"), "text": mrkdwn("The customer is told that the work is *done*."),
		"confirm": plain("Close it"), "deny": plain("Not yet"), "style": "danger",
	}
	if taken != "" {
		progress = ":large_green_circle: accepted by <@" + taken + ">"
		actions = []any{button("On my way", "en_route", "primary"), button("Close call", "close", "danger")}
	}
	actions = append(actions, obj{"type": "overflow", "action_id": "more", "options": []any{
		option("Why this technician?", "why", "How the choice was made"), option("Change priority", "priority", ""),
	}})
	return []any{
		obj{"type": "header", "text": plain(fmt.Sprintf("Call %d · %s", n, summary))},
		obj{"type": "section", "fields": []any{
			mrkdwn("*Customer*\nAcme Foods &amp; Sons <https://example.com/c/7|open>"), mrkdwn("*Equipment*\nCanon iR-ADV C5560 (`SN 4471-09`)"),
			mrkdwn("*Progress*\n" + progress), mrkdwn(fmt.Sprintf("*Logged*\n<!date^%d^{date_short_pretty} at {time}|just now> by <@U01DANA>", time.Now().Unix())),
		}},
		obj{"type": "context", "elements": []any{mrkdwn(":telephone_receiver: Jo Hartley, <tel:+14155550177|+1 415 555 0177> · *urgent* · _24 × 7_")}},
		obj{"type": "actions", "block_id": "card", "elements": actions},
	}
}

func series(name string, labels []any, values ...float64) obj {
	var data []any
	for i, v := range values {
		data = append(data, obj{"label": labels[i], "value": v})
	}
	return obj{"name": name, "data": data}
}

func chart(kind, title string) obj {
	months := []any{"January", "February", "March", "April", "May", "June"}
	return obj{"type": "data_visualization", "title": title, "chart": obj{
		"type": kind, "axis_config": obj{"categories": months, "y_label": "Calls"},
		"series": []any{series("Opened", months, 41, 38, 57, 49, 62, 54), series("Closed", months, 36, 40, 51, 52, 55, 58)},
	}}
}

func pie() obj {
	return obj{"type": "data_visualization", "title": "Calls by priority", "chart": obj{"type": "pie", "segments": []any{
		obj{"label": "Urgent", "value": 24}, obj{"label": "High", "value": 61}, obj{"label": "Normal", "value": 180}, obj{"label": "Low", "value": 36},
	}}}
}

func cell(text string) obj { return obj{"type": "raw_text", "text": text} }

func dataTable() obj {
	rows := []any{[]any{cell("Technician"), cell("Calls"), cell("Median to accept")}}
	for i, name := range []string{"Maria Lopez", "Tom Okafor", "Wei Zhang", "Amira Haddad", "Jonas Bergström", "Chidi Eze", "Lucía Fernández"} {
		rows = append(rows, []any{cell(name), obj{"type": "raw_number", "value": 61 - 7*i}, cell(fmt.Sprintf("%d min", 4+i*3))})
	}
	return obj{"type": "data_table", "caption": "Calls by technician", "page_size": 5, "rows": rows}
}

// customers answers a type-ahead.
func customers(query string) []any {
	var out []any
	for i, name := range []string{"Acme Foods & Sons", "Acorn Dental Care", "Bayside Primary School", "Town Hall, Northgate", "Zenith Law"} {
		if strings.Contains(strings.ToLower(name), strings.ToLower(query)) {
			out = append(out, option(name, fmt.Sprint("c", i), fmt.Sprintf("+1 415 555 01%02d · %d machines", 60+i, i+2)))
		}
	}
	if query != "" {
		out = append(out, option("New customer: “"+query+"”", "new", ""))
	}
	return out
}

func field(block, label string, optional bool, hint string, element obj) obj {
	element["action_id"] = block
	b := obj{"type": "input", "block_id": block, "label": plain(label), "optional": optional, "element": element}
	if hint != "" {
		b["hint"] = plain(hint)
	}
	return b
}

// callForm is a modal with every common kind of input.
func callForm(words string, chosen bool) obj {
	customer := field("customer", "Customer", false, "By name or phone. An unknown name becomes a new customer.", obj{
		"type": "external_select", "min_query_length": 0, "placeholder": plain("Type a name or a number"), "focus_on_load": true,
	})
	customer["dispatch_action"] = true
	blocks := []any{customer}
	if chosen {
		blocks = append(blocks,
			obj{"type": "alert", "block_id": "open", "level": "warning", "text": mrkdwn("*2 calls are open* for this customer already.")},
			field("equipment", "Equipment", true, "", obj{"type": "static_select", "placeholder": plain("Which machine?"), "options": []any{
				option("Canon iR-ADV C5560", "e1", "SN 4471-09, second floor"), option("Ricoh IM C3000", "e2", "SN 88-120, warranty until June"),
			}}))
	}
	summary := obj{"type": "plain_text_input", "max_length": 150, "placeholder": plain("The copier jams on tray 2")}
	if words != "" {
		summary["initial_value"] = words
	}
	blocks = append(blocks,
		field("summary", "Summary", false, "", summary),
		field("details", "Details", true, "", obj{"type": "plain_text_input", "multiline": true, "placeholder": plain("What happened, since when, what was tried?")}),
		field("priority", "Priority", false, "", obj{"type": "radio_buttons", "initial_option": option("Normal", "normal", ""), "options": []any{
			option("Urgent", "urgent", "Around the clock, escalates after 5 minutes"), option("Normal", "normal", ""), option("Low", "low", ""),
		}}),
		field("skills", "Skills needed", true, "", obj{"type": "multi_static_select", "placeholder": plain("Any"), "options": []any{option("Copiers", "copiers", ""), option("Network", "network", ""), option("Large format", "large", "")}}),
		field("tell", "Keep the customer informed by", true, "", obj{"type": "checkboxes", "options": []any{option("Text message", "sms", ""), option("E-mail", "email", "")}}),
		field("day", "Not before", true, "", obj{"type": "datepicker"}),
		field("hour", "At", true, "", obj{"type": "timepicker"}),
		field("mail", "Contact's e-mail", true, "", obj{"type": "email_text_input"}),
		field("count", "Machines affected", true, "", obj{"type": "number_input", "is_decimal_allowed": false}),
		field("photo", "Photo", true, "", obj{"type": "file_input", "max_files": 3}))
	return obj{
		"type": "modal", "callback_id": "log_call", "title": plain("Log a call"), "submit": plain("Log call"), "close": plain("Cancel"), "blocks": blocks,
	}
}

func homeView() obj {
	return obj{"type": "home", "blocks": []any{
		obj{"type": "header", "text": plain("Good morning, Maria")},
		obj{"type": "section", "text": mrkdwn("You are *on duty until 17:00*. One call is offered to you, two are yours."), "accessory": button("Go off duty", "off", "")},
		obj{"type": "divider"},
		obj{"type": "section", "text": mrkdwn("*42 · The copier jams on tray 2*\nAcme Foods &amp; Sons, 12 Mill Road · _urgent_"), "accessory": button("Accept", "accept_home", "primary")},
		obj{"type": "section", "text": mrkdwn("*38 · Scanner does not send mail*\nTown Hall, Northgate · _normal_"), "accessory": obj{"type": "static_select", "action_id": "state", "placeholder": plain("Set progress"), "options": []any{option("On my way", "w", ""), option("On site", "s", "")}}},
		obj{"type": "context", "elements": []any{mrkdwn("Updated just now")}},
	}}
}
