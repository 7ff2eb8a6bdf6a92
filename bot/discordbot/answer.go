package discordbot

import (
	"callout/bot"
	"context"
	"errors"
	"time"
)

const tooLate = "This takes longer than Discord waits. Nothing you typed is lost: press Send again, it will be kept only once."

// take acts on an interaction. What respond is called with first is the answer; it is called exactly once, within three seconds.
func (a *Adapter) take(ctx context.Context, in interaction, respond func(answer)) {
	once := false
	first := func(reply answer) {
		if !once {
			once = true
			respond(reply)
		}
	}
	defer func() {
		if p := recover(); p != nil {
			ref := a.back.Panicked(ctx, p)
			first(a.sayNow(ctx, bot.Apology(ref)))
		}
	}()
	if in.Type == kindPing {
		first(answer{Type: answerPong})
		return
	}
	d, err := a.decode(ctx, in)
	switch {
	case errors.Is(err, errUnknown):
		a.log.WarnContext(ctx, "discord sent something unknown", "err", err)
		first(a.sayNow(ctx, bot.Sentence("I don't know this button or command any more. Please start again with /callout help.")))
		return
	case err != nil:
		a.log.WarnContext(ctx, "interaction could not be read", "err", err)
		first(a.sayNow(ctx, bot.Sentence("That was too long ago, or I can't read my notes just now. Please start again.")))
		return
	case d.ask != "":
		first(a.sayNow(ctx, confirm(d)))
		return
	case d.draft != nil:
		a.goOn(ctx, d, first)
		return
	}
	a.handle(ctx, d, first)
}

// confirm asks before a button does what it does.
func confirm(d delivery) bot.Card {
	text := d.ask + ": are you sure?"
	return bot.Card{Text: text, Parts: []bot.Part{bot.Text(bot.Say(text)), bot.Buttons{{Action: d.req.Name, Value: d.req.Value, Label: d.ask, Style: bot.Danger}}}}
}

// ask lets the bot answer in the background; the reply comes on the channel.
func (a *Adapter) ask(ctx context.Context, r bot.Request) <-chan bot.Reply {
	replies := make(chan bot.Reply, 1)
	a.back.Go(func(base context.Context) {
		base, cancel := context.WithTimeout(context.WithoutCancel(base), handleWithin)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				card := bot.Apology(a.back.Panicked(ctx, p))
				replies <- bot.Reply{Say: &card}
			}
		}()
		replies <- a.bot.Handle(base, r)
	})
	return replies
}

// handle asks the bot and answers. If the bot needs longer than a moment, the form it will open is shown as far as it is known, or
// Discord is told to wait.
func (a *Adapter) handle(ctx context.Context, d delivery, first func(answer)) {
	replies := a.ask(ctx, d.req)
	timer := time.NewTimer(a.within)
	defer timer.Stop()
	select {
	case reply := <-replies:
		a.reply(ctx, d, reply, first)
		return
	case <-timer.C:
	}
	if d.req.Kind == bot.KindSearch {
		first(answer{Type: answerAutocomplete, Data: map[string]any{"choices": []any{}}})
		return
	}
	if form := a.bot.Preview(d.req); form != nil {
		a.openForm(ctx, d, *form, first)
		return
	}
	first(answer{Type: answerLater, Data: map[string]any{"flags": flagEphemeral}})
	a.back.Go(func(base context.Context) {
		select {
		case reply := <-replies:
			a.late(base, d, reply)
		case <-base.Done():
		}
	})
}

