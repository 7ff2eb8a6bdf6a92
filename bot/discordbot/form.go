package discordbot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"callout/bot"
)

// openForm begins a form. Where a modal may not follow, behind another one, a button opens it.
func (a *Adapter) openForm(ctx context.Context, d delivery, form bot.Form) {
	draft := newDraft(form, d.req.Channel)
	for _, fill := range d.fills {
		a.prefill(ctx, d, draft, fill)
	}
	if draft.next() == nil { // everything was said already: it is shown once more
		clear(draft.Asked)
	}
	a.showNext(ctx, d, draft)
}

// goOn continues a form: with what was filled in, with a choice, or with a button below what was said about it.
func (a *Adapter) goOn(ctx context.Context, d delivery) {
	draft := d.draft
	var changed []string
	switch {
	case d.modal != nil:
		changed = draft.fill(*d.modal)
	case strings.HasPrefix(d.verb, verbChoose):
		changed = []string{strings.TrimPrefix(d.verb, verbChoose)}
	case d.verb == verbSave:
		a.submit(ctx, d)
		return
	case d.verb == verbAll:
		clear(draft.Asked)
		a.showNext(ctx, d, draft)
		return
	case d.verb == verbNext, d.verb == verbFix:
		a.showNext(ctx, d, draft)
		return
	}
	if a.unclear(ctx, d) {
		return
	}
	for _, name := range changed {
		if f, ok := draft.field(name); ok && f.Refresh {
			a.change(ctx, d, draft, name)
		}
	}
	if draft.next() == nil {
		a.submit(ctx, d)
		return
	}
	a.showNext(ctx, d, draft)
}

// unclear asks which of several was meant by what was typed. One that is found alone is taken.
func (a *Adapter) unclear(ctx context.Context, d delivery) bool {
	draft := d.draft
	for _, f := range draft.Form.Fields {
		typed := draft.Unclear[f.Name]
		if typed == "" {
			continue
		}
		options := a.search(ctx, d, draft, f.Name, typed)
		for _, o := range options {
			draft.Labels[f.Name+"|"+o.Value] = o.Label
		}
		if o, ok := meant(typed, options); ok {
			draft.choose(f.Name, o.Value)
			continue
		}
		a.which(ctx, d, f, typed, options)
		return true
	}
	return false
}

// meant is what was found alone, or what is called exactly as it was typed.
func meant(typed string, options []bot.Option) (bot.Option, bool) {
	if len(options) == 1 {
		return options[0], true
	}
	same := slices.DeleteFunc(slices.Clone(options), func(o bot.Option) bool { return !strings.EqualFold(o.Label, typed) })
	if len(same) == 1 {
		return same[0], true
	}
	return bot.Option{}, false
}

// which shows what was found for what was typed.
func (a *Adapter) which(ctx context.Context, d delivery, f bot.Field, typed string, options []bot.Option) {
	draft := d.draft
	draft.Asked[f.Name] = false
	before := draft.steps()
	if err := a.keepDraft(ctx, draft); err != nil {
		a.lost(ctx, d, err)
		return
	}
	options = slices.DeleteFunc(slices.Clone(options), func(o bot.Option) bool { return !usable(o) })
	label := cmp.Or(f.Label, f.Name)
	text := fmt.Sprintf("%s: which “%s” do you mean?", label, typed)
	if len(options) == 0 {
		text = fmt.Sprintf("%s: I found nothing for “%s”. Please type it another way.", label, typed)
	}
	reply := a.step(ctx, d, before, draft.step(text, verbFix, "Type it again"))
	if m, ok := reply.Data.(message); ok && len(options) > 0 {
		m.Components = append([]component{pick(draft, f, options)}, m.Components...)
		reply.Data = m
	}
	d.turn.answer(ctx, reply)
}

// search asks the bot what a field may be.
func (a *Adapter) search(ctx context.Context, d delivery, draft *draft, field, typed string) []bot.Option {
	r := d.req
	r.Kind, r.Name, r.Field, r.Text, r.State, r.Values = bot.KindSearch, draft.Form.ID, field, typed, draft.Form.State, draft.Values
	return a.bot.Handle(ctx, r).Options
}

// change tells the bot that a field changed, and takes the form that it makes of it.
func (a *Adapter) change(ctx context.Context, d delivery, draft *draft, field string) {
	r := d.req
	r.Kind, r.Name, r.Field, r.State, r.Values = bot.KindChange, draft.Form.ID, field, draft.Form.State, draft.Values
	if reply := a.bot.Handle(ctx, r); reply.Form != nil {
		draft.take(*reply.Form)
	}
}

