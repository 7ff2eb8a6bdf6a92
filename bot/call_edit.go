package bot

import (
	"context"

	"callout/desk"
)

// formEditCall is the form in which what was written down of a call is changed.
const formEditCall = "call.edit"

func callEditTopic() topic {
	return topic{
		buttons: map[string]handler{formEditCall: opensOn(desk.LogCalls, (*Bot).fillEditCall)},
		forms:   map[string]handler{formEditCall: (*Bot).submitEditCall},
	}
}

func (b *Bot) fillEditCall(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Call(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := editCallForm(Values{"summary": {v.Call.Summary}, "details": {v.Call.Details}, "priority": {v.Call.Priority}})
	f.State = edition{id, v.Call.Version}.state()
	return f, nil
}

func editCallForm(values Values) *Form {
	fields := append(problemFields(values), priorityField(values))
	return &Form{ID: formEditCall, Title: "Edit call", Submit: "Save", Fields: fields}
}

func (b *Bot) submitEditCall(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	err := b.Desk.EditCall(ctx, a, e.id, e.version, fieldsIn(r.Values, desk.CallFields()...))
	if err != nil {
		return b.clashed(a, err, e.id, editCallForm, nil)
	}
	return b.refresh(ctx, r, a, e.id, say("Call %d is changed.", e.id))
}
