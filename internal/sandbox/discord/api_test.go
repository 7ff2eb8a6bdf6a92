package discord_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/discord"
)

// TestRefusals are the codes of what an honest app can meet.
func TestRefusals(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.AddChannel(discord.Channel{ID: "501", Name: "secret", Members: []string{maria}})
	g.AddChannel(discord.Channel{ID: "502", Name: "quiet", AppLacks: discord.SendMessages})
	g.AddChannel(discord.Channel{ID: "503", Name: "plain", AppLacks: discord.AttachFiles | discord.EmbedLinks})
	g.AddUser(discord.User{ID: omar, Username: "omar", DMClosed: true})
	said, err := g.Type(ctx(t), maria, calls, "hello")
	if err != nil {
		t.Fatal(err)
	}
	hello := obj{"content": "x"}
	cases := []struct {
		method, path string
		body         any
		status, code int
	}{
		{"GET", "/channels/9", nil, 404, 10003},
		{"POST", "/channels/9/messages", hello, 404, 10003},
		{"POST", "/channels/501/messages", hello, 403, 50001},
		{"GET", "/channels/501/messages", nil, 403, 50001},
		{"POST", "/channels/502/messages", hello, 403, 50013},
		{"POST", "/channels/503/messages", embed(obj{"title": "t"}), 403, 50013},
		{"POST", "/channels/" + g.DM(omar) + "/messages", hello, 403, 50007},
		{"POST", "/users/@me/channels", obj{"recipient_id": "9"}, 404, 10013},
		{"POST", "/users/@me/channels", obj{"recipient_id": "omar"}, 400, 50035},
		{"GET", "/channels/" + calls + "/messages/9", nil, 404, 10008},
		{"PATCH", "/channels/" + calls + "/messages/" + said.Ref.ID, hello, 403, 50005},
		{"GET", "/guilds/9", nil, 404, 10004},
		{"GET", "/guilds/" + g.GuildID() + "/members/9", nil, 404, 10013},
		{"GET", "/guilds/" + g.GuildID() + "/members", nil, 403, 50001},
		{"PUT", "/applications/9/commands", []obj{}, 404, 10002},
		{"PUT", "/applications/" + g.AppID() + "/guilds/9/commands", []obj{}, 403, 50001},
		{"GET", "/channels/" + calls + "/messages?limit=101", nil, 400, 50035},
		{"GET", "/nothing", nil, 404, 0},
	}
	for _, c := range cases {
		if r := g.do(c.method, c.path, c.body); r.status != c.status || r.code() != c.code {
			t.Errorf("%s %s: %d %s, want %d %d", c.method, c.path, r.status, r.raw, c.status, c.code)
		}
	}
	if n := len(g.Violations()); n != 3 { // the two bad bodies and the unknown route
		t.Errorf("%d violations: %q", n, g.Violations())
	}
}

