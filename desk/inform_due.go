package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// informsAtOnce bounds how many customers one tick informs.
const informsAtOnce = 200

// How late, after it was due, a customer is still told something: while we were away it may have become old news.
const (
	receivedStale = 4 * time.Hour
	onMyWayStale  = 20 * time.Minute
	doneStale     = 24 * time.Hour
)

// informDue tells customers what waited: for the morning, or for the technician to say when they are there.
func (d *Desk) informDue(ctx context.Context) error {
	due, err := d.q.ListDueInforms(ctx, store.ListDueInformsParams{Now: d.Now(), Max: informsAtOnce})
	if err != nil {
		return fmt.Errorf("list what customers are to be told: %w", err)
	}
	var failed []error
	for _, row := range due {
		failed = append(failed, d.step(ctx, Actor{}, row.CallID, func(ctx context.Context, s *step) error { return s.informLater(ctx, row.ID) }))
	}
	return errors.Join(failed...)
}

// informLater makes a notice of what waited, unless it is not so any more.
func (s *step) informLater(ctx context.Context, id int64) error {
	row, err := s.q.GetWaitingInform(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // another instance was quicker
	}
	if err != nil {
		return fmt.Errorf("read what the customer is to be told: %w", err)
	}
	var t Told
	if err := json.Unmarshal(row.Body, &t); err != nil {
		return fmt.Errorf("decode what the customer is to be told: %w", err)
	}
	if now := s.Now(); oldNews(s.call, row, now) {
		return s.q.DropInform(ctx, store.DropInformParams{DroppedAt: &now, ID: id})
	}
	if due := s.informAt(); due.After(s.Now()) { // we were away over the evening
		return s.q.InformWaits(ctx, store.InformWaitsParams{DueAt: due, ID: id})
	}
	return s.informNow(ctx, row, t)
}

// oldNews reports whether what the customer was to be told is not so any more, or so late that it only puzzles them.
func oldNews(call store.Call, row store.Inform, now time.Time) bool {
	late := now.Sub(row.DueAt)
	switch row.State {
	case InformReceived:
		return call.Status == Done || call.Progress == EnRoute || call.Progress == OnSite || late > receivedStale
	case InformOnMyWay:
		return call.Status == Done || call.Progress != EnRoute || late > onMyWayStale
	case InformDone:
		return call.Status != Done || late > doneStale
	}
	return false
}

// informElse tells a customer what a failed message said on the other way they agreed to, and leaves a line in the timeline.
func (d *Desk) informElse(ctx context.Context, tx pgx.Tx, q *store.Queries, failed store.Notice) error {
	if failed.Kind != noticeInform || failed.Record != informRecord || failed.RecordID == nil {
		return nil // a correction of what had arrived
	}
	row, err := q.GetInform(ctx, *failed.RecordID)
	if err != nil {
		return fmt.Errorf("read what the customer was told: %w", err)
	}
	var body NoticeBody
	if err := json.Unmarshal(failed.Body, &body); err != nil {
		return fmt.Errorf("decode notice %d: %w", failed.ID, err)
	}
	if body.Told == nil {
		return fmt.Errorf("notice %d tells a customer nothing", failed.ID)
	}
	_, err = q.InsertCallEvent(ctx, store.InsertCallEventParams{
		CallID: row.CallID, At: d.Now(), Via: "desk", Kind: eventUnreached, After: body.Told.Name,
		Note: ChannelName(failed.Channel) + ": " + failed.Error,
	})
	if err != nil {
		return fmt.Errorf("write timeline of call %d: %w", row.CallID, err)
	}
	if err := d.enqueue(ctx, tx, cardOf(row.CallID)); err != nil {
		return err
	}
	call, err := q.GetCall(ctx, row.CallID)
	if err != nil {
		return fmt.Errorf("read call %d: %w", row.CallID, err)
	}
	if row.DroppedAt != nil || oldNews(call, row, d.Now()) {
		return nil // the report that it failed may come hours later
	}
	if until, quiet := d.quietUntil(d.Now()); quiet && call.Priority != priorityUrgent {
		return q.InformWaits(ctx, store.InformWaitsParams{DueAt: until, ID: row.ID})
	}
	_, err = d.oweInform(ctx, tx, q, row, *body.Told, failed.ID)
	return err
}

// TellArrival tells the customer of a call when whoever is on the way will be there. It is too late once they were told without.
func (d *Desk) TellArrival(ctx context.Context, a Actor, callID int64, when time.Time) error {
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if err := s.mayAct(ctx); err != nil {
			return err
		}
		row, err := s.q.GetWaitingState(ctx, store.GetWaitingStateParams{CallID: callID, State: InformOnMyWay})
		if errors.Is(err, pgx.ErrNoRows) {
			return refuse(Conflict, "The customer of call %d was told already that you are on the way. Use Write to customer to tell them when you are there.", callID)
		}
		if err != nil {
			return fmt.Errorf("read what the customer is to be told: %w", err)
		}
		var t Told
		if err := json.Unmarshal(row.Body, &t); err != nil {
			return fmt.Errorf("decode what the customer is to be told: %w", err)
		}
		t.When = when.In(d.ZoneOf(a.Member)).Format("15:04")
		return s.informNow(ctx, row, t)
	})
}

// WaitingArrival names who is about to be told that somebody is on the way to them, and may be told when.
func (d *Desk) WaitingArrival(ctx context.Context, callID int64) (name string, waiting bool, err error) {
	row, err := d.q.GetWaitingState(ctx, store.GetWaitingStateParams{CallID: callID, State: InformOnMyWay})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read what the customer is to be told: %w", err)
	}
	contact, err := d.q.GetContact(ctx, row.ContactID)
	if err != nil {
		return "", false, fmt.Errorf("read contact: %w", err)
	}
	return contact.Name, true, nil
}

