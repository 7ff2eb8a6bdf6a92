package discordbot

import "sync"

// maxRecent is how many ids are remembered at least: more than come while a connection is lost and resumed.
const maxRecent = 4096

// recent remembers what came, as Discord may send it again after a lost connection.
type recent struct {
	mu       sync.Mutex
	new, old map[string]bool
}

// before reports whether an id came before, and remembers it.
func (r *recent) before(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.new[id] || r.old[id] {
		return true
	}
	if r.new == nil || len(r.new) == maxRecent {
		r.old, r.new = r.new, make(map[string]bool, maxRecent)
	}
	r.new[id] = true
	return false
}
