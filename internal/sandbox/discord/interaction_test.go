package discord_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/discord"
)

// clock is a clock a test moves.
type clock struct{ at chan time.Time }

func newClock() *clock {
	c := &clock{at: make(chan time.Time, 1)}
	c.at <- time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return c
}

func (c *clock) now() time.Time { t := <-c.at; c.at <- t; return t }

func (c *clock) move(d time.Duration) { c.at <- (<-c.at).Add(d) }

// callbackPath is where an interaction is answered, webhook where its follow-ups go.
func callbackPath(in obj) string {
	return fmt.Sprintf("/interactions/%v/%v/callback", in["id"], in["token"])
}

func webhook(in obj, more string) string {
	return fmt.Sprintf("/webhooks/%v/%v%s", in["application_id"], in["token"], more)
}

// TestAnswers is the life of an interaction: answered once, followed up for 15 minutes.
func TestAnswers(t *testing.T) {
	t.Parallel()
	c := newClock()
	g := newGuild(t, discord.Options{Now: c.now})
	g.command("calls")
	a := answerWith(t, g, func(in obj) obj {
		if r := g.do("POST", webhook(in, ""), obj{"content": "early"}); r.code() != 10015 {
			t.Errorf("a follow-up before the answer: %s", r.raw)
		}
		return obj{"type": 5, "data": obj{"flags": discord.FlagEphemeral}}
	})
	reply, err := g.Type(ctx(t), maria, calls, "/calls")
	if err != nil || reply.Kind != discord.ReplyThinking || !reply.Private {
		t.Fatalf("%+v, %v", reply, err)
	}
	in, _ := a.last(t)
	if r := g.do("POST", callbackPath(in), say("again")); r.status != 400 || r.code() != 40060 {
		t.Errorf("answered twice: %d %s", r.status, r.raw)
	}
	if r := g.do("POST", "/interactions/5/nothing/callback", say("x")); r.status != 404 || r.code() != 10062 {
		t.Errorf("an unknown interaction: %d %s", r.status, r.raw)
	}
	if r := g.do("PATCH", webhook(in, "/messages/@original"), obj{"content": "3 calls"}); r.status != 200 {
		t.Errorf("edit: %s", r.raw)
	}
	if m := g.Ephemerals(maria, calls)[0]; m.Content != "3 calls" || m.Loading || !m.Edited.IsZero() {
		t.Errorf("the filled answer: %+v", m)
	}
	r := g.do("POST", webhook(in, ""), obj{"content": "more"})
	if m, ok := g.FindMessage(maria, calls, "more"); r.status != 200 || !ok || m.Ephemeral != "" {
		t.Errorf("follow-up: %s", r.raw)
	}
	if r := g.do("DELETE", webhook(in, "/messages/"+fmt.Sprint(r.body["id"])), nil); r.status != 204 {
		t.Errorf("delete: %s", r.raw)
	}
	c.move(16 * time.Minute)
	if r := g.do("PATCH", webhook(in, "/messages/@original"), obj{"content": "late"}); r.status != 401 || r.code() != 50027 {
		t.Errorf("after 15 minutes: %d %s", r.status, r.raw)
	}
	if n := len(g.Violations()); n != 4 {
		t.Errorf("%d violations: %q", n, g.Violations())
	}
}

// TestWithResponse asks for what the answer made.
func TestWithResponse(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.command("calls")
	answers := make(chan result, 1)
	answerWith(t, g, func(in obj) obj {
		answers <- g.do("POST", callbackPath(in)+"?with_response=true", say("here"))
		return nil
	})
	reply, err := g.Type(ctx(t), maria, calls, "/calls")
	if err != nil || reply.Text != "here" {
		t.Fatalf("%+v, %v", reply, err)
	}
	r := <-answers
	about, _ := r.body["interaction"].(obj)
	resource, _ := r.body["resource"].(obj)
	message, _ := resource["message"].(obj)
	if r.status != 200 || about["response_message_id"] != reply.Ref.ID || message["content"] != "here" || resource["type"] != float64(4) {
		t.Errorf("%d %s", r.status, r.raw)
	}
	g.clean()
}

