package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds a request of the app; files go elsewhere.
const maxBody = 4 << 20

// args are a call's arguments. Structured ones are JSON text, whichever way they came.
type args map[string]string

// apiError is a refusal by Slack's name for it.
type apiError struct {
	code  string
	extra object
}

func refuse(code string) *apiError { return &apiError{code: code} }

// refuseWith adds what is wrong in detail, as response_metadata.messages.
func refuseWith(code string, messages ...string) *apiError {
	return &apiError{code: code, extra: object{
		"errors": messages, "response_metadata": object{"messages": messages},
	}}
}

// method is one Web API method. run holds the server's lock.
type method struct {
	tier     int
	scopes   []string // all are needed
	appToken bool
	run      func(s *Server, a args) (object, *apiError)
}

// apiMethods is the table of everything served under /api/.
func apiMethods() map[string]method {
	all := map[string]method{}
	for _, group := range []map[string]method{authMethods(), chatMethods(), viewMethods(), conversationMethods(), userMethods(), fileMethods()} {
		for name, m := range group {
			all[name] = m
		}
	}
	return all
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	a, bad := readArgs(w, r)
	fault, hit := s.takeFault(name)
	if hit && !waitFor(r, fault.Delay) {
		return
	}
	if hit && fault.refuses() {
		s.mu.Lock()
		s.record(name, a, fault.name())
		s.mu.Unlock()
		fault.answer(w)
		return
	}
	answer, retry, code := s.call(name, a, bad)
	if hit && fault.Drop {
		cut(w)
		return
	}
	s.scopeHeaders(w, name)
	if code == "ratelimited" {
		w.Header().Set("Retry-After", strconv.Itoa(int(retry.Seconds())))
		writeJSON(w, http.StatusTooManyRequests, answer)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// scopeHeaders tell a client what its token may do and what the method needs.
func (s *Server) scopeHeaders(w http.ResponseWriter, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.manifest != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(s.manifest.scopes(), ","))
	}
	w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(s.methods[name].scopes, ","))
}

func (s *Server) call(name string, a args, bad *apiError) (object, time.Duration, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, retry, fail := s.authorised(name, a, bad)
	code := ""
	if fail != nil {
		code = fail.code
		answer = object{"ok": false, "error": code}
		for k, v := range fail.extra {
			answer[k] = v
		}
		s.log.Debug("slack sandbox refused a call", "method", name, "error", code)
	} else {
		answer["ok"] = true
	}
	s.record(name, a, code)
	return answer, retry, code
}

// authorised runs the method when the request, its token, its scopes and the rate allow it.
func (s *Server) authorised(name string, a args, bad *apiError) (object, time.Duration, *apiError) {
	m, ok := s.methods[name]
	if !ok {
		return nil, 0, refuse("unknown_method")
	}
	if bad != nil {
		return nil, 0, bad
	}
	if err := s.checkToken(m, a["token"]); err != nil {
		return nil, 0, err
	}
	if wait, ok := s.limit(name, m, a); !ok {
		return nil, wait, refuse("ratelimited")
	}
	if err := s.needScopes(m.scopes...); err != nil {
		return nil, 0, err
	}
	answer, err := m.run(s, a)
	return answer, 0, err
}

func (s *Server) checkToken(m method, token string) *apiError {
	right, other := s.opts.BotToken, s.opts.AppToken
	if m.appToken {
		right, other = other, right
	}
	switch token {
	case right:
		return nil
	case "":
		return refuse("not_authed")
	case other:
		return refuse("not_allowed_token_type")
	}
	return refuse("invalid_auth")
}

// needScopes refuses when the manifest does not ask for a scope. Without a manifest everything is granted.
func (s *Server) needScopes(scopes ...string) *apiError {
	if s.manifest == nil {
		return nil
	}
	granted := s.manifest.scopes()
	for _, scope := range scopes {
		if !slices.Contains(granted, scope) {
			return &apiError{code: "missing_scope", extra: object{"needed": scope, "provided": strings.Join(granted, ",")}}
		}
	}
	return nil
}

// readArgs takes arguments from the query, a form or a JSON body, and the token from the header or an argument.
func readArgs(w http.ResponseWriter, r *http.Request) (args, *apiError) {
	a := args{}
	for k, v := range r.URL.Query() {
		a[k] = v[0]
	}
	defer func() {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			a["token"] = token
		}
	}()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return a, refuse("request_timeout")
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
		return a, nil
	case kind == "application/json":
		return a, a.fromJSON(body)
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return a, refuse("invalid_form_data")
		}
		for k, v := range form {
			a[k] = v[0]
		}
		return a, nil
	case kind == "multipart/form-data":
		return a, a.fromMultipart(body, params["boundary"])
	case kind == "":
		return a, refuse("missing_post_type")
	}
	return a, refuse("invalid_post_type")
}

func (a args) fromJSON(body []byte) *apiError {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return refuse("invalid_json")
	}
	for k, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			a[k] = text
		} else {
			a[k] = string(raw)
		}
	}
	return nil
}

func (a args) flag(name string) bool { return a[name] == "true" || a[name] == "1" }

// number reads a count, with a default and an upper bound.
func (a args) number(name string, def, max int) (int, *apiError) {
	if a[name] == "" {
		return def, nil
	}
	n, err := strconv.Atoi(a[name])
	if err != nil || n < 1 {
		return 0, refuse("invalid_limit")
	}
	return min(n, max), nil
}

// require refuses as Slack does when an argument is missing.
func (a args) require(names ...string) *apiError {
	for _, name := range names {
		if a[name] == "" {
			return refuseWith("invalid_arguments", fmt.Sprintf("[ERROR] missing required field: %s", name))
		}
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the app went away: nobody to tell
}
