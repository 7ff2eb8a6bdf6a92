package desk

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// A member is told of the day's follow-ups from morning on in their own zone. After downtime they are told later the same day, but
// not in the evening any more.
const (
	morningAt = 8
	eveningAt = 18
	// lookedAt is longer than such a day and shorter than the night before it with that day.
	lookedAt = 12 * time.Hour
	// morningsKept is how long it is remembered that a day was looked at.
	morningsKept = 7 * 24 * time.Hour
)

// dueMost is how many follow-ups of each kind one message or page shows.
const dueMost = 12

// Agenda is what a member wants to do on a day, and what is left of the days before.
type Agenda struct {
	Day       time.Time
	Leads     []store.Lead                 // whose next action is due
	Visits    []store.ListPlannedVisitsRow // planned for the day
	NextSteps []store.ListNextStepsRow     // with customers, after a visit
}

// Count is how many things are due.
func (d Agenda) Count() int { return len(d.Leads) + len(d.Visits) + len(d.NextSteps) }

// DueFor reads what a member wants to do today.
func (d *Desk) DueFor(ctx context.Context, m store.Member) (Agenda, error) {
	return d.dueOn(ctx, d.q, m, dayIn(d.Now(), d.ZoneOf(m)))
}

// AgendaOf reads what a notice of kind leads_due is about, and whose it is: what they still want to do of it.
func (d *Desk) AgendaOf(ctx context.Context, ref string) (Agenda, Actor, error) {
	id, on, _ := strings.Cut(ref, " ")
	memberID, _ := strconv.ParseInt(id, 10, 64)
	m, err := d.q.GetMember(ctx, memberID)
	if err != nil {
		return Agenda{}, Actor{}, fmt.Errorf("read member %s: %w", id, err)
	}
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return Agenda{}, Actor{}, fmt.Errorf("read day: %w", err)
	}
	due, err := d.dueOn(ctx, d.q, m, day)
	return due, Actor{Member: m, Via: "desk"}, err
}

func (d *Desk) dueOn(ctx context.Context, q *store.Queries, m store.Member, day time.Time) (Agenda, error) {
	due := Agenda{Day: day}
	var err error
	due.Leads, err = q.ListLeadsDue(ctx, store.ListLeadsDueParams{Day: &day, OwnerID: m.ID, Max: dueMost})
	if err != nil {
		return due, fmt.Errorf("list follow-ups of member %d: %w", m.ID, err)
	}
	since := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, d.ZoneOf(m))
	due.Visits, err = q.ListPlannedVisits(ctx, store.ListPlannedVisitsParams{
		Since: since, Until: since.AddDate(0, 0, 1), MemberID: m.ID, Max: dueMost,
	})
	if err != nil {
		return due, fmt.Errorf("list planned visits of member %d: %w", m.ID, err)
	}
	due.NextSteps, err = q.ListNextSteps(ctx, store.ListNextStepsParams{Day: &day, MemberID: m.ID, Max: dueMost})
	if err != nil {
		return due, fmt.Errorf("list next steps of member %d: %w", m.ID, err)
	}
	return due, nil
}

// remindOfDay tells everybody for whom it is day, and who was not told today, what is due.
func (d *Desk) remindOfDay(ctx context.Context) error {
	now := d.Now()
	members, err := d.q.ListMorning(ctx, now.Add(-lookedAt))
	if err != nil {
		return fmt.Errorf("list whom to remind: %w", err)
	}
	for _, m := range members {
		if hour := now.In(d.ZoneOf(m)).Hour(); hour < morningAt || hour >= eveningAt {
			continue
		}
		if err := d.remindMember(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// remindMember tells a member what is due today. A day is looked at once, so that what somebody plans for the rest of a day is not
// told to them at once.
func (d *Desk) remindMember(ctx context.Context, m store.Member) error {
	now := d.Now()
	day := dayIn(now, d.ZoneOf(m))
	mark := day.Format(time.DateOnly)
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if err := q.ForgetMornings(ctx, store.ForgetMorningsParams{MemberID: m.ID, Before: now.Add(-morningsKept)}); err != nil {
			return fmt.Errorf("forget mornings of member %d: %w", m.ID, err)
		}
		rows, err := q.Remind(ctx, store.RemindParams{Kind: noticeLeadsDue, RecordID: m.ID, Mark: mark, At: now})
		if err != nil {
			return fmt.Errorf("mark morning of member %d: %w", m.ID, err)
		}
		if rows == 0 {
			return nil
		}
		due, err := d.dueOn(ctx, q, m, day)
		if err != nil || due.Count() == 0 {
			return err
		}
		return d.tell(ctx, tx, q, owed{kind: noticeLeadsDue, memberID: m.ID, body: NoticeBody{
			Text: due.words(d.ZoneOf(m)), Ref: strconv.FormatInt(m.ID, 10) + " " + mark,
		}})
	})
}

// dueWords is how many things a message without buttons names.
const dueWords = 4

// words says in one line what is due, for a phone.
func (d Agenda) words(zone *time.Location) string {
	var parts []string
	for _, v := range d.Visits {
		parts = append(parts, fmt.Sprintf("%s visit to %s", v.At.In(zone).Format("15:04"), v.Party))
	}
	for _, l := range d.Leads {
		parts = append(parts, fmt.Sprintf("%s: %s", LeadName(l.Name, l.Company), cmp.Or(l.NextAction, "follow up")))
	}
	for _, n := range d.NextSteps {
		parts = append(parts, fmt.Sprintf("%s: %s", n.Party, cmp.Or(n.NextStep, "follow up")))
	}
	more := ""
	if len(parts) > dueWords {
		more = fmt.Sprintf(" And %d more.", len(parts)-dueWords)
		parts = parts[:dueWords]
	}
	for i, p := range parts {
		parts[i] = shorten(p, 80)
	}
	return "Today: " + strings.Join(parts, "; ") + "." + more
}
