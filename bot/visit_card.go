package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

func visitTopic() topic {
	t := visitList.topic()
	t.buttons["visit.show"] = func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		return b.visitSaid(ctx, a, number(r.Value))
	}
	t.buttons["visit.cancel"] = visitStep((*desk.Desk).CancelVisit)
	t.buttons["visit.next_done"] = visitStep((*desk.Desk).NextStepDone)
	t.buttons["visit.files"] = (*Bot).visitFiles
	t.buttons["visit.history"] = showHistory(desk.VisitRecord, "visit")
	return t
}

// visitStep answers a button with one step of a visit.
func visitStep(do func(*desk.Desk, context.Context, desk.Actor, int64) error) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := do(b.Desk, ctx, a, id); err != nil {
			return Reply{}, err
		}
		card, err := b.visitCard(ctx, a, id)
		if err != nil {
			return Reply{}, err
		}
		return b.inPlace(ctx, r, a, card)
	}
}

// visitSaid answers with the card of a visit, for one member only.
func (b *Bot) visitSaid(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	card, err := b.visitCard(ctx, a, id)
	return Reply{Say: card}, err
}

// visitCard shows a visit to a member, with what they may do with it.
func (b *Bot) visitCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.Visit(ctx, a, id)
	if err != nil {
		return nil, err
	}
	files, err := b.Desk.Files(ctx, desk.Record{Kind: desk.VisitRecord, ID: id})
	if err != nil {
		return nil, err
	}
	name := cmp.Or(v.CustomerName, desk.LeadName(v.LeadName, v.LeadCompany))
	status := desk.VisitStatus(v.Visit)
	card := &Card{
		Text:  fmt.Sprintf("Visit %d (%s) to %s, %s, by %s.", id, status, name, purposeWord(v.Visit.Purpose), v.MemberName),
		Parts: []Part{Heading(clip(fmt.Sprintf("Visit %d · %s", id, name), 150)), b.visitFacts(a, v, status)},
	}
	if v.Visit.Outcome != "" {
		card.Parts = append(card.Parts, Text(Say(clip(v.Visit.Outcome, 1500))))
	}
	if len(files) > 0 {
		card.Parts = append(card.Parts, Text(filesWords(files)))
	}
	card.Parts = append(card.Parts, Note(Say("Logged by ", v.LoggedByName, ", ", At(v.Visit.LoggedAt, b.zone(a)))), visitButtons(a, v, files))
	return card, nil
}

func (b *Bot) visitFacts(a desk.Actor, v desk.VisitView, status string) Facts {
	when := "When"
	if status == desk.VisitPlanned {
		when = "Planned for"
	}
	facts := Facts{
		{"Status", Say(purposeWord(status))},
		{"Purpose", Say(purposeWord(v.Visit.Purpose))},
		{when, Say(At(v.Visit.At, b.zone(a)))},
		{"Who", Say(v.MemberName)},
	}
	if v.LeadName != "" {
		facts = append(facts, Fact{"Lead", Say(desk.LeadName(v.LeadName, v.LeadCompany))})
	}
	switch {
	case v.Visit.CallID != nil:
		facts = append(facts, Fact{"For", Say("call " + formatID(*v.Visit.CallID))})
	case v.Visit.TaskID != nil:
		facts = append(facts, Fact{"For", Say("maintenance task " + formatID(*v.Visit.TaskID))})
	}
	if v.Visit.NextStep != "" || v.Visit.NextOn != nil {
		words := nextWords(v.Visit.NextStep, v.Visit.NextOn, b.Desk.Today(a))
		if v.Visit.NextDoneAt != nil {
			words = cmp.Or(v.Visit.NextStep, "Follow up") + "\ndone"
		}
		facts = append(facts, Fact{"Next step", Say(words)})
	}
	return facts
}

// filesWords lists the files of a record, and why one is missing.
func filesWords(files []desk.FileInfo) Words {
	words := Say(Bold(plural(int64(len(files)), "photo")))
	for _, f := range files[:min(len(files), 20)] {
		switch f.State {
		case "kept":
			words = append(words, Say("\n• ", cmp.Or(f.Name, "photo"))...)
		case "failed":
			words = append(words, Say("\n• one could not be fetched: ", clip(f.Error, 100))...)
		default:
			words = append(words, Say("\n• one is being fetched")...)
		}
	}
	return words
}

