package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
)

func dutyTopic() topic {
	return topic{buttons: map[string]handler{
		"duty.on": setDuty(true), "duty.off": setDuty(false), "duty.who": (*Bot).whoIsOnDuty,
	}}
}

// setDuty answers a button.
func setDuty(on bool) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		duty, err := b.Desk.SetDuty(ctx, a, on, nil)
		if err != nil {
			return Reply{}, err
		}
		if r.Surface == SurfaceHome {
			return b.home(ctx, r, a)
		}
		return Reply{Say: b.dutyCard(a, duty)}, nil
	}
}

// duty answers `/duty [on, off, until 17:00, who]`.
func (b *Bot) duty(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	word, rest, _ := strings.Cut(strings.ToLower(strings.TrimSpace(r.Text)), " ")
	switch word {
	case "":
		return b.ownDuty(ctx, a)
	case "who":
		return b.whoIsOnDuty(ctx, r, a)
	case "on", "off":
		return b.dutyFor(ctx, a, word == "on", strings.TrimPrefix(rest, "until "))
	case "until":
		if rest != "" { // without a time it would be for ever
			return b.dutyFor(ctx, a, true, rest)
		}
	}
	return say("“%s” is not something I know about duty. Write /duty on, /duty off, /duty until 17:00 or /duty who.", clip(r.Text, 60)), nil
}

func (b *Bot) dutyFor(ctx context.Context, a desk.Actor, on bool, until string) (Reply, error) {
	var end *time.Time
	if until != "" {
		t, err := desk.ParseUntil(until, b.Desk.Now(), b.zone(a))
		if err != nil {
			return Reply{}, err
		}
		end = &t
	}
	duty, err := b.Desk.SetDuty(ctx, a, on, end)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: b.dutyCard(a, duty)}, nil
}

func (b *Bot) ownDuty(ctx context.Context, a desk.Actor) (Reply, error) {
	if !a.Can(desk.SetOwnDuty) {
		return b.whoIsOnDuty(ctx, Request{}, a)
	}
	duty, err := b.Desk.DutyNow(ctx, a.Member)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: b.dutyCard(a, duty)}, nil
}

func (b *Bot) dutyCard(a desk.Actor, duty desk.Duty) *Card {
	words := b.dutyWords(a, duty)
	return &Card{Text: words.String(), Parts: []Part{Text(words), dutyButtons(duty)}}
}

func dutyButtons(duty desk.Duty) Buttons {
	who := Button{Action: "duty.who", Label: "Who is on duty"}
	if duty.On {
		return Buttons{{Action: "duty.off", Label: "Go off duty"}, who}
	}
	return Buttons{{Action: "duty.on", Label: "Go on duty", Style: Primary}, who}
}

// dutyWords says to a member whether they are available.
func (b *Bot) dutyWords(a desk.Actor, duty desk.Duty) Words {
	state, then := "off duty", "Nobody offers you calls."
	if duty.On {
		state, then = "on duty", "Calls may be offered to you."
	}
	words := Say("You are ", Bold(state))
	switch {
	case duty.Until != nil:
		words = append(words, Say(" until ", At(*duty.Until, b.zone(a)), ". ")...)
	case duty.Why != "said so":
		words = append(words, Say(" (", duty.Why, "). ")...)
	default:
		words = append(words, Say(" until you say otherwise. ")...)
	}
	return append(words, Say(then)...)
}

func (b *Bot) whoIsOnDuty(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	rows, err := b.Desk.WhoIsOnDuty(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	on := 0
	var lines []Part
	for _, row := range rows {
		mark, state := "⚪ ", "off duty"
		if row.Duty.On {
			mark, state = "🟢 ", "on duty"
			on++
		}
		words := Say(mark, Bold(row.Member.Name), " · ", state, ", ", row.Duty.Why)
		if row.Duty.Until != nil {
			words = append(words, Say(" until ", At(*row.Duty.Until, b.zone(a)))...)
		}
		lines = append(lines, Text(words))
	}
	title := fmt.Sprintf("%d of %d technicians on duty", on, len(rows))
	if len(rows) == 0 {
		title = "There are no technicians yet. An admin can give the role with /callout team."
	}
	card := &Card{Text: title, Parts: append([]Part{Heading(title)}, lines...)}
	return Reply{Say: card}, nil
}
