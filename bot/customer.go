package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
)

func customerTopic() topic {
	t := customerEditTopic()
	t.buttons["customer.show"] = func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		return b.customerSaid(ctx, a, number(r.Value))
	}
	t.buttons["customer.call"] = (*Bot).openCallFor
	t.buttons["customer.history"] = (*Bot).customerHistory
	return t
}

// customersMost is how many customers are shown to choose from.
const customersMost = 15

// customer answers `/callout customer acme`: with the card of the one customer it can mean, else with those to choose from.
func (b *Bot) customer(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.SeeCustomers); err != nil {
		return Reply{}, err
	}
	typed := strings.Trim(strings.TrimSpace(r.Text), `"“”`)
	found, err := b.Desk.FindCustomers(ctx, a, typed, customersMost)
	if err != nil {
		return Reply{}, err
	}
	switch {
	case len(found) == 0 && typed == "":
		return say("There are no customers yet. They come with their first call: /log-call."), nil
	case len(found) == 0:
		return say("No customer matches “%s”. Try a part of the name, phone or e-mail.", clip(typed, 60)), nil
	case len(found) == 1 && typed != "":
		return b.customerSaid(ctx, a, found[0].ID)
	}
	title := "Customers"
	if typed != "" {
		title += " · " + clip(typed, 60)
	}
	card := &Card{Text: title, Parts: []Part{Heading(title)}}
	for _, c := range found {
		words := Say(Bold(clip(c.Name, 150)))
		if line := joinDots(desk.PhoneShown(c.Phone), c.Email, c.Territory); line != "" {
			words = append(words, Say("\n", line)...)
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: "customer.show", Value: formatID(c.ID), Label: "Open"}})
		card.Text += "\n" + c.Name
	}
	if len(found) == customersMost {
		card.Parts = append(card.Parts, Note(Say("There are more. Type more of the name: /callout customer acme foods")))
	}
	return Reply{Say: card}, nil
}

// joinDots joins what is not empty.
func joinDots(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, " · ")
}

// customerSaid answers with the card of a customer, for one member only.
func (b *Bot) customerSaid(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	card, err := b.customerCard(ctx, a, id)
	return Reply{Say: card}, err
}

// pastShown is how much of a customer's history their card shows.
const pastShown = 8

// Of each kind of what belongs to a customer, the card shows so many.
const (
	machinesShown = 10
	contactsShown = 8
)

// customerCard shows a customer to a member, with everything that belongs to them.
func (b *Bot) customerCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.Customer(ctx, a, id)
	if err != nil {
		return nil, err
	}
	c := v.Customer
	facts := customerFacts(v)
	card := &Card{Text: fmt.Sprintf("%s: %s, %s, %s.", c.Name, cmp.Or(desk.PhoneShown(c.Phone), "no phone"), plural(int64(len(v.Equipment)), "machine"), plural(int64(len(v.Contacts)), "contact"))}
	card.Parts = append(card.Parts, Heading(clip(c.Name, 150)))
	if len(facts) > 0 {
		card.Parts = append(card.Parts, facts)
	}
	if c.Notes != "" {
		card.Parts = append(card.Parts, Text(Say(clip(c.Notes, 1000))))
	}
	card.Parts = append(card.Parts, b.contactParts(a, v)...)
	card.Parts = append(card.Parts, machineParts(v, b.Desk.Today(a))...)
	card.Parts = append(card.Parts, b.pastParts(a, v.Past[:min(len(v.Past), pastShown)])...)
	for _, row := range customerButtons(a, v) {
		card.Parts = append(card.Parts, row)
	}
	return card, nil
}

func customerFacts(v desk.CustomerView) Facts {
	var facts Facts
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, Fact{label, Say(value)})
		}
	}
	add("Phone", desk.PhoneShown(v.Customer.Phone))
	add("E-mail", v.Customer.Email)
	add("Territory", v.Customer.Territory)
	for i, s := range v.Sites[:min(len(v.Sites), 4)] {
		label := "Site"
		if len(v.Sites) > 1 {
			label = fmt.Sprintf("Site %d", i+1)
		}
		if place := s.Address; s.Name != s.Address {
			add(label, strings.TrimSpace(s.Name+"\n"+place))
		} else {
			add(label, place)
		}
	}
	next, on := "", ""
	for _, e := range v.Equipment {
		if due, ok := v.NextMaintenance[e.Equipment.ID]; ok && (on == "" || due.Format("2006-01-02") < on) {
			on, next = due.Format("2006-01-02"), due.Format("2 Jan 2006")+"\n"+e.Equipment.Model+" · "+e.Equipment.Serial
		}
	}
	add("Next maintenance", next)
	return facts
}

