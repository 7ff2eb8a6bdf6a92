package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/notify"
)

// news draws the newest message about duty that a person is owed, as chat shows it.
func (p *person) news() Card {
	p.Helper()
	var m notify.Message
	var record *int64
	err := p.store.Pool.QueryRow(p.ctx, `SELECT id, kind, record, record_id, coalesce(body->>'text', ''), coalesce(body->>'ref', '') FROM notice
		WHERE member_id = $1 AND kind = 'duty_news' ORDER BY id DESC LIMIT 1`, p.member.ID).Scan(&m.ID, &m.Kind, &m.Record.Kind, &record, &m.Text, &m.Ref)
	p.must(err)
	if record != nil {
		m.Record.ID = *record
	}
	card, err := p.NoticeCard(p.ctx, m)
	p.must(err)
	return card
}

// reads fails the test unless the newest message about duty shows all the words.
func (p *person) readsNews(words ...string) Card {
	p.Helper()
	card := p.news()
	p.wants(Reply{Say: &card}, words...)
	return card
}

// works gives a technician weekly hours.
func (p *person) works(hours string) {
	p.Helper()
	p.wants(p.sends(formHours, fmt.Sprintf("%d 1", p.member.ID), Values{"hours": {hours}}), "Your weekly hours are saved")
}

func TestWeeklyHoursForm(t *testing.T) {
	s := openShop(t)
	tom, dora, eva := s.member("Tom", desk.Technician), s.member("Dora", desk.Dispatcher), s.member("Eva", desk.Viewer)
	form := tom.types("/duty hours").Form
	if form == nil || form.State != fmt.Sprintf("%d 1", tom.member.ID) {
		t.Fatalf("form: %+v", form)
	}
	s.wants(tom.sends(formHours, form.State, Values{"hours": {"mon-fri 9-5"}, "on_call": {"sometimes"}}),
		"ERROR hours “9-5” would go on after midnight. Did you mean 09:00-17:00?", "ERROR on_call “sometimes” is neither a day nor a time span")
	s.wants(tom.sends(formHours, form.State, Values{"hours": {"mon-fri 8-12, 13-17"}, "on_call": {"fri 22-6"}}),
		"Mon 08:00–12:00, 13:00–17:00", "On call: Fri 22:00–24:00\nSat 00:00–06:00", "[Change again]")
	s.wants(tom.types("/duty"), "Your duty", "You are on duty", "Next: off duty from Tue 10 Mar 12:00 on", "Weekly hours: Mon 08:00–12:00, 13:00–17:00", "[Go off duty]", "[Weekly hours…]", "[Find cover…]")
	golden(t, "duty_own", *tom.types("/duty").Say)

	theirs := dora.types("/duty @tom hours").Form
	s.wants(Reply{Form: theirs}, "Of Tom", "They are told", "Mon-Fri 08:00-12:00 13:00-17:00")
	s.wants(dora.sends(formHours, theirs.State, Values{"hours": {"mon 8-12"}, "on_call": {"Fri 22:00-24:00, Sat 00:00-06:00"}}), "The weekly hours of Tom are saved, and I have told them")
	tom.readsNews("Dora changed your data: your weekly hours are now Mon 08:00-12:00.", "[My days]")
	clash := tom.sends(formHours, theirs.State, Values{"hours": {"tue 8-12"}, "on_call": {"Fri 22:00-24:00, Sat 00:00-06:00"}})
	s.wants(clash, "Somebody else changed this", "Yours: Tue 08:00-12:00", "Dora: Mon 08:00-12:00")
	s.wants(tom.sends(formHours, clash.Form.State, Values{"hours": {"tue 8-12"}, "on_call": {""}}), "are saved")
	s.wants(eva.presses(formHours, tom.member.ID), "You may not set the duty of others")
	s.wants(dora.types("/duty hours"), "You may not set your own duty")
}

