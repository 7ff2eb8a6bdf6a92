package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

const (
	// drillEvery is how long nobody showed that a way reaches them before it is tried.
	drillEvery = 30 * 24 * time.Hour
	// drillAnswer is how long they may take to answer.
	drillAnswer = 3 * 24 * time.Hour
	// The hours of a weekday in which ways are tried, in the zone of the person.
	drillFrom, drillUntil = 9, 12
)

// drillText is what is said on each channel. A letter is answered by the mail server that takes it.
func drillText(channel string) string {
	switch channel {
	case "sms":
		return "This is the monthly check that texts reach you. Please reply K."
	case "email":
		return "This is the monthly check that e-mail reaches you. There is nothing to do."
	}
	return "This is the monthly check that messages here reach you. Please press the button."
}

// drill tries the ways to people that nobody has shown for a month to reach them, and tells the dispatchers from which no answer came.
func (d *Desk) drill(ctx context.Context) error {
	settings, err := d.Settings(ctx)
	if err != nil || settings.Drill == DrillOff {
		return err
	}
	before := d.Now().Add(-drillEvery)
	due, err := d.q.ListContactsToDrill(ctx, store.ListContactsToDrillParams{Channels: d.Options.Channels, Before: before})
	if err != nil {
		return fmt.Errorf("list ways to try: %w", err)
	}
	spent, err := d.textsUsedUp(ctx)
	if err != nil {
		return err
	}
	convenient := map[int64]bool{}
	for _, row := range due {
		m := row.Member
		if spent && row.ContactMethod.Channel == "sms" {
			continue // tried next month
		}
		if _, known := convenient[m.ID]; !known {
			if convenient[m.ID], err = d.drillable(ctx, m); err != nil {
				return err
			}
		}
		if !convenient[m.ID] {
			continue
		}
		if err := d.drillContact(ctx, row.ContactMethod, before); err != nil {
			return fmt.Errorf("try contact method %d: %w", row.ContactMethod.ID, err)
		}
	}
	return d.tellUnproven(ctx)
}

// drillable reports whether now is a good moment to ask somebody: a weekday morning, and on duty if they have duty.
func (d *Desk) drillable(ctx context.Context, m store.Member) (bool, error) {
	local := d.Now().In(d.ZoneOf(m))
	if day := local.Weekday(); day == time.Saturday || day == time.Sunday || local.Hour() < drillFrom || local.Hour() >= drillUntil {
		return false, nil
	}
	if !contains(m.Roles, Technician) {
		return true, nil
	}
	duty, err := d.DutyNow(ctx, m)
	return duty.On, err
}

func (d *Desk) drillContact(ctx context.Context, m store.ContactMethod, before time.Time) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		rows, err := q.ContactDrilled(ctx, store.ContactDrilledParams{ID: m.ID, Now: d.Now(), Before: before})
		if err != nil || rows == 0 {
			return err
		}
		o := owed{kind: noticeDrill, memberID: m.MemberID, body: NoticeBody{Text: drillText(m.Channel), Ref: strconv.FormatInt(m.ID, 10)}}
		return d.owe(ctx, tx, q, o, []store.ContactMethod{m})
	})
}

// tellUnproven tells the dispatchers once, in one message, from which ways no answer came.
func (d *Desk) tellUnproven(ctx context.Context) error {
	silent, err := d.q.ListUnproven(ctx, d.Now().Add(-drillAnswer))
	if err != nil || len(silent) == 0 || !remindable(d.Now(), d.Zone) {
		return err
	}
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		var names []string
		for _, row := range silent {
			m := row.ContactMethod
			rows, err := q.Remind(ctx, store.RemindParams{Kind: "unproven", RecordID: m.ID, Mark: m.DrilledAt.UTC().Format(time.RFC3339), At: d.Now()})
			if err != nil {
				return fmt.Errorf("mark contact method %d: %w", m.ID, err)
			}
			if rows > 0 {
				names = append(names, row.Name+" ("+ChannelName(m.Channel)+")")
			}
		}
		if len(names) == 0 {
			return nil
		}
		text := "Nobody answered the monthly check on these: " + shorten(strings.Join(names, ", "), 600) + ". Please ask them whether messages reach them; /callout deliveries shows it."
		return d.tellAll(ctx, tx, q, Dispatcher, owed{kind: noticeProblem, body: NoticeBody{Text: text}})
	})
}

// Reached records that a member showed that a way reaches them: by text with no contact, else by the button on one.
func (d *Desk) Reached(ctx context.Context, a Actor, channel string, contactID int64) error {
	if err := a.active(); err != nil {
		return err
	}
	now := d.Now()
	rows, err := d.q.ProveContact(ctx, store.ProveContactParams{Now: &now, MemberID: a.ID, Channel: channel, ID: contactID})
	if err != nil {
		return fmt.Errorf("prove contact of member %d: %w", a.ID, err)
	}
	if rows == 0 {
		return refuse(Conflict, "That way to reach you is not in use any more. /callout me shows what I know of you.")
	}
	return nil
}

// Unproven lists the ways from which no answer came to the last drill.
func (d *Desk) Unproven(ctx context.Context, a Actor) ([]Contact, error) {
	if err := a.may(SeeDeliveries); err != nil {
		return nil, err
	}
	rows, err := d.q.ListUnproven(ctx, d.Now().Add(-drillAnswer))
	if err != nil {
		return nil, fmt.Errorf("list unproven contacts: %w", err)
	}
	contacts := make([]Contact, len(rows))
	for i, row := range rows {
		contacts[i] = Contact{row.ContactMethod, row.Name}
	}
	return slices.Clip(contacts), nil
}
