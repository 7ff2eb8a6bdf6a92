package main

import (
	"strings"

	"callout/desk"
	"callout/store"
)

// person is somebody who uses the program in a story.
type person struct {
	*world
	name   string
	on     platform // where they are, if it is not where the company is
	user   string   // their id there
	phone  string
	email  string
	member store.Member
}

// chat is where the person is.
func (p *person) chat() platform {
	switch {
	case p.on != nil:
		return p.on
	case p.world.chat != nil:
		return p.world.chat
	}
	return slackChat{p.sandbox.Slack}
}

// stranger adds somebody to the workspace whom the desk does not know.
func (w *world) stranger(name string) *person {
	w.Helper()
	p := &person{world: w, name: name}
	p.email = strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	p.chat().joins(p)
	return p
}

// member adds somebody the desk knows, reachable in chat.
func (w *world) member(name string, roles ...string) *person {
	w.Helper()
	p := w.stranger(name)
	m, err := w.app.store.InsertMember(w.ctx, store.InsertMemberParams{
		Name: name, Search: strings.ToLower(name), Email: p.email, Roles: roles, State: "active", Timezone: "UTC", CreatedAt: w.clock.Now(),
	})
	if err != nil {
		w.Fatal(err)
	}
	p.member = m
	_, err = w.app.store.InsertChatIdentity(w.ctx, store.InsertChatIdentityParams{MemberID: m.ID, Platform: p.chat().name(), UserID: p.user, CreatedAt: w.clock.Now()})
	if err != nil {
		w.Fatal(err)
	}
	p.reachable(p.chat().name(), p.user)
	return p
}

// technician adds a technician who is on duty, reachable in chat and, if a phone is given, by SMS.
func (w *world) technician(name, phone string) *person {
	w.Helper()
	p := w.member(name, "technician")
	if phone != "" {
		p.phone = phone
		if err := w.sandbox.Twilio.AddPhone(phone, name); err != nil {
			w.Fatal(err)
		}
		p.reachable("sms", phone)
	}
	p.onDuty(true)
	return p
}

func (p *person) reachable(channel, address string) {
	p.Helper()
	now := p.clock.Now()
	_, err := p.app.store.PutContactMethod(p.ctx, store.PutContactMethodParams{MemberID: p.member.ID, Channel: channel, Address: address, VerifiedAt: &now})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *person) onDuty(on bool) {
	p.Helper()
	now := p.clock.Now()
	if err := p.app.store.EndDutyOverrides(p.ctx, store.EndDutyOverridesParams{At: &now, MemberID: p.member.ID}); err != nil {
		p.Fatal(err)
	}
	err := p.app.store.InsertDutyOverride(p.ctx, store.InsertDutyOverrideParams{MemberID: p.member.ID, OnDuty: on, StartsAt: now, CreatedAt: now})
	if err != nil {
		p.Fatal(err)
	}
}

// customer adds a customer with one machine.
func (w *world) customer(name, phone, machine string) store.Customer {
	w.Helper()
	now := w.clock.Now()
	c, err := w.app.store.InsertCustomer(w.ctx, store.InsertCustomerParams{Name: name, Search: desk.CustomerSearch(name, phone), Phone: phone, Now: now})
	if err != nil {
		w.Fatal(err)
	}
	if machine == "" {
		return c
	}
	_, err = w.app.store.InsertEquipment(w.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: machine, Serial: "S-1", Skills: []string{}, CreatedAt: now})
	if err != nil {
		w.Fatal(err)
	}
	return c
}
