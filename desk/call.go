package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// The status and progress words of a call.
const (
	Pending = "pending"
	Done    = "closed"

	Unassigned = "unassigned"
	Offered    = "offered"
	Accepted   = "accepted"
	EnRoute    = "en_route"
	OnSite     = "on_site"
	Waiting    = "waiting"
)

// Priorities lists the priorities, the most pressing first.
func Priorities() []string { return []string{"urgent", "high", "normal", "low"} }

// What happens to a call, as its timeline says it.
const (
	eventLogged     = "logged"
	eventOffered    = "offered"
	eventNobody     = "nobody"
	eventAccepted   = "accepted"
	eventDeclined   = "declined"
	eventHandedBack = "handed_back"
	eventWithdrawn  = "withdrawn"
	eventEnRoute    = "en_route"
	eventOnSite     = "on_site"
	eventClosed     = "closed"
	eventReopened   = "reopened"
	eventNote       = "note"
	eventUnreached  = "unreached"
	eventEdited     = "edited"
	eventAskedAgain = "asked_again" // on another channel
	eventExpired    = "expired"     // an offer had no answer in time
	eventWaiting    = "waiting"
	eventTakenUp    = "taken_up"
	eventUnowned    = "unowned" // people were told that nobody has the call
)

// Limits of what a call holds; the database has the same.
const (
	MaxSummary = 200
	MaxDetails = 3000
)

// NewCall is a call as the form of the front desk gives it. CustomerID or Customer is set.
type NewCall struct {
	CustomerID   int64
	Customer     *NewCustomer
	EquipmentID  int64
	ContactID    int64
	Summary      string
	Details      string
	Priority     string // empty means normal
	TechnicianID int64  // ask this person; 0 means the best available
	SiteID       int64  // 0 means where the machine is, or the customer's only site
	Inform       string // ways on which the contact agreed to be kept informed, as JoinWays holds them
}

// CallView is a call with the names around it.
type CallView = store.GetCallViewRow

// PhoneOf is the number to ring about a call: the contact's, else the customer's.
func PhoneOf(v CallView) string {
	if v.ContactPhone != "" {
		return v.ContactPhone
	}
	return v.Customer.Phone
}

// LogCall stores a call with its timeline entry, its card and the job that finds a technician, in one transaction. The same
// delivery again returns the same call.
func (d *Desk) LogCall(ctx context.Context, a Actor, in NewCall) (int64, error) {
	if err := a.may(LogCalls); err != nil {
		return 0, err
	}
	if err := d.checkCall(ctx, &in); err != nil {
		return 0, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return 0, err
	}
	params, err := d.logCallParams(a, in, settings)
	if err != nil {
		return 0, err
	}
	id, err := d.insertCall(ctx, a, params, in)
	if errors.Is(err, pgx.ErrNoRows) {
		return d.loggedBefore(ctx, a.Key)
	}
	if isConstraint(err, customerOfCall) {
		return 0, wrong("customer", "That customer is not there any more. Choose again.")
	}
	if err != nil {
		return 0, fmt.Errorf("log call: %w", err)
	}
	return id, nil
}

// insertCall stores a call in one statement, which is a transaction of its own. One with a new customer, or with a contact who is
// kept informed, needs more.
func (d *Desk) insertCall(ctx context.Context, a Actor, p store.LogCallParams, in NewCall) (int64, error) {
	informed, err := d.isInformed(ctx, in)
	if err != nil {
		return 0, err
	}
	if in.Customer == nil && !informed {
		return d.q.LogCall(ctx, p)
	}
	return d.logInformed(ctx, a, p, in)
}

