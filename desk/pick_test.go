package desk

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pickNow is when the tests of picking pick.
var pickNow = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

// ready is a candidate whom nothing speaks against.
func ready(id int64, change ...func(*Candidate)) Candidate {
	c := Candidate{ID: id, Name: fmt.Sprintf("T%d", id), Reachable: true, OnDuty: true, Capacity: 3, LastOffer: pickNow.Add(-time.Hour)}
	for _, f := range change {
		f(&c)
	}
	return c
}

func TestWhoCannotBeAsked(t *testing.T) {
	t.Parallel()
	need := Need{Skills: []string{"Laser", "network"}}
	able := func(c *Candidate) { c.Skills = []string{"LÁSER", "network", "ink"} }
	check := func(name string, want []string, change ...func(*Candidate)) {
		t.Helper()
		got := PickTechnician(need, []Candidate{ready(1, append([]func(*Candidate){able}, change...)...)}, pickNow)
		if diff := cmp.Diff(want, got[0].Out); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got[0].Eligible() != (want == nil) {
			t.Errorf("%s: eligible is %v", name, got[0].Eligible())
		}
	}
	check("nothing against, whatever the case and accents of a skill", nil)
	check("not reachable", []string{"no verified contact"}, func(c *Candidate) { c.Reachable = false })
	check("off duty", []string{"off duty"}, func(c *Candidate) { c.OnDuty = false })
	check("one skill missing", []string{"lacks network"}, func(c *Candidate) { c.Skills = []string{"laser"} })
	check("all skills missing", []string{"lacks Laser, network"}, func(c *Candidate) { c.Skills = nil })
	check("full", []string{"has as many calls as they can take"}, func(c *Candidate) { c.Load = 3 })
	check("more than full", []string{"has as many calls as they can take"}, func(c *Candidate) { c.Load = 4 })
	check("no capacity at all", []string{"has as many calls as they can take"}, func(c *Candidate) { c.Capacity = 0 })
	check("one place left", nil, func(c *Candidate) { c.Load = 2 })
	check("declined", []string{"declined this call"}, func(c *Candidate) { c.Declined = true })
	check("everything at once", []string{
		"no verified contact", "off duty", "lacks Laser, network", "has as many calls as they can take", "declined this call",
	}, func(c *Candidate) { *c = Candidate{ID: 1, Declined: true} })
}

func TestWhoIsOnlyOnCall(t *testing.T) {
	t.Parallel()
	onCall := func(c *Candidate) { c.OnDuty, c.OnCall, c.Knows = false, true, true }
	off := func(c *Candidate) { c.OnDuty = false }
	check := func(name string, urgent bool, want string, all ...Candidate) {
		t.Helper()
		got := ""
		for _, s := range PickTechnician(Need{Urgent: urgent}, all, pickNow) {
			if s.Eligible() {
				got += fmt.Sprint(s.MemberID)
			}
		}
		if got != want {
			t.Errorf("%s: asked in the order %q, want %q", name, got, want)
		}
	}
	check("an urgent call: regular hours first, however well the other knows them", true, "21", ready(1, onCall), ready(2), ready(3, off))
	check("an urgent call: nobody in regular hours", true, "1", ready(1, onCall), ready(3, off))
	check("an urgent call: regular hours, but full", true, "1", ready(1, onCall), ready(2, func(c *Candidate) { c.Load = 3 }))
	check("an urgent call: who did not answer comes after who is on call", true, "12", ready(1, onCall), ready(2, func(c *Candidate) { c.Withdrawn = true }))
	check("any other call", false, "2", ready(1, onCall), ready(2))
	check("any other call, and nobody else", false, "", ready(1, onCall))
	got := PickTechnician(Need{}, []Candidate{ready(1, onCall)}, pickNow)
	if diff := cmp.Diff([]string{"only on call, for urgent calls"}, got[0].Out); diff != "" {
		t.Error(diff)
	}
}

