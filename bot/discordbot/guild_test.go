package discordbot

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
	"callout/internal/sandbox/discord"
)

const (
	maria   = "1100000000000000201"
	general = "1100000000000000301"
	office  = "1100000000000000302"
)

// guild is a Discord server to which the adapter is connected.
type guild struct {
	*testing.T
	*discord.Server
	talk *talk
	a    *Adapter
	ctx  context.Context

	mu             sync.Mutex
	ready, resumed int
}

// newGuild connects the adapter with a server over the gateway, or over HTTP.
func newGuild(t *testing.T, o discord.Options, overHTTP bool, answer func(bot.Request) bot.Reply) *guild {
	t.Helper()
	o.Intents = discord.IntentMessageContent
	server, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ports := httptest.NewServer(server.Handler())
	server.SetBaseURL(ports.URL)
	t.Cleanup(func() {
		_ = server.Close()
		ports.Close()
	})
	server.AddUser(discord.User{ID: maria, Username: "maria", GlobalName: "Maria Chen"})
	server.AddChannel(discord.Channel{ID: general, Name: "general"})
	server.AddChannel(discord.Channel{ID: office, Name: "office"})
	g := &guild{T: t, Server: server, talk: &talk{answer: answer, aside: map[string][]byte{}}}
	var cancel context.CancelFunc
	g.ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	g.a, err = New(Options{
		Bot: g.talk, Token: server.BotToken(), PublicKey: server.PublicKey(), AppID: server.AppID(), GuildID: server.GuildID(),
		APIURL: ports.URL + "/api/v10",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.a.Register(g.ctx); err != nil {
		t.Fatal(err)
	}
	if overHTTP {
		app := httptest.NewServer(g.a.Handler())
		t.Cleanup(app.Close)
		if err := server.SetInteractionsURL(g.ctx, app.URL); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// connect opens the gateway for the length of the test.
func (g *guild) connect() {
	g.Helper()
	g.a.session.AddHandler(func(*discordgo.Session, *discordgo.Ready) { g.count(&g.ready) })
	g.a.session.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { g.count(&g.resumed) })
	running, stop := context.WithCancel(g.ctx)
	ended := make(chan error, 1)
	go func() { ended <- g.a.RunGateway(running) }()
	g.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			g.Error(err)
		}
	})
	g.until("the gateway is open", g.Connected)
}

func (g *guild) count(n *int) {
	g.mu.Lock()
	*n++
	g.mu.Unlock()
}

// came is how often the session began, and how often it went on.
func (g *guild) came() (ready, resumed int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ready, g.resumed
}

// until waits until something is so.
func (g *guild) until(what string, is func() bool) {
	g.Helper()
	for !is() {
		short, cancel := context.WithTimeout(g.ctx, 20*time.Millisecond) // not everything that is waited for is a change in the server
		_ = g.Wait(short, is)
		cancel()
		if g.ctx.Err() != nil {
			g.Fatalf("it never happened that %s", what)
		}
	}
}

// types types in a channel.
func (g *guild) types(words string) discord.Reply {
	g.Helper()
	reply, err := g.Type(g.ctx, maria, general, words)
	if err != nil {
		g.Fatal(err)
	}
	return reply
}

// keeps fails the test if a rule of Discord was broken.
func (g *guild) keeps() {
	g.Helper()
	if err := g.CheckError(); err != nil {
		g.Error(err)
	}
}

// texts are the texts of a channel, in order.
func (g *guild) texts(channel string) []string {
	var list []string
	for _, m := range g.MessagesFor(maria, channel) {
		list = append(list, m.AllText())
	}
	return list
}

// says answers everything with one sentence.
func says(text string) func(bot.Request) bot.Reply {
	return func(bot.Request) bot.Reply {
		card := bot.Sentence(text)
		return bot.Reply{Say: &card}
	}
}
