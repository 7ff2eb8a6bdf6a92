package discord

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// route is one REST route. run holds the server's lock.
type route struct {
	open bool // needs no bot token: the address holds a token of its own
	run  func(s *Server, q *request) (answer, *apiError)
}

// answer is what a route answers. A zero status is 200, or 204 without a body.
type answer struct {
	status int
	body   any
}

func (s *Server) addRoutes() {
	s.routes, s.mux = map[string]route{}, http.NewServeMux()
	for _, group := range []map[string]route{
		meRoutes(), commandRoutes(), guildRoutes(), channelRoutes(), messageRoutes(), interactionRoutes(), webhookRoutes(),
	} {
		for pattern, r := range group {
			s.routes[pattern] = r
			s.mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) { s.serveRoute(w, req, pattern, r) })
		}
	}
}

// serveAPI takes the version off the path. Versions 9 and 10 are served, as the app's client still speaks 9.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, "/api/v9/")
	if !ok {
		path, ok = strings.CutPrefix(r.URL.Path, "/api/v10/")
	}
	if !ok {
		s.refuseUnrouted(w, r, refuse(http.StatusBadRequest, codeInvalidVersion, "Invalid API version provided"))
		return
	}
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: "/" + path, RawQuery: r.URL.RawQuery}
	if _, pattern := s.mux.Handler(inner); pattern == "" {
		s.refuseUnrouted(w, r, refuse(http.StatusNotFound, 0, "404: Not Found"))
		return
	}
	s.mux.ServeHTTP(w, inner)
}

func (s *Server) refuseUnrouted(w http.ResponseWriter, r *http.Request, fail *apiError) {
	s.mu.Lock()
	s.record(Recorded{Route: r.Method + " " + r.URL.Path, Path: r.URL.Path, At: s.now(), Status: fail.status, Code: fail.code, Detail: fail.words})
	s.violation(r.Method + " " + r.URL.Path + ": " + fail.words)
	s.mu.Unlock()
	writeJSON(w, fail.status, fail.body())
}

func (s *Server) serveRoute(w http.ResponseWriter, r *http.Request, name string, rt route) {
	q, bad := readRequest(w, r)
	fault, hit := s.takeFault(name)
	if hit && !waitFor(r, fault.Delay) {
		return
	}
	if hit && fault.refuses() {
		s.mu.Lock()
		s.record(Recorded{Route: name, Path: r.URL.Path, At: s.now(), Body: q.raw, Files: len(q.files), Status: fault.Status, Code: fault.Code, Detail: "fault"})
		s.mu.Unlock()
		fault.answer(w)
		return
	}
	if !s.take(w, r, name) {
		return
	}
	status, body := s.call(name, rt, q, bad)
	if hit && fault.Drop {
		cut(w)
		return
	}
	if body == nil {
		w.WriteHeader(status)
		return
	}
	writeJSON(w, status, body)
}

// call runs a route under the lock and records what came of it.
func (s *Server) call(name string, rt route, q *request, bad *apiError) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec := Recorded{Route: name, Path: q.r.URL.Path, At: s.now(), Body: q.raw, Files: len(q.files)}
	a, fail := answer{}, bad
	if !strings.HasPrefix(q.r.UserAgent(), "DiscordBot (") && !rt.open {
		s.violation(name + ": the User-Agent must begin with \"DiscordBot (\"") // https://discord.com/developers/docs/reference#user-agent
	}
	if fail == nil && !rt.open && q.r.Header.Get("Authorization") != "Bot "+s.opts.BotToken {
		fail = refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	if fail == nil {
		a, fail = rt.run(s, q)
	}
	if fail != nil {
		rec.Status, rec.Code, rec.Detail = fail.status, fail.code, fail.detail()
		if s.isViolation(fail) {
			s.violation(name + ": " + fail.detail())
		}
		s.record(rec)
		return fail.status, fail.body()
	}
	rec.Status = a.status
	if rec.Status == 0 {
		rec.Status = http.StatusOK
		if a.body == nil {
			rec.Status = http.StatusNoContent
		}
	}
	s.record(rec)
	return rec.Status, a.body
}

// isViolation tells a mistake of the app from what can happen to an honest one.
func (s *Server) isViolation(e *apiError) bool {
	switch e.code {
	case codeUnknownInteraction, codeUnknownWebhook:
		return true
	case codeAcknowledged:
		return s.repeat == 0 && len(s.sockets) < 2 // else another delivery was answered first, which is nobody's fault
	case codeArchived, codeThreadExists, codeCannotDM:
		return false
	}
	return e.status == http.StatusBadRequest || e.status == http.StatusUnauthorized || e.status == http.StatusRequestEntityTooLarge
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the app went away: nobody to tell
}

// stamp is a time as Discord writes it.
func stamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}
