package main

import (
	"regexp"
	"testing"

	"callout/internal/sandbox/slack"
)

func TestRegister(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	rob := w.stranger("Rob Newman")
	rob.phone = "+447400123456"
	if err := w.sandbox.Twilio.AddPhone(rob.phone, rob.name); err != nil {
		t.Fatal(err)
	}
	rob.types(callsChannel, "/calls")
	view := rob.form("Register")
	rob.holds(view, "name", "Rob Newman") // as the workspace knows him
	rob.holds(view, "email", "rob.newman@example.com")
	rob.fieldError(view, slack.Values{"phone": "ring me"}, "phone", "phone")
	rob.accepted(view, slack.Values{"phone": "07400 123456"})
	answer := rob.isTold(0, "An admin has been asked", "I have sent a code to your phone.")

	text := rob.gets("is your Callout code for Test company")
	code := regexp.MustCompile(`\d{6}`).FindString(text.Body)
	rob.presses(answer, "Enter the code")
	form := rob.form("Prove your phone")
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	rob.fieldError(form, slack.Values{"code": wrong}, "code", "code")
	before := rob.told()
	rob.accepted(form, slack.Values{"code": code})
	rob.isTold(before, "your phone is proven")
	rob.asks("/calls", "An admin has been asked to approve you")

	ada.presses(ada.readsDM("Rob Newman asks to join."), "Approve…")
	form = ada.form("Approve")
	if errs := ada.submits(form, nil); errs["roles"] == "" {
		t.Errorf("approved without a role: %v", errs)
	}
	ada.accepted(form, slack.Values{"roles": "technician, sales"})
	ada.readsDM("Rob Newman is technician and sales now.")
	rob.readsDM("Welcome! You are a member now, as technician and sales.")
	rob.asks("/callout me", "Rob Newman", "technician and sales", "+44 7400 123456")

	// He can work: Tuesday morning is within the usual hours of a new technician.
	acme := w.customer("Acme Foods", "+442079460123", "")
	ada.logged(acme.ID, "paper jam", "urgent")
	rob.readsDM("Can you take this call?")
	rob.gets("A 1")
	rob.texts("a1")
	rob.gets("Call 1 is yours")
	ada.reads(callsChannel, "accepted (Rob Newman)")
}

func TestAnAdminRefuses(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	rob := w.stranger("Rob Newman")
	rob.types(callsChannel, "/callout me")
	rob.accepted(rob.form("Register"), nil)
	ask := ada.readsDM("Rob Newman asks to join.")
	ada.presses(ask, "Refuse")
	rob.readsDM("Your request to join was turned down.")
	rob.asks("/calls", "You are not an active member.")
	rob.asks("/log-call x", "You are not an active member.")
}

func TestTheFirstAdminComesFromTheSettings(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(c *Config) { c.Admins = []string{"U0ADAADMIN"} })
	ada := w.stranger("Ada Admin")
	ada.asks("/callout help", "/callout settings")
	ada.asks("/callout team", "1 member")
}

func TestFiveWrongCodes(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	tim := w.member("Tim Tech", "technician")
	tim.phone = "+447400123456"
	if err := w.sandbox.Twilio.AddPhone(tim.phone, tim.name); err != nil {
		t.Fatal(err)
	}
	tim.presses(tim.asks("/callout me", "Tim Tech"), "Change phone")
	before := tim.told()
	tim.accepted(tim.form("Your mobile phone"), slack.Values{"phone": tim.phone})
	answer := tim.isTold(before, "I have sent a code to your phone.")
	code := regexp.MustCompile(`\d{6}`).FindString(tim.gets("is your Callout code").Body)
	tim.presses(answer, "Enter the code")
	form := tim.form("Prove your phone")
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	for range 5 {
		tim.fieldError(form, slack.Values{"code": wrong}, "code")
	}
	// Whoever guesses is out of tries; the right code does not help any more.
	tim.fieldError(form, slack.Values{"code": code}, "code")
	if n := w.count("SELECT count(*) FROM contact_method WHERE channel = 'sms' AND verified_at IS NOT NULL"); n != 0 {
		t.Error("the phone is proven all the same")
	}
}
