package bot

import (
	"cmp"
	"context"
	"strings"
	"time"

	"callout/desk"
)

// The forms of a visit.
const (
	formLogVisit      = "visit.log"
	formEditVisit     = "visit.edit"
	formVisitHappened = "visit.happened"
)

func visitFormTopic() topic {
	return topic{
		buttons: map[string]handler{
			formLogVisit: (*Bot).openLogVisit, formEditVisit: opensOn(desk.LogVisits, (*Bot).fillEditVisit),
			formVisitHappened: opensForm(desk.LogVisits, happenedForm),
		},
		forms: map[string]handler{
			formLogVisit: (*Bot).submitLogVisit, formEditVisit: (*Bot).submitEditVisit, formVisitHappened: (*Bot).submitHappened,
		},
	}
}

// previewLogVisit is the form as it opens: nothing in it has to be looked up.
func previewLogVisit(r Request) *Form {
	return logVisitForm(Values{"outcome": {clip(r.Text, desk.MaxOutcome)}}, nil)
}

// openLogVisit opens the form; from a button of a customer or lead, whose value names them, with them chosen.
func (b *Bot) openLogVisit(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.LogVisits); err != nil {
		return Reply{}, err
	}
	if r.Kind != KindButton {
		return Reply{Form: previewLogVisit(r)}, nil
	}
	party, err := b.partyChosen(ctx, a, r.Value)
	return Reply{Form: logVisitForm(Values{}, party)}, err
}

func logVisitForm(values Values, party []Option) *Form {
	fields := []Field{partyField("Customer or lead", party...)}
	fields = append(fields, purposeField(values, desk.VisitSales))
	fields = append(fields, whenFields(values, "Leave both empty for now. A later time plans the visit.")...)
	fields = append(fields, outcomeFields(values)...)
	fields = append(fields, photosField())
	member := memberField("Who was there")
	member.Optional, member.Hint = true, "Leave it empty if it was you."
	return &Form{ID: formLogVisit, Title: "Log a visit", Submit: "Save", Fields: append(fields, member)}
}

func photosField() Field {
	return Field{Name: "photos", Kind: FieldFiles, Label: "Photos", Optional: true, Max: desk.MaxUploads, Hint: "They are kept with the visit."}
}

func purposeField(values Values, otherwise string) Field {
	options := make([]Option, 0, len(desk.VisitPurposes()))
	for _, p := range desk.VisitPurposes() {
		options = append(options, Option{Value: p, Label: purposeWord(p)})
	}
	return Field{Name: "purpose", Kind: FieldRadio, Label: "Purpose", Options: options, Chosen: chosenOf(options, cmp.Or(values.Get("purpose"), otherwise))}
}

func purposeWord(purpose string) string {
	word := strings.ReplaceAll(purpose, "_", "-")
	return strings.ToUpper(word[:1]) + word[1:]
}

// The fields of a moment: the day under the name that the desk knows, the time beside it.
const (
	fieldAt     = "at"
	fieldAtTime = "at_time"
)

func whenFields(values Values, hint string) []Field {
	return []Field{
		{Name: fieldAt, Kind: FieldDate, Label: "Day", Optional: true, Value: values.Get(fieldAt)},
		{Name: fieldAtTime, Kind: FieldTime, Label: "Time", Optional: true, Value: values.Get(fieldAtTime), Hint: hint},
	}
}

func outcomeFields(values Values) []Field {
	return []Field{
		{Name: "outcome", Kind: FieldText, Label: "What came of it", Max: desk.MaxOutcome, Optional: true, Value: values.Get("outcome")},
		{Name: "next_step", Kind: FieldLine, Label: "Next step", Max: desk.MaxNextStep, Optional: true, Value: values.Get("next_step"), Placeholder: "Send them the brochure"},
		{Name: "next_on", Kind: FieldDate, Label: "On", Optional: true, Value: values.Get("next_on"), Hint: "You are reminded in the morning of that day."},
	}
}

