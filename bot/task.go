package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// The forms about tasks. The State of most is the task's number.
const (
	formMoveTask = "task.move" // State is an edition
	formSkipTask = "task.skip"
	formGiveTask = "task.give"
	formBackTask = "task.back"
)

func taskTopic() topic {
	t := taskList.topic()
	for name, h := range map[string]handler{
		"task.show": (*Bot).showTask, "task.take": (*Bot).takeTask, "task.history": (*Bot).taskHistory, "task.sheet": (*Bot).askSheet,
		"task.approve":    answerSkip((*desk.Desk).ApproveSkip),
		"task.refuse":     answerSkip((*desk.Desk).RefuseSkip),
		formMoveTask:      opensOn(desk.MoveMaintenance, (*Bot).fillMoveTask),
		formSkipTask:      opens(desk.AskToSkip),
		formGiveTask:      opens(desk.MoveMaintenance),
		formBackTask:      opens(desk.DoMaintenance),
		"maintenance.all": (*Bot).showMaintenance,
	} {
		t.buttons[name] = h
	}
	t.forms[formMoveTask], t.forms[formSkipTask] = (*Bot).submitMoveTask, (*Bot).submitSkipTask
	t.forms[formGiveTask], t.forms[formBackTask] = (*Bot).submitGiveTask, (*Bot).submitBackTask
	return t
}

func skipTaskForm(r Request) *Form {
	return stepForm(formSkipTask, "Skip maintenance ", r.Value, "Skip", Field{
		Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxReason, Placeholder: "The machine is out of use until May",
		Hint: "A dispatcher approves it first. The next one of its plan comes all the same.",
	})
}

func giveTaskForm(r Request) *Form {
	return stepForm(formGiveTask, "Give maintenance ", r.Value, "Give", Field{
		Name: "technician", Kind: FieldSearch, Label: "Who shall do it", Placeholder: "Type a name", Hint: "They are told, and who has it now is too.",
	})
}

func backTaskForm(r Request) *Form {
	return stepForm(formBackTask, "Can't do ", r.Value, "Hand back", Field{
		Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxReason, Placeholder: "I am on holiday that week",
		Hint: "Somebody else is given it; if there is nobody, the dispatchers are told.",
	})
}

// taskCard shows a task with what may be done with it. Who may press is decided by the desk when it is pressed.
func (b *Bot) taskCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	if _, err := b.Desk.Task(ctx, a, id); err != nil {
		return nil, err
	}
	c, err := b.Desk.ChecklistOf(ctx, id)
	if err != nil {
		return nil, err
	}
	t := c.Task.PmTask
	text := fmt.Sprintf("Maintenance %d, %s: %s. %s.", t.ID, c.Task.Template, desk.MachinePlace(c.Task), b.taskState(a, c.Task))
	card := &Card{Text: text, Parts: []Part{Heading(fmt.Sprintf("Maintenance %d · %s", t.ID, clip(c.Task.Template, 100))), b.taskFacts(a, c)}}
	if t.SkipAskedBy != nil {
		card.Parts = append(card.Parts, Text(Say(Bold(c.Task.SkipAskedByName), " asks to skip it: ", t.Reason)))
	} else if t.Reason != "" {
		card.Parts = append(card.Parts, Text(Say(Bold("Reason: "), t.Reason)))
	}
	if t.Outcome != "" {
		card.Parts = append(card.Parts, Text(Say(Bold("Done: "), clip(t.Outcome, 1500))))
	}
	card.Parts = append(card.Parts, findings(c)...)
	card.Parts = append(card.Parts, taskButtons(c, a))
	return card, nil
}

