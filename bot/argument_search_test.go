package bot

import (
	"strings"
	"testing"

	"callout/desk"
	"callout/store"
)

// finds searches as an argument of a command does, and returns what people see with what comes back.
func (p *person) finds(field, text string, values Values) map[string]string {
	p.Helper()
	r := p.does(Request{Kind: KindSearch, Field: field, Text: text, Values: values})
	found := map[string]string{}
	for _, o := range r.Options {
		found[strings.TrimSuffix(o.Label+" · "+o.Note, " · ")] = o.Value
	}
	if len(found) != len(r.Options) || len(found) > argumentMost {
		p.Errorf("%s %q: some of %v look the same, or they are too many", field, text, r.Options)
	}
	return found
}

func (p *person) wantsFound(found map[string]string, shown, value string) {
	p.Helper()
	if got, ok := found[shown]; !ok || got != value {
		p.Errorf("%q is %q, want %q; found %q", shown, got, value, found)
	}
}

func (s *shop) machine(c store.Customer, model, serial string) store.Equipment {
	s.Helper()
	e, err := s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: model, Serial: serial, Skills: []string{}, CreatedAt: s.now})
	s.must(err)
	return e
}

// TestWhatArgumentsFind tells apart who and what is called the same, and finds only what was chosen.
func TestWhatArgumentsFind(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	one, two := s.customer(`Acme "5" Foods`), s.customer(`Acme "5" Foods`)
	s.exec("UPDATE customer SET phone = '+442079460999', search = $2 WHERE id = $1", two.ID, desk.CustomerSearch(two.Name, "+442079460999"))
	found := fay.finds(customerWords, "acme", nil)
	fay.wantsFound(found, `Acme "5" Foods · +44 20 7946 0999`, `Acme "5" Foods 442079460999`)
	fay.logs(one, "Jam of one")
	fay.logs(two, "Jam of two")
	chosen := fay.types("/calls " + desk.FilterTerm("customer", found[`Acme "5" Foods · +44 20 7946 0999`]))
	s.wants(chosen, "Jam of two", "!Jam of one")

	a, b := s.technician("Tom Smith"), s.technician("Tom Smith")
	s.exec("UPDATE member SET email = 'tom2@example.com' WHERE id = $1", b.member.ID)
	people := fay.finds(technicianWords, "tom", nil)
	fay.wantsFound(people, "Tom Smith · technician · tom2@example.com · number "+formatID(b.member.ID), "@Tom Smith #"+formatID(b.member.ID))
	fay.wantsFound(fay.finds(technicianWords, "", nil), "me", "me")
	fay.wantsFound(fay.finds(memberWords, "fa", nil), "Fay · dispatcher", "@Fay")
	s.assign(1)
	s.exec("UPDATE call SET technician_id = $1 WHERE id = 1", a.member.ID)
	s.exec("UPDATE call SET technician_id = $1 WHERE id = 2", b.member.ID)
	s.wants(fay.types("/calls "+desk.FilterTerm("tech", "@Tom Smith #"+formatID(b.member.ID))), "Jam of two", "!Jam of one")
	s.wants(fay.types(`/calls tech:"@Tom Smith #999"`), "“@Tom Smith #999”: there is no member with this number")
	s.wants(fay.types(`/calls tech:"Zork"`), "Nobody is called “Zork”")
	s.wants(fay.types("/duty @Tom.Smith.#"+formatID(b.member.ID)), "Tom Smith")
}

func TestMachinesOfArguments(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	acme, beta := s.customer("Acme"), s.customer("Beta")
	first, second := s.machine(acme, "Copier X", "S:1"), s.machine(beta, "Copier X", "12")
	fay.wantsFound(fay.finds(machineSearch, "copier", nil), "Copier X · S:1 · Acme", machineValue(first.ID))
	if of := fay.finds(machineSearch, "copier", Values{"customer": {"Beta"}}); len(of) != 1 || of["Copier X · 12 · Beta"] == "" {
		t.Errorf("of Beta there are %v", of)
	}
	fay.wantsFound(fay.finds(machineWords, "acme", nil), "Copier X · S:1 · Acme", "S:1")
	s.wants(fay.types(`/equipment "S:1"`), "Copier X", "Acme", "!Beta")
	s.wants(fay.types(`/equipment "12"`), "Copier X", "Beta")
	s.exec("UPDATE equipment SET warranty_until = '2027-01-31', meter_unit = 'pages', notes = 'By the stairs' WHERE id = $1", second.ID)
	fay.logs(beta, "Jam")
	s.exec("UPDATE call SET equipment_id = $1", second.ID)
	golden(t, "equipment", *fay.types(`/equipment "12"`).Say)

	change := func(said, customer string) Reply {
		t.Helper()
		values := Values{"equipment": {said}, "summary": {"Jam"}}
		if customer != "" {
			values["customer"] = []string{customer}
		}
		return fay.does(Request{Kind: KindChange, Name: formLogCall, Field: "equipment", Values: values})
	}
	holds := func(r Reply, e store.Equipment) {
		t.Helper()
		name := "equipment_" + formatID(e.CustomerID)
		for _, f := range r.Form.Fields {
			if f.Name == name && len(f.Chosen) == 1 && f.Chosen[0].Value == formatID(e.ID) {
				return
			}
		}
		t.Errorf("machine %d is not chosen in %+v", e.ID, r.Form.Fields)
	}
	holds(change(machineValue(second.ID), ""), second)
	holds(change("12", ""), second)
	holds(change("S:1", formatID(acme.ID)), first)
	s.wants(change("copier", ""), "FORM", "There are several machines “copier”")
	s.wants(change("zork", formatID(acme.ID)), "FORM", "There is no machine “zork”")
	s.wants(change(machineValue(second.ID), formatID(acme.ID)), "FORM", "Copier X · 12 belongs to Beta, not to the customer you chose")
	s.wants(change("e999", ""), "FORM", "There is no machine “e999”")
}
