package bot

import (
	"context"
	"fmt"
	"strconv"

	"callout/desk"
)

// home is the page a member sees when they open the app: what waits for them first.
func (b *Bot) home(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	card := &Card{Text: "Callout", Parts: []Part{Heading(b.Desk.Company)}}
	if a.Can(desk.LogCalls) {
		card.Parts = append(card.Parts, Buttons{{Action: formLogCall, Label: "Log a call", Style: Primary}, {Action: formReport, Label: "Make a report"}, {Action: "help.show", Label: "Help"}})
	}
	for _, section := range homeSections(a) {
		parts, err := section(b, ctx, a)
		if err != nil {
			return Reply{}, err
		}
		card.Parts = append(card.Parts, parts...)
	}
	if a.Can(desk.ApproveMember) {
		card.Parts = append(card.Parts, Divider{}, Buttons{{Action: "team.show", Label: "Team"}, {Action: formSettings, Label: "Settings"}})
	}
	return Reply{Home: card}, nil
}

// homeSections are the parts of a member's page, what is theirs to do first. Who directs calls begins with all of them; who only
// sees them ends with them.
func homeSections(a desk.Actor) []func(*Bot, context.Context, desk.Actor) ([]Part, error) {
	sections := []func(*Bot, context.Context, desk.Actor) ([]Part, error){(*Bot).undoHome}
	if a.Can(desk.TakeCalls) {
		sections = append(sections, (*Bot).technicianHome)
	}
	if a.Can(desk.DirectCalls) {
		sections = append(sections, (*Bot).deskHome)
	}
	sections = append(sections, (*Bot).dutyHome, (*Bot).salesHome, (*Bot).taskHome, (*Bot).quoteHome)
	if a.Can(desk.SeeCalls) && !a.Can(desk.TakeCalls) && !a.Can(desk.DirectCalls) {
		sections = append(sections, (*Bot).deskHome)
	}
	return sections
}

// technicianHome is what somebody is asked to take and has on their hands.
func (b *Bot) technicianHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	duty, next, err := b.Desk.DutyAhead(ctx, a.Member)
	if err != nil {
		return nil, err
	}
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil {
		return nil, err
	}
	parts := []Part{Text(append(b.dutyWords(a, duty), b.nextDutyWords(a, next)...)), dutyButtons(a, duty), Divider{}, Heading("Waiting for your answer")}
	if len(hands.Asked) == 0 {
		parts = append(parts, Text(Say("Nothing: no call is offered to you.")))
	}
	for _, h := range hands.Asked {
		id := strconv.FormatInt(h.Call.ID, 10)
		parts = append(parts, Text(handLine(h.Call.ID, h.CustomerName, h.Call.Summary, priorityMark(h.Call.Priority))), answerButtons(id))
	}
	parts = append(parts, Divider{}, Heading("Your calls"))
	if len(hands.Mine) == 0 {
		parts = append(parts, Text(Say("None at the moment.")))
	}
	for _, h := range hands.Mine {
		view := desk.CallView{Call: h.Call}
		state := progressWords(h.Call.Status, h.Call.Progress)
		buttons := append(stepButtons(view), Button{Action: "call.show", Value: strconv.FormatInt(h.Call.ID, 10), Label: "Open"})
		parts = append(parts, Text(handLine(h.Call.ID, h.CustomerName, h.Call.Summary, priorityMark(h.Call.Priority)+" · "+state)), buttons)
	}
	return parts, nil
}

func handLine(id int64, customer, summary, state string) Words {
	return Say(Bold(fmt.Sprintf("%d · %s", id, customer)), "\n", clip(summary, 200), "\n", state)
}

// deskHome is every pending call, those that nobody has first.
func (b *Bot) deskHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	loose, err := b.Desk.Calls(ctx, a, desk.Filter{Status: desk.Unassigned}, 0, pageSize)
	if err != nil {
		return nil, err
	}
	parts := []Part{Divider{}}
	if len(loose.Calls) > 0 {
		parts = append(parts, Heading("Nobody has these yet"))
		for _, c := range loose.Calls {
			id := strconv.FormatInt(c.ID, 10)
			button := Button{Action: "call.show", Value: id, Label: "Open"}
			if a.Can(desk.DirectCalls) {
				button = Button{Action: formOffer, Value: id, Label: "Offer to…", Style: Primary}
			}
			parts = append(parts, Item{Text: b.callLine(a, c), Button: button})
		}
		parts = append(parts, Divider{})
	}
	pending, err := b.Desk.Calls(ctx, a, desk.Filter{Status: desk.Pending}, 0, 2*pageSize)
	if err != nil {
		return nil, err
	}
	parts = append(parts, Heading("Pending calls"))
	if len(pending.Calls) == 0 {
		parts = append(parts, Text(Say("None. Every customer is taken care of.")))
	}
	for _, c := range pending.Calls {
		if c.Progress == desk.Unassigned {
			continue
		}
		parts = append(parts, Item{Text: b.callLine(a, c), Button: Button{Action: "call.show", Value: strconv.FormatInt(c.ID, 10), Label: "Open"}})
	}
	if pending.Next > 0 {
		parts = append(parts, Note(Say("There are more: /calls status:pending lists them all.")))
	}
	return parts, nil
}