// reply answers with what the bot said, at once.
func (a *Adapter) reply(ctx context.Context, d delivery, reply bot.Reply, first func(answer)) {
	if reply.Home != nil && reply.Say == nil {
		reply.Say = reply.Home // Discord has no home page: it is a message
	}
	if len(reply.Errors) > 0 && reply.Say == nil {
		card := bot.ErrorCard(reply.Errors)
		reply.Say = &card
	}
	switch {
	case d.req.Kind == bot.KindSearch:
		first(answer{Type: answerAutocomplete, Data: map[string]any{"choices": choices(reply.Options, d.verb == verbPicks)}})
		return
	case reply.Form != nil:
		a.openForm(ctx, d, *reply.Form, first)
	case reply.Update != nil && d.in.Message != nil:
		first(a.cardNow(ctx, answerUpdate, *reply.Update, d.in.Message.Flags&flagEphemeral))
		reply.Update = nil
	case reply.Post != nil && reply.Say == nil && len(reply.Post.Files) == 0:
		first(a.cardNow(ctx, answerMessage, *reply.Post, 0))
		reply.Post = nil
	case reply.Say != nil && len(reply.Say.Files) == 0:
		first(a.sayNow(ctx, *reply.Say))
		reply.Say = nil
	case d.in.Type == kindComponent:
		first(answer{Type: answerUpdateLater})
	case reply.Say == nil && reply.Post == nil && reply.Update == nil:
		first(a.sayNow(ctx, bot.Sentence("Done.")))
		return
	default:
		first(answer{Type: answerLater, Data: map[string]any{"flags": flagEphemeral}})
	}
	if reply.Say != nil || reply.Post != nil || reply.Update != nil {
		a.back.Go(func(base context.Context) { a.follow(base, d, reply) })
	}
}

// late follows up on an interaction that was told to wait.
func (a *Adapter) late(ctx context.Context, d delivery, reply bot.Reply) {
	if reply.Home != nil && reply.Say == nil {
		reply.Say = reply.Home
	}
	switch {
	case len(reply.Errors) > 0 && reply.Say == nil:
		card := bot.ErrorCard(reply.Errors)
		reply.Say = &card
	case reply.Form != nil:
		draft := newDraft(*reply.Form, d.req.Channel)
		if err := a.keepDraft(ctx, draft); err != nil {
			a.log.ErrorContext(ctx, "form could not be kept", "err", err)
			return
		}
		card := draft.step("Your form is ready.", verbNext, "Open")
		reply.Say = &card
	case reply.Say == nil && reply.Post == nil && reply.Update == nil:
		card := bot.Sentence("Done.")
		reply.Say = &card
	}
	a.follow(ctx, d, reply)
}

// follow shows what did not fit into the answer.
func (a *Adapter) follow(ctx context.Context, d delivery, reply bot.Reply) {
	if reply.Update != nil && d.in.Message != nil {
		a.followUp(ctx, d, "PATCH", "/messages/"+d.in.Message.ID, *reply.Update, 0)
	}
	if reply.Say != nil {
		a.followUp(ctx, d, "POST", "", *reply.Say, flagEphemeral)
	}
	if reply.Post != nil {
		if _, err := a.send(ctx, d.req.Channel, *reply.Post, "", ""); err != nil {
			a.log.WarnContext(ctx, "card could not be posted, the person gets it alone", "err", err)
			a.followUp(ctx, d, "POST", "", *reply.Post, flagEphemeral)
		}
	}
}

// followUp writes below, or changes, what an interaction was answered with:
// https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
func (a *Adapter) followUp(ctx context.Context, d delivery, method, path string, card bot.Card, flags int) {
	m, err := a.draw(ctx, card)
	if err == nil {
		m.Flags = flags
		_, err = a.call(ctx, method, apiRoot+"webhooks/"+a.opts.AppID+"/"+d.in.Token+path, apiRoot+"webhooks/"+a.opts.AppID, m)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "reply could not be shown", "name", d.req.Name, "err", err)
	}
}

// sayNow answers with a card that only the person sees.
func (a *Adapter) sayNow(ctx context.Context, card bot.Card) answer {
	return a.cardNow(ctx, answerMessage, card, flagEphemeral)
}

func (a *Adapter) cardNow(ctx context.Context, kind int, card bot.Card, flags int) answer {
	m, err := a.draw(ctx, card)
	if err != nil {
		a.log.ErrorContext(ctx, "card could not be drawn", "err", err)
		m = message{Content: shorten(card.Text, maxContent), AllowedMentions: allowedMentions{Parse: []string{}}}
	}
	m.Flags, m.Attachments = flags, nil
	return answer{Type: kind, Data: m}
}
