package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// What happens to a plan, as its timeline says it.
const (
	eventStopped   = "stopped"
	eventResumed   = "resumed"
	eventPlanAdded = "plan_added" // on the timeline of its machine
)

// PlanFields lists what people may edit of a plan, in the order they see it.
func PlanFields() []string {
	return []string{"template", "every", "unit", "meter_every", "meter_first", "counts", "first_on", "months", "shift", "lead_days", "technician"}
}

// What a plan counts from.
const (
	CountsCalendar   = "calendar"
	CountsCompletion = "completion"
)

// Units lists what the calendar of a plan counts.
func Units() []string { return []string{"day", "week", "month", "year"} }

// Shifts lists what a plan does on days on which nobody works.
func Shifts() []string { return []string{ShiftNone, ShiftBefore, ShiftAfter} }

// DefaultLead is how many days before its due date a task appears if nobody says.
const DefaultLead = 14

func planFields(p store.PmPlan) Fields {
	f := Fields{
		"template": strconv.FormatInt(p.TemplateID, 10), "every": countText(int64(p.Every)), "unit": p.Unit, "meter_every": countText(p.MeterEvery),
		"meter_first": "", "counts": CountsCalendar, "first_on": p.AnchorOn.Format(dayKey), "months": monthsText(p.Months), "shift": p.Shift,
		"lead_days": strconv.Itoa(int(p.LeadDays)), "technician": "",
	}
	if p.MeterEvery > 0 {
		f["meter_first"] = strconv.FormatInt(p.AnchorMeter+p.MeterEvery, 10)
	}
	if p.FromCompletion {
		f["counts"] = CountsCompletion
	}
	if p.TechnicianID != nil {
		f["technician"] = strconv.FormatInt(*p.TechnicianID, 10)
	}
	return f
}

// PlanFieldsOf is a plan as its form holds it.
func PlanFieldsOf(p store.PmPlan) Fields { return planFields(p) }

func countText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func monthsText(months []int32) string {
	words := make([]string, len(months))
	for i, m := range months {
		words[i] = strconv.Itoa(int(m))
	}
	return strings.Join(words, ",")
}

// monthsIn reads what monthsText wrote; all twelve are none.
func monthsIn(text string) []int32 {
	months := []int32{}
	for _, word := range strings.Split(text, ",") {
		m, err := strconv.ParseInt(strings.TrimSpace(word), 10, 32)
		if err == nil && m >= 1 && m <= 12 && !slices.Contains(months, int32(m)) {
			months = append(months, int32(m))
		}
	}
	slices.Sort(months)
	if len(months) == 12 {
		return []int32{}
	}
	return months
}

// checkPlan reads the fields of a plan into p and refuses what cannot be stored, naming every field at once. before is what was
// stored; nil for a new plan.
func (d *Desk) checkPlan(ctx context.Context, q *store.Queries, f, before Fields, p *store.PmPlan) error {
	bad := problems{}
	p.Every = int32(countIn(bad, "every", f["every"], 10_000))
	p.MeterEvery = countIn(bad, "meter_every", f["meter_every"], 1e12)
	p.Unit, p.Shift = cmp.Or(f["unit"], "month"), cmp.Or(f["shift"], ShiftNone)
	p.FromCompletion, p.Months = f["counts"] == CountsCompletion, monthsIn(f["months"])
	p.LeadDays = DefaultLead
	if f["lead_days"] != "" {
		p.LeadDays = int32(countIn(bad, "lead_days", f["lead_days"], 365))
	}
	if p.Every == 0 && p.MeterEvery == 0 && bad["every"] == "" && bad["meter_every"] == "" {
		bad.add("every", refuse(Invalid, "Say how often: so many days, weeks, months or years, or so many units of the meter, or both."))
	}
	bad.add("unit", oneOfThese(p.Unit, Units()))
	bad.add("shift", oneOfThese(p.Shift, Shifts()))
	p.AnchorOn = d.firstDay(bad, f["first_on"], before["first_on"])
	if err := d.checkMeterPlan(ctx, q, bad, f, p); err != nil {
		return err
	}
	if err := d.checkPlanTemplate(ctx, q, bad, f, before, p); err != nil {
		return err
	}
	id, _ := strconv.ParseInt(f["technician"], 10, 64)
	if p.TechnicianID = known(id); f["technician"] != before["technician"] {
		if err := d.checkTechnician(ctx, bad, id); err != nil {
			return err
		}
	}
	return bad.err()
}

