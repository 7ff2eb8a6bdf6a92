package discordbot

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"callout/bot"
)

// turn is one interaction until it is answered. The answer goes the direct way as long as Discord waits for it; when that takes too
// long, the person is told to wait, and the answer follows up.
type turn struct {
	a        *Adapter
	in       interaction
	answers  chan answer   // the answer, while Discord waits
	answered chan struct{} // closed when Discord has been told something

	mu   sync.Mutex
	said bool
	told int       // the kind of answer that Discord was told at once; 0: it still waits
	d    *delivery // what was asked, once that is known
}

// take acts on an interaction. respond is called exactly once, before Discord stops waiting. What follows the answer waits until that
// has settled.
func (a *Adapter) take(in interaction, settled time.Duration, respond func(answer)) {
	if in.Type == kindPing {
		respond(answer{Type: answerPong})
		return
	}
	t := &turn{a: a, in: in, answers: make(chan answer, 1), answered: make(chan struct{})}
	a.back.Go(func(ctx context.Context) {
		defer func() {
			if p := recover(); p != nil {
				t.say(ctx, bot.Apology(a.back.Panicked(ctx, p)))
			}
		}()
		a.work(ctx, t)
	})
	defer func() { time.AfterFunc(settled, func() { close(t.answered) }) }()
	timer := time.NewTimer(a.within)
	defer timer.Stop()
	select {
	case reply := <-t.answers:
		respond(reply)
	case <-timer.C:
		respond(t.promise())
	}
}

// promise is what Discord is told when the answer takes longer than it waits. A form that is opened by what was done must be
// this answer, so it is shown as far as it is known: after any other answer, Discord lets no form follow.
func (t *turn) promise() answer {
	early := t.preview()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.said {
		return <-t.answers // in the last moment
	}
	reply := answer{Type: answerLater, Data: map[string]any{"flags": flagEphemeral}}
	switch {
	case t.in.Type == kindAutocomplete:
		reply = answer{Type: answerAutocomplete, Data: map[string]any{"choices": []any{}}}
	case early != nil:
		reply = answer{Type: answerModal, Data: *early}
	case t.in.Message != nil:
		reply = answer{Type: answerUpdateLater} // so that the message can still be changed
	}
	t.told = reply.Type
	return reply
}

// preview is the form that was asked for, made without any look-up, if there is one and it can be kept in time.
func (t *turn) preview() *modal {
	t.mu.Lock()
	d := t.d
	t.mu.Unlock()
	if d == nil || d.draft != nil || d.ask != "" || d.req.Kind == bot.KindSearch {
		return nil
	}
	form := t.a.bot.Preview(d.req)
	if form == nil {
		return nil
	}
	draft := newDraft(*form, d.req.Channel)
	for _, fill := range d.fills {
		draft.guess(fill)
	}
	fields := draft.next()
	ctx, cancel := context.WithTimeout(t.a.back.Context(), keepWithin)
	defer cancel()
	if len(fields) == 0 || t.a.keepDraft(ctx, draft) != nil {
		return nil
	}
	m := draft.show(fields)
	return &m
}

// guess fills a field with what a command's argument said, to be looked up when the form is sent.
func (d *draft) guess(fill bot.Fill) {
	value, label, _ := picked(fill.Value)
	if f, ok := d.field(fill.Field); ok && f.Kind == bot.FieldSearch {
		d.Unclear[f.Name] = label
	} else if ok {
		d.Values[f.Name] = []string{value}
	}
}

// answer answers the interaction; only the first answer counts. It returns when Discord has been told.
func (t *turn) answer(ctx context.Context, reply answer) {
	t.mu.Lock()
	if t.said {
		t.mu.Unlock()
		return
	}
	t.said = true
	promised := t.told
	if promised == 0 {
		t.told = reply.Type
		t.answers <- reply
	}
	t.mu.Unlock()
	<-t.answered
	if promised != 0 {
		t.late(ctx, promised, reply)
	}
}

// say answers with a card that only the person sees.
func (t *turn) say(ctx context.Context, card bot.Card) {
	t.answer(ctx, t.a.cardNow(ctx, answerMessage, card, flagEphemeral))
}

// late shows an answer to somebody who was told to wait.
func (t *turn) late(ctx context.Context, promised int, reply answer) {
	switch data := reply.Data.(type) {
	case modal: // too late for it, but a button opens it; a form that is open already is not opened again
		if promised != answerModal {
			form := &draft{Key: strings.Split(data.CustomID, "|")[1]}
			t.followUp(ctx, http.MethodPost, "", form.step("Your form is ready.", verbNext, "Open"), flagEphemeral)
		}
	case message:
		method, path := http.MethodPost, ""
		switch {
		case reply.Type == answerUpdate:
			method, path = http.MethodPatch, original
		case data.Flags&flagEphemeral == 0:
			t.forget(ctx) // the promise is for the person only, and this is for everybody
		}
		t.send(ctx, method, path, data)
	}
}

// forget removes the promise of an answer, when the answer came another way.
func (t *turn) forget(ctx context.Context) {
	t.mu.Lock()
	waits := t.told == answerLater
	t.mu.Unlock()
	if waits {
		t.send(ctx, http.MethodDelete, original, nil)
	}
}

// original names the message with which an interaction was answered, or in which something was pressed.
const original = "/messages/@original"

// followUp writes below, or changes, what an interaction was answered with:
// https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
func (t *turn) followUp(ctx context.Context, method, path string, card bot.Card, flags int) {
	m, err := t.a.draw(ctx, card)
	if err != nil {
		t.a.log.ErrorContext(ctx, "reply could not be drawn", "err", err)
		return
	}
	m.quiet(flags&flagEphemeral != 0)
	m.Flags = flags
	t.send(ctx, method, path, m)
}

// send makes one call about an interaction that was answered. Nobody calls again for a person who waits, so it is patient: with
// limits, with trouble that passes, and with an answer that Discord has not taken in yet.
func (t *turn) send(ctx context.Context, method, path string, body any) {
	address := apiRoot + "webhooks/" + t.a.opts.AppID + "/" + t.in.Token + path
	err := t.a.patiently(ctx, method != http.MethodPost, func() error {
		_, err := t.a.call(ctx, method, address, webhookBucket(t.in.Token), body)
		return err
	})
	if err != nil {
		t.a.log.ErrorContext(ctx, "reply could not be shown", "interaction", t.in.ID, "err", err)
	}
}

// webhookBucket spreads the answers to interactions, each of which has limits of its own, over some buckets: as many as there are
// interactions would be too many, and in one they would wait for each other.
func webhookBucket(token string) string {
	return apiRoot + "webhooks/" + token[max(0, len(token)-1):]
}
