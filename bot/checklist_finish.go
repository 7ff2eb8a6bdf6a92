package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"callout/desk"
)

// finishForm shows what was found, and asks what is left to say.
func (b *Bot) finishForm(a desk.Actor, c desk.Checklist, news Words, values Values) *Form {
	t := c.Task.PmTask
	summary := Say(Bold(desk.MachinePlace(c.Task)), "\n", c.Summary())
	form := &Form{ID: formFinish, Title: clip(fmt.Sprintf("Finish maintenance %d", t.ID), 24), Submit: "Finish", State: formatID(t.ID)}
	if len(news) > 0 {
		form.Fields = append(form.Fields, Field{Name: "news", Kind: FieldNote, Note: news})
	}
	form.Fields = append(form.Fields, Field{Name: "summary", Kind: FieldNote, Note: summary})
	for i, part := range findings(c) {
		if found, ok := part.(Text); ok {
			form.Fields = append(form.Fields, Field{Name: fmt.Sprintf("found_%d", i), Kind: FieldNote, Note: Words(found)})
		}
	}
	if left := c.Left(); left > 0 {
		form.Fields = append(form.Fields,
			Field{Name: "reason", Kind: FieldText, Label: "Why " + stepsLeft(left), Optional: true, Max: desk.MaxReason, Value: values.Get("reason"), Placeholder: "No access to the room today"},
			Field{Name: "carry_on", Kind: FieldDate, Label: "When they are done", Optional: true, Value: cmp.Or(values.Get("carry_on"), b.Desk.CarryOn(a)), Hint: "They become a task of their own, for the same technician."})
	}
	then := []Option{{Value: thenFinish, Label: "Finish"}, {Value: thenBack, Label: "Go back to the steps"}}
	form.Fields = append(form.Fields,
		Field{Name: "outcome", Kind: FieldText, Label: "Anything to add", Optional: true, Max: desk.MaxTaskOutcome, Value: values.Get("outcome"), Hint: "It goes onto the service sheet."},
		Field{Name: "then", Kind: FieldRadio, Label: "Then", Options: then, Chosen: then[:1]})
	return form
}

func stepsLeft(n int) string {
	if n == 1 {
		return "1 step is left"
	}
	return fmt.Sprintf("%d steps are left", n)
}

func (b *Bot) submitFinish(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	if r.Values.Get("then") == thenBack {
		return b.backToSteps(ctx, a, id)
	}
	in := desk.Finish{Outcome: r.Values.Get("outcome"), Reason: r.Values.Get("reason"), CarryOn: r.Values.Get("carry_on")}
	done, err := b.Desk.FinishTask(ctx, a, id, in)
	var refused *desk.Error
	if errors.As(err, &refused) && refused.Fields["reason"] != "" && r.Values["reason"] == nil && r.Values["carry_on"] == nil {
		// Somebody left a step out on another device: ask why.
		c, err := b.Desk.Checklist(ctx, a, id)
		return Reply{Form: b.finishForm(a, c, nil, r.Values)}, err
	}
	if err != nil {
		return Reply{}, err
	}
	text, err := b.finishedText(ctx, done)
	if err != nil {
		return Reply{}, err
	}
	return b.taskSaid(ctx, r, a, id, text)
}

// backToSteps goes from the end back to the last step, or to where somebody was.
func (b *Bot) backToSteps(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	c, err := b.Desk.Checklist(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if c.At >= len(c.Steps) {
		if err := b.Desk.BackFrom(ctx, a, id, c.At); err != nil {
			return Reply{}, err
		}
		if c, err = b.Desk.Checklist(ctx, a, id); err != nil {
			return Reply{}, err
		}
	}
	return Reply{Form: b.checklistForm(a, c, nil)}, nil
}

// sheetComes ends what is said about a finished task where a file can be opened.
const sheetComes = " The service sheet is on its way."

// finishedText says what was found, what became of the rest, and when the next one is due.
func (b *Bot) finishedText(ctx context.Context, done desk.Finished) (string, error) {
	t := done.Checklist.Task.PmTask
	text := fmt.Sprintf("Maintenance %d is done, thank you: %s.", t.ID, done.Checklist.Summary())
	if done.Carried != 0 {
		rest, err := b.Desk.TaskView(ctx, done.Carried)
		if err != nil {
			return "", err
		}
		text += fmt.Sprintf(" What is left is maintenance %d, due %s.", done.Carried, rest.PmTask.DueOn.Format("Mon 2 Jan 2006"))
	}
	next, err := b.Desk.NextDue(ctx, t.PlanID)
	if err != nil {
		return "", err
	}
	if next != "" {
		text += " The next one is due " + next + "."
	}
	return text + sheetComes, nil
}
