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

// The states of a member.
const (
	StateRequested = "requested" // waits for an admin
	StateActive    = "active"
	StateInactive  = "inactive"
	StateRefused   = "refused"
)

// addChat links a chat user to a member and makes it their way to be reached. A user who is linked already is an error.
func (d *Desk) addChat(ctx context.Context, q *store.Queries, memberID int64, platform, userID string) error {
	now := d.Now()
	rows, err := q.InsertChatIdentity(ctx, store.InsertChatIdentityParams{MemberID: memberID, Platform: platform, UserID: userID, CreatedAt: now})
	if err != nil {
		return fmt.Errorf("link chat user: %w", err)
	}
	if rows == 0 {
		return refuse(Conflict, "You are registered already. /callout me shows how.")
	}
	_, err = q.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: memberID, Channel: platform, Address: userID, VerifiedAt: &now})
	if err != nil {
		return fmt.Errorf("add chat contact: %w", err)
	}
	return nil
}

// CheckRoles refuses roles that an admin cannot give.
func (d *Desk) CheckRoles(a Actor, roles []string) error {
	if err := a.may(ApproveMember); err != nil {
		return err
	}
	if len(roles) == 0 {
		return wrong("roles", "Choose at least one role.")
	}
	for _, role := range roles {
		if !contains(Roles(), role) {
			return wrong("roles", "“%s” is no role. The roles are %s.", shorten(role, 20), joined(Roles(), "and"))
		}
	}
	return nil
}

// Approve makes a person a member with roles, or changes the roles of one.
func (d *Desk) Approve(ctx context.Context, a Actor, memberID int64, roles []string) (store.Member, error) {
	if err := d.CheckRoles(a, roles); err != nil {
		return store.Member{}, err
	}
	return d.decide(ctx, a, memberID, func(m *store.Member) (string, error) {
		if m.ID == a.ID && !contains(roles, Admin) {
			return "", wrong("roles", "You cannot take the role admin from yourself; another admin can.")
		}
		fresh := m.State != StateActive // somebody turned down, or gone, may come back
		m.State, m.Roles = StateActive, roles
		if fresh {
			return "Welcome! You are a member now, as " + joined(roles, "and") + ". /callout help shows what you can do.", nil
		}
		return "Your roles are now " + joined(roles, "and") + ".", nil
	})
}

// Refuse turns a person's request down.
func (d *Desk) Refuse(ctx context.Context, a Actor, memberID int64) (store.Member, error) {
	if err := a.may(ApproveMember); err != nil {
		return store.Member{}, err
	}
	return d.decide(ctx, a, memberID, func(m *store.Member) (string, error) {
		if m.State != StateRequested {
			return "", refuse(Conflict, "%s is %s already.", m.Name, m.State)
		}
		m.State = StateRefused
		return "Your request to join was turned down. If that is a mistake, talk to your admin.", nil
	})
}

// Deactivate ends a membership: the person may do nothing more, and what they had or were asked to take is offered to others.
// Doing it again finishes what an earlier try left. Approve brings them back.
func (d *Desk) Deactivate(ctx context.Context, a Actor, memberID int64) (store.Member, error) {
	if err := a.may(ApproveMember); err != nil {
		return store.Member{}, err
	}
	m, err := d.decide(ctx, a, memberID, func(m *store.Member) (string, error) {
		switch {
		case m.ID == a.ID:
			return "", refuse(Conflict, "You cannot remove yourself; another admin can.")
		case m.State != StateActive && m.State != StateInactive:
			return "", refuse(Conflict, "%s is %s, not active.", m.Name, m.State)
		}
		m.State = StateInactive
		return "You are not a member any more. If that is a mistake, talk to your admin.", nil
	})
	if err != nil {
		return m, err
	}
	a.Key = ""
	return m, errors.Join(d.handAllBack(ctx, a, m), d.dropRequests(ctx, a, m))
}

