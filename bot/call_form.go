package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"callout/desk"
	"callout/store"
)

// formLogCall is the form in which a call is logged.
const formLogCall = "call.log"

// newCustomer starts the value of the option that adds a customer; what was typed follows.
const newCustomer = "new:"

// bestAvailable is the value of the option that lets the desk choose the technician.
const bestAvailable = "0"

// customerMost is how many customers a type-ahead shows.
const customerMost = 20

func callTopic() topic {
	return topic{
		buttons:  map[string]handler{"call.log": (*Bot).openLogCall},
		forms:    map[string]handler{formLogCall: (*Bot).submitLogCall},
		changes:  map[string]handler{formLogCall: (*Bot).changeLogCall},
		searches: map[string]handler{"customer": (*Bot).searchCustomer, "technician": (*Bot).searchTechnician},
	}
}

// previewLogCall is the form as it opens: nothing in it has to be looked up.
func previewLogCall(r Request) *Form {
	values := Values{}
	summary, details := clip(r.Text, desk.MaxSummary), ""
	if utf8.RuneCountInString(r.Text) > desk.MaxSummary {
		details = r.Text
	}
	if r.Message != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(r.Message.Text), "\n")
		summary, details = clip(first, desk.MaxSummary), quote(*r.Message)
	}
	values["summary"], values["details"] = []string{summary}, []string{clip(details, desk.MaxDetails)}
	return logCallForm(values, nil)
}

// quote is a message as the details of a call keep it.
func quote(m Quoted) string {
	text := strings.TrimSpace(m.Text)
	if m.Author != "" {
		text += "\n— " + m.Author
	}
	if m.Link != "" {
		text += "\n" + m.Link
	}
	return text
}

func (b *Bot) openLogCall(_ context.Context, r Request, a desk.Actor) (Reply, error) {
	if !a.Can(desk.LogCalls) {
		return say("You may not log calls. An admin can give you the role for it: dispatcher, technician or sales."), nil
	}
	return Reply{Form: previewLogCall(r)}, nil
}

// logCallForm is the form, holding values; facts are those of the chosen customer, nil before one is chosen.
func logCallForm(values Values, facts *desk.CustomerFacts) *Form {
	f := &Form{ID: formLogCall, Title: "Log a call", Submit: "Log call"}
	customer := Field{
		Name: "customer", Kind: FieldSearch, Label: "Customer", Placeholder: "Type a name or phone number", Refresh: true,
	}
	chosen := values.Get("customer")
	switch {
	case strings.HasPrefix(chosen, newCustomer):
		customer.Chosen = []Option{newCustomerOption(strings.TrimPrefix(chosen, newCustomer))}
		f.Fields = append(f.Fields, customer)
		f.Fields = append(f.Fields, newCustomerFields(values)...)
	case facts != nil:
		customer.Chosen = []Option{customerOption(facts.Customer)}
		f.Fields = append(f.Fields, customer)
		f.Fields = append(f.Fields, belongings(values, *facts)...)
	default:
		f.Fields = append(f.Fields, customer)
	}
	f.Fields = append(f.Fields, problemFields(values)...)
	f.Fields = append(f.Fields, priorityField(values),
		Field{Name: "technician", Kind: FieldSearch, Label: "Who should go", Chosen: []Option{{Value: bestAvailable, Label: "Best available technician"}}, Optional: true, Hint: "Leave it and I ask the best available technician."},
	)
	return f
}

// problemFields are what the customer reports.
func problemFields(values Values) []Field {
	return []Field{
		{Name: "summary", Kind: FieldLine, Label: "What is wrong", Placeholder: "Copier jams on tray 2", Max: desk.MaxSummary, Value: values.Get("summary")},
		{Name: "details", Kind: FieldText, Label: "Details", Optional: true, Max: desk.MaxDetails, Value: values.Get("details"), Hint: "What the customer said, what was tried, when somebody can come."},
	}
}

func priorityField(values Values) Field {
	return Field{Name: "priority", Kind: FieldRadio, Label: "Priority", Options: priorityOptions(), Chosen: chosenOf(priorityOptions(), cmp.Or(values.Get("priority"), "normal"))}
}

