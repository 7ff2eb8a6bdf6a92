package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// spent writes down texts that were sent this month.
func (s *shop) spent(segments int) {
	s.Helper()
	_, err := s.Store.Pool.Exec(s.ctx, `INSERT INTO notice (kind, channel, address, state, segments, created_at, sent_at)
		VALUES ('past', 'sms', '+447000000000', 'sent', $1, $2, $2)`, segments, s.Now())
	s.must(err)
	s.clock.move(budgetFresh) // the count is read again
}

func TestABudgetWarnsAndMovesWhatCanWait(t *testing.T) {
	s := openShop(t)
	admin, front, tom := s.member("Ada", Admin), s.member("Fay", Dispatcher), s.technician("Tom")
	s.refuses(s.PutSettings(s.ctx, admin, map[string]string{"sms_budget": "a few"}), Invalid, "marked fields")
	s.must(s.PutSettings(s.ctx, admin, map[string]string{"sms_budget": "1,000"}))
	s.spent(799)
	s.must(s.Tick(s.ctx))
	s.is("not yet", s.notices(admin), "")
	s.spent(1)
	for range 3 {
		s.must(s.Tick(s.ctx))
	}
	s.is("told once", s.list("SELECT left(body->>'text', 31) FROM notice WHERE member_id = $1", admin.ID), "800 of 1000 text segments of Ma")
	s.took(s.text(tom, "still by text"))

	s.spent(200)
	s.must(s.Tick(s.ctx))
	s.must(s.Tick(s.ctx))
	s.is("told once more", s.list("SELECT left(body->>'text', 22) FROM notice WHERE member_id = $1 ORDER BY id DESC LIMIT 1", admin.ID), "The 1000 text segments")
	if n := s.count("notice WHERE member_id = $1", admin.ID); n != 2 {
		t.Errorf("the admin is told %d times", n)
	}
	moved := s.text(tom, "by chat")
	if out, err := s.TakeNotice(s.ctx, moved); err != nil || out != nil {
		t.Errorf("a text that can wait is sent: %+v, %v", out, err)
	}
	s.is("moved", s.list("SELECT channel || ' ' || state || ' ' || hold FROM notice WHERE body->>'text' = 'by chat' ORDER BY id"),
		"sms cancelled the month's texts are used up, slack owed ")

	s.offered(front, s.customer("Acme"))
	urgent := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'offer' AND channel = 'sms'"))
	s.took(urgent)
	s.must(s.TextSent(s.ctx, urgent, "SM9", 1))
	_, err := s.q.DisableContactMethod(s.ctx, disable(s, tom, "slack"))
	s.must(err)
	s.clock.move(time.Minute)
	s.took(s.text(tom, "no other way"))

	s.clock.move(30 * 24 * time.Hour)
	b, err := s.Budget(s.ctx)
	s.must(err)
	if b.Spent != 0 || b.Most != 1000 {
		t.Errorf("the next month begins with %+v", b)
	}
}

// failed owes a member a text that fails, and returns its number.
func (s *shop) failed(a Actor, words string, dead bool) int64 {
	s.Helper()
	id := s.text(a, words)
	s.took(id)
	s.must(s.NoticeFailed(s.ctx, id, "the number is unknown", dead))
	return id
}

