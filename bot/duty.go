package bot

import (
	"context"
	"strings"
	"time"

	"callout/desk"
	"callout/store"
)

// The forms about duty. The State of hours is an edition of the member; that of days is the member's number; that of the hand-over is
// until when somebody goes off duty.
const (
	formHours    = "duty.hours"
	formDays     = "duty.days"
	formCover    = "duty.cover"
	formTimeOff  = "duty.time_off"
	formHandOver = "duty.hand_over"
)

func dutyTopic() topic {
	return topic{
		buttons: map[string]handler{
			"duty.on": (*Bot).pressOn, "duty.off": (*Bot).pressOff, "duty.who": (*Bot).whoIsOnDuty, "duty.show": (*Bot).showDuty,
			"duty.cancel": (*Bot).cancelDuty, "duty.gaps": (*Bot).gaps,
			formHours: (*Bot).openHours, formDays: (*Bot).openDays, formCover: opens(desk.SetOwnDuty), formTimeOff: opens(desk.AskTimeOff),
			"swap.take": (*Bot).takeCover, "swap.withdraw": (*Bot).withdrawCover, "swap.show": (*Bot).showSwap,
			"time_off.approve": decideTimeOff(true), "time_off.refuse": decideTimeOff(false), "time_off.cancel": (*Bot).cancelTimeOff,
			"time_off.show": (*Bot).showTimeOff,
		},
		forms: map[string]handler{
			formHours: (*Bot).submitHours, formDays: (*Bot).submitDays, formCover: (*Bot).submitCover, formTimeOff: (*Bot).submitTimeOff,
			formHandOver: (*Bot).submitHandOver,
		},
	}
}

// dutyHelp is the answer to words that mean nothing about duty.
const dutyHelp = "“%s” is not something I know about duty. Type /duty on, /duty off, /duty off friday, /duty on sat 9-13, /duty until 17:00, " +
	"/duty who, /duty hours, /duty cover friday, /duty time-off or /duty gaps."

// duty answers `/duty`, whose words may begin with the name of somebody else.
func (b *Bot) duty(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	text, who := strings.TrimSpace(r.Text), a.Member
	if first, rest, _ := strings.Cut(text, " "); strings.HasPrefix(first, "@") || strings.HasPrefix(first, "<@") {
		m, err := b.Desk.Technician(ctx, a, first)
		if err != nil {
			return Reply{}, err
		}
		text, who = strings.TrimSpace(rest), m
	}
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch word = strings.ToLower(word); word {
	case "":
		return b.dutyOf(ctx, a, who)
	case "on", "off":
		if after, isCall := strings.CutPrefix(strings.ToLower(rest), "call"); word == "on" && isCall {
			return b.say(ctx, a, who, desk.DutyOnCall, after)
		}
		return b.say(ctx, a, who, word, rest)
	case "on-call", "oncall":
		return b.say(ctx, a, who, desk.DutyOnCall, rest)
	case "until", "till":
		if rest != "" { // without a time it would be for ever
			return b.say(ctx, a, who, desk.DutyOn, "until "+rest)
		}
	case "who":
		return b.whoAt(ctx, a, rest)
	case "hours":
		return b.openHours(ctx, Request{Value: formatID(who.ID)}, a)
	case "days", "day":
		return b.openDays(ctx, Request{Value: formatID(who.ID)}, a)
	case "cover", "swap":
		return b.coverBy(ctx, a, rest)
	case "time-off", "timeoff", "leave", "vacation":
		return b.timeOffBy(ctx, a, rest)
	case "gaps":
		return b.gaps(ctx, r, a)
	}
	return say(dutyHelp, clip(text, 60)), nil
}

// say puts somebody on duty, off duty or on call for a time in words.
func (b *Bot) say(ctx context.Context, a desk.Actor, who store.Member, kind, text string) (Reply, error) {
	w, err := b.whenOf(who, text)
	if err != nil {
		return Reply{}, err
	}
	return b.changeDuty(ctx, a, who, kind, w)
}

// whenOf reads a time in somebody's zone. A time of day alone is until then.
func (b *Bot) whenOf(who store.Member, text string) (desk.When, error) {
	now, zone := b.Desk.Now(), b.Desk.ZoneOf(who)
	if until, err := desk.ParseUntil(text, now, zone); err == nil {
		return desk.When{From: now, To: &until}, nil
	}
	return desk.ParseWhen(text, now, zone)
}

// changeDuty does it. Who goes off duty now with calls on their hands is asked about those first.
func (b *Bot) changeDuty(ctx context.Context, a desk.Actor, who store.Member, kind string, w desk.When) (Reply, error) {
	if kind == desk.DutyOff && who.ID == a.ID && !w.From.After(b.Desk.Now()) {
		if form, err := b.handOverForm(ctx, a, w); err != nil || form != nil {
			return Reply{Form: form}, err
		}
	}
	w, err := b.Desk.ChangeDuty(ctx, a, desk.DutyChange{MemberID: who.ID, Kind: kind, When: w})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: b.dutySaid(a, who, kind, w)}, nil
}

