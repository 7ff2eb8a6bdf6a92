package desk

import (
	"strings"
	"testing"
	"time"
)

// when reads a time in UTC for a test.
func (s *shop) when(text string) When {
	s.Helper()
	w, err := ParseWhen(text, s.Now(), time.UTC)
	s.must(err)
	return w
}

// dutyAt is whether a member may be asked at a moment such as fri 14:00, in a word.
func (s *shop) dutyAt(a Actor, text string) string {
	s.Helper()
	at, err := ParseMoment(text, s.Now(), time.UTC)
	s.must(err)
	rows, err := s.WhoIsOnDutyAt(s.ctx, a, at)
	s.must(err)
	for _, r := range rows {
		if r.Member.ID == a.ID {
			return map[bool]string{true: "on", false: map[bool]string{true: "on call", false: "off"}[r.Duty.OnCall]}[r.Duty.On]
		}
	}
	return "nobody"
}

func TestHoursAreEdited(t *testing.T) {
	s := openShop(t)
	tom := s.member("Tom", Technician)
	s.must(s.EditHours(s.ctx, tom, tom.ID, 1, Fields{"hours": "Mon–Fri 8 – 12, 13-17", "on_call": "fri 22-6"}))
	_, f, err := s.MemberForEdit(s.ctx, tom.ID)
	s.must(err)
	s.is("hours", f["hours"], "Mon-Fri 08:00-12:00 13:00-17:00")
	s.is("on call", f["on_call"], "Fri 22:00-24:00, Sat 00:00-06:00")
	s.is("lunch", s.dutyAt(tom, "fri 12:30"), "off")
	s.is("afternoon", s.dutyAt(tom, "fri 13:00"), "on")
	s.is("night", s.dutyAt(tom, "sat 2:00"), "on call")
}

func TestHoursClash(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", Technician), s.member("Dora", Dispatcher)
	s.must(s.EditHours(s.ctx, tom, tom.ID, 1, Fields{"hours": "mon-fri 8-17", "on_call": ""}))
	s.must(s.EditHours(s.ctx, dora, tom.ID, 1, Fields{"hours": "", "on_call": "sat 8-12"}))
	_, f, err := s.MemberForEdit(s.ctx, tom.ID)
	s.must(err)
	s.is("both sides are kept", f["hours"]+" / "+f["on_call"], "Mon-Fri 08:00-17:00 / Sat 08:00-12:00")
	s.is("Tom learns of it", s.notices(tom), "duty_news slack owed")
	err = s.EditHours(s.ctx, dora, tom.ID, 1, Fields{"hours": "mon 9-10"})
	s.refuses(err, Conflict, "Somebody else changed this meanwhile")
	s.is("nothing changed", s.list("SELECT version FROM member WHERE id = $1", tom.ID), "3")
	s.is("timeline", s.list("SELECT note || ': ' || before || ' > ' || after FROM event WHERE record = 'member' ORDER BY id"),
		"weekly hours:  > Mon-Fri 08:00-17:00, on-call hours:  > Sat 08:00-12:00")

	err = s.EditHours(s.ctx, tom, tom.ID, 3, Fields{"hours": "mon 9-5", "on_call": "sometimes"})
	if !strings.Contains(FieldError(err, "hours"), "Did you mean 09:00-17:00") || !strings.Contains(FieldError(err, "on_call"), "“sometimes” is neither") {
		t.Errorf("got %v", err)
	}
	s.refuses(s.EditHours(s.ctx, s.member("Una", Technician), tom.ID, 3, Fields{"hours": ""}), Forbidden, "You may not set the duty of others")
	s.refuses(s.EditHours(s.ctx, dora, dora.ID, 1, Fields{"hours": ""}), Forbidden, "set your own duty")
}