// TestNobodyAnswers is what a person sees when the app is slow, gone, or answers nonsense.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{AckTimeout: 50 * time.Millisecond})
	g.command("calls")
	if _, err := g.Type(ctx(t), maria, calls, "/calls"); err == nil || !strings.Contains(err.Error(), "no gateway session") {
		t.Errorf("without an app: %v", err)
	}
	seen := g.Ephemerals(maria, calls)
	if len(seen) != 1 || seen[0].Content != discord.NoResponse || !seen[0].Notice {
		t.Errorf("seen: %+v", seen)
	}
	late := make(chan result, 1)
	release := make(chan struct{})
	answerWith(t, g, func(in obj) obj {
		<-release
		late <- g.do("POST", callbackPath(in), say("late"))
		return nil
	})
	if _, err := g.Type(ctx(t), maria, calls, "/calls"); err == nil {
		t.Error("a slow app was waited for")
	}
	close(release)
	if r := <-late; r.code() != 10062 {
		t.Errorf("late: %s", r.raw)
	}
	answerWith(t, g, func(obj) obj { return obj{"type": 4, "data": obj{"content": long(2001)}} })
	if _, err := g.Type(ctx(t), maria, calls, "/calls"); err == nil || !strings.Contains(err.Error(), "BASE_TYPE_MAX_LENGTH") {
		t.Errorf("an answer that is too long: %v", err)
	}
}

// TestEndpointMustVerify refuses an endpoint that does not check signatures, or answers no PONG.
func TestEndpointMustVerify(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	for body, want := range map[string]string{`{"type":1}`: "forged", `{"type":4}`: "no PONG"} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		defer srv.Close()
		if err := g.SetInteractionsURL(ctx(t), srv.URL); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestComponents uses buttons and selects of a message, and updates it.
func TestComponents(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	r := g.do("POST", "/channels/"+calls+"/messages", components(
		row(button("accept:7"), with(with(button("no"), "disabled", true), "label", "No"), obj{"type": 2, "style": 5, "label": "Map", "url": "https://e.test"}),
		row(obj{"type": 3, "custom_id": "stage", "placeholder": "Stage", "options": []obj{{"label": "On the way", "value": "way"}, {"label": "Done", "value": "done"}}, "max_values": 2}),
		row(obj{"type": 5, "custom_id": "who"}),
	))
	ref := discord.MessageRef{Channel: calls, ID: fmt.Sprint(r.body["id"])}
	a := answerWith(t, g, func(in obj) obj {
		switch in["data"].(obj)["custom_id"] {
		case "stage":
			return obj{"type": 6}
		case "who":
			return say("assigned", obj{"flags": discord.FlagEphemeral})
		}
		return obj{"type": 7, "data": obj{"content": "taken", "components": []obj{}}}
	})
	reply, err := g.Choose(ctx(t), maria, ref, "Stage", "Done", "way")
	in, data := a.last(t)
	message, _ := in["message"].(obj)
	if err != nil || reply.Kind != discord.ReplySilent || fmt.Sprint(data["values"]) != "[done way]" || data["component_type"] != float64(3) || message["id"] != ref.ID {
		t.Errorf("chose: %+v, %v, %v", reply, err, data)
	}
	if _, err := g.Choose(ctx(t), maria, ref, "who", omar); err != nil {
		t.Error(err)
	}
	if _, data = a.last(t); shownResolved(data) != omar {
		t.Errorf("resolved: %v", data)
	}
	for name, use := range map[string]func() error{
		"a disabled button":           func() error { _, err := g.Press(ctx(t), maria, ref, "No"); return err },
		"a link":                      func() error { _, err := g.Press(ctx(t), maria, ref, "Map"); return err },
		"an option that is not there": func() error { _, err := g.Choose(ctx(t), maria, ref, "stage", "late"); return err },
		"nothing":                     func() error { _, err := g.Choose(ctx(t), maria, ref, "stage"); return err },
	} {
		if use() == nil {
			t.Errorf("%s was used", name)
		}
	}
	reply, err = g.Press(ctx(t), maria, ref, "Go")
	if err != nil || reply.Kind != discord.ReplyUpdate || reply.Text != "taken" {
		t.Errorf("pressed: %+v, %v", reply, err)
	}
	if m, _ := g.Message(ref); len(m.Components) != 0 || len(m.Edits) != 1 {
		t.Errorf("updated: %+v", m)
	}
	g.clean()
}

func shownResolved(data obj) string {
	resolved, _ := data["resolved"].(obj)
	users, _ := resolved["users"].(obj)
	for id := range users {
		return id
	}
	return ""
}

// TestRepeats sends each interaction twice.
func TestRepeats(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.command("calls")
	a := answerWith(t, g, func(obj) obj { return say("ok") })
	g.RepeatDeliveries(1)
	if _, err := g.Type(ctx(t), maria, calls, "/calls"); err != nil {
		t.Fatal(err)
	}
	for deadline := ctx(t); a.count() < 2; {
		if deadline.Err() != nil {
			t.Fatal("it came once")
		}
	}
	if a.heard[0]["token"] != a.heard[1]["token"] || len(g.Messages(calls)) != 1 {
		t.Errorf("%d messages", len(g.Messages(calls)))
	}
}
