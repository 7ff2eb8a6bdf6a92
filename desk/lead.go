package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// The stages of a lead, and open for all before the end.
const (
	LeadNew       = "new"
	LeadContacted = "contacted"
	LeadQualified = "qualified"
	LeadQuoted    = "quoted"
	LeadWon       = "won"
	LeadLost      = "lost"
	LeadOpen      = "open"
)

// LeadStages lists the stages in their order.
func LeadStages() []string {
	return []string{LeadNew, LeadContacted, LeadQualified, LeadQuoted, LeadWon, LeadLost}
}

// Limits of what a lead holds; the database has the same.
const (
	MaxInterest   = 3000
	MaxSource     = 60
	MaxNextAction = 200
)

// LeadFields lists what may be edited of a lead, as its forms name it.
func LeadFields() []string {
	return []string{"name", "company", "phone", "email", "source", "interest", "owner", "next_action", "next_on"}
}

// LeadView is a lead with the names around it.
type LeadView = store.GetLeadViewRow

// NewLead is a lead as the form gives it.
type NewLead struct {
	Fields        // of LeadFields
	Seen   []Twin // those who were shown as possible duplicates
}

// AddLead stores a lead. Those who have its phone or e-mail already are returned instead, unless they were seen before. The same
// delivery again returns the same lead.
func (d *Desk) AddLead(ctx context.Context, a Actor, in NewLead) (id int64, twins []Twin, err error) {
	if err := a.may(AddLeads); err != nil {
		return 0, nil, err
	}
	lead, err := d.checkLead(ctx, a, in.Fields, nil)
	if err != nil {
		return 0, nil, err
	}
	id, err = d.create(ctx, a, LeadRecord, func(ctx context.Context, c *change) error {
		found, err := c.twins(ctx, lead.phone, lead.email, 0)
		if err != nil {
			return err
		}
		if twins = unseen(found, in.Seen); len(twins) > 0 {
			twins = found
			return errTwins
		}
		if lead.ownerID == 0 {
			if lead.ownerID, err = c.leadKeeper(ctx); err != nil {
				return err
			}
		}
		c.record.ID, err = c.insertLead(ctx, lead)
		return err
	})
	if errors.Is(err, errTwins) {
		return 0, twins, nil
	}
	return id, nil, err
}

// checkedLead is a lead as it may be stored.
type checkedLead struct {
	name, company, phone, email, source, interest string
	ownerID                                       int64 // 0 when nobody was chosen
	nextAction                                    string
	nextOn                                        *time.Time
}

// search is the folded text a lead is found by.
func (l checkedLead) search() string {
	words := []string{Fold(strings.Join([]string{l.name, l.company, l.email, l.source, l.interest}, " "))}
	if l.phone != "" {
		words = append(words, digits(l.phone), digits(nationalPhone(l.phone)))
	}
	return strings.Join(words, " ")
}

// checkLead reads the fields of a lead and refuses what cannot be stored, naming every field at once. before is what was stored;
// nil for a new lead. What did not change is not questioned.
func (d *Desk) checkLead(ctx context.Context, a Actor, f, before Fields) (checkedLead, error) {
	p := problems{}
	l := checkedLead{
		name: clean(f["name"]), company: clean(f["company"]), source: clean(f["source"]), interest: clean(f["interest"]),
		nextAction: clean(f["next_action"]),
	}
	p.add("name", limited("The name", l.name, 1, MaxName))
	p.add("company", limited("The company", l.company, 0, MaxName))
	p.add("source", limited("The source", l.source, 0, MaxSource))
	p.add("interest", limited("The text", l.interest, 0, MaxInterest))
	p.add("next_action", limited("The next action", l.nextAction, 0, MaxNextAction))
	l.phone, l.email = d.reach(p, f)
	l.nextOn = d.comingDay(p, a, "next_on", f["next_on"], before["next_on"])
	var err error
	if l.ownerID, err = d.checkKeeper(ctx, p, f["owner"], before["owner"]); err != nil {
		return l, err
	}
	return l, p.err()
}

// reach reads the phone and the e-mail of a form.
func (d *Desk) reach(p problems, f Fields) (phone, email string) {
	if typed := clean(f["phone"]); typed != "" {
		number, err := Phone(typed, d.Country)
		p.add("phone", err)
		phone = number
	}
	email, err := Email(clean(f["email"]))
	p.add("email", err)
	return phone, email
}

