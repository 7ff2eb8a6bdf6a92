package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// formPolicy is the form in which an admin changes who is asked or told when.
const formPolicy = "policy.edit"

func policyTopic() topic {
	return topic{
		buttons: map[string]handler{formPolicy: opensOn(desk.ChangeSetting, (*Bot).fillPolicy)},
		forms:   map[string]handler{formPolicy: (*Bot).submitPolicy},
	}
}

// policyLabels are the fields of a policy as people read them.
var policyLabels = map[string]string{
	"clock": "Minutes count", "all_at_once": "The first message", "next_channel": "Ask on the next channel after", "next_technician": "Ask somebody else after",
	"dispatchers": "Tell the dispatchers after", "admins": "Tell the admins after", "admins_every": "Tell them again every", "admins_times": "How many times in all",
	"loud_every": "Then say it in the thread every", "remind": "Accepted, not moving: remind after", "remind_dispatchers": "Then tell the dispatchers after",
}

const waitHint = "Minutes such as 10m, days such as 1d, or shift: the start of their next one. Empty is never."

// policy answers `/callout policy`: what happens while a call has nobody, by priority.
func (b *Bot) policy(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	policies, err := b.Desk.Policies(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	card := Card{Text: "Who is asked or told when, by priority.", Parts: []Part{Heading("Who is asked or told, and when")}}
	for i, p := range policies {
		words := policyWords(p.Priority, desk.PolicyFieldsOf(p))
		if !a.Can(desk.ChangeSetting) {
			card.Parts = append(card.Parts, Text(words))
			continue
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: formPolicy, Value: formatID(int64(i + 1)), Label: "Change"}})
	}
	card.Parts = append(card.Parts, Note(Say("An answer stops everything that is still to come.")))
	return Reply{Say: &card}, nil
}

func policyWords(priority string, f desk.Fields) Words {
	first := "Asked on their first channel, on the next " + afterWords(f["next_channel"])
	if f["all_at_once"] == "true" {
		first = "Asked on every channel at once"
	}
	clock := "every minute counts"
	if f["clock"] == "duty" {
		clock = "minutes count in their duty hours"
	}
	lines := []string{
		fmt.Sprintf("%s (%s)", first, clock),
		fmt.Sprintf("Somebody else %s, dispatchers %s, admins %s (%s ×)", afterWords(f["next_technician"]), afterWords(f["dispatchers"]), afterWords(f["admins"]), f["admins_times"]),
		fmt.Sprintf("Accepted and not moving: reminded %s, dispatchers %s", afterWords(f["remind"]), afterWords(f["remind_dispatchers"])),
	}
	return Say(Bold(priorityMark(priority)), "\n", strings.Join(lines, "\n"))
}

// afterWords says a wait as people do.
func afterWords(wait string) string {
	n := number(strings.TrimRight(wait, "md"))
	switch {
	case wait == "":
		return "never"
	case wait == string(desk.NextShift):
		return "at their next shift"
	case strings.HasSuffix(wait, "d"):
		return "after " + plural(n, "day")
	case n >= 60 && n%60 == 0:
		return "after " + plural(n/60, "hour")
	}
	return "after " + plural(n, "minute")
}

func (b *Bot) fillPolicy(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	policies, err := b.Desk.Policies(ctx, a)
	if err != nil || id < 1 || int(id) > len(policies) {
		return nil, err
	}
	p := policies[id-1]
	f := policyForm(id)(valuesOf(desk.PolicyFieldsOf(p)))
	f.State = edition{id, p.Version}.state()
	return f, nil
}

// policyForm is the form of a priority's policy.
func policyForm(id int64) func(Values) *Form {
	return func(v Values) *Form {
		f := &Form{ID: formPolicy, Title: clip("Policy: "+desk.Priorities()[(id-1)%4], 24), Submit: "See what changes"}
		for _, name := range desk.PolicyFields() {
			field := Field{Name: name, Kind: FieldLine, Label: policyLabels[name], Max: 10, Value: v.Get(name), Optional: true, Hint: waitHint}
			switch name {
			case "clock":
				field.Kind, field.Optional, field.Hint = FieldRadio, false, ""
				field.Options = []Option{{Value: "always", Label: "Around the clock"}, {Value: "duty", Label: "While the person is on duty"}}
			case "all_at_once":
				field.Kind, field.Optional, field.Hint = FieldRadio, false, ""
				field.Options = []Option{{Value: "true", Label: "On every channel at once"}, {Value: "false", Label: "On their first channel only"}}
			case "admins_times":
				field.Hint, field.Optional = "A number from 0 to 20.", false
			case "next_technician", "dispatchers":
				field.Optional = false
			}
			field.Chosen = chosenOf(field.Options, v.Get(name))
			f.Fields = append(f.Fields, field)
		}
		return f
	}
}

// submitPolicy first shows what the policy would have done lately, and saves what was shown.
func (b *Bot) submitPolicy(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	state, seen, _ := strings.Cut(r.State, "|")
	e, fields := editionOf(state), fieldsIn(r.Values, desk.PolicyFields()...)
	if seen != fingerprint(fields) {
		return b.previewPolicy(ctx, r, a, e, fields)
	}
	if err := b.Desk.EditPolicy(ctx, a, e.id, e.version, fields); err != nil {
		return b.clashed(a, err, e.id, policyForm(e.id), nil)
	}
	return say("The policy for %s calls is changed. It counts from the next offer on.", desk.Priorities()[e.id-1]), nil
}

func (b *Bot) previewPolicy(ctx context.Context, r Request, a desk.Actor, e edition, fields desk.Fields) (Reply, error) {
	before, after, err := b.Desk.PolicyReplay(ctx, a, e.id, fields)
	if err != nil {
		return Reply{}, err
	}
	f := policyForm(e.id)(r.Values)
	f.Submit, f.State = "Save", e.state()+"|"+fingerprint(fields)
	line := func(what string, was, would int) string { return fmt.Sprintf("\n%s: %d (now %d)", what, would, was) }
	note := Say(Bold(fmt.Sprintf("With the last 30 days (%s) this would have meant", plural(int64(after.Calls), desk.Priorities()[e.id-1]+" call"))),
		line("Times somebody else is asked", before.AskedNext, after.AskedNext), line("Calls the dispatchers are told of", before.Dispatchers, after.Dispatchers),
		line("Calls the admins are told of", before.Admins, after.Admins))
	f.Fields = append([]Field{{Name: "preview", Kind: FieldNote, Note: note}}, f.Fields...)
	return Reply{Form: f}, nil
}