// known is an id, or nil for 0.
func known(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// customerOfCall is the constraint that a call belongs to a customer who is there.
const customerOfCall = "call_customer_id_fkey"

func (d *Desk) logCallParams(a Actor, in NewCall, settings Settings) (store.LogCallParams, error) {
	p := store.LogCallParams{
		Key: a.Key, Now: d.Now(), Priority: in.Priority, CustomerID: in.CustomerID, Summary: in.Summary, Details: in.Details,
		Search: Fold(in.Summary + " " + in.Details), LoggedBy: a.ID, Via: a.Via,
		EquipmentID: known(in.EquipmentID), ContactID: known(in.ContactID), SiteID: known(in.SiteID),
		WantedID: known(in.TechnicianID),
	}
	if p.Key == "" { // a call nobody delivered, such as a seed's: it is never repeated
		p.Key = "once:" + strconv.FormatInt(a.ID, 36) + ":" + randomKey()
	}
	for _, b := range boards(settings.CallsChannel) {
		p.Platforms = append(p.Platforms, b.platform)
		p.Channels = append(p.Channels, b.channel)
	}
	// The statement itself adds which call the jobs are about.
	for _, job := range []jobArgs{AssignArgs{}, CardArgs{Record: CallRecord}} {
		args, err := json.Marshal(job)
		if err != nil {
			return p, fmt.Errorf("encode job: %w", err)
		}
		p.JobKinds, p.JobArgs = append(p.JobKinds, job.Kind()), append(p.JobArgs, args)
		p.JobPriorities = append(p.JobPriorities, int16(job.InsertOpts().Priority))
	}
	p.JobTries, p.Wake = jobTries, d.waker.due()
	return p, nil
}

func (d *Desk) loggedBefore(ctx context.Context, key string) (int64, error) {
	inbound, err := d.q.GetInbound(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("read delivery: %w", err)
	}
	if inbound.CallID == nil {
		return 0, fmt.Errorf("delivery %s made no call", key)
	}
	return *inbound.CallID, nil
}

// checkCall cleans what was typed and refuses what cannot be stored, naming every field at once.
func (d *Desk) checkCall(ctx context.Context, in *NewCall) error {
	p := problems{}
	in.Summary, in.Details = clean(in.Summary), clean(in.Details)
	if in.Priority == "" {
		in.Priority = "normal"
	}
	p.add("summary", limited("The summary", in.Summary, 1, MaxSummary))
	p.add("details", limited("The text", in.Details, 0, MaxDetails))
	if !contains(Priorities(), in.Priority) {
		p.add("priority", refuse(Invalid, "“%s” is not a priority. Choose %s.", shorten(in.Priority, 20), orList(Priorities())))
	}
	switch {
	case in.Customer != nil:
		d.checkCustomer(p, in.Customer)
		checkInform(p, in)
		in.EquipmentID, in.ContactID, in.SiteID = 0, 0, 0
	case in.CustomerID == 0:
		p.add("customer", refuse(Invalid, "Choose the customer, or type a new name and choose “New customer”."))
	default:
		checkInform(p, in)
		if err := d.checkBelongings(ctx, p, in); err != nil {
			return err
		}
	}
	if err := d.checkTechnician(ctx, p, in.TechnicianID); err != nil {
		return err
	}
	return p.err()
}

// checkBelongings refuses a machine, contact or site of another customer on its field; nothing is dropped silently. The
// customer itself is guarded by its foreign key.
func (d *Desk) checkBelongings(ctx context.Context, p problems, in *NewCall) error {
	if in.EquipmentID == 0 && in.ContactID == 0 && in.SiteID == 0 {
		return nil
	}
	owner, err := d.q.GetOwners(ctx, store.GetOwnersParams{EquipmentID: in.EquipmentID, ContactID: in.ContactID, SiteID: in.SiteID})
	if err != nil {
		return fmt.Errorf("read whose machine, contact and site they are: %w", err)
	}
	check := func(field string, id, owner int64) {
		if id != 0 && owner != in.CustomerID {
			p.add(field, refuse(Invalid, "That belongs to another customer. Choose again."))
		}
	}
	check("equipment", in.EquipmentID, owner.Equipment)
	check("contact", in.ContactID, owner.Contact)
	check("site", in.SiteID, owner.Site)
	return nil
}

func (d *Desk) checkTechnician(ctx context.Context, p problems, id int64) error {
	if id == 0 {
		return nil
	}
	m, err := d.q.GetMember(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && (m.State != StateActive || !contains(m.Roles, Technician)) {
		p.add("technician", refuse(Invalid, "That person is not an active technician. Choose somebody else."))
		return nil
	}
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	return nil
}

// CallView reads a call with the names around it, without asking who wants to know: for cards and notices.
func (d *Desk) CallView(ctx context.Context, id int64) (CallView, error) {
	view, err := d.q.GetCallView(ctx, id)
	if err != nil {
		return CallView{}, found(err, "There is no call %d. /calls lists the calls.", id)
	}
	return view, nil
}

// Call reads a call for a member.
func (d *Desk) Call(ctx context.Context, a Actor, id int64) (CallView, error) {
	if err := a.may(SeeCalls); err != nil {
		return CallView{}, err
	}
	return d.CallView(ctx, id)
}

// Entry is one line of a timeline, with who did it.
type Entry = store.GetCallEventRow

// Entry reads one line of a timeline.
func (d *Desk) Entry(ctx context.Context, id int64) (Entry, error) {
	e, err := d.q.GetCallEvent(ctx, id)
	if err != nil {
		return Entry{}, fmt.Errorf("read timeline entry %d: %w", id, err)
	}
	return e, nil
}

// Timeline reads what happened to a call, the newest part of it, oldest first.
func (d *Desk) Timeline(ctx context.Context, a Actor, id int64) ([]Entry, error) {
	if err := a.may(SeeCalls); err != nil {
		return nil, err
	}
	rows, err := d.q.ListCallEvents(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read timeline of call %d: %w", id, err)
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[len(rows)-1-i] = Entry(r)
	}
	return entries, nil
}
