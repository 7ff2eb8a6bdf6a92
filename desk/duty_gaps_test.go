package desk

import (
	"strings"
	"testing"
	"time"

	"callout/store"
)

// week is a company with three technicians, its people's hours, and what its machines need.
func week(t *testing.T, zone string, people ...GapPerson) GapFacts {
	t.Helper()
	z := zoneNamed(t, zone)
	d := &Desk{Options: Options{Zone: z}}
	for i := range people {
		if people[i].Duty.Zone == nil {
			people[i].Duty.Zone = z
		}
	}
	return GapFacts{Office: d.officeHours(nil), People: people, Skills: []string{"cooling", "welding"}, Territories: []string{"North"}}
}

func TestFindGaps(t *testing.T) {
	t.Parallel()
	ann := GapPerson{Skills: []string{"Cooling"}, Territory: "north", Duty: DutyFacts{Rules: rulesOf(t, "mon-fri 8-18", "")}}
	bob := GapPerson{Territory: "South", Duty: DutyFacts{Rules: rulesOf(t, "mon-fri 8-18", "mon-fri 18-8, sat sun 0-24, mon 0-8")}}
	check := func(name string, f GapFacts, from string, days int, want string) {
		t.Helper()
		start := utc(t, from)
		got := strings.Join(GapLines(FindGaps(f, start, start.Add(time.Duration(days)*24*time.Hour)), f.Office.Zone, 20), "\n")
		if got != strings.TrimPrefix(want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	check("nothing is missing, nights and weekend included", week(t, "Europe/London", ann, bob), "2026-03-09T00:00", 5, "")

	short := ann
	short.Duty.Rules = rulesOf(t, "mon-fri 9-16:30", "")
	check("nobody early and late, and nobody is ever on call", week(t, "Europe/London", short), "2026-03-09T00:00", 2, `
Mon 9 Mar 08:00–09:00: nobody is on duty
Mon 9 Mar 16:30–18:00: nobody is on duty
Tue 10 Mar 08:00–09:00: nobody is on duty
Tue 10 Mar 16:30–18:00: nobody is on duty`)

	away := ann
	away.Duty.TimeOff = []store.TimeOff{{StartsAt: utc(t, "2026-03-11T00:00"), EndsAt: utc(t, "2026-03-12T13:00")}}
	check("a skill and a territory while somebody is away", week(t, "Europe/London", away, bob), "2026-03-09T00:00", 4, `
Wed 11 Mar all day: nobody on duty has the skill cooling
Wed 11 Mar all day: nobody on duty is in North
Thu 12 Mar 08:00–13:00: nobody on duty has the skill cooling
Thu 12 Mar 08:00–13:00: nobody on duty is in North`)

	night := bob
	night.Duty.Overrides = []store.DutyOverride{{StartsAt: utc(t, "2026-03-14T14:00"), EndsAt: endAt(utc(t, "2026-03-15T02:00"))}}
	check("nobody is on call over midnight", week(t, "Europe/London", ann, night), "2026-03-09T00:00", 7, `
Sat 14 Mar 14:00 – Sun 15 Mar 02:00: nobody is on call`)

	closed := week(t, "Europe/London", short)
	closed.Office.Holidays = map[Day]string{date(2026, 3, 9): "Closed"}
	closed.People[0].Duty.Holidays = closed.Office.Holidays
	check("a holiday", closed, "2026-03-09T00:00", 1, "")

	check("nobody at all", week(t, "Europe/London"), "2026-03-13T00:00", 4, `
Fri 13 Mar all day: nobody is on duty
Mon 16 Mar all day: nobody is on duty`)

	check("the night in which the clocks go back has an hour more", week(t, "Europe/Berlin", GapPerson{
		Duty: DutyFacts{Rules: rulesOf(t, "mon-fri 8-18", "sat 0-24, sun 0-2, sun 3-24")},
	}), "2026-10-24T10:00", 1, `
Sun 25 Oct 02:00–03:00: nobody is on call`)

	abroad := GapPerson{Skills: []string{"cooling"}, Territory: "North", Duty: DutyFacts{Zone: zoneNamed(t, "America/New_York"), Rules: rulesOf(t, "mon-fri 8-18", "")}}
	check("somebody in another zone", week(t, "Europe/London", abroad), "2026-03-16T00:00", 1, `
Mon 16 Mar 08:00–12:00: nobody is on duty`)

	if got := strings.Join(week(t, "Europe/London", ann).Missing(), ", "); got != "welding" {
		t.Errorf("nobody has %q", got)
	}
}

func TestGapsAreToldOnceAnEvening(t *testing.T) {
	s := openShop(t)
	s.member("Tom", Technician)
	dora, ada := s.member("Dora", Dispatcher), s.member("Ada", Admin)
	s.must(s.tellGaps(s.ctx))
	s.is("in the morning", s.notices(dora), "")
	s.clock.move(8*time.Hour + 40*time.Minute) // 18:10
	s.must(s.tellGaps(s.ctx))
	s.must(s.tellGaps(s.ctx))
	s.is("in the evening", s.notices(dora), "duty_news slack owed")
	s.is("admins who do not dispatch", s.notices(ada), "")
	text := s.list("SELECT body->>'text' FROM notice")
	if !strings.HasPrefix(text, "The coming 7 days have gaps:\nWed 11 Mar all day: nobody is on duty\nThu 12 Mar all day") {
		t.Errorf("told %q", text)
	}
	s.clock.move(6 * time.Hour) // the night
	s.must(s.tellGaps(s.ctx))
	s.clock.move(18 * time.Hour)
	s.must(s.tellGaps(s.ctx))
	s.is("the next evening", s.notices(dora), "duty_news slack owed, duty_news slack owed")
}

func TestNoGapsIsNoNews(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", Technician), s.member("Dora", Dispatcher)
	s.must(s.EditHours(s.ctx, dora, tom.ID, 1, Fields{"hours": "daily 0-24"}))
	s.clock.move(9 * time.Hour)
	s.must(s.tellGaps(s.ctx))
	s.is("told", s.notices(dora), "")
	r, err := s.Gaps(s.ctx, dora)
	s.must(err)
	if len(r.Gaps) != 0 || !r.NoOnCall {
		t.Errorf("%+v", r)
	}
}

func endAt(t time.Time) *time.Time { return &t }
