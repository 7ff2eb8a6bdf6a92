package slackbot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/bot"
)

const logCall = "command=%2Flog-call&text=jam&user_id=U1&user_name=maria&channel_id=C1&trigger_id=t1"

func callForm(fields ...bot.Field) *bot.Form {
	return &bot.Form{ID: "call.log", Title: "Log a call", Submit: "Save", State: "s", Fields: append([]bot.Field{
		{Name: "summary", Label: "Summary"},
	}, fields...)}
}

func connected(t *testing.T, talk *talker, answers map[string][]string) (*Adapter, *slackAPI) {
	t.Helper()
	api := newSlackAPI(t, answers)
	a := New(Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s", APIURL: api.URL})
	t.Cleanup(func() { drain(t, a) })
	return a, api
}

func TestAQuickBotOpensItsFormAtOnce(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Form: callForm()} }}
	a, api := connected(t, talk, nil)
	a.preview = time.Minute
	if w := postForm(t, a, logCall); w.Code != 200 || w.Body.Len() != 0 {
		t.Fatalf("acknowledged with %d %q", w.Code, w.Body)
	}
	open := api.wait(t, "views.open", 1)
	if open.JSON["trigger_id"] != "t1" {
		t.Errorf("trigger %v", open.JSON["trigger_id"])
	}
	drain(t, a)
	if diff := cmp.Diff([]string{"views.open"}, api.methods()); diff != "" {
		t.Error(diff)
	}
}

func TestASlowBotShowsItsFormFirstAndFillsIt(t *testing.T) {
	t.Parallel()
	ready := make(chan struct{})
	talk := &talker{
		handle: func(context.Context, bot.Request) bot.Reply {
			<-ready
			return bot.Reply{Form: callForm(bot.Field{Name: "customer", Kind: bot.FieldSearch, Label: "Customer"})}
		},
		preview: func(bot.Request) *bot.Form { return callForm() },
	}
	a, api := connected(t, talk, nil)
	a.preview = time.Millisecond
	postForm(t, a, logCall)
	api.wait(t, "views.open", 1)
	close(ready)
	update := api.wait(t, "views.update", 1)
	if update.JSON["view_id"] != "V1" {
		t.Errorf("view %v", update.JSON["view_id"])
	}
	if n := len(blockIDs(t, update)); n != 2 {
		t.Errorf("%d blocks, want both fields", n)
	}
}

func TestASlowBotWithBadNewsSaysItInTheOpenForm(t *testing.T) {
	t.Parallel()
	ready := make(chan struct{})
	talk := &talker{
		handle: func(context.Context, bot.Request) bot.Reply {
			<-ready
			card := bot.Sentence("The database is away.")
			return bot.Reply{Say: &card}
		},
		preview: func(bot.Request) *bot.Form { return callForm() },
	}
	a, api := connected(t, talk, nil)
	a.preview = time.Millisecond
	postForm(t, a, logCall)
	api.wait(t, "views.open", 1)
	close(ready)
	if update := api.wait(t, "views.update", 1); !strings.Contains(text(update.JSON), "The database is away.") {
		t.Errorf("shown: %s", text(update.JSON))
	}
	drain(t, a)
	if n := len(api.of("chat.postEphemeral")); n != 0 {
		t.Error("said twice")
	}
}

func TestAnExpiredTriggerIsTold(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Form: callForm()} }}
	a, api := connected(t, talk, map[string][]string{"views.open": {`{"ok":false,"error":"expired_trigger_id"}`}})
	postForm(t, a, logCall)
	said := api.wait(t, "chat.postEphemeral", 1)
	if said.Form.Get("user") != "U1" || !strings.Contains(said.Form.Get("text"), "press or type it again") {
		t.Errorf("said %v", said.Form)
	}
}

func TestAUsedTriggerIsARepetition(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply { return bot.Reply{Form: callForm()} }}
	a, api := connected(t, talk, map[string][]string{"views.open": {`{"ok":false,"error":"exchanged_trigger_id"}`}})
	postForm(t, a, logCall)
	drain(t, a)
	if diff := cmp.Diff([]string{"views.open"}, api.methods()); diff != "" {
		t.Error(diff)
	}
}

func TestAPanicIsAnApologyWithAReference(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply { panic("boom") }}
	a, api := connected(t, talk, nil)
	postForm(t, a, logCall)
	said := api.wait(t, "chat.postEphemeral", 1).Form.Get("text")
	if !strings.Contains(said, "reference") || strings.Contains(said, "boom") {
		t.Errorf("said %q", said)
	}
	got := postForm(t, a, payloadBody(submissionPayload)).Body.String()
	if !strings.Contains(got, `"response_action":"errors"`) || !strings.Contains(got, "reference") {
		t.Errorf("answered %s", got)
	}
}

