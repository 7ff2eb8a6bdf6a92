package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/slack"
)

// heartbeat keeps proxies and browsers from taking a quiet stream for a dead one.
const heartbeat = 20 * time.Second

// change is what the stream says: which part of the sandbox, and for Slack what happened there.
type change struct {
	Source string `json:"source"` // slack, discord, phones or mail
	slack.Event
}

// events is the page's one stream of changes. The page asks for the new state itself.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	workspace, endWorkspace := p.opt.Slack.Subscribe()
	defer endWorkspace()
	phones, endPhones := p.subscribePhones()
	defer endPhones()
	letters, endLetters := p.subscribeMail()
	defer endLetters()
	guild, endGuild := p.subscribeGuild()
	defer endGuild()

	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	send := func(format string, args ...any) bool {
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && out.Flush() == nil
	}
	say := func(c change) bool {
		data, err := json.Marshal(c)
		return err == nil && send("data: %s\n\n", data)
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	open := send("retry: 1000\n\n")
	for open {
		select {
		case e, ok := <-workspace:
			open = ok && say(change{"slack", e})
		case e, ok := <-guild:
			open = ok && say(change{"discord", slack.Event{Seq: e.Seq, Type: e.Type, Channel: e.Channel, TS: e.ID, UserID: e.UserID}})
		case <-phones:
			open = say(change{Source: "phones"})
		case <-letters:
			open = say(change{Source: "mail"})
		case <-beat.C:
			open = send(": still here\n\n")
		case <-r.Context().Done():
			return
		case <-p.quit:
			return
		}
	}
}

func (p *Page) subscribePhones() (<-chan struct{}, func()) {
	if p.opt.Twilio == nil {
		return nil, func() {}
	}
	return p.opt.Twilio.Subscribe()
}

func (p *Page) subscribeGuild() (<-chan discord.Event, func()) {
	if p.opt.Discord == nil {
		return nil, func() {}
	}
	return p.opt.Discord.Subscribe()
}

func (p *Page) subscribeMail() (<-chan struct{}, func()) {
	if p.opt.Mail == nil {
		return nil, func() {}
	}
	return p.opt.Mail.Subscribe()
}