func (b *Bot) taskFacts(a desk.Actor, c desk.Checklist) Facts {
	v := c.Task
	facts := Facts{
		{"Status", Say(b.taskState(a, v))},
		{"Due", Say(v.PmTask.DueOn.Format("Mon 2 Jan 2006"))},
		{"Machine", Say(v.Model, " · ", v.Serial)},
		{"Customer", Say(strings.TrimSpace(v.Customer + "\n" + desk.PhoneShown(v.CustomerPhone)))},
	}
	if place := cmp.Or(v.SiteAddress, v.SiteName); place != "" {
		facts = append(facts, Fact{"Where", Say(place)})
	}
	facts = append(facts, Fact{"Technician", Say(cmp.Or(v.Technician, "nobody yet"))})
	steps := fmt.Sprintf("%d of %d done", c.Count(desk.FoundDone, desk.FoundPass, desk.FoundFlag, desk.FoundFail), len(c.Steps))
	facts = append(facts, Fact{"Steps", Say(steps)})
	if from := v.PmTask.CarriedFrom; from != nil {
		facts = append(facts, Fact{"Carries on", Say(fmt.Sprintf("maintenance %d", *from))})
	}
	if v.CarriedTo != 0 {
		facts = append(facts, Fact{"The rest", Say(fmt.Sprintf("maintenance %d", v.CarriedTo))})
	}
	return facts
}

// taskState says where a task is, in a few words.
func (b *Bot) taskState(a desk.Actor, v desk.TaskView) string {
	t := v.PmTask
	switch {
	case t.Status == desk.TaskDone:
		return "Done by " + v.DoneByName + ", " + t.DoneAt.In(b.zone(a)).Format("Mon 2 Jan 15:04")
	case t.Status == desk.TaskSkipped:
		return "Skipped"
	case t.Status == desk.TaskMissed:
		return "Missed"
	case t.SkipAskedBy != nil:
		return "Waits for approval to skip it"
	}
	return b.dueState(a, t.Status, t.DueOn)
}

// dueState says how soon a task that is not over is due.
func (b *Bot) dueState(a desk.Actor, status string, due desk.Day) string {
	words := map[string]string{desk.TaskStarted: "Started"}[status]
	today := desk.DayOf(b.Desk.Now(), b.zone(a))
	switch {
	case due.Before(today):
		return strings.TrimPrefix(words+" · 🔴 Overdue", " · ")
	case due.Equal(today):
		return strings.TrimPrefix(words+" · Due today", " · ")
	}
	return cmp.Or(words, "Upcoming")
}

// dueOn says how soon a task is due and on which day, in a line. Today needs no date.
func dueOn(state string, due desk.Day, format string) string {
	if strings.HasSuffix(state, "Due today") {
		return state
	}
	return state + " · due " + due.Format(format)
}

// findingsMost is how many of them a card shows; the service sheet has all.
const findingsMost = 12

// findings are the steps at which something is wrong or was said.
func findings(c desk.Checklist) []Part {
	var parts []Part
	for _, s := range c.Steps {
		r := s.Answer.Result
		fine := r == desk.FoundDone || r == desk.FoundPass || r == desk.FoundLeft && s.Optional
		if !s.Answered || fine && s.Answer.Note == "" {
			continue
		}
		if len(parts) == findingsMost {
			return append(parts, Note(Say("The service sheet has the rest.")))
		}
		parts = append(parts, Text(findingWords(s)))
	}
	return parts
}

var resultMarks = map[string]string{desk.FoundDone: "✅", desk.FoundPass: "✅", desk.FoundFlag: "🟠", desk.FoundFail: "🔴", desk.FoundLeft: "⬜"}

// findingWords says what was found at one step.
func findingWords(s desk.ChecklistStep) Words {
	words := Say(resultMarks[s.Answer.Result]+" ", Bold(s.Text))
	for _, text := range []string{s.Shown(s.Answer.Value), s.Answer.Note} {
		if text != "" {
			words = append(words, Span{Text: " · " + clip(text, 300)})
		}
	}
	if s.Answer.CallID != nil {
		words = append(words, Span{Text: fmt.Sprintf(" · call %d", *s.Answer.CallID)})
	}
	return words
}

