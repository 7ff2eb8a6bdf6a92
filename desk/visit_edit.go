package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// VisitFields lists what may be edited of a visit, as its forms name it. at is a moment, as VisitAt writes it.
func VisitFields() []string {
	return []string{"purpose", "member", "at", "outcome", "next_step", "next_on"}
}

// VisitAt writes the moment of a visit as Fields hold it: the same for everybody, wherever they read it.
func VisitAt(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

// VisitFieldsOf is a visit as its forms hold it.
func VisitFieldsOf(v store.Visit) Fields {
	return Fields{
		"purpose": v.Purpose, "member": strconv.FormatInt(v.MemberID, 10), "at": VisitAt(v.At), "outcome": v.Outcome,
		"next_step": v.NextStep, "next_on": dateText(v.NextOn),
	}
}

// VisitView is a visit with the names around it.
type VisitView = store.GetVisitViewRow

// NewVisit is a visit as the form gives it. One in the future is planned.
type NewVisit struct {
	Party
	Fields // of VisitFields; without member it is who logs it
	Photos []Upload
}

// LogVisit stores a visit with its photos. A next step with a lead becomes the lead's next action. The same delivery again returns
// the same visit.
func (d *Desk) LogVisit(ctx context.Context, a Actor, in NewVisit) (int64, error) {
	if err := a.may(LogVisits); err != nil {
		return 0, err
	}
	visit, err := d.checkVisit(ctx, a, in.Fields, nil)
	if err != nil {
		return 0, err
	}
	return d.create(ctx, a, VisitRecord, func(ctx context.Context, c *change) error {
		v := visit
		if v.CustomerID, v.LeadID, err = c.party(ctx, in.Party); err != nil {
			return err
		}
		if v.MemberID == 0 {
			v.MemberID = a.ID
		}
		kind := eventAdded
		if v.Happened = !v.At.After(c.Now()); !v.Happened {
			v.PlannedAt, kind = &v.At, eventPlanned
		}
		if err := c.insertVisit(ctx, v); err != nil {
			return err
		}
		if err := c.event(ctx, kind, "", "", ""); err != nil {
			return err
		}
		if err := c.attach(ctx, "", in.Photos); err != nil {
			return err
		}
		return c.visitFollows(ctx, v, store.Visit{})
	})
}

func (c *change) insertVisit(ctx context.Context, v store.Visit) error {
	id, err := c.q.InsertVisit(ctx, store.InsertVisitParams{
		CustomerID: v.CustomerID, LeadID: v.LeadID, Purpose: v.Purpose, MemberID: v.MemberID, At: v.At, PlannedAt: v.PlannedAt,
		Happened: v.Happened, Outcome: v.Outcome, NextStep: v.NextStep, NextOn: v.NextOn, Search: visitSearch(v),
		LoggedBy: c.actor.ID, Now: c.Now(),
	})
	if err != nil {
		return fmt.Errorf("write visit: %w", err)
	}
	c.record.ID = id
	if v.CustomerID == nil {
		return nil
	}
	if err := c.q.TouchCustomer(ctx, store.TouchCustomerParams{ID: *v.CustomerID, At: c.Now()}); err != nil {
		return fmt.Errorf("touch customer: %w", err)
	}
	return nil
}

func visitSearch(v store.Visit) string { return Fold(v.Outcome + " " + v.NextStep) }

// checkVisit reads the fields of a visit and refuses what cannot be stored, naming every field at once. before is what was
// stored; nil for a new visit.
func (d *Desk) checkVisit(ctx context.Context, a Actor, f, before Fields) (store.Visit, error) {
	p := problems{}
	v := store.Visit{Purpose: f["purpose"], Outcome: clean(f["outcome"]), NextStep: clean(f["next_step"])}
	if !contains(VisitPurposes(), v.Purpose) {
		p.add("purpose", refuse(Invalid, "“%s” is not a purpose. Choose sales, service, maintenance or follow-up.", shorten(v.Purpose, 20)))
	}
	p.add("outcome", limited("The outcome", v.Outcome, 0, MaxOutcome))
	p.add("next_step", limited("The next step", v.NextStep, 0, MaxNextStep))
	v.NextOn = d.comingDay(p, a, "next_on", f["next_on"], before["next_on"])
	v.At = d.Now()
	if f["at"] != "" {
		at, err := time.Parse("2006-01-02T15:04Z", f["at"])
		if err != nil || at.Year() < 1970 || at.Year() > 2200 {
			p.add("at", refuse(Invalid, "That is not a day and time that exist. Choose the day, and write the time like 14:30."))
		}
		v.At = at
	}
	v.MemberID, _ = strconv.ParseInt(f["member"], 10, 64)
	if v.MemberID != 0 && f["member"] != before["member"] {
		m, err := d.q.GetMember(ctx, v.MemberID)
		switch {
		case errors.Is(err, pgx.ErrNoRows), err == nil && m.State != StateActive:
			p.add("member", refuse(Invalid, "That person is not an active member. Choose somebody else."))
		case err != nil:
			return v, fmt.Errorf("read member: %w", err)
		}
	}
	return v, p.err()
}

// visitFollows lets a visit have its consequences: the next step with a lead is the lead's next action, and who shall go to a
// planned visit learns of it. before is the visit as it was.
func (c *change) visitFollows(ctx context.Context, v, before store.Visit) error {
	if !v.Happened && v.MemberID != before.MemberID {
		name, err := c.partyName(ctx, c.q, v.CustomerID, v.LeadID)
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s planned a visit to %s for you.", c.actor.Name, name)
		if err := c.tell(ctx, v.MemberID, noticeLeadNews, text); err != nil {
			return err
		}
	}
	if v.LeadID == nil || v.NextStep == "" && v.NextOn == nil || v.NextStep == before.NextStep && dateText(v.NextOn) == dateText(before.NextOn) {
		return nil
	}
	lead := *c
	lead.record = Record{Kind: LeadRecord, ID: *v.LeadID}
	l, err := lead.lead(ctx)
	if err != nil {
		return err
	}
	if l.Stage == LeadWon { // who was there is reminded of it, as with every customer
		return nil
	}
	stored, owner := leadFields(l), l.OwnerID
	l.NextAction, l.NextOn = shorten(v.NextStep, MaxNextAction), v.NextOn
	return lead.leadEdited(ctx, l, stored, owner)
}

// onVisit lets fn change a visit that it locks, and before it its lead: a lead that is won changes its visits, in that order too.
func (d *Desk) onVisit(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, store.Visit) error) error {
	if err := a.may(LogVisits); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: VisitRecord, ID: id}, func(ctx context.Context, c *change) error {
		v, err := c.q.GetVisit(ctx, id)
		if err != nil {
			return found(err, "There is no visit %d. /visits lists the visits.", id)
		}
		if v.LeadID != nil {
			if _, err := c.q.LockLead(ctx, *v.LeadID); err != nil {
				return fmt.Errorf("lock lead: %w", err)
			}
		}
		if v, err = c.q.LockVisit(ctx, id); err != nil {
			return fmt.Errorf("lock visit: %w", err)
		}
		if v.CancelledAt != nil {
			return refuse(Conflict, "Visit %d is cancelled. /log-visit plans another one.", id)
		}
		return fn(ctx, c, v)
	})
}

