package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/desk"
)

// The forms that walk through the checklist of a task. The State of formStep is the task's number and the step that is shown, from
// 0; where somebody is, the database knows, so that they carry on anywhere.
const (
	formStep   = "task.step"
	formFinish = "task.finish"
)

// What comes after a step, as its form asks.
const (
	thenNext   = "next"
	thenBack   = "back"
	thenLeave  = "leave"
	thenStop   = "stop"
	thenFinish = "finish"
)

func checklistTopic() topic {
	return topic{
		buttons: map[string]handler{formStep: (*Bot).startTask},
		forms:   map[string]handler{formStep: (*Bot).submitFound, formFinish: (*Bot).submitFinish},
	}
}

// startTask begins a task, or carries on with it where it was left.
func (b *Bot) startTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	c, err := b.Desk.StartTask(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: b.checklistForm(a, c, nil)}, nil
}

// checklistForm shows the step that comes next, below what the one before led to; after the last one it asks to finish.
func (b *Bot) checklistForm(a desk.Actor, c desk.Checklist, news Words) *Form {
	if c.At >= len(c.Steps) {
		return b.finishForm(a, c, news, Values{})
	}
	at := c.At
	s := c.Steps[at]
	form := &Form{
		ID: formStep, Title: clip(fmt.Sprintf("Maintenance %d", c.Task.PmTask.ID), 24), Submit: "Save and go on", State: fmt.Sprintf("%d %d", c.Task.PmTask.ID, at),
	}
	if len(news) > 0 {
		form.Fields = append(form.Fields, Field{Name: "news", Kind: FieldNote, Note: news})
	}
	head := Say(Bold(fmt.Sprintf("Step %d of %d", at+1, len(c.Steps))), " · "+c.Task.Model+" "+c.Task.Serial+"\n", s.Text)
	if s.Optional {
		head = append(head, Span{Text: " (may be left out)", Italic: true})
	}
	form.Fields = append(form.Fields, Field{Name: "step", Kind: FieldNote, Note: head}, answerField(s, at),
		Field{Name: stepField("note", at), Kind: FieldText, Label: "Note", Optional: true, Max: desk.MaxStepNote, Value: s.Answer.Note, Placeholder: notePlaceholder(s)},
		thenField(at))
	return form
}

func notePlaceholder(s desk.ChecklistStep) string {
	if s.Kind == desk.StepPass {
		return "What you found, if it is no pass"
	}
	return ""
}

// stepField names a field after its step: else Slack would keep what was typed at the step before.
func stepField(name string, at int) string { return name + "_" + strconv.Itoa(at) }

// answerField is the input of a step's kind. It may stay empty, because one may go back or stop instead.
func answerField(s desk.ChecklistStep, at int) Field {
	f := Field{Name: stepField("answer", at), Label: "Answer", Optional: true, Value: s.Answer.Value, Max: desk.MaxAnswer}
	switch s.Kind {
	case desk.StepCheck:
		f.Kind, f.Label, f.Max = FieldChecks, "Is it done?", 0
		f.Options = []Option{{Value: desk.FoundDone, Label: "Done"}}
		f.Chosen = chosenOf(f.Options, s.Answer.Result)
	case desk.StepPass:
		f.Kind, f.Label, f.Max = FieldRadio, "How is it?", 0
		f.Options = []Option{
			{Value: desk.FoundPass, Label: "Pass"},
			{Value: desk.FoundFlag, Label: "Flag", Note: "Works, but is to be watched"},
			{Value: desk.FoundFail, Label: "Fail", Note: "Opens a call with your note"},
		}
		f.Chosen = chosenOf(f.Options, s.Answer.Result)
	case desk.StepNumber:
		f.Kind, f.Max, f.Hint = FieldLine, 40, numberHint(s)
	case desk.StepChoice:
		f.Kind, f.Max = FieldRadio, 0
		for i, choice := range s.Choices {
			o := Option{Value: strconv.Itoa(i), Label: choice}
			f.Options = append(f.Options, o)
			if choice == s.Answer.Value {
				f.Chosen = []Option{o}
			}
		}
	case desk.StepPhoto:
		return Field{
			Name: stepField("photos", at), Kind: FieldFiles, Label: "Photos", Optional: true, Max: 5, Types: []string{"jpg", "jpeg", "png", "heic"},
			Hint: photoHint(s),
		}
	default:
		f.Kind = FieldText
	}
	return f
}

func photoHint(s desk.ChecklistStep) string {
	if s.Answered && s.Answer.Result == desk.FoundDone {
		return "Photos are there already; you may add more."
	}
	return ""
}

// numberHint says what a number should be, and what it was.
func numberHint(s desk.ChecklistStep) string {
	var parts []string
	switch {
	case s.Min != nil || s.Max != nil:
		parts = append(parts, s.Wanted())
	case s.Unit != "":
		parts = append(parts, "in "+s.Unit)
	}
	if s.Last != "" {
		parts = append(parts, "last time "+s.Shown(s.Last))
	}
	return strings.Join(parts, " · ")
}