// Informed is one thing a customer was told about a call, with what became of it.
type Informed = store.ListInformsRow

// Informs lists what the customer was told about a call, the oldest first.
func (d *Desk) Informs(ctx context.Context, a Actor, callID int64) ([]Informed, []Told, error) {
	if err := a.may(SeeCalls); err != nil {
		return nil, nil, err
	}
	rows, err := d.q.ListInforms(ctx, callID)
	if err != nil {
		return nil, nil, fmt.Errorf("list what the customer was told: %w", err)
	}
	var old []Informed
	var told []Told
	for i := len(rows) - 1; i >= 0; i-- {
		var t Told
		if err := json.Unmarshal(rows[i].Inform.Body, &t); err != nil {
			return nil, nil, fmt.Errorf("decode what the customer was told: %w", err)
		}
		old, told = append(old, rows[i]), append(told, t)
	}
	return old, told, nil
}

// OnMyWayAt is OnMyWay for who says when they will be there; without a time the customer is told at once that somebody comes.
func (d *Desk) OnMyWayAt(ctx context.Context, a Actor, callID int64, when *time.Time) error {
	return d.move(ctx, a, callID, EnRoute, eventEnRoute, when)
}

// arrivalNote says in the timeline when somebody will be there.
func arrivalNote(when *time.Time, zone *time.Location) string {
	if when == nil {
		return ""
	}
	return "there about " + when.In(zone).Format("15:04")
}

// ArrivalMost is how far ahead somebody may say that they arrive.
const ArrivalMost = 12 * time.Hour

// ParseArrival reads when somebody will be there: minutes or hours from now, such as 30 or 1h, or a time of the day such as 14:30.
func ParseArrival(typed string, now time.Time, zone *time.Location) (time.Time, error) {
	text := strings.ToLower(strings.Join(strings.Fields(typed), ""))
	for _, before := range []string{"in", "at", "about", "~"} {
		text = strings.TrimPrefix(text, before)
	}
	unsure := refuse(Invalid, "“%s” is not a time. Write minutes such as 30, hours such as 1h, or a time such as 14:30.", shorten(typed, 20))
	for _, layout := range []string{"15:04", "15.04", "3:04pm", "3pm"} {
		if at, err := time.Parse(layout, text); err == nil {
			local := now.In(zone)
			when := time.Date(local.Year(), local.Month(), local.Day(), at.Hour(), at.Minute(), 0, 0, zone)
			if when.Before(now) {
				when = time.Date(local.Year(), local.Month(), local.Day()+1, at.Hour(), at.Minute(), 0, 0, zone)
			}
			if when.Sub(now) > ArrivalMost {
				return time.Time{}, refuse(Invalid, "%s is over, or too far ahead.", typed)
			}
			return when, nil
		}
	}
	unit := time.Minute
	for _, hours := range []string{"hours", "hour", "hrs", "hr", "h"} {
		if cut, ok := strings.CutSuffix(text, hours); ok {
			text, unit = cut, time.Hour
			break
		}
	}
	for _, minutes := range []string{"minutes", "minute", "mins", "min", "m"} {
		if cut, ok := strings.CutSuffix(text, minutes); ok && unit == time.Minute {
			text = cut
			break
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 720 || time.Duration(n)*unit > ArrivalMost {
		return time.Time{}, unsure
	}
	return now.Add(time.Duration(n) * unit), nil
}

// informStale reports whether a message to a customer may not leave any more: they do not agree to it now, or it is old news.
func (d *Desk) informStale(ctx context.Context, n store.Notice) (bool, error) {
	ways, err := d.waysTo(ctx, d.q, *n.CustomerContactID)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(ways, func(c store.Consent) bool { return c.Channel == n.Channel && c.Address == n.Address }) {
		return true, nil
	}
	if n.Kind != noticeInform || n.CallID == nil || n.RecordID == nil {
		return false, nil // a correction
	}
	row, err := d.q.GetInform(ctx, *n.RecordID)
	if err != nil {
		return false, fmt.Errorf("read what the customer is told: %w", err)
	}
	call, err := d.q.GetCall(ctx, *n.CallID)
	if err != nil {
		return false, fmt.Errorf("read call %d: %w", *n.CallID, err)
	}
	return row.DroppedAt != nil || oldNews(call, row, d.Now()), nil
}

// informQuiet returns until when a message to a customer waits because nobody is disturbed now; false if it does not. A correction
// follows what they have just been told.
func (d *Desk) informQuiet(ctx context.Context, n store.Notice) (until time.Time, quiet bool, err error) {
	if n.Kind != noticeInform || n.CustomerContactID == nil || n.CallID == nil || n.RecordID == nil {
		return until, false, nil
	}
	if until, quiet = d.quietUntil(d.Now()); !quiet {
		return until, false, nil
	}
	call, err := d.q.GetCall(ctx, *n.CallID)
	if err != nil {
		return until, false, fmt.Errorf("read call %d: %w", *n.CallID, err)
	}
	return until, call.Priority != priorityUrgent, nil
}

// informWaits puts a message to a customer off until the morning, if it was held up until the night.
func (d *Desk) informWaits(ctx context.Context, n store.Notice) (bool, error) {
	until, quiet, err := d.informQuiet(ctx, n)
	if err != nil || !quiet {
		return false, err
	}
	return true, d.q.InformWaits(ctx, store.InformWaitsParams{DueAt: until, ID: *n.RecordID})
}