// showNext shows the next fields: in a modal, or behind a button where Discord allows none.
func (a *Adapter) showNext(ctx context.Context, d delivery, draft *draft) {
	fields := draft.next()
	if len(fields) == 0 { // a form that is only read
		d.turn.say(ctx, draft.read())
		return
	}
	before := draft.Stepped
	draft.Stepped = before || d.in.Type == kindModal
	if err := a.keepDraft(ctx, draft); err != nil {
		a.lost(ctx, d, err)
		return
	}
	if d.in.Type != kindModal {
		d.turn.answer(ctx, answer{Type: answerModal, Data: draft.show(fields)})
		return
	}
	card := draft.step("Thank you. There is a little more to fill in.", verbNext, "Continue")
	if draft.optional() {
		card = draft.step("That is all I need. You may add more.", verbSave, cmp.Or(draft.Form.Submit, "Save"))
		card.Parts = append(card.Parts, bot.Buttons{{Action: draftAction(draft, verbNext), Label: "Add more"}})
	}
	if known := draft.known(); known != nil {
		card.Parts = slices.Insert(card.Parts, 1, bot.Part(bot.Text(known)))
	}
	card.Parts = append(draft.unread(), card.Parts...)
	d.turn.answer(ctx, a.step(ctx, d, before, card))
}

// submit sends the form to the bot. Refused fields are shown again with everything that was typed.
func (a *Adapter) submit(ctx context.Context, d delivery) {
	draft := d.draft
	d.req = draft.request(d.req)
	reply := a.ask(ctx, d.req)
	if len(reply.Errors) > 0 {
		a.again(ctx, d, reply.Errors)
		return
	}
	d.draft = nil
	if reply.Form != nil { // the next step of what is one form elsewhere
		next := newDraft(*reply.Form, draft.Channel)
		a.showNext(ctx, d, next)
		return
	}
	if reply.Say == nil && reply.Post == nil {
		card := bot.Sentence("Done.")
		reply.Say = &card
	}
	if draft.Stepped && d.in.ephemeral() && reply.Say != nil && len(reply.Say.Files) == 0 { // nobody presses its buttons again
		d.turn.answer(ctx, a.cardNow(ctx, answerUpdate, *reply.Say, flagEphemeral))
		reply.Say = nil
		a.follow(ctx, d, reply)
		return
	}
	a.reply(ctx, d, reply)
}

// again says what was wrong with a form, and offers to put it right. A long form shows first what was refused.
func (a *Adapter) again(ctx context.Context, d delivery, errs map[string]string) {
	draft := d.draft
	var lines []string
	fix := false
	for _, f := range draft.Form.Fields {
		if text := errs[f.Name]; text != "" {
			lines = append(lines, cmp.Or(f.Label, f.Name)+": "+text)
			draft.Asked[f.Name], fix = false, true
		}
	}
	for field, text := range errs {
		if _, known := draft.field(field); !known && text != "" {
			lines = append(lines, text)
		}
	}
	short := draft.short()
	if short {
		clear(draft.Asked)
	}
	before := draft.steps()
	if err := a.keepDraft(ctx, draft); err != nil {
		a.lost(ctx, d, err)
		return
	}
	verb, button := verbSave, "Send again"
	if fix {
		verb, button = verbFix, "Put it right"
	}
	card := draft.step(strings.Join(lines, "\n"), verb, button)
	if !fix || !short {
		card.Parts = append(card.Parts, bot.Buttons{{Action: draftAction(draft, verbAll), Label: "See all of it"}})
	}
	d.turn.answer(ctx, a.step(ctx, d, before, card))
}

// lost says that the form could not be kept, with what was typed, which is nowhere else.
func (a *Adapter) lost(ctx context.Context, d delivery, err error) {
	a.log.ErrorContext(ctx, "form could not be kept", "err", err)
	d.turn.say(ctx, withTyped("I can't reach my database just now. Please start again in a minute.", d.draft.typedSoFar()))
}

// step is a message about a form that goes on. It takes the place of the one before, but not of a card on which the form was opened.
func (a *Adapter) step(ctx context.Context, d delivery, before bool, card bot.Card) answer {
	if before && d.in.ephemeral() {
		return a.cardNow(ctx, answerUpdate, card, flagEphemeral)
	}
	return a.cardNow(ctx, answerMessage, card, flagEphemeral)
}

// step says something about a form, with a button that goes on.
func (d *draft) step(text, verb, button string) bot.Card {
	return bot.Card{Text: text, Parts: []bot.Part{
		bot.Text(bot.Say(text)), bot.Buttons{{Action: draftAction(d, verb), Label: button, Style: bot.Primary}},
	}}
}

// read is a form without anything to fill, as a card.
func (d *draft) read() bot.Card {
	card := bot.Card{Text: d.Form.Title, Parts: []bot.Part{bot.Heading(d.Form.Title)}}
	for _, f := range d.Form.Fields {
		if f.Kind == bot.FieldNote {
			card.Parts = append(card.Parts, bot.Text(f.Note))
		}
	}
	return card
}
