package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

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

// checkedLead is a lead as it may be stored.
type checkedLead struct {
	name, company, phone, email, source, interest string
	ownerID                                       int64
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
	if err := c.eventOf(ctx, lead, "added", "", "", ""); err != nil {
		return 0, err
	}
	text := fmt.Sprintf("%s added a lead for you: %s.", c.actor.Name, LeadName(l.name, l.company))
	return id, c.tellOf(ctx, lead, l.ownerID, noticeLeadNews, text)
}

// tellOf owes a member a message about another record than the one that changes, unless they are the one who just did it.
func (c *change) tellOf(ctx context.Context, r Record, memberID int64, kind, text string) error {
	if memberID == c.actor.ID {
		return nil
	}
	return c.Desk.tell(ctx, c.tx, c.q, owed{kind: kind, memberID: memberID, record: r, body: NoticeBody{Text: text}})
}