// countIn reads a whole number; nothing typed is 0.
func countIn(bad problems, field, typed string, most int64) int64 {
	typed = clean(typed)
	if typed == "" {
		return 0
	}
	n, err := meterValue(typed)
	if err != nil || n > most {
		bad.add(field, refuse(Invalid, "“%s” is not a number from 0 to %s.", shorten(typed, 20), grouped(most)))
		return 0
	}
	return n
}

func oneOfThese(value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return refuse(Invalid, "“%s” is none of %s.", shorten(value, 20), joined(allowed, "and"))
}

// firstYears is how many years from now the first due date may be.
const firstYears = 50

// firstDay reads the first due date of a plan; without one it is today.
func (d *Desk) firstDay(bad problems, typed, before string) Day {
	today := DayOf(d.Now(), d.Zone)
	if typed == "" {
		return today
	}
	day, err := time.Parse(dayKey, typed)
	if err != nil || typed != before && (day.Before(today.AddDate(-firstYears, 0, 0)) || day.After(today.AddDate(firstYears, 0, 0))) {
		bad.add("first_on", refuse(Invalid, "“%s” is not a day within %d years. Write it like %s.", shorten(typed, 20), firstYears, today.Format(dayKey)))
		return today
	}
	return day
}

// checkMeterPlan reads when a plan that looks at the meter is due first: at the next multiple if nobody says.
func (d *Desk) checkMeterPlan(ctx context.Context, q *store.Queries, bad problems, f Fields, p *store.PmPlan) error {
	if p.MeterEvery == 0 {
		p.AnchorMeter = 0
		return nil
	}
	e, err := q.GetEquipment(ctx, p.EquipmentID)
	if err != nil {
		return noEquipment(err, p.EquipmentID)
	}
	if e.MeterUnit == "" {
		bad.add("meter_every", refuse(Invalid, "Nobody has said yet what the meter of this machine counts. Read it first (“Read meter” on the machine's card), or leave this empty."))
		return nil
	}
	if first := countIn(bad, "meter_first", f["meter_first"], 1e15); first > 0 || bad["meter_first"] != "" {
		p.AnchorMeter = first - p.MeterEvery
		return nil
	}
	var h History
	if err := d.readMeter(ctx, q, p.EquipmentID, &h); err != nil {
		return err
	}
	p.AnchorMeter = 0
	if len(h.Readings) > 0 {
		p.AnchorMeter = h.Readings[0].Value / p.MeterEvery * p.MeterEvery
	}
	return nil
}

// checkPlanTemplate refuses a template that is not in use or made for another model.
func (d *Desk) checkPlanTemplate(ctx context.Context, q *store.Queries, bad problems, f, before Fields, p *store.PmPlan) error {
	id, _ := strconv.ParseInt(f["template"], 10, 64)
	p.TemplateID = id
	if id != 0 && f["template"] == before["template"] {
		return nil
	}
	e, err := q.GetEquipment(ctx, p.EquipmentID)
	if err != nil {
		return noEquipment(err, p.EquipmentID)
	}
	suitable, err := q.ListTemplatesFor(ctx, e.Model)
	if err != nil {
		return fmt.Errorf("list templates: %w", err)
	}
	if !slices.ContainsFunc(suitable, func(t store.PmTemplate) bool { return t.ID == id }) {
		bad.add("template", refuse(Invalid, "Choose the checklist. If there is none for %s, /callout templates adds one.", e.Model))
	}
	return nil
}

// keepPlan remembers what a plan held before it is saved over.
func (c *change) keepPlan(ctx context.Context, p store.PmPlan) error {
	of := *c
	of.record = Record{Kind: PlanRecord, ID: p.ID}
	return of.keep(ctx, p.Version, planFields(p))
}

// savePlan writes everything that may change of a plan.
func (c *change) savePlan(ctx context.Context, p store.PmPlan) (store.PmPlan, error) {
	saved, err := c.q.UpdatePlan(ctx, store.UpdatePlanParams{
		ID: p.ID, TemplateID: p.TemplateID, Every: p.Every, Unit: p.Unit, MeterEvery: p.MeterEvery, FromCompletion: p.FromCompletion,
		Months: p.Months, Shift: p.Shift, LeadDays: p.LeadDays, TechnicianID: p.TechnicianID, AnchorOn: p.AnchorOn, AnchorMeter: p.AnchorMeter,
		SinceOn: p.SinceOn, Active: p.Active,
	})
	if err != nil {
		return p, fmt.Errorf("write plan: %w", err)
	}
	return saved, nil
}
