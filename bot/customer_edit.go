package bot

import (
	"context"

	"callout/desk"
)

// The forms of a customer and their contacts.
const (
	formEditCustomer = "customer.edit"
	formAddContact   = "contact.add"
	formEditContact  = "contact.edit"
)

func customerEditTopic() topic {
	return topic{
		buttons: map[string]handler{
			formEditCustomer: opensOn(desk.EditCustomers, (*Bot).fillEditCustomer),
			formAddContact:   opensForm(desk.EditCustomers, addContactForm),
			formEditContact:  opensOn(desk.EditCustomers, (*Bot).fillEditContact),
		},
		forms: map[string]handler{
			formEditCustomer: (*Bot).submitEditCustomer, formAddContact: (*Bot).submitAddContact, formEditContact: (*Bot).submitEditContact,
		},
	}
}

func (b *Bot) fillEditCustomer(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.CustomerFacts(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := editCustomerForm(valuesOf(desk.CustomerFieldsOf(v.Customer)))
	f.State = edition{id, v.Customer.Version}.state()
	return f, nil
}

func editCustomerForm(values Values) *Form {
	return &Form{ID: formEditCustomer, Title: "Edit customer", Submit: "Save", Fields: append(
		reachFields(values),
		Field{Name: "territory", Kind: FieldLine, Label: "Territory", Max: 100, Optional: true, Value: values.Get("territory"), Hint: "Technicians of the same territory are asked first."},
		Field{Name: "notes", Kind: FieldText, Label: "Notes", Max: desk.MaxNotes, Optional: true, Value: values.Get("notes"), Placeholder: "Ring at the back door after 17:00"},
	)}
}

// reachFields ask who somebody is and how they are reached.
func reachFields(values Values) []Field {
	return []Field{
		{Name: "name", Kind: FieldLine, Label: "Name", Max: desk.MaxName, Value: values.Get("name")},
		{Name: "phone", Kind: FieldLine, Label: "Phone", Max: 40, Optional: true, Value: values.Get("phone"), Placeholder: "+44 20 7946 0123"},
		{Name: "email", Kind: FieldLine, Label: "E-mail", Max: 200, Optional: true, Value: values.Get("email"), Placeholder: "jane@example.com"},
	}
}

func (b *Bot) submitEditCustomer(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	same, err := b.Desk.EditCustomer(ctx, a, e.id, e.version, fieldsIn(r.Values, desk.CustomerFields()...))
	if err != nil {
		return b.clashed(a, err, e.id, editCustomerForm, nil)
	}
	return b.customerHinted(ctx, a, e.id, same)
}

// customerHinted answers with the card of a customer, and with who else has the phone or e-mail that was typed.
func (b *Bot) customerHinted(ctx context.Context, a desk.Actor, id int64, same []desk.Twin) (Reply, error) {
	card, err := b.customerCard(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	if len(same) > 0 {
		hint := Text(twinWords("Saved. Somebody else has the same phone or e-mail:", same))
		card.Parts = append([]Part{hint}, card.Parts...)
	}
	return Reply{Say: card}, nil
}

func addContactForm(r Request) *Form {
	return &Form{ID: formAddContact, Title: "Add a contact", Submit: "Add", State: r.Value, Fields: contactFields(Values{})}
}

func contactFields(values Values) []Field {
	role := Field{Name: "role", Kind: FieldLine, Label: "Role", Max: 100, Optional: true, Value: values.Get("role"), Placeholder: "Office manager"}
	return append(reachFields(values), role, informChecks("inform", "Keep them informed of their calls by", desk.InformWays(), waysChosen(values, "inform")))
}

func (b *Bot) submitAddContact(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	customerID := number(r.State)
	_, same, err := b.Desk.AddContact(ctx, a, customerID, contactIn(r.Values))
	if err != nil {
		return Reply{}, err
	}
	return b.customerHinted(ctx, a, customerID, same)
}

func (b *Bot) fillEditContact(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	c, err := b.Desk.Contact(ctx, a, id)
	if err != nil {
		return nil, err
	}
	fields, err := b.Desk.ContactForm(ctx, c)
	if err != nil {
		return nil, err
	}
	f := editContactForm(valuesOf(fields))
	f.State = edition{id, c.Version}.state()
	return f, nil
}

func editContactForm(values Values) *Form {
	return &Form{ID: formEditContact, Title: "Edit contact", Submit: "Save", Fields: contactFields(values)}
}

func (b *Bot) submitEditContact(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	same, err := b.Desk.EditContact(ctx, a, e.id, e.version, contactIn(r.Values))
	if err != nil {
		return b.clashed(a, err, e.id, editContactForm, nil)
	}
	c, err := b.Desk.Contact(ctx, a, e.id)
	if err != nil {
		return Reply{}, err
	}
	return b.customerHinted(ctx, a, c.CustomerID, same)
}
