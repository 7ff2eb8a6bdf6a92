package slackbot

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/slack-go/slack"

	"callout/bot"
)

const pressAgain = "That took too long for Slack, and the form did not open. Please press or type it again."

// deliver shows a reply wherever it belongs. opened is the view that was shown early, if one was.
func (a *Adapter) deliver(ctx context.Context, d delivery, reply bot.Reply, opened viewRef) {
	if d.req.Kind == bot.KindChange {
		a.change(ctx, d, reply)
	} else if opened.id == "" && d.view != nil && d.view.modal && d.req.Kind == bot.KindButton {
		opened = *d.view // a button in a modal is answered in it
	}
	switch {
	case d.req.Kind == bot.KindChange:
	case opened.id != "":
		a.fill(ctx, d, reply, opened)
	case reply.Form != nil:
		a.open(ctx, d, *reply.Form)
	case len(reply.Errors) > 0 && reply.Say == nil:
		card := bot.ErrorCard(reply.Errors)
		reply.Say = &card
	}
	if reply.Update != nil {
		a.update(ctx, d, *reply.Update)
	}
	if reply.Say != nil && opened.id == "" {
		a.say(ctx, d, *reply.Say)
	}
	if reply.Post != nil {
		a.post(ctx, d, *reply.Post)
	}
	if reply.Home != nil {
		a.home(ctx, d, *reply.Home)
	}
}

// change shows the changed form. The hash makes Slack refuse it if a newer change was shown meanwhile, which is right.
func (a *Adapter) change(ctx context.Context, d delivery, reply bot.Reply) {
	if reply.Form == nil {
		return
	}
	view, err := modal(*reply.Form, d.origin)
	if err == nil {
		_, err = a.patient.UpdateViewContext(ctx, view, "", d.view.hash, d.view.id)
	}
	if code := errorCode(err); err != nil && code != "hash_conflict" && code != "not_found" {
		a.log.ErrorContext(ctx, "form could not be changed", "form", reply.Form.ID, "err", err)
	}
}

// open opens a form. A trigger that was used already belongs to a repeated delivery: its form is open.
func (a *Adapter) open(ctx context.Context, d delivery, form bot.Form) {
	view, err := modal(form, d.origin)
	if err == nil {
		_, err = a.patient.OpenViewContext(ctx, d.origin.trigger, view)
	}
	switch errorCode(err) {
	case "":
		if err == nil {
			return
		}
	case "exchanged_trigger_id", "trigger_exchanged":
		return
	case "expired_trigger_id", "trigger_expired":
		a.say(ctx, d, bot.Sentence(pressAgain))
		return
	}
	ref := bot.Reference()
	a.log.ErrorContext(ctx, "form could not be opened", "form", form.ID, "ref", ref, "err", err, "detail", detail(err))
	a.say(ctx, d, bot.Apology(ref))
}

// fill puts the reply into a view that is open already. A form does not replace one that was changed meanwhile: that
// one is newer. Nor does it replace one that shows the same: the new hash would make Slack refuse a change on its way.
func (a *Adapter) fill(ctx context.Context, d delivery, reply bot.Reply, opened viewRef) {
	if reply.Form != nil && reflect.DeepEqual(reply.Form, opened.preview) {
		return
	}
	var view slack.ModalViewRequest
	var err error
	hash := ""
	switch {
	case reply.Form != nil:
		view, err = modal(*reply.Form, d.origin)
		hash = opened.hash
	case reply.Say != nil:
		view, err = cardView("", *reply.Say, d.origin)
	case len(reply.Errors) > 0:
		view, err = cardView("", bot.ErrorCard(reply.Errors), d.origin)
	case d.req.Kind == bot.KindButton && d.view != nil:
		return // the modal stays as it is
	default:
		view, err = cardView("", bot.Sentence("Done."), d.origin)
	}
	if err == nil {
		_, err = a.patient.UpdateViewContext(ctx, view, "", hash, opened.id)
	}
	if err == nil {
		if reply.Say != nil {
			a.shareWith(ctx, d.req.User, reply.Say.Files)
		}
		return
	}
	if code := errorCode(err); code != "not_found" && code != "hash_conflict" { // closed or changed meanwhile
		a.log.ErrorContext(ctx, "open form could not be filled", "name", d.req.Name, "err", err, "detail", detail(err))
	}
	if reply.Say != nil {
		a.say(ctx, d, *reply.Say)
	}
}

