package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// The workers of a walk: jobs are taken in any order, some are worked twice, some workers are killed in between.

type walkJob struct {
	ID   int64
	Kind string
	Args []byte
}

// walkDrawing is a card that a worker draws just now, and what it will show.
type walkDrawing struct {
	Drawing
	call store.Call
	job  int64
}

// walkSending is a message that a worker sends just now.
type walkSending struct {
	out *Outgoing
	job int64
}

func (w *walker) waiting() ([]walkJob, error) {
	rows, err := w.Store.Pool.Query(w.ctx, "SELECT id, kind, args FROM river.river_job WHERE id <> ALL($1) ORDER BY id LIMIT 40", w.running())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[walkJob])
}

// running are the jobs whose workers are in the middle of them.
func (w *walker) running() []int64 {
	ids := []int64{}
	if w.drawing != nil {
		ids = append(ids, w.drawing.job)
	}
	if w.sending != nil {
		ids = append(ids, w.sending.job)
	}
	return ids
}

// work takes a waiting job. One in six is worked by somebody who is killed before the queue learns of it.
func (w *walker) work(m move) error {
	jobs, err := w.waiting()
	if err != nil || len(jobs) == 0 {
		return err
	}
	j := jobs[m.who%len(jobs)]
	done, err := w.workJob(j, m.arg)
	if err != nil || !done || m.arg%6 == 5 {
		return err
	}
	return w.finish(j.ID)
}

func (w *walker) finish(job int64) error {
	_, err := w.Store.Pool.Exec(w.ctx, "DELETE FROM river.river_job WHERE id = $1", job)
	return err
}

// workJob works a job; false means that it stays in the queue.
func (w *walker) workJob(j walkJob, arg int) (bool, error) {
	var args struct {
		CallID   int64 `json:"call_id"`
		RecordID int64 `json:"record_id"`
		NoticeID int64 `json:"notice_id"`
		ReceiptArgs
		StepArgs
	}
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return false, err
	}
	switch j.Kind {
	case "assign":
		return true, w.Assign(w.ctx, AssignArgs{CallID: args.CallID})
	case "step":
		return true, w.TakeStep(w.ctx, StepArgs{StepID: args.StepID, CallID: args.CallID})
	case "receipt":
		return true, ignore(w.LateReceipt(w.ctx, args.ReceiptArgs), errUnknownMessage)
	case "card":
		return false, w.draw(j, args.RecordID, arg)
	case "notice":
		return w.send(j, args.NoticeID, arg)
	}
	return true, nil
}

// draw begins to draw the card, and mostly ends it too.
func (w *walker) draw(j walkJob, record int64, arg int) error {
	if record != w.id {
		return w.finish(j.ID)
	}
	if _, err := w.Cards(w.ctx, Record{Kind: CallRecord, ID: record}); err != nil {
		return err
	}
	d, ok, err := w.LeaseCard(w.ctx, Record{Kind: CallRecord, ID: record}, "slack")
	if err != nil || !ok {
		return err
	}
	call, err := w.q.GetCall(w.ctx, record)
	if err != nil {
		return err
	}
	w.drawing = &walkDrawing{Drawing: d, call: call, job: j.ID}
	if arg%3 == 0 {
		return nil // it takes a while
	}
	return w.drawn(move{arg: arg / 3})
}

// drawn ends the drawing of a card: well, badly, or because the worker was killed.
func (w *walker) drawn(m move) error {
	d := w.drawing
	if d == nil {
		return nil
	}
	w.drawing = nil
	switch m.arg % 8 {
	case 0:
		return nil // killed
	case 1:
		return w.CardUndrawn(w.ctx, d.Card)
	}
	if d.Card.MessageID == "" {
		d.Card.MessageID = "1700000000.000001"
		if err := errors.Join(w.CardPosting(w.ctx, d.Card), w.CardPosted(w.ctx, d.Card, d.Card.MessageID)); err != nil {
			return err
		}
	}
	w.shown = d.call
	for _, entry := range d.Entries {
		if err := w.EntryPosted(w.ctx, d.Card, entry); err != nil {
			return err
		}
	}
	if err := w.CardDrawn(w.ctx, d.Card, d.Version); err != nil {
		return err
	}
	old, err := w.OldOfferMessages(w.ctx, w.id)
	if err != nil {
		return err
	}
	for _, row := range old {
		if err := w.NoticeEdited(w.ctx, row.Notice.ID, row.Version); err != nil {
			return err
		}
	}
	return w.finish(d.job)
}