// comingDay reads a day on which something shall be done: not one that is over, unless it was stored so.
func (d *Desk) comingDay(p problems, a Actor, field, typed, before string) *time.Time {
	if typed == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, typed)
	switch {
	case err != nil || day.Year() > 2200:
		p.add(field, refuse(Invalid, "“%s” is not a day that exists. Write it like 2026-03-31.", shorten(typed, 40)))
		return nil
	case typed != before && day.Before(d.Today(a)):
		p.add(field, refuse(Invalid, "%s is over already. Choose today or a later day.", day.Format("2 January 2006")))
	}
	return &day
}

// Today is the day it is for a member, as the database keeps days.
func (d *Desk) Today(a Actor) time.Time { return dayIn(d.Now(), d.ZoneOf(a.Member)) }

// dayIn is the day that a moment belongs to in a zone, as the database keeps days: midnight in UTC.
func dayIn(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// checkKeeper reads who shall keep a lead: an active member who may.
func (d *Desk) checkKeeper(ctx context.Context, p problems, typed, before string) (int64, error) {
	id, _ := strconv.ParseInt(typed, 10, 64)
	if id == 0 || typed == before {
		return id, nil
	}
	m, err := d.q.GetMember(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !(Actor{Member: m}).Can(KeepLeads) {
		p.add("owner", refuse(Invalid, "That person cannot keep leads: it needs the role %s. Choose somebody else.", orList(permissions[KeepLeads])))
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read owner: %w", err)
	}
	return id, nil
}

// insertLead writes a lead, and tells who keeps it if somebody else added it.
func (c *change) insertLead(ctx context.Context, l checkedLead) (int64, error) {
	id, err := c.q.InsertLead(ctx, store.InsertLeadParams{
		Name: l.name, Company: l.company, Phone: l.phone, Email: l.email, Source: l.source, Interest: l.interest, OwnerID: l.ownerID,
		NextAction: l.nextAction, NextOn: l.nextOn, Search: l.search(), AddedBy: c.actor.ID, Now: c.Now(),
	})
	if err != nil {
		return 0, fmt.Errorf("write lead: %w", err)
	}
	lead := Record{Kind: LeadRecord, ID: id}
	if err := c.eventOf(ctx, lead, eventAdded, "", "", ""); err != nil {
		return 0, err
	}
	text := fmt.Sprintf("%s added a lead for you: %s.", c.actor.Name, LeadName(l.name, l.company))
	return id, c.tellOf(ctx, lead, l.ownerID, noticeLeadNews, text)
}

// What happens to leads, visits and customers, as their timelines say it.
const (
	eventAdded     = "added"
	eventStage     = "stage"
	eventWon       = "won"
	eventLost      = "lost"
	eventPlanned   = "planned"
	eventVisited   = "visited"
	eventCancelled = "cancelled"
	eventRecorded  = "recorded"
	eventNextDone  = "next_done"
)

// tellOf owes a member a message about another record than the one that changes, unless they are the one who just did it.
func (c *change) tellOf(ctx context.Context, r Record, memberID int64, kind, text string) error {
	if memberID == c.actor.ID {
		return nil
	}
	return c.Desk.tell(ctx, c.tx, c.q, owed{kind: kind, memberID: memberID, record: r, body: NoticeBody{Text: text}})
}

// Lead reads a lead for a member.
func (d *Desk) Lead(ctx context.Context, a Actor, id int64) (LeadView, error) {
	if err := a.may(SeeLeads); err != nil {
		return LeadView{}, err
	}
	v, err := d.q.GetLeadView(ctx, id)
	if err != nil {
		return v, found(err, "There is no lead %d. /leads lists the leads.", id)
	}
	return v, nil
}

// History reads the timeline of a record that the member may see, oldest first.
func (d *Desk) History(ctx context.Context, a Actor, r Record) ([]RecordEntry, error) {
	need := map[string]Action{QuoteRecord: SeeQuotes, LeadRecord: SeeLeads, VisitRecord: SeeVisits, CustomerRecord: SeeCustomers, ContactRecord: SeeCustomers}
	if err := a.may(need[r.Kind]); err != nil {
		return nil, err
	}
	return d.history(ctx, r)
}

// Sources lists where leads came from so far.
func (d *Desk) Sources(ctx context.Context) ([]string, error) {
	sources, err := d.q.ListSources(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	return sources, nil
}