// TestTokens refuses wrong tokens, versions and bodies.
func TestTokens(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	try := func(path, token, kind, body string) result {
		req, err := http.NewRequestWithContext(ctx(t), http.MethodPost, g.url+path, bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", token)
		req.Header.Set("Content-Type", kind)
		return g.send(req)
	}
	path := "/channels/" + calls + "/messages"
	for name, c := range map[string]struct {
		got  result
		want int
	}{
		"no word Bot":  {try("/api/v10"+path, g.BotToken(), "application/json", `{}`), 401},
		"wrong token":  {try("/api/v10"+path, "Bot x", "application/json", `{}`), 401},
		"version 8":    {try("/api/v8"+path, "Bot "+g.BotToken(), "application/json", `{}`), 400},
		"broken JSON":  {try("/api/v9"+path, "Bot "+g.BotToken(), "application/json", `{`), 400},
		"a form":       {try("/api/v9"+path, "Bot "+g.BotToken(), "application/x-www-form-urlencoded", `a=b`), 400},
		"as it should": {try("/api/v9"+path, "Bot "+g.BotToken(), "application/json", `{"content":"x"}`), 200},
	} {
		if c.got.status != c.want {
			t.Errorf("%s: %d %s", name, c.got.status, c.got.raw)
		}
	}
}

// TestNonce makes a message once however often it is sent, for some minutes.
func TestNonce(t *testing.T) {
	t.Parallel()
	c := newClock()
	g := newGuild(t, discord.Options{Now: c.now})
	post := func(body obj) string {
		return fmt.Sprint(g.do("POST", "/channels/"+calls+"/messages", body).body["id"])
	}
	once := obj{"content": "x", "nonce": "job-7", "enforce_nonce": true}
	first := post(once)
	if post(once) != first {
		t.Error("the same nonce made a second message")
	}
	if post(obj{"content": "x", "nonce": "job-7"}) == first {
		t.Error("a nonce that is not enforced was")
	}
	c.move(10 * time.Minute)
	if post(once) == first {
		t.Error("a nonce of ten minutes ago still counts")
	}
}

// TestPages reads a channel forwards and backwards, newest first.
func TestPages(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	var ids []string
	for i := range 5 {
		r := g.do("POST", "/channels/"+calls+"/messages", obj{"content": fmt.Sprint(i)})
		ids = append(ids, fmt.Sprint(r.body["id"]))
	}
	for query, want := range map[string]string{
		"":                          "43210",
		"?limit=2":                  "43",
		"?limit=2&after=" + ids[1]:  "32",
		"?limit=2&before=" + ids[3]: "21",
		"?limit=1&after=" + ids[4]:  "",
	} {
		got := ""
		for _, m := range g.do("GET", "/channels/"+calls+"/messages"+query, nil).list {
			got += fmt.Sprint(m.(obj)["content"])
		}
		if got != want {
			t.Errorf("%q: got %q want %q", query, got, want)
		}
	}
}

// TestFiles sends a file, names it in an embed, keeps it in an edit and takes it away in another.
func TestFiles(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("payload_json", `{"embeds":[{"title":"t","image":{"url":"attachment://chart.png"}}],"attachments":[{"id":0,"description":"a chart"}]}`)
	part, _ := w.CreateFormFile("files[0]", "chart.png")
	_, _ = part.Write([]byte("png"))
	_ = w.Close()
	req, _ := http.NewRequestWithContext(ctx(t), http.MethodPost, g.url+"/api/v10/channels/"+calls+"/messages", &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bot "+g.BotToken())
	req.Header.Set("User-Agent", "DiscordBot (https://sandbox.test, 1)")
	r := g.send(req)
	m := g.Messages(calls)[0]
	if r.status != 200 || len(m.Attachments) != 1 || m.Attachments[0].Description != "a chart" || !bytes.Contains(m.Embeds, []byte(m.Attachments[0].URL)) {
		t.Fatalf("%s", r.raw)
	}
	path := "/channels/" + calls + "/messages/" + m.ID
	g.do("PATCH", path, obj{"content": "kept"})
	if m, _ := g.Message(m.Ref()); len(m.Attachments) != 1 {
		t.Error("an edit took the file away")
	}
	g.do("PATCH", path, obj{"attachments": []obj{}})
	if m, _ := g.Message(m.Ref()); len(m.Attachments) != 0 {
		t.Error("the file is still there")
	}
	g.clean()
}

// TestPings tells who is notified by what was posted.
func TestPings(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	text := "<@" + maria + "> and <@" + omar + "> and @everyone"
	for _, c := range []struct {
		rules any
		want  []string
	}{
		{nil, []string{maria, omar, "everyone"}},
		{obj{"parse": []string{}}, nil},
		{obj{"parse": []string{"users"}}, []string{maria, omar}},
		{obj{"parse": []string{}, "users": []string{omar}}, []string{omar}},
	} {
		body := obj{"content": text}
		if c.rules != nil {
			body["allowed_mentions"] = c.rules
		}
		r := g.do("POST", "/channels/"+calls+"/messages", body)
		m, _ := g.Message(discord.MessageRef{Channel: calls, ID: fmt.Sprint(r.body["id"])})
		if !slices.Equal(m.Pinged, c.want) {
			t.Errorf("%v: pinged %v", c.rules, m.Pinged)
		}
	}
}

// TestRates empties a bucket, which another channel does not feel.
func TestRates(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{RateLimits: true})
	var last result
	for i := range 6 {
		last = g.do("POST", "/channels/"+calls+"/messages", obj{"content": "x"})
		if want := fmt.Sprint(max(0, 4-i)); last.header.Get("X-RateLimit-Remaining") != want {
			t.Errorf("remaining %s, want %s", last.header.Get("X-RateLimit-Remaining"), want)
		}
	}
	retry, _ := last.body["retry_after"].(float64)
	if last.status != 429 || retry <= 0 || retry > 5 || last.body["global"] != false || last.header.Get("X-RateLimit-Scope") != "user" || last.header.Get("Retry-After") == "" {
		t.Errorf("%d %s %v", last.status, last.raw, last.header)
	}
	if r := g.do("POST", "/channels/"+files+"/messages", obj{"content": "x"}); r.status != 200 {
		t.Errorf("another channel: %s", r.raw)
	}
	global := false
	for range 60 {
		if r := g.do("GET", "/users/@me", nil); r.status == 429 && r.body["global"] == true && r.header.Get("X-RateLimit-Global") == "true" {
			global = true
			break
		}
	}
	if !global {
		t.Error("60 requests at once met no global limit")
	}
	g.clean()
}

// TestFaults makes requests go wrong, before and after the work is done.
func TestFaults(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	const post = "POST /channels/{channel}/messages"
	path := "/channels/" + calls + "/messages"
	g.Fail(post, discord.Fault{Times: 1, Status: 503})
	g.Fail(post, discord.Fault{Times: 1, RetryAfter: 1500 * time.Millisecond, Global: true})
	g.Fail(post, discord.Fault{Times: 1, Body: "<html>"})
	if r := g.do("POST", path, obj{"content": "a"}); r.status != 503 {
		t.Errorf("%d", r.status)
	}
	if r := g.do("POST", path, obj{"content": "a"}); r.status != 429 || r.body["retry_after"] != 1.5 || r.body["global"] != true {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := g.do("POST", path, obj{"content": "a"}); r.raw != "<html>" {
		t.Errorf("%s", r.raw)
	}
	for _, c := range []struct {
		fault discord.Fault
		want  int
	}{{discord.Fault{Times: 1, Cut: true}, 0}, {discord.Fault{Times: 1, Drop: true}, 1}} {
		g.Fail(post, c.fault)
		req, _ := http.NewRequestWithContext(ctx(t), http.MethodPost, g.url+"/api/v10"+path, bytes.NewReader([]byte(`{"content":"a"}`)))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bot "+g.BotToken())
		if resp, err := http.DefaultClient.Do(req); err == nil {
			t.Error("an answer came")
			_ = resp.Body.Close()
		}
		if n := len(g.Messages(calls)); n != c.want {
			t.Errorf("%+v: %d messages", c.fault, n)
		}
	}
}

// TestState keeps the guild in a file.
func TestState(t *testing.T) {
	t.Parallel()
	opts := discord.Options{StateFile: filepath.Join(t.TempDir(), "discord.json")}
	g := newGuild(t, opts)
	g.command("calls")
	id, err := g.Upload(maria, "a.txt", "text/plain", []byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(ctx(t), maria, calls, "look", id); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	again := newGuild(t, opts)
	content, _ := again.FileContent(id)
	if m, ok := again.FindMessage(omar, calls, "look"); !ok || !strings.HasPrefix(m.Attachments[0].URL, again.url) || string(content) != "hello" || len(m.Attachments) != 1 || len(again.Commands(calls)) != 1 {
		t.Errorf("%+v %q", m, content)
	}
}