// momentIn reads the day and time of a form in a member's zone, as the desk keeps a moment; empty is now. A day without a time, or
// a time without a day, takes the other from today.
func (b *Bot) momentIn(a desk.Actor, v Values, otherwise time.Time) string {
	day, clock := v.Get(fieldAt), v.Get(fieldAtTime)
	if day == "" && clock == "" {
		return ""
	}
	local := otherwise.In(b.zone(a))
	day, clock = cmp.Or(day, local.Format(time.DateOnly)), cmp.Or(clock, local.Format("15:04"))
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, b.zone(a))
	if err != nil {
		return "bad" // the desk refuses it on its field
	}
	return desk.VisitAt(at)
}

// visitFieldsIn reads the fields of a visit from a sent form.
func (b *Bot) visitFieldsIn(a desk.Actor, v Values) desk.Fields {
	f := fieldsIn(v, desk.VisitFields()...)
	f[fieldAt] = b.momentIn(a, v, b.Desk.Now())
	return f
}

func (b *Bot) submitLogVisit(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id, err := b.Desk.LogVisit(ctx, a, desk.NewVisit{
		Party: partyOf(r.Values), Fields: b.visitFieldsIn(a, r.Values), Photos: uploads(r, "photos"),
	})
	if err != nil {
		return Reply{}, err
	}
	return b.visitSaid(ctx, a, id)
}

func (b *Bot) fillEditVisit(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Visit(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f, err := b.editVisitForm(ctx, a, valuesOf(desk.VisitFieldsOf(v.Visit)))
	f.State = edition{id, v.Visit.Version}.state()
	return f, err
}

// editVisitForm is the form in which a visit is changed. Its values are those of the desk: at is a moment.
func (b *Bot) editVisitForm(ctx context.Context, a desk.Actor, values Values) (*Form, error) {
	if at, err := time.Parse("2006-01-02T15:04Z", values.Get(fieldAt)); err == nil {
		local := at.In(b.zone(a))
		values[fieldAt], values[fieldAtTime] = []string{local.Format(time.DateOnly)}, []string{local.Format("15:04")}
	}
	who, err := b.memberChosen(ctx, values.Get(memberSearch))
	fields := append([]Field{purposeField(values, ""), memberField("Who", who...)}, whenFields(values, "")...)
	return &Form{ID: formEditVisit, Title: "Edit visit", Submit: "Save", Fields: append(fields, outcomeFields(values)...)}, err
}

func (b *Bot) submitEditVisit(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	err := b.Desk.EditVisit(ctx, a, e.id, e.version, b.visitFieldsIn(a, r.Values))
	if err == nil {
		return b.visitSaid(ctx, a, e.id)
	}
	again := func(v Values) *Form {
		f, err := b.editVisitForm(ctx, a, v)
		if err != nil { // the name of who was there is missing; everything typed is there
			b.Log.WarnContext(ctx, "member of a visit not found", "err", err)
		}
		return f
	}
	who := b.memberShown(ctx, memberSearch)
	return b.clashed(a, err, e.id, again, func(field, value string) string {
		if at, err := time.Parse("2006-01-02T15:04Z", value); err == nil && field == fieldAt {
			return at.In(b.zone(a)).Format("Mon 2 Jan 2006 15:04")
		}
		return who(field, value)
	})
}

func happenedForm(r Request) *Form {
	f := stepForm(formVisitHappened, "Visit ", r.Value, "Save", Field{})
	f.Fields = outcomeFields(Values{})
	f.Fields[0].Optional = false
	f.Fields = append(f.Fields, photosField())
	return f
}

func (b *Bot) submitHappened(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.State)
	f := fieldsIn(r.Values, "outcome", "next_step", "next_on")
	if err := b.Desk.VisitHappened(ctx, a, id, f, uploads(r, "photos")); err != nil {
		return Reply{}, err
	}
	return b.visitSaid(ctx, a, id)
}
