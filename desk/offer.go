package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// fairnessWindow is how far back offers count against somebody's turn.
const fairnessWindow = 14 * 24 * time.Hour

// Assign finds somebody for a call that has nobody and offers it to them. It does nothing when the call has moved on.
func (d *Desk) Assign(ctx context.Context, args AssignArgs) error {
	return d.step(ctx, Actor{}, args.CallID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending || s.call.Progress != Unassigned {
			return nil
		}
		first, err := s.firstOffer(ctx)
		if err != nil {
			return err
		}
		scores, err := s.candidates(ctx)
		if err != nil {
			return err
		}
		if s.call.WantedID != nil {
			return s.offerChosen(ctx, *s.call.WantedID, scores, first)
		}
		if len(scores) == 0 || !scores[0].Eligible() {
			return s.nobody(ctx, scores, first)
		}
		return s.offerTo(ctx, scores[0], scores, first, "")
	})
}

// candidates scores every technician for the call.
func (s *step) candidates(ctx context.Context) ([]Score, error) {
	need, err := s.need(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	rows, err := s.q.ListCandidates(ctx, store.ListCandidatesParams{
		Channels: s.Desk.Options.Channels, CallID: s.call.ID, CustomerID: s.call.CustomerID, Since: now.Add(-fairnessWindow),
	})
	if err != nil {
		return nil, fmt.Errorf("list candidates: %w", err)
	}
	zones := make(map[int64]*time.Location, len(rows))
	for _, r := range rows {
		zones[r.ID] = zoneOr(r.Timezone, s.Zone)
	}
	duty, err := s.dutyOf(ctx, s.q, zones)
	if err != nil {
		return nil, err
	}
	candidates := make([]Candidate, len(rows))
	for i, r := range rows {
		candidates[i] = Candidate{
			ID: r.ID, Name: r.Name, Reachable: r.Reachable, OnDuty: duty[r.ID].On, OnCall: duty[r.ID].OnCall, Skills: r.Skills, Territory: r.Territory,
			Load: int(r.Load), Capacity: int(r.Capacity), Declined: r.Declined, Withdrawn: r.Withdrawn, Knows: r.Knows,
			RecentOffers: int(r.RecentOffers), LastOffer: r.LastOfferAt,
		}
	}
	return PickTechnician(need, candidates, now), nil
}

func (s *step) need(ctx context.Context) (Need, error) {
	customer, err := s.q.GetCustomer(ctx, s.call.CustomerID)
	if err != nil {
		return Need{}, fmt.Errorf("read customer: %w", err)
	}
	need := Need{Territory: customer.Territory, Urgent: s.call.Priority == priorityUrgent}
	if s.call.EquipmentID != nil {
		e, err := s.q.GetEquipment(ctx, *s.call.EquipmentID)
		if err != nil {
			return Need{}, fmt.Errorf("read equipment: %w", err)
		}
		need.Skills = e.Skills
	}
	return need, nil
}

// firstOffer reports whether nobody has been asked yet, so that who logged the call is told once.
func (s *step) firstOffer(ctx context.Context) (bool, error) {
	_, err := s.q.GetLastOffer(ctx, s.call.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read last offer: %w", err)
	}
	return false, nil
}

// offerChosen offers the call to the person somebody chose. Who is off duty is asked all the same, and that is said. Who
// cannot be asked is dropped, and that is said too: the next try asks the best available.
func (s *step) offerChosen(ctx context.Context, memberID int64, scores []Score, first bool) error {
	for _, score := range scores {
		if score.MemberID != memberID {
			continue
		}
		if contains(score.Out, "no verified contact") {
			break
		}
		note := ""
		switch {
		case contains(score.Out, outOffDuty):
			note = "although off duty"
		case contains(score.Out, outOnCall):
			note = "although only on call"
		}
		return s.offerTo(ctx, score, scores, first, note)
	}
	s.call.WantedID, s.changed = nil, true
	return s.nobody(ctx, scores, first)
}

// offerTo makes the offer, owes it on the person's first channel or, if it is urgent, on all, and plans what happens if no
// answer comes.
func (s *step) offerTo(ctx context.Context, to Score, scores []Score, first bool, note string) error {
	why, err := json.Marshal(scores)
	if err != nil {
		return fmt.Errorf("encode scores: %w", err)
	}
	p, err := s.plan(ctx, to.MemberID)
	if err != nil {
		return err
	}
	offer, err := s.q.InsertOffer(ctx, store.InsertOfferParams{
		CallID: s.call.ID, MemberID: to.MemberID, Why: why, OfferedAt: p.now, DeadlineAt: p.deadline(),
	})
	if err != nil {
		return fmt.Errorf("write offer: %w", err)
	}
	methods, err := s.usable(ctx, s.q, to.MemberID)
	if err != nil {
		return err
	}
	more := false
	if !p.AllAtOnce && len(methods) > 1 {
		methods, more = methods[:1], true
	}
	if err := s.watchOffer(ctx, p, offer.ID, more); err != nil {
		return err
	}
	line, err := handOverLine(ctx, s.q, s.call.ID)
	if err != nil {
		return err
	}
	o := s.owed(to.MemberID, noticeOffer, line)
	o.offerID = &offer.ID
	if err := s.owe(ctx, s.tx, s.q, o, methods); err != nil {
		return err
	}
	return s.sayOffered(ctx, to.Name, methods, first, note)
}

// sayOffered records that somebody is asked, and tells who logged the call the first time.
func (s *step) sayOffered(ctx context.Context, name string, methods []store.ContactMethod, first bool, note string) error {
	before := s.call.Progress
	s.call.Progress = Offered
	if err := s.record(ctx, eventOffered, before, name, note); err != nil {
		return err
	}
	if !first {
		return nil
	}
	text := name + " was asked by " + channelList(methods)
	if note != "" {
		text += ", " + note
	}
	return s.tell(ctx, s.call.LoggedBy, noticeLogged, text+".")
}

// nobody says once, until something else happens, that there is nobody to ask.
func (s *step) nobody(ctx context.Context, scores []Score, first bool) error {
	last, err := s.q.GetLastTurn(ctx, s.call.ID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read last timeline entry: %w", err)
	}
	if last == eventNobody {
		return nil
	}
	if err := s.record(ctx, eventNobody, "", "", whyNobody(scores)); err != nil {
		return err
	}
	p, err := s.plan(ctx, 0)
	if err != nil {
		return err
	}
	if err := s.watchUnowned(ctx, p); err != nil {
		return err
	}
	text := "Nobody could be asked: " + whyNobody(scores)
	if !first {
		return s.tellDispatchers(ctx, noticeUnassigned, text, 0)
	}
	if err := s.tellDispatchers(ctx, noticeUnassigned, text, s.call.LoggedBy); err != nil {
		return err
	}
	return s.tell(ctx, s.call.LoggedBy, noticeLogged, text+" The dispatchers were told; any technician can take it on its card.")
}

// whyNobody says in a sentence why each technician cannot be asked.
func whyNobody(scores []Score) string {
	if len(scores) == 0 {
		return "there is no active technician yet."
	}
	words := make([]string, 0, len(scores))
	for _, s := range scores {
		if !s.Eligible() {
			words = append(words, s.Name+" ("+joined(s.Out, "and")+")")
		}
	}
	if len(words) == 0 {
		return "who was chosen is no active technician any more."
	}
	return shorten(joined(words, "and"), 400) + "."
}

func channelList(methods []store.ContactMethod) string {
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = ChannelName(m.Channel)
	}
	return joined(names, "and")
}