func TestDeliveriesShowWhatIsStuck(t *testing.T) {
	s := openShop(t)
	front, tom, nel := s.member("Fay", Dispatcher), s.member("Tom", Technician), s.member("Nel", Sales)
	list := func(f string) string {
		t.Helper()
		filter, err := ParseFilter(NounDeliveries, f)
		s.must(err)
		page, err := s.Deliveries(s.ctx, front, filter, 0, 10)
		s.must(err)
		var words []string
		for _, r := range page.Rows {
			words = append(words, strings.TrimSpace(fmt.Sprint(r.ID, " ", r.State, " ", r.Instead)))
		}
		return strings.Join(words, ", ")
	}
	s.is("all is well", list(""), "")
	_, err := s.Deliveries(s.ctx, nel, Filter{}, 0, 10)
	s.refuses(err, Forbidden, "see deliveries")

	elsewhere := s.failed(tom, "one", false) // goes out by chat
	_, err = s.q.DisableContactMethod(s.ctx, disable(s, tom, "slack"))
	s.must(err)
	s.clock.move(time.Minute)
	nowhere := s.failed(tom, "two", false)
	s.clock.move(time.Minute)
	sent, held := s.text(tom, "three"), s.text(tom, "four")
	s.took(sent)
	s.must(s.TextSent(s.ctx, sent, "SM1", 1))
	s.waits(held, time.Minute)
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "undelivered", Reason: "the phone is off or out of reach"}))
	s.is("stuck", list(""), fmt.Sprintf("%d held, %d undelivered, %d failed", held, sent, nowhere))
	s.is("failed", list("state:failed"), fmt.Sprintf("%d failed, %d failed slack", nowhere, elsewhere))
	s.is("held", list("status:held channel:sms to:tom"), fmt.Sprintf("%d held", held))
	s.is("nobody else's", list("to:nel"), "")
	page, err := s.Deliveries(s.ctx, front, Filter{}, 0, 2)
	s.must(err)
	if page.Counts["failed"] != 1 || page.Counts["held"] != 1 || page.Counts["undelivered"] != 1 || page.Next != sent {
		t.Errorf("counted %v, next %d", page.Counts, page.Next)
	}
	if _, err := ParseFilter(NounDeliveries, "channel:pigeon"); CodeOf(err) != Invalid {
		t.Errorf("pigeons carry messages: %v", err)
	}
}

func TestRedeliver(t *testing.T) {
	s := openShop(t)
	admin, front, tom := s.member("Ada", Admin), s.member("Fay", Dispatcher), s.member("Tom", Technician)
	_, err := s.q.DisableContactMethod(s.ctx, disable(s, tom, "slack"))
	s.must(err)
	id := s.failed(tom, "one", true)
	if got := s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", admin.ID); !strings.Contains(got, "Tom by SMS (+44 7911 123456)") || !strings.Contains(got, "Nothing else reaches them") {
		t.Errorf("an admin is told: %s", got)
	}
	s.refuses(s.Redeliver(s.ctx, tom, id), Forbidden)
	s.refuses(s.Redeliver(s.ctx, front, 999), NotFound)
	s.refuses(s.Redeliver(s.ctx, front, id), Conflict, "Nothing reaches them")
	off, err := s.Disabled(s.ctx, front)
	s.must(err)
	if len(off) != 2 || off[1].Owner != "Tom" && off[0].Owner != "Tom" {
		t.Fatalf("switched off: %+v", off)
	}
	phone := parseID(t, s.list("SELECT id FROM contact_method WHERE channel = 'sms'"))
	_, err = s.EnableContact(s.ctx, front, phone)
	s.refuses(err, Forbidden)
	_, err = s.EnableContact(s.ctx, admin, phone)
	s.must(err)
	s.must(s.Redeliver(s.ctx, keyed(front, "press"), id))
	s.must(s.Redeliver(s.ctx, keyed(front, "press"), id))
	s.refuses(s.Redeliver(s.ctx, front, id), Conflict, "went out again already")
	again := s.owedTo(tom)
	s.is("owed again", s.list("SELECT channel || ' ' || address || ' ' || (body->>'text') || ' ' || instead_of FROM notice WHERE id = $1", again),
		fmt.Sprintf("sms +447911123456 one %d", id))
	s.clock.move(time.Minute)
	s.took(again)
	s.must(s.TextSent(s.ctx, again, "SM1", 1))
	s.refuses(s.Redeliver(s.ctx, front, again), Conflict, "sent already")

	s.must(s.OptOut(s.ctx, "+447911123456", true))
	_, err = s.EnableContact(s.ctx, admin, phone)
	s.refuses(err, Conflict, "START")
}