func visitButtons(a desk.Actor, v desk.VisitView, files []desk.FileInfo) Buttons {
	id := formatID(v.Visit.ID)
	var buttons Buttons
	status := desk.VisitStatus(v.Visit)
	if a.Can(desk.LogVisits) && status != desk.VisitCancelled {
		if status == desk.VisitPlanned {
			buttons = append(buttons, Button{Action: formVisitHappened, Value: id, Label: "It happened", Style: Primary})
		}
		open := v.Visit.Happened && v.Visit.NextDoneAt == nil && (v.Visit.NextStep != "" || v.Visit.NextOn != nil)
		if open && v.Visit.CustomerID != nil { // else it is the next action of the lead
			buttons = append(buttons, Button{Action: "visit.next_done", Value: id, Label: "Next step done"})
		}
		buttons = append(buttons, Button{Action: formEditVisit, Value: id, Label: "Edit"})
		if status == desk.VisitPlanned {
			buttons = append(buttons, Button{Action: "visit.cancel", Value: id, Label: "Call it off", Style: Danger, Confirm: "Call this visit off? It stays in the history."})
		}
	}
	if kept(files) > 0 {
		buttons = append(buttons, Button{Action: "visit.files", Value: id, Label: "Get photos"})
	}
	if v.Visit.CustomerID != nil {
		buttons = append(buttons, Button{Action: "customer.show", Value: formatID(*v.Visit.CustomerID), Label: "Customer"})
	} else if a.Can(desk.SeeLeads) && v.Visit.LeadID != nil {
		buttons = append(buttons, Button{Action: "lead.show", Value: formatID(*v.Visit.LeadID), Label: "Lead"})
	}
	return append(buttons, Button{Action: "visit.history", Value: id, Label: "History"})
}

// kept counts the files that are here.
func kept(files []desk.FileInfo) (n int) {
	for _, f := range files {
		if f.State == "kept" {
			n++
		}
	}
	return n
}

// filesAtOnce is how many files one message brings.
const filesAtOnce = 10

// visitFiles brings the photos of a visit.
func (b *Bot) visitFiles(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if _, err := b.Desk.Visit(ctx, a, id); err != nil {
		return Reply{}, err
	}
	files, err := b.Desk.Files(ctx, desk.Record{Kind: desk.VisitRecord, ID: id})
	if err != nil {
		return Reply{}, err
	}
	card := textCard(fmt.Sprintf("The photos of visit %d.", id))
	for _, info := range files {
		if info.State != "kept" || len(card.Files) == filesAtOnce {
			continue
		}
		f, err := b.Desk.File(ctx, info.ID)
		if err != nil {
			return Reply{}, err
		}
		card.Files = append(card.Files, File{Name: cmp.Or(f.Name, "photo"), Title: cmp.Or(f.Name, "photo"), Content: f.Content})
	}
	return Reply{Say: card}, nil
}

// visitList is how visits are listed.
var visitList = list{
	noun: desk.NounVisits, title: "Visits", none: "There are no visits yet. /log-visit logs the first one.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		return b.visitSaid(ctx, a, id)
	},
	page: (*Bot).visitRows,
}

func (b *Bot) visitRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Visits(ctx, a, f, after, pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Visits))
	for i, v := range page.Visits {
		party := v.Party
		if v.IsLead {
			party += " · lead"
		}
		state := ""
		if !v.Happened {
			state = "planned · "
		}
		words := Say(Bold(fmt.Sprintf("%d · %s", v.ID, clip(party, 120))), "\n", state, strings.ToLower(purposeWord(v.Purpose)), " · ", v.Member, " · ", At(v.At, b.zone(a)))
		if v.Outcome != "" {
			words = append(words, Say("\n", clip(oneLine(v.Outcome), 120))...)
		}
		if v.NextStep != "" || v.NextOn != nil {
			words = append(words, Say("\nNext: ", clip(oneLine(nextWords(v.NextStep, v.NextOn, b.Desk.Today(a))), 120))...)
		}
		rows[i] = row{
			item: Item{Text: words, Button: Button{Action: "visit.show", Value: formatID(v.ID), Label: "Open"}},
			line: fmt.Sprintf("%d %s: %s, %s", v.ID, party, state+purposeWord(v.Purpose), v.Member),
		}
	}
	return rows, page.Next, nil
}
