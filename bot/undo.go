package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
	"callout/notify"
)

// actUndo is the button that takes a change back; its value is the number of the change.
const actUndo = "undo.take"

func undoTopic() topic { return topic{buttons: map[string]handler{actUndo: (*Bot).takeBack}} }

func undoCommand() Command {
	return Command{
		Name: "undo", Usage: "[number of a call | quote 5 | lead 7 …]", Summary: "Take back what you did in the last ten minutes", Sub: true, handle: (*Bot).undo,
		arguments: []Argument{anyWords("Of which record: the number of a call, quote 5, lead 7 …; without it, what you did last")},
	}
}

func undoButton(c desk.Change) Button {
	return Button{Action: actUndo, Value: formatID(c.ID), Label: "Undo"}
}

// withUndo offers to take back what a request has just changed, on its answer. On the home page a row of its own does.
func (b *Bot) withUndo(ctx context.Context, r Request, a desk.Actor, reply Reply) (Reply, error) {
	if r.Kind != KindButton && r.Kind != KindForm && r.Kind != KindCommand || reply.Form != nil || reply.Errors != nil || reply.Home != nil {
		return reply, nil
	}
	c, made, err := b.Desk.Made(ctx, a)
	if err != nil || !made {
		return reply, err
	}
	text := "You " + c.Did + "."
	switch {
	case reply.Update != nil:
		reply.Update = andButton(reply.Update, undoButton(c))
	case reply.Say != nil:
		reply.Say = andButton(reply.Say, undoButton(c))
	default:
		reply.Say = &Card{Text: text, Parts: []Part{Item{Text: Say(text), Button: undoButton(c)}}}
	}
	return reply, nil
}

// rowOfButtons is how many buttons stand in one row.
const rowOfButtons = 5

// andButton is a card with one more button, in its last row if that is at the end and has room.
func andButton(card *Card, button Button) *Card {
	more := *card
	more.Parts = append([]Part(nil), card.Parts...)
	if last := len(more.Parts) - 1; last >= 0 {
		if row, ok := more.Parts[last].(Buttons); ok && len(row) < rowOfButtons {
			more.Parts[last] = append(append(Buttons(nil), row...), button)
			return &more
		}
	}
	more.Parts = append(more.Parts, Buttons{button})
	return &more
}

// undoHome is the row of the home page that takes back what the member did last.
func (b *Bot) undoHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	c, ok, err := b.Desk.LastChange(ctx, a)
	if err != nil || !ok {
		return nil, err
	}
	return []Part{Item{Text: b.didWords(a, c), Button: undoButton(c)}}, nil
}

func (b *Bot) didWords(a desk.Actor, c desk.Change) Words {
	return Say("You ", c.Did, " · ", At(c.At, b.zone(a)))
}

// undo shows what would be taken back, and takes it back by a button.
func (b *Bot) undo(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	record, err := recordToUndo(r.Text)
	if err != nil {
		return Reply{}, err
	}
	c, err := b.Desk.ToUndo(ctx, a, record)
	if err != nil {
		return Reply{}, err
	}
	text := "Undo this? You " + c.Did + "."
	return Reply{Say: &Card{Text: text, Parts: []Part{Text(Say(Bold("Undo this?"))), Item{Text: b.didWords(a, c), Button: undoButton(c)}}}}, nil
}

// undoWords are the records that /callout undo may name, as people call them.
var undoWords = map[string]string{
	"call": desk.CallRecord, "quote": desk.QuoteRecord, "lead": desk.LeadRecord, "visit": desk.VisitRecord, "maintenance": desk.TaskRecord,
	"task": desk.TaskRecord, "plan": desk.PlanRecord, "machine": desk.EquipmentRecord, "equipment": desk.EquipmentRecord,
	"template": desk.TemplateRecord, "customer": desk.CustomerRecord, "contact": desk.ContactRecord,
}

// recordToUndo reads what follows the command: nothing, the number of a call, or a kind of record and its number.
func recordToUndo(text string) (desk.Record, error) {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(text, "#", " ")))
	if len(words) == 0 {
		return desk.Record{}, nil
	}
	r := desk.Record{Kind: desk.CallRecord, ID: number(words[len(words)-1])}
	if len(words) == 2 {
		r.Kind = undoWords[words[0]]
	}
	if len(words) > 2 || r.Kind == "" || r.ID == 0 {
		return r, &desk.Error{Code: desk.Invalid, Text: fmt.Sprintf(
			"I don't know what “%s” is. Write /callout undo for what you did last, /callout undo 42 for call 42, or a word before the number, such as quote 5, lead 7, visit 3 or maintenance 12.", clip(text, 40))}
	}
	return r, nil
}

// takeBack takes a change back, and says how things stand then where the button was.
func (b *Bot) takeBack(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	u, err := b.Desk.Undo(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	if r.Surface == SurfaceHome {
		return b.home(ctx, r, a)
	}
	text := undoneText(u)
	card := &Card{Text: text, Parts: []Part{Text(Say(text))}}
	if _, shows := b.topic.buttons[u.Record.Kind+".show"]; shows {
		card.Parts = append(card.Parts, Buttons{{Action: u.Record.Kind + ".show", Value: formatID(u.Record.ID), Label: "Open"}})
	}
	if r.Surface == SurfacePersonal {
		return Reply{Update: card}, nil
	}
	return Reply{Say: card}, nil
}

func undoneText(u desk.Undone) string { return "Undone: you " + u.Did + ". " + u.Now }

// undoByText takes back what a member did last, or what they did last to the call they name.
func (b *Bot) undoByText(ctx context.Context, a desk.Actor, r Request) (Reply, error) {
	if again, err := b.Desk.Handled(ctx, a.Key); err != nil || again {
		return Reply{}, err // what is last now is something else
	}
	c, err := b.Desk.ToUndo(ctx, a, desk.Record{Kind: desk.CallRecord, ID: number(r.Value)})
	if err != nil {
		return Reply{}, err
	}
	u, err := b.Desk.Undo(ctx, a, c.ID)
	if err != nil {
		return Reply{}, err
	}
	return say("%s", undoneText(u)), nil
}

// textUndo ends the answer to a text.
const textUndo = " U to undo."

// withTextUndo says how to take back what a text has just changed, if that costs nothing.
func (b *Bot) withTextUndo(ctx context.Context, a desk.Actor, reply Reply) (Reply, error) {
	if reply.Say == nil {
		return reply, nil
	}
	_, made, err := b.Desk.Made(ctx, a)
	if err != nil || !made {
		return reply, err
	}
	text := reply.Say.Text
	if !strings.ContainsAny(text[max(0, len(text)-1):], ".!?:") {
		text += "." // what somebody wrote ends the answer, often without one
	}
	before, _ := notify.Segments(notify.Plain(reply.Say.Text))
	after, _ := notify.Segments(notify.Plain(text + textUndo))
	if after > before {
		return reply, nil
	}
	return Reply{Say: textCard(text + textUndo)}, nil
}

// correctionCard says what is not so any more, with a way to open what it is about.
func (b *Bot) correctionCard(_ context.Context, m notify.Message) (Card, error) {
	if m.Call.ID != 0 {
		return b.callNotice(m, m.Text), nil
	}
	return recordNotice(m), nil
}