// taskButtons are what may be done with a task now.
func taskButtons(c desk.Checklist, a desk.Actor) Buttons {
	t := c.Task.PmTask
	id := formatID(t.ID)
	history := Button{Action: "task.history", Value: id, Label: "History"}
	switch {
	case t.Status == desk.TaskDone:
		return Buttons{{Action: "task.sheet", Value: id, Label: "Service sheet"}, history}
	case t.Status != desk.TaskOpen && t.Status != desk.TaskStarted || !a.Can(desk.DoMaintenance):
		return Buttons{history}
	}
	var buttons Buttons
	if t.SkipAskedBy != nil && a.Can(desk.ApproveSkip) {
		buttons = append(buttons, skipButtons(id)...)
	}
	start := Button{Action: formStep, Value: id, Label: "Start", Style: Primary}
	if t.Status == desk.TaskStarted {
		start.Label = "Continue"
	}
	mine := t.TechnicianID != nil && *t.TechnicianID == a.ID
	if mine || t.TechnicianID == nil || a.Can(desk.PlanMaintenance) {
		buttons = append(buttons, start)
	}
	if !mine && a.Can(desk.TakeCalls) {
		buttons = append(buttons, Button{Action: "task.take", Value: id, Label: "Take it"})
	}
	buttons = append(buttons, Button{Action: formMoveTask, Value: id, Label: "Reschedule…"}, Button{Action: formGiveTask, Value: id, Label: "Give to…"})
	if mine {
		buttons = append(buttons, Button{Action: formBackTask, Value: id, Label: "Can't do it"})
	}
	return append(buttons, Button{Action: formSkipTask, Value: id, Label: "Skip…"}, history)
}

func skipButtons(id string) Buttons {
	return Buttons{
		{Action: "task.approve", Value: id, Label: "Approve skip", Style: Primary, Confirm: "Leave this maintenance out? The next one of its plan comes all the same."},
		{Action: "task.refuse", Value: id, Label: "Refuse skip"},
	}
}

func (b *Bot) showTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	card, err := b.taskCard(ctx, a, number(r.Value))
	return Reply{Say: card}, err
}

// taskReply shows a task as it is now where its button was: on the home page, else in the place of the message.
func (b *Bot) taskReply(ctx context.Context, r Request, a desk.Actor, id int64) (Reply, error) {
	if r.Surface == SurfaceHome {
		return b.home(ctx, r, a)
	}
	card, err := b.taskCard(ctx, a, id)
	return Reply{Update: card}, err
}

func (b *Bot) takeTask(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if err := b.Desk.TakeTask(ctx, a, id); err != nil {
		return Reply{}, err
	}
	return b.taskReply(ctx, r, a, id)
}

// answerSkip answers the buttons with which a skip is approved or refused.
func answerSkip(do func(*desk.Desk, context.Context, desk.Actor, int64) error) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := do(b.Desk, ctx, a, id); err != nil {
			return Reply{}, err
		}
		return b.taskReply(ctx, r, a, id)
	}
}

// taskSaid says what a form did to a task, with a way to open it. A form that was opened from the home page changes that too.
func (b *Bot) taskSaid(ctx context.Context, r Request, a desk.Actor, id int64, text string) (Reply, error) {
	card := textCard(text)
	card.Parts = append(card.Parts, Buttons{{Action: "task.show", Value: formatID(id), Label: "Open"}})
	reply := Reply{Say: card}
	if r.Channel != "" {
		return reply, nil
	}
	page, err := b.home(ctx, r, a)
	reply.Home = page.Home
	return reply, err
}

func (b *Bot) askSheet(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.AskSheet(ctx, a, number(r.Value)); err != nil {
		return Reply{}, err
	}
	return say("I am making the service sheet; it comes to you as a direct message in a moment."), nil
}

// taskHistory shows the timeline of a task, and the other tasks of its plan.
func (b *Bot) taskHistory(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	entries, others, err := b.Desk.TaskHistory(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	card := &Card{Text: fmt.Sprintf("History of maintenance %d.", id), Parts: []Part{Heading(fmt.Sprintf("History of maintenance %d", id))}}
	for _, e := range entries[max(0, len(entries)-25):] {
		card.Parts = append(card.Parts, Text(append(Say(At(e.Event.At, b.zone(a)), "  "), recordWords(e)...)))
	}
	card.Parts = append(card.Parts, Divider{})
	for _, t := range others {
		card.Parts = append(card.Parts, Item{
			Text:   Say(fmt.Sprintf("%d · due %s · %s", t.ID, t.DueOn.Format("2 Jan 2006"), t.Status)),
			Button: Button{Action: "task.show", Value: formatID(t.ID), Label: "Open"},
		})
	}
	return Reply{Say: card}, nil
}
