package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"callout/desk"
	"callout/store"
)

// The forms about machines.
const (
	formAddEquipment  = "equipment.add"
	formEditEquipment = "equipment.edit"
	formReadMeter     = "equipment.read"
)

// previewAddEquipment is the form as the command opens it: nothing in it has to be looked up. Nil if it is not asked for.
func previewAddEquipment(r Request) *Form {
	words, adds := addWords(r.Text)
	if !adds {
		return nil
	}
	return addEquipmentForm(Values{"model": {clip(words, desk.MaxModel)}}, nil)
}

// openAddEquipment opens the form; a button that opens it may name the customer.
func (b *Bot) openAddEquipment(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.EditEquipment); err != nil {
		return Reply{}, err
	}
	id := number(r.Value)
	if r.Kind != KindButton || id == 0 {
		words, _ := addWords(r.Text)
		return Reply{Form: addEquipmentForm(Values{"model": {clip(words, desk.MaxModel)}}, nil)}, nil
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: addEquipmentForm(Values{"customer": {r.Value}}, &facts)}, nil
}

// addEquipmentForm is the form, holding values; facts are those of the chosen customer, nil before one is chosen.
func addEquipmentForm(values Values, facts *desk.CustomerFacts) *Form {
	f := &Form{ID: formAddEquipment, Title: "Add a machine", Submit: "Add machine"}
	customer := Field{Name: "customer", Kind: FieldSearch, Label: "Customer", Placeholder: "Type a name or phone number", Refresh: true}
	if facts == nil {
		f.Fields = append([]Field{customer}, machineFields(values, nil, "")...)
		return f
	}
	customer.Chosen = []Option{customerOption(facts.Customer)}
	f.Fields = append([]Field{customer}, machineFields(values, facts.Sites, "site_"+formatID(facts.Customer.ID))...)
	return f
}

// machineFields are what is known of a machine. siteField is the name of the field for its site: with the customer's number where
// another customer may be chosen.
func machineFields(values Values, sites []store.Site, siteField string) []Field {
	line := func(name, label string, most int, optional bool, hint string) Field {
		return Field{Name: name, Kind: FieldLine, Label: label, Max: most, Optional: optional, Value: values.Get(name), Hint: hint}
	}
	day := func(name, label string) Field {
		return Field{Name: name, Kind: FieldDate, Label: label, Optional: true, Value: values.Get(name)}
	}
	fields := []Field{line("model", "Model", desk.MaxModel, false, ""), line("serial", "Serial number", desk.MaxSerial, false, "")}
	if len(sites) > 0 {
		options := make([]Option, min(len(sites), 99))
		for i := range options {
			options[i] = option(sites[i].ID, cmp.Or(desk.SiteName(sites[i]), "Site"), sites[i].Address)
		}
		fields = append(fields, Field{Name: siteField, Kind: FieldPick, Label: "Site", Optional: true, Options: options, Chosen: chosenOf(options, values.Get(siteField)), Placeholder: "Where it stands"})
	}
	return append(fields,
		day("installed_on", "Installed on"), day("warranty_until", "Warranty until"), day("contract_until", "Contract until"),
		line("meter_unit", "What its meter counts", desk.MaxMeterUnit, true, "Such as pages or hours. Empty if it has no meter."),
		line("skills", "Skills needed", desk.MaxSkills, true, "With commas between them, such as copiers, colour. Only technicians who have all of them are asked."),
		Field{Name: "notes", Kind: FieldText, Label: "Notes", Optional: true, Max: desk.MaxNotes, Value: values.Get("notes")},
	)
}

// changeAddEquipment shows the sites of the customer that was just chosen.
func (b *Bot) changeAddEquipment(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Values.Get("customer"))
	if id == 0 {
		return Reply{Form: addEquipmentForm(r.Values, nil)}, nil
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: addEquipmentForm(r.Values, &facts)}, nil
}

func (b *Bot) submitAddEquipment(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	customer := r.Values.Get("customer")
	fields := fieldsIn(r.Values, desk.EquipmentFields()...)
	siteField := "site_" + customer
	fields["site"] = r.Values.Get(siteField)
	id, err := b.Desk.AddEquipment(ctx, a, number(customer), fields)
	if err != nil {
		return Reply{}, fieldsOf(err, map[string]string{"site": siteField})
	}
	return opened("equipment.show", id, fmt.Sprintf("Machine %d, %s %s, is written down.", id, fields["model"], fields["serial"])), nil
}

// opened says that something was done to a record, with a way to open it.
func opened(action string, id int64, text string) Reply {
	card := textCard(text)
	card.Parts = append(card.Parts, Buttons{{Action: action, Value: formatID(id), Label: "Open"}})
	return Reply{Say: card}
}

