package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// The words after M 12 that are no answer.
const (
	wordBack   = "back"
	wordLater  = "later"
	wordFinish = "finish"
	wordDone   = "done"
)

// textTasks is how many tasks one text message lists.
const textTasks = 5

// taskByText goes on with a maintenance task by text: M 12 shows the step that comes next, M 12 and an answer keeps it.
func (b *Bot) taskByText(ctx context.Context, a desk.Actor, r Request) (Reply, error) {
	id := number(r.Value)
	if id == 0 {
		return b.tasksByText(ctx, a)
	}
	c, err := b.Desk.Checklist(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if bare := r.Text == "" && len(r.Files) == 0; bare || c.Task.PmTask.Status != desk.TaskStarted {
		start := a
		start.Key += ":start" // the same text does both
		if c, err = b.Desk.StartTask(ctx, start, id); err != nil || bare {
			return textOfTask(c, ""), err
		}
	}
	if len(r.Files) > 0 {
		return b.photosOfStep(ctx, a, c, r)
	}
	return b.answerByText(ctx, a, c, r.Text)
}

// tasksByText lists what a technician has to do soon.
func (b *Bot) tasksByText(ctx context.Context, a desk.Actor) (Reply, error) {
	tasks, err := b.Desk.TasksAhead(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	if len(tasks) == 0 {
		return say("You have no maintenance in the next two weeks."), nil
	}
	lines := make([]string, 0, textTasks)
	for _, t := range tasks[:min(len(tasks), textTasks)] {
		lines = append(lines, fmt.Sprintf("M %d: %s %s, %s, due %s", t.ID, t.Model, t.Serial, t.Customer, t.DueOn.Format("2 Jan")))
	}
	return say("%s", strings.Join(lines, "\n")), nil
}

// answerByText does what the words after the number say, at the step that comes next.
func (b *Bot) answerByText(ctx context.Context, a desk.Actor, c desk.Checklist, text string) (Reply, error) {
	id, before := c.Task.PmTask.ID, c
	word, rest, _ := strings.Cut(text, " ")
	word, rest = strings.Trim(strings.ToLower(word), ",.:;!"), strings.TrimSpace(rest)
	atEnd := c.At >= len(c.Steps)
	var err error
	switch {
	case word == wordBack:
		err = b.Desk.BackFrom(ctx, a, id, c.At)
	case word == wordFinish, word == wordDone && (atEnd || rest != "" || c.Steps[c.At].Kind != desk.StepCheck):
		return b.finishByText(ctx, a, c, rest)
	case atEnd:
		return textOfTask(c, ""), nil
	case word == wordLater:
		err = b.Desk.LeaveStep(ctx, a, id, c.At, rest)
	case c.Steps[c.At].Kind == desk.StepPhoto:
		return say("This step wants a photo: send it with M %d as its text. M %d later leaves the step for later.", id, id), nil
	default:
		err = b.Desk.AnswerStep(ctx, a, id, c.At, foundByText(c.Steps[c.At], word, rest, text))
	}
	if err != nil {
		return Reply{}, refusedByText(err)
	}
	if c, err = b.Desk.Checklist(ctx, a, id); err != nil {
		return Reply{}, err
	}
	if word == wordBack {
		return textOfTask(c, ""), nil
	}
	return textOfTask(c, newsOf(c.Steps[before.At], before.At).String()), nil
}

// foundByText reads an answer as people text it.
func foundByText(s desk.ChecklistStep, word, rest, text string) desk.Found {
	said := map[string]string{"ok": desk.FoundPass, "okay": desk.FoundPass, "pass": desk.FoundPass, "flag": desk.FoundFlag, "fail": desk.FoundFail}[word]
	switch s.Kind {
	case desk.StepCheck:
		if said == desk.FoundPass || word == wordDone {
			return desk.Found{Value: desk.FoundDone, Note: rest}
		}
	case desk.StepPass:
		return desk.Found{Value: said, Note: rest}
	}
	return desk.Found{Value: text}
}

// refusedByText says the whole of a refusal: a text has no fields.
func refusedByText(err error) error {
	for _, field := range []string{"answer", "note", "photos", "reason", "outcome"} {
		if words := desk.FieldError(err, field); words != "" {
			return &desk.Error{Code: desk.CodeOf(err), Text: strings.TrimSuffix(words, ", or choose below what to do instead.")}
		}
	}
	return err
}

// finishByText ends a task. What follows the word is why steps are left, if any are, else a remark.
func (b *Bot) finishByText(ctx context.Context, a desk.Actor, c desk.Checklist, rest string) (Reply, error) {
	id := c.Task.PmTask.ID
	in := desk.Finish{Outcome: rest}
	if left := c.Left(); left > 0 {
		if rest == "" {
			return say("%s. M %d done and why finishes all the same, M %d shows the next step.", stepsLeft(left), id, id), nil
		}
		in = desk.Finish{Reason: rest}
	}
	done, err := b.Desk.FinishTask(ctx, a, id, in)
	if err != nil {
		return Reply{}, refusedByText(err)
	}
	text, err := b.finishedText(ctx, done)
	return say("%s", strings.TrimSuffix(text, sheetComes)), err
}

// textOfTask shows the step that comes next, below what the answer before led to.
func textOfTask(c desk.Checklist, news string) Reply {
	id := c.Task.PmTask.ID
	var lines []string
	if news != "" {
		lines = append(lines, strings.TrimLeft(news, "🟠🔴 "))
	}
	if c.At >= len(c.Steps) {
		lines = append(lines, fmt.Sprintf("Maintenance %d: %s. M %d done finishes it, M %d back goes back.", id, c.Summary(), id, id))
		return say("%s", strings.Join(lines, "\n"))
	}
	s := c.Steps[c.At]
	head := fmt.Sprintf("Step %d/%d: %s", c.At+1, len(c.Steps), s.Text)
	if hint := numberHint(s); s.Kind == desk.StepNumber && hint != "" {
		head += " (" + hint + ")"
	}
	if c.At == 0 {
		head = c.Task.Model + " " + c.Task.Serial + ". " + head
	}
	return say("%s", strings.Join(append(lines, head, fmt.Sprintf(howByText(s), id)), "\n"))
}

// howByText says how a step is answered.
func howByText(s desk.ChecklistStep) string {
	switch s.Kind {
	case desk.StepCheck:
		return "Reply M %d ok"
	case desk.StepPass:
		return "Reply M %d and ok, or flag or fail and what you found"
	case desk.StepNumber:
		return "Reply M %d and the number"
	case desk.StepChoice:
		return "Reply M %d and one of: " + strings.ReplaceAll(strings.Join(s.Choices, ", "), "%", "%%")
	case desk.StepPhoto:
		return "Send the photo with M %d as its text"
	}
	return "Reply M %d and what you found"
}
