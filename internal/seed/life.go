package seed

import (
	"time"

	"callout/desk"
	"callout/store"
)

// between is a random time of so many seconds.
func (w *world) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.rng.Int64N(int64((most-least)/time.Second)+1))*time.Second
}

func (w *world) percent(n int) bool { return w.rng.IntN(100) < n }

func (w *world) one(words []string) string { return words[w.rng.IntN(len(words))] }

// newCall makes up who calls about what. Some machines are trouble, most are not.
func (w *world) newCall(at time.Time) *record {
	x := w.rng.Float64()
	u := w.units[int(x*x*float64(len(w.units)))]
	if w.percent(40) {
		u = w.units[w.rng.IntN(len(w.units))]
	}
	contact := u.customer.Contacts[w.rng.IntN(len(u.customer.Contacts))]
	kind, model := u.machine.kind, u.machine.Model
	if w.percent(7) {
		kind, u.machine = "general", nil
	}
	p := problems[kind][w.rng.IntN(len(problems[kind]))]
	details := w.one(p.details)
	if w.percent(35) {
		details += " " + w.one(asides)
	}
	r := w.blank(at, u)
	r.Summary, r.Details = filled(p.summary, model, contact.Name), filled(details, model, contact.Name)
	r.Resolution = filled(w.one(p.fixes), model, contact.Name) // kept here until it is closed
	r.Priority = w.priority(p.serious)
	if w.percent(85) {
		r.ContactID = &contact.ID
	}
	return r
}

func (w *world) blank(at time.Time, u unit) *record {
	r := &record{Call: store.Call{CustomerID: u.customer.ID, OpenedAt: at, LoggedBy: w.logger()}, customer: u.customer}
	r.SiteID = &u.customer.Sites[0].ID
	if u.machine != nil {
		r.EquipmentID, r.SiteID, r.skills = &u.machine.ID, &u.machine.SiteID, u.machine.Skills
	}
	return r
}

// logger is mostly the front desk, sometimes the owner, sales or a technician on the road.
func (w *world) logger() int64 {
	order := []int{1, 1, 1, 1, 1, 1, 0, 0, 6, 3}
	return w.firm.Members[order[w.rng.IntN(len(order))]].ID
}

func (w *world) priority(serious bool) string {
	n := w.rng.IntN(100)
	if serious {
		n -= 25
	}
	switch {
	case n < -10:
		return "urgent"
	case n < 12:
		return "high"
	case n < 85:
		return "normal"
	}
	return "low"
}

func (w *world) via() string {
	if w.percent(30) {
		return "sms"
	}
	return "slack"
}

// playLife plays a call from logged to closed. False means that nobody could be found for it.
func (w *world) playLife(r *record) (bool, error) {
	fix := r.Resolution
	r.Resolution = ""
	r.logged("slack")
	if w.percent(3) {
		return true, w.solvedAtDesk(r)
	}
	found, err := w.findSomebody(r, r.OpenedAt.Add(w.between(time.Second, 3*time.Second)))
	if err != nil || !found {
		return false, err
	}
	if w.percent(14) {
		r.close(r.AcceptedAt.Add(w.between(8*time.Minute, 70*time.Minute)), r.by.ID, "slack", w.one(phoneFixes))
		return true, nil
	}
	at := w.visit(r, *r.AcceptedAt, fix)
	if w.percent(2) {
		again := at.Add(w.between(20*time.Hour, 50*time.Hour))
		r.reopen(again, w.one(reopenReasons))
		w.visit(r, again, "Came back: "+fix)
	}
	return true, nil
}

// solvedAtDesk ends a call before who was asked has answered.
func (w *world) solvedAtDesk(r *record) error {
	scores := w.pick(r, r.OpenedAt)
	if scores[0].Eligible() {
		if err := r.offer(r.OpenedAt.Add(time.Second), w.tech(scores[0].MemberID), scores); err != nil {
			return err
		}
	} else {
		r.nobody(r.OpenedAt.Add(time.Second), scores)
	}
	at := r.OpenedAt.Add(w.between(2*time.Minute, 9*time.Minute))
	if len(r.offers) > 0 {
		r.withdraw(at, r.LoggedBy)
	}
	r.close(at, w.firm.Members[1].ID, "slack", w.one(deskFixes))
	return nil
}

// patience is how long somebody is looked for.
const patience = 3 * 24 * time.Hour

// findSomebody offers a call to one after the other until somebody takes it.
func (w *world) findSomebody(r *record, at time.Time) (bool, error) {
	told := false
	for limit := at.Add(patience); at.Before(limit); {
		scores := w.pick(r, at)
		if !scores[0].Eligible() {
			if !told {
				r.nobody(at, scores)
			}
			told = true
			at = at.Add(30 * time.Minute)
			continue
		}
		t := w.tech(scores[0].MemberID)
		if err := r.offer(at, t, scores); err != nil {
			return false, err
		}
		at = at.Add(w.answerTime(r.Priority))
		if !w.percent(8) {
			r.accept(at, t, w.via())
			return true, nil
		}
		r.decline(at, t, w.via(), w.one(declineReasons))
		at, told = at.Add(time.Second), false
	}
	return false, nil
}

func (w *world) answerTime(priority string) time.Duration {
	switch priority {
	case "urgent":
		return w.between(40*time.Second, 7*time.Minute)
	case "low":
		return w.between(10*time.Minute, 4*time.Hour)
	}
	return w.between(time.Minute, 17*time.Minute)
}

// visit plays the way to the customer, the repair and the closing, and returns when it was closed.
func (w *world) visit(r *record, from time.Time, fix string) time.Time {
	at := from.Add(w.between(4*time.Minute, 35*time.Minute))
	if r.Priority != "urgent" {
		if r.by.freeAt.After(at) && r.by.freeAt.Sub(at) < 48*time.Hour {
			at = r.by.freeAt.Add(w.between(5*time.Minute, 20*time.Minute))
		}
		for r.Priority == "low" && w.percent(50) {
			at = at.Add(22 * time.Hour)
		}
		for !desk.DutyAt(r.by.duty, at).On {
			at = at.Add(15 * time.Minute)
		}
	}
	r.move(at, desk.EnRoute, "")
	at = at.Add(w.between(12*time.Minute, 55*time.Minute))
	r.move(at, desk.OnSite, "")
	if w.percent(12) {
		r.event(at.Add(5*time.Minute), r.by.ID, "slack", "note", "", "", w.one(jobNotes))
	}
	at = at.Add(w.between(20*time.Minute, 150*time.Minute))
	r.close(at, r.by.ID, "slack", fix)
	return at
}
