package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

// TestMessageCommand uses a command of a message's menu, which reads the message without any intent.
func TestMessageCommand(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.do("PUT", "/applications/"+g.AppID()+"/commands", []obj{{"name": "Log as call", "type": 3}})
	said, err := g.Type(ctx(t), omar, calls, "the door is stuck")
	if err != nil {
		t.Fatal(err)
	}
	a := answerWith(t, g, func(obj) obj { return say("logged", obj{"flags": discord.FlagEphemeral}) })
	if _, err := g.MessageCommand(ctx(t), maria, said.Ref, "Log as call"); err != nil {
		t.Fatal(err)
	}
	_, data := a.last(t)
	messages, _ := data["resolved"].(obj)["messages"].(obj)
	target, _ := messages[said.Ref.ID].(obj)
	author, _ := target["author"].(obj)
	if data["target_id"] != said.Ref.ID || target["content"] != "the door is stuck" || author["id"] != omar {
		t.Errorf("%v", data)
	}
	if _, err := g.MessageCommand(ctx(t), maria, said.Ref, "Delete"); err == nil {
		t.Error("a command that is not there ran")
	}
	g.clean()
}

// TestDirectMessages carries global commands, buttons and what people write back.
func TestDirectMessages(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.do("PUT", "/applications/"+g.AppID()+"/commands", []obj{
		{"name": "calls", "description": "x"}, {"name": "office", "description": "x", "contexts": []int{0}},
	})
	r := g.do("POST", "/users/@me/channels", obj{"recipient_id": maria})
	dm := fmt.Sprint(r.body["id"])
	if dm != g.DM(maria) || r.body["type"] != float64(1) {
		t.Fatalf("%s", r.raw)
	}
	posted := g.do("POST", "/channels/"+dm+"/messages", components(row(button("yes"))))
	a := answerWith(t, g, func(obj) obj { return say("done") })
	ref := discord.MessageRef{Channel: dm, ID: fmt.Sprint(posted.body["id"])}
	if _, err := g.Press(ctx(t), maria, ref, "yes"); err != nil {
		t.Fatal(err)
	}
	in, _ := a.last(t)
	user, _ := in["user"].(obj)
	if user["id"] != maria || in["member"] != nil || in["guild_id"] != nil || in["context"] != float64(1) {
		t.Errorf("%v", in)
	}
	if _, err := g.Press(ctx(t), omar, ref, "yes"); err == nil {
		t.Error("somebody else pressed it")
	}
	if _, err := g.Type(ctx(t), maria, dm, "/calls"); err != nil {
		t.Error(err)
	}
	if _, err := g.Type(ctx(t), maria, dm, "/office"); err == nil {
		t.Error("a command for guilds ran in a direct message")
	}
	g.clean()
}

// TestThreads starts a thread below a message, once, and brings an archived one back.
func TestThreads(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	r := g.do("POST", "/channels/"+calls+"/messages", obj{"content": "Call 7"})
	id := fmt.Sprint(r.body["id"])
	path := "/channels/" + calls + "/messages/" + id + "/threads"
	for body, want := range map[string]int{"": 400, long(101): 400} {
		if r := g.do("POST", path, obj{"name": body}); r.status != want || r.code() != 50035 {
			t.Errorf("%q: %s", body, r.raw)
		}
	}
	g.ClearViolations()
	r = g.do("POST", path, obj{"name": "Call 7", "auto_archive_duration": 1440})
	if r.status != 201 || r.body["id"] != id || r.body["parent_id"] != calls || r.body["type"] != float64(11) {
		t.Fatalf("%s", r.raw)
	}
	if r := g.do("POST", path, obj{"name": "again"}); r.code() != 160004 {
		t.Errorf("a second thread: %s", r.raw)
	}
	if _, err := g.Type(ctx(t), omar, id, "on my way"); err != nil {
		t.Fatal(err)
	}
	if m, ok := g.FindMessage(maria, calls, "on my way"); !ok || m.Channel != id {
		t.Errorf("%+v", m)
	}
	g.do("PATCH", "/channels/"+id, obj{"archived": true})
	if r := g.do("POST", "/channels/"+id+"/messages", obj{"content": "closed"}); r.status != 200 {
		t.Errorf("%s", r.raw)
	}
	if ch, _ := g.Channel(id); ch.Archived {
		t.Error("a message left the thread archived")
	}
	g.do("PATCH", "/channels/"+id, obj{"archived": true, "locked": true})
	if r := g.do("POST", "/channels/"+id+"/messages", obj{"content": "x"}); r.code() != 50083 {
		t.Errorf("%s", r.raw)
	}
	g.clean()
}

