package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"callout/desk"
	"callout/notify"
)

// SwapCard is the card of a swap in the calls channel.
func (b *Bot) SwapCard(ctx context.Context, id int64) (Card, error) {
	v, err := b.Desk.Swap(ctx, id)
	if err != nil {
		return Card{}, err
	}
	s := v.DutySwap
	card := Card{Text: fmt.Sprintf("%s asks to be covered: %s.", v.Asker, desk.SpansText(v.Spans, b.Desk.Zone))}
	card.Parts = []Part{Heading(clip("Who covers "+v.Asker+"?", 140))}
	var lines []string
	for _, span := range v.Spans {
		words := desk.SpanText(span.From, span.To, b.Desk.Zone, "Mon 2 Jan")
		if span.OnCall {
			words += " (on call)"
		}
		lines = append(lines, words)
	}
	card.Parts = append(card.Parts, Text(Say(Bold(strings.Join(lines, "\n")))))
	if s.Words != "" {
		card.Parts = append(card.Parts, Text(Say(s.Words)))
	}
	if s.State != desk.SwapOpen {
		end := swapEnd(v)
		card.Text = end
		card.Parts = append(card.Parts, Text(Say(Bold(end))))
		return card, nil
	}
	skills := "Take it if you can do the work; skills are not compared. Times are those of " + b.Desk.Zone.String() + "."
	if len(v.Skills) > 0 {
		skills = v.Asker + " does " + joinAnd(v.Skills) + ". " + skills
	}
	id2 := formatID(id)
	card.Parts = append(card.Parts, Note(Say(skills)), Buttons{
		{Action: "swap.take", Value: id2, Label: "Take", Style: Primary},
		{Action: "swap.withdraw", Value: id2, Label: "Withdraw", Confirm: "Nobody needs to cover any more?"},
	})
	return card, nil
}

// swapEnd says what became of a swap.
func swapEnd(v desk.SwapView) string {
	switch v.DutySwap.State {
	case desk.SwapTaken:
		return v.Taker + " covers " + v.Asker + "."
	case desk.SwapWithdrawn:
		return v.Asker + " does not need to be covered any more."
	}
	return "Nobody took it in time; " + v.Asker + " is on duty."
}

func (b *Bot) showSwap(ctx context.Context, r Request, _ desk.Actor) (Reply, error) {
	card, err := b.SwapCard(ctx, number(r.Value))
	return Reply{Say: &card}, err
}

func (b *Bot) takeCover(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	return b.swapPressed(ctx, id, b.Desk.TakeCover(ctx, a, id))
}

// withdrawCover answers the button on the card, and the one in the list of one's days.
func (b *Bot) withdrawCover(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	return b.swapPressed(ctx, id, b.Desk.WithdrawCover(ctx, a, id))
}

// refusedText is what a refusal says.
func refusedText(err error) string {
	var refused *desk.Error
	if errors.As(err, &refused) {
		return refused.Text
	}
	return ""
}

// swapPressed shows a swap as it is now in the place of its message: who was late sees who was faster.
func (b *Bot) swapPressed(ctx context.Context, id int64, pressed error) (Reply, error) {
	if pressed != nil && desk.CodeOf(pressed) != desk.Conflict {
		return Reply{}, pressed
	}
	card, err := b.SwapCard(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Update: &card}
	if pressed != nil {
		reply.Say = textCard(refusedText(pressed))
	}
	return reply, nil
}

// timeOffCard asks for a decision about time off, with everything that speaks against it; decided, it says how.
func (b *Bot) timeOffCard(ctx context.Context, id int64) (Card, error) {
	v, err := b.Desk.TimeOff(ctx, id)
	if err != nil {
		return Card{}, err
	}
	t := v.TimeOff
	when := desk.SpanText(t.StartsAt, t.EndsAt, b.Desk.Zone, "Mon 2 Jan")
	card := Card{Text: fmt.Sprintf("%s asks for time off: %s.", v.Name, when), Parts: []Part{
		Heading(clip("Time off for "+v.Name+"?", 140)), Text(Say(Bold(when))),
	}}
	if t.Reason != "" {
		card.Parts = append(card.Parts, Text(Say(t.Reason)))
	}
	id2 := formatID(id)
	switch t.State {
	case desk.OffAsked:
		card.Parts = append(card.Parts, b.againstFacts(v), Buttons{
			{Action: "time_off.approve", Value: id2, Label: "Approve", Style: Primary}, {Action: "time_off.refuse", Value: id2, Label: "Refuse", Style: Danger},
		})
		return card, nil
	case desk.OffCancelled:
		card.Text = v.Name + " does not need the time off (" + when + ") any more."
	default:
		card.Text = fmt.Sprintf("%s %s time off for %s: %s.", cmp.Or(v.DecidedByName, "Somebody"), t.State, v.Name, when)
	}
	card.Parts = append(card.Parts, Text(Say(card.Text)))
	return card, nil
}

