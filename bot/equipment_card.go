package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
	"callout/store"
)

// plansShown is how many plans the card of a machine shows.
const plansShown = 8

// equipmentCard shows a machine to a member, with everything that belongs to it.
func (b *Bot) equipmentCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.EquipmentView(ctx, a, id)
	if err != nil {
		return nil, err
	}
	e := v.Equipment
	name := e.Model + " · " + e.Serial
	text := fmt.Sprintf("Machine %d, %s, of %s.", id, name, v.Customer.Name)
	if e.RetiredAt != nil {
		text += " It is retired."
	}
	card := &Card{Text: text, Parts: []Part{Heading(clip(name, 150)), b.equipmentFacts(a, v)}}
	if e.Notes != "" {
		card.Parts = append(card.Parts, Text(Say(clip(e.Notes, 1000))))
	}
	card.Parts = append(card.Parts, machineCalls(b, a, v)...)
	card.Parts = append(card.Parts, machinePlans(v)...)
	card.Parts = append(card.Parts, b.machineReadings(a, v)...)
	if len(v.History) > 0 {
		card.Parts = append(card.Parts, Text(Say(Bold("History"))))
	}
	for _, h := range v.History {
		card.Parts = append(card.Parts, b.happenedPart(a, h, e.MeterUnit))
	}
	return &Card{Text: card.Text, Parts: append(card.Parts, equipmentButtons(a, v)...)}, nil
}

func (b *Bot) equipmentFacts(a desk.Actor, v desk.EquipmentView) Facts {
	e := v.Equipment
	facts := Facts{{"Customer", Say(v.Customer.Name)}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, Fact{label, Say(value)})
		}
	}
	add("Where", cmp.Or(v.SiteAddress, v.SiteName))
	if e.RetiredAt != nil {
		add("Status", "Retired on "+desk.DayOf(*e.RetiredAt, b.zone(a)).Format(dayFormat))
	}
	if e.InstalledOn != nil {
		add("Installed", e.InstalledOn.Format(dayFormat))
	}
	if e.WarrantyUntil != nil {
		add("Warranty", endWords(*e.WarrantyUntil, v.Today))
	}
	if e.ContractUntil != nil {
		add("Contract", endWords(*e.ContractUntil, v.Today))
	}
	if len(v.Readings) > 0 {
		add("Meter", desk.MeterWords(v.Readings[0].Reading.Value, e.MeterUnit))
	} else if e.MeterUnit != "" {
		add("Meter", "counts "+e.MeterUnit+", not read yet")
	}
	add("Skills needed", strings.Join(e.Skills, ", "))
	return facts
}

// dayFormat is how a day is written.
const dayFormat = "2 Jan 2006"

// soonDays is how many days before its end something is said to end soon.
const soonDays = 60

// endWords says when a warranty or contract ends or ended.
func endWords(until, today time.Time) string {
	left := int(until.Sub(today).Hours() / 24)
	switch {
	case left < 0:
		return "ended " + until.Format(dayFormat)
	case left == 0:
		return "ends today"
	case left <= soonDays:
		return fmt.Sprintf("ends in %s (%s)", plural(int64(left), "day"), until.Format(dayFormat))
	}
	return "until " + until.Format(dayFormat)
}

// dueShort says when something is due, and how far away that is if it is near.
func dueShort(due, today time.Time) string {
	days := int(due.Sub(today).Hours() / 24)
	switch {
	case days < 0:
		return fmt.Sprintf("overdue since %s", due.Format(dayFormat))
	case days == 0:
		return "due today"
	case days == 1:
		return "due tomorrow"
	case days <= soonDays:
		return fmt.Sprintf("due %s, in %d days", due.Format(dayFormat), days)
	}
	return "due " + due.Format(dayFormat)
}

func machineCalls(b *Bot, a desk.Actor, v desk.EquipmentView) []Part {
	if len(v.Calls) == 0 {
		return nil
	}
	parts := []Part{Text(Say(Bold(plural(int64(len(v.Calls)), "open call"))))}
	for _, c := range v.Calls {
		words := Say(Bold(fmt.Sprintf("Call %d", c.ID)), " · ", clip(c.Summary, 120), "\n", priorityMark(c.Priority), " · ", progressWords(desk.Pending, c.Progress), " · ", At(c.OpenedAt, b.zone(a)))
		parts = append(parts, Item{Text: words, Button: Button{Action: "call.show", Value: formatID(c.ID), Label: "Open"}})
	}
	return parts
}

func machinePlans(v desk.EquipmentView) []Part {
	if len(v.Plans) == 0 {
		return nil
	}
	parts := []Part{Text(Say(Bold("Maintenance")))}
	for i, p := range v.Plans {
		if i == plansShown {
			parts = append(parts, Note(Say(fmt.Sprintf("and %d more", len(v.Plans)-plansShown))))
			break
		}
		words := Say(Bold(clip(p.Template, 120)), " · ", desk.EveryWords(p.PmPlan, v.Equipment.MeterUnit), "\n", planState(p, v))
		parts = append(parts, Item{Text: words, Button: Button{Action: "plan.show", Value: formatID(p.PmPlan.ID), Label: "Open"}})
	}
	return parts
}

