package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/desk"
	"callout/store"
)

// The forms about maintenance plans. They are sent twice: the first time shows the next due dates, the second saves. Their State is
// the machine's number for a new plan or the plan's edition, and then the sum of what was shown.
const (
	formAddPlan  = "plan.add"
	formEditPlan = "plan.edit"
)

// planOf is what the form of a plan is made from, besides its values.
type planOf struct {
	machine   store.Equipment
	templates []store.PmTemplate
	form      string
	names     map[string]string // of technicians, by id
}

// readPlanOf reads what the form of a plan for a machine is made from. template and its name are added to those that may be chosen.
func (b *Bot) readPlanOf(ctx context.Context, a desk.Actor, form string, equipmentID int64) (planOf, error) {
	p := planOf{form: form, names: map[string]string{}}
	v, err := b.Desk.EquipmentView(ctx, a, equipmentID)
	if err != nil {
		return p, err
	}
	p.machine = v.Equipment
	p.templates, err = b.Desk.TemplatesFor(ctx, a, v.Equipment.Model)
	return p, err
}

// openAddPlan opens the form for a new plan of a machine.
func (b *Bot) openAddPlan(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.PlanMaintenance); err != nil {
		return Reply{}, err
	}
	p, err := b.readPlanOf(ctx, a, formAddPlan, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	if len(p.templates) == 0 {
		text := fmt.Sprintf("There is no checklist template for %s yet. Add one first; then plan its maintenance.", p.machine.Model)
		return Reply{Say: &Card{Text: text, Parts: []Part{Text(Say(text)), Buttons{{Action: formAddTemplate, Label: "Add template", Style: Primary}}}}}, nil
	}
	values := Values{"every": {"1"}, "unit": {"year"}, "counts": {desk.CountsCalendar}, "shift": {desk.ShiftAfter}, "lead_days": {strconv.Itoa(desk.DefaultLead)}}
	if len(p.templates) == 1 {
		values["template"] = []string{formatID(p.templates[0].ID)}
	}
	f := planForm(p, values)
	f.State = r.Value
	return Reply{Form: f}, nil
}

func (b *Bot) fillEditPlan(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Plan(ctx, a, id)
	if err != nil {
		return nil, err
	}
	p, err := b.planAsIs(ctx, a, v)
	if err != nil {
		return nil, err
	}
	f := planForm(p, planValues(desk.PlanFieldsOf(v.PmPlan)))
	f.State = edition{id, v.PmPlan.Version}.state()
	return f, nil
}

// planAsIs reads what the form of a stored plan is made from: its template may be chosen even if it is retired.
func (b *Bot) planAsIs(ctx context.Context, a desk.Actor, v desk.PlanView) (planOf, error) {
	p, err := b.readPlanOf(ctx, a, formEditPlan, v.Equipment.ID)
	if err != nil {
		return p, err
	}
	has := false
	for _, t := range p.templates {
		has = has || t.ID == v.PmPlan.TemplateID
	}
	if !has {
		p.templates = append([]store.PmTemplate{{ID: v.PmPlan.TemplateID, Name: v.Template}}, p.templates...)
	}
	if v.PmPlan.TechnicianID != nil {
		p.names[formatID(*v.PmPlan.TechnicianID)] = v.Technician
	}
	return p, nil
}

// planValues are the fields of a plan as its form is opened with: its months are chosen one by one.
func planValues(f desk.Fields) Values {
	values := valuesOf(f)
	if f["months"] != "" {
		values["months"] = strings.Split(f["months"], ",")
	}
	return values
}

// planFieldsIn reads a sent form.
func planFieldsIn(v Values) desk.Fields {
	f := fieldsIn(v, desk.PlanFields()...)
	f["months"] = strings.Join(v.All("months"), ",")
	return f
}

var shiftLabels = map[string]string{
	desk.ShiftNone: "Leave it on that day", desk.ShiftBefore: "The working day before", desk.ShiftAfter: "The working day after",
}