// againstFacts is what speaks against time off: who else is off then, and what is on their hands.
func (b *Bot) againstFacts(v desk.OffView) Facts {
	var others, calls, tasks []string
	for _, o := range v.Others {
		line := o.Name + ", " + desk.SpanText(o.StartsAt, o.EndsAt, b.Desk.Zone, "Mon 2 Jan")
		if o.State == desk.OffAsked {
			line += " (asked)"
		}
		others = append(others, line)
	}
	for _, c := range v.Calls {
		calls = append(calls, fmt.Sprintf("%d %s", c.Call.ID, clip(c.CustomerName, 40)))
	}
	for _, t := range v.Tasks {
		tasks = append(tasks, fmt.Sprintf("%d %s, due %s", t.ID, clip(t.Model, 40), t.DueOn.Format("Mon 2 Jan")))
	}
	list := func(all []string) Words {
		if len(all) > planMost {
			all = append(all[:planMost:planMost], fmt.Sprintf("and %d more", len(all)-planMost))
		}
		return Say(cmp.Or(strings.Join(all, "\n"), "none"))
	}
	return Facts{{"Others off then", list(others)}, {"Calls on their hands", list(calls)}, {"Maintenance due then", list(tasks)}}
}

// decideTimeOff answers the buttons below a request, in the place of its message.
func decideTimeOff(approve bool) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		decided := b.Desk.DecideTimeOff(ctx, a, id, approve)
		if decided != nil && desk.CodeOf(decided) != desk.Conflict {
			return Reply{}, decided
		}
		if r.Surface == SurfaceHome {
			return b.home(ctx, r, a)
		}
		card, err := b.timeOffCard(ctx, id)
		reply := Reply{Update: &card}
		if decided != nil {
			reply.Say = textCard(refusedText(decided))
		}
		return reply, err
	}
}

func (b *Bot) showTimeOff(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.ApproveTimeOff); err != nil {
		return Reply{}, err
	}
	card, err := b.timeOffCard(ctx, number(r.Value))
	return Reply{Say: &card}, err
}

func (b *Bot) cancelTimeOff(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.CancelTimeOff(ctx, a, number(r.Value)); err != nil {
		return Reply{}, err
	}
	return say("That time off is cancelled."), nil
}

// dutyHome lists the time off that waits for approval, for who may give it.
func (b *Bot) dutyHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	if !a.Can(desk.ApproveTimeOff) {
		return nil, nil
	}
	asked, err := b.Desk.TimeOffAsked(ctx, a)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	parts := []Part{Divider{}, Heading("Time off to approve")}
	for _, t := range asked[:min(len(asked), planMost)] {
		words := append(Say(Bold(t.Name), "\n"), b.spanWords(a, t.StartsAt, t.EndsAt)...)
		if t.Reason != "" {
			words = append(words, Say(" · ", clip(t.Reason, 100))...)
		}
		parts = append(parts, Item{Text: words, Button: Button{Action: "time_off.show", Value: formatID(t.ID), Label: "Decide"}})
	}
	return parts, nil
}

// dutyNewsCard draws a message about duty by what it is about.
func (b *Bot) dutyNewsCard(ctx context.Context, m notify.Message) (Card, error) {
	switch {
	case m.Record.Kind == desk.SwapRecord && strings.Contains(m.Text, " asks to be covered: "):
		return b.SwapCard(ctx, m.Record.ID)
	case m.Record.Kind == desk.TimeOffRecord && strings.Contains(m.Text, " asks for time off: "):
		return b.timeOffCard(ctx, m.Record.ID)
	case m.Record.Kind == desk.MemberRecord:
		card := *textCard(m.Text)
		card.Parts = append(card.Parts, Buttons{{Action: "duty.show", Value: formatID(m.Record.ID), Label: "My days"}})
		return card, nil
	case m.Ref == "gaps":
		card := *textCard(m.Text)
		card.Parts = append(card.Parts, Buttons{{Action: "duty.gaps", Label: "Look again"}, {Action: "duty.who", Label: "Who is on duty"}})
		return card, nil
	}
	return *textCard(m.Text), nil
}

// gapsShown is how many gaps one list shows.
const gapsShown = 40

// gaps replays the coming week: who is missing when.
func (b *Bot) gaps(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	report, err := b.Desk.Gaps(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	card := gapsCard(report, desk.GapLines(report.Gaps, b.zone(a), gapsShown))
	return Reply{Say: &card}, nil
}

func gapsCard(report desk.GapReport, lines []string) Card {
	title := "Gaps of the coming week"
	card := Card{Parts: []Part{Heading(title)}}
	if len(lines) == 0 {
		lines = []string{"None: while we are open somebody is on duty, with the skills that our machines need."}
	}
	card.Text = title + ":\n" + strings.Join(lines, "\n")
	card.Parts = append(card.Parts, Text(Say(strings.Join(lines, "\n"))))
	if len(report.Missing) > 0 {
		card.Parts = append(card.Parts, Text(Say("No technician at all has the skill ", joinAnd(report.Missing), ", which machines need.")))
	}
	if report.NoOnCall {
		card.Parts = append(card.Parts, Note(Say("Nobody is ever on call, so nights and weekends are not looked at. /duty hours sets on-call hours.")))
	}
	card.Parts = append(card.Parts, Buttons{{Action: "duty.who", Label: "Who is on duty"}})
	return card
}

// showHandOver puts on an offer what the last one wrote for the next one.
func (b *Bot) showHandOver(ctx context.Context, card *Card, callID int64) error {
	line, err := b.Desk.HandOverLine(ctx, callID)
	if err != nil || line == "" {
		return err
	}
	card.Text += " Handed over by " + line
	card.Parts = append(card.Parts, Text(Say(Bold("Handed over by "), line)))
	return nil
}
