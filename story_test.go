package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// story is what happens to some people of a company, wherever they are.
type story struct {
	name string
	run  func(c *firm)
}

// shift is stories that happen one after another in one company, in each of some places.
type shift struct {
	name    string
	on      []string // slack, discord, or sms: the company is in Slack, and its technicians have phones and nothing else
	stories []story
}

// shifts is the table of the stories that are the same wherever people are.
var shifts = []shift{
	{"calls", []string{"slack", "discord", "sms"}, []story{
		{"from slash command to closed and open again", callToItsEnd},
		{"a decline asks the next", declineAsksTheNext},
		{"urgent and nobody on duty", nobodyOnDuty},
		{"what somebody did they take back", takenBack},
		{"somebody comes on duty", comesOnDuty},
	}},
	{"desk", []string{"slack", "discord"}, []story{
		{"a stranger registers", registers},
		{"two people edit one call", twoEdit},
		{"calls are listed with filters", listed},
		{"words and a photo in the thread", talkedOver},
	}},
	{"sales", []string{"slack", "discord"}, []story{
		{"a quote from request to accepted", quoteToAccepted},
		{"a lead from message to customer and visit", leadToCustomer},
	}},
	{"machines", []string{"slack", "discord"}, []story{
		{"a task from reminder to service sheet", maintained},
		{"a machine is written down, read and planned", machinePlanned},
	}},
}

// firm is the company in which the stories of a shift happen, and who is there.
type firm struct {
	*world
	ada  *person // admin
	dora *person // dispatcher
	sam  *person // sells
	tim  *person // technician
	una  *person // technician
}

func TestStory(t *testing.T) {
	t.Parallel()
	for i, d := range shifts {
		for _, on := range d.on {
			t.Run(d.name+"/"+on, func(t *testing.T) {
				t.Parallel()
				c := opens(t, on, i%2 == 1)
				for _, s := range d.stories {
					ok := t.Run(strings.ReplaceAll(s.name, " ", "_"), func(t *testing.T) {
						before := c.T
						c.T = t
						defer func() { c.T = before }()
						s.run(c)
						c.settled()
					})
					if !ok {
						return // what comes after would only be puzzling
					}
				}
			})
		}
	}
}

// opens starts the program for a company with its people.
func opens(t *testing.T, on string, overHTTP bool) *firm {
	t.Helper()
	c := &firm{}
	if on == "discord" {
		c.world = startGuild(t, overHTTP)
	} else {
		c.world = startWorld(t, func(c *Config) { c.QuotesChannel = quotesChannel })
		c.sandbox.Slack.AddChannel(slack.Channel{ID: quotesChannel, Name: "quotes", Members: []string{c.sandbox.Slack.BotUserID()}})
	}
	c.ada, c.dora, c.sam = c.member("Ada Admin", "admin"), c.member("Dora Desk", "dispatcher"), c.member("Sam Sales", "sales")
	c.tim, c.una = c.technician("Tim Tech", "+447700900001"), c.technician("Una Uptime", "+447700900002")
	if on == "sms" {
		for _, p := range []*person{c.tim, c.una} {
			p.on = phone{c.world}
			c.must("UPDATE contact_method SET disabled_at = now(), disabled_reason = 'test' WHERE channel = 'slack' AND member_id = $1", p.member.ID)
		}
	}
	return c
}

// must runs a statement that the story needs and that nobody in it does.
func (w *world) must(sql string, args ...any) {
	w.Helper()
	if _, err := w.app.store.Pool.Exec(w.ctx, sql, args...); err != nil {
		w.Fatal(err)
	}
}

// onDuty lets these technicians be on duty, and nobody else.
func (c *firm) onDuty(people ...*person) {
	c.Helper()
	for _, p := range []*person{c.tim, c.una} {
		p.onDuty(false)
	}
	for _, p := range people {
		p.onDuty(true)
	}
	c.clock.move(throttle) // phones have rested since the last story
}
