package twilio

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// BodyLimit is the longest message body the API takes: https://www.twilio.com/docs/api/errors/21617
const BodyLimit = 1600

// formLimit bounds a request body; far above any message the API takes.
const formLimit = 1 << 20

// apiError is Twilio's error answer: https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions
type apiError struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Status   int    `json:"status"`
}

func refuse(status, code int, format string, args ...any) *apiError {
	info := "https://www.twilio.com/docs/errors/" + strconv.Itoa(code)
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...), MoreInfo: info, Status: status}
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", s.createMessage)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages.json", s.listMessages)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{sid}", s.fetchMessage)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}", s.fetchMedia)
	mux.HandleFunc("GET /media/{sid}/{media}", s.serveMedia)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json", s.listNumbers)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}", s.fetchAccount)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { answer(w, notFound(r)) })
	return mux
}

func notFound(r *http.Request) *apiError {
	return refuse(http.StatusNotFound, 20404, "The requested resource %s was not found", r.URL.Path)
}

// admit checks the credentials and the rate, in that order, before anything is read.
func (s *Server) admit(r *http.Request) *apiError {
	if strings.HasPrefix(r.URL.Path, "/media/") {
		return nil // signed in the address itself
	}
	user, pass, _ := r.BasicAuth()
	sid, token := []byte(s.opt.AccountSID), []byte(s.opt.AuthToken)
	good := subtle.ConstantTimeCompare([]byte(user), sid) & subtle.ConstantTimeCompare([]byte(pass), token)
	if good != 1 {
		return refuse(http.StatusUnauthorized, 20003, "Authenticate")
	}
	if !s.withinRate() {
		return refuse(http.StatusTooManyRequests, 20429, "Too Many Requests")
	}
	path, isAccount := strings.CutPrefix(r.URL.Path, "/2010-04-01/Accounts/")
	account, _, _ := strings.Cut(path, "/")
	if isAccount && strings.TrimSuffix(account, ".json") != s.opt.AccountSID {
		return notFound(r)
	}
	return nil
}

func (s *Server) withinRate() bool {
	if s.opt.PerSecond == 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.opt.Now(); now.Sub(s.window) >= time.Second {
		s.window, s.used = now, 0
	}
	s.used++
	return s.used <= s.opt.PerSecond
}

func (s *Server) createMessage(w http.ResponseWriter, r *http.Request) {
	to, from, body := r.PostForm.Get("To"), r.PostForm.Get("From"), r.PostForm.Get("Body")
	if e := s.checkMessage(to, from, body, r.PostForm.Get("StatusCallback")); e != nil {
		answer(w, e)
		return
	}
	s.mu.Lock()
	if s.phone(to).OptedOut {
		s.mu.Unlock()
		answer(w, refuse(http.StatusBadRequest, 21610, "Attempt to send to unsubscribed recipient"))
		return
	}
	callback := r.PostForm.Get("StatusCallback")
	if callback == "" {
		callback = s.opt.StatusURL
	}
	m := s.add(Message{
		From: from, To: to, Body: body, Direction: "outbound-api", Status: "queued", CallbackURL: callback,
	})
	reply := s.resource(*m)
	s.mu.Unlock()
	s.changed()
	writeJSON(w, http.StatusCreated, reply)
	s.deliverByItself(m.SID)
}

// checkMessage refuses a message for Twilio's reasons: https://www.twilio.com/docs/api/errors
func (s *Server) checkMessage(to, from, body, callback string) *apiError {
	const bad = http.StatusBadRequest
	switch {
	case to == "":
		return refuse(bad, 21604, "A 'To' phone number is required.")
	case !validE164(to):
		return refuse(bad, 21211, "Invalid 'To' Phone Number: %s", to)
	case from == "":
		return refuse(bad, 21603, "A 'From' phone number is required.")
	case !validE164(from):
		return refuse(bad, 21212, "Invalid 'From' Phone Number: %s", from)
	case from != s.opt.From:
		return refuse(bad, 21659, "'From' %s is not a Twilio phone number or Short Code country mismatch", from)
	case to == from:
		return refuse(bad, 21266, "'To' and 'From' number cannot be the same: %s", to)
	case body == "":
		return refuse(bad, 21602, "Message body is required.")
	case utf8.RuneCountInString(body) > BodyLimit:
		return refuse(bad, 21617, "The concatenated message body exceeds the %d character limit", BodyLimit)
	case callback != "" && !validURL(callback):
		return refuse(bad, 21609, "The 'StatusCallback' URL %s is not a valid URL.", callback)
	}
	return nil
}

func validURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.Contains(u.Host, "_")
}

func (s *Server) fetchMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.bySID[strings.TrimSuffix(r.PathValue("sid"), ".json")]
	var found map[string]any
	if m != nil {
		found = s.resource(*m)
	}
	s.mu.Unlock()
	if found == nil {
		answer(w, notFound(r))
		return
	}
	writeJSON(w, http.StatusOK, found)
}

func (s *Server) fetchAccount(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"sid": s.opt.AccountSID, "friendly_name": "Callout sandbox", "status": "active", "type": "Full",
		"uri": "/2010-04-01/Accounts/" + s.opt.AccountSID + ".json",
	})
}

// resource is Twilio's JSON of a message: https://www.twilio.com/docs/messaging/api/message-resource#message-properties
func (s *Server) resource(m Message) map[string]any {
	uri := "/2010-04-01/Accounts/" + s.opt.AccountSID + "/Messages/" + m.SID
	out := map[string]any{
		"sid": m.SID, "account_sid": s.opt.AccountSID, "api_version": "2010-04-01",
		"from": m.From, "to": m.To, "body": m.Body, "direction": m.Direction, "status": m.Status,
		"num_segments": strconv.Itoa(m.Segments), "num_media": strconv.Itoa(len(m.Media)),
		"date_created": rfc2822(m.Created), "date_updated": rfc2822(m.Updated), "date_sent": nil,
		"error_code": nil, "error_message": nil, "messaging_service_sid": nil, "price": nil, "price_unit": "USD",
		"uri": uri + ".json", "subresource_uris": map[string]any{"media": uri + "/Media.json"},
	}
	if !m.Sent.IsZero() {
		out["date_sent"] = rfc2822(m.Sent)
	}
	if m.ErrorCode != 0 {
		out["error_code"], out["error_message"] = m.ErrorCode, errorText[m.ErrorCode]
	}
	return out
}

func rfc2822(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }

func answer(w http.ResponseWriter, e *apiError) { writeJSON(w, e.Status, e) }

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone away is its own affair
}
