package slackbot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
)

const tooLate = "This could not be saved in time. Nothing you typed is lost: please send it again, it will be kept only once."

// optionList is the answer to a search; an empty list must be there too.
type optionList struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

// notStored is the answer to an event that could not be stored: Slack brings it again, three times in an hour.
// https://docs.slack.dev/apis/events-api#retries
type notStored struct{}

// answer acts on a delivery. Submissions and searches are answered here and now, a button is acknowledged once what it does
// is stored; anything else is acknowledged with nil while the work goes on.
func (a *Adapter) answer(d delivery) (answer any) {
	defer func() {
		if p := recover(); p != nil {
			answer = a.sorry(d, a.back.Panicked(a.back.Context(), p))
		}
	}()
	switch d.req.Kind {
	case bot.KindForm:
		if response := a.submission(d); response != nil {
			return response
		}
		return nil
	case bot.KindSearch:
		reply, _ := a.within(a.submit, d)
		list := usable(reply.Options)
		return optionList{Options: options(list[:min(len(list), maxOptions)])}
	case bot.KindThread:
		if reply, inTime := a.within(a.submit, d); !inTime || len(reply.Errors) > 0 {
			return notStored{}
		}
		return nil
	}
	answered := make(chan struct{})
	a.back.Go(func(ctx context.Context) { a.act(ctx, d, answered) })
	if d.req.Kind == bot.KindButton {
		a.await(answered)
	}
	return nil
}

// await waits for the bot's answer, but no longer than Slack waits for an acknowledgement.
func (a *Adapter) await(answered <-chan struct{}) {
	timer := time.NewTimer(a.store)
	defer timer.Stop()
	select {
	case <-answered:
	case <-timer.C: // the person hears what became of it later
	}
}

// sorry is the answer when answering itself went wrong: a form stays open, so that nothing typed is lost.
func (a *Adapter) sorry(d delivery, ref string) any {
	if d.req.Kind == bot.KindForm && d.view != nil && len(d.view.inputs) > 0 {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{d.view.inputs[0]: bot.Apology(ref).Text})
	}
	return nil
}

// handling is the context in which the bot answers: whoever typed a command or pressed a button hears of trouble soon.
func handling(ctx context.Context, kind bot.Kind) (context.Context, context.CancelFunc) {
	switch kind {
	case bot.KindCommand, bot.KindShortcut, bot.KindButton:
		return context.WithTimeout(ctx, handleWithin)
	}
	return context.WithCancel(ctx)
}

// ask lets the bot answer in the background; the reply comes on the channel.
func (a *Adapter) ask(ctx context.Context, cancel context.CancelFunc, d delivery) <-chan bot.Reply {
	replies := make(chan bot.Reply, 1)
	a.back.Go(func(context.Context) {
		defer cancel()
		replies <- a.handle(ctx, d)
	})
	return replies
}

// handle turns a panic of the bot into an apology: what was acknowledged must be answered.
func (a *Adapter) handle(ctx context.Context, d delivery) (reply bot.Reply) {
	defer func() {
		if p := recover(); p != nil {
			card := bot.Apology(a.back.Panicked(ctx, p))
			reply = bot.Reply{Say: &card}
			if d.req.Kind == bot.KindForm && d.view != nil && len(d.view.inputs) > 0 {
				reply = bot.Reply{Errors: map[string]string{"": card.Text}} // on the first field: the form stays open
			}
		}
	}()
	r := d.req
	if d.quoted != (quoted{}) {
		r.Message = a.quote(ctx, d)
	}
	return a.bot.Handle(ctx, r)
}

// within asks the bot and waits no longer than the limit, and a little for a bot that is just giving up itself.
func (a *Adapter) within(limit time.Duration, d delivery) (bot.Reply, bool) {
	ctx, cancel := context.WithTimeout(a.back.Context(), limit)
	replies := a.ask(ctx, cancel, d)
	timer := time.NewTimer(limit + submitGrace)
	defer timer.Stop()
	select {
	case reply := <-replies:
		return reply, true
	case <-timer.C:
		return bot.Reply{}, false
	}
}