// say shows a card to the person alone: by response_url, as an ephemeral message, in a modal, or as a direct message,
// whichever is possible first.
func (a *Adapter) say(ctx context.Context, d delivery, card bot.Card) {
	ways := []func() error{}
	if d.origin.response != "" {
		ways = append(ways, func() error { return a.respond(ctx, d.origin.response, card, false) })
	}
	switch {
	case isDirect(d.origin.channel):
		ways = append(ways, func() error { _, _, err := a.send(ctx, a.patient, d.origin.channel, card); return err })
	case d.origin.channel != "":
		ways = append(ways, func() error { return a.whisper(ctx, d.origin.channel, d.req.User, card) })
	case d.origin.trigger != "" && d.req.Kind != bot.KindForm:
		ways = append(ways, func() error { return a.openCard(ctx, d, card) })
	}
	ways = append(ways, func() error { return a.direct(ctx, d.req.User, card) })
	var err error
	for _, way := range ways {
		if err = way(); err == nil {
			a.shareWith(ctx, d.req.User, card.Files)
			return
		}
	}
	a.log.ErrorContext(ctx, "reply could not be shown", "name", d.req.Name, "err", err, "detail", detail(err))
}

func (a *Adapter) openCard(ctx context.Context, d delivery, card bot.Card) error {
	view, err := cardView("", card, d.origin)
	if err == nil {
		_, err = a.patient.OpenViewContext(ctx, d.origin.trigger, view)
	}
	return err
}

// post shows a card to everybody in the channel, and its files in the thread below.
func (a *Adapter) post(ctx context.Context, d delivery, card bot.Card) {
	channel := d.origin.channel
	var ts string
	var err error
	if channel != "" {
		channel, ts, err = a.send(ctx, a.patient, channel, card)
	} else if channel, err = a.dm(ctx, a.patient, d.req.User); err == nil {
		channel, ts, err = a.send(ctx, a.patient, channel, card)
	}
	if err == nil {
		if err = a.share(ctx, a.patient, channel, ts, card.Files); err == nil {
			return
		}
		a.log.WarnContext(ctx, "files go to a direct message instead", "err", err)
		a.shareWith(ctx, d.req.User, card.Files)
		return
	}
	// A private channel without the app, or a conversation between others: the response_url still reaches it.
	if d.origin.response != "" && a.respondPublic(ctx, d.origin.response, card) == nil {
		a.shareWith(ctx, d.req.User, card.Files)
		return
	}
	a.log.WarnContext(ctx, "card could not be posted, the person gets it alone", "err", err)
	a.say(ctx, d, card)
}

// update puts a card in the place of the message whose button was pressed.
func (a *Adapter) update(ctx context.Context, d delivery, card bot.Card) {
	var err error
	switch {
	case d.origin.message == "":
		a.say(ctx, d, card)
		return
	case d.origin.ephemeral:
		err = a.respond(ctx, d.origin.response, card, true)
	default:
		if err = a.edit(ctx, a.patient, d.origin.channel, d.origin.message, card); err != nil && d.origin.response != "" {
			err = a.respond(ctx, d.origin.response, card, true)
		}
	}
	if err != nil {
		a.log.ErrorContext(ctx, "message could not be changed", "name", d.req.Name, "err", err, "detail", detail(err))
	}
}

// home publishes somebody's Home tab: https://docs.slack.dev/reference/methods/views.publish
func (a *Adapter) home(ctx context.Context, d delivery, card bot.Card) {
	_, err := a.patient.PublishViewContext(ctx, slack.PublishViewContextRequest{
		UserID: d.req.User,
		View:   slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: viewBlocks(card)}},
	})
	if err != nil {
		a.log.ErrorContext(ctx, "home tab could not be published", "err", err, "detail", detail(err))
	}
}

func isDirect(channel string) bool { return channel != "" && channel[0] == 'D' }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
