package seed

import (
	"fmt"
	"slices"
	"time"

	"callout/desk"
)

// trip is a visit.
type trip struct {
	customer, lead  int64
	purpose         string
	by              int64
	at, logged      time.Time
	planned         bool
	happened        bool
	cancelled       *time.Time
	outcome, next   string
	nextOn          *time.Time
	nextDone        *time.Time
	call, task      int64
	loggedBy        int64
	what, note, via string
}

// tripFact is a visit that somebody logged. ago is how many days ago, negative for one that is planned; next is in how many days
// its next step is due.
type tripFact struct {
	customer, lead, purpose, by string
	ago, hour                   int
	outcome, next               string
	in                          int
	end                         string // how it ended, if it is neither planned nor happened; or that its next step is done
}

var tripFacts = []tripFact{
	{"Blue Heron Insurance", "", desk.VisitSales, "sam", 89, 10, "Walked through the new floor with Monica Tran. Room for four copiers, network sockets are there.", "Send the quote", -84, "done"},
	{"Hôtel Belle-Île", "", desk.VisitSales, "sam", 80, 15, "Terrace opens in spring. They like the Two Group.", "", never, ""},
	{"", "Ottilie Brandt", desk.VisitSales, "sam", 44, 9, "Small practice, one copier is enough. Letterhead needs a second tray.", "Send the quote", -24, "done"},
	{"Saltmere Town Council", "", desk.VisitFollowUp, "maren", 38, 11, "Asked why they declined. No hard feelings; the budget comes again next year.", "Ring in the new budget year", 120, ""},
	{"Copperfield Print Shop", "", desk.VisitFollowUp, "aoife", 29, 14, "Press runs well after the new belt. Dora asks about a second one.", "Send prices of a used press", -3, ""},
	{"", "Mirela Ionescu", desk.VisitSales, "sam", 21, 10, "Old copier jams daily. She decides herself, wants to see the finisher work.", "", never, ""},
	{"", "Gwen Maddox", desk.VisitSales, "aoife", 15, 13, "Saw all six flats. Water is hard there, filters are a must.", "", never, ""},
	{"Quayside Architects", "", desk.VisitSales, "sam", 12, 16, "Signed for the scanner on the spot.", "Agree the day of delivery", 0, ""},
	{"Señor Churro", "", desk.VisitSales, "sam", 8, 9, "Saturday queue is out of the door, two groups would do.", "Bring the grinder's leaflet", 2, ""},
	{"Beacon Primary School", "", desk.VisitFollowUp, "sam", 4, 15, "Mrs Dunmore has the quote and waits for the governors.", "Ring Mrs Dunmore", -1, ""},
	{"Café Müller", "", desk.VisitSales, "sam", 1, 11, "Jürgen tried two grinders at the counter.", "Quote for grinder and filter", 1, ""},
	{"Halcyon Dental", "", desk.VisitFollowUp, "sam", 6, 12, "", "", never, "cancelled"},
	{"", "Mirela Ionescu", desk.VisitSales, "sam", -1, 10, "", "", never, ""},
	{"Northgate Letting Agents", "", desk.VisitSales, "aoife", -2, 14, "", "", never, ""},
	{"", "Clementine Rusk", desk.VisitSales, "maren", -3, 11, "", "", never, ""},
	{"Windrush Logistics Training", "", desk.VisitService, "tomasz", -5, 9, "", "", never, ""},
}

// visits writes the visits that closed calls and tasks recorded by themselves, and those that somebody logged.
func (b *books) visits(h past) {
	for _, r := range h.calls {
		b.recorded(r)
	}
	for i, f := range tripFacts {
		b.logged(f, i)
	}
	slices.SortStableFunc(b.trips, func(x, y trip) int { return x.logged.Compare(y.logged) })
	t := newTable("visit", "id", "customer_id", "lead_id", "purpose", "member_id", "at", "planned_at", "happened", "cancelled_at", "outcome",
		"next_step", "next_on", "next_done_at", "call_id", "task_id", "search", "logged_by", "logged_at", "version")
	for i, v := range b.trips {
		id := int64(i + 1)
		var planned *time.Time
		if v.planned {
			planned = &v.at
		}
		t.add(id, orNil(v.customer), orNil(v.lead), v.purpose, v.by, v.at, planned, v.happened, v.cancelled, v.outcome, v.next, v.nextOn,
			v.nextDone, orNil(v.call), orNil(v.task), folded(v.outcome, v.next), v.loggedBy, v.logged, int64(1))
		via := v.via
		if via == "" {
			via = "slack"
		}
		b.tell(entry{kind: desk.VisitRecord, id: id, at: v.logged, by: &v.loggedBy, via: via, what: v.what, note: v.note})
		if v.cancelled != nil {
			b.tell(entry{kind: desk.VisitRecord, id: id, at: *v.cancelled, by: &v.by, via: "slack", what: "cancelled"})
		}
		if v.nextDone != nil {
			b.tell(entry{kind: desk.VisitRecord, id: id, at: *v.nextDone, by: &v.by, via: "slack", what: "next_done", note: v.next})
		}
	}
	b.tables = append(b.tables, t)
}

// recorded follows a call's timeline as the desk does: who had it was there when they said so last, and each closing writes a
// visit or what came of the one that is there.
func (b *books) recorded(r *record) {
	var technician int64
	onSite := map[int64]time.Time{}
	from := len(b.trips)
	for _, e := range r.events {
		switch e.Kind {
		case "accepted":
			technician = *e.MemberID
		case "handed_back":
			technician = 0
		case "on_site":
			onSite[*e.MemberID] = e.At
		case "closed":
			if technician == 0 {
				continue
			}
			at, there := onSite[technician]
			if !there {
				at = e.At
			}
			v := trip{
				customer: r.CustomerID, purpose: desk.VisitService, by: technician, at: at, logged: e.At, happened: true, outcome: e.Note,
				call: r.ID, loggedBy: *e.MemberID, what: "recorded", note: fmt.Sprintf("call %d", r.ID), via: e.Via,
			}
			if last := len(b.trips) - 1; last >= from && b.trips[last].at.Equal(at) {
				b.trips[last].outcome = e.Note
				continue
			}
			b.trips = append(b.trips, v)
		}
	}
}

func (b *books) logged(f tripFact, i int) {
	by := b.member(f.by)
	v := trip{
		purpose: f.purpose, by: by, at: b.clock(f.ago, f.hour, 0), outcome: f.outcome, next: f.next, nextOn: b.inDays(f.in), loggedBy: by,
		what: "visited", note: f.outcome,
	}
	if f.customer != "" {
		v.customer = b.customer(f.customer).ID
	} else {
		v.lead = int64(1 + slices.IndexFunc(leadFacts, func(l leadFact) bool { return l.name == f.lead }))
	}
	v.logged, v.happened = v.at.Add(40*time.Minute), true
	if v.logged.After(b.now) {
		v.logged = b.now.Add(-time.Minute)
	}
	switch {
	case f.end == "cancelled":
		day := b.clock(f.ago+1, 17, 0)
		v.logged, v.planned, v.happened, v.cancelled, v.what = b.clock(f.ago+7, 9, i), true, false, &day, "planned"
	case f.end == "done":
		day := b.clock(-f.in, 17, i)
		v.nextDone = &day
	case f.ago < 0:
		v.logged, v.planned, v.happened, v.what = b.clock(2, 9, i), true, false, "planned"
	}
	b.trips = append(b.trips, v)
}