// submission answers a sent form; nil closes it.
func (a *Adapter) submission(d delivery) *slack.ViewSubmissionResponse {
	reply, inTime := a.within(a.submit, d)
	if !inTime {
		reply = bot.Reply{Errors: map[string]string{"": tooLate}}
	}
	if len(reply.Errors) > 0 {
		if errs := onInputs(reply.Errors, d.view.inputs); errs != nil {
			return slack.NewErrorsViewSubmissionResponse(errs)
		}
		card := bot.ErrorCard(reply.Errors) // a form without inputs has no place for errors
		reply.Say = &card
	}
	response := a.nextStep(d, &reply)
	if reply.Say != nil || reply.Post != nil || reply.Update != nil || reply.Home != nil {
		a.back.Go(func(ctx context.Context) { a.deliver(ctx, d, reply, viewRef{}) })
	}
	return response
}

// nextStep takes the form out of a reply and shows it in the place of the one that was sent; without one, that closes.
func (a *Adapter) nextStep(d delivery, reply *bot.Reply) *slack.ViewSubmissionResponse {
	if form := reply.Form; form != nil {
		reply.Form = nil
		view, err := modal(*form, d.origin)
		if err == nil {
			return slack.NewUpdateViewSubmissionResponse(&view)
		}
		ref := bot.Reference()
		a.log.Error("form cannot be drawn", "form", form.ID, "ref", ref, "err", err)
		card := bot.Apology(ref)
		reply.Say = &card
	}
	if d.view.stacked {
		return slack.NewClearViewSubmissionResponse()
	}
	return nil
}

// onInputs puts errors where Slack shows them: keys that are no input of the view would make it say that the app could
// not be reached, so their text goes to the first input. Nil if there is none.
func onInputs(errs map[string]string, inputs []string) map[string]string {
	if len(inputs) == 0 {
		return nil
	}
	placed := make(map[string]string, len(errs))
	known := make(map[string]bool, len(inputs))
	for _, input := range inputs {
		known[input] = true
		if text := errs[input]; text != "" {
			placed[input] = text
		}
	}
	for _, field := range sortedKeys(errs) {
		if known[field] || errs[field] == "" {
			continue
		}
		if text := placed[inputs[0]]; text != "" {
			placed[inputs[0]] = text + " " + errs[field]
		} else {
			placed[inputs[0]] = errs[field]
		}
	}
	return placed
}

// act works on what needs no answer but an acknowledgement, and closes answered when the bot is done. If the bot needs
// longer than a moment, the form it will open is shown before its data is there, and filled when it is.
func (a *Adapter) act(ctx context.Context, d delivery, answered chan<- struct{}) {
	within, cancel := handling(ctx, d.req.Kind)
	replies := a.ask(within, cancel, d)
	timer := time.NewTimer(a.preview)
	defer timer.Stop()
	select {
	case reply := <-replies:
		close(answered)
		a.deliver(ctx, d, reply, viewRef{})
		return
	case <-timer.C:
	}
	opened := a.openPreview(ctx, d)
	select {
	case reply := <-replies:
		close(answered)
		a.deliver(ctx, d, reply, opened)
	case <-ctx.Done():
		ref := bot.Reference()
		a.log.Error("the answer took too long", "ref", ref, "name", d.req.Name, "err", ctx.Err())
		card := bot.Apology(ref)
		late, cancel := afterwards(ctx)
		defer cancel()
		a.deliver(late, d, bot.Reply{Say: &card}, opened)
	}
}

// openPreview shows the form that is still being prepared and returns its view; none if there is no such form.
func (a *Adapter) openPreview(ctx context.Context, d delivery) (view viewRef) {
	defer func() {
		if p := recover(); p != nil {
			a.back.Panicked(ctx, p) // the form itself still comes
		}
	}()
	inModal := d.view != nil && d.view.modal
	if d.origin.trigger == "" || inModal {
		return viewRef{}
	}
	form := a.bot.Preview(d.req)
	if form == nil {
		return viewRef{}
	}
	drawn, err := modal(*form, d.origin)
	if err == nil {
		var opened *slack.ViewResponse
		if opened, err = a.patient.OpenViewContext(ctx, d.origin.trigger, drawn); err == nil {
			return viewRef{id: opened.ID, hash: opened.Hash, preview: form}
		}
	}
	a.log.Warn("form could not be shown early", "form", form.ID, "err", err)
	return viewRef{}
}
