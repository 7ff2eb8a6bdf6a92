package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// gapDays is how many days ahead gaps are looked for.
const gapDays = 7

// gapHour is the hour of the evening, where the company is, from which dispatchers are told of the gaps to come.
const gapHour = 18

// gapsTold is how many gaps one message lists.
const gapsTold = 12

// Gap is a time in which somebody is missing.
type Gap struct {
	From, To time.Time
	Lacks    string // what is missing, as a sentence goes on: nobody is on duty
	AllDay   bool   // it is as long as the company is open that day
}

// GapFacts is what gaps are found in.
type GapFacts struct {
	Office      DutyFacts // when the company is open
	People      []GapPerson
	Skills      []string // that machines need
	Territories []string // where customers are
}

// GapPerson is a technician as FindGaps sees them.
type GapPerson struct {
	Skills    []string
	Territory string
	Duty      DutyFacts
}

// FindGaps replays a time with everybody's duty. While the company is open somebody must be on duty, with each skill that machines
// need and for each territory; at other times somebody must be on call, if anybody ever is. What nobody has at all is no gap in
// time: Missing lists it.
func FindGaps(f GapFacts, from, to time.Time) []Gap {
	lines := make([][]Stretch, len(f.People))
	edges := f.Office.edges(from, to)
	onCall := false
	for i, p := range f.People {
		lines[i] = DutyOver(p.Duty, from, to)
		edges = append(edges, p.Duty.edges(from, to)...)
		onCall = onCall || slices.ContainsFunc(lines[i], func(s Stretch) bool { return s.Duty.OnCall })
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	open := map[string]int{} // the gap that is being made longer, by what it lacks
	var gaps []Gap
	for i, at := range edges {
		end := to
		if i+1 < len(edges) {
			end = edges[i+1]
		}
		still := map[string]int{}
		for _, lacks := range f.lacking(lines, at, onCall) {
			n, longer := open[lacks]
			if !longer {
				n, gaps = len(gaps), append(gaps, Gap{From: at, Lacks: lacks})
			}
			gaps[n].To = end
			still[lacks] = n
		}
		open = still
	}
	for i := range gaps {
		gaps[i].AllDay = f.allDay(gaps[i])
	}
	return gaps
}

const (
	lacksDuty   = "nobody is on duty"
	lacksOnCall = "nobody is on call"
)

// lacking is what is missing at a moment.
func (f GapFacts) lacking(lines [][]Stretch, at time.Time, onCall bool) []string {
	var there []GapPerson
	anybody := false
	for i, p := range f.People {
		duty := dutyIn(lines[i], at)
		anybody = anybody || duty.Any()
		if duty.On {
			there = append(there, p)
		}
	}
	switch {
	case !DutyAt(f.Office, at).On && onCall && !anybody:
		return []string{lacksOnCall}
	case !DutyAt(f.Office, at).On:
		return nil
	case len(there) == 0:
		return []string{lacksDuty}
	}
	var lacks []string
	for _, skill := range f.Skills {
		if f.somebody(skill, f.People) && !f.somebody(skill, there) {
			lacks = append(lacks, "nobody on duty has the skill "+skill)
		}
	}
	for _, place := range f.Territories {
		if lives(place, f.People) && !lives(place, there) {
			lacks = append(lacks, "nobody on duty is in "+place)
		}
	}
	return lacks
}

func dutyIn(line []Stretch, at time.Time) Duty {
	for _, s := range line {
		if at.Before(s.To) {
			return s.Duty
		}
	}
	return Duty{}
}

func (f GapFacts) somebody(skill string, among []GapPerson) bool {
	return slices.ContainsFunc(among, func(p GapPerson) bool { return len(without([]string{skill}, p.Skills)) == 0 })
}

func lives(place string, among []GapPerson) bool {
	return slices.ContainsFunc(among, func(p GapPerson) bool { return Fold(p.Territory) == Fold(place) })
}

// Missing lists the skills that machines need and no technician has.
func (f GapFacts) Missing() []string {
	return those(f.Skills, func(skill string) bool { return !f.somebody(skill, f.People) })
}

// allDay reports whether a gap is as long as the company is open on its day.
func (f GapFacts) allDay(g Gap) bool {
	day := DayOf(g.From, f.Office.Zone)
	first, last := wallTime(day, 0, f.Office.Zone), wallTime(day, 24*60, f.Office.Zone)
	for _, s := range DutyOver(f.Office, first, last) {
		if s.Duty.On && (g.From.After(s.From) || g.To.Before(s.To)) {
			return false
		}
	}
	return DutyAt(f.Office, g.From).On
}

// Text is a gap in a line, in a zone: Sat 14 Mar 14:00–18:00: nobody is on duty.
func (g Gap) Text(zone *time.Location) string {
	when := SpanText(g.From, g.To, zone, "Mon 2 Jan")
	if g.AllDay {
		when = g.From.In(zone).Format("Mon 2 Jan") + " all day"
	}
	return when + ": " + g.Lacks
}

// GapReport is what the coming days lack.
type GapReport struct {
	Gaps     []Gap
	Missing  []string // skills that nobody has
	NoOnCall bool     // nobody is ever on call, so the nights are not looked at
	Until    time.Time
}

// Gaps replays the coming week.
func (d *Desk) Gaps(ctx context.Context, a Actor) (GapReport, error) {
	if err := a.may(SeeDuty); err != nil {
		return GapReport{}, err
	}
	return d.gaps(ctx, d.q)
}

func (d *Desk) gaps(ctx context.Context, q *store.Queries) (GapReport, error) {
	now := d.Now()
	r := GapReport{Until: wallTime(DayOf(now, d.Zone).AddDate(0, 0, gapDays), 24*60, d.Zone), NoOnCall: true}
	f, err := d.gapFacts(ctx, q, now, r.Until)
	if err != nil {
		return r, err
	}
	for _, p := range f.People {
		if slices.ContainsFunc(DutyOver(p.Duty, now, r.Until), func(s Stretch) bool { return s.Duty.OnCall }) {
			r.NoOnCall = false
		}
	}
	r.Gaps, r.Missing = FindGaps(f, now, r.Until), f.Missing()
	return r, nil
}

func (d *Desk) gapFacts(ctx context.Context, q *store.Queries, from, until time.Time) (GapFacts, error) {
	var f GapFacts
	members, err := q.ListMembersWithRole(ctx, Technician)
	if err != nil {
		return f, fmt.Errorf("list technicians: %w", err)
	}
	facts, err := d.dutyFacts(ctx, q, d.zonesOf(members), from, until)
	if err != nil {
		return f, err
	}
	for _, m := range members {
		f.People = append(f.People, GapPerson{Skills: m.Skills, Territory: m.Territory, Duty: facts[m.ID]})
	}
	if f.Skills, err = q.ListSkillsNeeded(ctx); err != nil {
		return f, fmt.Errorf("list skills: %w", err)
	}
	if f.Territories, err = q.ListTerritories(ctx); err != nil {
		return f, fmt.Errorf("list territories: %w", err)
	}
	holidays, err := d.holidaysBetween(ctx, q, from, until)
	f.Office = d.officeHours(holidays)
	return f, err
}

// GapLines are the gaps as lines of text in a zone, at most so many, and how many more there are.
func GapLines(gaps []Gap, zone *time.Location, most int) []string {
	lines := make([]string, 0, len(gaps))
	for _, g := range gaps[:min(len(gaps), most)] {
		lines = append(lines, g.Text(zone))
	}
	if more := len(gaps) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more: /duty gaps lists them.", more))
	}
	return lines
}

