package desk

import (
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// replay is a call as its timeline alone tells it.
type replay struct {
	status, progress, priority string
	technician                 int64
	last                       int64 // the newest entry
	lines                      *[]heard
}

// heard is an entry, and what was before it.
type heard struct {
	entry  store.CallEvent
	before replay
	undone bool
}

// priorityEdit is how an entry says that the priority changed.
var priorityEdit = regexp.MustCompile(`priority “(\w+)” → “(\w+)”`)

// hear takes one entry of the timeline in.
func (r *replay) hear(e store.CallEvent) error {
	r.last = e.ID
	if r.lines == nil {
		r.lines = &[]heard{}
	}
	*r.lines = append(*r.lines, heard{entry: e, before: *r})
	none := func() { r.progress, r.technician = Unassigned, 0 }
	switch e.Kind {
	case eventLogged:
		r.status = Pending
		none()
	case eventOffered:
		r.progress, r.technician = Offered, 0
	case eventAccepted:
		r.progress, r.technician = Accepted, *e.MemberID
	case eventDeclined, eventHandedBack, eventWithdrawn, eventExpired:
		none()
	case eventEnRoute, eventOnSite, eventWaiting:
		r.progress = e.Kind
	case eventTakenUp:
		r.progress = Accepted
	case eventClosed:
		r.status = Done
	case eventUndone:
		return r.undo(e)
	case eventReopened:
		r.status, r.progress = Pending, Accepted
		if r.technician == 0 {
			r.progress = Unassigned
		}
	case eventEdited:
		if m := priorityEdit.FindStringSubmatch(e.Note); m != nil {
			if m[1] != r.priority {
				return fmt.Errorf("the timeline edits the priority %s, which was %s", m[1], r.priority)
			}
			r.priority = m[2]
		}
	}
	return nil
}

// undo goes back to what was before the newest change of the kind that an entry takes back.
func (r *replay) undo(e store.CallEvent) error {
	if e.Before == eventWithdrawn && e.After == Unassigned {
		r.progress, r.technician = Unassigned, 0 // somebody was chosen to be asked, and nobody had it: that has no line
		return nil
	}
	lines := *r.lines
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].undone || lines[i].entry.Kind != e.Before || lines[i].entry.MemberID == nil || *lines[i].entry.MemberID != *e.MemberID {
			continue
		}
		lines[i].undone = true
		if e.Before == eventEdited {
			r.priority = lines[i].before.priority
			return nil
		}
		for i > 0 && lines[i-1].entry.Kind == eventWithdrawn && lines[i-1].entry.At.Equal(lines[i].entry.At) {
			i-- // the call was taken back to do that with it
		}
		was := lines[i].before
		r.status, r.progress, r.technician = was.status, was.progress, was.technician
		return nil
	}
	return fmt.Errorf("the timeline takes back %q, which it does not tell", e.Before)
}

// agrees fails unless a row says what the timeline says.
func (r *replay) agrees(c store.Call) error {
	has := int64(0)
	if c.TechnicianID != nil {
		has = *c.TechnicianID
	}
	row := replay{c.Status, c.Progress, c.Priority, has, r.last, r.lines}
	if row != *r {
		row.lines, r.lines = nil, nil
		return fmt.Errorf("the timeline tells %+v, the row says %+v", *r, row)
	}
	return nil
}

// around is what belongs to a call besides its row.
type around struct {
	Open, Accepted int64 // offers
	Asked, Taker   int64 // whose they are
	Steps, Unowned int64 // to come
	Assigns, Cards int64 // jobs
	StepJobs       int64
	Undrawn        int64 // cards that show less than the row says
	Held           int64 // cards that a worker holds, or held when it was killed
	Unposted       int64
}

const aroundCall = `SELECT
	(SELECT count(*) FROM offer WHERE call_id = $1 AND state = 'open'), (SELECT count(*) FROM offer WHERE call_id = $1 AND state = 'accepted'),
	coalesce((SELECT member_id FROM offer WHERE call_id = $1 AND state = 'open'), 0), coalesce((SELECT member_id FROM offer WHERE call_id = $1 AND state = 'accepted'), 0),
	(SELECT count(*) FROM call_step WHERE call_id = $1 AND done_at IS NULL),
	(SELECT count(*) FROM call_step WHERE call_id = $1 AND done_at IS NULL AND kind IN ('dispatchers','admins','loud')),
	(SELECT count(*) FROM river.river_job WHERE kind = 'assign'), (SELECT count(*) FROM river.river_job WHERE kind = 'card'),
	(SELECT count(*) FROM river.river_job WHERE kind = 'step'),
	(SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.record = 'call' AND call.id = $1 AND (card.shown < call.version OR card.message_id = '')),
	(SELECT count(*) FROM card WHERE card.record = 'call' AND record_id = $1 AND (leased_until IS NOT NULL OR tried_at IS NOT NULL)),
	(SELECT count(*) FROM call_event WHERE call_id = $1 AND NOT posted)`