func TestSkillsAreEdited(t *testing.T) {
	s := openShop(t)
	tom, ada := s.member("Tom", Technician), s.member("Ada", Admin)
	front := s.member("Fay", Dispatcher)
	s.refuses(s.EditSkills(s.ctx, front, tom.ID, 1, Fields{"skills": "x"}), Forbidden, "approve members")
	s.must(s.EditSkills(s.ctx, ada, tom.ID, 1, Fields{"skills": "Copier, network; copier", "territory": " North  side", "capacity": "5"}))
	s.is("written", s.list("SELECT array_to_string(skills, '+') || '/' || territory || '/' || capacity FROM member WHERE id = $1", tom.ID), "copier+network/North side/5")
	s.is("told", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", tom.ID),
		"Ada changed your data: your calls at once are now 5; your skills are now copier, network; your territory are now North side.")
	err := s.EditSkills(s.ctx, ada, tom.ID, 2, Fields{"capacity": "many"})
	s.is("the field", FieldError(err, "capacity"), "“many” is not a number of calls. Write one from 0 to 100.")
	s.must(s.EditSkills(s.ctx, ada, tom.ID, 2, Fields{"capacity": "5"}))
	s.is("nothing to say", s.list("SELECT version FROM member WHERE id = $1", tom.ID), "2")
}

func TestWhatIsPlannedStays(t *testing.T) {
	s := openShop(t)
	tom, dora, fay := s.member("Tom", Technician), s.member("Dora", Dispatcher), s.member("Fay", Sales)
	change := func(a Actor, kind, text string) When {
		t.Helper()
		w, err := s.ChangeDuty(s.ctx, a, DutyChange{MemberID: tom.ID, Kind: kind, When: s.when(text)})
		s.must(err)
		return w
	}
	change(tom, DutyOn, "sat 9-13")
	change(dora, DutyOff, "friday")
	s.is("Dora told Tom", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", tom.ID), "Dora put you off duty Fri 13 Mar. /duty shows your days.")
	w := change(tom, DutyOn, "")
	s.is("on until what is planned", w.To.Format("Mon 15:04"), "Fri 00:00")
	change(tom, DutyOnCall, "sun 8-20")
	s.is("thursday", s.dutyAt(tom, "thu 9:00"), "on")
	s.is("friday", s.dutyAt(tom, "fri 9:00"), "off")
	s.is("saturday", s.dutyAt(tom, "sat 9:00"), "on")
	s.is("sunday", s.dutyAt(tom, "sun 9:00"), "on call")

	p, err := s.DutyPlanOf(s.ctx, fay, tom.ID)
	s.must(err)
	if len(p.Overrides) != 4 || !p.Duty.On || p.Outlook.Ends == nil {
		t.Fatalf("plan: %+v", p)
	}
	_, err = s.CancelOverride(s.ctx, fay, p.Overrides[1].ID)
	s.refuses(err, Forbidden, "set the duty of others")
	_, err = s.CancelOverride(s.ctx, tom, p.Overrides[1].ID)
	s.must(err)
	s.is("friday again", s.list("SELECT count(*) FROM duty_override WHERE NOT on_duty AND NOT on_call"), "0")
	_, err = s.CancelOverride(s.ctx, tom, p.Overrides[0].ID)
	s.must(err)
	s.is("what ran is over", s.dutyAt(tom, "thu 9:00"), "off")
	_, err = s.CancelOverride(s.ctx, tom, p.Overrides[1].ID)
	s.refuses(err, NotFound, "taken back already")
	_, err = s.ChangeDuty(s.ctx, fay, DutyChange{MemberID: tom.ID, Kind: DutyOff})
	s.refuses(err, Forbidden, "set the duty of others")
	_, err = s.ChangeDuty(s.ctx, dora, DutyChange{MemberID: fay.ID, Kind: DutyOff})
	s.refuses(err, Conflict, "Fay is no active technician")
	_, err = s.ChangeDuty(s.ctx, dora, DutyChange{MemberID: tom.ID, Kind: "maybe"})
	s.is("an unknown kind", FieldError(err, "what"), "“maybe” is no kind of duty. Choose on duty, off duty or on call.")
}

func TestOnCallIsAskedForUrgentCallsOnly(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.member("Tom", Technician)
	s.must(s.EditHours(s.ctx, tom, tom.ID, 1, Fields{"on_call": "tue 0-24"}))
	normal := s.logs(front, s.customer("Acme"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: normal}))
	if s.asked(normal) != 0 {
		t.Error("Tom is asked for a normal call")
	}
	s.is("why", s.list("SELECT note FROM call_event WHERE kind = 'nobody'"), "Tom (only on call, for urgent calls).")
	if urgent := s.offered(front, s.customer("Beta")); s.asked(urgent) != tom.ID {
		t.Error("Tom is not asked for an urgent call")
	}
	una := s.technician("Una")
	if urgent := s.offered(front, s.customer("Gamma")); s.asked(urgent) != una.ID {
		t.Error("who is in regular hours is not asked first")
	}
	s.must(s.OfferTo(s.ctx, front, normal, tom.ID))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: normal}))
	s.is("chosen all the same", s.list("SELECT after || ' ' || note FROM call_event WHERE kind = 'offered' AND call_id = $1", normal), "Tom although only on call")
}