// tickDuty does what is due about duty.
func (d *Desk) tickDuty(ctx context.Context) error {
	return errors.Join(d.expireSwaps(ctx), d.tellGaps(ctx))
}

// noticeGaps marks the evening on which the dispatchers were told of gaps.
const noticeGaps = "duty_gaps"

// tellGaps tells the dispatchers, once an evening, what the coming week lacks. After downtime it is still told the same evening.
func (d *Desk) tellGaps(ctx context.Context) error {
	now := d.Now()
	if now.In(d.Zone).Hour() < gapHour {
		return nil
	}
	today := DayOf(now, d.Zone)
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		fresh, err := q.Remind(ctx, store.RemindParams{Kind: noticeGaps, RecordID: 0, Mark: today.Format(dayKey), At: now})
		if err != nil || fresh == 0 {
			return err
		}
		r, err := d.gaps(ctx, q)
		if err != nil || len(r.Gaps) == 0 {
			return err
		}
		text := fmt.Sprintf("The coming %d days have gaps:\n%s", gapDays, strings.Join(GapLines(r.Gaps, d.Zone, gapsTold), "\n"))
		return d.tellAll(ctx, tx, q, Dispatcher, owed{kind: noticeDutyNews, body: NoticeBody{Text: text, Ref: "gaps"}})
	})
}