func priorityOptions() []Option {
	return []Option{
		{Value: "urgent", Label: "Urgent", Note: "They cannot work at all"},
		{Value: "high", Label: "High", Note: "Today, if at all possible"},
		{Value: "normal", Label: "Normal"},
		{Value: "low", Label: "Low", Note: "When somebody is near"},
	}
}

func newCustomerFields(values Values) []Field {
	typed := strings.TrimPrefix(values.Get("customer"), newCustomer)
	name, phone := typed, ""
	if strings.Trim(typed, "+0123456789 ()-./") == "" {
		name, phone = "", typed
	}
	return []Field{
		{Name: "customer_name", Kind: FieldLine, Label: "Name of the new customer", Max: desk.MaxName, Value: cmp.Or(values.Get("customer_name"), name)},
		{Name: "customer_phone", Kind: FieldLine, Label: "Phone", Max: 40, Optional: true, Value: cmp.Or(values.Get("customer_phone"), phone), Placeholder: "+44 20 7946 0123"},
		{Name: "customer_site", Kind: FieldLine, Label: "Address", Max: 300, Optional: true, Value: values.Get("customer_site"), Hint: "Where the technician has to go."},
		{Name: "customer_contact", Kind: FieldLine, Label: "Who called", Max: desk.MaxName, Optional: true, Value: values.Get("customer_contact")},
		informChecks("inform_new", "Keep them informed by", []string{"sms"}, values.All("inform_new")),
	}
}

// belongings are the fields that a chosen customer brings along. Their names carry the customer's id: when another customer
// is chosen they are other fields, and no platform keeps the old customer's machine selected.
func belongings(values Values, facts desk.CustomerFacts) []Field {
	var fields []Field
	id := strconv.FormatInt(facts.Customer.ID, 10)
	if note := customerNote(facts); len(note) > 0 {
		fields = append(fields, Field{Name: "customer_note", Kind: FieldNote, Note: note})
	}
	if len(facts.Equipment) > 0 {
		options := make([]Option, len(facts.Equipment))
		for i, e := range facts.Equipment {
			options[i] = equipmentOption(e, facts.Today)
		}
		name := "equipment_" + id
		fields = append(fields, Field{Name: name, Kind: FieldPick, Label: "Machine", Optional: true, Options: options, Chosen: chosenOf(options, values.Get(name)), Placeholder: "Which machine?"})
	}
	if len(facts.Contacts) > 0 {
		options := make([]Option, len(facts.Contacts))
		for i, c := range facts.Contacts {
			options[i] = option(c.ID, c.Name, desk.PhoneShown(c.Phone))
		}
		name := "contact_" + id
		fields = append(fields, Field{Name: name, Kind: FieldPick, Label: "Contact", Optional: true, Options: options, Chosen: chosenOf(options, values.Get(name)), Placeholder: "Who called?"})
		inform := "inform_" + id
		fields = append(fields, informChecks(inform, "Keep the contact informed by", desk.InformWays(), values.All(inform)))
	}
	if len(facts.Sites) > 1 {
		options := make([]Option, len(facts.Sites))
		for i, site := range facts.Sites {
			options[i] = option(site.ID, desk.SiteName(site), site.Address)
		}
		name := "site_" + id
		fields = append(fields, Field{Name: name, Kind: FieldPick, Label: "Site", Optional: true, Options: options, Chosen: chosenOf(options, values.Get(name)), Placeholder: "Where the machine is"})
	}
	return fields
}

func customerNote(facts desk.CustomerFacts) Words {
	var parts []string
	if facts.Customer.Phone != "" {
		parts = append(parts, desk.PhoneShown(facts.Customer.Phone))
	}
	if len(facts.Sites) == 1 {
		parts = append(parts, facts.Sites[0].Address)
	}
	open := int64(0)
	for _, e := range facts.Equipment {
		open += e.Pending
	}
	if open > 0 {
		parts = append(parts, fmt.Sprintf("%s for their machines", plural(open, "open call")))
	}
	return Say(strings.Join(parts, " · "))
}

func equipmentOption(e store.ListEquipmentWithCallsRow, today desk.Day) Option {
	var notes []string
	if e.Pending > 0 {
		notes = append(notes, plural(e.Pending, "open call"))
	}
	if e.Equipment.WarrantyUntil != nil {
		notes = append(notes, "warranty "+endWords(*e.Equipment.WarrantyUntil, today))
	}
	return option(e.Equipment.ID, e.Equipment.Model+" · "+e.Equipment.Serial, strings.Join(notes, " · "))
}

