package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// Limits of what is typed about a member.
const (
	MaxTerritory = 60
	maxCapacity  = 100
)

// HoursFields lists what a member's form of weekly hours may edit; SkillFields lists what an admin's form may edit. Both are parts of
// one record.
func HoursFields() []string { return []string{"hours", "on_call"} }

// SkillFields lists what an admin may edit of a technician.
func SkillFields() []string { return []string{"skills", "territory", "capacity"} }

// MemberFields is a member as the forms show them.
func MemberFields(m store.Member, rules []store.DutyRule) Fields {
	return Fields{
		"hours": HoursText(hoursOf(rules, false)), "on_call": HoursText(hoursOf(rules, true)),
		"skills": strings.Join(m.Skills, ", "), "territory": m.Territory, "capacity": strconv.Itoa(int(m.Capacity)),
	}
}

// MemberForEdit reads a member for a form.
func (d *Desk) MemberForEdit(ctx context.Context, memberID int64) (store.Member, Fields, error) {
	m, err := d.Member(ctx, memberID)
	if err != nil {
		return m, nil, err
	}
	rules, err := d.q.ListDutyRules(ctx, []int64{memberID})
	if err != nil {
		return m, nil, fmt.Errorf("read weekly hours: %w", err)
	}
	return m, MemberFields(m, rules), nil
}

// CheckMember reads the fields of a form and writes them as they will be read back, naming every one that is wrong at once.
func CheckMember(mine Fields) (Fields, error) {
	p, out := problems{}, Fields{}
	for name, typed := range mine {
		var err error
		switch name {
		case "hours", "on_call":
			var hours []Hours
			hours, err = ParseHours(typed)
			out[name] = HoursText(hours)
		case "skills":
			out[name] = strings.Join(skillsIn(typed), ", ")
			err = limited("The list of skills", out[name], 0, MaxSkills)
		case "territory":
			out[name] = oneLine(typed)
			err = limited("The territory", out[name], 0, MaxTerritory)
		case "capacity":
			n, bad := strconv.Atoi(strings.TrimSpace(typed))
			if bad != nil || n < 0 || n > maxCapacity {
				err = refuse(Invalid, "“%s” is not a number of calls. Write one from 0 to %d.", shorten(clean(typed), 20), maxCapacity)
			}
			out[name] = strconv.Itoa(n)
		}
		p.add(name, err)
	}
	return out, p.err()
}

// EditHours changes the weekly hours of a member; what others changed meanwhile is merged.
func (d *Desk) EditHours(ctx context.Context, a Actor, memberID, version int64, mine Fields) error {
	if memberless(memberID, a) {
		return a.may(SetOwnDuty)
	}
	if err := a.mayDuty(memberID); err != nil {
		return err
	}
	return d.editMember(ctx, a, memberID, edit{version, only(mine, HoursFields())})
}

// EditSkills changes what a technician can do, where, and how many calls they take at once.
func (d *Desk) EditSkills(ctx context.Context, a Actor, memberID, version int64, mine Fields) error {
	if err := a.may(ApproveMember); err != nil {
		return err
	}
	return d.editMember(ctx, a, memberID, edit{version, only(mine, SkillFields())})
}

func only(f Fields, names []string) Fields {
	out := Fields{}
	for _, name := range names {
		if v, ok := f[name]; ok {
			out[name] = v
		}
	}
	return out
}

func (d *Desk) editMember(ctx context.Context, a Actor, memberID int64, e edit) error {
	mine, err := CheckMember(e.mine)
	if err != nil {
		return err
	}
	e.mine = mine
	err = d.change(ctx, a, Record{Kind: MemberRecord, ID: memberID}, func(ctx context.Context, c *change) error {
		m, err := c.q.LockMember(ctx, memberID)
		if err != nil {
			return found(err, "There is no member %d.", memberID)
		}
		rules, err := c.q.ListDutyRules(ctx, []int64{memberID})
		if err != nil {
			return fmt.Errorf("read weekly hours: %w", err)
		}
		theirs := MemberFields(m, rules)
		merged, err := c.merge(ctx, e, m.Version, theirs)
		if err != nil {
			return err
		}
		names := merged.changed(theirs)
		if len(names) == 0 {
			return nil
		}
		return errors.Join(c.keep(ctx, m.Version, theirs), c.putMember(ctx, m, merged), c.sayEdited(ctx, m, names, theirs, merged))
	})
	if err != nil {
		return err
	}
	return d.retryUnassigned(ctx) // somebody may be free for what waits
}

// putMember writes the fields of a member; they were checked before.
func (c *change) putMember(ctx context.Context, m store.Member, f Fields) error {
	capacity, _ := strconv.ParseInt(f["capacity"], 10, 32)
	err := c.q.EditMember(ctx, store.EditMemberParams{ID: m.ID, Skills: skillsIn(f["skills"]), Territory: f["territory"], Capacity: int32(capacity)})
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	if err := c.q.DeleteDutyRules(ctx, m.ID); err != nil {
		return fmt.Errorf("drop weekly hours: %w", err)
	}
	for i, text := range []string{f["hours"], f["on_call"]} {
		hours, err := ParseHours(text)
		if err != nil {
			return err
		}
		for _, h := range hours {
			rule := store.InsertDutyRuleParams{MemberID: m.ID, Weekday: int32(h.Day), Starts: h.Starts, Ends: h.Ends, OnCall: i == 1}
			if err := c.q.InsertDutyRule(ctx, rule); err != nil {
				return fmt.Errorf("write weekly hours: %w", err)
			}
		}
	}
	return nil
}

