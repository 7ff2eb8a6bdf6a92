package desk

import (
	"strings"
	"testing"
	"time"

	"callout/store"
)

func TestWhichReminderIsDue(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	check := func(daysBefore, want int, wantOK bool) {
		t.Helper()
		mark, ok := reminderMark(due, due.AddDate(0, 0, -daysBefore))
		if mark != want || ok != wantOK {
			t.Errorf("%d days before: mark %d %t, want %d %t", daysBefore, mark, ok, want, wantOK)
		}
	}
	check(30, 0, false)
	check(15, 0, false)
	check(14, 14, true)
	check(10, 14, true) // made later than the mark: one message, for the latest mark
	check(8, 14, true)
	check(7, 7, true)
	check(2, 7, true)
	check(1, 1, true)
	check(0, 0, true)
	check(-1, -1, true)
	check(-6, -1, true)
	check(-7, -7, true)
	check(-100, -7, true)
}

func TestWhenTheNextReminderIs(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	check := func(daysBefore int, first, next string) {
		t.Helper()
		text := func(d *Day) string {
			if d == nil {
				return ""
			}
			return d.Format(dayKey)
		}
		today := due.AddDate(0, 0, -daysBefore)
		if got := text(firstReminder(due, today)); got != first {
			t.Errorf("%d days before: first %q, want %q", daysBefore, got, first)
		}
		if got := text(nextReminder(due, today)); got != next {
			t.Errorf("%d days before: next %q, want %q", daysBefore, got, next)
		}
	}
	check(30, "2026-03-17", "2026-03-17")
	check(14, "2026-03-17", "2026-03-24")
	check(10, "2026-03-21", "2026-03-24")
	check(1, "2026-03-30", "2026-03-31")
	check(0, "2026-03-31", "2026-04-01")
	check(-1, "2026-04-01", "2026-04-07")
	check(-7, "2026-04-07", "")
	check(-8, "2026-04-08", "")
}

