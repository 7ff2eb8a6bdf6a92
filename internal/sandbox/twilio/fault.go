package twilio

import (
	"bytes"
	"net/http"
	"time"
)

// Fault is what goes wrong with the next API requests.
type Fault struct {
	Times  int           // how many requests; 0 means one
	Status int           // answer with this HTTP status …
	Code   int           // … and this Twilio code; 0: 20429 for 429, else 20500
	Delay  time.Duration // wait first
	Drop   bool          // cut the connection instead of answering
	After  bool          // do what was asked before failing: the client cannot know that it worked
}

// Fail makes the next requests go wrong. Several faults are worked off in order.
func (s *Server) Fail(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// RepeatWebhooks makes the network deliver every webhook n extra times, as a network under stress does.
func (s *Server) RepeatWebhooks(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repeat = n
}

func (s *Server) nextFault() (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return Fault{}, false
	}
	f := s.faults[0]
	s.faults[0].Times--
	if s.faults[0].Times <= 0 {
		s.faults = s.faults[1:]
	}
	return f, true
}

// serve records the request, applies a fault if one is due, and hands over to the API.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		s.record(r, http.StatusBadRequest)
		answer(w, refuse(http.StatusBadRequest, 20001, "The request body cannot be read"))
		return
	}
	f, faulty := s.nextFault()
	if faulty && f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
	}
	if !faulty || (f.Status == 0 && !f.Drop) {
		s.handle(w, r)
		return
	}
	if f.After {
		s.handle(&unseen{header: http.Header{}}, r)
	}
	if f.Drop {
		s.record(r, 0)
		panic(http.ErrAbortHandler) // net/http closes the connection without a word
	}
	s.record(r, f.Status)
	answer(w, faultAnswer(w, f))
}

func faultAnswer(w http.ResponseWriter, f Fault) *apiError {
	if f.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
		if f.Code == 0 {
			f.Code = 20429
		}
	}
	if f.Code == 0 {
		f.Code = 20500
	}
	text, ok := errorText[f.Code]
	if !ok {
		text = http.StatusText(f.Status)
	}
	return refuse(f.Status, f.Code, "%s", text)
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	if e := s.admit(r); e != nil {
		if e.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
		}
		answer(seen, e)
	} else {
		s.mux.ServeHTTP(seen, r)
	}
	s.record(r, seen.status)
}

func (s *Server) record(r *http.Request, status int) {
	s.mu.Lock()
	if len(s.requests) >= requestsKept {
		s.requests = s.requests[requestsKept/2:]
	}
	s.requests = append(s.requests, Request{
		Time: s.opt.Now(), Method: r.Method, Path: r.URL.Path, Form: r.Form, Status: status,
	})
	s.mu.Unlock()
	s.changes.Changed()
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// unseen takes the answer that a fault keeps from the client.
type unseen struct {
	header http.Header
	body   bytes.Buffer
}

func (u *unseen) Header() http.Header         { return u.header }
func (u *unseen) Write(p []byte) (int, error) { return u.body.Write(p) }
func (u *unseen) WriteHeader(int)             {}
