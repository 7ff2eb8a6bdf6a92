package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"callout/internal/sandbox/discord"
)

const (
	maria = "1100000000000000201"
	omar  = "1100000000000000202"
	calls = "1100000000000000301"
	files = "1100000000000000302"
)

// guild is a guild with two people and two channels, and its address.
type guild struct {
	*discord.Server
	t   *testing.T
	url string
}

func newGuild(t *testing.T, opts discord.Options) *guild {
	t.Helper()
	s, err := discord.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.SetBaseURL(srv.URL)
	s.AddUser(discord.User{ID: maria, Username: "maria", GlobalName: "Maria Chen"})
	s.AddUser(discord.User{ID: omar, Username: "omar", GlobalName: "Omar Reed"})
	s.AddChannel(discord.Channel{ID: calls, Name: "calls"})
	s.AddChannel(discord.Channel{ID: files, Name: "office"})
	return &guild{Server: s, t: t, url: srv.URL}
}

// ctx is a context that ends well after everything here should have.
func ctx(t *testing.T) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return c
}

// result is an answer of the API.
type result struct {
	status int
	header http.Header
	body   map[string]any
	list   []any
	raw    string
}

// code is Discord's code in the body.
func (r result) code() int { n, _ := r.body["code"].(float64); return int(n) }

// do sends a request with the bot's token.
func (g *guild) do(method, path string, body any) result {
	g.t.Helper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			g.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx(g.t), method, g.url+"/api/v10"+path, in)
	if err != nil {
		g.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bot "+g.BotToken())
	req.Header.Set("User-Agent", "DiscordBot (https://sandbox.test, 1)")
	return g.send(req)
}

func (g *guild) send(req *http.Request) result {
	g.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	r := result{status: resp.StatusCode, header: resp.Header, raw: string(data)}
	_ = json.Unmarshal(data, &r.body)
	_ = json.Unmarshal(data, &r.list)
	return r
}

// wait waits until cond holds.
func (g *guild) wait(what string, cond func() bool) {
	g.t.Helper()
	if err := g.Wait(ctx(g.t), cond); err != nil {
		g.t.Fatalf("waiting until %s: %v", what, err)
	}
}

// clean fails the test when the app broke a rule.
func (g *guild) clean() {
	g.t.Helper()
	if err := g.CheckError(); err != nil {
		g.t.Error(err)
	}
}

type obj = map[string]any