func TestDaysOfOthersAndOnesOwn(t *testing.T) {
	s := openShop(t)
	tom, dora, eva := s.member("Tom", desk.Technician), s.member("Dora", desk.Dispatcher), s.member("Eva", desk.Viewer)
	tom.works("mon-fri 8-17")
	s.wants(tom.types("/duty on sat 9-13"), "You are on duty Sat 14 Mar 09:00–13:00.", "[All days]")
	s.wants(tom.types("/duty on call sunday"), "You are on call Sun 15 Mar.")
	s.wants(dora.types("/duty @Tom off tomorrow"), "Tom is off duty Wed 11 Mar. I have told them.")
	tom.readsNews("Dora put you off duty Wed 11 Mar.", "[My days]")
	plan := dora.types("/duty @tom")
	s.wants(plan, "Duty of Tom", "⚪ off duty Wed 11 Mar [Take back]", "🟢 on duty Sat 14 Mar 09:00–13:00 [Take back]", "🟡 on call Sun 15 Mar [Take back]", "[Change a day…]", "![Time off…]")
	s.wants(eva.types("/duty @tom"), "🟢 on duty Sat 14 Mar", "![Take back]", "![Weekly hours…]")
	id := s.overrideOn("2026-03-11")
	s.wants(eva.presses("duty.cancel", id), "You may not set the duty of others")
	s.wants(tom.presses("duty.cancel", id), "Your duty", "!Wed 11 Mar [Take back]")
	s.wants(tom.presses("duty.cancel", id), "taken back already")

	form := dora.presses(formDays, tom.member.ID)
	s.wants(form, "FORM duty.days Change a day", "For Tom", "to_day Last day")
	s.wants(dora.sends(formDays, form.Form.State, Values{"what": {"off"}, "day": {"2026-03-10"}, "to_day": {"2026-03-09"}}), "ERROR to_day The last day is before the first")
	s.wants(dora.sends(formDays, form.Form.State, Values{"what": {"off"}, "day": {"2026-03-12"}, "from": {"13:00"}}), "Tom is off duty Thu 12 Mar 13:00–24:00")

	s.wants(dora.types("/duty who"), "1 of 1 technicians on duty", "🟢 Tom · on duty until Tue 10 Mar 17:00 [Days]", "[Gaps of the coming week]")
	s.wants(eva.types("/duty who thursday 14:00"), "0 of 1 technicians on duty, Thu 12 Mar 14:00", "⚪ Tom · off duty, said so until Fri 13 Mar 08:00")
	s.wants(eva.types("/duty who sunday 10:00"), "0 of 1 technicians on duty, 1 on call, Sun 15 Mar 10:00", "🟡 Tom · on call, said so until Mon 16 Mar 00:00, then off duty")
}

// overrideOn is the number of what was said about a day.
func (s *shop) overrideOn(day string) (id int64) {
	s.Helper()
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT id FROM duty_override WHERE starts_at = $1::date", day).Scan(&id))
	return id
}

func TestCoverInChat(t *testing.T) {
	s := openShop(t)
	tom, una, ann := s.member("Tom", desk.Technician), s.member("Una", desk.Technician), s.member("Ann", desk.Technician)
	dora := s.member("Dora", desk.Dispatcher)
	tom.works("mon-fri 8-17")
	s.exec("UPDATE member SET skills = '{copier,network}' WHERE id = $1", tom.member.ID)
	s.wants(tom.types("/duty cover saturday"), "You are not on duty Sat 14 Mar, so there is nothing to cover")
	s.wants(tom.types("/duty cover whenever"), "not a time I understand")
	s.wants(tom.types("/duty cover friday My sister marries"), "I have asked the others to cover you: Fri 13 Mar 08:00–17:00", "[Withdraw]")
	card := una.readsNews("Who covers Tom?", "My sister marries", "Tom does copier and network. Take it if you can do the work", "[Take]")
	golden(t, "swap_open", card)
	s.wants(una.presses("swap.take", 1), "Una covers Tom.", "![Take]")
	golden(t, "swap_taken", *una.presses("swap.show", 1).Say)
	s.wants(ann.presses("swap.take", 1), "Una was faster and covers Tom", "Una covers Tom.", "![Take]")
	tom.readsNews("Una covers you: Fri 13 Mar 08:00–17:00. You are off duty then.", "![Take]")
	una.readsNews("You cover Tom: Fri 13 Mar 08:00–17:00.")
	dora.readsNews("Una covers Tom: Fri 13 Mar 08:00–17:00.")
	s.wants(una.types("/duty"), "on duty Fri 13 Mar 08:00–17:00 (a swap)")

	form := tom.presses(formCover, "")
	s.wants(form, "FORM duty.cover Find cover", "words Why")
	s.wants(tom.sends(formCover, "", Values{}), "ERROR day Choose the day")
	s.wants(tom.sends(formCover, "", Values{"day": {"2026-03-12"}, "from": {"8:00"}, "to": {"12:00"}}), "Thu 12 Mar 08:00–12:00")
	s.wants(tom.types("/duty"), "🔁 asks to be covered Thu 12 Mar 08:00–12:00 [Withdraw]")
	s.wants(ann.presses("swap.withdraw", 2), "You may not set the duty of others")
	s.wants(tom.presses("swap.withdraw", 2), "Tom does not need to be covered any more")
	s.wants(ann.presses("swap.take", 2), "Tom does not need to be covered any more")
	channel, err := s.RecordCard(s.ctx, notify.Record{Kind: desk.SwapRecord, ID: 1})
	s.must(err)
	s.wants(Reply{Say: &channel}, "Una covers Tom.")
}

