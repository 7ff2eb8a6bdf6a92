package bot

import (
	"cmp"
	"context"
	"fmt"

	"callout/desk"
	"callout/notify"
)

// taskList is how maintenance tasks are listed.
var taskList = list{
	noun: desk.NounMaintenance, title: "Maintenance", none: "No maintenance is open. Plans make tasks by themselves; /equipment shows the plans of a machine.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		card, err := b.taskCard(ctx, a, id)
		return Reply{Say: card}, err
	},
	page: (*Bot).taskRows,
}

// showMaintenance answers the button that lists what is open.
func (b *Bot) showMaintenance(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	r.Text = r.Value
	return b.answerList(ctx, taskList, r, a)
}

// taskRows reads one page of tasks.
func (b *Bot) taskRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Tasks(ctx, a, f, after, pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Tasks))
	for i, t := range page.Tasks {
		button := Button{Action: "task.show", Value: formatID(t.ID), Label: "Open"}
		if t.ID == 0 { // a plan that wants no task yet
			button = Button{Action: "plan.show", Value: formatID(t.PlanID), Label: "Plan"}
		}
		rows[i] = row{item: Item{Text: b.taskLine(a, t), Button: button}, line: taskText(t)}
	}
	return rows, page.Next, nil
}

// taskLine is a task as a list shows it.
func (b *Bot) taskLine(a desk.Actor, t desk.TaskRow) Words {
	state := map[string]string{desk.TaskDone: "Done", desk.TaskSkipped: "Skipped", desk.TaskMissed: "Missed", "planned": "Planned"}[t.Status]
	if state == "" {
		state = b.dueState(a, t.Status, t.DueOn)
	}
	words := Say(Bold(fmt.Sprintf("%s · %s %s", t.Customer, t.Model, t.Serial)), "\n")
	if t.ID != 0 {
		words = Say(Bold(fmt.Sprintf("%d · %s · %s %s", t.ID, t.Customer, t.Model, t.Serial)), "\n")
	}
	words = append(words, Say(t.Template, "\n", dueOn(state, t.DueOn, "Mon 2 Jan 2006"), " · ", cmp.Or(t.Technician, "nobody yet"))...)
	if t.Fails > 0 {
		words = append(words, Span{Text: " · " + plural(t.Fails, "fail")})
	}
	return words
}

// taskText is a task in one plain line.
func taskText(t desk.TaskRow) string {
	return fmt.Sprintf("%d %s: %s %s, due %s (%s)", t.ID, t.Customer, t.Model, t.Serial, t.DueOn.Format("2 Jan 2006"), t.Status)
}

// taskHome is what a technician has to do soon, and for dispatchers what is overdue.
func (b *Bot) taskHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	if !a.Can(desk.DoMaintenance) {
		return nil, nil
	}
	var parts []Part
	mine, err := b.Desk.TasksAhead(ctx, a)
	if err != nil {
		return nil, err
	}
	if len(mine) > 0 {
		parts = append(parts, Divider{}, Heading("Your maintenance"))
	}
	for _, t := range mine[:min(len(mine), pageSize)] {
		label := "Start"
		if t.Status == desk.TaskStarted {
			label = "Continue"
		}
		words := Say(Bold(fmt.Sprintf("%d · %s · %s %s", t.ID, t.Customer, t.Model, t.Serial)), "\n", dueOn(b.dueState(a, t.Status, t.DueOn), t.DueOn, "Mon 2 Jan"))
		parts = append(parts, Text(words), Buttons{
			{Action: formStep, Value: formatID(t.ID), Label: label, Style: Primary}, {Action: "task.show", Value: formatID(t.ID), Label: "Open"},
		})
	}
	if !a.Can(desk.ApproveSkip) {
		return parts, nil
	}
	overdue, err := b.overdueHome(ctx, a)
	return append(parts, overdue...), err
}

// overdueMost is how many overdue tasks the home page shows.
const overdueMost = 5

func (b *Bot) overdueHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	page, err := b.Desk.Tasks(ctx, a, desk.Filter{Status: "overdue"}, "", overdueMost)
	if err != nil || len(page.Tasks) == 0 {
		return nil, err
	}
	parts := []Part{Divider{}, Heading("Overdue maintenance")}
	for _, t := range page.Tasks {
		parts = append(parts, Item{Text: b.taskLine(a, t), Button: Button{Action: "task.show", Value: formatID(t.ID), Label: "Open"}})
	}
	if page.Next != "" {
		parts = append(parts, Note(Say("There are more: /maintenance status:overdue lists them all.")))
	}
	return parts, nil
}

// taskDueCard reminds of a task, with what can be done about it at once.
func (b *Bot) taskDueCard(ctx context.Context, m notify.Message) (Card, error) {
	v, err := b.Desk.TaskView(ctx, m.Record.ID)
	if err != nil {
		return Card{}, err
	}
	id := formatID(m.Record.ID)
	card := recordNotice(m)
	start := Button{Action: formStep, Value: id, Label: "Start", Style: Primary}
	switch v.PmTask.Status {
	case desk.TaskStarted:
		start.Label = "Continue"
	case desk.TaskOpen:
	default:
		return card, nil
	}
	card.Parts[len(card.Parts)-1] = Buttons{
		start, {Action: formMoveTask, Value: id, Label: "Reschedule…"}, {Action: formBackTask, Value: id, Label: "Can't do it"}, {Action: "task.show", Value: id, Label: "Open"},
	}
	return card, nil
}

// taskNewsCard says what became of a task. While somebody asks to skip it, it can be answered there.
func (b *Bot) taskNewsCard(ctx context.Context, m notify.Message) (Card, error) {
	v, err := b.Desk.TaskView(ctx, m.Record.ID)
	if err != nil {
		return Card{}, err
	}
	card := recordNotice(m)
	id := formatID(m.Record.ID)
	if v.PmTask.SkipAskedBy != nil {
		card.Parts[len(card.Parts)-1] = append(skipButtons(id), Button{Action: "task.show", Value: id, Label: "Open"})
	}
	return card, nil
}
