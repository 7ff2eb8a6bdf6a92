package main

import (
	"strings"

	"callout/desk"
	"callout/internal/sandbox/slack"
	"callout/store"
)

// person is somebody who uses the program in a story.
type person struct {
	*world
	name   string
	user   string // their Slack id
	phone  string
	email  string
	member store.Member
}

// stranger adds somebody to the workspace whom the desk does not know.
func (w *world) stranger(name string) *person {
	w.Helper()
	p := &person{world: w, name: name}
	p.user = "U0" + strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	p.email = strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	w.sandbox.Slack.AddUser(slack.User{ID: p.user, Name: strings.ToLower(strings.ReplaceAll(name, " ", ".")), RealName: name, Email: p.email, TZ: "UTC"})
	for _, channel := range []string{callsChannel, reportsChannel} {
		if err := w.sandbox.Slack.Join(channel, p.user); err != nil {
			w.Fatal(err)
		}
	}
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
	_, err = w.app.store.InsertChatIdentity(w.ctx, store.InsertChatIdentityParams{MemberID: m.ID, Platform: "slack", UserID: p.user, CreatedAt: w.clock.Now()})
	if err != nil {
		w.Fatal(err)
	}
	p.reachable("slack", p.user)
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