func (b *Bot) fillEditEquipment(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, sites, err := b.machineAndSites(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := editEquipmentForm(valuesOf(desk.EquipmentFieldsOf(v.Equipment)), sites)
	f.State = edition{id, v.Equipment.Version}.state()
	return f, nil
}

func (b *Bot) machineAndSites(ctx context.Context, a desk.Actor, id int64) (desk.EquipmentView, []store.Site, error) {
	v, err := b.Desk.EquipmentView(ctx, a, id)
	if err != nil {
		return v, nil, err
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, v.Customer.ID)
	return v, facts.Sites, err
}

func editEquipmentForm(values Values, sites []store.Site) *Form {
	return &Form{ID: formEditEquipment, Title: "Edit machine", Submit: "Save", Fields: machineFields(values, sites, "site")}
}

func (b *Bot) submitEditEquipment(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	v, sites, err := b.machineAndSites(ctx, a, e.id)
	if err != nil {
		return Reply{}, err
	}
	names := desk.EquipmentFields()
	fields := fieldsIn(r.Values, names...)
	if len(sites) == 0 {
		delete(fields, "site") // the form does not have it
	}
	if err := b.Desk.EditEquipment(ctx, a, e.id, e.version, fields); err != nil {
		form := func(values Values) *Form { return editEquipmentForm(values, sites) }
		return b.clashed(a, err, e.id, form, siteShown(sites))
	}
	return opened("equipment.show", e.id, fmt.Sprintf("Machine %d, %s %s, is changed.", e.id, v.Equipment.Model, v.Equipment.Serial)), nil
}

// siteShown shows a site by its name in a clash.
func siteShown(sites []store.Site) shownTo {
	return func(field, value string) string {
		for _, s := range sites {
			if field == "site" && formatID(s.ID) == value {
				return desk.SiteName(s)
			}
		}
		return value
	}
}

func (b *Bot) fillReadMeter(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.EquipmentView(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return b.readMeterForm(a, v, Values{"on": {v.Today.Format("2006-01-02")}}), nil
}

// readMeterForm asks what the meter shows, and shows what it did before.
func (b *Bot) readMeterForm(a desk.Actor, v desk.EquipmentView, values Values) *Form {
	unit := v.Equipment.MeterUnit
	f := &Form{ID: formReadMeter, Title: "Read meter", Submit: "Save reading", State: formatID(v.Equipment.ID)}
	before := "It has not been read yet."
	if len(v.Readings) > 0 {
		r := v.Readings[0].Reading
		before = "Last: " + desk.MeterWords(r.Value, unit) + " on " + r.At.In(b.zone(a)).Format(dayFormat)
	}
	f.Fields = append(f.Fields, Field{Name: "before", Kind: FieldNote, Note: Say(Bold(clip(v.Equipment.Model+" · "+v.Equipment.Serial, 200)), "\n", before)})
	label := "What it shows now"
	if unit != "" {
		label += " (" + unit + ")"
	}
	f.Fields = append(f.Fields, Field{Name: "value", Kind: FieldLine, Label: label, Max: 30, Value: values.Get("value"), Placeholder: "12345"})
	if unit == "" {
		f.Fields = append(f.Fields, Field{Name: "meter_unit", Kind: FieldLine, Label: "What it counts", Max: desk.MaxMeterUnit, Value: values.Get("meter_unit"), Placeholder: "pages"})
	}
	f.Fields = append(f.Fields, Field{Name: "on", Kind: FieldDate, Label: "Read on", Value: values.Get("on")})
	if len(v.Readings) > 0 {
		options := []Option{{Value: "yes", Label: "The meter was replaced", Note: "It begins anew; say why below"}}
		f.Fields = append(f.Fields, Field{Name: "replaced", Kind: FieldChecks, Label: "Another meter", Optional: true, Options: options, Chosen: chosenOf(options, values.Get("replaced"))})
	}
	f.Fields = append(f.Fields, Field{Name: "note", Kind: FieldLine, Label: "Note", Optional: true, Max: desk.MaxReason, Value: values.Get("note")})
	return f
}

func (b *Bot) submitReadMeter(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	state, sure, _ := strings.Cut(r.State, " ")
	id := number(state)
	doubt, err := b.Desk.ReadMeter(ctx, a, id, desk.NewReading{
		Value: r.Values.Get("value"), On: r.Values.Get("on"), Unit: r.Values.Get("meter_unit"), Replaced: r.Values.Get("replaced") != "",
		Note: r.Values.Get("note"), Sure: number(sure),
	})
	if err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.EquipmentView(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if doubt != nil {
		f := b.readMeterForm(a, v, r.Values)
		f.State += " " + formatID(doubt.Value)
		f.Submit = clip("Yes, it shows "+desk.Grouped(doubt.Value), 24)
		note := Field{Name: "doubt", Kind: FieldNote, Note: Say(Bold("Sure?"), " ", doubt.Text, "\nCorrect it below, or send it again if the meter really shows it.")}
		f.Fields = append([]Field{note}, f.Fields...)
		return Reply{Form: f}, nil
	}
	last := v.Readings[0].Reading
	return opened("equipment.show", id, fmt.Sprintf("%s %s: the meter shows %s.", v.Equipment.Model, v.Equipment.Serial, desk.MeterWords(last.Value, v.Equipment.MeterUnit))), nil
}
