package desk

import "time"

// Observe is told of what somebody may want to count. It must return at once; a nil function is not called.
type Observe struct {
	// Accepted hears how long a call waited until somebody had it for the first time.
	Accepted func(priority string, after time.Duration)
	// Receipt hears what a provider says later of a message: delivered, undelivered or failed.
	Receipt func(channel, kind, state string)
}

func (o Observe) accepted(priority string, after time.Duration) {
	if o.Accepted != nil {
		o.Accepted(priority, after)
	}
}

func (o Observe) receipt(channel, kind, state string) {
	if o.Receipt != nil {
		o.Receipt(channel, kind, state)
	}
}
