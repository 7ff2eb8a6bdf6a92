package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"callout/internal/sandbox/slack"
)

// messagesShown is how many of a channel's latest messages one request returns.
const messagesShown = 100

// timestamp writes a time in Slack's form, seconds and microseconds.
func timestamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// person is a user with the title the demo gave them.
type person struct {
	slack.User
	Title string `json:"title"`
}

func (p *Page) workspace(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	people := []person{}
	for _, u := range p.opt.Slack.Users() {
		people = append(people, person{u, p.titles[u.ID]})
	}
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"company": p.opt.Company, "users": people, "bot": p.opt.Slack.BotUserID(), "since": p.since,
		"commands": list(p.opt.Slack.Commands()), "shortcuts": list(p.opt.Slack.Shortcuts()),
		"number": p.number(), "discord": p.opt.Discord != nil,
	})
}

func (p *Page) number() string {
	if p.opt.Twilio == nil {
		return ""
	}
	return p.opt.Twilio.From()
}

// channel is a conversation with what the rail needs to count unread messages.
type channel struct {
	slack.Channel
	Recent []string `json:"recent"` // timestamps of others' latest messages, oldest first
	Last   string   `json:"last"`
}

func (p *Page) channels(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	app := p.opt.Slack.DM(user) // first, so that a new conversation is in the list
	out := []channel{}
	for _, c := range p.opt.Slack.Channels(user) {
		ch := channel{Channel: c, Recent: []string{}}
		for _, m := range tail(p.opt.Slack.MessagesFor(user, c.ID), messagesShown) {
			ch.Last = m.TS
			if m.User != user && m.TS > p.since {
				ch.Recent = append(ch.Recent, m.TS)
			}
		}
		out = append(out, ch)
	}
	writeJSON(w, http.StatusOK, map[string]any{"channels": out, "app": app})
}

func tail[T any](in []T, n int) []T {
	return in[max(0, len(in)-n):]
}

func (p *Page) messages(w http.ResponseWriter, r *http.Request) {
	all := p.opt.Slack.MessagesFor(r.FormValue("user"), r.FormValue("channel"))
	if before := r.FormValue("before"); before != "" {
		end, _ := slices.BinarySearchFunc(all, before, func(m slack.Message, ts string) int {
			return strings.Compare(m.TS, ts)
		})
		all = all[:end]
	}
	shown := tail(all, messagesShown)
	writeJSON(w, http.StatusOK, map[string]any{"messages": list(shown), "more": len(shown) < len(all)})
}

func (p *Page) thread(w http.ResponseWriter, r *http.Request) {
	messages := p.opt.Slack.Thread(r.FormValue("channel"), r.FormValue("ts"))
	for _, e := range p.opt.Slack.Ephemerals(r.FormValue("user"), r.FormValue("channel")) {
		if e.ThreadTS == r.FormValue("ts") {
			messages = append(messages, e)
		}
	}
	slices.SortStableFunc(messages, func(a, b slack.Message) int { return strings.Compare(a.TS, b.TS) })
	writeJSON(w, http.StatusOK, map[string]any{"messages": list(messages)})
}

func (p *Page) views(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"views": list(p.opt.Slack.Views(r.FormValue("user")))})
}

func (p *Page) home(w http.ResponseWriter, r *http.Request) {
	view, ok := p.opt.Slack.Home(r.FormValue("user"))
	if !ok {
		writeJSON(w, http.StatusOK, map[string]any{"view": nil})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"view": view})
}