// TestPeople see what is theirs to see, and change what is theirs.
func TestPeople(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.AddChannel(discord.Channel{ID: "501", Name: "secret", Members: []string{maria, g.AppID()}})
	names := func(user string) (out []string) {
		for _, c := range g.Channels(user) {
			out = append(out, c.Name)
		}
		return out
	}
	if !slices.Equal(names(maria), []string{"calls", "office", "secret"}) || !slices.Equal(names(omar), []string{"calls", "office"}) {
		t.Errorf("%v %v", names(maria), names(omar))
	}
	if _, err := g.Type(ctx(t), omar, "501", "let me in"); err == nil {
		t.Error("somebody wrote where they see nothing")
	}
	said, err := g.Type(ctx(t), maria, calls, "@omar see #office")
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := g.Message(said.Ref); m.Content != "<@"+omar+"> see <#"+files+">" || !slices.Equal(m.Pinged, []string{omar}) {
		t.Errorf("%+v", m)
	}
	if g.EditMessage(omar, said.Ref, "x") == nil || g.DeleteMessage(omar, said.Ref) == nil {
		t.Error("somebody changed another's message")
	}
	if err := g.EditMessage(maria, said.Ref, "never mind"); err != nil {
		t.Error(err)
	}
	if err := g.DeleteMessage(maria, said.Ref); err != nil {
		t.Error(err)
	}
	if len(g.Messages(calls)) != 0 {
		t.Error("it is still there")
	}
	if _, err := g.Type(ctx(t), maria, calls, strings.Repeat("a", 2001)); err == nil {
		t.Error("2001 characters went out")
	}
}

// TestFormFromButton updates the message whose button opened the form.
func TestFormFromButton(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	r := g.do("POST", "/channels/"+calls+"/messages", v2(words("Call 7"), row(button("note"))))
	ref := discord.MessageRef{Channel: calls, ID: fmt.Sprint(r.body["id"])}
	a := answerWith(t, g, func(in obj) obj {
		if in["type"] == float64(5) {
			return obj{"type": 7, "data": obj{"components": []obj{words("Call 7, noted")}}}
		}
		return obj{"type": 9, "data": modal(label("Note", input("note")))}
	})
	if reply, err := g.Press(ctx(t), maria, ref, "note"); err != nil || reply.Kind != discord.ReplyModal {
		t.Fatalf("%+v, %v", reply, err)
	}
	reply, err := g.Submit(ctx(t), maria, discord.Values{"note": {"spare key"}})
	if err != nil || reply.Kind != discord.ReplyUpdate || reply.Text != "Call 7, noted" {
		t.Errorf("%+v, %v", reply, err)
	}
	in, _ := a.last(t)
	if message, _ := in["message"].(obj); message["id"] != ref.ID {
		t.Errorf("%v", in)
	}
	g.clean()
}

// TestSubscribe tells of changes in order.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	events, stop := g.Subscribe()
	if _, err := g.Type(ctx(t), maria, calls, "hello"); err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Type != discord.EventMessage || e.Channel != calls || e.Seq == 0 {
		t.Errorf("%+v", e)
	}
	stop()
	if _, open := <-events; open {
		t.Error("the subscription goes on")
	}
}
