package discordbot

import (
	"context"
	"errors"
	"net/http"

	"callout/bot"
)

// work acts on an interaction and answers it.
func (a *Adapter) work(ctx context.Context, t *turn) {
	d, err := a.decode(ctx, t.in)
	d.turn = t
	switch {
	case errors.Is(err, errUnknown):
		a.log.WarnContext(ctx, "discord sent something unknown", "err", err)
		t.say(ctx, bot.Sentence("I don't know this button or command any more. Please start again with /callout help."))
		return
	case err != nil:
		a.log.WarnContext(ctx, "interaction could not be read", "err", err)
		t.say(ctx, withTyped("That was too long ago, or I can't read my notes just now. Please start again.", typedIn(d.modal)))
		return
	}
	t.mu.Lock()
	t.d = &d
	t.mu.Unlock()
	switch {
	case d.ask != "":
		question, _ := a.questions.Load(d.req.Name)
		t.say(ctx, confirm(d, question))
	case d.draft != nil:
		a.goOn(ctx, d)
	default:
		a.reply(ctx, d, a.ask(ctx, d.req))
	}
}

// confirm asks before a button does what it does.
func confirm(d delivery, question any) bot.Card {
	text := d.ask + ": are you sure?"
	if question, ok := question.(string); ok {
		text += " " + question
	}
	return bot.Card{Text: text, Parts: []bot.Part{bot.Text(bot.Say(text)), bot.Buttons{{Action: d.req.Name, Value: d.req.Value, Label: d.ask, Style: bot.Danger}}}}
}

// ask lets the bot answer: whoever typed or pressed something hears of trouble soon.
func (a *Adapter) ask(ctx context.Context, r bot.Request) bot.Reply {
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	return a.bot.Handle(ctx, r)
}

// reply answers with what the bot said: the first thing directly, the others below it.
func (a *Adapter) reply(ctx context.Context, d delivery, reply bot.Reply) {
	t := d.turn
	if reply.Home != nil && reply.Say == nil {
		reply.Say = reply.Home // Discord has no home page: it is a message
	}
	if len(reply.Errors) > 0 && reply.Say == nil {
		card := bot.ErrorCard(reply.Errors)
		reply.Say = &card
	}
	switch {
	case d.req.Kind == bot.KindSearch:
		t.answer(ctx, answer{Type: answerAutocomplete, Data: map[string]any{"choices": choices(reply.Options, d.verb == verbPicks)}})
		return
	case reply.Form != nil:
		a.openForm(ctx, d, *reply.Form)
	case reply.Update != nil && d.in.Message != nil:
		t.answer(ctx, a.cardNow(ctx, answerUpdate, *reply.Update, d.in.Message.Flags&flagEphemeral))
		reply.Update = nil
	case reply.Post != nil && reply.Say == nil && len(reply.Post.Files) == 0:
		t.answer(ctx, a.cardNow(ctx, answerMessage, *reply.Post, 0))
		reply.Post = nil
	case reply.Say != nil && len(reply.Say.Files) == 0:
		t.say(ctx, *reply.Say)
		reply.Say = nil
	case d.in.Type == kindComponent:
		t.answer(ctx, answer{Type: answerUpdateLater})
	case reply.Say == nil && reply.Post == nil && reply.Update == nil:
		t.say(ctx, bot.Sentence("Done."))
		return
	default: // with files, which only a message of its own can have
		t.answer(ctx, answer{Type: answerLater, Data: map[string]any{"flags": flagEphemeral}})
	}
	a.follow(ctx, d, reply)
}

// follow shows what did not fit into the answer.
func (a *Adapter) follow(ctx context.Context, d delivery, reply bot.Reply) {
	if reply.Update != nil && d.in.Message != nil {
		d.turn.followUp(ctx, http.MethodPatch, original, *reply.Update, 0)
	}
	if reply.Say != nil {
		d.turn.followUp(ctx, http.MethodPost, "", *reply.Say, flagEphemeral)
	}
	if reply.Post == nil {
		return
	}
	if reply.Say == nil {
		d.turn.forget(ctx)
	}
	if _, err := a.send(ctx, d.req.Channel, *reply.Post, "", ""); err != nil {
		a.log.WarnContext(ctx, "card could not be posted, the person gets it alone", "err", err)
		d.turn.followUp(ctx, http.MethodPost, "", *reply.Post, flagEphemeral)
	}
}

func (a *Adapter) cardNow(ctx context.Context, kind int, card bot.Card, flags int) answer {
	m, err := a.draw(ctx, card)
	if err != nil {
		a.log.ErrorContext(ctx, "card could not be drawn", "err", err)
		m = message{Content: shorten(card.Text, maxContent), AllowedMentions: allowedMentions{Parse: []string{}}}
	}
	m.quiet(flags&flagEphemeral != 0)
	m.Flags, m.Attachments, m.files = flags, nil, nil
	return answer{Type: kind, Data: m}
}
