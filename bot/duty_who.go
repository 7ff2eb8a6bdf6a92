package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

func (b *Bot) whoIsOnDuty(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	return b.whoAt(ctx, a, "")
}

// whoAt says who is on duty now, or at a moment in words.
func (b *Bot) whoAt(ctx context.Context, a desk.Actor, text string) (Reply, error) {
	at, err := desk.ParseMoment(text, b.Desk.Now(), b.zone(a))
	if err != nil {
		return Reply{}, err
	}
	rows, err := b.Desk.WhoIsOnDutyAt(ctx, a, at)
	if err != nil {
		return Reply{}, err
	}
	title := whoTitle(rows)
	if text != "" {
		title += ", " + at.In(b.zone(a)).Format("Mon 2 Jan 15:04")
	}
	card := &Card{Text: title, Parts: []Part{Heading(title)}}
	for i, row := range rows {
		if i == whoMost {
			card.Parts = append(card.Parts, Note(Say(fmt.Sprintf("and %d more", len(rows)-whoMost))))
			break
		}
		words := b.whoWords(a, row)
		card.Text += "\n" + words.String()
		if !a.Can(desk.SetAnyDuty) {
			card.Parts = append(card.Parts, Text(words))
			continue
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: "duty.show", Value: formatID(row.Member.ID), Label: "Days"}})
	}
	if a.Can(desk.SetAnyDuty) {
		card.Parts = append(card.Parts, Buttons{{Action: "duty.gaps", Label: "Gaps of the coming week"}})
	}
	return Reply{Say: card}, nil
}

// whoMost is how many people one list shows: each takes a block, and a message holds 50.
const whoMost = 45

func whoTitle(rows []desk.OnDuty) string {
	if len(rows) == 0 {
		return "There are no technicians yet. An admin can give the role with /callout team."
	}
	on, onCall := 0, 0
	for _, row := range rows {
		switch {
		case row.Duty.On:
			on++
		case row.Duty.OnCall:
			onCall++
		}
	}
	title := fmt.Sprintf("%d of %d technicians on duty", on, len(rows))
	if onCall > 0 {
		title += fmt.Sprintf(", %d on call", onCall)
	}
	return title
}

// whoWords says of one person whether they are on duty, why, and until when.
func (b *Bot) whoWords(a desk.Actor, row desk.OnDuty) Words {
	mark := map[string]string{"on duty": "🟢 ", "on call": "🟡 ", "off duty": "⚪ "}[dutyState(row.Duty)]
	words := Say(mark, Bold(row.Member.Name), " · ", dutyState(row.Duty))
	if why := row.Duty.Why; !strings.HasPrefix(why, "weekly hours until") && !strings.HasPrefix(why, "on call until") {
		words = append(words, Say(", ", why)...) // the others are said below, in the reader's zone
	}
	if row.Ends == nil {
		return words
	}
	words = append(words, Say(" until ", At(*row.Ends, b.zone(a)))...)
	if row.Duty.OnCall || row.Then.OnCall {
		words = append(words, Say(", then ", dutyState(row.Then))...)
	}
	return words
}
