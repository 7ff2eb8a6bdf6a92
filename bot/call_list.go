package bot

import (
	"context"
	"fmt"
	"strconv"

	"callout/desk"
)

// callList is how calls are listed.
var callList = list{
	noun: desk.NounCalls, title: "Calls", none: "There are no calls yet. /log-call logs the first one.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		return b.callFor(ctx, a, id)
	},
	page: (*Bot).callRows,
}

func callListTopic() topic {
	t := callList.topic()
	t.buttons["call.show"] = (*Bot).showCall
	return t
}

func (b *Bot) showCall(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	return b.callFor(ctx, a, number(r.Value))
}

// callFor is the card of a call shown to one member.
func (b *Bot) callFor(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	if _, err := b.Desk.Call(ctx, a, id); err != nil {
		return Reply{}, err
	}
	card, err := b.CallCard(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	open, ok, err := b.Desk.OpenOffer(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	if ok && open.Offer.MemberID == a.ID { // only they see this card
		card.Parts = append(card.Parts, answerButtons(formatID(id)))
	}
	return Reply{Say: &card}, nil
}

// callRows reads one page. after is the number of the last call of the page before.
func (b *Bot) callRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Calls(ctx, a, f, number(after), pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Calls))
	for i, c := range page.Calls {
		rows[i] = row{
			item: Item{Text: b.callLine(a, c), Button: Button{Action: "call.show", Value: strconv.FormatInt(c.ID, 10), Label: "Open"}},
			line: fmt.Sprintf("%d %s: %s (%s)", c.ID, c.Customer, c.Summary, c.Status),
		}
	}
	next := ""
	if page.Next > 0 {
		next = strconv.FormatInt(page.Next, 10)
	}
	return rows, next, nil
}

func (b *Bot) callLine(a desk.Actor, c desk.CallRow) Words {
	state := progressWords(c.Status, c.Progress)
	switch {
	case c.Asked != "":
		state += " to " + c.Asked
	case c.Technician != "":
		state += " · " + c.Technician
	}
	return Say(Bold(fmt.Sprintf("%d · %s", c.ID, c.Customer)), "\n", clip(c.Summary, 120), "\n",
		priorityMark(c.Priority), " · ", state, " · ", At(c.OpenedAt, b.zone(a)))
}
