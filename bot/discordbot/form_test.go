package discordbot

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"callout/bot"
)

// order is a form longer than a modal, with a field that is found by typing and one that a choice brings.
func order(values bot.Values) *bot.Form {
	f := &bot.Form{ID: "order", Title: "Order", Submit: "Order", State: "s1", Fields: []bot.Field{
		{Name: "who", Kind: bot.FieldSearch, Label: "Who", Refresh: true},
		{Name: "what", Kind: bot.FieldLine, Label: "What", Value: "paper"},
		{Name: "size", Kind: bot.FieldPick, Label: "Size", Options: []bot.Option{{Value: "s", Label: "Small"}, {Value: "l", Label: "Large"}}},
		{Name: "when", Kind: bot.FieldDate, Label: "When"},
		{Name: "why", Kind: bot.FieldText, Label: "Why", Optional: true},
		{Name: "note", Kind: bot.FieldText, Label: "Note", Optional: true},
	}}
	if values.Get("who") != "" {
		f.Fields = append(f.Fields, bot.Field{Name: "site", Kind: bot.FieldLine, Label: "Site of " + values.Get("who")})
	}
	return f
}

func takesOrders(refuse func(bot.Values) map[string]string) func(bot.Request) bot.Reply {
	return func(r bot.Request) bot.Reply {
		switch r.Kind {
		case bot.KindCommand:
			return bot.Reply{Form: order(nil)}
		case bot.KindChange:
			return bot.Reply{Form: order(r.Values)}
		case bot.KindSearch:
			var found []bot.Option
			for value, label := range map[string]string{"1": "Acme Foods", "2": "Acme Paper"} {
				if strings.Contains(strings.ToLower(label), strings.ToLower(r.Text)) {
					found = append(found, bot.Option{Value: value, Label: label})
				}
			}
			return bot.Reply{Options: found}
		case bot.KindForm:
			if errs := refuse(r.Values); len(errs) > 0 {
				return bot.Reply{Errors: errs}
			}
			card := bot.Sentence("Ordered.")
			return bot.Reply{Say: &card}
		}
		return bot.Reply{}
	}
}

// fills sends a modal with these values by name.
func (d *desk) fills(modal map[string]any, in string, values map[string]string) map[string]any {
	d.Helper()
	var components []map[string]any
	list, _ := at(modal, "data", "components").([]any)
	for _, c := range list {
		component, _ := at(c, "component").(map[string]any)
		if component == nil {
			continue
		}
		name, _ := component["custom_id"].(string)
		filled := map[string]any{"type": component["type"], "custom_id": name}
		if component["type"] == float64(componentText) {
			filled["value"] = component["value"]
			if v, ok := values[name]; ok {
				filled["value"] = v
			}
			if filled["value"] == nil {
				filled["value"] = ""
			}
		} else if v, ok := values[name]; ok {
			filled["values"] = []string{v}
		}
		components = append(components, map[string]any{"type": componentLabel, "component": filled})
	}
	return d.does(kindModal, map[string]any{"custom_id": at(modal, "data", "custom_id"), "components": components}, in)
}

// presses presses the nth button of the first row that has buttons.
func (d *desk) presses(message map[string]any, label string) map[string]any {
	d.Helper()
	rows, _ := at(message, "data", "components").([]any)
	for _, row := range rows {
		buttons, _ := at(row, "components").([]any)
		for _, b := range buttons {
			if at(b, "label") == label {
				return d.does(kindComponent, map[string]any{"custom_id": at(b, "custom_id")}, `,"message":{"id":"3","flags":64,"channel_id":"5"}`)
			}
		}
	}
	d.Fatalf("there is no button %q in %v", label, message)
	return nil
}

// labels are the fields of a modal as they are named there.
func labels(modal map[string]any) string {
	var names []string
	list, _ := at(modal, "data", "components").([]any)
	for _, c := range list {
		if name, ok := at(c, "label").(string); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func TestAShortFormThatIsRefusedIsShownWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindForm && r.Values.Get("what") == "" {
			return bot.Reply{Errors: map[string]string{"what": "Say what."}}
		}
		if r.Kind == bot.KindForm {
			card := bot.Sentence(r.Values.Get("what") + " and " + r.Values.Get("why") + " with " + strings.Join(r.Values["photos"], " "))
			return bot.Reply{Say: &card}
		}
		return bot.Reply{Form: &bot.Form{ID: "short", Title: "Short", Fields: []bot.Field{
			{Name: "what", Kind: bot.FieldLine, Label: "What", Optional: true},
			{Name: "why", Kind: bot.FieldLine, Label: "Why"},
			{Name: "photos", Kind: bot.FieldFiles, Label: "Photos", Optional: true},
		}}}
	})
	first := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	refused := d.fills(first, "", map[string]string{"why": "late"})
	again := d.presses(refused, "Put it right")
	if got := labels(again); got != "What, Why, Photos" {
		t.Fatalf("shown again: %q", got)
	}
	done := d.fills(again, below, map[string]string{"what": "paper", "why": "soon"})
	if text, _ := at(done, "data", "embeds", 0, "description").(string); !strings.HasPrefix(text, "paper and soon") {
		t.Errorf("saved: %v", done)
	}
}