// planForm is the form of a plan, holding values.
func planForm(p planOf, values Values) *Form {
	f := &Form{ID: p.form, Title: "Plan maintenance", Submit: "Check dates"}
	if p.form == formEditPlan {
		f.Title = "Edit plan"
	}
	templates := make([]Option, min(len(p.templates), 99))
	for i := range templates {
		templates[i] = option(p.templates[i].ID, p.templates[i].Name, forModel(p.templates[i].Model))
	}
	units := []Option{{Value: "day", Label: "days"}, {Value: "week", Label: "weeks"}, {Value: "month", Label: "months"}, {Value: "year", Label: "years"}}
	counts := []Option{
		{Value: desk.CountsCalendar, Label: "From the first date, for ever", Note: "Done late, the next one comes on its day all the same"},
		{Value: desk.CountsCompletion, Label: "From the day it was done"},
	}
	f.Fields = []Field{
		{Name: "machine", Kind: FieldNote, Note: Say(Bold(clip(p.machine.Model+" · "+p.machine.Serial, 220)))},
		{Name: "template", Kind: FieldPick, Label: "Checklist", Options: templates, Chosen: chosenOf(templates, values.Get("template"))},
		{Name: "every", Kind: FieldLine, Label: "Every so many", Optional: true, Max: 6, Value: values.Get("every"), Hint: "Empty looks at the meter only."},
		{Name: "unit", Kind: FieldPick, Label: "Days, weeks, months or years", Options: units, Chosen: chosenOf(units, cmp.Or(values.Get("unit"), "month"))},
		{Name: "first_on", Kind: FieldDate, Label: "First due on", Optional: true, Value: values.Get("first_on"), Hint: "Empty is today. The series keeps this day of the month."},
		{Name: "counts", Kind: FieldRadio, Label: "Count", Options: counts, Chosen: chosenOf(counts, cmp.Or(values.Get("counts"), desk.CountsCalendar))},
	}
	f.Fields = append(f.Fields, meterFields(p.machine, values)...)
	f.Fields = append(f.Fields, seasonFields(values)...)
	f.Fields = append(f.Fields, planTechnician(p, values.Get("technician")))
	return f
}

// meterFields ask how often a plan is due by the meter, if the machine has one.
func meterFields(machine store.Equipment, values Values) []Field {
	if machine.MeterUnit == "" && values.Get("meter_every") == "" {
		return nil
	}
	return []Field{
		{Name: "meter_every", Kind: FieldLine, Label: clip("Or every so many "+machine.MeterUnit, 70), Optional: true, Max: 20, Value: values.Get("meter_every"), Hint: "Whichever comes first."},
		{Name: "meter_first", Kind: FieldLine, Label: clip("First at so many "+machine.MeterUnit, 70), Optional: true, Max: 20, Value: values.Get("meter_first"), Hint: "Empty is the next round number."},
	}
}

// seasonFields ask for the season, and for what happens on days on which nobody works.
func seasonFields(values Values) []Field {
	months := make([]Option, 12)
	for i := range months {
		months[i] = Option{Value: strconv.Itoa(i + 1), Label: time.Month(i + 1).String()}
	}
	var season []Option
	for _, m := range values.All("months") {
		season = append(season, chosenOf(months, m)...)
	}
	var shifts []Option
	for _, s := range desk.Shifts() {
		shifts = append(shifts, Option{Value: s, Label: shiftLabels[s]})
	}
	return []Field{
		{Name: "months", Kind: FieldMany, Label: "Only in these months", Optional: true, Options: months, Chosen: season, Placeholder: "All year", Hint: "What falls outside moves to the first day of the next one."},
		{Name: "shift", Kind: FieldPick, Label: "On weekends and holidays", Options: shifts, Chosen: chosenOf(shifts, cmp.Or(values.Get("shift"), desk.ShiftNone))},
		{Name: "lead_days", Kind: FieldLine, Label: "The task appears so many days before", Max: 3, Value: cmp.Or(values.Get("lead_days"), strconv.Itoa(desk.DefaultLead))},
	}
}

func planTechnician(p planOf, chosen string) Field {
	who := Option{Value: bestAvailable, Label: "Best available technician"}
	if number(chosen) != 0 {
		who = Option{Value: chosen, Label: clip(cmp.Or(p.names[chosen], "Member "+chosen), labelMost)}
	}
	return Field{Name: "technician", Kind: FieldSearch, Label: "Who does it", Chosen: []Option{who}, Optional: true, Hint: "Leave it and the best technician is chosen for each task."}
}

