package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// CallRow is a call as lists show it.
type CallRow = store.CallRow

// CallPage is one page of a list of calls.
type CallPage struct {
	Calls []store.CallRow
	Next  int64 // pass as before to get the next page; 0 at the end
}

// Calls lists the calls a filter lets through, the newest first. before is the Next of the page before, 0 for the first.
func (d *Desk) Calls(ctx context.Context, a Actor, f Filter, before int64, size int) (CallPage, error) {
	if err := a.may(SeeCalls); err != nil {
		return CallPage{}, err
	}
	where, err := d.resolve(ctx, a, f)
	if err != nil {
		return CallPage{}, err
	}
	where.Before, where.Limit = before, size+1
	rows, err := d.Store.ListCalls(ctx, where)
	if err != nil {
		return CallPage{}, fmt.Errorf("list calls: %w", err)
	}
	page := CallPage{Calls: rows}
	if len(rows) > size {
		page.Calls = rows[:size]
		page.Next = page.Calls[size-1].ID
	}
	return page, nil
}

// resolve turns a filter into what the database compares.
func (d *Desk) resolve(ctx context.Context, a Actor, f Filter) (store.CallWhere, error) {
	w := store.CallWhere{Priority: f.Priority, Words: patterns(f.Words)}
	switch f.Status {
	case "", Pending, Done:
		w.Status = f.Status
	default:
		w.Status, w.Progress = Pending, f.Status
	}
	if f.Customer != "" {
		w.Customer = searchPatterns(f.Customer)
	}
	var err error
	if w.From, w.To, err = f.Period(d.Now(), d.ZoneOf(a.Member)); err != nil {
		return w, err
	}
	if f.Tech != "" {
		if w.Technicians, w.NoTechnician, err = d.resolveWho(ctx, a, "tech", f.Tech); err != nil {
			return w, err
		}
	}
	return w, nil
}

// mention is how Slack and Discord send a person picked while typing: <@U123|maria> or <@!123>.
var mention = regexp.MustCompile(`^<@!?([A-Z0-9]+)(?:\|[^>]*)?>$`)

// memberNumber is how somebody is named who is called as somebody else is: @Tom Smith #12.
var memberNumber = regexp.MustCompile(`#(\d{1,18})$`)

// resolveWho reads the value of a filter that names people: @name, a mention, me or none.
func (d *Desk) resolveWho(ctx context.Context, a Actor, key, who string) (ids []int64, none bool, err error) {
	name := strings.TrimPrefix(who, "@")
	switch strings.ToLower(name) {
	case "me":
		return []int64{a.ID}, false, nil
	case "none", "nobody", "unassigned":
		return nil, true, nil
	}
	if m := mention.FindStringSubmatch(who); m != nil {
		member, err := d.q.GetMemberByAnyChat(ctx, m[1])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, false, wrong(key, "%s is not registered here. /callout team lists the members.", who)
		}
		return []int64{member.ID}, false, err
	}
	if m := memberNumber.FindStringSubmatch(name); m != nil {
		id, _ := strconv.ParseInt(m[1], 10, 64) // digits, and not too many
		member, err := d.q.GetMember(ctx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, false, wrong(key, "“%s”: there is no member with this number. /callout team lists the members.", shorten(who, 40))
		}
		return []int64{member.ID}, false, err
	}
	words := patterns(strings.ReplaceAll(name, ".", " "))
	var members []store.Member
	if len(words) > 0 { // no words would be anybody
		members, err = d.q.ListMembersLike(ctx, words)
	}
	if err != nil {
		return nil, false, fmt.Errorf("find member: %w", err)
	}
	if len(members) == 0 {
		return nil, false, wrong(key, "Nobody is called “%[1]s”. /callout team lists the members; “%[2]s:me” and “%[2]s:none” work too.", shorten(who, 40), key)
	}
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	return ids, false, nil
}

// Hands is what a technician has to do: calls they are asked to take, and calls they have.
type Hands struct {
	Asked []store.ListOffersToMemberRow
	Mine  []store.ListCallsOfTechnicianRow
}

// handsMost is how many calls of each kind are shown to one person.
const handsMost = 25

// InHands reads what the member is asked to take and has taken.
func (d *Desk) InHands(ctx context.Context, a Actor) (Hands, error) {
	var h Hands
	var err error
	if h.Asked, err = d.q.ListOffersToMember(ctx, store.ListOffersToMemberParams{MemberID: a.ID, Max: handsMost}); err != nil {
		return h, fmt.Errorf("list offers: %w", err)
	}
	mine := store.ListCallsOfTechnicianParams{MemberID: &a.ID, Max: handsMost}
	if h.Mine, err = d.q.ListCallsOfTechnician(ctx, mine); err != nil {
		return h, fmt.Errorf("list own calls: %w", err)
	}
	return h, nil
}
