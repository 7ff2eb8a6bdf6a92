package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Limits of a response_url, https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL lets the app answer an interaction for a while.
type responseURL struct {
	Channel string    `json:"channel"`
	User    string    `json:"user"`
	TS      string    `json:"ts"` // the message that replace_original and delete_original mean
	Thread  string    `json:"thread"`
	Made    time.Time `json:"made"`
	Uses    int       `json:"uses"`
}

// newResponseURL makes an address for one interaction. Callers hold the lock.
func (s *Server) newResponseURL(r responseURL) string {
	token := s.newID("RSP")
	r.Made = s.now()
	if s.st.Seq%sweepEvery == 0 {
		for old, known := range s.st.Responses {
			if s.now().Sub(known.Made) > responseLife {
				delete(s.st.Responses, old)
			}
		}
	}
	s.st.Responses[token] = &r
	return s.baseURL + "/response/" + token
}

// reply is a message the app sends through a response_url or as the answer to a command.
type reply struct {
	args
	InChannel bool
	Replace   bool
	Delete    bool
}

func parseReply(body []byte) (reply, *apiError) {
	r := reply{args: args{}}
	if err := r.fromJSON(body); err != nil {
		return r, refuse("invalid_payload")
	}
	switch r.args["response_type"] {
	case "in_channel":
		r.InChannel = true
	case "", "ephemeral":
	default:
		return r, refuse("invalid_payload")
	}
	r.Replace, r.Delete = r.flag("replace_original"), r.flag("delete_original")
	return r, nil
}

func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	fault, hit := s.takeFault("response_url")
	if hit && !waitFor(r, fault.Delay) {
		return
	}
	if hit && fault.refuses() {
		fault.answer(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	status, fail := s.useResponseURL(r.PathValue("token"), body)
	if hit && fault.Drop {
		cut(w)
		return
	}
	if fail != nil {
		answer := object{"ok": false, "error": fail.code}
		for k, v := range fail.extra {
			answer[k] = v
		}
		writeJSON(w, status, answer)
		return
	}
	_, _ = io.WriteString(w, "ok")
}

func (s *Server) useResponseURL(token string, body []byte) (int, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := args{}
	_ = a.fromJSON(body) // for the record only; parseReply judges
	status, fail := s.respond(s.st.Responses[token], body)
	code := ""
	if fail != nil {
		code = fail.code
	}
	s.record("response_url", a, code)
	return status, fail
}

func (s *Server) respond(to *responseURL, body []byte) (int, *apiError) {
	switch {
	case to == nil:
		return http.StatusNotFound, refuse("expired_url")
	case s.now().Sub(to.Made) > responseLife:
		return http.StatusNotFound, refuse("expired_url")
	case to.Uses >= responseUses:
		return http.StatusNotFound, refuse("used_url")
	}
	r, err := parseReply(body)
	if err != nil {
		return http.StatusBadRequest, err
	}
	to.Uses++
	original := s.message(MessageRef{to.Channel, to.TS})
	if r.Delete {
		if original == nil || original.User != s.opts.BotUserID {
			return http.StatusNotFound, refuse("message_not_found")
		}
		s.remove(original)
		return http.StatusOK, nil
	}
	c, err := s.readContent(r.args, maxPostText)
	if err != nil {
		return http.StatusBadRequest, err
	}
	if c.empty() {
		return http.StatusBadRequest, refuse("no_text")
	}
	if r.Replace && original != nil && original.User == s.opts.BotUserID {
		if c.blocks == nil { // a replacement is the whole message
			c.blocks = json.RawMessage("[]")
		}
		c.hasText = true
		s.edit(original, c)
		return http.StatusOK, nil
	}
	s.postReply(to, r, c)
	return http.StatusOK, nil
}

// postReply posts the app's answer to the person, or to everybody for in_channel.
func (s *Server) postReply(to *responseURL, r reply, c content) *Message {
	m := s.botMessage(to.Channel, c)
	m.ThreadTS = r.args["thread_ts"]
	if !r.InChannel {
		m.Ephemeral = to.User
	}
	s.addMessage(m)
	if to.TS == "" { // a later replace_original means this message
		to.TS = m.TS
	}
	if r.InChannel {
		s.queueMessageEvent(m)
	}
	return m
}
