package live

import "log/slog"

// Saver writes a server's state after changes, one write for many changes that come together.
type Saver struct {
	dirty chan struct{}
	quit  chan struct{}
	done  chan struct{}
}

// NewSaver starts a saver that calls save after Touch and once more on Close. A nil save makes it idle.
func NewSaver(save func() error, log *slog.Logger) *Saver {
	s := &Saver{dirty: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	if save == nil {
		close(s.done)
		return s
	}
	go func() {
		defer close(s.done)
		for {
			quitting := false
			select {
			case <-s.dirty:
			case <-s.quit:
				quitting = true
			}
			if err := save(); err != nil {
				log.Error("sandbox state was not saved", "err", err)
			}
			if quitting {
				return
			}
		}
	}()
	return s
}

// Touch asks for a write soon.
func (s *Saver) Touch() {
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

// Close writes a last time and returns when the file is on disk. It must be called once.
func (s *Saver) Close() {
	close(s.quit)
	<-s.done
}
