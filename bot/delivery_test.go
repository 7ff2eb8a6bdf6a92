package bot

import (
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/notify"
)

// stuck writes down messages in every state that somebody looks after.
func (s *shop) stuck(tom *person) {
	s.Helper()
	s.exec(`INSERT INTO notice (kind, member_id, channel, address, state, error, hold, held_until, tried_at, attempts, segments, created_at) VALUES
		('accepted', $1, 'sms', '+447911123456', 'failed', 'the number is unknown or no longer in service', '', NULL, NULL, 1, 0, $2),
		('leads_due', $1, 'email', 'tom@example.com', 'undelivered', 'there is no such mailbox', '', NULL, NULL, 1, 0, $2),
		('task_due', $1, 'sms', '+447911123456', 'owed', '', 'a phone gets at most 1 text a minute', $2::timestamptz + interval '40 seconds', NULL, 0, 0, $2),
		('nudge', $1, 'slack', 'U0TOM', 'owed', 'the provider could not take it', '', NULL, $2, 4, 0, $2),
		('closed', $1, 'sms', '+447911123456', 'delivered', '', '', NULL, NULL, 1, 2, $2)`, tom.member.ID, s.now)
	s.exec("UPDATE notice SET sent_at = created_at, delivered_at = created_at WHERE state = 'delivered'")
}

func TestDeliveries(t *testing.T) {
	s := openShop(t)
	ada, tom, nel := s.member("Ada", desk.Admin), s.technician("Tom"), s.member("Nel", desk.Sales)
	s.wants(ada.types("/callout deliveries"), "All is well", "0 text segments this month")
	tom.reached("sms", "+447911123456")
	tom.reached("email", "tom@example.com")
	s.stuck(tom)
	s.exec("UPDATE contact_method SET disabled_at = $1, disabled_reason = 'there is no such mailbox' WHERE channel = 'email'", s.now)
	s.exec("UPDATE contact_method SET disabled_at = $1, disabled_reason = 'opted out by SMS' WHERE channel = 'sms'", s.now)
	s.exec("UPDATE contact_method SET drilled_at = $1 WHERE member_id = $2 AND channel = 'slack'", s.now.AddDate(0, 0, -4), nel.member.ID)
	s.must(s.Desk.PutSettings(s.ctx, ada.actor(), map[string]string{"sms_budget": "1000"}))
	golden(t, "deliveries", *ada.types("/callout deliveries").Say)
	s.wants(ada.types("/callout deliveries state:delivered to:tom"), "News of a call closed", "2 segments")
	s.wants(ada.types("/callout deliveries state:lost"), "“lost” is not a status", "failed, undelivered, held")
	s.wants(nel.types("/callout deliveries"), "You may not see deliveries")

	s.wants(ada.presses("delivery.retry", 2), "on its way again")
	s.wants(ada.presses("delivery.retry", 2), "went out again already")
	s.wants(ada.presses("contact.enable", 4), "START")
	s.wants(ada.presses("contact.enable", 5), "Tom: e-mail tom@example.com is on again")
}

func TestTheMonthlyCheckIsAnswered(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	tom.reached("sms", "+447911123456")
	card, err := s.NoticeCard(s.ctx, notify.Message{Kind: notify.Drill, Text: "This is the monthly check.", Ref: "1"})
	s.must(err)
	if got := shown(card); !strings.Contains(got, "I got this") {
		t.Errorf("the card shows %s", got)
	}
	s.now = s.now.Add(time.Hour)
	s.wants(tom.presses("drill.got", 1), "messages here reach you")
	s.wants(s.Handle(s.ctx, Request{Platform: SMS, User: "+447911123456", Kind: KindText, Name: "reached", Key: "twilio:1"}), "texts reach you")
	s.wants(s.Handle(s.ctx, Request{Platform: SMS, User: "+447911123456", Kind: KindText, Name: "reached", Key: "twilio:2"}), "texts reach you")
	var proven int
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT count(*) FROM contact_method WHERE proven_at = $1", s.now).Scan(&proven))
	if proven != 2 {
		t.Errorf("%d ways are proven", proven)
	}
}

func TestDeliverySettings(t *testing.T) {
	s := openShop(t)
	ada := s.member("Ada", desk.Admin)
	form := ada.types("/callout settings").Form
	if form == nil {
		t.Fatal("no form")
	}
	names := map[string]Field{}
	for _, f := range form.Fields {
		names[f.Name] = f
	}
	if f := names["drill"]; len(f.Chosen) != 1 || f.Chosen[0].Value != "on" {
		t.Errorf("the check is %+v", f)
	}
	if r := ada.sends("settings", "", Values{"sms_budget": {"lots"}, "drill": {"on"}}); r.Errors["sms_budget"] == "" {
		t.Errorf("lots of texts: %+v", r)
	}
	s.wants(ada.sends("settings", "", Values{"sms_budget": {"1 000"}, "drill": {"off"}}), "saved")
	for _, f := range ada.types("/callout settings").Form.Fields {
		names[f.Name] = f
	}
	if names["sms_budget"].Value != "1 000" || names["drill"].Chosen[0].Value != "off" {
		t.Errorf("kept: %+v, %+v", names["sms_budget"], names["drill"])
	}
}
