package jobs

import (
	"context"
	"time"

	"callout/notify"
)

// Observe is told of what somebody may want to count. It must return at once; a nil function is not called.
type Observe struct {
	// Sent hears of every try to send a message: sent, failed for good, refused for now, or unanswered.
	Sent func(channel, kind, outcome string, took time.Duration)
	// Ticked hears that a tick has done what was due.
	Ticked func()
}

// handOver hands a message to its sender.
func (j *Jobs) handOver(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	began := now()
	receipt, err := j.Router.Send(ctx, m)
	if j.Observe.Sent != nil {
		j.Observe.Sent(string(m.Channel), string(m.Kind), outcome(err), now().Sub(began))
	}
	return receipt, err
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "sent"
	case notify.Permanent(err):
		return "failed"
	case notify.RetryAfter(err) > 0:
		return "refused"
	}
	return "unanswered"
}
