package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

func TestLogACallForANewCustomer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")

	dora.types(callsChannel, "/log-call no light on the panel")
	dora.finds(dora.form("Log a call"), "customer", "Bright Bakery", "New customer: Bright Bakery")
	var view openForm
	w.until("the form asks for the new customer", func() bool {
		view = dora.form("Log a call")
		_, ok := view.Block("Name of the new customer")
		return ok
	}, func() string { return view.AllText() })
	dora.holds(view, "customer_name", "Bright Bakery")
	dora.holds(view, "summary", "no light on the panel")
	dora.accepted(view, slack.Values{"customer_phone": "020 7946 0999", "customer_site": "1 Mill Lane, Leeds"})

	dora.reads(callsChannel, "Call 1 · no light on the panel", "Bright Bakery", "+44 20 7946 0999", "1 Mill Lane, Leeds")
	tim.readsDM("Can you take this call?", "Bright Bakery", "1 Mill Lane, Leeds")

	// The new customer is found from now on, by what is dialled as well.
	dora.types(callsChannel, "/log-call again")
	dora.finds(dora.form("Log a call"), "customer", "7946 0999", "Bright Bakery")
}

func TestFindTheCustomerWhileTyping(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	w.customer("Acme Foods", "+442079460123", "")
	w.customer("Café Zoë", "+442079460456", "")
	w.customer("Grand Hotel", "+33142685300", "")
	dora.types(callsChannel, "/log-call")
	view := dora.form("Log a call")

	for typed, want := range map[string]string{
		"food":            "Acme Foods", // a part of the name, in any case
		"acme fo":         "Acme Foods",
		"cafe zoe":        "Café Zoë", // without accents
		"0123":            "Acme Foods",
		"020 7946 0456":   "Café Zoë", // as it is dialled in the country
		"+44 20 79460456": "Café Zoë",
		"01 42 68":        "Grand Hotel",
	} {
		el := slack.Element{BlockID: "customer", ActionID: "customer"}
		options, err := w.sandbox.Slack.Suggest(w.ctx, dora.user, view.ID, el, typed)
		if err != nil {
			t.Fatal(err)
		}
		if len(options) != 2 || options[0].Text != want || options[1].Text != "New customer: "+typed {
			t.Errorf("%q finds %q, want %s and a new customer", typed, labels(options), want)
		}
	}
}

func TestAChosenCustomerShowsItsMachines(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	machine := w.count("SELECT id FROM equipment")
	dora.types(callsChannel, "/log-call first")
	dora.finds(dora.form("Log a call"), "customer", "Acme", "Acme Foods")
	view := dora.machines()
	dora.accepted(view, slack.Values{"equipment_" + id(acme.ID): id(int64(machine))})
	dora.reads(callsChannel, "Call 1 · first", "Vela C301 · S-1")

	dora.types(callsChannel, "/log-call second")
	dora.finds(dora.form("Log a call"), "customer", "Acme", "Acme Foods")
	view = dora.machines()
	if text := view.AllText(); !strings.Contains(text, "1 open call for their machines") {
		t.Errorf("the form does not say that the machine has an open call:\n%s", text)
	}
	input, _ := view.Input("Machine")
	options := view.Options(input)
	if len(options) != 1 || options[0].Text != "Vela C301 · S-1" || options[0].Description != "1 open call" {
		t.Errorf("the machines are %v", options)
	}
	dora.holds(view, "summary", "second")
}

