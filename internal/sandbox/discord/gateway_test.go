package discord_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"callout/internal/sandbox/discord"
)

// wire is a gateway client written by hand.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
	seq  float64
}

func dial(t *testing.T, g *guild) *wire {
	t.Helper()
	r := g.do("GET", "/gateway/bot", nil)
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx(t), fmt.Sprint(r.body["url"])+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return &wire{t: t, conn: conn}
}

func (w *wire) send(op int, data any) {
	w.t.Helper()
	if err := w.conn.WriteJSON(obj{"op": op, "d": data}); err != nil {
		w.t.Fatal(err)
	}
}

// next reads a payload, or the code the connection was closed with.
func (w *wire) next() (obj, int) {
	w.t.Helper()
	_ = w.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, data, err := w.conn.ReadMessage()
	if closed := new(websocket.CloseError); errors.As(err, &closed) {
		return nil, closed.Code
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var o obj
	if err := json.Unmarshal(data, &o); err != nil {
		w.t.Fatal(err)
	}
	if n, ok := o["s"].(float64); ok {
		w.seq = n
	}
	return o, 0
}

// until reads payloads until one is called so.
func (w *wire) until(name string) obj {
	w.t.Helper()
	for range 20 {
		o, code := w.next()
		if code != 0 {
			w.t.Fatalf("closed with %d while waiting for %s", code, name)
		}
		if o["t"] == name {
			data, _ := o["d"].(obj)
			return data
		}
	}
	w.t.Fatalf("no %s", name)
	return nil
}

// closed reads until the connection ends.
func (w *wire) closed() int {
	w.t.Helper()
	for {
		if _, code := w.next(); code != 0 {
			return code
		}
	}
}

func identify(g *guild, intents discord.Intent) obj {
	return obj{"token": g.BotToken(), "intents": intents, "properties": obj{"os": "linux", "browser": "x", "device": "x"}}
}

const plainIntents = discord.IntentGuilds | discord.IntentGuildMessages | discord.IntentDirectMessages

// TestGatewayRules closes connections that break the protocol, each with its code.
func TestGatewayRules(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	wrong := identify(g, plainIntents)
	wrong["token"] = "x"
	for name, c := range map[string]struct {
		do   func(*wire)
		want int
	}{
		"a wrong token":       {func(w *wire) { w.send(2, wrong) }, 4004},
		"no intents":          {func(w *wire) { w.send(2, obj{"token": g.BotToken(), "properties": obj{}}) }, 4002},
		"unknown intents":     {func(w *wire) { w.send(2, identify(g, 1<<30)) }, 4013},
		"intents not allowed": {func(w *wire) { w.send(2, identify(g, plainIntents|discord.IntentMessageContent)) }, 4014},
		"identified twice":    {func(w *wire) { w.send(2, identify(g, 0)); w.send(2, identify(g, 0)) }, 4005},
		"presence too early":  {func(w *wire) { w.send(3, obj{}) }, 4003},
		"an unknown opcode":   {func(w *wire) { w.send(77, obj{}) }, 4001},
		"a payload too long":  {func(w *wire) { w.send(1, strings.Repeat("a", 4096)) }, 4002},
		"no JSON":             {func(w *wire) { _ = w.conn.WriteMessage(websocket.TextMessage, []byte("{")) }, 4002},
		"121 payloads at once": {func(w *wire) {
			for range 121 {
				w.send(1, nil)
			}
		}, 4008},
	} {
		w := dial(t, g)
		c.do(w)
		if got := w.closed(); got != c.want {
			t.Errorf("%s: closed with %d, want %d", name, got, c.want)
		}
	}
	if n := len(g.Violations()); n != 10 {
		t.Errorf("%d violations: %q", n, g.Violations())
	}
}

// TestGatewaySession identifies, hears, is lost, resumes, says goodbye.
func TestGatewaySession(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	w := dial(t, g)
	hello, _ := w.next()
	if hello["op"] != float64(10) || hello["d"].(obj)["heartbeat_interval"] != float64(41250) {
		t.Errorf("hello: %v", hello)
	}
	w.send(1, nil)
	if ack, _ := w.next(); ack["op"] != float64(11) {
		t.Errorf("ack: %v", ack)
	}
	w.send(2, identify(g, plainIntents))
	session := w.until("READY")["session_id"]
	if created := w.until("GUILD_CREATE"); len(created["channels"].([]any)) != 2 {
		t.Errorf("guild: %v", created)
	}
	if _, err := g.Type(ctx(t), maria, calls, "one"); err != nil {
		t.Fatal(err)
	}
	if m := w.until("MESSAGE_CREATE"); m["content"] != "" || m["guild_id"] != g.GuildID() { // without the content intent
		t.Errorf("message: %v", m)
	}
	if _, err := g.Type(ctx(t), maria, g.DM(maria), "private"); err != nil {
		t.Fatal(err)
	}
	if m := w.until("MESSAGE_CREATE"); m["content"] != "private" {
		t.Errorf("direct message: %v", m)
	}
	g.DropGateway()
	if _, err := g.Type(ctx(t), maria, g.DM(maria), "missed"); err != nil {
		t.Fatal(err)
	}
	back := dial(t, g)
	back.send(6, obj{"token": g.BotToken(), "session_id": session, "seq": w.seq})
	if m := back.until("MESSAGE_CREATE"); m["content"] != "missed" {
		t.Errorf("replayed: %v", m)
	}
	back.until("RESUMED")
	_ = back.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	g.wait("the session is over", func() bool { return !g.Connected() })
	late := dial(t, g)
	_, _ = late.next()
	late.send(6, obj{"token": g.BotToken(), "session_id": session, "seq": back.seq})
	if o, _ := late.next(); o["op"] != float64(9) || o["d"] != false {
		t.Errorf("a session that said goodbye was resumed: %v", o)
	}
	late.send(2, identify(g, plainIntents))
	late.until("READY")
	g.clean()
}

// TestHeartbeats ends a connection that sends none.
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{Heartbeat: 40 * time.Millisecond})
	w := dial(t, g)
	w.send(2, identify(g, plainIntents))
	if code := w.closed(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
}

