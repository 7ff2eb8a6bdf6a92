package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/desk"
)

func planTopic() topic {
	return topic{
		buttons: map[string]handler{
			"plan.show": (*Bot).showPlan, "plan.history": (*Bot).planHistory,
			"plan.stop": turns((*desk.Desk).StopPlan, (*Bot).planCard), "plan.resume": turns((*desk.Desk).ResumePlan, (*Bot).planCard),
			formAddPlan: (*Bot).openAddPlan, formEditPlan: opensOn(desk.PlanMaintenance, (*Bot).fillEditPlan),
		},
		forms: map[string]handler{formAddPlan: (*Bot).submitAddPlan, formEditPlan: (*Bot).submitEditPlan},
	}
}

func (b *Bot) showPlan(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	card, err := b.planCard(ctx, a, number(r.Value))
	return Reply{Say: card}, err
}

// planCard shows a maintenance plan to a member.
func (b *Bot) planCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.Plan(ctx, a, id)
	if err != nil {
		return nil, err
	}
	p, machine := v.PmPlan, v.Equipment.Model+" · "+v.Equipment.Serial
	every := desk.EveryWords(p, v.Equipment.MeterUnit)
	card := &Card{
		Text:  fmt.Sprintf("Plan %d: %s of %s at %s, %s.", id, v.Template, machine, v.Customer, every),
		Parts: []Part{Heading(clip(v.Template+" · "+machine, 150)), planFacts(v, every)},
	}
	switch {
	case !p.Active:
		card.Text += " It is stopped."
		card.Parts = append(card.Parts, Text(Say(Bold("Stopped."), " It makes no tasks until it is resumed.")))
	case v.Equipment.RetiredAt != nil:
		card.Parts = append(card.Parts, Text(Say(Bold("The machine is retired."), " Its maintenance rests until it is brought back.")))
	default:
		dates, err := b.Desk.PlanDates(ctx, a, p)
		if err != nil {
			return nil, err
		}
		card.Parts = append(card.Parts, Text(datesWords(dates)))
	}
	card.Parts = append(card.Parts, planButtons(a, v))
	return card, nil
}

func planFacts(v desk.PlanView, every string) Facts {
	p := v.PmPlan
	facts := Facts{
		{"Customer", Say(v.Customer)},
		{"How often", Say(every)},
		{"Counts from", Say(map[bool]string{false: "the calendar", true: "the day it was done"}[p.FromCompletion])},
		{"Technician", Say(cmp.Or(v.Technician, "Best available"))},
		{"Task appears", Say(plural(int64(p.LeadDays), "day") + " before")},
	}
	if len(p.Months) > 0 {
		facts = append(facts, Fact{"Season", Say(seasonWords(p.Months))})
	}
	if p.Shift != desk.ShiftNone {
		facts = append(facts, Fact{"Weekends and holidays", Say(shiftLabels[p.Shift])})
	}
	return facts
}

func seasonWords(months []int32) string {
	words := make([]string, len(months))
	for i, m := range months {
		words[i] = time.Month(m).String()[:3]
	}
	return joinAnd(words)
}

// datesWords says when a plan is due next, and after that.
func datesWords(d desk.PlanDates) Words {
	var words Words
	if d.Task != 0 {
		words = append(words, Say(fmt.Sprintf("Task %d is open and stays as it is.\n", d.Task))...)
	}
	if len(d.Days) > 0 {
		days := make([]string, len(d.Days))
		for i, day := range d.Days {
			days[i] = day.Format("Mon 2 Jan 2006")
		}
		words = append(words, Say(Bold("Due: "), strings.Join(days, ", "))...)
	}
	if d.Meter == 0 {
		return words
	}
	if len(d.Days) > 0 {
		words = append(words, Say("\n", Bold("Or "))...)
	} else {
		words = append(words, Say(Bold("Due "))...)
	}
	words = append(words, Say("when the meter shows ", desk.MeterWords(d.Meter, d.Unit))...)
	switch {
	case !d.About.IsZero() && d.Rate > 0:
		words = append(words, Say(fmt.Sprintf(", about %s at %s a day", d.About.Format("Mon 2 Jan 2006"), desk.MeterWords(int64(d.Rate+0.5), d.Unit)))...)
	case !d.About.IsZero():
		words = append(words, Say(", and it does since ", d.About.Format("Mon 2 Jan 2006"))...)
	default:
		words = append(words, Say(". Two readings on different days let me say when that is")...)
	}
	return append(words, Say(".")...)
}

func planButtons(a desk.Actor, v desk.PlanView) Buttons {
	id := formatID(v.PmPlan.ID)
	var buttons Buttons
	if v.TaskID != 0 {
		buttons = append(buttons, Button{Action: "task.show", Value: formatID(v.TaskID), Label: "Open task " + strconv.FormatInt(v.TaskID, 10), Style: Primary})
	}
	if a.Can(desk.PlanMaintenance) {
		buttons = append(buttons, Button{Action: formEditPlan, Value: id, Label: "Edit"})
		if v.PmPlan.Active {
			buttons = append(buttons, Button{Action: "plan.stop", Value: id, Label: "Stop", Confirm: "Stop this plan? It makes no tasks until it is resumed. A task that is open already stays."})
		} else {
			buttons = append(buttons, Button{Action: "plan.resume", Value: id, Label: "Resume"})
		}
	}
	return append(buttons, Button{Action: "plan.history", Value: id, Label: "History"},
		Button{Action: "equipment.show", Value: formatID(v.Equipment.ID), Label: "Open machine"})
}

func (b *Bot) planHistory(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	entries, err := b.Desk.PlanHistory(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: b.changesCard(a, fmt.Sprintf("History of plan %d", id), entries)}, nil
}