// machines waits for the form that shows the machines of the chosen customer.
func (p *person) machines() openForm {
	p.Helper()
	var view openForm
	p.until("the form shows the machines", func() bool {
		view = p.form("Log a call")
		_, ok := view.Block("Machine")
		return ok
	}, func() string { return view.AllText() })
	return view
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	sam := w.member("Sam Sales", "sales")
	acme := w.customer("Acme Foods", "+442079460123", "")

	if err := w.sandbox.Slack.Shortcut(w.ctx, dora.user, "log_call"); err != nil {
		t.Fatal(err)
	}
	view := dora.form("Log a call")
	dora.finds(view, "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), slack.Values{"summary": "from the menu"})
	dora.reads(callsChannel, "Call 1 · from the menu")
	dora.readsDM("Call 1 is logged") // no channel to answer in: it is said directly

	sam.types(callsChannel, "Acme rang: paper jam <again>\nthey are upset")
	said := sam.reads(callsChannel, "paper jam")
	if err := w.sandbox.Slack.MessageShortcut(w.ctx, dora.user, said.Ref(), "log_call_from_message"); err != nil {
		t.Fatal(err)
	}
	view = dora.form("Log a call")
	dora.holds(view, "summary", "Acme rang: paper jam <again>")
	dora.finds(view, "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), nil)
	card := dora.reads(callsChannel, "Call 2 · Acme rang: paper jam", "they are upset", "— Sam Sales")
	if strings.Contains(string(card.Blocks), "<again>") {
		t.Errorf("what somebody typed is not escaped: %s", card.Blocks)
	}
}

func TestFieldErrorsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	dora.types(callsChannel, "/log-call smells of smoke")
	view := dora.form("Log a call")
	// Slack itself wants the customer before anything is sent.
	if errs := dora.submits(view, slack.Values{"details": "since noon"}); errs["customer"] == "" {
		t.Errorf("no error on the customer: %v", errs)
	}
	dora.finds(view, "customer", "Bright Bakery", "New customer: Bright Bakery")
	w.until("the form asks for the new customer", func() bool {
		view = dora.form("Log a call")
		_, ok := view.Block("Phone")
		return ok
	}, func() string { return view.AllText() })

	dora.fieldError(view, slack.Values{"customer_phone": "12", "priority": "urgent"}, "customer_phone", "12", "phone")
	for field, want := range map[string]string{"customer_name": "Bright Bakery", "customer_phone": "12", "summary": "smells of smoke", "details": "since noon", "priority": "urgent"} {
		dora.holds(view, field, want)
	}
	if n := w.count("SELECT count(*) FROM call") + w.count("SELECT count(*) FROM customer"); n != 0 {
		t.Errorf("%d records were stored all the same", n)
	}
	dora.accepted(view, slack.Values{"customer_phone": "+44 20 7946 0777"})
	dora.reads(callsChannel, "Call 1 · smells of smoke", "Urgent", "since noon")
}

func TestTooMuchText(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	long := strings.Repeat("ä", 3001)
	dora.types(callsChannel, "/log-call "+long)
	view := dora.form("Log a call")
	dora.finds(view, "customer", "Acme", acme.Name)
	view = dora.form("Log a call")
	dora.fieldError(view, slack.Values{"details": long}, "details")
	dora.fieldError(view, slack.Values{"summary": strings.Repeat("x", 201), "details": "short"}, "summary")
	dora.accepted(view, slack.Values{"summary": strings.Repeat("x", 200), "details": strings.Repeat("ä", 3000)})
	dora.reads(callsChannel, "Call 1 · xxx")
	if n := w.count("SELECT length(details) FROM call"); n != 3000 {
		t.Errorf("%d characters of the details are kept", n)
	}
}

func TestAViewerMayNotLogCalls(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	vera := w.member("Vera View", "viewer")
	vera.asks("/log-call it is broken", "You may not log calls", "dispatcher, technician or sales")
	if err := w.sandbox.Slack.Shortcut(w.ctx, vera.user, "log_call"); err != nil {
		t.Fatal(err)
	}
	w.until("Vera is told again", func() bool {
		for _, v := range w.sandbox.Slack.Views(vera.user) {
			if strings.Contains(v.AllText(), "You may not log calls") {
				return true
			}
		}
		return says(vera.lastDM(), []string{"You may not log calls"})
	}, func() string { return dump(w.sandbox.Slack.Views(vera.user)) + dump(vera.lastDM()) })
}

// lastDM is the newest direct message of the app.
func (p *person) lastDM() message {
	all := p.chat().sees(p, p.dm())
	if len(all) == 0 {
		return message{}
	}
	return all[len(all)-1]
}

func TestEveryCommandAlsoAnswersToCallout(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.types(callsChannel, "/callout log-call lamp is out")
	dora.finds(dora.form("Log a call"), "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), nil)
	dora.reads(callsChannel, "Call 1 · lamp is out")
	dora.asks("/callout calls status:pending", "Calls · status:pending", "lamp is out")
	dora.asks("/callout calls 1", "Call 1 · lamp is out")
	dora.asks("/callout duty who", "no technicians yet")
	dora.types(callsChannel, "/callout report")
	dora.form("Make a report")
	dora.asks("/callout dance", "no command “dance”", "log-call, calls, duty, request-quote")
}

func TestAskAChosenPerson(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	una := w.technician("Una Uptime", "")
	una.onDuty(false)
	acme := w.customer("Acme Foods", "+442079460123", "")

	dora.types(callsChannel, "/log-call Una knows it")
	view := dora.form("Log a call")
	el := slack.Element{BlockID: "technician", ActionID: "technician"}
	options, err := w.sandbox.Slack.Suggest(w.ctx, dora.user, view.ID, el, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(options) != 3 || options[0].Text != "Best available technician" || !strings.HasPrefix(options[2].Description, "off duty") {
		t.Errorf("the people to choose from are %v", options)
	}
	dora.finds(view, "technician", "una", "Una Uptime")
	dora.finds(view, "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), nil)

	una.readsDM("Can you take this call?", "Una knows it")
	card := dora.reads(callsChannel, "Call 1 · Una knows it", "offered to Una Uptime")
	dora.readsThread(card, "Offered to", "Una Uptime", "although off duty")
	dora.readsDM("Una Uptime was asked by Slack, although off duty")
	w.settled()
	if n := len(tim.offers(1)); n != 0 {
		t.Errorf("Tim was asked too: %s", dump(tim.offers(1)))
	}
}
