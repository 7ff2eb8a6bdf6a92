package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// texted are the photos of a text, as the desk takes them.
func texted(r Request) []desk.Upload {
	uploads := make([]desk.Upload, len(r.Files))
	for i, id := range r.Files {
		uploads[i] = desk.Upload{Platform: string(r.Platform), SourceID: id}
	}
	return uploads
}

// wordsByText answers a text without a verb: its words and photos are a note on the one call that it can be about.
func (b *Bot) wordsByText(ctx context.Context, a desk.Actor, r Request) (Reply, error) {
	if handled, err := b.handled(ctx, a); err != nil || handled {
		return Reply{}, err // the call it was put to may be closed by now
	}
	if r.Text == "" && len(r.Files) == 0 || !a.Can(desk.NoteCalls) {
		return say(textHelp), nil
	}
	if id := number(strings.Trim(r.Text, ".#! ")); id != 0 {
		photos, words, err := b.Desk.Loose(ctx, a)
		if err != nil {
			return Reply{}, err
		}
		if photos > 0 || words { // the answer to "which call is it for?"
			r.Text = ""
			return b.noteByText(ctx, a, r, id)
		}
	}
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	if id := workingOn(hands); id != 0 {
		return b.noteByText(ctx, a, r, id)
	}
	if len(r.Files) > 0 || len(hands.Mine) > 1 {
		return b.whichCall(ctx, a, r)
	}
	if len(hands.Asked) > 0 {
		id := hands.Asked[0].Call.ID
		return say("Call %d waits for your answer: text A %d to accept, or D %d and a reason to decline. Other words go with a call that you have.", id, id, id), nil
	}
	return say(textHelp), nil
}

// handled reports whether this text was delivered before.
func (b *Bot) handled(ctx context.Context, a desk.Actor) (bool, error) {
	if a.Key == "" {
		return false, nil
	}
	return b.Desk.Handled(ctx, a.Key)
}

// workingOn is the one call that words without a number can be about: the only one in hand, or the only one at which they are on
// site; 0 if there is none or several.
func workingOn(hands desk.Hands) int64 {
	if len(hands.Mine) == 1 {
		return hands.Mine[0].Call.ID
	}
	id, at := int64(0), 0
	for _, h := range hands.Mine {
		if h.Call.Progress == desk.OnSite {
			id, at = h.Call.ID, at+1
		}
	}
	if at == 1 {
		return id
	}
	return 0
}

// whichCall keeps words and photos that can be about several calls, or about none in hand, and asks which call they are for.
func (b *Bot) whichCall(ctx context.Context, a desk.Actor, r Request) (Reply, error) {
	waiting, err := b.Desk.KeepLoose(ctx, a, r.Text, texted(r))
	if err != nil {
		return Reply{}, err
	}
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	kept := "I keep your words for an hour"
	if waiting > 0 {
		kept = "I keep " + plural(int64(waiting), "photo") + " until then"
	}
	if len(hands.Mine) == 0 {
		return say("Which call is it for? You have none at the moment. Text N and the number of the call, such as N 42. %s.", kept), nil
	}
	lines := make([]string, 0, textCalls)
	for _, h := range hands.Mine[:min(len(hands.Mine), textCalls)] {
		lines = append(lines, fmt.Sprintf("%d %s", h.Call.ID, clip(h.CustomerName, 24)))
	}
	return say("Which call is it for? Text N %d, or another number: %s. %s.", hands.Mine[0].Call.ID, strings.Join(lines, ", "), kept), nil
}

// noteByText adds words and photos to a call and says where they went.
func (b *Bot) noteByText(ctx context.Context, a desk.Actor, r Request, id int64) (Reply, error) {
	photos, err := b.Desk.NoteByText(ctx, a, id, r.Text, texted(r))
	if err != nil {
		return Reply{}, err
	}
	if r.Name == verbNote && photos == 0 {
		return say("Your note is with call %d.", id), nil
	}
	v, err := b.Desk.CallView(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	what := "Noted"
	if photos > 0 {
		what = plural(int64(photos), "photo") + " added"
	}
	hint := ""
	if r.Name == "" {
		hint = " Everybody on the desk sees it in its thread."
	}
	return say("%s to call %d (%s).%s", what, id, clip(v.Customer.Name, 30), hint), nil
}

// alsoDoes is who does a second thing with one text, which is remembered under a key of its own.
func alsoDoes(a desk.Actor, what string) desk.Actor {
	if a.Key != "" {
		a.Key += ":" + what
	}
	return a
}

// stepWithPhotos does what a verb asks for, and keeps the photos that came with it whether or not that can be done.
func (b *Bot) stepWithPhotos(ctx context.Context, a desk.Actor, r Request, id int64) (Reply, error) {
	count, err := b.Desk.NoteByText(ctx, alsoDoes(a, "photos"), id, "", texted(r))
	if err != nil {
		return Reply{}, err
	}
	reply, err := b.stepByText(ctx, a, r, id)
	if err != nil || reply.Say == nil || count == 0 {
		return reply, err
	}
	return say("%s %s kept with it.", reply.Say.Text, plural(int64(count), "photo")), nil
}

// photosOfStep keeps the photos that came with M 12, for the step that comes next.
func (b *Bot) photosOfStep(ctx context.Context, a desk.Actor, c desk.Checklist, r Request) (Reply, error) {
	id := c.Task.PmTask.ID
	if c.At >= len(c.Steps) {
		return say("Every step of maintenance %d has its answer, so I don't know what the photo shows. M %d back goes back to the last step.", id, id), nil
	}
	step := c.Steps[c.At]
	if step.Kind == desk.StepPhoto {
		err := b.Desk.AnswerStep(ctx, a, id, c.At, desk.Found{Note: r.Text, Photos: texted(r)})
		if err != nil {
			return Reply{}, refusedByText(err)
		}
		news := fmt.Sprintf("%s kept with step %d.", plural(int64(len(r.Files)), "photo"), c.At+1)
		if c, err = b.Desk.Checklist(ctx, a, id); err != nil {
			return Reply{}, err
		}
		return textOfTask(c, news), nil
	}
	if err := b.Desk.AddStepPhotos(ctx, alsoDoes(a, "photos"), id, c.At, texted(r)); err != nil {
		return Reply{}, refusedByText(err)
	}
	if r.Text != "" {
		return b.answerByText(ctx, a, c, r.Text)
	}
	return textOfTask(c, fmt.Sprintf("%s kept with step %d.", plural(int64(len(r.Files)), "photo"), c.At+1)), nil
}
