package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Kinds of notices; package notify words them under the same names.
const (
	noticeOffer      = "offer"
	noticeLogged     = "logged"
	noticeAccepted   = "accepted"
	noticeClosed     = "closed"
	noticeWithdrawn  = "withdrawn"
	noticeReopened   = "reopened"
	noticeUnassigned = "unassigned"
	noticeCode       = "code"
	noticeRegister   = "register"
	noticeWelcome    = "welcome"
	noticeProblem    = "problem"
	noticeReport     = "report"
	noticeUnowned    = "unowned"
	noticeNudge      = "nudge"

	noticeQuoteReady = "quote_ready"
	noticeQuoteNews  = "quote_news"
	noticeLeadsDue   = "leads_due"
	noticeLeadNews   = "lead_news"
	noticeTaskDue    = "task_due"
	noticeTaskNews   = "task_news"
	noticeSheet      = "service_sheet"
	noticeImportDone = "import_done"

	noticeDutyNews   = "duty_news"
	noticeCorrection = "correction"
	noticeWords      = "words"
	noticeInform     = "inform"
	noticeDrill      = "drill"
)

// NoticeBody is what a notice says beyond its call.
type NoticeBody struct {
	Text string `json:"text,omitempty"`
	Ref  string `json:"ref,omitempty"`
	Told *Told  `json:"told,omitempty"` // to a customer
}

// owed is one message about to be written down.
type owed struct {
	kind     string
	memberID int64
	callID   *int64
	offerID  *int64
	record   Record // what it is about, if that is no call
	body     NoticeBody

	customerContactID int64 // the person at a customer's whom it is for, if it is for no member
	insteadOf         int64 // the failed notice that it stands in for
}

// owe writes down a message on each of the methods and enqueues its sending, all in the transaction.
func (d *Desk) owe(ctx context.Context, tx pgx.Tx, q *store.Queries, o owed, methods []store.ContactMethod) error {
	body, err := json.Marshal(o.body)
	if err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	for _, m := range methods {
		id, err := q.InsertNotice(ctx, store.InsertNoticeParams{
			Kind: o.kind, MemberID: known(o.memberID), CallID: o.callID, OfferID: o.offerID, ContactID: known(m.ID),
			Channel: m.Channel, Address: m.Address, Body: body, CreatedAt: d.Now(),
			Record: o.record.Kind, RecordID: known(o.record.ID), CustomerContactID: known(o.customerContactID), InsteadOf: known(o.insteadOf),
		})
		if err != nil {
			return fmt.Errorf("write %s notice: %w", o.kind, err)
		}
		if err := d.enqueue(ctx, tx, NoticeArgs{NoticeID: id}); err != nil {
			return err
		}
	}
	return nil
}

// tell owes a message on the first way that reaches the member. Somebody with no way at all sees it on their home page.
func (d *Desk) tell(ctx context.Context, tx pgx.Tx, q *store.Queries, o owed) error {
	methods, err := d.usable(ctx, q, o.memberID)
	if err != nil {
		return err
	}
	return d.owe(ctx, tx, q, o, methods[:min(1, len(methods))])
}

// tellAll tells every active member with a role, but those left out.
func (d *Desk) tellAll(ctx context.Context, tx pgx.Tx, q *store.Queries, role Role, o owed, but ...int64) error {
	members, err := q.ListMembersWithRole(ctx, role)
	if err != nil {
		return fmt.Errorf("list members with role %s: %w", role, err)
	}
	for _, m := range members {
		if slices.Contains(but, m.ID) {
			continue
		}
		o.memberID = m.ID
		if err := d.tell(ctx, tx, q, o); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) usable(ctx context.Context, q *store.Queries, memberID int64) ([]store.ContactMethod, error) {
	methods, err := q.ListUsableContactMethods(ctx, store.ListUsableContactMethodsParams{MemberID: memberID, Channels: d.Options.Channels})
	if err != nil {
		return nil, fmt.Errorf("list contact methods of member %d: %w", memberID, err)
	}
	return methods, nil
}

// NoticeFailed gives a notice up. A dead address is disabled and its owner told; what was said moves to the next channel.
func (d *Desk) NoticeFailed(ctx context.Context, id int64, reason string, dead bool) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		// The calls before the notices, in the order in which a step of a call locks them.
		if _, err := q.LockCallsOfNotice(ctx, id); err != nil {
			return fmt.Errorf("lock calls of notice %d: %w", id, err)
		}
		failed, err := q.NoticeFailed(ctx, store.NoticeFailedParams{ID: id, Error: shorten(reason, 500)})
		if err != nil {
			return fmt.Errorf("mark notice %d failed: %w", id, err)
		}
		return d.undelivered(ctx, tx, q, failed, reason, dead)
	})
}

// undelivered sees to it that what failed notices said reaches the person all the same.
func (d *Desk) undelivered(ctx context.Context, tx pgx.Tx, q *store.Queries, failed []store.Notice, reason string, dead bool) error {
	for _, n := range failed {
		if dead && n.ContactID != nil {
			if err := d.disableContact(ctx, tx, q, *n.ContactID, reason); err != nil {
				return err
			}
		}
		if dead && n.CustomerContactID != nil {
			if err := d.consentDead(ctx, tx, q, n, reason); err != nil {
				return err
			}
		}
	}
	for _, n := range failed {
		if err := d.moveOn(ctx, tx, q, n); err != nil {
			return err
		}
	}
	return nil
}