// send begins to send a message, and mostly ends it too.
func (w *walker) send(j walkJob, id int64, arg int) (bool, error) {
	if w.sending != nil {
		return false, nil
	}
	out, err := w.TakeNotice(w.ctx, id)
	var held *Held
	if errors.As(err, &held) {
		w.held = held.For
		return false, nil // it is looked at again later
	}
	if err != nil || out == nil {
		return true, err
	}
	if len(out.Others) > 0 && (out.Asked == nil || out.Notice.Said == "") {
		var along []int64
		for _, other := range out.Others {
			along = append(along, other.Notice.ID)
		}
		if err := w.Bundled(w.ctx, id, "several things", along); err != nil {
			return false, err
		}
	}
	w.sending = &walkSending{out: out, job: j.ID}
	if arg%3 == 0 {
		return false, nil // it takes a while
	}
	return false, w.sent(move{arg: arg / 3})
}

// sent ends the sending of a message in one of the ways it can end.
func (w *walker) sent(m move) error {
	s := w.sending
	if s == nil {
		return nil
	}
	w.sending = nil
	id := s.out.Notice.ID
	switch m.arg % 10 {
	case 0:
		return nil // killed: nobody knows whether it went out
	case 1:
		if s.out.Asked == nil {
			return w.NoticeRefused(w.ctx, id, "busy")
		}
		return w.NoticeUnanswered(w.ctx, id, "busy") // an earlier try may have arrived
	case 2:
		return w.NoticeUnanswered(w.ctx, id, "timeout")
	case 3:
		return errors.Join(w.NoticeFailed(w.ctx, id, "no such number", m.arg%20 < 10), w.finish(s.job))
	}
	if s.out.Notice.Channel == "sms" {
		return errors.Join(w.TextSent(w.ctx, id, fmt.Sprint("P", id), 1), w.finish(s.job))
	}
	version := int64(0)
	if s.out.Call != nil {
		version = s.out.Call.Call.Version
	}
	return errors.Join(w.NoticeSent(w.ctx, id, fmt.Sprint("P", id), version), w.finish(s.job))
}

// receipt is what a provider says later of a message, perhaps of one it has spoken of before.
func (w *walker) receipt(m move) error {
	states := []string{"delivered", "undelivered", "failed"}
	var channel, id string
	err := w.Store.Pool.QueryRow(w.ctx, `SELECT channel, provider_id FROM notice WHERE call_id = $1 AND provider_id <> ''
		ORDER BY id OFFSET $2 LIMIT 1`, w.id, m.who%5).Scan(&channel, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.Receipt(w.ctx, ReceiptArgs{Channel: channel, ProviderID: id, State: states[m.arg%3], Reason: "off", Dead: m.arg%9 == 8})
}

// rest lets everything that is under way end well, until nothing is left to do, and checks that the call came to rest.
func (w *walker) rest() error {
	const well = 9 * 8 * 10 * 6 // leads every choice of draw, drawn and sent to its good end
	if err := errors.Join(w.drawn(move{arg: 2}), w.sent(move{arg: 4})); err != nil {
		return err
	}
	w.clock.move(5 * time.Minute)
	if err := w.tick(); err != nil {
		return err
	}
	for range walkRest {
		jobs, err := w.waiting()
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			return w.checkRest()
		}
		w.steps++
		w.held = 0
		done, err := w.workJob(jobs[0], 3*well)
		if err == nil && done {
			err = w.finish(jobs[0].ID)
		}
		w.clock.move(w.held) // a text whose turn it is not
		if err := errors.Join(err, w.drawn(move{arg: 2}), w.sent(move{arg: 4})); err != nil {
			return fmt.Errorf("%s %s: %w", jobs[0].Kind, jobs[0].Args, err)
		}
		if err := w.check(); err != nil {
			return fmt.Errorf("after %s %s: %w", jobs[0].Kind, jobs[0].Args, err)
		}
	}
	return fmt.Errorf("it does not come to rest")
}
