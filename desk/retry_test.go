package desk

import (
	"testing"
	"time"
)

func TestCallsThatNobodyCanTakeLetTheOthersPass(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	_, err := s.Store.Pool.Exec(s.ctx, `INSERT INTO call (priority, customer_id, summary, logged_by, opened_at)
		SELECT CASE WHEN i = 7 THEN 'urgent' ELSE 'normal' END, $1, 'No skill for it', $2, $3 FROM generate_series(1, $4::integer) AS i`, acme.ID, front.ID, s.Now(), retryMost)
	s.must(err)
	last := s.logs(front, acme, func(c *NewCall) { c.Priority = "low" })
	_, err = s.Store.Pool.Exec(s.ctx, "DELETE FROM river.river_job")
	s.must(err)
	s.clock.move(time.Minute)
	s.must(s.Tick(s.ctx))
	s.is("the most pressing first", s.list("SELECT args->>'call_id' FROM river.river_job ORDER BY id LIMIT 1"), "7")
	s.clock.move(time.Minute)
	s.must(s.Tick(s.ctx))
	if n := s.count("river.river_job WHERE kind = 'assign' AND (args->>'call_id')::bigint = $1", last); n != 1 {
		t.Errorf("the last call is tried %d times", n)
	}
}

func TestTakeUpWhatWasNeverTried(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.offered(front, s.customer("Acme"))
	_, err := s.Store.Pool.Exec(s.ctx, "DELETE FROM river.river_job") // a killed process had them
	s.must(err)
	s.clock.move(untriedAfter)
	tried := s.owedTo(tom)
	if _, err := s.TakeNotice(s.ctx, tried); err != nil {
		t.Fatal(err)
	}
	s.must(s.NoticeRefused(s.ctx, tried, "429")) // its own job waits as long as the provider said
	s.clock.move(time.Second)
	s.must(s.Tick(s.ctx))
	s.is("taken up", s.list("SELECT args->>'notice_id' FROM river.river_job WHERE kind = 'notice'"), s.list("SELECT id FROM notice WHERE state = 'owed' AND attempts = 0"))
}
