package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/internal/sandbox/discord"
)

// discordEpoch is the first millisecond of Discord's ids: https://discord.com/developers/docs/reference#snowflakes
const discordEpoch = 1420070400000

// snowflake is the smallest id of a time.
func snowflake(t time.Time) string {
	return strconv.FormatInt((t.UnixMilli()-discordEpoch)<<22, 10)
}

// guildAct is something a person does in the guild; which fields are set depends on what it is.
type guildAct struct {
	User    string              `json:"user"`
	Channel string              `json:"channel"`
	Text    string              `json:"text"`
	At      discord.MessageRef  `json:"at"`
	Name    string              `json:"name"`
	Values  []string            `json:"values"`
	Fields  map[string][]string `json:"fields"`
	Files   []string            `json:"files"`
}

// guild registers the Discord side of the page.
func (p *Page) guild(mux *http.ServeMux) {
	if p.opt.Discord == nil {
		mux.Handle("GET /discord.html", http.RedirectHandler("./", http.StatusFound)) // there is none: here is Slack
		return
	}
	mux.HandleFunc("GET /ui/discord/workspace", p.guildWorkspace)
	mux.HandleFunc("GET /ui/discord/channels", p.guildChannels)
	mux.HandleFunc("GET /ui/discord/messages", p.guildMessages)
	mux.HandleFunc("GET /ui/discord/commands", p.guildCommands)
	mux.HandleFunc("GET /ui/discord/modal", p.guildModal)
	mux.HandleFunc("GET /ui/discord/files/{id}/{name}", p.guildFile)
	mux.HandleFunc("POST /ui/discord/upload", p.guildUpload)
	for path, do := range map[string]func(context.Context, guildAct) (any, error){
		"type": p.guildType, "press": p.guildPress, "choose": p.guildChoose, "suggest": p.guildSuggest,
		"submit": p.guildSubmit, "dismiss": p.guildDismiss, "message-command": p.guildMessageCommand, "delete": p.guildDelete,
	} {
		mux.HandleFunc("POST /ui/discord/"+path, func(w http.ResponseWriter, r *http.Request) {
			var a guildAct
			err := readJSON(w, r, &a)
			var out any
			if err == nil {
				out, err = do(r.Context(), a)
			}
			if err != nil {
				p.fail(w, r, err)
				return
			}
			writeJSON(w, http.StatusOK, out)
		})
	}
}

// guildPerson is a person as the page's scripts know people.
type guildPerson struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Bot      bool   `json:"is_bot"`
	Gone     bool   `json:"deleted"`
	Title    string `json:"title"`
}

func (p *Page) guildWorkspace(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	people := []guildPerson{}
	for _, u := range p.opt.Discord.Users() {
		people = append(people, guildPerson{u.ID, u.Username, u.Name(), u.Bot, u.Gone, p.titles[u.ID]})
	}
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"company": p.opt.Company, "users": people, "bot": p.opt.Discord.AppID(), "since": p.guildSince, "number": p.number(),
	})
}

// guildChannel is a channel, thread or direct message as the page's scripts know conversations.
type guildChannel struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Topic   string   `json:"topic"`
	Parent  string   `json:"parent"` // of a thread
	Members []string `json:"members"`
	Private bool     `json:"is_private"`
	Direct  bool     `json:"is_im"`
	Count   int      `json:"count"`
	Recent  []string `json:"recent"` // ids of others' latest messages, oldest first
	Last    string   `json:"last"`
}