func TestATaskIsMadeAndRemindedOf(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	acme := s.customer("Acme")
	p := s.planOf(dora, s.machine(acme, "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-31", func(in *store.InsertPlanParams) { in.LeadDays = 14 })
	s.must(s.maintain(s.ctx))
	s.is("three weeks before", s.tasksOf(p), "")
	s.clock.move(7 * 24 * time.Hour)
	for range 3 {
		s.must(s.maintain(s.ctx))
	}
	s.is("two weeks before", s.tasksOf(p), "2026-03-31 open 2")
	s.is("Tim hears", s.toldOfTasks(tim), "task_due: Maintenance 1 is due in 14 days, on Tue 31 Mar 2026: Yearly service, Copier X S-1 at Acme.")
	for range 31 {
		s.clock.move(24 * time.Hour)
		s.must(s.maintain(s.ctx))
	}
	said := strings.Split(s.toldOfTasks(tim), ", task_due")
	if len(said) != 6 {
		t.Errorf("Tim was told %d times: %s", len(said), said)
	}
	for i, words := range []string{"in 14 days", "in 7 days", "due tomorrow", "due today", "due yesterday", "7 days ago"} {
		if i < len(said) && !strings.Contains(said[i], words) {
			t.Errorf("reminder %d: %q does not say %q", i, said[i], words)
		}
	}
	if news := s.toldOfTasks(dora); strings.Count(news, "task_news: Tim has it, and it is not done.") != 2 {
		t.Errorf("Dora hears %q", news)
	}
}

func TestNobodyIsRemindedAtNight(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	s.must(s.setZone(tim, "America/New_York"))
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-10")
	s.madeTask(p) // half past five in New York
	s.is("at night", s.toldOfTasks(tim), "")
	s.clock.move(3 * time.Hour)
	s.must(s.maintain(s.ctx))
	s.is("in the morning", s.toldOfTasks(tim), "task_due: Maintenance 1 is due today, Tue 10 Mar 2026: Yearly service, Copier X S-1 at Acme.")
}

func (s *shop) setZone(a Actor, zone string) error {
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET timezone = $1 WHERE id = $2", zone, a.ID)
	return err
}

func TestAfterDowntimeThereIsOneTask(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	tim := s.technician("Tim")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-31")
	s.clock.move(100 * 24 * time.Hour) // 18 June
	s.must(s.maintain(s.ctx))
	s.is("tasks", s.tasksOf(p), "2026-03-31 missed, 2026-04-30 missed, 2026-05-31 open 2")
	s.is("Tim hears of it once", s.list("SELECT count(*) FROM notice WHERE member_id = $1", tim.ID), "1")
}

func TestWhoGetsATask(t *testing.T) {
	s := openShop(t)
	dora, tim, tom := s.member("Dora", Dispatcher), s.technician("Tim"), s.technician("Tom")
	s.onDuty(tim, false) // says nothing about a day in the future
	acme := s.customer("Acme")
	steps := s.checklistFor(dora, "check Filter")
	first := s.planOf(dora, s.machine(acme, "S-1"), steps, "2026-03-10")
	s.is("ties go to the first", s.list("SELECT technician_id FROM pm_task WHERE id = $1", s.madeTask(first).ID), s.list("SELECT $1::bigint", tim.ID))
	second := s.planOf(dora, s.machine(acme, "S-2"), steps, "2026-03-10")
	s.is("then it is Tom's turn", s.list("SELECT technician_id FROM pm_task WHERE id = $1", s.madeTask(second).ID), s.list("SELECT $1::bigint", tom.ID))
	fixed := s.planOf(dora, s.machine(acme, "S-3"), steps, "2026-03-10", func(in *store.InsertPlanParams) { in.TechnicianID = &tom.ID })
	s.is("fixed", s.list("SELECT technician_id FROM pm_task WHERE id = $1", s.madeTask(fixed).ID), s.list("SELECT $1::bigint", tom.ID))
	skilled := s.planOf(dora, s.machine(acme, "S-4", "laser"), steps, "2026-03-10")
	task := s.madeTask(skilled)
	if task.TechnicianID != nil {
		t.Errorf("member %d got what they can't do", *task.TechnicianID)
	}
	if news := s.toldOfTasks(dora); !strings.Contains(news, "nobody could be given it: Tim (lacks laser) and Tom (lacks laser)") || strings.Count(news, "nobody could") != 1 {
		t.Errorf("Dora hears %q", news)
	}
	s.must(s.maintain(s.ctx))
	s.must(s.TakeTask(s.ctx, tom, task.ID))
	s.is("Tom took it", s.list("SELECT technician_id FROM pm_task WHERE id = $1", task.ID), s.list("SELECT $1::bigint", tom.ID))
}

func TestWhoHasTimeOffIsNotGivenATask(t *testing.T) {
	s := openShop(t)
	dora, tim, tom := s.member("Dora", Dispatcher), s.technician("Tim"), s.technician("Tom")
	_, err := s.Store.Pool.Exec(s.ctx, "INSERT INTO time_off (member_id, created_at, starts_at, ends_at) VALUES ($1, now(), '2026-03-20', '2026-03-28')", tim.ID)
	s.must(err)
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-24")
	if task := s.madeTask(p); task.TechnicianID == nil || *task.TechnicianID != tom.ID {
		t.Errorf("task %+v", task)
	}
}

func TestHandedBack(t *testing.T) {
	s := openShop(t)
	dora, tim, tom := s.member("Dora", Dispatcher), s.technician("Tim"), s.technician("Tom")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-24")
	task := s.madeTask(p)
	s.refuses(s.HandBackTask(s.ctx, tom, task.ID, "no time"), Conflict, "not with you")
	s.refuses(s.HandBackTask(s.ctx, tim, task.ID, " "), Invalid, "marked")
	s.must(s.HandBackTask(s.ctx, keyed(tim, "k1"), task.ID, "no time"))
	s.must(s.HandBackTask(s.ctx, keyed(tim, "k1"), task.ID, "no time"))
	s.is("Tom is told", s.toldOfTasks(tom), "task_due: It is yours now. Maintenance 1 is due in 14 days, on Tue 24 Mar 2026: Yearly service, Copier X S-1 at Acme.")
	s.must(s.HandBackTask(s.ctx, tom, task.ID, "broken leg"))
	s.is("nobody has it", s.tasksOf(p), "2026-03-24 open")
	if news := s.toldOfTasks(dora); !strings.Contains(news, "Tom can't do it (broken leg), and nobody else can be asked: Tim (can't do it) and Tom (can't do it)") {
		t.Errorf("Dora hears %q", news)
	}
}

func TestMoving(t *testing.T) {
	s := openShop(t)
	dora, tim, tom := s.member("Dora", Dispatcher), s.technician("Tim"), s.technician("Tom")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-24")
	task := s.madeTask(p)
	move := func(a Actor, version int64, day, why string) error {
		return s.MoveTask(s.ctx, a, task.ID, version, Fields{"due_on": day}, why)
	}
	s.refuses(move(tom, task.Version, "2026-03-26", "they are closed"), Forbidden, "is with Tim")
	s.refuses(move(tim, task.Version, "2026-03-09", "they are closed"), Invalid, "today or a later day")
	s.refuses(move(tim, task.Version, "soon", "they are closed"), Invalid, "not a day")
	s.refuses(move(tim, task.Version, "2026-03-26", ""), Invalid)
	s.must(move(tim, task.Version, "2026-03-26", "they are closed"))
	s.refuses(move(dora, task.Version, "2026-03-27", "van is away"), Conflict, "Somebody else")
	s.must(move(dora, s.taskNow(task.ID).Version, "2026-03-27", "van is away"))
	moved := s.taskNow(task.ID)
	s.is("due", moved.DueOn.Format(dayKey), "2026-03-27")
	s.is("the series stays", s.tasksOf(p), "2026-03-24 open 2")
	if news := s.toldOfTasks(tim); !strings.Contains(news, "Dora moved it from Thu 26 Mar 2026 to Fri 27 Mar 2026: van is away") {
		t.Errorf("Tim hears %q", news)
	}
}

func TestSkipping(t *testing.T) {
	s := openShop(t)
	dora, fay, tim := s.member("Dora", Dispatcher), s.member("Fay", Dispatcher), s.technician("Tim")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-03-24")
	task := s.madeTask(p)
	asked, err := s.SkipTask(s.ctx, tim, task.ID, "out of use")
	s.must(err)
	if !asked {
		t.Error("a technician skips without approval")
	}
	s.refuses(s.ApproveSkip(s.ctx, tim, task.ID), Forbidden)
	s.must(s.RefuseSkip(s.ctx, dora, task.ID))
	s.refuses(s.ApproveSkip(s.ctx, fay, task.ID), Conflict, "Nobody asks")
	_, err = s.SkipTask(s.ctx, tim, task.ID, "out of use until May")
	s.must(err)
	s.must(s.ApproveSkip(s.ctx, fay, task.ID))
	s.is("skipped", s.tasksOf(p), "2026-03-24 skipped 3")
	s.is("the plan goes on", s.list("SELECT due_on FROM pm_plan"), "2026-04-24")
	if news := s.toldOfTasks(tim); !strings.Contains(news, "Dora wants it done") || !strings.Contains(news, "Fay approved that it is skipped") {
		t.Errorf("Tim hears %q", news)
	}
	s.clock.move(31 * 24 * time.Hour)
	next := s.madeTask(p)
	if asked, err = s.SkipTask(s.ctx, dora, next.ID, "moved house"); err != nil || asked {
		t.Errorf("a dispatcher's own skip: asked %t, %v", asked, err)
	}
	s.is("both skipped", s.tasksOf(p), "2026-03-24 skipped 3, 2026-04-24 skipped 3")
}
