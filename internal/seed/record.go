package seed

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"callout/desk"
	"callout/store"
)

// record is one call with its timeline and offers, built as the desk would have.
type record struct {
	store.Call
	events   []store.CallEvent
	offers   []store.Offer
	customer *Customer
	skills   []string
	by       *person // who has it
}

// deadlines is how long an offer waited for an answer, as package desk sets it.
var deadlines = map[string]time.Duration{
	"urgent": 10 * time.Minute, "high": 20 * time.Minute, "normal": 20 * time.Minute, "low": 24 * time.Hour,
}

// event adds an entry to the timeline; every change of a call also raises its version.
func (r *record) event(at time.Time, by int64, via, kind, before, after, note string) {
	e := store.CallEvent{At: at, Via: via, Kind: kind, Before: before, After: after, Note: note, Posted: true}
	if by != 0 {
		e.MemberID = &by
	}
	r.events = append(r.events, e)
	r.Version = int64(len(r.events))
}

func (r *record) logged(via string) {
	r.Status, r.Progress = desk.Pending, desk.Unassigned
	r.event(r.OpenedAt, r.LoggedBy, via, "logged", "", r.Summary, "")
}

// offer asks a person to take the call. why is the table they were chosen from.
func (r *record) offer(at time.Time, to *person, why []desk.Score) error {
	text, err := json.Marshal(why)
	if err != nil {
		return fmt.Errorf("encode scores: %w", err)
	}
	r.offers = append(r.offers, store.Offer{
		MemberID: to.ID, State: "open", Why: text, OfferedAt: at, DeadlineAt: at.Add(deadlines[r.Priority]),
	})
	r.event(at, 0, "desk", "offered", r.Progress, to.Name, "")
	r.Progress = desk.Offered
	return nil
}

func (r *record) nobody(at time.Time, why []desk.Score) {
	words := make([]string, len(why))
	for i, s := range why {
		words[i] = s.Name + " (" + strings.Join(s.Out, " and ") + ")"
	}
	r.event(at, 0, "desk", "nobody", "", "", strings.Join(words, ", ")+".")
}

// answer closes the latest offer.
func (r *record) answer(at time.Time, state, reason string) {
	o := &r.offers[len(r.offers)-1]
	o.State, o.AnsweredAt, o.Reason = state, &at, reason
}

func (r *record) accept(at time.Time, by *person, via string) {
	r.answer(at, "accepted", "")
	r.event(at, by.ID, via, "accepted", r.Progress, desk.Accepted, "")
	r.Progress, r.TechnicianID, r.AcceptedAt, r.by = desk.Accepted, &by.ID, &at, by
}

func (r *record) decline(at time.Time, by *person, via, reason string) {
	kind := "declined"
	if r.TechnicianID != nil {
		kind = "handed_back"
	}
	r.answer(at, "declined", reason)
	r.event(at, by.ID, via, kind, r.Progress, desk.Unassigned, reason)
	r.Progress, r.TechnicianID, r.AcceptedAt, r.by = desk.Unassigned, nil, nil, nil
}

func (r *record) withdraw(at time.Time, by int64) {
	r.answer(at, "withdrawn", "")
	r.event(at, by, "slack", "withdrawn", r.Progress, desk.Unassigned, "")
	r.Progress = desk.Unassigned
}

// move goes to the next progress, whose name is also that of the timeline entry.
func (r *record) move(at time.Time, to, note string) {
	r.event(at, r.by.ID, "slack", to, r.Progress, to, note)
	r.Progress = to
}

func (r *record) close(at time.Time, by int64, via, what string) {
	r.event(at, by, via, "closed", desk.Pending, desk.Done, what)
	r.Status, r.ClosedAt, r.Resolution = desk.Done, &at, what
}

func (r *record) reopen(at time.Time, reason string) {
	r.event(at, r.LoggedBy, "slack", "reopened", desk.Done, desk.Pending, reason)
	r.Status, r.ClosedAt, r.Resolution, r.Progress = desk.Pending, nil, "", desk.Accepted
}

func (r *record) declinedBy(id int64) bool {
	for _, o := range r.offers {
		if o.MemberID == id && o.State == "declined" {
			return true
		}
	}
	return false
}
