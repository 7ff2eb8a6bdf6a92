package jobs

import (
	"sync"
	"time"

	"callout/desk"
)

// moment is how long after an edit of its card a record waits for the next: what changes within a moment is shown, and said
// in the thread, together. The first edit after some quiet is made at once.
const moment = 300 * time.Millisecond

// momentsKept is how many records are remembered before those whose moment is over are dropped.
const momentsKept = 1000

// moments remembers whose cards were just edited, in this process: another one beside it makes an edit of its own at most.
// What is forgotten costs an edit, nothing else: what a card must show is in the database.
type moments struct {
	mu     sync.Mutex
	edited map[desk.Record]time.Time
}

// left is how much of its moment a record has still to wait.
func (m *moments) left(r desk.Record, now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.edited[r]
	if !ok {
		return 0
	}
	return min(moment, at.Add(moment).Sub(now))
}

// begin says that the card of a record is being edited.
func (m *moments) begin(r desk.Record, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.edited == nil {
		m.edited = map[desk.Record]time.Time{}
	}
	if len(m.edited) >= momentsKept {
		for r, at := range m.edited {
			if now.Sub(at) >= moment {
				delete(m.edited, r)
			}
		}
	}
	m.edited[r] = now
}