func (d *Desk) decide(ctx context.Context, a Actor, id int64, change func(*store.Member) (string, error)) (store.Member, error) {
	var m store.Member
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		var err error
		if m, err = q.GetMember(ctx, id); err != nil {
			return found(err, "There is no member %d.", id)
		}
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		text, err := change(&m)
		if err != nil {
			return err
		}
		return d.saveDecision(ctx, tx, q, a, &m, text)
	})
	if err != nil {
		return m, fmt.Errorf("decide on member %d: %w", id, err)
	}
	return m, nil
}

func (d *Desk) saveDecision(ctx context.Context, tx pgx.Tx, q *store.Queries, a Actor, m *store.Member, text string) error {
	saved, err := q.UpdateMember(ctx, store.UpdateMemberParams{
		ID: m.ID, Version: m.Version, Name: m.Name, Search: m.Search, Email: m.Email, Roles: m.Roles, State: m.State,
		Timezone: m.Timezone, Skills: m.Skills, Territory: m.Territory, Capacity: m.Capacity, ApprovedBy: known(a.ID),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return refuse(Conflict, "Somebody else just changed %s. Please look again.", m.Name)
	}
	if err != nil {
		return fmt.Errorf("write member: %w", err)
	}
	*m = saved
	if m.State == StateActive {
		if err := d.equip(ctx, q, *m); err != nil {
			return err
		}
	}
	return d.tell(ctx, tx, q, owed{kind: noticeWelcome, memberID: m.ID, body: NoticeBody{Text: text, Ref: strconv.FormatInt(m.ID, 10)}})
}

// usualHours are the weekly hours of a new technician, in minutes after midnight: Monday to Friday, 8 to 17.
var usualHours = struct{ starts, ends int32 }{8 * 60, 17 * 60}

// equip gives a new member what makes them reachable: the admin vouches for the e-mail, a technician gets usual hours.
func (d *Desk) equip(ctx context.Context, q *store.Queries, m store.Member) error {
	now := d.Now()
	if err := q.VerifyMemberEmails(ctx, store.VerifyMemberEmailsParams{MemberID: m.ID, VerifiedAt: &now}); err != nil {
		return fmt.Errorf("verify e-mail: %w", err)
	}
	if !contains(m.Roles, Technician) {
		return nil
	}
	rules, err := q.ListDutyRules(ctx, []int64{m.ID})
	if err != nil || len(rules) > 0 {
		return err
	}
	for day := time.Monday; day <= time.Friday; day++ {
		rule := store.InsertDutyRuleParams{MemberID: m.ID, Weekday: int32(day), Starts: usualHours.starts, Ends: usualHours.ends}
		if err := q.InsertDutyRule(ctx, rule); err != nil {
			return fmt.Errorf("write weekly hours: %w", err)
		}
	}
	return nil
}

// Team lists the members: those who wait first, then the active ones by name; for admins also who was turned down or is gone.
func (d *Desk) Team(ctx context.Context, a Actor) ([]store.Member, error) {
	if err := a.may(SeeDuty); err != nil {
		return nil, err
	}
	states := []string{StateRequested, StateActive}
	if a.Can(ApproveMember) {
		states = append(states, StateInactive, StateRefused)
	}
	var team []store.Member
	for _, state := range states {
		members, err := d.q.ListMembers(ctx, []string{state})
		if err != nil {
			return nil, fmt.Errorf("list members: %w", err)
		}
		team = append(team, members...)
	}
	return team, nil
}

// Technicians lists the active technicians by name.
func (d *Desk) Technicians(ctx context.Context) ([]store.Member, error) {
	return d.q.ListMembersWithRole(ctx, Technician)
}

// Member reads one member, for cards and forms.
func (d *Desk) Member(ctx context.Context, id int64) (store.Member, error) {
	m, err := d.q.GetMember(ctx, id)
	if err != nil {
		return m, found(err, "There is no member %d.", id)
	}
	return m, nil
}

// ContactMethods lists every way to reach a member, usable or not, in their order.
func (d *Desk) ContactMethods(ctx context.Context, memberID int64) ([]store.ContactMethod, error) {
	methods, err := d.q.ListContactMethods(ctx, memberID)
	if err != nil {
		return nil, fmt.Errorf("list contact methods of member %d: %w", memberID, err)
	}
	return methods, nil
}
