package seed

import (
	"fmt"
	"slices"
	"time"

	"callout/desk"
)

// open is a call that is still pending at the end of the past.
type open struct {
	ago      time.Duration
	customer string
	model    string
	priority string
	summary  string
	details  string
	play     func(w *world, r *record) error
}

const hour = time.Hour

// pendings are the calls a visitor of the demo finds: each progress at least once.
var pendings = []open{
	{
		6 * 24 * hour, "Łódź Bakery", "Cinder Bean XL", "normal", "Coffee machine fills the cup only half",
		"Every second cup is half full. Zofia says the bread is fine but nobody stays without coffee.", (*world).playWaiting,
	},
	{
		28 * hour, "Beacon Primary School", "Plover P12", "normal", "Staff room printer offline for everybody",
		"The office wants to send the reports home on Thursday. Ask for Mrs Dunmore, not before half past nine.", (*world).playHandedBack,
	},
	{
		26 * hour, "Pemberton, Oyelaran & Whitcombe Solicitors", "Vela C550", "normal", "Vela C550 prints grey streaks",
		"Only on copies. They have a completion on Friday and copy a few hundred pages.", (*world).playAccepted,
	},
	{
		20 * hour, "Sunny Side Pharmacy", "Orrery 6500 Net", "low", "Yearly service due",
		"No fault. Any morning next week is fine.", (*world).playAccepted,
	},
	{
		5 * hour, "Hôtel Belle-Île", "Plover P12", "normal", "Bills too pale at the reception",
		"Guests cannot read them. Reception is busy until ten, please come after that. Maëlle has new paper.", (*world).playAccepted,
	},
	{
		3 * hour, "Café Müller", "Cinder Two Group", "high", "Espresso machine leaks from below",
		"Water runs over the counter as soon as the pump starts. Jürgen turned it off at the wall.", (*world).playOnSite,
	},
	{
		2 * hour, "Fenwick & Daughters Accountants", "Vela C301", "low", "New laptop cannot print on the Vela C301",
		"One new laptop at the front desk, everybody else prints.", (*world).playOffered,
	},
	{
		70 * time.Minute, "Ελληνικό Deli", "Cinder Two Group", "urgent", "Δεν ζεσταίνεται η μηχανή του καφέ: machine stays cold",
		"Η κυρία Παπαδοπούλου λέει ότι το πράσινο φως δεν ανάβει. No coffee at all and the shop is full.", (*world).playEnRoute,
	},
	{
		50 * time.Minute, "Quayside Architects", plotter.name, "high", "Wide-format plotter shows E-17 and stops",
		"Plans for a planning committee must be out tomorrow. It stops after about a metre of paper.", (*world).playNobody,
	},
	{
		6 * time.Minute, "Acme Foods", "Cinder Bean XL", "normal", "Coffee machine trips the fuse",
		"The whole canteen goes dark when it heats up. Nora has switched it off.", (*world).playOffered,
	},
}

func (w *world) playPending() error {
	for _, p := range pendings {
		r, err := w.pending(p)
		if err != nil {
			return err
		}
		r.logged("slack")
		if err := p.play(w, r); err != nil {
			return err
		}
		w.keep(r)
	}
	return nil
}

func (w *world) pending(p open) (*record, error) {
	i := slices.IndexFunc(w.firm.Customers, func(c Customer) bool { return c.Name == p.customer })
	if i < 0 {
		return nil, fmt.Errorf("no customer %s", p.customer)
	}
	c := &w.firm.Customers[i]
	k := slices.IndexFunc(c.Machines, func(m Machine) bool { return m.Model == p.model })
	if k < 0 {
		return nil, fmt.Errorf("customer %s has no %s", p.customer, p.model)
	}
	r := w.blank(w.now.Add(-p.ago), unit{c, &c.Machines[k]})
	r.Priority, r.Summary, r.Details, r.ContactID = p.priority, p.summary, p.details, &c.Contacts[0].ID
	r.LoggedBy = w.firm.Members[1].ID
	return r, nil
}

// ask offers a call to the best available person, as soon as there is one, and returns when that was.
func (w *world) ask(r *record, at time.Time) (*person, time.Time, error) {
	for ; at.Before(w.now); at = at.Add(5 * time.Minute) {
		scores := w.pick(r, at)
		if scores[0].Eligible() {
			t := w.tech(scores[0].MemberID)
			return t, at, r.offer(at, t, scores)
		}
	}
	return nil, at, fmt.Errorf("nobody can take the pending call “%s”", r.Summary)
}

func (w *world) playOffered(r *record) error {
	_, _, err := w.ask(r, r.OpenedAt.Add(2*time.Second))
	return err
}

func (w *world) playAccepted(r *record) error {
	t, at, err := w.ask(r, r.OpenedAt.Add(2*time.Second))
	if err == nil {
		r.accept(at.Add(9*time.Minute), t, "slack")
	}
	return err
}

func (w *world) playEnRoute(r *record) error {
	t, at, err := w.ask(r, r.OpenedAt.Add(2*time.Second))
	if err == nil {
		r.accept(at.Add(4*time.Minute), t, "sms")
		r.move(w.now.Add(-25*time.Minute), desk.EnRoute, "")
	}
	return err
}

func (w *world) playOnSite(r *record) error {
	if err := w.playAccepted(r); err != nil {
		return err
	}
	r.move(w.now.Add(-90*time.Minute), desk.EnRoute, "")
	r.move(w.now.Add(-48*time.Minute), desk.OnSite, "")
	r.event(w.now.Add(-40*time.Minute), r.by.ID, "slack", "note", "", "", "Inlet hose is cracked. Spare is in the van.")
	return nil
}

// playWaiting leaves a call with its technician until a part arrives.
func (w *world) playWaiting(r *record) error {
	if err := w.playAccepted(r); err != nil {
		return err
	}
	arrived := r.OpenedAt.Add(4 * hour)
	r.move(arrived.Add(-30*time.Minute), desk.EnRoute, "")
	r.move(arrived, desk.OnSite, "")
	r.move(arrived.Add(35*time.Minute), desk.Waiting, "New pump ordered, arrives in a few days.")
	resume := dateOf(w.now.In(w.zone).AddDate(0, 0, 3))
	r.ResumeOn = &resume
	return nil
}

// playHandedBack lets a technician give a call back that somebody else then takes.
func (w *world) playHandedBack(r *record) error {
	if err := w.playAccepted(r); err != nil {
		return err
	}
	back := r.AcceptedAt.Add(41 * time.Minute)
	r.decline(back, r.by, "sms", "van broke down on the way")
	t, at, err := w.ask(r, back.Add(2*time.Second))
	if err == nil {
		r.accept(at.Add(12*time.Minute), t, "slack")
	}
	return err
}

// playNobody leaves a call that no technician has learned to do.
func (w *world) playNobody(r *record) error {
	at := r.OpenedAt.Add(2 * time.Second)
	r.nobody(at, w.pick(r, at))
	return nil
}