func (b *Bot) contactParts(a desk.Actor, v desk.CustomerView) []Part {
	if len(v.Contacts) == 0 {
		return nil
	}
	parts := []Part{Text(Say(Bold("Contacts")))}
	for _, c := range v.Contacts[:min(len(v.Contacts), contactsShown)] {
		words := Say(Bold(clip(c.Name, 100)))
		if c.Role != "" {
			words = append(words, Say(", ", c.Role)...)
		}
		if line := joinDots(desk.PhoneShown(c.Phone), c.Email); line != "" {
			words = append(words, Say("\n", line)...)
		}
		words = append(words, b.consentWords(a, v.Consents[c.ID], c.Phone, c.Email)...)
		if !a.Can(desk.EditCustomers) {
			parts = append(parts, Text(words))
			continue
		}
		parts = append(parts, Item{Text: words, Button: Button{Action: formEditContact, Value: formatID(c.ID), Label: "Edit"}})
	}
	return append(parts, moreThan(len(v.Contacts), contactsShown, "contact")...)
}

// moreThan says how many are not shown.
func moreThan(n, shown int, what string) []Part {
	if n <= shown {
		return nil
	}
	return []Part{Note(Say("and ", plural(int64(n-shown), "more "+what)))}
}

func machineParts(v desk.CustomerView, today time.Time) []Part {
	if len(v.Equipment) == 0 {
		return nil
	}
	words := Say(Bold("Machines"))
	for _, e := range v.Equipment[:min(len(v.Equipment), machinesShown)] {
		words = append(words, Say("\n• ", e.Equipment.Model+" · "+e.Equipment.Serial)...)
		warranty, due, open := "", "", ""
		if until := e.Equipment.WarrantyUntil; until != nil {
			warranty = "warranty " + endWords(*until, today)
		}
		if on, ok := v.NextMaintenance[e.Equipment.ID]; ok {
			due = "maintenance " + on.Format("2 Jan 2006")
		}
		if e.Pending > 0 {
			open = plural(e.Pending, "open call")
		}
		if line := joinDots(warranty, due, open); line != "" {
			words = append(words, Say(": ", line)...)
		}
	}
	return append([]Part{Text(words)}, moreThan(len(v.Equipment), machinesShown, "machine")...)
}

// pastParts lists calls, visits and quotes, each with a way to open it.
func (b *Bot) pastParts(a desk.Actor, past []desk.Past) []Part {
	if len(past) == 0 {
		return nil
	}
	parts := []Part{Text(Say(Bold("History")))}
	for _, p := range past {
		name := fmt.Sprintf("%s %d", purposeWord(p.Kind), p.ID)
		words := Say(Bold(name), " · ", strings.ReplaceAll(p.State, "_", " "), " · ", At(p.At, b.zone(a)), "\n", clip(oneLine(p.What), 150))
		parts = append(parts, Item{Text: words, Button: Button{Action: p.Kind + ".show", Value: formatID(p.ID), Label: "Open"}})
	}
	return parts
}

func customerButtons(a desk.Actor, v desk.CustomerView) []Buttons {
	id := formatID(v.Customer.ID)
	var first, second Buttons
	if a.Can(desk.LogCalls) {
		first = append(first, Button{Action: "customer.call", Value: id, Label: "Log a call", Style: Primary})
	}
	if a.Can(desk.RequestQuotes) {
		first = append(first, Button{Action: "quote.request", Value: "c" + id, Label: "Request quote"})
	}
	if a.Can(desk.LogVisits) {
		first = append(first, Button{Action: formLogVisit, Value: "c" + id, Label: "Log visit"})
	}
	if a.Can(desk.EditCustomers) {
		second = append(second, Button{Action: formEditCustomer, Value: id, Label: "Edit"}, Button{Action: formAddContact, Value: id, Label: "Add contact"})
	}
	second = append(second, Button{Action: "customer.history", Value: id, Label: "History"})
	if len(first) == 0 {
		return []Buttons{second}
	}
	return []Buttons{first, second}
}

// openCallFor opens the form that logs a call, with a customer and what belongs to them.
func (b *Bot) openCallFor(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.LogCalls); err != nil {
		return Reply{}, err
	}
	facts, err := b.Desk.CustomerFacts(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	return Reply{Form: logCallForm(Values{"customer": {r.Value}}, &facts)}, nil
}

// customerHistory shows more of what happened with a customer, and who changed what of them.
func (b *Bot) customerHistory(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	v, err := b.Desk.Customer(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	entries, err := b.Desk.History(ctx, a, desk.Record{Kind: desk.CustomerRecord, ID: id})
	if err != nil {
		return Reply{}, err
	}
	title := "History of " + clip(v.Customer.Name, 100)
	card := &Card{Text: title + ".", Parts: []Part{Heading(title)}}
	past := b.pastParts(a, v.Past)
	if len(past) == 0 {
		past = []Part{Text(Say("No calls, visits or quotes yet."))}
	}
	card.Parts = append(card.Parts, past...)
	if len(entries) > 0 {
		card.Parts = append(card.Parts, Divider{}, Text(Say(Bold("Changes"))))
	}
	for _, e := range entries[max(0, len(entries)-10):] {
		card.Parts = append(card.Parts, Text(append(Say(At(e.Event.At, b.zone(a)), "  "), recordWords(e)...)))
	}
	return Reply{Say: card}, nil
}
