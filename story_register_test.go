package main

import (
	"regexp"
	"testing"

	"callout/internal/sandbox/slack"
)

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