// moveOn sends what a failed notice said through the next way that reaches the person and was not tried, and leaves a
// line in the timeline, so that everybody sees that somebody may not have been reached.
func (d *Desk) moveOn(ctx context.Context, tx pgx.Tx, q *store.Queries, failed store.Notice) error {
	if failed.CustomerContactID != nil {
		return d.informElse(ctx, tx, q, failed)
	}
	if failed.MemberID == nil || failed.Kind == noticeCode || failed.Kind == noticeDrill {
		return nil // a code or a drill is about this very address
	}
	if failed.Kind == noticeOffer {
		if open, err := offerOpen(ctx, q, failed.OfferID); err != nil || !open {
			return err // they were reached otherwise, or it is not theirs to answer any more
		}
	}
	if failed.CallID != nil {
		if err := d.noteFailure(ctx, tx, q, failed); err != nil {
			return err
		}
	}
	methods, err := d.untried(ctx, q, failed)
	if err != nil {
		return err
	}
	return d.again(ctx, tx, q, failed, methods[:min(1, len(methods))])
}

// untried lists the ways to reach a person on which they were not told yet what a notice says.
func (d *Desk) untried(ctx context.Context, q *store.Queries, n store.Notice) ([]store.ContactMethod, error) {
	tried, err := q.ListSameNotices(ctx, n.ID)
	if err != nil {
		return nil, fmt.Errorf("list tries of notice %d: %w", n.ID, err)
	}
	methods, err := d.usable(ctx, q, *n.MemberID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(methods, func(m store.ContactMethod) bool {
		return slices.ContainsFunc(tried, func(t store.Notice) bool { return t.Channel == m.Channel && t.Address == m.Address })
	}), nil
}

// again owes what a notice said on other ways, in its place.
func (d *Desk) again(ctx context.Context, tx pgx.Tx, q *store.Queries, n store.Notice, methods []store.ContactMethod) error {
	o := owed{
		kind: n.Kind, memberID: orZeroID(n.MemberID), callID: n.CallID, offerID: n.OfferID, record: recordOf(n),
		customerContactID: orZeroID(n.CustomerContactID), insteadOf: n.ID,
	}
	if err := json.Unmarshal(n.Body, &o.body); err != nil {
		return fmt.Errorf("decode notice %d: %w", n.ID, err)
	}
	return d.owe(ctx, tx, q, o, methods)
}

func (d *Desk) noteFailure(ctx context.Context, tx pgx.Tx, q *store.Queries, failed store.Notice) error {
	member, err := q.GetMember(ctx, *failed.MemberID)
	if err != nil {
		return fmt.Errorf("read member %d: %w", *failed.MemberID, err)
	}
	_, err = q.InsertCallEvent(ctx, store.InsertCallEventParams{
		CallID: *failed.CallID, At: d.Now(), Via: "desk", Kind: eventUnreached, After: member.Name,
		Note: ChannelName(failed.Channel) + ": " + failed.Error,
	})
	if err != nil {
		return fmt.Errorf("write timeline of call %d: %w", *failed.CallID, err)
	}
	return d.enqueue(ctx, tx, cardOf(*failed.CallID))
}

// disableContact switches an address off that leads nowhere. Its owner is told once, through a way that works, and so are the admins.
func (d *Desk) disableContact(ctx context.Context, tx pgx.Tx, q *store.Queries, id int64, reason string) error {
	now := d.Now()
	dead, err := q.DisableContactMethod(ctx, store.DisableContactMethodParams{ID: id, DisabledAt: &now, Reason: shorten(reason, 200)})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // it was off already
	}
	if err != nil {
		return fmt.Errorf("disable contact method %d: %w", id, err)
	}
	owner, err := q.GetMember(ctx, dead.MemberID)
	if err != nil {
		return fmt.Errorf("read member %d: %w", dead.MemberID, err)
	}
	where := ChannelName(dead.Channel)
	if address := AddressShown(dead); address != "" {
		where += " (" + address + ")"
	}
	text := fmt.Sprintf("I can't reach you by %s any more, so I stopped trying: %s. /callout me shows what I know of you.", where, reason)
	if err := d.tell(ctx, tx, q, owed{kind: noticeProblem, memberID: dead.MemberID, body: NoticeBody{Text: text}}); err != nil {
		return err
	}
	methods, err := d.usable(ctx, q, dead.MemberID)
	if err != nil {
		return err
	}
	left := "Nothing else reaches them: they need another way in /callout me, or another phone with Roles… in /callout team."
	if len(methods) > 0 {
		left = "What I owe them goes out by " + channelList(methods) + "."
	}
	text = fmt.Sprintf("I can't reach %s by %s any more: %s. %s /callout deliveries shows it.", owner.Name, where, reason, left)
	return d.tellAll(ctx, tx, q, Admin, owed{kind: noticeProblem, body: NoticeBody{Text: text}}, dead.MemberID)
}

// AddressShown is an address as people read it; that of a chat user says nothing.
func AddressShown(m store.ContactMethod) string {
	switch {
	case m.Channel == "sms":
		return PhoneShown(m.Address)
	case slices.Contains(ChatChannels(), m.Channel):
		return ""
	}
	return m.Address
}

// ChannelName is a channel as people call it.
func ChannelName(channel string) string {
	switch channel {
	case "slack":
		return "Slack"
	case "discord":
		return "Discord"
	case "sms":
		return "SMS"
	case "email":
		return "e-mail"
	case "web":
		return "a link"
	}
	return channel
}

// recordOf is what a notice is about, if that is no call.
func recordOf(n store.Notice) Record {
	r := Record{Kind: n.Record}
	if n.RecordID != nil {
		r.ID = *n.RecordID
	}
	return r
}
