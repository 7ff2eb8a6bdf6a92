package slack

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
)

// form is a modal of these blocks.
func form(blocks string) string {
	return `{"type":"modal","callback_id":"log","private_metadata":"p","title":{"type":"plain_text","text":"Log a call"},` +
		`"submit":{"type":"plain_text","text":"Save"},"notify_on_close":true,"blocks":[` + blocks + `]}`
}

func field(id, label, extra, element string) string {
	return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + label + `"}` + extra + `,"element":` + element + `}`
}

var bigForm = form(strings.Join([]string{
	field("summary", "Summary", "", `{"type":"plain_text_input","action_id":"a","min_length":3,"max_length":20}`),
	field("who", "Who", "", `{"type":"external_select","action_id":"a","min_query_length":1}`),
	field("prio", "Priority", "", `{"type":"radio_buttons","action_id":"a","options":`+manyOf(3, optN)+`}`),
	field("tags", "Tags", `,"optional":true`, `{"type":"multi_static_select","action_id":"a","options":`+manyOf(3, optN)+`,"max_selected_items":2}`),
	field("mail", "E-mail", `,"optional":true`, `{"type":"email_text_input","action_id":"a"}`),
	field("site", "Site", `,"optional":true`, `{"type":"url_text_input","action_id":"a"}`),
	field("hours", "Hours", `,"optional":true`, `{"type":"number_input","action_id":"a","is_decimal_allowed":false,"min_value":"1","max_value":"8"}`),
	field("day", "Day", `,"optional":true`, `{"type":"datepicker","action_id":"a","initial_date":"2026-03-01"}`),
	field("kind", "Kind", `,"dispatch_action":true,"optional":true`, `{"type":"static_select","action_id":"k","options":`+manyOf(2, optN)+`}`),
	section(`{"type":"button","action_id":"refresh","text":{"type":"plain_text","text":"Refresh"}}`),
}, ","))

func TestModalFromCommandToSubmission(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, bigForm)
	b.app.on("block_suggestion", func(r received) (int, string) {
		return http.StatusOK, `{"options":[{"text":{"type":"plain_text","text":"` + r.data["value"].(string) + ` Foods"},"value":"c7"}]}`
	})
	who, _ := v.Input("Who")
	if _, err := b.ws.Submit(ctx, "U1", v.ID, Values{"who": "c7"}); err == nil {
		t.Error("a customer was chosen that was never offered")
	}
	options, err := b.ws.Suggest(ctx, "U1", v.ID, who, "Acme")
	if err != nil || len(options) != 1 || options[0].Text != "Acme Foods" {
		t.Fatalf("suggestions: %+v %v", options, err)
	}
	if none, err := b.ws.Suggest(ctx, "U1", v.ID, who, ""); err != nil || none != nil {
		t.Errorf("asked before min_query_length: %v %v", none, err)
	}
	res, err := b.ws.Submit(ctx, "U1", v.ID, Values{
		v.MustBlock("Summary"): "printer jams", "who": "c7", "prio": "v1", "tags": "v0, v2", "hours": "3", "mail": "a@example.com",
	})
	if err != nil || res.Action != "close" || len(b.ws.Views("U1")) != 0 {
		t.Fatalf("submit: %+v %v", res, err)
	}
	var parsed slackgo.InteractionCallback
	if err := parsed.UnmarshalJSON([]byte(b.app.last("view_submission").form.Get("payload"))); err != nil {
		t.Fatal(err)
	}
	st := parsed.View.State.Values
	got := []any{
		st["summary"]["a"].Value, st["who"]["a"].SelectedOption.Value, st["prio"]["a"].SelectedOption.Value,
		len(st["tags"]["a"].SelectedOptions), st["hours"]["a"].Value, st["day"]["a"].SelectedDate, st["mail"]["a"].Value,
		parsed.View.CallbackID, parsed.View.PrivateMetadata, parsed.View.ID,
	}
	want := []any{"printer jams", "c7", "v1", 2, "3", "2026-03-01", "a@example.com", "log", "p", v.ID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSlackRefusesTheFormItself(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, bigForm)
	cases := []struct {
		block, value, want string
	}{
		{"summary", "", wordsRequired},
		{"summary", "ab", "Please enter at least 3 characters."},
		{"summary", chars(21), "Please enter no more than 20 characters."},
		{"mail", "not an address", wordsEmail},
		{"site", "example", wordsURL},
		{"hours", "x", wordsNumber},
		{"hours", "1.5", wordsWhole},
		{"hours", "9", "Please enter a number of at most 8."},
		{"hours", "0", "Please enter a number of at least 1."},
		{"tags", "v0,v1,v2", "Please choose no more than 2."},
	}
	for _, c := range cases {
		res, err := b.ws.Submit(ctx, "U1", v.ID, Values{c.block: c.value})
		if err != nil || !res.Local || res.Errors[c.block] != c.want {
			t.Errorf("%s %q: %+v %v", c.block, c.value, res, err)
		}
	}
	if n := len(b.app.all("view_submission")); n != 0 {
		t.Errorf("the app was asked %d times", n)
	}
	for _, bad := range []Values{{"prio": "v9"}, {"day": "1 March"}, {"nothing": "x"}} {
		if _, err := b.ws.Submit(ctx, "U1", v.ID, bad); err == nil {
			t.Errorf("%v could be entered", bad)
		}
	}
}

