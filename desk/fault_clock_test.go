package desk

import (
	"fmt"
	"testing"
	"time"
)

// tickThrough moves the clock on in steps, each with what the program does then: a tick, and the steps it found, some twice.
func (s *shop) tickThrough(until time.Time, by time.Duration) {
	s.Helper()
	for s.Now().Before(until) {
		s.clock.move(by)
		s.takeDue()
	}
}

func (s *shop) takeDue() {
	s.Helper()
	s.must(s.takeSteps(s.ctx))
	due, err := s.q.ListDueSteps(s.ctx, s.Now())
	s.must(err)
	for _, d := range due {
		for range 2 {
			s.must(s.TakeStep(s.ctx, StepArgs{StepID: d.ID, CallID: d.CallID}))
		}
	}
	for _, id := range s.idsOf("SELECT id FROM call WHERE status = 'pending' AND progress = 'unassigned'") {
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	}
}

func (s *shop) idsOf(query string) []int64 {
	s.Helper()
	rows, err := s.Store.Pool.Query(s.ctx, query)
	s.must(err)
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		s.must(rows.Scan(&id))
		ids = append(ids, id)
	}
	s.must(rows.Err())
	return ids
}

// TestFaultClockJumps sets the clock forward by an hour, and back, while an urgent call has nobody: each thing that is due is
// done once, nothing is done twice because an hour came twice, and nothing is left out because an hour never came.
func TestFaultClockJumps(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora Desk", Dispatcher), s.technician("Tim Tech")
	s.member("Ada Admin", Admin)
	id := s.offered(dora, s.customer("Acme Foods"))
	began := s.Now()
	s.tickThrough(began.Add(8*time.Minute), time.Minute)
	s.clock.move(time.Hour) // forward: 15 and 30 minutes are over at once
	s.takeDue()
	told := s.kinds(id)
	s.is("told after the jump", told, "logged, offered, unowned, unowned")
	s.clock.move(-time.Hour) // back: nothing is due again
	for range 5 {
		s.takeDue()
		s.clock.move(time.Minute)
	}
	s.is("told after the jump back", s.kinds(id), told)
	s.tickThrough(began.Add(4*time.Hour+30*time.Minute), 5*time.Minute)
	admins := s.count("call_event WHERE call_id = $1 AND kind = 'unowned' AND after = 'admins'", id)
	if admins != 6 && admins != 5 { // 30 minutes, and every 30 minutes, 5 times
		s.Errorf("the admins were told %d times", admins)
	}
	s.must(s.Accept(s.ctx, tim, id))
	before := s.kinds(id)
	s.clock.move(-2 * time.Hour)
	s.takeDue()
	s.clock.move(2 * time.Hour)
	s.takeDue()
	s.is("told after somebody took it", s.kinds(id), before)
}

// TestFaultDSTNights has calls wait over the nights on which clocks are set forward and back, for a technician whose duty begins
// at eight in the morning: they are asked in time that they are on duty, and each step is taken once.
func TestFaultDSTNights(t *testing.T) {
	for _, night := range []struct {
		zone string
		eve  string        // the day before, at 16:50 local
		span time.Duration // from then to 8:00 the next morning
	}{
		{"Europe/Berlin", "2026-03-28T16:50:00+01:00", 14*time.Hour + 10*time.Minute},
		{"Europe/Berlin", "2026-10-24T16:50:00+02:00", 16*time.Hour + 10*time.Minute},
		{"America/New_York", "2026-03-07T16:50:00-05:00", 14*time.Hour + 10*time.Minute},
		{"America/New_York", "2026-10-31T16:50:00-04:00", 16*time.Hour + 10*time.Minute},
	} {
		t.Run(night.zone+" "+night.eve[:10], func(t *testing.T) {
			s := openShop(t)
			eve, err := time.Parse(time.RFC3339, night.eve)
			s.must(err)
			s.clock.move(eve.UTC().Sub(s.Now()))
			dora, tim, tom := s.member("Dora Desk", Dispatcher), s.member("Tim Tech", Technician), s.member("Tom Tech", Technician)
			for _, a := range []Actor{tim, tom} {
				_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET timezone = $2 WHERE id = $1", a.ID, night.zone)
				s.must(err)
				_, err = s.Store.Pool.Exec(s.ctx, "INSERT INTO duty_rule (member_id, weekday, starts, ends) SELECT $1, day, 480, 1020 FROM generate_series(0, 6) AS day", a.ID)
				s.must(err)
			}
			id := s.logs(dora, s.customer("Acme Foods"), func(c *NewCall) { c.Priority = "high" })
			s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
			first := s.asked(id)
			if first == 0 {
				s.Fatalf("nobody is asked at 16:50: %s", s.kinds(id))
			}
			// The next technician is asked after 20 minutes of duty: ten today, ten tomorrow.
			morning := eve.Add(night.span)
			s.tickThrough(morning.Add(8*time.Minute), 2*time.Minute)
			if now := s.asked(id); now != first {
				s.Errorf("at %s member %d is asked, not %d", s.Now(), now, first)
			}
			s.tickThrough(morning.Add(14*time.Minute), 2*time.Minute)
			if now := s.asked(id); now == first || now == 0 {
				s.Errorf("at %s member %d is still asked", s.Now(), now)
			}
			if n := s.count("call_event WHERE call_id = $1 AND kind = 'expired'", id); n != 1 {
				s.Errorf("the offer expired %d times: %s", n, s.kinds(id))
			}
			if twice := s.list("SELECT kind || ' ' || turn FROM call_step WHERE call_id = $1 GROUP BY kind, turn, offer_id HAVING count(*) > 1", id); twice != "" {
				s.Errorf("steps twice: %s", twice)
			}
			s.is("what was planned is done", fmt.Sprint(s.count("call_step WHERE call_id = $1 AND done_at IS NULL AND due_at < $2", id, s.Now())), "0")
		})
	}
}