func TestHolidays(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", Technician), s.member("Dora", Dispatcher)
	s.must(s.EditHours(s.ctx, tom, tom.ID, 1, Fields{"hours": "mon-fri 8-17", "on_call": "daily 0-24"}))
	_, err := s.AddHolidays(s.ctx, dora, "2026-03-13 Founders' day")
	s.must(err)
	s.is("thursday", s.dutyAt(tom, "thu 9:00"), "on")
	s.is("the holiday", s.dutyAt(tom, "fri 9:00"), "on call")
	s.must(s.RemoveHoliday(s.ctx, dora, date(2026, 3, 13)))
	s.is("an ordinary friday", s.dutyAt(tom, "fri 9:00"), "on")
}

func TestHandOver(t *testing.T) {
	s := openShop(t)
	front, tom, una := s.member("Fay", Dispatcher), s.technician("Tom"), s.member("Una", Technician)
	s.reach(una, "sms", "+447700900123")
	keep, give := s.offered(front, s.customer("Acme")), s.offered(front, s.customer("Beta"))
	s.must(s.Accept(s.ctx, tom, keep))
	s.must(s.Accept(s.ctx, tom, give))
	_, err := s.GoOffDuty(s.ctx, tom, nil, []HandOver{{CallID: give, Line: " "}})
	if FieldError(err, "line_2") == "" {
		t.Fatalf("an empty line: %v", err)
	}
	s.progress(give, Accepted, tom)
	s.onDuty(una, true)
	off := keyed(tom, "k1")
	_, err = s.GoOffDuty(s.ctx, off, nil, []HandOver{{CallID: give, Line: "The part\nis in the van"}})
	s.must(err)
	_, err = s.GoOffDuty(s.ctx, off, nil, []HandOver{{CallID: give, Line: "The part is in the van"}})
	s.must(err) // the same delivery
	s.is("Tom", s.dutyAt(tom, "now"), "off")
	s.progress(keep, Accepted, tom)
	s.progress(give, Unassigned, Actor{})
	s.is("timeline", s.list("SELECT note FROM call_event WHERE call_id = $1 AND kind = 'handed_over'", give), "The part is in the van")
	s.must(s.Assign(s.ctx, AssignArgs{CallID: give}))
	if s.asked(give) != una.ID {
		t.Fatal("Una is not asked")
	}
	s.is("the offer says it", s.list("SELECT DISTINCT body->>'text' FROM notice WHERE kind = 'offer' AND member_id = $1", una.ID), "Tom: The part is in the van")
	line, err := s.HandOverLine(s.ctx, give)
	s.must(err)
	s.is("the card says it", line, "Tom: The part is in the van")
	s.must(s.Accept(s.ctx, una, give))
	line, err = s.HandOverLine(s.ctx, give)
	s.must(err)
	s.is("once taken it is history", line, "")
	_, err = s.GoOffDuty(s.ctx, tom, nil, []HandOver{{CallID: give, Line: "not mine any more"}})
	s.must(err)
	s.progress(give, Accepted, una)
	_, err = s.GoOffDuty(s.ctx, front, nil, nil)
	s.refuses(err, Forbidden, "set your own duty")
}