// EditVisit changes what is known of a visit. version is that of the visit when the form was opened; what others changed meanwhile
// is merged. See Merge.
func (d *Desk) EditVisit(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	return d.onVisit(ctx, a, id, func(ctx context.Context, c *change, v store.Visit) error {
		stored := VisitFieldsOf(v)
		merged, err := c.merge(ctx, edit{version: version, mine: cleaned(mine)}, v.Version, stored)
		if err != nil {
			return err
		}
		in, err := d.checkVisit(ctx, a, merged, stored)
		if err != nil {
			return err
		}
		if v.Happened && in.At.After(c.Now()) {
			return wrong("at", "This visit has happened; it cannot be in the future. Choose when it was.")
		}
		return c.visitEdited(ctx, v, in, stored)
	})
}

func cleaned(f Fields) Fields {
	out := Fields{}
	for name, text := range f {
		out[name] = clean(text)
	}
	return out
}

// visitEdited writes an edited visit; nothing if it is as it was.
func (c *change) visitEdited(ctx context.Context, v, in store.Visit, before Fields) error {
	was := v
	v.Purpose, v.Outcome, v.NextStep, v.NextOn = in.Purpose, in.Outcome, in.NextStep, in.NextOn
	if in.MemberID != 0 {
		v.MemberID = in.MemberID
	}
	if VisitAt(in.At) != VisitAt(was.At) { // the form holds no seconds
		v.At = in.At
	}
	if !v.Happened {
		v.PlannedAt = &v.At
	}
	after := VisitFieldsOf(v)
	if len(after.changed(before)) == 0 {
		return nil
	}
	if after["next_step"] != before["next_step"] || after["next_on"] != before["next_on"] {
		v.NextDoneAt = nil
	}
	if err := c.keep(ctx, was.Version, before); err != nil {
		return err
	}
	if err := c.saveVisit(ctx, v); err != nil {
		return err
	}
	note, err := c.visitChanges(ctx, before, after)
	if err != nil {
		return err
	}
	if err := c.event(ctx, eventEdited, "", "", note); err != nil {
		return err
	}
	return c.visitFollows(ctx, v, was)
}

// visitChanges says what an edit changed, as people read it.
func (c *change) visitChanges(ctx context.Context, before, after Fields) (string, error) {
	from, to := Fields{}, Fields{}
	for name := range after {
		from[name], to[name] = before[name], after[name]
	}
	for _, f := range []Fields{from, to} {
		if at, err := time.Parse("2006-01-02T15:04Z", f["at"]); err == nil {
			f["at"] = at.In(c.ZoneOf(c.actor.Member)).Format("Mon 2 Jan 2006 15:04 MST")
		}
		if before["member"] == after["member"] {
			continue
		}
		id, _ := strconv.ParseInt(f["member"], 10, 64)
		m, err := c.q.GetMember(ctx, id)
		if err != nil {
			return "", fmt.Errorf("read member: %w", err)
		}
		f["member"] = m.Name
	}
	return changesOf(from, to), nil
}

// saveVisit writes everything that may change of a visit.
func (c *change) saveVisit(ctx context.Context, v store.Visit) error {
	err := c.q.UpdateVisit(ctx, store.UpdateVisitParams{
		ID: v.ID, Purpose: v.Purpose, MemberID: v.MemberID, At: v.At, PlannedAt: v.PlannedAt, Happened: v.Happened,
		CancelledAt: v.CancelledAt, Outcome: v.Outcome, NextStep: v.NextStep, NextOn: v.NextOn, NextDoneAt: v.NextDoneAt,
		Search: visitSearch(v),
	})
	if err != nil {
		return fmt.Errorf("write visit: %w", err)
	}
	return nil
}
