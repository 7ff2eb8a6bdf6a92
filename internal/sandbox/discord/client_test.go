package discord_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"callout/internal/sandbox/discord"
)

// redirect sends the client's requests for discord.com to the guild.
type redirect struct{ to *url.URL }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == "discord.com" {
		req = req.Clone(req.Context())
		req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, ""
	}
	return http.DefaultTransport.RoundTrip(req)
}

// connect opens the real client's session on the guild.
func connect(t *testing.T, g *guild, handlers ...any) *discordgo.Session {
	t.Helper()
	s, err := discordgo.New("Bot " + g.BotToken())
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(g.url)
	if err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: redirect{to}}
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages | discordgo.IntentMessageContent
	for _, h := range handlers {
		s.AddHandler(h)
	}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Lock()
		s.ShouldReconnectOnError = false
		s.Unlock()
		_ = s.Close()
	})
	return s
}

var withContent = discord.Options{Intents: discord.IntentMessageContent}

func register(t *testing.T, s *discordgo.Session, g *guild) {
	t.Helper()
	_, err := s.ApplicationCommandBulkOverwrite(g.AppID(), g.GuildID(), []*discordgo.ApplicationCommand{
		{Name: "calls", Description: "List calls", Options: []*discordgo.ApplicationCommandOption{
			{Name: "status", Description: "Which", Type: discordgo.ApplicationCommandOptionString, Choices: []*discordgo.ApplicationCommandOptionChoice{
				{Name: "Pending", Value: "pending"}, {Name: "Done", Value: "done"},
			}},
			{Name: "customer", Description: "Whose", Type: discordgo.ApplicationCommandOptionString, Autocomplete: true},
			{Name: "who", Description: "Technician", Type: discordgo.ApplicationCommandOptionUser},
		}},
		{Name: "Log as call", Type: discordgo.MessageApplicationCommand},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRealClientAnswersACommand(t *testing.T) {
	t.Parallel()
	g := newGuild(t, withContent)
	s := connect(t, g, func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		switch i.Type {
		case discordgo.InteractionApplicationCommandAutocomplete:
			_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: &discordgo.InteractionResponseData{
				Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "North Mill", Value: "c-7"}},
			}})
		case discordgo.InteractionApplicationCommand:
			data := i.ApplicationCommandData()
			var words []string
			for _, o := range data.Options {
				words = append(words, o.Name+"="+o.Value.(string))
			}
			_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{
				Content: strings.Join(words, " "), Flags: discordgo.MessageFlagsEphemeral,
				Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.Button{Label: "Accept", CustomID: "accept:1", Style: discordgo.PrimaryButton},
				}}},
			}})
		case discordgo.InteractionMessageComponent:
			_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseUpdateMessage, Data: &discordgo.InteractionResponseData{
				Content: "accepted by " + i.Member.User.Username,
			}})
		}
	})
	register(t, s, g)
	choices, err := g.Suggest(ctx(t), maria, calls, "/calls status:Pending customer:Nor")
	if err != nil || len(choices) != 1 || choices[0].Value != "c-7" {
		t.Fatalf("suggested %v, %v", choices, err)
	}
	reply, err := g.Type(ctx(t), maria, calls, "/calls status:Pending customer:North Mill who:@omar")
	if err != nil {
		t.Fatal(err)
	}
	if want := "status=pending customer=c-7 who=" + omar; !strings.HasPrefix(reply.Text, want) || !reply.Private {
		t.Errorf("got %+v, want %q", reply, want)
	}
	if len(g.MessagesFor(omar, calls)) != 0 {
		t.Error("others see a private answer")
	}
	reply, err = g.Press(ctx(t), maria, reply.Ref, "Accept")
	if err != nil || reply.Kind != discord.ReplyUpdate || reply.Text != "accepted by maria" {
		t.Errorf("pressed: %+v, %v", reply, err)
	}
	g.clean()
}

func TestRealClientResumes(t *testing.T) {
	t.Parallel()
	g := newGuild(t, withContent)
	heard := make(chan string, 10)
	resumed := make(chan struct{}, 1)
	s := connect(t, g, func(_ *discordgo.Session, m *discordgo.MessageCreate) {
		if !m.Author.Bot {
			heard <- m.Content
		}
	}, func(*discordgo.Session, *discordgo.Resumed) { resumed <- struct{}{} })
	say := func(words string) {
		if _, err := g.Type(ctx(t), maria, calls, words); err != nil {
			t.Fatal(err)
		}
	}
	say("one")
	g.DropGateway()
	say("two")
	<-resumed
	say("three")
	if _, err := s.ChannelMessageSend(calls, "heard"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		select {
		case words := <-heard:
			got = append(got, words)
		case <-ctx(t).Done():
			t.Fatalf("heard only %q", got)
		}
	}
	if slices.Sort(got); strings.Join(got, " ") != "one three two" { // the client runs its handlers side by side
		t.Errorf("heard %q", got)
	}
	g.clean()
}

func TestRealClientSendsFilesAndThreads(t *testing.T) {
	t.Parallel()
	g := newGuild(t, withContent)
	s := connect(t, g)
	m, err := s.ChannelMessageSendComplex(calls, &discordgo.MessageSend{
		Content: "the report", Files: []*discordgo.File{{Name: "year report.pdf", ContentType: "application/pdf", Reader: bytes.NewReader([]byte("%PDF"))}},
		Embeds: []*discordgo.MessageEmbed{{Title: "Report", Fields: []*discordgo.MessageEmbedField{{Name: "a", Value: "b"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "year_report.pdf" {
		t.Fatalf("got %+v", m.Attachments)
	}
	resp, err := http.Get(m.Attachments[0].URL)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("file: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	th, err := s.MessageThreadStart(calls, m.ID, "Call 7", 1440)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChannelMessageSend(th.ID, "in the thread"); err != nil {
		t.Fatal(err)
	}
	if got, ok := g.FindMessage(maria, calls, "in the thread"); !ok || got.Channel != th.ID {
		t.Errorf("found %+v", got)
	}
	if _, err := s.UserChannelCreate(omar); err != nil {
		t.Fatal(err)
	}
	g.clean()
}