func TestSubmissions(t *testing.T) {
	t.Parallel()
	note := bot.Sentence("Maria was asked.")
	for _, tt := range []struct {
		name  string
		reply bot.Reply
		want  string // in the answer
		then  string // the call that follows
	}{
		{"saved and said", bot.Reply{Say: &note}, "", "chat.postEphemeral"},
		{"errors on their fields", bot.Reply{Errors: map[string]string{"summary": "Too short."}}, `{"response_action":"errors","errors":{"summary":"Too short."}}`, ""},
		{"errors on no field go to the first", bot.Reply{Errors: map[string]string{"": "Away.", "phone": "No phone."}}, `{"response_action":"errors","errors":{"customer":"Away. No phone."}}`, ""},
		{"the next form", bot.Reply{Form: callForm()}, `"response_action":"update","view":{"type":"modal"`, ""},
		{"a card for all", bot.Reply{Post: &note}, "", "chat.postMessage"},
		{"a new home page", bot.Reply{Home: &note}, "", "views.publish"},
		{"the message whose button opened the form", bot.Reply{Update: &note}, "", "chat.update"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, api := connected(t, &talker{handle: func(context.Context, bot.Request) bot.Reply { return tt.reply }}, nil)
			w := postForm(t, a, payloadBody(submissionPayload))
			if got := w.Body.String(); w.Code != 200 || !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("answered %d %s, want %s", w.Code, got, tt.want)
			}
			if tt.then != "" {
				api.wait(t, tt.then, 1)
			}
		})
	}
}

func TestASubmissionIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	told, answered := make(chan struct{}), make(chan struct{})
	talk := &talker{handle: func(ctx context.Context, _ bot.Request) bot.Reply {
		<-ctx.Done() // the bot is told to stop
		close(told)
		<-answered // but does not
		return bot.Reply{}
	}}
	a, _ := connected(t, talk, nil)
	a.submit = time.Millisecond
	got := postForm(t, a, payloadBody(submissionPayload)).Body.String()
	close(answered)
	want := `{"response_action":"errors","errors":{"customer":"` + tooLate + `"}}`
	if got != want {
		t.Errorf("answered %s, want %s", got, want)
	}
	<-told
}

func TestAStackedFormClosesAll(t *testing.T) {
	t.Parallel()
	a, _ := connected(t, &talker{}, nil)
	stacked := strings.Replace(submissionPayload, `"previous_view_id":null`, `"previous_view_id":"V0"`, 1)
	if got := postForm(t, a, payloadBody(stacked)).Body.String(); got != `{"response_action":"clear"}` {
		t.Errorf("answered %s", got)
	}
}

func TestAChangedFormIsShownUnlessANewerOneIs(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(_ context.Context, r bot.Request) bot.Reply {
		return bot.Reply{Form: callForm(bot.Field{Name: "equipment", Kind: bot.FieldPick, Label: "Machine", Options: []bot.Option{{Value: r.Values.Get("customer"), Label: "x"}}})}
	}}
	a, api := connected(t, talk, map[string][]string{"views.update": {`{"ok":false,"error":"hash_conflict"}`}})
	change := strings.Replace(submissionPayload, `"type":"view_submission"`,
		`"type":"block_actions","actions":[{"type":"external_select","action_id":"customer","block_id":"customer","action_ts":"1.2"}]`, 1)
	postForm(t, a, payloadBody(change))
	update := api.wait(t, "views.update", 1)
	if update.JSON["hash"] != "h7" || update.JSON["view_id"] != "V7" {
		t.Errorf("updated %v %v", update.JSON["view_id"], update.JSON["hash"])
	}
	drain(t, a)
	if r := talk.requests()[0]; r.Kind != bot.KindChange || r.Field != "customer" || r.Name != "call.log" || r.Values.Get("customer") != "12" {
		t.Errorf("asked %+v", r)
	}
	if diff := cmp.Diff([]string{"views.update"}, api.methods()); diff != "" {
		t.Error(diff)
	}
}

func TestASearchIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	talk := &talker{handle: func(_ context.Context, r bot.Request) bot.Reply {
		if r.Text == "nobody" {
			return bot.Reply{}
		}
		return bot.Reply{Options: []bot.Option{{Value: "12", Label: "Acme", Note: "555"}, {Value: "", Label: "dropped"}}}
	}}
	a, _ := connected(t, talk, nil)
	search := func(text string) string {
		body := strings.Replace(submissionPayload, `"type":"view_submission"`,
			`"type":"block_suggestion","block_id":"customer","action_id":"customer","value":"`+text+`"`, 1)
		return postForm(t, a, payloadBody(body)).Body.String()
	}
	want := `{"options":[{"text":{"type":"plain_text","text":"Acme","emoji":false},"value":"12","description":{"type":"plain_text","text":"555","emoji":false}}]}`
	if got := search("ac"); got != want {
		t.Errorf("got %s", got)
	}
	if got := search("nobody"); got != `{"options":[]}` {
		t.Errorf("got %s", got)
	}
	if r := talk.requests()[0]; r.Kind != bot.KindSearch || r.Field != "customer" || r.Text != "ac" || r.State != "s" {
		t.Errorf("asked %+v", r)
	}
}

func blockIDs(t *testing.T, c apiCall) []string {
	t.Helper()
	var ids []string
	view, _ := c.JSON["view"].(map[string]any)
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		id, _ := object(b)["block_id"].(string)
		ids = append(ids, id)
	}
	return ids
}

func text(v any) string {
	body, _ := json.Marshal(v)
	return string(body)
}