// dutyKinds is a kind of duty as people say it.
var dutyKinds = map[string]string{desk.DutyOn: "on duty", desk.DutyOff: "off duty", desk.DutyOnCall: "on call"}

// dutySaid says what a change of duty came to.
func (b *Bot) dutySaid(a desk.Actor, who store.Member, kind string, w desk.When) *Card {
	if who.ID == a.ID && !w.From.After(b.Desk.Now()) {
		return b.dutyCard(a, desk.Duty{On: kind == desk.DutyOn, OnCall: kind == desk.DutyOnCall, Why: "said so", Until: w.To})
	}
	when := b.Desk.WhenText(w, b.Desk.ZoneOf(who))
	words := Say("You are ", Bold(dutyKinds[kind]), " ", when, ".")
	if who.ID != a.ID {
		words = Say(Bold(who.Name), " is ", Bold(dutyKinds[kind]), " ", when, ". I have told them.")
	}
	return &Card{Text: words.String(), Parts: []Part{Text(words), Buttons{{Action: "duty.show", Value: formatID(who.ID), Label: "All days"}}}}
}

// dutyFor answers the words on and off, with until when, of a text message.
func (b *Bot) dutyFor(ctx context.Context, a desk.Actor, on bool, text string) (Reply, error) {
	w, err := b.whenOf(a.Member, text)
	if err != nil {
		return Reply{}, err
	}
	kind := desk.DutyOff
	if on {
		kind = desk.DutyOn
	}
	w, err = b.Desk.ChangeDuty(ctx, a, desk.DutyChange{MemberID: a.ID, Kind: kind, When: w})
	return Reply{Say: b.dutySaid(a, a.Member, kind, w)}, err
}

func (b *Bot) pressOn(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	return b.pressed(ctx, r, a, desk.DutyOn)
}

func (b *Bot) pressOff(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	return b.pressed(ctx, r, a, desk.DutyOff)
}

func (b *Bot) pressed(ctx context.Context, r Request, a desk.Actor, kind string) (Reply, error) {
	reply, err := b.changeDuty(ctx, a, a.Member, kind, desk.When{From: b.Desk.Now()})
	if err != nil || reply.Form != nil || r.Surface != SurfaceHome {
		return reply, err
	}
	return b.home(ctx, r, a)
}

// dutyOf answers `/duty` alone, and with a name: the duty of a technician, else who is on duty.
func (b *Bot) dutyOf(ctx context.Context, a desk.Actor, who store.Member) (Reply, error) {
	if who.ID == a.ID && !a.Can(desk.SetOwnDuty) {
		return b.whoIsOnDuty(ctx, Request{}, a)
	}
	card, err := b.dutyPlanCard(ctx, a, who.ID)
	return Reply{Say: card}, err
}

func (b *Bot) dutyCard(a desk.Actor, duty desk.Duty) *Card {
	words := b.dutyWords(a, duty)
	return &Card{Text: words.String(), Parts: []Part{Text(words), dutyButtons(a, duty)}}
}

func dutyButtons(a desk.Actor, duty desk.Duty) Buttons {
	toggle := Button{Action: "duty.on", Label: "Go on duty", Style: Primary}
	if duty.Any() {
		toggle = Button{Action: "duty.off", Label: "Go off duty"}
	}
	return Buttons{toggle, {Action: "duty.show", Value: formatID(a.ID), Label: "My days"}, {Action: "duty.who", Label: "Who is on duty"}}
}

// dutyWords says to a member whether they are available.
func (b *Bot) dutyWords(a desk.Actor, duty desk.Duty) Words {
	state, then := "off duty", "Nobody offers you calls."
	switch {
	case duty.On:
		state, then = "on duty", "Calls may be offered to you."
	case duty.OnCall:
		state, then = "on call", "Urgent calls may be offered to you."
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

// nextWords says what comes after somebody's duty of now; nothing if nothing is known.
func (b *Bot) nextDutyWords(a desk.Actor, next desk.Outlook) Words {
	if next.Ends == nil {
		return nil
	}
	return Say("Next: ", dutyState(next.Then), " from ", At(*next.Ends, b.zone(a)), " on.")
}

// dutyState is a duty in two words.
func dutyState(d desk.Duty) string {
	switch {
	case d.On:
		return "on duty"
	case d.OnCall:
		return "on call"
	}
	return "off duty"
}

// spanWords says from when to when, each in the reader's zone.
func (b *Bot) spanWords(a desk.Actor, from, to time.Time) Words {
	return Say(desk.SpanText(from, to, b.zone(a), "Mon 2 Jan"))
}
