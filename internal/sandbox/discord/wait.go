package discord

import "context"

// subscriberBuffer is how far a subscriber may fall behind before it loses events.
const subscriberBuffer = 1024

// emit numbers an event, hands it to subscribers, wakes waiters and has the state saved. Callers hold the lock.
func (s *Server) emit(e Event) {
	s.st.EventSeq++
	e.Seq = s.st.EventSeq
	for _, ch := range s.subs {
		select {
		case ch <- e:
		default: // too slow: it will see the gap in Seq
		}
	}
	s.touch()
}

// touch wakes waiters and has the state saved, for changes nobody is told of one by one.
func (s *Server) touch() {
	s.changes.Changed()
	if s.saver != nil {
		s.saver.Touch()
	}
}

// Wait blocks until cond is true, looking again after every change, or until ctx is done.
func (s *Server) Wait(ctx context.Context, cond func() bool) error {
	return s.changes.Wait(ctx, cond)
}

// Subscribe returns the changes from now on. A reader that is too slow loses events, and sees that in Seq.
func (s *Server) Subscribe() (<-chan Event, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := make(chan Event, subscriberBuffer)
	if s.closed {
		close(ch)
		return ch, func() {}
	}
	id := s.nextSub
	s.nextSub++
	s.subs[id] = ch
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, ok := s.subs[id]; ok {
			delete(s.subs, id)
			close(ch)
		}
	}
}
