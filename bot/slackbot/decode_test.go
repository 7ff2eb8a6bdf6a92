package slackbot

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"callout/bot"
)

// submissionPayload is a form sent, trimmed from the documented shape: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
const submissionPayload = `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","username":"maria","name":"maria"},` +
	`"trigger_id":"t9","view":{"id":"V7","hash":"h7","type":"modal","callback_id":"call.log","previous_view_id":null,"root_view_id":"V7",` +
	`"private_metadata":"{\"c\":\"C1\",\"m\":\"1.5\"}\ns","blocks":[{"type":"section","block_id":"n"},` +
	`{"type":"input","block_id":"customer","element":{"type":"external_select","action_id":"customer"}},` +
	`{"type":"input","block_id":"summary","element":{"type":"plain_text_input","action_id":"summary"}}],` +
	`"state":{"values":{"customer":{"customer":{"type":"external_select","selected_option":{"text":{"type":"plain_text","text":"Acme"},"value":"12"}}},` +
	`"summary":{"summary":{"type":"plain_text_input","value":"jam & smoke"}},"details":{"details":{"type":"plain_text_input","value":null}},` +
	`"skills":{"skills~1":{"type":"checkboxes","selected_options":[{"value":"a"},{"value":"b"}]}},"none":{"none":{"type":"checkboxes","selected_options":[]}},` +
	`"day":{"day":{"type":"datepicker","selected_date":"2026-07-01"}},"hour":{"hour":{"type":"timepicker","selected_time":"08:30"}},` +
	`"where":{"where":{"type":"conversations_select","selected_conversation":"C9"}}}}}}`

func TestDecodeSubmission(t *testing.T) {
	t.Parallel()
	d, err := decodeInteraction([]byte(submissionPayload))
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Request{
		Platform: bot.Slack, Kind: bot.KindForm, Name: "call.log", User: "U1", UserName: "maria", Channel: "C1", State: "s", Key: d.req.Key,
		Values: bot.Values{
			"customer": {"12"}, "summary": {"jam & smoke"}, "skills": {"a", "b"},
			"day": {"2026-07-01"}, "hour": {"08:30"}, "where": {"C9"},
		},
	}
	if diff := cmp.Diff(want, d.req); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"customer", "summary"}, d.view.inputs); diff != "" {
		t.Error(diff)
	}
}

func TestSubmissionKeyIsOfWhatWasSent(t *testing.T) {
	t.Parallel()
	key := func(replace ...string) string {
		d, err := decodeInteraction([]byte(strings.NewReplacer(replace...).Replace(submissionPayload)))
		if err != nil {
			t.Fatal(err)
		}
		return d.req.Key
	}
	first := key()
	if !strings.HasPrefix(first, "slack:view:V7:") || len(first) > 60 {
		t.Errorf("key %q", first)
	}
	if again := key("t9", "t10"); again != first { // a double tap has another trigger
		t.Errorf("the same form twice: %q and %q", first, again)
	}
	for _, edit := range [][]string{{"smoke", "fire"}, {`"id":"U1"`, `"id":"U2"`}, {`"id":"V7"`, `"id":"V8"`}, {`\ns"`, `\nother"`}} {
		if other := key(edit...); other == first {
			t.Errorf("%v changed nothing in the key", edit)
		}
	}
}

func TestDecodeWhatPeopleDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, payload string
		want          bot.Request
		origin        origin
	}{
		{
			"button of a message",
			`{"type":"block_actions","user":{"id":"U1","username":"maria"},"trigger_id":"t","response_url":"https://r","channel":{"id":"C1"},` +
				`"container":{"type":"message","message_ts":"1.5","channel_id":"C1","is_ephemeral":false},"message":{"ts":"1.5","text":"x"},` +
				`"actions":[{"type":"button","action_id":"call.accept~2","block_id":"b","value":"42","action_ts":"9.1"}]}`,
			bot.Request{Kind: bot.KindButton, Name: "call.accept", Value: "42", Channel: "C1", Key: "slack:act:U1:9.1:call.accept~2"},
			origin{trigger: "t", response: "https://r", channel: "C1", message: "1.5"},
		},
		{
			"button of the home page",
			`{"type":"block_actions","user":{"id":"U1","username":"maria"},"trigger_id":"t","container":{"type":"view","view_id":"V1"},` +
				`"view":{"id":"V1","type":"home","hash":"h","private_metadata":""},` +
				`"actions":[{"type":"button","action_id":"call.show","value":"7","action_ts":"9.2"}]}`,
			bot.Request{Kind: bot.KindButton, Name: "call.show", Value: "7", Key: "slack:act:U1:9.2:call.show", Surface: bot.SurfaceHome},
			origin{trigger: "t"},
		},
		{
			"button in a modal",
			`{"type":"block_actions","user":{"id":"U1","username":"maria"},"trigger_id":"t","container":{"type":"view","view_id":"V1"},` +
				`"view":{"id":"V1","type":"modal","hash":"h","callback_id":"","private_metadata":"{\"c\":\"C1\"}\n"},` +
				`"actions":[{"type":"button","action_id":"call.show","value":"7","action_ts":"9.2"}]}`,
			bot.Request{Kind: bot.KindButton, Name: "call.show", Value: "7", Channel: "C1", Values: bot.Values{}, Key: "slack:act:U1:9.2:call.show"},
			origin{trigger: "t", channel: "C1"},
		},
		{
			"global shortcut",
			`{"type":"shortcut","callback_id":"log_call","trigger_id":"t","user":{"id":"U1","username":"maria"}}`,
			bot.Request{Kind: bot.KindShortcut, Name: "log_call", Key: "slack:short:t"},
			origin{trigger: "t"},
		},
		{
			"message shortcut",
			`{"type":"message_action","callback_id":"log_call_from","trigger_id":"t","response_url":"https://r","user":{"id":"U1","name":"maria"},` +
				`"channel":{"id":"C1"},"message_ts":"1.7","message":{"user":"U2","ts":"1.7","text":"<@U3|jo>: jam at Hall &amp; Sons"}}`,
			bot.Request{Kind: bot.KindShortcut, Name: "log_call_from", Channel: "C1", Key: "slack:short:t", Message: &bot.Quoted{Text: "@jo: jam at Hall & Sons"}},
			origin{trigger: "t", response: "https://r", channel: "C1"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := decodeInteraction([]byte(tt.payload))
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Platform, tt.want.User, tt.want.UserName = bot.Slack, "U1", "maria"
			if diff := cmp.Diff(tt.want, d.req); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.origin, d.origin, cmp.AllowUnexported(origin{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeIgnores(t *testing.T) {
	t.Parallel()
	for name, payload := range map[string]string{
		"a link button":    `{"type":"block_actions","user":{"id":"U1"},"actions":[{"type":"button","action_id":"open-link~0"}]}`,
		"a closed form":    `{"type":"view_closed","user":{"id":"U1"}}`,
		"a menu elsewhere": `{"type":"block_suggestion","user":{"id":"U1"}}`,
	} {
		if _, err := decodeInteraction([]byte(payload)); !errors.Is(err, errIgnored) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]string{
		"the messages tab": `{"type":"app_home_opened","user":"U1","tab":"messages"}`,
		"an edit":          `{"type":"message","channel_type":"im","user":"U1","subtype":"message_changed"}`,
		"a channel":        `{"type":"message","channel_type":"channel","user":"U1","text":"hi"}`,
	} {
		talk := &talker{}
		a, _ := connected(t, talk, nil)
		w := post(t, a, "application/json", `{"type":"event_callback","event_id":"E1","event":`+p+`}`)
		drain(t, a)
		if w.Code != 200 || len(talk.requests()) != 0 {
			t.Errorf("%s: %d, %v", name, w.Code, talk.requests())
		}
	}
}

func TestDecodeCommandKeepsMentions(t *testing.T) {
	t.Parallel()
	form, _ := url.ParseQuery("command=%2Fcalls&text=+tech%3A%3C%40U2%7Cmaria%3E+Hall+%26amp%3B+Sons&user_id=U1&user_name=jo&channel_id=C1&trigger_id=t1&response_url=https%3A%2F%2Fr")
	d, err := decodeCommand(commandFromForm(form))
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Request{
		Platform: bot.Slack, Kind: bot.KindCommand, Name: "calls", Text: "tech:<@U2|maria> Hall & Sons",
		User: "U1", UserName: "jo", Channel: "C1", Key: "slack:cmd:t1",
	}
	if diff := cmp.Diff(want, d.req); diff != "" {
		t.Error(diff)
	}
}

func TestSealKeepsAnyStateThatFits(t *testing.T) {
	t.Parallel()
	o := origin{channel: "C0123456789", message: "1782898200.000100", response: "https://hooks.slack.com/actions/" + strings.Repeat("x", 100), ephemeral: true}
	state := strings.Repeat("\"\n\\", 667)[:2000]
	sealed, err := seal(o, state)
	if err != nil {
		t.Fatal(err)
	}
	e, back := unseal(sealed)
	if back != state || e.Channel != o.channel || e.Message != o.message || e.Response != o.response {
		t.Errorf("came back as %+v and %d bytes", e, len(back))
	}
	if _, err := seal(o, strings.Repeat("x", maxMetadata)); err == nil {
		t.Error("a state that does not fit was taken")
	}
	if e, back := unseal("not ours"); e != (envelope{}) || back != "" {
		t.Errorf("foreign metadata gave %+v %q", e, back)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(submissionPayload)
	f.Add(`{"type":"block_actions","user":{"id":"U1"},"actions":[{}]}`)
	f.Add(`{"type":"view_submission","user":{"id":"U1"},"view":{"state":{"values":{"a":{"b":{"value":null}}}}}}`)
	f.Add(`{"type":"message_action","user":{"id":"U1"},"message":{"text":"<a|<b>&amp;"}}`)
	f.Fuzz(func(_ *testing.T, payload string) {
		_, _ = decodeInteraction([]byte(payload))
		_ = unescape(payload, true)
		_ = mrkdwn(bot.Say(payload, bot.Bold(payload)), 100)
		form, err := url.ParseQuery(payload)
		if err == nil {
			_, _ = decodeCommand(commandFromForm(form))
		}
	})
}

// BenchmarkReceiveSubmission is what every acknowledgement costs here: verify and decode a form of 6 KB. The library's
// way is beside it, for comparison within one run.
func BenchmarkReceiveSubmission(b *testing.B) {
	form := everyField()
	form.Fields[0].Hint = strings.Repeat("as long as a real form ", 8)
	view, err := modal(form, origin{})
	if err != nil {
		b.Fatal(err)
	}
	blocks := text(view.Blocks)
	full := strings.Replace(submissionPayload, `"blocks":[`, `"blocks":`+blocks[:len(blocks)-1]+`,`, 1)
	body := payloadBody(full)
	now := time.Now()
	r := signedRequest("s", now.Unix(), "application/x-www-form-urlencoded", body)
	for name, decode := range map[string]func([]byte) error{
		"own":     func(p []byte) error { _, err := decodeInteraction(p); return err },
		"library": func(p []byte) error { var c slack.InteractionCallback; return json.Unmarshal(p, &c) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := verify("s", r.Header, []byte(body), now); err != nil {
					b.Fatal(err)
				}
				form, err := url.ParseQuery(body)
				if err != nil {
					b.Fatal(err)
				}
				if err := decode([]byte(form.Get("payload"))); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(full)), "payload-bytes")
		})
	}
}

func TestOptionValuesOfDuplicateActionsStayApart(t *testing.T) {
	t.Parallel()
	blocks := drawButtons(bot.Buttons{{Action: "a", Value: "1", Label: "x"}, {Action: "a", Value: "2", Label: "y"}, {Action: "b", Value: "1", Label: "z"}, {Action: "a", Value: "1", Label: "w"}})
	seen := map[string]bool{}
	for i, button := range buttonsOf(blocks) {
		if seen[button.ActionID] {
			t.Errorf("button %d: action id %q twice", i, button.ActionID)
		}
		seen[button.ActionID] = true
		if want := []string{"a", "a", "b", "a"}[i]; action(button.ActionID) != want {
			t.Errorf("button %s comes back as %q, want %q", strconv.Quote(button.ActionID), action(button.ActionID), want)
		}
	}
}