// planState says in a line what a plan wants next.
func planState(p store.ListPlansOfRow, v desk.EquipmentView) string {
	due := p.PmPlan.DueOn
	var words []string
	switch {
	case !p.PmPlan.Active:
		words = append(words, "stopped")
	case p.TaskID != 0:
		words = append(words, fmt.Sprintf("task %d %s", p.TaskID, dueShort(*p.TaskDueOn, v.Today)))
	case v.Equipment.RetiredAt != nil:
		words = append(words, "rests while the machine is retired")
	case due != nil:
		words = append(words, dueShort(*due, v.Today))
	}
	if p.PmPlan.DueMeter != nil && p.TaskID == 0 {
		words = append(words, "at "+desk.MeterWords(*p.PmPlan.DueMeter, v.Equipment.MeterUnit))
	}
	if p.Technician != "" {
		words = append(words, p.Technician)
	}
	return strings.Join(words, " · ")
}

func (b *Bot) machineReadings(a desk.Actor, v desk.EquipmentView) []Part {
	if len(v.Readings) < 2 {
		return nil
	}
	lines := make([]string, len(v.Readings))
	for i, r := range v.Readings {
		lines[i] = desk.Grouped(r.Reading.Value) + " on " + r.Reading.At.In(b.zone(a)).Format(dayFormat)
		if r.Reading.Replaced {
			lines[i] += " (new meter)"
		}
	}
	return []Part{Note(Say("Meter: ", strings.Join(lines, " · ")))}
}

// machineVerbs says what somebody did to a machine.
var machineVerbs = map[string]string{
	"added": "wrote it down", "edited": "changed it", "retired": "retired it", "returned": "brought it back", "plan_added": "planned maintenance", "imported": "imported it",
}

// happenedPart is one line of a machine's history; what has a card of its own can be opened.
func (b *Bot) happenedPart(a desk.Actor, h store.ListEquipmentHistoryRow, unit string) Part {
	words := Say(At(h.At, b.zone(a)), "  ")
	what := clip(oneLine(h.What), 200)
	switch h.Kind {
	case "reading":
		n := number(h.What)
		words = append(words, Say(Bold(desk.MeterWords(n, unit)), bySomebody(h.Who))...)
		if h.State != "" {
			words = append(words, Say(" · new meter: ", clip(h.State, 150))...)
		}
		return Text(words)
	case "event":
		words = append(words, Say(Bold(cmp.Or(h.Who, "The desk")), " ", cmp.Or(machineVerbs[h.State], strings.ReplaceAll(h.State, "_", " ")))...)
		if what != "" {
			words = append(words, Say(": ", what)...)
		}
		return Text(words)
	}
	name := map[string]string{"call": "Call", "visit": "Visit", "task": "Maintenance"}[h.Kind]
	words = append(words, Say(Bold(fmt.Sprintf("%s %d", name, h.ID)), " · ", strings.ReplaceAll(h.State, "_", " "))...)
	if what != "" {
		words = append(words, Say("\n", what)...)
	}
	return Item{Text: words, Button: Button{Action: h.Kind + ".show", Value: formatID(h.ID), Label: "Open"}}
}

func bySomebody(who string) string {
	if who == "" {
		return ""
	}
	return " read by " + who
}

// equipmentButtons are what the member may do with a machine.
func equipmentButtons(a desk.Actor, v desk.EquipmentView) []Part {
	id := formatID(v.Equipment.ID)
	retired := v.Equipment.RetiredAt != nil
	var first, second Buttons
	add := func(to *Buttons, action desk.Action, b Button) {
		if a.Can(action) {
			b.Value = id
			*to = append(*to, b)
		}
	}
	if !retired {
		add(&first, desk.LogCalls, Button{Action: "equipment.call", Label: "Log a call for it", Style: Primary})
		add(&first, desk.ReadMeters, Button{Action: formReadMeter, Label: "Read meter"})
		add(&first, desk.PlanMaintenance, Button{Action: formAddPlan, Label: "Add plan"})
	}
	add(&second, desk.EditEquipment, Button{Action: formEditEquipment, Label: "Edit"})
	add(&second, desk.SeeEquipment, Button{Action: "equipment.history", Label: "History"})
	if retired {
		add(&second, desk.EditEquipment, Button{Action: "equipment.return", Label: "Bring back"})
	} else {
		add(&second, desk.EditEquipment, Button{Action: "equipment.retire", Label: "Retire", Confirm: "Say that this machine is not in use any more? Its maintenance rests until it is brought back."})
	}
	if len(first) == 0 {
		return []Part{second}
	}
	return []Part{first, second}
}