const smallBlocks = `{"type":"input","block_id":"what","label":{"type":"plain_text","text":"What"},"element":{"type":"plain_text_input","action_id":"a"}}`

func TestResponseActions(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, form(smallBlocks))
	submit := func(answer string) (SubmitResult, error) {
		b.app.on("view_submission", always(answer))
		views := b.ws.Views("U1")
		return b.ws.Submit(ctx, "U1", views[len(views)-1].ID, Values{"what": "typed"})
	}
	res, err := submit(`{"response_action":"errors","errors":{"what":"no such thing"}}`)
	if err != nil || res.Errors["what"] != "no such thing" || res.Local {
		t.Errorf("errors: %+v %v", res, err)
	}
	if now := b.ws.Views("U1")[0]; now.Errors["what"] != "no such thing" || !strings.Contains(string(now.State), "typed") {
		t.Errorf("the form lost what was typed: %+v", now)
	}
	for _, bad := range []string{
		`{"response_action":"errors","errors":{"nope":"x"}}`, `{"response_action":"errors"}`, `ok`, `{"response_action":"dance"}`,
		`{"response_action":"update","view":{"type":"modal"}}`,
	} {
		var d *DeliveryError
		if _, err := submit(bad); !errors.As(err, &d) || d.Kind != "invalid_response" || b.ws.Views("U1")[0].Notice != wordsTrouble {
			t.Errorf("%s: %v", bad, err)
		}
	}
	next := strings.Replace(form(smallBlocks), "Log a call", "Next", 1)
	if res, err := submit(`{"response_action":"update","view":` + next + `}`); err != nil || res.Action != "update" {
		t.Errorf("update: %+v %v", res, err)
	}
	if now := b.ws.Views("U1")[0]; now.ID != v.ID || now.Title != "Next" || now.Hash == v.Hash || !strings.Contains(string(now.State), "typed") {
		t.Errorf("updated: %+v", now)
	}
	for range 2 {
		if res, err := submit(`{"response_action":"push","view":` + next + `}`); err != nil || res.Action != "push" {
			t.Errorf("push: %+v %v", res, err)
		}
	}
	stack := b.ws.Views("U1")
	if len(stack) != 3 || stack[2].RootViewID != v.ID || stack[2].PreviousViewID != stack[1].ID {
		t.Errorf("stack: %+v", stack)
	}
	if _, err := submit(`{"response_action":"push","view":` + next + `}`); err == nil {
		t.Error("a fourth view was pushed")
	}
	if res, err := submit(`{"response_action":"clear"}`); err != nil || res.Action != "clear" || len(b.ws.Views("U1")) != 0 {
		t.Errorf("clear: %+v %v", res, err)
	}
}

func TestDismiss(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, form(smallBlocks))
	if err := b.ws.Dismiss(ctx, "U1", v.ID, false); err != nil {
		t.Fatal(err)
	}
	if got := b.app.last("view_closed").data; got["is_cleared"] != false || got["view"].(object)["id"] != v.ID {
		t.Errorf("view_closed: %v", got)
	}
	if err := b.ws.Dismiss(ctx, "U1", v.ID, false); err == nil {
		t.Error("closed twice")
	}
}

func TestDispatchActionAndButtonsInModals(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, bigForm)
	kind, _ := v.Input("Kind")
	if err := b.ws.Change(ctx, "U1", v.ID, kind, "v1"); err != nil {
		t.Fatal(err)
	}
	got := b.app.last("block_actions").data
	if chosen := got["actions"].([]any)[0].(object)["selected_option"].(object); chosen["value"] != "v1" {
		t.Errorf("action: %v", got["actions"])
	}
	trigger := got["trigger_id"].(string)
	if got := b.raw(t, "views.push", map[string]string{"trigger_id": trigger, "view": form(smallBlocks)}); got["ok"] != true {
		t.Errorf("push from the action: %v", got)
	}
	if err := b.ws.PressView(ctx, "U1", v.ID, v.MustButton("Refresh"), ""); err == nil {
		t.Error("a button under another modal was pressed")
	}
	summary, _ := v.Input("Summary")
	if err := b.ws.PressView(ctx, "U1", b.ws.Views("U1")[1].ID, summary, "x"); err == nil {
		t.Error("a plain input dispatched an action")
	}
}