func (p *Page) guildChannels(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	app := ""
	if _, ok := p.opt.Discord.User(user); ok {
		app = p.opt.Discord.DM(user) // first, so that a new conversation is in the list
	}
	out, threads := []guildChannel{}, []guildChannel{}
	for _, c := range p.opt.Discord.Channels(user) {
		seen := p.opt.Discord.MessagesFor(user, c.ID)
		ch := guildChannel{
			ID: c.ID, Name: c.Name, Topic: c.Topic, Parent: c.Parent, Members: list(c.Members), Direct: c.Type == discord.DMChannel,
			Private: c.Type == discord.TextChannel && len(c.Members) > 0, Count: len(seen), Recent: []string{},
		}
		if ch.Direct && c.ID != app {
			continue
		}
		if !ch.Private && !ch.Direct {
			ch.Members = append(ch.Members, user) // everybody is in an open channel
		}
		for _, m := range tail(seen, messagesShown) {
			ch.Last = m.ID
			if m.Author != user && m.ID > p.guildSince {
				ch.Recent = append(ch.Recent, m.ID)
			}
		}
		if c.IsThread() {
			threads = append(threads, ch)
			continue
		}
		out = append(out, ch)
	}
	writeJSON(w, http.StatusOK, map[string]any{"channels": out, "threads": threads, "app": app})
}

func (p *Page) guildMessages(w http.ResponseWriter, r *http.Request) {
	all := p.opt.Discord.MessagesFor(r.FormValue("user"), r.FormValue("channel"))
	if before := r.FormValue("before"); before != "" {
		end, _ := slices.BinarySearchFunc(all, before, func(m discord.Message, id string) int { return strings.Compare(m.ID, id) })
		all = all[:end]
	}
	shown := tail(all, messagesShown)
	writeJSON(w, http.StatusOK, map[string]any{"messages": list(shown), "more": len(shown) < len(all)})
}

func (p *Page) guildCommands(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"commands": list(p.opt.Discord.Commands(r.FormValue("channel")))})
}

func (p *Page) guildModal(w http.ResponseWriter, r *http.Request) {
	m, ok := p.opt.Discord.Modal(r.FormValue("user"))
	if !ok {
		writeJSON(w, http.StatusOK, map[string]any{"modal": nil})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"modal": m})
}

func (p *Page) guildFile(w http.ResponseWriter, r *http.Request) {
	content, ok := p.opt.Discord.FileContent(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	serveContent(w, r, r.PathValue("name"), "", content)
}

func (p *Page) guildUpload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, uploadLimit))
	name, id := r.URL.Query().Get("name"), ""
	if err == nil {
		id, err = p.opt.Discord.Upload(r.URL.Query().Get("user"), name, http.DetectContentType(content), content)
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"id": id, "name": name})
}

func (p *Page) guildType(ctx context.Context, a guildAct) (any, error) {
	if len(a.Files) > 0 {
		return p.opt.Discord.Send(ctx, a.User, a.Channel, a.Text, a.Files...)
	}
	return p.opt.Discord.Type(ctx, a.User, a.Channel, a.Text)
}

func (p *Page) guildPress(ctx context.Context, a guildAct) (any, error) {
	return p.opt.Discord.Press(ctx, a.User, a.At, a.Name)
}

func (p *Page) guildChoose(ctx context.Context, a guildAct) (any, error) {
	return p.opt.Discord.Choose(ctx, a.User, a.At, a.Name, a.Values...)
}

func (p *Page) guildSuggest(ctx context.Context, a guildAct) (any, error) {
	choices, err := p.opt.Discord.Suggest(ctx, a.User, a.Channel, a.Text)
	return map[string]any{"choices": list(choices)}, err
}

func (p *Page) guildSubmit(ctx context.Context, a guildAct) (any, error) {
	reply, err := p.opt.Discord.Submit(ctx, a.User, a.Fields)
	var silent *discord.DeliveryError
	if errors.As(err, &silent) {
		return reply, nil // the form stays open and says so itself
	}
	return reply, err
}

func (p *Page) guildDismiss(_ context.Context, a guildAct) (any, error) {
	return nothing{}, p.opt.Discord.Dismiss(a.User)
}

func (p *Page) guildMessageCommand(ctx context.Context, a guildAct) (any, error) {
	return p.opt.Discord.MessageCommand(ctx, a.User, a.At, a.Name)
}

func (p *Page) guildDelete(_ context.Context, a guildAct) (any, error) {
	return nothing{}, p.opt.Discord.DeleteMessage(a.User, a.At)
}