// checkedPlan answers the first sending of a form: the same again, with what it means. Sent again as it is, it is saved.
func (b *Bot) checkedPlan(ctx context.Context, a desk.Actor, p planOf, planID int64, state string, r Request) (Reply, error) {
	fields := planFieldsIn(r.Values)
	dates, err := b.Desk.PreviewPlan(ctx, a, p.machine.ID, planID, fields)
	if err != nil {
		return Reply{}, err
	}
	if id := fields["technician"]; number(id) != 0 && p.names[id] == "" {
		m, err := b.Desk.Member(ctx, number(id))
		if err != nil {
			return Reply{}, err
		}
		p.names[id] = m.Name
	}
	f := planForm(p, r.Values)
	f.State, f.Submit = state+" "+fingerprint(fields), "Save plan"
	note := Field{Name: "dates", Kind: FieldNote, Note: append(datesWords(dates), Say("\nIs that right? Then save. If not, change it and check again.")...)}
	f.Fields = append([]Field{note}, f.Fields...)
	return Reply{Form: f}, nil
}

func (b *Bot) submitAddPlan(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	machine, seen, _ := strings.Cut(r.State, " ")
	fields := planFieldsIn(r.Values)
	if seen != fingerprint(fields) {
		p, err := b.readPlanOf(ctx, a, formAddPlan, number(machine))
		if err != nil {
			return Reply{}, err
		}
		return b.checkedPlan(ctx, a, p, 0, machine, r)
	}
	id, err := b.Desk.AddPlan(ctx, a, number(machine), fields)
	if err != nil {
		return Reply{}, err
	}
	return b.planSaid(ctx, a, id, "is saved")
}

func (b *Bot) submitEditPlan(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	state := strings.Fields(r.State + " 0 0 0")
	e := edition{number(state[0]), number(state[1])}
	fields := planFieldsIn(r.Values)
	v, err := b.Desk.Plan(ctx, a, e.id)
	if err != nil {
		return Reply{}, err
	}
	p, err := b.planAsIs(ctx, a, v)
	if err != nil {
		return Reply{}, err
	}
	if state[2] != fingerprint(fields) {
		return b.checkedPlan(ctx, a, p, e.id, e.state(), r)
	}
	if _, err := b.Desk.EditPlan(ctx, a, e.id, e.version, fields); err != nil {
		form := func(values Values) *Form {
			values["months"] = strings.FieldsFunc(values.Get("months"), func(r rune) bool { return r == ',' })
			return planForm(p, values)
		}
		return b.clashed(a, err, e.id, form, planShown(p))
	}
	return b.planSaid(ctx, a, e.id, "is changed")
}

// planShown shows the fields of a plan by what people chose in a clash.
func planShown(p planOf) shownTo {
	return func(field, value string) string {
		switch field {
		case "template":
			for _, t := range p.templates {
				if formatID(t.ID) == value {
					return t.Name
				}
			}
		case "technician":
			return cmp.Or(p.names[value], "Best available technician")
		case "shift":
			return shiftLabels[value]
		}
		return value
	}
}

// planSaid says that a plan was saved, and when it is due.
func (b *Bot) planSaid(ctx context.Context, a desk.Actor, id int64, what string) (Reply, error) {
	v, err := b.Desk.Plan(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("The plan %s for %s %s %s.", v.Template, v.Equipment.Model, v.Equipment.Serial, what)
	switch {
	case v.TaskID != 0:
		text += fmt.Sprintf(" Task %d, due %s, stays as it is.", v.TaskID, v.TaskDueOn.Format(dayFormat))
	case v.PmPlan.DueOn != nil:
		text += " It is due next on " + v.PmPlan.DueOn.Format("Monday 2 January 2006") + "."
	case v.PmPlan.DueMeter != nil:
		text += " It is due when the meter shows " + desk.MeterWords(*v.PmPlan.DueMeter, v.Equipment.MeterUnit) + "."
	}
	return opened("plan.show", id, text), nil
}
