package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"callout/store"
)

func leadFields(l store.Lead) Fields {
	return Fields{
		"name": l.Name, "company": l.Company, "phone": phoneShown(l.Phone), "email": l.Email, "source": l.Source, "interest": l.Interest,
		"owner": strconv.FormatInt(l.OwnerID, 10), "next_action": l.NextAction, "next_on": dateText(l.NextOn),
	}
}

// phoneShown is a number as a form shows it; nothing for none.
func phoneShown(e164 string) string {
	if e164 == "" {
		return ""
	}
	return PhoneShown(e164)
}

// dateText is a day as a form holds it.
func dateText(day *time.Time) string {
	if day == nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// LeadFieldsOf is a lead as its forms hold it.
func LeadFieldsOf(l store.Lead) Fields { return leadFields(l) }

// lead locks the lead that changes.
func (c *change) lead(ctx context.Context) (store.Lead, error) {
	l, err := c.q.LockLead(ctx, c.record.ID)
	if err != nil {
		return l, found(err, "There is no lead %d. /leads lists the leads.", c.record.ID)
	}
	return l, nil
}

// onLead lets fn change a lead that it locks.
func (d *Desk) onLead(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, store.Lead) error) error {
	if err := a.may(KeepLeads); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: LeadRecord, ID: id}, func(ctx context.Context, c *change) error {
		l, err := c.lead(ctx)
		if err != nil {
			return err
		}
		return fn(ctx, c, l)
	})
}

// EditLead changes what is known of a lead, or only its next action: whatever fields mine has. version is that of the lead when
// the form was opened; what others changed meanwhile is merged. See Merge.
func (d *Desk) EditLead(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	return d.onLead(ctx, a, id, func(ctx context.Context, c *change, l store.Lead) error {
		stored := leadFields(l)
		merged, err := c.merge(ctx, edit{version: version, mine: d.asStored(mine)}, l.Version, stored)
		if err != nil {
			return err
		}
		in, err := d.checkLead(ctx, a, merged, stored)
		if err != nil {
			return err
		}
		if in.ownerID == 0 {
			in.ownerID = l.OwnerID
		}
		owner := l.OwnerID
		l.Name, l.Company, l.Phone, l.Email, l.Source, l.Interest = in.name, in.company, in.phone, in.email, in.source, in.interest
		l.OwnerID, l.NextAction, l.NextOn = in.ownerID, in.nextAction, in.nextOn
		return c.leadEdited(ctx, l, stored, owner)
	})
}

// asStored writes what was typed as it is stored where both mean the same, so that nobody clashes over spaces in a phone.
func (d *Desk) asStored(typed Fields) Fields {
	out := Fields{}
	for name, text := range typed {
		out[name] = clean(text)
	}
	if phone, err := Phone(out["phone"], d.Country); err == nil {
		out["phone"] = PhoneShown(phone)
	}
	if email, err := Email(out["email"]); err == nil && email != "" {
		out["email"] = email
	}
	return out
}

// leadEdited writes an edited lead; nothing if it is as it was.
func (c *change) leadEdited(ctx context.Context, l store.Lead, before Fields, owner int64) error {
	after := leadFields(l)
	if len(after.changed(before)) == 0 {
		return nil
	}
	if err := c.keep(ctx, l.Version, before); err != nil {
		return err
	}
	if err := c.saveLead(ctx, l); err != nil {
		return err
	}
	note, err := c.leadChanges(ctx, before, after)
	if err != nil {
		return err
	}
	if err := c.event(ctx, eventEdited, "", "", note); err != nil {
		return err
	}
	if l.OwnerID == owner {
		return nil
	}
	return c.tell(ctx, l.OwnerID, noticeLeadNews, fmt.Sprintf("%s gave you the lead %s.", c.actor.Name, LeadName(l.Name, l.Company)))
}

// leadChanges says what an edit changed, with the names of people instead of their numbers.
func (c *change) leadChanges(ctx context.Context, before, after Fields) (string, error) {
	if before["owner"] == after["owner"] {
		return changesOf(before, after), nil
	}
	from, to := Fields{}, Fields{}
	for name := range after {
		from[name], to[name] = before[name], after[name]
	}
	for _, f := range []Fields{from, to} {
		id, _ := strconv.ParseInt(f["owner"], 10, 64)
		m, err := c.q.GetMember(ctx, id)
		if err != nil {
			return "", fmt.Errorf("read owner: %w", err)
		}
		f["owner"] = m.Name
	}
	return changesOf(from, to), nil
}

// saveLead writes everything that may change of a lead.
func (c *change) saveLead(ctx context.Context, l store.Lead) error {
	checked := checkedLead{name: l.Name, company: l.Company, phone: l.Phone, email: l.Email, source: l.Source, interest: l.Interest}
	err := c.q.UpdateLead(ctx, store.UpdateLeadParams{
		ID: l.ID, Name: l.Name, Company: l.Company, Phone: l.Phone, Email: l.Email, Source: l.Source, Interest: l.Interest,
		OwnerID: l.OwnerID, NextAction: l.NextAction, NextOn: l.NextOn, Search: checked.search(), Stage: l.Stage, StageAt: l.StageAt,
		LostReason: l.LostReason, CustomerID: l.CustomerID,
	})
	if err != nil {
		return fmt.Errorf("write lead: %w", err)
	}
	return nil
}

// NoteLead adds a note to the history of a lead.
func (d *Desk) NoteLead(ctx context.Context, a Actor, id int64, note string) error {
	note = clean(note)
	if note == "" {
		return wrong("note", "The note is empty.")
	}
	if err := limitedField("note", "The note", note, 1, MaxDetails); err != nil {
		return err
	}
	return d.onLead(ctx, a, id, func(ctx context.Context, c *change, _ store.Lead) error {
		return c.event(ctx, eventNote, "", "", note)
	})
}
