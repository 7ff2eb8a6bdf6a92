package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
)

// formAddHolidays is the form that adds days on which nobody works.
const formAddHolidays = "holiday.add"

// holidaysShown is how many holidays one list shows: each takes a block, and a message holds 50.
const holidaysShown = 40

func holidayTopic() topic {
	return topic{
		buttons: map[string]handler{formAddHolidays: opens(desk.PlanMaintenance), "holiday.remove": (*Bot).removeHoliday},
		forms:   map[string]handler{formAddHolidays: (*Bot).submitAddHolidays},
	}
}

// holidays answers /callout holidays: the coming ones, or the form that adds some.
func (b *Bot) holidays(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if _, adds := addWords(r.Text); adds {
		if err := a.Require(desk.PlanMaintenance); err != nil {
			return Reply{}, err
		}
		return Reply{Form: previewHolidays(r)}, nil
	}
	card, err := b.holidaysCard(ctx, a)
	return Reply{Say: card}, err
}

// previewHolidays is the form that adds holidays, if the command asks for it.
func previewHolidays(r Request) *Form {
	words, adds := addWords(r.Text)
	if !adds {
		return nil
	}
	return holidayForm(words)
}

func holidayForm(days string) *Form {
	return &Form{ID: formAddHolidays, Title: "Add holidays", Submit: "Add", Fields: []Field{{
		Name: "days", Kind: FieldText, Label: "Days on which nobody works", Max: 3000, Value: clip(days, 3000),
		Hint: "One a line: the day and its name, such as 2026-12-25 Christmas Day. Several in a row: 2026-12-24..2026-12-31 Closed. Saturdays and Sundays need not be written.",
	}}}
}

func (b *Bot) holidaysCard(ctx context.Context, a desk.Actor) (*Card, error) {
	days, err := b.Desk.ComingHolidays(ctx, a, holidaysShown+1)
	if err != nil {
		return nil, err
	}
	card := &Card{Text: "Coming holidays", Parts: []Part{Heading("Coming holidays")}}
	for _, h := range days[:min(len(days), holidaysShown)] {
		words := Say(Bold(h.Day.Format("Mon 2 Jan 2006")), "  ", h.Name)
		card.Text += "\n" + strings.TrimSpace(h.Day.Format(dayFormat)+" "+h.Name)
		if !a.Can(desk.PlanMaintenance) {
			card.Parts = append(card.Parts, Text(words))
			continue
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: "holiday.remove", Value: h.Day.Format("2006-01-02"), Label: "Remove"}})
	}
	switch {
	case len(days) == 0:
		card.Parts = append(card.Parts, Text(Say("None are written down. Maintenance plans only keep clear of weekends so far.")))
		card.Text += ": none"
	case len(days) > holidaysShown:
		card.Parts = append(card.Parts, Note(Say("and later ones")))
	}
	if a.Can(desk.PlanMaintenance) {
		card.Parts = append(card.Parts, Buttons{{Action: formAddHolidays, Label: "Add holidays", Style: Primary}})
	}
	return card, nil
}

func (b *Bot) submitAddHolidays(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	n, err := b.Desk.AddHolidays(ctx, a, r.Values.Get("days"))
	if err != nil {
		return Reply{}, err
	}
	card, err := b.holidaysCard(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	thanks := fmt.Sprintf("%s written down. Plans that keep clear of holidays are moved.", plural(int64(n), "day"))
	card.Text = thanks + "\n" + card.Text
	card.Parts = append([]Part{Text(Say(thanks))}, card.Parts...)
	return Reply{Say: card}, nil
}

func (b *Bot) removeHoliday(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	day, _ := time.Parse(time.DateOnly, r.Value) // what is no date is no holiday either
	if err := b.Desk.RemoveHoliday(ctx, a, day); err != nil {
		return Reply{}, err
	}
	card, err := b.holidaysCard(ctx, a)
	return Reply{Update: card}, err
}
