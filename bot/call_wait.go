package bot

import (
	"context"
	"time"

	"callout/desk"
)

// formWait is the form in which a call is put off.
const formWait = "call.wait"

func callWaitTopic() topic {
	return topic{
		buttons: map[string]handler{formWait: opens(desk.CloseCalls), "call.resume": step((*desk.Desk).Resume)},
		forms:   map[string]handler{formWait: (*Bot).submitWait},
	}
}

func waitForm(r Request) *Form {
	reasons := plainOptions(desk.WaitReasons())
	return &Form{
		ID: formWait, Title: clip("Call "+r.Value+" waits", 24), Submit: "Let it wait", State: r.Value, Fields: []Field{
			{Name: "reason", Kind: FieldRadio, Label: "What it waits for", Options: reasons, Chosen: reasons[:1]},
			{Name: "until", Kind: FieldDate, Label: "Until", Hint: "It stays with whoever has it, and comes back that morning."},
			{Name: "note", Kind: FieldLine, Label: "Note", Optional: true, Max: desk.MaxReason, Placeholder: "Fuser unit is ordered"},
		},
	}
}

func (b *Bot) submitWait(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	until, _ := time.Parse(time.DateOnly, r.Values.Get("until")) // what is no date is the zero time, which the desk refuses
	if err := b.Desk.WaitFor(ctx, a, id, r.Values.Get("reason"), until, r.Values.Get("note")); err != nil {
		return Reply{}, err
	}
	return b.refresh(ctx, r, a, id, say("Call %d waits until %s.", id, until.Format("Mon 2 Jan")))
}