func TestScoreParts(t *testing.T) {
	t.Parallel()
	check := func(name string, want Score, need Need, others []Candidate, change ...func(*Candidate)) {
		t.Helper()
		scores := PickTechnician(need, append(others, ready(1, change...)), pickNow)
		for _, got := range scores {
			if got.MemberID != 1 {
				continue
			}
			want.MemberID, want.Name, want.Total = 1, "T1", want.Knows+want.Load+want.Near+want.Fairness+want.Waiting
			if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".lastOffer" }, cmp.Ignore())); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	asked := func(n int) func(*Candidate) { return func(c *Candidate) { c.RecentOffers = n } }
	last := func(ago time.Duration) func(*Candidate) {
		return func(c *Candidate) { c.LastOffer = pickNow.Add(-ago) }
	}
	check("nobody was ever asked", Score{Load: 25, Fairness: 20}, Need{}, nil)
	check("knows them", Score{Knows: 25, Load: 25, Fairness: 20}, Need{}, nil, func(c *Candidate) { c.Knows = true })
	check("one call of three", Score{Load: 16, Fairness: 20}, Need{}, nil, func(c *Candidate) { c.Load = 1 })
	check("two calls of three", Score{Load: 8, Fairness: 20}, Need{}, nil, func(c *Candidate) { c.Load = 2 })
	check("same territory", Score{Load: 25, Near: 20, Fairness: 20}, Need{Territory: "North"}, nil, func(c *Candidate) { c.Territory = "north " })
	check("another territory", Score{Load: 25, Fairness: 20}, Need{Territory: "North"}, nil, func(c *Candidate) { c.Territory = "south" })
	check("no territory is near nothing", Score{Load: 25, Fairness: 20}, Need{}, nil)
	check("asked most often", Score{Load: 25}, Need{}, []Candidate{ready(2, asked(2))}, asked(4))
	check("asked half as often", Score{Load: 25, Fairness: 10}, Need{}, []Candidate{ready(2, asked(4))}, asked(2))
	check("who cannot be asked does not set the measure", Score{Load: 25}, Need{},
		[]Candidate{ready(2, asked(40), func(c *Candidate) { c.OnDuty = false })}, asked(2))
	check("waited half a week", Score{Load: 25, Fairness: 20, Waiting: 5}, Need{}, nil, last(84*time.Hour))
	check("waited a year", Score{Load: 25, Fairness: 20, Waiting: 10}, Need{}, nil, last(365*24*time.Hour))
	check("never asked", Score{Load: 25, Fairness: 20, Waiting: 10}, Need{}, nil, func(c *Candidate) { c.LastOffer = time.Time{} })
	check("asked in a moment to come, by a clock that is ahead", Score{Load: 25, Fairness: 20}, Need{}, nil, last(-time.Hour))
	check("all points", Score{Knows: 25, Load: 25, Near: 20, Fairness: 20, Waiting: 10}, Need{Territory: "n"}, nil,
		last(waitingFull), func(c *Candidate) { c.Knows, c.Territory = true, "N" })
	check("full, but still a number", Score{Out: []string{"has as many calls as they can take"}, Fairness: 20}, Need{}, nil, func(c *Candidate) { c.Load = 9 })
}

func TestPickOrder(t *testing.T) {
	t.Parallel()
	check := func(name string, want []int64, candidates ...Candidate) {
		t.Helper()
		var got []int64
		for _, s := range PickTechnician(Need{}, candidates, pickNow) {
			got = append(got, s.MemberID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	off := func(c *Candidate) { c.OnDuty = false }
	knows := func(c *Candidate) { c.Knows = true }
	check("nobody", nil)
	check("the best first", []int64{2, 1}, ready(1), ready(2, knows))
	check("who cannot be asked comes last, however good", []int64{1, 2}, ready(2, off, knows), ready(1))
	check("a tie goes to the least recently offered", []int64{2, 1}, ready(1), ready(2, func(c *Candidate) { c.LastOffer = pickNow.Add(-2 * time.Hour) }))
	check("then to the lowest id", []int64{1, 2, 3}, ready(3), ready(1), ready(2))
	check("those who cannot be asked are in order too", []int64{3, 1, 2}, ready(2, off), ready(3, off, knows), ready(1, off))
}

func TestWeightsMakeAHundred(t *testing.T) {
	t.Parallel()
	if sum := pointsKnows + pointsLoad + pointsNear + pointsFairness + pointsWaiting; sum != 100 {
		t.Errorf("the weights make %d", sum)
	}
}

func TestWhoTheCallWasTakenFromComesLast(t *testing.T) {
	t.Parallel()
	tom, ann := Candidate{ID: 1, Reachable: true, OnDuty: true, Capacity: 3, Knows: true, Withdrawn: true}, Candidate{ID: 2, Reachable: true, OnDuty: true, Capacity: 3}
	now := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	scores := PickTechnician(Need{}, []Candidate{tom, ann}, now)
	if scores[0].MemberID != ann.ID || !scores[1].Withdrawn || scores[1].Total <= scores[0].Total {
		t.Errorf("asked: %+v", scores)
	}
	ann.OnDuty = false
	if scores = PickTechnician(Need{}, []Candidate{tom, ann}, now); scores[0].MemberID != tom.ID {
		t.Errorf("nobody else can be asked, yet: %+v", scores)
	}
}