func TestALongFormThatIsRefusedCanBeSeenWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t, takesOrders(func(v bot.Values) map[string]string {
		if v.Get("what") == "paper" {
			return map[string]string{"what": "There is no paper."}
		}
		return nil
	}))
	first := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	more := d.fills(first, "", map[string]string{"who": "acme paper", "size": "l", "when": "2026-03-01"})
	refused := d.fills(d.presses(more, "Continue"), below, map[string]string{"site": "Main street"})
	if got := labels(d.presses(refused, "Put it right")); got != "What" {
		t.Errorf("to be put right: %q", got)
	}
	if got := labels(d.presses(refused, "See all of it")); got != "Who, Site of 2, What, Size, When" && got != "Who, What, Size, When, Why" {
		t.Errorf("all of it: %q", got)
	}
}

const below = `,"message":{"id":"3","flags":64,"channel_id":"5"}`

func TestALongFormInSteps(t *testing.T) {
	t.Parallel()
	d := newDesk(t, takesOrders(func(bot.Values) map[string]string { return nil }))
	first := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	if first["type"] != float64(answerModal) || len(at(first, "data", "components").([]any)) != maxModalFields {
		t.Fatalf("no modal of five fields: %v", first)
	}
	which := d.fills(first, "", map[string]string{"who": "acme", "size": "l", "when": "2026-03-01"})
	if text, _ := at(which, "data", "embeds", 0, "description").(string); !strings.Contains(text, "which “acme” do you mean?") {
		t.Fatalf("it does not ask which: %v", which)
	}
	menu := at(which, "data", "components", 0, "components", 0)
	next := d.does(kindComponent, map[string]any{"custom_id": at(menu, "custom_id"), "values": []string{"2"}}, below)
	if next["type"] != float64(answerModal) {
		t.Fatalf("the rest of the form does not open: %v", next)
	}
	if got := at(next, "data", "components", 1, "label"); got != "Site of 2" {
		t.Errorf("the choice brought no field: %v", next)
	}
	done := d.fills(next, below, map[string]string{"site": "Main street"})
	if text, _ := at(done, "data", "embeds", 0, "description").(string); text != "Ordered." {
		t.Fatalf("it is not saved: %v", done)
	}
	sent := d.talk.requests(bot.KindForm)
	if len(sent) != 1 || sent[0].State != "s1" || sent[0].Values.Get("who") != "2" || sent[0].Values.Get("what") != "paper" ||
		sent[0].Values.Get("size") != "l" || sent[0].Values.Get("site") != "Main street" {
		t.Errorf("the bot got %+v", sent)
	}
}

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t, takesOrders(func(v bot.Values) map[string]string {
		if v.Get("when") == "soon" {
			return map[string]string{"when": "“soon” is no day."}
		}
		return nil
	}))
	first := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	more := d.fills(first, "", map[string]string{"who": "acme foods", "size": "s", "when": "soon", "what": "ink"})
	next := d.presses(more, "Continue")
	refused := d.fills(next, below, map[string]string{"site": "Here"})
	if text, _ := at(refused, "data", "embeds", 0, "description").(string); text != "When: “soon” is no day." {
		t.Fatalf("it does not say what is wrong: %v", refused)
	}
	again := d.presses(refused, "Put it right")
	if got := at(again, "data", "components", 0, "component", "value"); got != "soon" {
		t.Fatalf("what was typed is lost: %v", again)
	}
	done := d.fills(again, below, map[string]string{"when": "2026-03-01"})
	sent := d.talk.requests(bot.KindForm)
	if len(sent) != 2 || sent[1].Values.Get("what") != "ink" || sent[1].Values.Get("site") != "Here" || sent[1].Values.Get("who") != "1" {
		t.Errorf("the bot got %+v, the person %v", sent, done)
	}
}

func TestForgedAndStaleRequests(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(bot.Request) bot.Reply { return bot.Reply{} })
	const ping = `{"id":"1","type":1,"application_id":"1","token":"t"}`
	if code, reply := d.post(ping, d.now, nil); code != http.StatusOK || reply["type"] != float64(answerPong) {
		t.Errorf("ping: %d %v", code, reply)
	}
	for name, change := range map[string]func(*http.Request){
		"no signature":    func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") },
		"wrong signature": func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("ab", 64)) },
		"other time":      func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "1") },
		"no time":         func(r *http.Request) { r.Header.Del("X-Signature-Timestamp") },
	} {
		if code, _ := d.post(ping, d.now, change); code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, code)
		}
	}
	for _, age := range []time.Duration{6 * time.Minute, -6 * time.Minute} {
		if code, _ := d.post(ping, d.now.Add(age), nil); code != http.StatusUnauthorized {
			t.Errorf("signed %s away: %d", age, code)
		}
	}
}

func TestALongValueOfAButtonComesBackWhole(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("filter ", 60)
	d := newDesk(t, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindButton {
			return bot.Reply{}
		}
		return bot.Reply{Say: &bot.Card{Text: "list", Parts: []bot.Part{bot.Buttons{
			{Action: "calls.more", Value: long, Label: "Next"}, {Action: "call.decline", Value: "4", Label: "Hand back", Confirm: "Sure?"},
		}}}}
	})
	list := d.does(kindCommand, map[string]any{"type": 1, "name": "calls"}, "")
	d.presses(list, "Next")
	if got := d.talk.requests(bot.KindButton); len(got) != 1 || got[0].Name != "calls.more" || got[0].Value != long {
		t.Errorf("got %+v", got)
	}
	sure := d.presses(list, "Hand back")
	if len(d.talk.requests(bot.KindButton)) != 1 {
		t.Error("it was done without asking")
	}
	d.presses(sure, "Go on")
	if got := d.talk.requests(bot.KindButton); len(got) != 2 || got[1].Name != "call.decline" || got[1].Value != "4" {
		t.Errorf("got %+v", got)
	}
}