func TestTimeOffInChat(t *testing.T) {
	s := openShop(t)
	tom, una, dora := s.member("Tom", desk.Technician), s.member("Una", desk.Technician), s.member("Dora", desk.Dispatcher)
	tom.works("mon-fri 8-17")
	s.technicianHas(tom, "Acme")
	s.wants(una.types("/duty time-off 2026-03-18"), "I have asked for your time off: Wed 18 Mar")
	s.wants(tom.types("/duty time-off 2026-03-16..2026-03-20 Skiing"), "I have asked for your time off: Mon 16 Mar – Fri 20 Mar.", "[Cancel]")
	card := dora.readsNews("Time off for Tom?", "Mon 16 Mar – Fri 20 Mar", "Skiing", "Others off then: Una, Wed 18 Mar (asked)", "Calls on their hands: 1 Acme", "Maintenance due then: none", "[Approve]", "[Refuse]")
	golden(t, "time_off_asked", card)
	s.wants(dora.does(Request{Kind: KindHome}), "Time off to approve", "Tom\nMon 16 Mar – Fri 20 Mar · Skiing [Decide]")
	s.wants(dora.presses("time_off.show", 2), "Time off for Tom?", "[Approve]")
	s.wants(una.presses("time_off.approve", 2), "You may not approve time off")
	s.wants(dora.presses("time_off.approve", 2), "Dora approved time off for Tom: Mon 16 Mar – Fri 20 Mar.", "![Approve]")
	s.wants(dora.presses("time_off.refuse", 2), "Dora has approved it already", "![Refuse]")
	tom.readsNews("Dora approved your time off: Mon 16 Mar – Fri 20 Mar.", "![Approve]")
	s.wants(tom.types("/duty"), "🌴 time off Mon 16 Mar – Fri 20 Mar [Cancel]")
	s.wants(una.types("/duty"), "🌴 time off Wed 18 Mar (waits for approval) [Cancel]")
	s.wants(tom.types("/duty who 2026-03-17 9:00"), "Tom · off duty, has time off until Mon 23 Mar 08:00")
	s.wants(tom.presses("time_off.cancel", 2), "That time off is cancelled")
	dora.readsNews("Tom took their time off back")
	s.wants(tom.sends(formTimeOff, "", Values{"day": {"2026-03-02"}}), "ERROR day That is over already")
}

// technicianHas gives a technician a call.
func (s *shop) technicianHas(p *person, customer string) int64 {
	s.Helper()
	id := p.logs(s.customer(customer), "Paper jam")
	s.must(s.Desk.Accept(s.ctx, p.actor(), id))
	return id
}

