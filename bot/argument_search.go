package bot

import (
	"context"
	"maps"
	"strings"

	"callout/desk"
	"callout/store"
)

// What is found while an argument of a command is typed, where its value is words and no record's number: a filter's, or a serial
// number.
const (
	customerWords   = "customer_words"
	technicianWords = "technician_words"
	memberWords     = "member_words"
	machineWords    = "machine_words"
	machineSearch   = "equipment"
)

// argumentMost is how many answers an argument that is found by typing gets: Discord's limit.
const argumentMost = 25

func argumentTopic() topic {
	return topic{searches: map[string]handler{
		customerWords: (*Bot).searchCustomerWords, technicianWords: searchPeople(desk.TakeCalls), memberWords: searchPeople(""),
		machineWords:  machines(func(m store.EquipmentRow) string { return m.Serial }),
		machineSearch: machines(func(m store.EquipmentRow) string { return machineValue(m.ID) }),
	}}
}

// alike adds to options with the same label and note what tells them apart.
func alike(options []Option, apart func(i int) string) {
	count := map[string]int{}
	for _, o := range options {
		count[o.Label+"\n"+o.Note]++
	}
	for i, o := range options {
		if count[o.Label+"\n"+o.Note] > 1 {
			options[i].Note = clip(joinDots(o.Note, apart(i)), labelMost)
		}
	}
}

// searchCustomerWords answers with words that find one customer: the name, and the phone too if others are called the same.
func (b *Bot) searchCustomerWords(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	found, err := b.Desk.FindCustomers(ctx, a, r.Text, argumentMost)
	if err != nil {
		return Reply{}, err
	}
	names := map[string]int{}
	for _, c := range found {
		names[desk.Fold(c.Name)]++
	}
	options := customerOptions(found)
	for i, c := range found {
		options[i].Value = c.Name
		if names[desk.Fold(c.Name)] > 1 && c.Phone != "" {
			options[i].Value += " " + strings.TrimPrefix(c.Phone, "+")
		}
	}
	return Reply{Options: options}, nil
}

// customerOptions are customers that may be chosen; who is called the same can be told apart.
func customerOptions(found []store.Customer) []Option {
	options := make([]Option, len(found))
	for i, c := range found {
		options[i] = customerOption(c)
	}
	alike(options, func(i int) string {
		return joinDots(found[i].Territory, found[i].Email, "number "+formatID(found[i].ID))
	})
	return options
}

// memberOptions are members that may be chosen; who is called the same can be told apart.
func memberOptions(found []store.Member) []Option {
	options := make([]Option, len(found))
	for i, m := range found {
		options[i] = memberOption(m)
	}
	alike(options, func(i int) string { return joinDots(found[i].Email, "number "+formatID(found[i].ID)) })
	return options
}

// searchPeople answers with the names of the active members who may do an action, and with the other words that name somebody.
// A number follows the name of who is called as somebody else is.
func searchPeople(action desk.Action) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		found, err := b.Desk.FindMembers(ctx, a, strings.TrimPrefix(r.Text, "@"), action)
		if err != nil {
			return Reply{}, err
		}
		names := map[string]int{}
		for _, m := range found {
			names[desk.Fold(m.Name)]++
		}
		var options []Option
		for _, o := range []Option{{Value: "me", Label: "me"}, {Value: "none", Label: "none", Note: "nobody yet"}} {
			if strings.HasPrefix(o.Value, strings.ToLower(strings.TrimSpace(r.Text))) {
				options = append(options, o)
			}
		}
		for i, o := range memberOptions(found) {
			o.Value = "@" + found[i].Name
			if names[desk.Fold(found[i].Name)] > 1 {
				o.Value += " #" + formatID(found[i].ID)
			}
			options = append(options, o)
		}
		return Reply{Options: options[:min(len(options), argumentMost)]}, nil
	}
}

// machineValue is a machine as an option carries it; machineIn reads it back, 0 if it is something else.
func machineValue(id int64) string { return "e" + formatID(id) }

func machineIn(value string) int64 {
	id, ok := strings.CutPrefix(value, "e")
	if !ok {
		return 0
	}
	return number(id)
}

// machines answers with the machines in use that have what was typed in their model or serial number, or else whose customer has it
// in their name; those of one customer only if the command says so already.
func machines(value func(store.EquipmentRow) string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		page, err := b.Desk.Equipment(ctx, a, desk.Filter{Words: r.Text, Customer: r.Values.Get("customer")}, 0, argumentMost)
		if err == nil && len(page.Machines) == 0 && r.Values.Get("customer") == "" {
			page, err = b.Desk.Equipment(ctx, a, desk.Filter{Customer: r.Text}, 0, argumentMost)
		}
		if err != nil {
			return Reply{}, err
		}
		options := make([]Option, len(page.Machines))
		for i, m := range page.Machines {
			options[i] = Option{Value: value(m), Label: clip(m.Model+" · "+m.Serial, labelMost), Note: clip(joinDots(m.Customer, oneLine(m.Site)), labelMost)}
		}
		alike(options, func(i int) string { return "number " + formatID(page.Machines[i].ID) })
		return Reply{Options: options}, nil
	}
}

// machineSaid finds the machine that an argument names: chosen, by its serial number, or by words that only it has. 0 and what to
// say if there is none, or more than one.
func (b *Bot) machineSaid(ctx context.Context, a desk.Actor, said string) (int64, string, error) {
	if id := machineIn(said); id != 0 {
		return id, "", nil
	}
	id, err := b.Desk.EquipmentBySerial(ctx, a, said)
	if err != nil || id != 0 {
		return id, "", err
	}
	page, err := b.Desk.Equipment(ctx, a, desk.Filter{Words: said}, 0, 2)
	if err != nil {
		return 0, "", err
	}
	switch len(page.Machines) {
	case 0:
		return 0, "There is no machine “" + clip(said, 60) + "”. Choose one when you have chosen the customer, or leave it.", nil
	case 1:
		return page.Machines[0].ID, "", nil
	}
	return 0, "There are several machines “" + clip(said, 60) + "”. Choose one when you have chosen the customer, or leave it.", nil
}

// logCallFor is the form that logs a call, with the machine that an argument of the command named, and its customer.
func (b *Bot) logCallFor(ctx context.Context, r Request, a desk.Actor, said string) (*Form, error) {
	id, trouble, err := b.machineSaid(ctx, a, said)
	if err != nil {
		return nil, err
	}
	values, customer := maps.Clone(r.Values), number(r.Values.Get("customer"))
	if id != 0 {
		v, err := b.Desk.EquipmentView(ctx, a, id)
		switch {
		case desk.CodeOf(err) == desk.NotFound:
			trouble = "There is no machine “" + clip(said, 60) + "”."
		case err != nil:
			return nil, err
		case customer != 0 && customer != v.Customer.ID:
			trouble = v.Equipment.Model + " · " + v.Equipment.Serial + " belongs to " + v.Customer.Name + ", not to the customer you chose. Choose another below, or leave it."
		default:
			customer = v.Customer.ID
			values["customer"] = []string{formatID(customer)}
			values["equipment_"+formatID(customer)] = []string{formatID(id)}
		}
	}
	var facts *desk.CustomerFacts
	if customer != 0 {
		f, err := b.Desk.CustomerFacts(ctx, a, customer)
		if err != nil {
			return nil, err
		}
		facts = &f
	}
	form := logCallForm(values, facts)
	if trouble != "" {
		form.Fields = append([]Field{{Name: "machine_note", Kind: FieldNote, Note: Say(trouble)}}, form.Fields...)
	}
	return form, nil
}
