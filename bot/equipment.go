package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// equipmentList is how machines are listed.
var equipmentList = list{
	noun: desk.NounEquipment, title: "Equipment", none: "There are no machines yet. /equipment add writes the first one down.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		return b.equipmentSaid(ctx, a, id)
	},
	page: (*Bot).equipmentRows,
}

func equipmentTopic() topic {
	t := equipmentList.topic()
	for name, h := range map[string]handler{
		"equipment.show": func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
			return b.equipmentSaid(ctx, a, number(r.Value))
		},
		"equipment.call": (*Bot).callForMachine, "equipment.history": (*Bot).equipmentHistory,
		"equipment.retire": turns((*desk.Desk).RetireEquipment, (*Bot).equipmentCard), "equipment.return": turns((*desk.Desk).ReturnEquipment, (*Bot).equipmentCard),
		formAddEquipment: (*Bot).openAddEquipment, formEditEquipment: opensOn(desk.EditEquipment, (*Bot).fillEditEquipment),
		formReadMeter: opensOn(desk.ReadMeters, (*Bot).fillReadMeter),
	} {
		t.buttons[name] = h
	}
	t.forms[formAddEquipment], t.forms[formEditEquipment] = (*Bot).submitAddEquipment, (*Bot).submitEditEquipment
	t.forms[formReadMeter] = (*Bot).submitReadMeter
	t.changes = map[string]handler{formAddEquipment: (*Bot).changeAddEquipment}
	return t
}

// turns answers a button on a card that only one member sees: something is done, and the card shows it.
func turns(do func(*desk.Desk, context.Context, desk.Actor, int64) error, draw func(*Bot, context.Context, desk.Actor, int64) (*Card, error)) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := do(b.Desk, ctx, a, id); err != nil {
			return Reply{}, err
		}
		card, err := draw(b, ctx, a, id)
		if err != nil || r.Surface != SurfacePersonal {
			return Reply{Say: card}, err
		}
		return Reply{Update: card}, nil
	}
}

// equipment answers the command: alone or with filters, with a number or a serial number, or with add.
func (b *Bot) equipment(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if _, adds := addWords(r.Text); adds {
		return b.openAddEquipment(ctx, r, a)
	}
	text := strings.TrimSpace(r.Text)
	if serial, quoted := serialIn(text); quoted {
		id, err := b.Desk.EquipmentBySerial(ctx, a, serial)
		if err != nil {
			return Reply{}, err
		}
		if id != 0 {
			return b.equipmentSaid(ctx, a, id)
		}
	}
	if text != "" && !strings.Contains(text, ":") && number(strings.TrimPrefix(text, "#")) == 0 {
		id, err := b.Desk.EquipmentBySerial(ctx, a, text)
		if err != nil {
			return Reply{}, err
		}
		if id != 0 {
			return b.equipmentSaid(ctx, a, id)
		}
	}
	reply, err := b.answerList(ctx, equipmentList, r, a)
	if desk.CodeOf(err) != desk.NotFound {
		return reply, err
	}
	// A number that is no machine's may be a serial number.
	id, serialErr := b.Desk.EquipmentBySerial(ctx, a, strings.TrimPrefix(text, "#"))
	if serialErr != nil || id == 0 {
		return reply, err
	}
	return b.equipmentSaid(ctx, a, id)
}

// serialIn is what stands in quotes, if nothing else does: a serial number even if it looks like a filter or a machine's number.
func serialIn(text string) (string, bool) {
	f, err := desk.ParseFilter(desk.NounEquipment, text)
	if err != nil || !strings.HasPrefix(text, `"`) || f != (desk.Filter{Words: f.Words}) {
		return "", false
	}
	return f.Words, f.Words != ""
}

// addWords finds the words after add.
func addWords(text string) (string, bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.TrimSpace(rest), strings.EqualFold(first, "add") || strings.EqualFold(first, "new")
}

// equipmentRows reads one page. after is the number of the last machine of the page before.
func (b *Bot) equipmentRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Equipment(ctx, a, f, number(after), pageSize)
	if err != nil {
		return nil, "", err
	}
	today := b.Desk.Today(a)
	rows := make([]row, len(page.Machines))
	for i, m := range page.Machines {
		name := m.Model + " · " + m.Serial
		words := Say(Bold(clip(fmt.Sprintf("%d · %s", m.ID, name), 210)), "\n", clip(joinDots(m.Customer, oneLine(m.Site)), 200))
		var notes []string
		if m.RetiredAt != nil {
			notes = append(notes, "retired")
		}
		if m.Pending > 0 {
			notes = append(notes, plural(m.Pending, "open call"))
		}
		if m.DueOn != nil {
			notes = append(notes, "maintenance "+dueShort(*m.DueOn, today))
		}
		if m.WarrantyUntil != nil {
			notes = append(notes, "warranty "+endWords(*m.WarrantyUntil, today))
		}
		if len(notes) > 0 {
			words = append(words, Say("\n", strings.Join(notes, " · "))...)
		}
		rows[i] = row{
			item: Item{Text: words, Button: Button{Action: "equipment.show", Value: formatID(m.ID), Label: "Open"}},
			line: fmt.Sprintf("%d %s, %s", m.ID, name, m.Customer),
		}
	}
	next := ""
	if page.Next > 0 {
		next = formatID(page.Next)
	}
	return rows, next, nil
}

// equipmentSaid answers with the card of a machine, for one member only.
func (b *Bot) equipmentSaid(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	card, err := b.equipmentCard(ctx, a, id)
	return Reply{Say: card}, err
}

// callForMachine opens the form that logs a call, with the machine and its customer chosen.
func (b *Bot) callForMachine(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.LogCalls); err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.EquipmentView(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, v.Customer.ID)
	if err != nil {
		return Reply{}, err
	}
	customer := formatID(v.Customer.ID)
	return Reply{Form: logCallForm(Values{"customer": {customer}, "equipment_" + customer: {r.Value}}, &facts)}, nil
}

// machineHistory is how much of a history is shown at once.
const machineHistory = 30

func (b *Bot) equipmentHistory(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	v, err := b.Desk.EquipmentView(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	rows, err := b.Desk.EquipmentHistory(ctx, a, id, machineHistory)
	if err != nil {
		return Reply{}, err
	}
	title := clip(fmt.Sprintf("History of %s · %s", v.Equipment.Model, v.Equipment.Serial), 150)
	card := &Card{Text: title + ".", Parts: []Part{Heading(title)}}
	for _, h := range rows {
		card.Parts = append(card.Parts, b.happenedPart(a, h, v.Equipment.MeterUnit))
	}
	return Reply{Say: card}, nil
}
