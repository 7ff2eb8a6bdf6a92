package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"callout/bot"
	"callout/bot/signed"
)

const (
	// maxSocketAnswer is the size from which on Slack silently drops an answer over the socket; a little is left for
	// the frame around it. The library's socketmode.go has the measurement.
	maxSocketAnswer = 20*1024 - 200

	socketGrace = 300 * time.Millisecond

	reconnectFirst = time.Second
	reconnectMost  = 30 * time.Second
)

// RunSocket receives over Socket Mode until ctx ends, connecting again for ever: https://docs.slack.dev/apis/events-api/using-socket-mode
func (a *Adapter) RunSocket(ctx context.Context) error {
	if a.opts.AppToken == "" {
		return errors.New("socket mode needs an app token")
	}
	wait := reconnectFirst
	for ctx.Err() == nil {
		began := a.now()
		err := a.connect(ctx)
		if ctx.Err() != nil {
			break
		}
		if a.now().Sub(began) > reconnectMost {
			wait = reconnectFirst // it had worked for a while
		}
		a.log.WarnContext(ctx, "slack socket lost", "err", err, "again_in", wait)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		wait = min(2*wait, reconnectMost)
	}
	return nil //nolint:nilerr // told to stop: what the last connection said does not matter
}

// connect serves one client of the library, which itself connects again when Slack asks for it.
func (a *Adapter) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := socketmode.New(slack.New(a.opts.BotToken, a.clientOptions(gate{a: a, first: true})...),
		socketmode.OptionLog(log.New(io.Discard, "", 0)), socketmode.OptionReadLimit(signed.MaxBody))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			return err
		case event := <-client.Events:
			if err := a.socketEvent(ctx, client, event); err != nil {
				return err
			}
		}
	}
}

func (a *Adapter) socketEvent(ctx context.Context, client *socketmode.Client, event socketmode.Event) error {
	switch event.Type {
	case socketmode.EventTypeConnected:
		a.log.InfoContext(ctx, "slack socket connected")
	case socketmode.EventTypeConnectionError:
		if e, ok := event.Data.(*slack.ConnectionErrorEvent); ok {
			a.log.WarnContext(ctx, "slack socket does not connect", "err", e.ErrorObj, "again_in", e.Backoff)
			if e.Backoff > reconnectMost { // the library waits up to five minutes, too long after an outage
				return fmt.Errorf("connect socket: %w", e.ErrorObj)
			}
		}
	case socketmode.EventTypeErrorBadMessage:
		if e, ok := event.Data.(*socketmode.ErrorBadMessage); ok {
			a.log.WarnContext(ctx, "slack sent something malformed over the socket", "err", e.Cause)
		}
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		a.back.Go(func(work context.Context) { a.serveSocket(work, client, *event.Request) })
	}
	return nil
}

// serveSocket acts on one request and acknowledges it, with the answer if it is one that needs an answer.
func (a *Adapter) serveSocket(ctx context.Context, client *socketmode.Client, r socketmode.Request) {
	began := a.pace.now()
	answer, err := a.take(decodeSocket(r))
	if errors.Is(err, errNotStored) {
		a.observe(socket, callFailed, a.pace.now().Sub(began))
		return // not acknowledged, it comes again
	}
	if err != nil {
		a.log.WarnContext(ctx, "slack sent something malformed over the socket", "err", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	answer, later := fitSocket(answer)
	if err := client.AckCtx(ctx, r.EnvelopeID, answer); err != nil {
		a.log.ErrorContext(ctx, "slack could not be answered over the socket", "err", err)
		a.observe(socket, callUnheard, a.pace.now().Sub(began))
	} else {
		a.observe(socket, callTaken, a.pace.now().Sub(began))
	}
	if later != nil {
		a.openLater(ctx, r, *later)
	}
}

func decodeSocket(r socketmode.Request) (delivery, error) {
	switch r.Type {
	case socketmode.RequestTypeSlashCommands:
		var c command
		if err := json.Unmarshal(r.Payload, &c); err != nil {
			return delivery{}, fmt.Errorf("decode command: %w", err)
		}
		return decodeCommand(c)
	case socketmode.RequestTypeInteractive:
		return decodeInteraction(r.Payload)
	}
	var p eventPayload
	if err := json.Unmarshal(r.Payload, &p); err != nil {
		return delivery{}, fmt.Errorf("decode event: %w", err)
	}
	return decodeEvent(p)
}

// fitSocket keeps an answer below the size that Slack drops: a list is cut, and a form that is too large is returned, to
// be opened by the Web API once the one that was sent has closed.
func fitSocket(answer any) (any, *slack.ModalViewRequest) {
	for answer != nil && size(answer) > maxSocketAnswer {
		switch big := answer.(type) {
		case optionList:
			answer = optionList{Options: big.Options[:len(big.Options)/2]}
		case *slack.ViewSubmissionResponse:
			return slack.NewClearViewSubmissionResponse(), big.View
		default:
			return answer, nil
		}
	}
	return answer, nil
}

func size(answer any) int {
	body, err := json.Marshal(answer)
	if err != nil {
		return 0
	}
	return len(body)
}

// openLater opens a form after the acknowledgement that closes the form before it.
func (a *Adapter) openLater(ctx context.Context, r socketmode.Request, view slack.ModalViewRequest) {
	timer := time.NewTimer(socketGrace) // the two take different ways to Slack, and must arrive in this order
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	d, err := decodeSocket(r)
	if err == nil {
		_, err = a.patient.OpenViewContext(ctx, d.origin.trigger, view)
	}
	if err != nil {
		ref := bot.Reference()
		a.log.ErrorContext(ctx, "form too large for the socket could not be opened", "ref", ref, "err", err, "detail", detail(err))
		a.say(ctx, d, bot.Apology(ref))
	}
}