func TestWhoGoesOffDutyHandsCallsOver(t *testing.T) {
	s := openShop(t)
	tom, una := s.technician("Tom"), s.technician("Una")
	keep, give := s.technicianHas(tom, "Acme"), s.technicianHas(tom, "Beta")
	for _, r := range []Reply{tom.types("/duty off"), tom.types("/duty off until 17:00"), tom.presses("duty.off", ""), tom.sends(formDays, fmt.Sprint(tom.member.ID), Values{"what": {"off"}, "day": {"2026-03-10"}})} {
		s.wants(r, "FORM duty.hand_over Before you go", "call_1 1 · Acme: Paper jam", "line_2 What the next one must know of 2")
	}
	s.wants(tom.types("/duty off friday"), "You are off duty Fri 13 Mar", "!FORM")
	form := tom.types("/duty off until 17:00").Form
	if form.State != "2026-03-10T17:00:00Z" {
		t.Errorf("the form forgot until when: %q", form.State)
	}
	values := Values{"call_1": {keepCall}, "call_2": {giveCall}}
	s.wants(tom.sends(formHandOver, form.State, values), "ERROR line_2 The line for the next one is missing")
	values["line_2"] = []string{"The part is in the van"}
	s.wants(tom.sends(formHandOver, form.State, values), "You are off duty until Tue 10 Mar 17:00", "1 call handed over with your line")
	s.assign(give)
	offer := s.notice(s.offered(give))
	s.wants(Reply{Say: &offer}, "Can you take this call?", "Handed over by Tom: The part is in the van", "[Accept]")
	s.wants(una.presses("call.history", give), "Tom went off duty and handed the call over: The part is in the van")
	message := s.offered(give)
	message.Text = "Tom: The part is in the van"
	if text := notify.SMSText(message); !strings.Contains(text, "From Tom: The part is in the van") {
		t.Errorf("the text message says %q", text)
	}
	s.wants(tom.types("/calls "+fmt.Sprint(keep)), "Technician: Tom")
	s.wants(una.types("/duty off"), "You are off duty until you say otherwise", "!FORM")
}

func TestGapsCard(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", desk.Technician), s.member("Dora", desk.Dispatcher)
	tom.works("mon-fri 8-16")
	acme := s.customer("Acme")
	_, err := s.Desk.AddEquipment(s.ctx, dora.actor(), acme.ID, desk.Fields{"model": "Chiller", "serial": "1", "skills": "cooling"})
	s.must(err)
	golden(t, "duty_gaps", *dora.types("/duty gaps").Say)
	tom2 := s.member("Tim", desk.Technician)
	tom2.works("daily 0-24")
	s.exec("UPDATE member SET skills = '{cooling}' WHERE id = $1", tom2.member.ID)
	s.wants(dora.types("/duty gaps"), "None: while we are open somebody is on duty", "Nobody is ever on call")
	s.now = s.now.Add(9 * time.Hour)
	s.wants(dora.types("/duty @tim off thursday"), "Tim is off duty Thu 12 Mar")
	s.must(s.Desk.Tick(s.ctx))
	dora.readsNews("The coming 7 days have gaps:\nThu 12 Mar 08:00–16:00: nobody on duty has the skill cooling\nThu 12 Mar 16:00–18:00: nobody is on duty", "[Look again]")
}

func TestSkillsInTheTeamForm(t *testing.T) {
	s := openShop(t)
	ada, tom := s.member("Ada", desk.Admin), s.member("Tom", desk.Technician)
	form := ada.presses(formApprove, tom.member.ID).Form
	s.wants(Reply{Form: form}, "skills Skills", "territory Territory", "capacity Calls at once 3")
	s.wants(ada.sends(formApprove, form.State, Values{"roles": {"technician"}, "capacity": {"lots"}}), "ERROR capacity “lots” is not a number of calls")
	values := Values{"roles": {"technician", "sales"}, "skills": {"Copier, network"}, "territory": {"North"}, "capacity": {"6"}}
	s.wants(ada.does(Request{Kind: KindForm, Name: formApprove, State: form.State, Values: values, Key: "k"}), "Tom is technician and sales now. I have told them.")
	var got string
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT array_to_string(roles, '+') || ' ' || array_to_string(skills, '+') || ' ' || territory || ' ' || capacity FROM member WHERE id = $1", tom.member.ID).Scan(&got))
	if got != "technician+sales copier+network North 6" {
		t.Errorf("stored %q", got)
	}
	clash := ada.sends(formApprove, form.State, Values{"roles": {"technician"}, "skills": {"welding"}, "territory": {"North"}, "capacity": {"6"}})
	s.wants(clash, "Somebody else changed this", "Yours: welding", "Ada: copier, network")
	s.wants(ada.sends(formApprove, clash.Form.State, Values{"roles": {"technician"}, "skills": {"welding"}, "territory": {"North"}, "capacity": {"6"}}), "Tom is technician now")
}