// drilled brings the shop to a morning a month after its members joined.
func (s *shop) month() {
	s.Helper()
	s.clock.move(drillEvery + 24*time.Hour) // a Friday
}

func TestEveryWayIsTriedOnceAMonth(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.reach(tom, "email", "tom@example.com")
	gone := s.technician("Gus")
	s.onDuty(gone, false)
	s.must(s.Tick(s.ctx))
	s.month()
	s.must(s.Tick(s.ctx))
	s.must(s.Tick(s.ctx))
	drills := "SELECT m.name || ' ' || n.channel FROM notice AS n JOIN member AS m ON m.id = n.member_id WHERE n.kind = 'drill' ORDER BY n.id"
	s.is("tried", s.list(drills), "Fay slack, Tom slack, Tom sms, Tom email")

	mail := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'drill' AND channel = 'email'"))
	s.took(mail)
	s.must(s.NoticeSent(s.ctx, mail, "<1@x>", 0))
	if _, err := s.WhoTexts(s.ctx, "+447911123456"); err != nil { // whatever Tom texts
		t.Fatal(err)
	}
	chat := parseID(t, s.list("SELECT id FROM contact_method WHERE member_id = $1 AND channel = 'slack'", front.ID))
	s.must(s.Reached(s.ctx, front, "slack", chat))
	s.refuses(s.Reached(s.ctx, tom, "slack", chat), Conflict) // not his
	s.clock.move(drillAnswer + time.Minute)
	s.must(s.Tick(s.ctx))
	silent, err := s.Unproven(s.ctx, front)
	s.must(err)
	if len(silent) != 1 || silent[0].Owner != "Tom" || silent[0].Channel != "slack" {
		t.Errorf("unproven: %+v", silent)
	}
	s.clock.move(24 * time.Hour)
	s.must(s.Tick(s.ctx))
	told := s.list("SELECT body->>'text' FROM notice WHERE kind = 'problem'")
	if !strings.Contains(told, "on these: Tom (Slack). Please") || s.count("notice WHERE kind = 'problem'") != 1 {
		t.Errorf("the dispatchers are told: %s", told)
	}
	s.onDuty(gone, true)
	s.must(s.Tick(s.ctx))
	s.is("who was away is tried when back", s.list(drills), "Fay slack, Tom slack, Tom sms, Tom email, Gus slack")
}

func TestTheMonthlyCheckKeepsItsHours(t *testing.T) {
	s := openShop(t)
	admin := s.member("Ada", Admin)
	drills := func() int { return s.count("notice WHERE kind = 'drill'") }
	s.must(s.PutSettings(s.ctx, admin, map[string]string{"drill": DrillOff}))
	s.refuses(s.PutSettings(s.ctx, admin, map[string]string{"drill": "weekly"}), Invalid)
	s.month()
	s.must(s.Tick(s.ctx))
	if drills() != 0 {
		t.Error("a drill that is off")
	}
	s.must(s.PutSettings(s.ctx, admin, map[string]string{"drill": ""}))
	for _, c := range []struct {
		zone string
		want int
	}{{"America/New_York", 0}, {"Asia/Tokyo", 0}, {"UTC", 1}} {
		_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET timezone = $1", c.zone)
		s.must(err)
		s.must(s.Tick(s.ctx))
		if n := drills(); n != c.want {
			t.Errorf("in %s %d drills, want %d", c.zone, n, c.want)
		}
	}
	s.clock.move(30 * 24 * time.Hour) // a Sunday
	s.must(s.Tick(s.ctx))
	if n := drills(); n != 1 {
		t.Errorf("a drill on a %s", s.Now().Weekday())
	}
	s.clock.move(24 * time.Hour)
	s.must(s.Tick(s.ctx))
	if n := drills(); n != 2 {
		t.Errorf("%d drills after two months", n)
	}
}
