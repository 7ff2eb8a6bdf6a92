package discord

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// maxRecorded bounds the memory of a long demo.
const maxRecorded = 10000

// Fail makes coming requests of a route go wrong, e.g. "POST /channels/{channel}/messages"; "*" means every route.
// The routes are those of the table in api.go. Times 0 lasts until ClearFaults.
func (s *Server) Fail(route string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if route != "*" && s.routes[route].run == nil {
		panic("discord sandbox: there is no route " + route) // a fault that can never happen tests nothing
	}
	s.faults[route] = append(s.faults[route], &f)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = map[string][]*Fault{}
}

// RepeatDeliveries sends every interaction n extra times, under the same id and token.
func (s *Server) RepeatDeliveries(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repeat = n
}

// Requests lists what the app asked of a route, or of any for "*", oldest first.
func (s *Server) Requests(route string) []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Recorded
	for _, r := range s.recorded {
		if route == "*" || r.Route == route {
			out = append(out, r)
		}
	}
	return out
}

// Violations lists what the app did that Discord's rules forbid whatever the guild looks like: bodies that are
// refused, unknown routes and tokens, an interaction answered twice, late or not at all, a broken gateway protocol.
// What depends on the guild (a closed direct message, a message that is gone, a rate limit) is not among them.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// CheckError is nil when there are no Violations; otherwise it tells them all.
func (s *Server) CheckError() error {
	var errs []error
	for _, v := range s.Violations() {
		errs = append(errs, errors.New(v))
	}
	return errors.Join(errs...)
}

// ClearViolations forgets the violations so far, for tests that provoke them.
func (s *Server) ClearViolations() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = nil
}

// violation notes a broken rule; callers hold the lock.
func (s *Server) violation(words string) {
	s.log.Warn("discord sandbox: the app broke a rule", "rule", words)
	if len(s.violations) < maxRecorded {
		s.violations = append(s.violations, words)
	}
}

// takeFault uses up one turn of the first fault for the route.
func (s *Server) takeFault(route string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{route, "*"} {
		list := s.faults[name]
		if len(list) == 0 {
			continue
		}
		f := list[0]
		taken := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults[name] = list[1:]
			}
		}
		return taken, true
	}
	return Fault{}, false
}

// record keeps what the app asked; callers hold the lock.
func (s *Server) record(r Recorded) {
	s.recorded = append(s.recorded, r)
	if len(s.recorded) > maxRecorded {
		s.recorded = append([]Recorded(nil), s.recorded[maxRecorded/10:]...)
	}
	s.touch()
}

// refuses reports whether the fault answers instead of the route.
func (f Fault) refuses() bool {
	return f.Cut || f.Status != 0 || f.Code != 0 || f.Body != "" || f.RetryAfter != 0
}

// answer is the failure, sent instead of the route's own answer.
func (f Fault) answer(w http.ResponseWriter) {
	status := f.Status
	switch {
	case f.Cut:
		cut(w)
		return
	case f.RetryAfter != 0:
		tooMany(w, f.RetryAfter, f.Global)
		return
	case f.Body != "" && status == 0:
		status = http.StatusOK
	case status == 0:
		status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if f.Body != "" {
		_, _ = w.Write([]byte(f.Body))
		return
	}
	_ = json.NewEncoder(w).Encode(object{"message": http.StatusText(status), "code": f.Code})
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 or a recorder: the documented way to abort
	}
	_ = conn.Close()
}

// waitFor sleeps unless the client goes away first.
func waitFor(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