// memberLabels are the fields of a member in a sentence.
var memberLabels = map[string]string{"hours": "weekly hours", "on_call": "on-call hours", "skills": "skills", "territory": "territory", "capacity": "calls at once"}

// sayEdited leaves a line for each field in the member's timeline, and tells them if somebody else changed it.
func (c *change) sayEdited(ctx context.Context, m store.Member, names []string, before, after Fields) error {
	var said []string
	for _, name := range names {
		if err := c.event(ctx, eventEdited, before[name], after[name], memberLabels[name]); err != nil {
			return err
		}
		said = append(said, "your "+memberLabels[name]+" are now "+cmp.Or(after[name], "none"))
	}
	slices.Sort(said)
	return c.tell(ctx, m.ID, noticeDutyNews, shorten(c.actor.Name+" changed your data: "+strings.Join(said, "; "), 600)+".")
}

// Technician finds one active technician by name, mention or me, for a command.
func (d *Desk) Technician(ctx context.Context, a Actor, who string) (store.Member, error) {
	ids, none, err := d.resolveWho(ctx, a, "who", who)
	if err != nil {
		return store.Member{}, err
	}
	var all []store.Member
	for _, id := range ids {
		m, err := d.Member(ctx, id)
		if err != nil {
			return m, err
		}
		if m.State == StateActive && contains(m.Roles, Technician) {
			all = append(all, m)
		}
	}
	typed := " " + Fold(strings.ReplaceAll(strings.TrimPrefix(who, "@"), ".", " "))
	if begins := those(all, func(m store.Member) bool { return strings.Contains(" "+m.Search, typed) }); len(begins) > 0 {
		all = begins // @tim is Tim rather than Una Uptime
	}
	switch {
	case none || len(all) == 0:
		return store.Member{}, refuse(Invalid, "“%s” is no active technician. /duty who lists them.", shorten(who, 40))
	case len(all) > 1:
		names := make([]string, len(all))
		for i, m := range all {
			names[i] = m.Name
		}
		return store.Member{}, refuse(Invalid, "“%s” may be %s. Write more of the name, with dots for spaces.", shorten(who, 40), orList(names))
	}
	return all[0], nil
}

// whenFields reads a time from the fields of a form: a day, perhaps a last day, and perhaps times. Without times the days are whole.
// names of the fields: day, to_day, from, to.
func whenFields(p problems, f Fields, now time.Time, zone *time.Location) When {
	first := formDay(p, "day", f["day"])
	if first.IsZero() && p["day"] == "" {
		p.add("day", refuse(Invalid, "Choose the day."))
	}
	last := formDay(p, "to_day", f["to_day"])
	if last.IsZero() {
		last = first
	}
	starts, ends := formMinute(p, "from", f["from"], 0), formMinute(p, "to", f["to"], 24*60)
	if len(p) > 0 {
		return When{}
	}
	if ends <= starts && last.Equal(first) { // over midnight
		last = last.AddDate(0, 0, 1)
	}
	from, to := wallTime(first, starts, zone), wallTime(last, ends, zone)
	switch {
	case !to.After(from):
		p.add("to_day", refuse(Invalid, "The last day is before the first. Swap them."))
	case !to.After(now):
		p.add("day", refuse(Invalid, "That is over already. Choose today or a later day."))
	case to.Sub(now) > farthestDuty:
		p.add("day", refuse(Invalid, "That is too far ahead. At most two years fit."))
	}
	if from.Before(now) {
		from = now
	}
	return When{From: from, To: &to, Whole: starts == 0 && ends == 24*60}
}

func formDay(p problems, field, typed string) Day {
	if typed = strings.TrimSpace(typed); typed == "" {
		return Day{}
	}
	day, err := time.Parse(dayKey, typed)
	if err != nil {
		p.add(field, refuse(Invalid, "“%s” is not a day that exists. Write it like 2026-03-31.", shorten(typed, 40)))
	}
	return day
}

func formMinute(p problems, field, typed string, otherwise int32) int32 {
	if typed = strings.TrimSpace(typed); typed == "" {
		return otherwise
	}
	minute, ok := minuteOf(strings.ToLower(typed))
	if !ok {
		p.add(field, refuse(Invalid, "“%s” is not a time of day. Type it like 17:00.", shorten(typed, 40)))
	}
	return minute
}

// WhenFields reads the time that a form names, in the zone of a member.
func (d *Desk) WhenFields(m store.Member, f Fields) (When, error) {
	p := problems{}
	w := whenFields(p, f, d.Now(), d.ZoneOf(m))
	return w, p.err()
}
