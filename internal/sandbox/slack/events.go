package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// wants reports whether the app subscribed to an event and may have it. Callers hold the lock.
func (s *Server) wants(name string) bool {
	if s.manifest == nil {
		return true
	}
	scope := eventScope(name)
	return slices.Contains(s.manifest.Settings.Events.Bot, name) && (scope == "" || s.granted(scope))
}

// eventCallback wraps an event, https://docs.slack.dev/apis/events-api#callback-field. Callers hold the lock.
func (s *Server) eventCallback(event object) callback {
	id := s.newID("Ev")
	return callback{kind: envEvent, what: fmt.Sprint("event ", event["type"]), payload: object{
		"token": verificationToken, "team_id": teamID, "context_team_id": teamID, "api_app_id": appID, "type": "event_callback", "event": event,
		"event_id": id, "event_time": s.now().Unix(), "is_ext_shared_channel": false, "event_context": "4-" + id,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": teamID, "user_id": s.opts.BotUserID, "is_bot": true, "is_enterprise_install": false,
		}},
	}}
}

// sendEvent delivers an event, and again later when it was not accepted. The first failure is returned.
func (s *Server) sendEvent(ctx context.Context, c callback) error {
	_, err := s.deliver(ctx, c)
	if err == nil || strings.HasSuffix(err.Error(), noRetry) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.background(func() { s.retryEvent(c, kindFrom(err)) })
	return err
}

func (s *Server) retryEvent(c callback, kind string) {
	c.reason = "http_error"
	if kind == kindTimeout {
		c.reason = "http_timeout"
	}
	for i, wait := range s.opts.EventRetries {
		select {
		case <-time.After(wait):
		case <-s.ctx.Done():
			return
		}
		c.retry = i + 1
		if _, err := s.deliverOnce(s.ctx, c); err == nil || strings.HasSuffix(err.Error(), noRetry) {
			return
		}
	}
	s.log.Warn("slack sandbox gave an event up", "what", c.what)
}

var channelTypes = map[string]string{"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}

// messageEvents are the events a new message makes: the message itself and a mention. Callers hold the lock.
func (s *Server) messageEvents(m *Message) []callback {
	ch := s.st.Channels[m.Channel]
	if ch == nil || !contains(ch.Members, s.opts.BotUserID) {
		return nil
	}
	var out []callback
	event := func(kind string) object {
		o := s.messageJSON(m, true)
		o["type"], o["channel"], o["event_ts"], o["channel_type"] = kind, m.Channel, m.TS, channelTypes[kindOf(ch)]
		return o
	}
	if s.wants("message." + kindOf(ch)) {
		out = append(out, s.eventCallback(event("message")))
	}
	mention := strings.Contains(m.Text, "<@"+s.opts.BotUserID+">") && m.User != s.opts.BotUserID && !ch.IsIM
	if mention && s.wants("app_mention") {
		out = append(out, s.eventCallback(event("app_mention")))
	}
	return out
}

// queueMessageEvent tells the app of a message it made itself, as Slack does. Callers hold the lock.
func (s *Server) queueMessageEvent(m *Message) {
	s.queue(s.messageEvents(m))
}

// queueChangeEvent tells the app that a message was edited.
func (s *Server) queueChangeEvent(m, before *Message) {
	s.queue(s.subtypeEvent(m, "message_changed", object{"message": s.messageJSON(m, true), "previous_message": s.messageJSON(before, true)}))
}

// queueDeleteEvent tells the app that a message is gone.
func (s *Server) queueDeleteEvent(m *Message) {
	s.queue(s.subtypeEvent(m, "message_deleted", object{"deleted_ts": m.TS, "previous_message": s.messageJSON(m, true)}))
}

func (s *Server) subtypeEvent(m *Message, subtype string, extra object) []callback {
	ch := s.st.Channels[m.Channel]
	if ch == nil || !contains(ch.Members, s.opts.BotUserID) || !s.wants("message."+kindOf(ch)) {
		return nil
	}
	ts := formatTS(s.now().UnixMicro())
	o := object{
		"type": "message", "subtype": subtype, "channel": m.Channel, "ts": ts, "event_ts": ts, "hidden": true,
		"channel_type": channelTypes[kindOf(ch)],
	}
	for k, v := range extra {
		o[k] = v
	}
	return []callback{s.eventCallback(o)}
}

func (s *Server) queue(list []callback) {
	if s.eventsURL == "" && len(s.sockets) == 0 {
		return // nobody has ever listened: not worth a warning for each message
	}
	for _, c := range list {
		s.background(func() {
			if err := s.sendEvent(s.ctx, c); err != nil {
				s.log.Debug("slack sandbox: event not accepted at first", "what", c.what, "err", err)
			}
		})
	}
}

// OpenHome is somebody opening the app's Home tab.
func (s *Server) OpenHome(ctx context.Context, userID string) error {
	s.mu.Lock()
	if s.st.Users[userID] == nil {
		s.mu.Unlock()
		return fmt.Errorf("no user %s", userID)
	}
	if s.manifest != nil && !s.manifest.Features.Home.HomeTab {
		s.mu.Unlock()
		return fmt.Errorf("the app has no Home tab")
	}
	ts := formatTS(s.now().UnixMicro())
	event := object{"type": "app_home_opened", "user": userID, "channel": s.dm(userID).ID, "event_ts": ts, "tab": "home"}
	if v := s.st.Views[s.st.Homes[userID]]; v != nil {
		event["view"] = s.viewJSON(v)
	}
	wanted := s.wants("app_home_opened")
	c := s.eventCallback(event)
	s.mu.Unlock()
	if !wanted {
		return nil
	}
	return s.sendEvent(ctx, c)
}

// VerifyEventsURL does the url_verification handshake as Slack does when the address is saved.
func (s *Server) VerifyEventsURL(ctx context.Context) error {
	s.mu.Lock()
	challenge := s.newID("CHALLENGE")
	address := s.eventsURL
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, s.opts.AckTimeout)
	defer cancel()
	answer, err := s.post(ctx, address, callback{kind: envEvent, what: "url_verification", payload: object{
		"token": verificationToken, "challenge": challenge, "type": "url_verification",
	}})
	if err != nil {
		return err
	}
	var reply struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(answer, &reply) == nil && reply.Challenge == challenge || strings.TrimSpace(string(answer)) == challenge {
		return nil
	}
	return &DeliveryError{
		Kind: kindResponse, What: "url_verification", Status: http.StatusOK, Detail: "the challenge did not come back",
	}
}