// check holds the call against everything that must always be true.
func (w *walker) check() error {
	batch := &pgx.Batch{}
	var call store.Call
	var a around
	batch.Queue("SELECT * FROM call WHERE id = $1", w.id).Query(func(rows pgx.Rows) (err error) {
		call, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[store.Call])
		return err
	})
	batch.Queue(aroundCall, w.id).Query(func(rows pgx.Rows) (err error) {
		a, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[around])
		return err
	})
	batch.Queue("SELECT * FROM call_event WHERE call_id = $1 AND id > $2 ORDER BY id", w.id, w.history.last).Query(func(rows pgx.Rows) error {
		events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[store.CallEvent])
		for _, e := range events {
			if err := w.history.hear(e); err != nil {
				return err
			}
		}
		return err
	})
	if err := w.Store.Pool.SendBatch(w.ctx, batch).Close(); err != nil {
		return err
	}
	before := w.call
	if w.call = call; call.Version != before.Version {
		w.past = append(w.past, call)
	}
	if call.Version < before.Version {
		return fmt.Errorf("version %d came after %d", call.Version, before.Version)
	}
	if err := w.history.agrees(call); err != nil {
		return err
	}
	return a.fits(call)
}

// fits says what about a call contradicts itself.
func (a around) fits(c store.Call) error {
	has := c.TechnicianID != nil
	for what, ok := range map[string]bool{
		"two offers live":                           a.Open+a.Accepted <= 1,
		"a technician without having taken it":      c.Status == Done || has == (c.Progress != Unassigned && c.Progress != Offered),
		"a closed call with an open offer":          c.Status == Pending || a.Open == 0,
		"a closed call with steps to come":          c.Status == Pending || a.Steps == 0,
		"offered without an open offer":             c.Status == Done || (c.Progress == Offered) == (a.Open == 1),
		"taken without an accepted offer":           !has || a.Accepted == 1 && a.Taker == *c.TechnicianID,
		"an accepted offer of a call nobody has":    has || a.Accepted == 0,
		"a day to resume, but it does not wait":     c.Status == Done || (c.ResumeOn != nil) == (c.Progress == Waiting),
		"taken without a time":                      c.Status == Done || has == (c.AcceptedAt != nil),
		"an old card that nobody will draw":         a.Undrawn == 0 || a.Cards > 0 || a.Held > 0,
		"a line that nobody will post":              a.Unposted == 0 || a.Cards > 0 || a.Held > 0,
		"an urgent call without a clock":            c.Status == Done || has || c.Priority != "urgent" || a.Unowned+a.Assigns+a.StepJobs > 0,
		"steps about owners of a call that has one": !has || a.Unowned == 0,
	} {
		if !ok {
			return fmt.Errorf("%s: %+v, status %s, progress %s, technician %v", what, a, c.Status, c.Progress, has)
		}
	}
	return nil
}

// checkRest holds a call to which nothing more happens against what must be true then.
func (w *walker) checkRest() error {
	if err := w.check(); err != nil {
		return err
	}
	shown, now := w.shown, w.call
	shown.TriedAt, now.TriedAt = nil, nil
	if fmt.Sprintf("%+v", deref(shown)) != fmt.Sprintf("%+v", deref(now)) {
		return fmt.Errorf("the card shows %+v, the row says %+v", deref(shown), deref(now))
	}
	var owed, old, eligible int
	err := w.Store.Pool.QueryRow(w.ctx, `SELECT (SELECT count(*) FROM notice WHERE call_id = $1 AND state IN ('owed','sending')),
		(SELECT count(*) FROM notice JOIN call ON call.id = notice.call_id WHERE notice.call_id = $1 AND notice.kind = 'offer' AND channel = 'slack'
			AND notice.state IN ('sent','delivered') AND notice.shown < call.version),
		(SELECT count(*) FROM call WHERE id = $1 AND status = 'pending' AND progress = 'unassigned' AND wanted_id IS NOT NULL)`, w.id).Scan(&owed, &old, &eligible)
	if err != nil {
		return err
	}
	if owed+old+eligible > 0 {
		return fmt.Errorf("%d messages are owed, %d show what was, %d wishes are open", owed, old, eligible)
	}
	return w.nobodyElse()
}

// nobodyElse fails if nobody has a call although somebody could be asked.
func (w *walker) nobodyElse() error {
	if w.call.Status != Pending || w.call.Progress != Unassigned {
		return nil
	}
	return w.inTx(w.ctx, func(tx pgx.Tx, q *store.Queries) error {
		s := &step{Desk: w.Desk, tx: tx, q: q, call: w.call}
		scores, err := s.candidates(w.ctx)
		if err == nil && len(scores) > 0 && scores[0].Eligible() {
			err = fmt.Errorf("nobody was asked, but %s could be", scores[0].Name)
		}
		return err
	})
}

// shownCall is a call without pointers.
type shownCall struct {
	store.Call
	Technician int64
}

func deref(c store.Call) shownCall {
	s := shownCall{Call: c}
	if c.TechnicianID != nil {
		s.Technician = *c.TechnicianID
	}
	s.TechnicianID, s.WantedID, s.TriedAt, s.AcceptedAt, s.ClosedAt, s.ResumeOn = nil, nil, nil, nil, nil, nil
	s.SiteID, s.ContactID, s.EquipmentID = nil, nil, nil
	return s
}
