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