func customerOption(c store.Customer) Option {
	return option(c.ID, c.Name, desk.PhoneShown(c.Phone))
}

// labelMost is how many characters the label and the note of an option may have.
const labelMost = 75

// option is a record that may be chosen.
func option(id int64, label, note string) Option {
	return Option{Value: strconv.FormatInt(id, 10), Label: clip(label, labelMost), Note: clip(note, labelMost)}
}

// valueMost is how many bytes the value of an option may have: Slack's docs say 150, its types 75; 75 suits both.
const valueMost = 75

func newCustomerOption(typed string) Option {
	value := newCustomer + typed
	for len(value) > valueMost {
		_, size := utf8.DecodeLastRuneInString(value)
		value = value[:len(value)-size]
	}
	return Option{Value: value, Label: clip("New customer: "+typed, labelMost)}
}

func (b *Bot) searchCustomer(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	customers, err := b.Desk.FindCustomers(ctx, a, r.Text, customerMost)
	if err != nil {
		return Reply{}, err
	}
	options := customerOptions(customers)
	if typed := strings.TrimSpace(r.Text); typed != "" && r.Name == formLogCall {
		options = append(options, newCustomerOption(typed))
	}
	return Reply{Options: options}, nil
}

func (b *Bot) searchTechnician(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	rows, err := b.Desk.WhoIsOnDuty(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	options := []Option{{Value: bestAvailable, Label: "Best available technician"}}
	for _, row := range rows {
		if !strings.Contains(desk.Fold(row.Member.Name), desk.Fold(r.Text)) {
			continue
		}
		note := dutyState(row.Duty)
		if !row.Duty.On {
			note += ": " + row.Duty.Why
		}
		options = append(options, option(row.Member.ID, row.Member.Name, note))
	}
	return Reply{Options: options[:min(len(options), 100)]}, nil
}

// changeLogCall shows what belongs to the customer that was just chosen.
func (b *Bot) changeLogCall(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if said := r.Values.Get(machineSearch); said != "" { // the command named it
		form, err := b.logCallFor(ctx, r, a, said)
		return Reply{Form: form}, err
	}
	id := number(r.Values.Get("customer"))
	if id == 0 { // a new customer, or none
		return Reply{Form: logCallForm(r.Values, nil)}, nil
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: logCallForm(r.Values, &facts)}, nil
}

func (b *Bot) submitLogCall(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	customer := r.Values.Get("customer")
	in := desk.NewCall{
		Summary: r.Values.Get("summary"), Details: r.Values.Get("details"), Priority: r.Values.Get("priority"),
		TechnicianID: number(r.Values.Get("technician")),
	}
	if typed, isNew := strings.CutPrefix(customer, newCustomer); isNew {
		in.Customer = &desk.NewCustomer{
			Name: cmp.Or(r.Values.Get("customer_name"), typed), Phone: r.Values.Get("customer_phone"), Site: r.Values.Get("customer_site"),
			Contact: r.Values.Get("customer_contact"),
		}
		in.Inform = desk.JoinWays(r.Values.All("inform_new"))
	} else {
		in.CustomerID = number(customer)
		in.EquipmentID = number(r.Values.Get("equipment_" + customer))
		in.ContactID = number(r.Values.Get("contact_" + customer))
		in.SiteID = number(r.Values.Get("site_" + customer))
		in.Inform = desk.JoinWays(r.Values.All("inform_" + customer))
	}
	id, err := b.Desk.LogCall(ctx, a, in)
	if err != nil {
		return Reply{}, fieldsOf(err, map[string]string{"equipment": "equipment_" + customer, "contact": "contact_" + customer, "site": "site_" + customer, "inform": informName(in, customer)})
	}
	return say("Call %d is logged. I am asking a technician now; a message tells you who it is.", id), nil
}

// fieldsOf renames fields of a refusal to what the form calls them.
func fieldsOf(err error, names map[string]string) error {
	var e *desk.Error
	if !errors.As(err, &e) {
		return err
	}
	for from, to := range names {
		if text, ok := e.Fields[from]; ok {
			delete(e.Fields, from)
			e.Fields[to] = text
		}
	}
	return e
}
