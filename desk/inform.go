package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// What customers are told of a call. The first three are sent by themselves, each at most once for a call; words are what a member
// writes to them; not so is a correction, of what they were told and was undone. Package notify words them under the same names.
const (
	InformReceived = "received"
	InformOnMyWay  = "on_my_way"
	InformDone     = "done"
	InformWords    = "words"
	InformNotSo    = "not_so"
)

// Told is what a customer is told, fixed when it is decided: what changes inside the company later is none of theirs. It is
// notify.Told.
type Told struct {
	State      string `json:"state"`
	Name       string `json:"name,omitempty"`
	About      string `json:"about,omitempty"`
	Technician string `json:"technician,omitempty"`
	When       string `json:"when,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Text       string `json:"text,omitempty"`
	By         string `json:"by,omitempty"`
	First      bool   `json:"first,omitempty"`
}

// eventInformed says that a customer was told something by itself.
const eventInformed = "informed"

// informRecord is the kind of record that the notices to customers are about: one row of the table inform.
const informRecord = "inform"

// arrivalWait is how long the customer is not told yet that somebody is on the way, so that one tap can add when they are there.
const arrivalWait = 2 * time.Minute

// quietUntil returns when customers may be disturbed again; false if they may be now.
func (d *Desk) quietUntil(at time.Time) (time.Time, bool) {
	at = at.In(d.Zone)
	day, minute := at.Day(), at.Hour()*60+at.Minute()
	switch {
	case minute >= quietFrom:
		day++
	case minute >= quietTo:
		return at, false
	}
	return time.Date(at.Year(), at.Month(), day, quietTo/60, quietTo%60, 0, 0, d.Zone), true
}

// Between these minutes of the company's day nobody is disturbed, unless their call is urgent.
const (
	quietFrom = 21 * 60
	quietTo   = 7*60 + 30
)

// informAt is when a customer may be told something about the call.
func (s *step) informAt() time.Time {
	now := s.Now()
	if until, quiet := s.quietUntil(now); quiet && s.call.Priority != priorityUrgent {
		return until
	}
	return now
}

// inform owes the contact of the call a word about its new state, if they agreed to be kept informed and were not told before. What
// they were to be told of earlier states and has not left yet is dropped.
func (s *step) inform(ctx context.Context, state string, when *time.Time) error {
	if s.call.ContactID == nil {
		return nil
	}
	ways, err := s.waysTo(ctx, s.q, *s.call.ContactID)
	if err != nil || len(ways) == 0 {
		return err
	}
	if err := s.dropInforms(ctx, earlierStates(state)...); err != nil {
		return err
	}
	due := s.informAt()
	if state == InformOnMyWay {
		if due.After(s.Now()) {
			return nil // by the morning they have come
		}
		if when == nil && slices.Contains(ChatChannels(), s.actor.Via) {
			due = s.Now().Add(arrivalWait)
		}
	}
	told, err := s.told(ctx, state, when)
	if err != nil {
		return err
	}
	now := s.Now()
	if err := s.q.FreeInforms(ctx, store.FreeInformsParams{DroppedAt: &now, CallID: s.call.ID, State: state}); err != nil {
		return fmt.Errorf("look what was taken back: %w", err)
	}
	row, err := s.insertInform(ctx, told, "", due)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && due.After(s.Now()) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.informNow(ctx, row, told)
}

// informMoved tells the customer that somebody is on the way; who has arrived needs no word any more.
func (s *step) informMoved(ctx context.Context, to string, when *time.Time) error {
	if to == EnRoute {
		return s.inform(ctx, InformOnMyWay, when)
	}
	if s.call.ContactID == nil {
		return nil
	}
	return s.dropInforms(ctx, InformReceived, InformOnMyWay)
}

func earlierStates(state string) []string {
	switch state {
	case InformOnMyWay:
		return []string{InformReceived}
	case InformDone:
		return []string{InformReceived, InformOnMyWay}
	}
	return nil
}

// dropInforms takes back what the customer was to be told about some states and has not left yet. What was dropped may be said again
// when the state comes again.
func (s *step) dropInforms(ctx context.Context, states ...string) error {
	if len(states) == 0 {
		return nil
	}
	now := s.Now()
	if err := s.q.DropInforms(ctx, store.DropInformsParams{DroppedAt: &now, CallID: s.call.ID, States: states}); err != nil {
		return fmt.Errorf("drop what the customer was to be told: %w", err)
	}
	return nil
}

// told gathers what the customer may know of the call: its number, their machine, who comes. What was typed about the call stays
// inside the company.
func (s *step) told(ctx context.Context, state string, when *time.Time) (Told, error) {
	t := Told{State: state}
	contact, err := s.q.GetContact(ctx, *s.call.ContactID)
	if err != nil {
		return t, fmt.Errorf("read contact: %w", err)
	}
	t.Name = contact.Name
	if id := s.call.EquipmentID; id != nil {
		machine, err := s.q.GetEquipment(ctx, *id)
		if err != nil {
			return t, fmt.Errorf("read machine: %w", err)
		}
		t.About = machine.Model
	}
	if when != nil {
		t.When = when.In(s.ZoneOf(s.actor.Member)).Format("15:04")
	}
	if id := s.call.TechnicianID; id != nil && state == InformOnMyWay {
		technician, err := s.q.GetMember(ctx, *id)
		if err != nil {
			return t, fmt.Errorf("read technician: %w", err)
		}
		t.Technician = firstName(technician.Name)
	}
	t.Phone, err = s.companyPhone(ctx, s.q)
	return t, err
}

// firstName is what customers call somebody of ours.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// companyPhone is where customers call us, read in the transaction at hand; empty if nobody set it.
func (d *Desk) companyPhone(ctx context.Context, q *store.Queries) (string, error) {
	rows, err := q.ListSettings(ctx)
	if err != nil {
		return "", fmt.Errorf("read settings: %w", err)
	}
	for _, row := range rows {
		if row.Key == "company_phone" {
			return row.Value, nil
		}
	}
	return d.Defaults.CompanyPhone, nil
}

// insertInform writes down what the customer is told. pgx.ErrNoRows says that they were told before.
func (s *step) insertInform(ctx context.Context, t Told, channel string, due time.Time) (store.Inform, error) {
	body, err := json.Marshal(t)
	if err != nil {
		return store.Inform{}, fmt.Errorf("encode what the customer is told: %w", err)
	}
	row, err := s.q.InsertInform(ctx, store.InsertInformParams{
		CallID: s.call.ID, ContactID: *s.call.ContactID, State: t.State, Channel: channel, Body: body, WrittenBy: known(s.actor.ID),
		CreatedAt: s.Now(), DueAt: due,
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return row, fmt.Errorf("write what the customer is told: %w", err)
	}
	return row, err
}

// informNow makes a notice of what the customer is to be told, on the first way that is left. Without one it is dropped.
func (s *step) informNow(ctx context.Context, row store.Inform, t Told) error {
	sent, err := s.oweInform(ctx, s.tx, s.q, row, t, 0)
	if err != nil || sent == "" || t.State == InformWords { // what a member wrote is in the timeline already
		return err
	}
	return s.record(ctx, eventInformed, t.State, t.Name, informedNote(sent, t))
}

// informedNote says what a customer is told, and how.
func informedNote(channel string, t Told) string {
	what := "that the call is done"
	switch t.State {
	case InformReceived:
		what = "that we have the call"
	case InformOnMyWay:
		what = "that " + orText(t.Technician, "somebody") + " is on the way"
		if t.When != "" {
			what += ", there about " + t.When
		}
	}
	return "by " + ChannelName(channel) + " " + what
}
