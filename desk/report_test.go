package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/store"
)

func (s *shop) customerByID(id int64) store.Customer {
	s.Helper()
	c, err := s.q.GetCustomer(s.ctx, id)
	s.must(err)
	return c
}

// history makes four calls whose figures can be counted by hand; it starts at 09:30 on 10 March.
func (s *shop) history() (front, tom, ann Actor) {
	s.Helper()
	front, tom, ann = s.member("Fay", Dispatcher), s.technician("Tom"), s.technician("Ann")
	acme := s.customer("Acme")
	accept := func(a Actor, id int64, after time.Duration) {
		s.clock.move(after)
		s.must(s.Accept(s.ctx, a, id))
	}
	end := func(a Actor, id int64, after time.Duration) {
		s.clock.move(after)
		s.must(s.Close(s.ctx, a, id, "Done"))
	}
	s.logs(front, acme)
	accept(tom, 1, 10*time.Minute)
	end(tom, 1, 50*time.Minute) // 60 minutes in all
	s.logs(front, acme)
	accept(tom, 2, 30*time.Minute)
	s.logs(front, acme)
	accept(ann, 3, 20*time.Minute)
	end(ann, 3, 14*time.Hour) // closed the next day, after 14 h 20 min
	s.logs(front, acme)
	return front, tom, ann
}