// thenField asks what comes after the step. Going on is what is nearly always meant.
func thenField(at int) Field {
	options := []Option{{Value: thenNext, Label: "Save and go on"}}
	if at > 0 {
		options = append(options, Option{Value: thenBack, Label: "Go back one step"})
	}
	options = append(options, Option{Value: thenLeave, Label: "Leave this step for later"},
		Option{Value: thenStop, Label: "Stop here and carry on later"}, Option{Value: thenFinish, Label: "Finish, with steps left"})
	return Field{Name: stepField("then", at), Kind: FieldRadio, Label: "Then", Options: options, Chosen: options[:1]}
}

// submitFound keeps what was found at a step, and shows what was asked for next.
func (b *Bot) submitFound(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	first, second, _ := strings.Cut(r.State, " ")
	id, at := number(first), int(number(second))
	c, err := b.Desk.Checklist(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if at >= len(c.Steps) {
		return Reply{Form: b.checklistForm(a, c, nil)}, nil
	}
	found := foundIn(r, c.Steps[at], at)
	then := r.Values.Get(stepField("then", at))
	if err := b.keepFound(ctx, a, c, at, found, then); err != nil {
		return Reply{}, fieldsOf(err, map[string]string{
			"answer": stepField("answer", at), "note": stepField("note", at), "photos": stepField("photos", at),
		})
	}
	if c, err = b.Desk.Checklist(ctx, a, id); err != nil {
		return Reply{}, err
	}
	switch then {
	case thenStop:
		return b.stopped(ctx, r, a, c)
	case thenFinish:
		return Reply{Form: b.finishForm(a, c, newsOf(c.Steps[at], at), Values{})}, nil
	case thenBack, thenLeave:
		return Reply{Form: b.checklistForm(a, c, nil)}, nil
	}
	return Reply{Form: b.checklistForm(a, c, newsOf(c.Steps[at], at))}, nil
}

// foundIn reads the fields of a step.
func foundIn(r Request, s desk.ChecklistStep, at int) desk.Found {
	f := desk.Found{Value: r.Values.Get(stepField("answer", at)), Note: r.Values.Get(stepField("note", at)), Photos: uploads(r, stepField("photos", at))}
	if s.Kind == desk.StepChoice && f.Value != "" {
		if i := number(f.Value); i < int64(len(s.Choices)) {
			f.Value = s.Choices[i]
		}
	}
	return f
}

// keepFound stores an answer, and where to go from there. Who goes back, stops or finishes may have answered or not: what they did
// type is kept all the same.
func (b *Bot) keepFound(ctx context.Context, a desk.Actor, c desk.Checklist, at int, f desk.Found, then string) error {
	id := c.Task.PmTask.ID
	switch then {
	case thenLeave:
		return b.Desk.LeaveStep(ctx, a, id, at, f.Note)
	case thenBack, thenStop, thenFinish:
		if err := b.keepTyped(ctx, a, c, at, f); err != nil || then == thenFinish {
			return err
		}
		if then == thenStop { // they carry on here
			at++
		}
		a.Key += ":then" // the same delivery does both
		return b.Desk.BackFrom(ctx, a, id, at)
	}
	return b.Desk.AnswerStep(ctx, a, id, at, f)
}

// keepTyped keeps what somebody typed who does not go on: an answer, or a note alone.
func (b *Bot) keepTyped(ctx context.Context, a desk.Actor, c desk.Checklist, at int, f desk.Found) error {
	id := c.Task.PmTask.ID
	switch {
	case !f.Given(c.Steps[at]):
		return nil
	case f.Value == "" && len(f.Photos) == 0:
		return b.Desk.LeaveStep(ctx, a, id, at, f.Note)
	}
	return b.Desk.AnswerStep(ctx, a, id, at, f)
}

// newsOf says what an answer led to, where that is more than the next step.
func newsOf(s desk.ChecklistStep, at int) Words {
	switch {
	case s.Answer.Result == desk.FoundFlag && s.Kind == desk.StepNumber:
		return Say(fmt.Sprintf("🟠 Step %d: ", at+1), s.Shown(s.Answer.Value), " is not ", s.Wanted(), ". It is kept, and flagged.")
	case s.Answer.Result == desk.FoundFail && s.Answer.CallID != nil:
		return Say(fmt.Sprintf("🔴 Step %d failed: call %d is opened for it.", at+1, *s.Answer.CallID))
	}
	return nil
}

// stopped says where somebody carries on later.
func (b *Bot) stopped(_ context.Context, _ Request, _ desk.Actor, c desk.Checklist) (Reply, error) {
	id := c.Task.PmTask.ID
	text := fmt.Sprintf("Maintenance %d waits for you at step %d of %d. Everything so far is kept.", id, min(c.At+1, len(c.Steps)), len(c.Steps))
	card := textCard(text)
	card.Parts = append(card.Parts, Buttons{{Action: formStep, Value: formatID(id), Label: "Continue", Style: Primary}})
	return Reply{Say: card}, nil
}
