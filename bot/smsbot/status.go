package smsbot

import (
	"context"
	"net/http"
	"net/url"
)

// states are what Twilio reports of a text we sent, in the order in which they come about. Reports overtake one
// another, so who stores them must not let a state replace a later one: see Later.
// https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
var states = map[string]int{
	"accepted": 1, "scheduled": 1, "queued": 2, "sending": 3, "sent": 4,
	"undelivered": 5, "failed": 5, "canceled": 5, "delivered": 6, "read": 7,
}

// Later reports whether a text that is in state now may go on to state next: only ever forward, so that a late
// "sent" does not undo "delivered". An unknown next state is never later.
func Later(now, next string) bool { return states[next] > states[now] }

// Known reports whether a state is one Twilio reports of a text we sent.
func Known(state string) bool { return states[state] > 0 }

// status passes on what became of a text. States we do not know are acknowledged and go no further.
func (s *Server) status(ctx context.Context, w http.ResponseWriter, form url.Values) {
	sid, state := form.Get("MessageSid"), form.Get("MessageStatus")
	if sid == "" || state == "" {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	if !Known(state) {
		s.opt.Log.InfoContext(ctx, "report of an unknown state", "provider_id", sid, "state", state)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if s.opt.Status != nil {
		if err := s.opt.Status(ctx, sid, state, form.Get("ErrorCode")); err != nil {
			s.opt.Log.ErrorContext(ctx, "report was not stored", "provider_id", sid, "state", state, "err", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