func TestReportFigures(t *testing.T) {
	s := openShop(t)
	front, _, _ := s.history()
	r, err := s.CallsReport(s.ctx, front, Filter{})
	s.must(err)
	if r.Totals.Opened != 4 || r.Totals.Closed != 2 || r.Totals.Pending != 2 {
		t.Errorf("totals: %+v", r.Totals)
	}
	if r.Totals.MedianAccept == nil || *r.Totals.MedianAccept != 20*time.Minute { // 10, 20, 30
		t.Errorf("median time to accept: %v", r.Totals.MedianAccept)
	}
	if r.Totals.MedianClose == nil || *r.Totals.MedianClose != 7*time.Hour+40*time.Minute { // between 1 h and 14 h 20
		t.Errorf("median time to close: %v", r.Totals.MedianClose)
	}
	days := []store.CallCount{{Label: "2026-03-10", Opened: 3, Closed: 1}, {Label: "2026-03-11", Opened: 1, Closed: 1}}
	if diff := cmp.Diff(days, r.Days); diff != "" {
		t.Error(diff)
	}
	techs := []store.CallCount{{Label: "Tom", Opened: 2, Closed: 1}, {Label: "Ann", Opened: 1, Closed: 1}, {Label: "nobody", Opened: 1}}
	if diff := cmp.Diff(techs, r.ByTechnician); diff != "" {
		t.Error(diff)
	}
	if r.From.Format("2006-01-02") != "2026-02-09" || r.To.Format("2006-01-02") != "2026-03-12" {
		t.Errorf("the last thirty days are %s to %s", r.From, r.To)
	}
	var seen []int64
	s.must(r.Each(s.ctx, func(c store.CallRow) error { seen = append(seen, c.ID); return nil }))
	if diff := cmp.Diff([]int64{4, 3, 2, 1}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestReportDaysInTheZoneOfTheReader(t *testing.T) {
	s := openShop(t)
	front, _, _ := s.history()
	front.Timezone = "Pacific/Auckland" // 13 hours ahead: 11:00 UTC is the next day there
	r, err := s.CallsReport(s.ctx, front, Filter{From: "2026-03-10", To: "2026-03-12"})
	s.must(err)
	want := []store.CallCount{{Label: "2026-03-10", Opened: 2, Closed: 1}, {Label: "2026-03-11", Opened: 2, Closed: 1}}
	if diff := cmp.Diff(want, r.Days); diff != "" {
		t.Error(diff)
	}
}

func TestReportNarrowedAndEmpty(t *testing.T) {
	s := openShop(t)
	front, tom, _ := s.history()
	r, err := s.CallsReport(s.ctx, tom, Filter{Tech: "me", Status: Done, From: "2026-03-10", To: "today"})
	s.must(err)
	if r.Totals.Opened != 1 || len(r.ByTechnician) != 1 || r.ByTechnician[0].Label != "Tom" {
		t.Errorf("of Tom, closed: %+v", r)
	}
	r, err = s.CallsReport(s.ctx, front, Filter{From: "2025", To: "2025"})
	s.must(err)
	if r.Totals != (store.CallTotals{}) || len(r.Days) != 0 || len(r.ByTechnician) != 0 {
		t.Errorf("of a year before the first call: %+v", r)
	}
	_, err = s.CallsReport(s.ctx, s.member("Nik"), Filter{})
	s.refuses(err, Forbidden)
}

func TestAskReport(t *testing.T) {
	s := openShop(t)
	front := keyed(s.member("Fay", Viewer), "slack:1")
	ask := ReportRequest{Kind: "calls", Filters: "status:closed from:last-month to:today", Platform: "slack", Channel: "C0REPORTS"}
	run, err := s.AskReport(s.ctx, front, ask)
	s.must(err)
	_, err = s.AskReport(s.ctx, front, ask)
	s.must(err)
	s.is("jobs", s.list("SELECT kind || ' ' || queue FROM river.river_job"), "report reports")
	s.is("owed", s.list("SELECT kind || ' ' || address || ' ' || body::text FROM notice"), `report C0REPORTS {"ref": "1"}`)
	read, by, err := s.ReportRun(s.ctx, run.ID)
	s.must(err)
	if read.Filters != ask.Filters || by.ID != front.ID || by.Via != "desk" {
		t.Errorf("read %+v by %+v", read, by)
	}
	s.must(s.ReportDone(s.ctx, run.ID, ""))
	s.is("done", s.list("SELECT state FROM report_run WHERE sent_at IS NOT NULL"), "sent")
	s.must(s.ReportDone(s.ctx, run.ID, strings.Repeat("x", 900)))
	s.is("failed", s.list("SELECT state || length(error) FROM report_run WHERE sent_at IS NULL"), "failed500")
}

func TestAskReportRefuses(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Viewer)
	check := func(kind, filters, says string) {
		t.Helper()
		_, err := s.AskReport(s.ctx, front, ReportRequest{Kind: kind, Filters: filters, Platform: "slack", Channel: "C"})
		s.refuses(err, Invalid, says)
	}
	check("cals", "", "There is no report “cals”. Did you mean “calls”?")
	check("", "", "There is no report")
	check("calls", "from:2026-02-30", "not a date that exists")
	check("calls", "colour:red", "no filter")
	check("calls", "tech:@zork", "Nobody is called")
	check("calls", "from:2026-03-11 to:2026-03-10", "Swap them")
	if n := s.count("report_run"); n != 0 {
		t.Errorf("%d reports are owed", n)
	}
}

func TestScheduledReport(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	in := NewSchedule{ReportRequest{Kind: "calls", Filters: "from:last-week to:last-week", Platform: "slack", Channel: "C0REPORTS"}, "monday 08:00"}
	sched, err := s.ScheduleReport(s.ctx, keyed(front, "slack:1"), in)
	s.must(err)
	again, err := s.ScheduleReport(s.ctx, keyed(front, "slack:1"), in)
	s.must(err)
	if monday := utc(t, "2026-03-16T08:00"); !sched.NextRunAt.Equal(monday) || !again.NextRunAt.Equal(monday) {
		t.Errorf("next on %s, and said again %s", sched.NextRunAt, again.NextRunAt)
	}
	if n := s.count("report_schedule"); n != 1 {
		t.Errorf("%d schedules", n)
	}
	runs := func() int { return s.count("report_run") }
	s.must(s.Tick(s.ctx))
	if runs() != 0 {
		t.Error("a report came before its time")
	}
	s.clock.move(6 * 24 * time.Hour) // Monday 09:30
	s.must(s.Tick(s.ctx))
	s.must(s.Tick(s.ctx))
	if runs() != 1 {
		t.Errorf("%d reports on Monday", runs())
	}
	s.is("due", s.list("SELECT to_char(due_at, 'YYYY-MM-DD HH24:MI') FROM report_run"), "2026-03-16 08:00")
	s.clock.move(5 * 7 * 24 * time.Hour)
	s.must(s.Tick(s.ctx))
	s.must(s.Tick(s.ctx))
	if runs() != 2 {
		t.Errorf("after five weeks of downtime: %d reports, want one more", runs())
	}
	list, err := s.Schedules(s.ctx, front)
	s.must(err)
	if len(list) != 1 || !list[0].ReportSchedule.NextRunAt.Equal(utc(t, "2026-04-27T08:00")) || list[0].CreatedByName != "Fay" {
		t.Errorf("schedules: %+v", list)
	}
}

func TestTwoInstancesTickAtOnce(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	_, err := s.ScheduleReport(s.ctx, front, NewSchedule{ReportRequest{Kind: "calls", Platform: "slack", Channel: "C"}, "day 10:00"})
	s.must(err)
	s.clock.move(time.Hour)
	done := make(chan error, 4)
	for range cap(done) {
		go func() { done <- s.Tick(s.ctx) }()
	}
	for range cap(done) {
		s.must(<-done)
	}
	if n := s.count("report_run"); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestStopSchedule(t *testing.T) {
	s := openShop(t)
	front, vic := s.member("Fay", Dispatcher), s.member("Vic", Viewer)
	sched, err := s.ScheduleReport(s.ctx, front, NewSchedule{ReportRequest{Kind: "calls", Platform: "slack", Channel: "C"}, "day 10:00"})
	s.must(err)
	s.refuses(s.StopSchedule(s.ctx, vic, sched.ID), Forbidden)
	s.must(s.StopSchedule(s.ctx, front, sched.ID))
	s.must(s.StopSchedule(s.ctx, front, sched.ID))
	s.clock.move(48 * time.Hour)
	s.must(s.Tick(s.ctx))
	if n := s.count("report_run"); n != 0 {
		t.Errorf("%d reports of a stopped schedule", n)
	}
	_, err = s.ScheduleReport(s.ctx, vic, NewSchedule{})
	s.refuses(err, Forbidden)
	_, err = s.ScheduleReport(s.ctx, front, NewSchedule{ReportRequest{Kind: "calls"}, "sometimes"})
	s.refuses(err, Invalid, "is not a schedule")
}

func TestScheduleKeepsTheWallClockOfWhoAsked(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	front.Timezone = "Europe/London"
	_, err := s.ScheduleReport(s.ctx, front, NewSchedule{ReportRequest{Kind: "calls", Platform: "slack", Channel: "C"}, "day 08:00"})
	s.must(err)
	s.clock.move(18 * 24 * time.Hour) // 28 March 09:30, the day before summer time
	s.must(s.Tick(s.ctx))
	s.is("next", s.list("SELECT to_char(next_run_at, 'YYYY-MM-DD HH24:MI') FROM report_schedule"), "2026-03-29 07:00")
}

func TestTickForgetsOldDeliveries(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	id := s.logs(keyed(front, "old"), acme)
	s.clock.move(inboundDays*24*time.Hour - time.Minute)
	s.must(s.Tick(s.ctx))
	if again := s.logs(keyed(front, "old"), acme); again != id {
		t.Error("a delivery was forgotten too early")
	}
	s.clock.move(2 * time.Minute)
	s.must(s.Tick(s.ctx))
	if n := s.count("inbound"); n != 0 {
		t.Errorf("%d deliveries are remembered", n)
	}
}
