package bot

import (
	"context"
	"fmt"

	"callout/desk"
)

func (b *Bot) fillMoveTask(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Task(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := moveTaskForm(valuesOf(desk.Fields{"due_on": v.PmTask.DueOn.Format("2006-01-02")}))
	f.State = edition{id, v.PmTask.Version}.state()
	return f, nil
}

func moveTaskForm(values Values) *Form {
	return &Form{ID: formMoveTask, Title: "Reschedule", Submit: "Reschedule", Fields: []Field{
		{Name: "due_on", Kind: FieldDate, Label: "New day", Value: values.Get("due_on"), Hint: "Only this one moves. The next ones stay where they are."},
		{Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxReason, Value: values.Get("reason"), Placeholder: "They are closed that week"},
	}}
}

func (b *Bot) submitMoveTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	err := b.Desk.MoveTask(ctx, a, e.id, e.version, fieldsIn(r.Values, desk.TaskFields()...), r.Values.Get("reason"))
	if err != nil {
		return b.clashed(a, err, e.id, func(v Values) *Form {
			v["reason"] = r.Values["reason"]
			return moveTaskForm(v)
		}, nil)
	}
	v, err := b.Desk.TaskView(ctx, e.id)
	if err != nil {
		return Reply{}, err
	}
	return b.taskSaid(ctx, r, a, e.id, fmt.Sprintf("Maintenance %d is due on %s now.", e.id, v.PmTask.DueOn.Format("Mon 2 Jan 2006")))
}

func (b *Bot) submitSkipTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	asked, err := b.Desk.SkipTask(ctx, a, id, r.Values.Get("reason"))
	if err != nil {
		return Reply{}, err
	}
	text := "Maintenance %d is skipped. The next one of its plan comes by itself."
	if asked {
		text = "I have asked the dispatchers whether maintenance %d may be skipped, and tell you what they say."
	}
	return b.taskSaid(ctx, r, a, id, fmt.Sprintf(text, id))
}

func (b *Bot) submitGiveTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	if err := b.Desk.GiveTask(ctx, a, id, number(r.Values.Get("technician"))); err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.TaskView(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	return b.taskSaid(ctx, r, a, id, fmt.Sprintf("Maintenance %d is with %s now. I have told them.", id, v.Technician))
}

func (b *Bot) submitBackTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	if err := b.Desk.HandBackTask(ctx, a, id, r.Values.Get("reason")); err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.TaskView(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("Maintenance %d is with %s now.", id, v.Technician)
	if v.Technician == "" {
		text = fmt.Sprintf("Nobody else can do maintenance %d at the moment. I have told the dispatchers.", id)
	}
	return b.taskSaid(ctx, r, a, id, text)
}