// TestGatewayFaults asks for a reconnect and ends sessions.
func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	w := dial(t, g)
	w.send(2, identify(g, plainIntents))
	w.until("GUILD_CREATE")
	g.Reconnect()
	if o, _ := w.next(); o["op"] != float64(7) {
		t.Errorf("reconnect: %v", o)
	}
	g.InvalidateSessions()
	if o, _ := w.next(); o["op"] != float64(9) {
		t.Errorf("invalid session: %v", o)
	}
	g.CloseGateway(4000)
	if code := w.closed(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
}

// TestInteractionsOfTheGateway reach every session; one answer counts.
func TestInteractionsOfTheGateway(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.command("calls")
	var both []*wire
	for range 2 {
		w := dial(t, g)
		w.send(2, identify(g, plainIntents))
		w.until("GUILD_CREATE")
		both = append(both, w)
	}
	done := make(chan error, 1)
	go func() { _, err := g.Type(ctx(t), maria, calls, "/calls"); done <- err }()
	codes := ""
	for _, w := range both {
		in := w.until("INTERACTION_CREATE")
		member, _ := in["member"].(obj)
		if member["user"].(obj)["id"] != maria || in["type"] != float64(2) || in["data"].(obj)["name"] != "calls" {
			t.Errorf("interaction: %v", in)
		}
		codes += fmt.Sprint(g.do("POST", callbackPath(in), say("ok")).code(), " ")
	}
	if err := <-done; err != nil || codes != "0 40060 " {
		t.Errorf("%v, codes %s", err, codes)
	}
	g.clean()
}
