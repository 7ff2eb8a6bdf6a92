package discord

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	// nonceLife is how long an enforced nonce is remembered: Discord says "the past few minutes".
	nonceLife = 5 * time.Minute
	// maxPage and defaultPage are how many messages one request reads.
	maxPage, defaultPage = 100, 50
)

func messageRoutes() map[string]route {
	return map[string]route{
		"POST /channels/{channel}/messages":             {run: (*Server).messageCreate},
		"GET /channels/{channel}/messages":              {run: (*Server).messageList},
		"GET /channels/{channel}/messages/{message}":    {run: (*Server).messageGet},
		"PATCH /channels/{channel}/messages/{message}":  {run: (*Server).messageEdit},
		"DELETE /channels/{channel}/messages/{message}": {run: (*Server).messageDelete},
	}
}

// messageCreate, https://discord.com/developers/docs/resources/message#create-message
func (s *Server) messageCreate(q *request) (answer, *apiError) {
	ch, err := s.place(q, 0)
	if err != nil {
		return answer{}, err
	}
	if err := s.mayWrite(ch, q); err != nil {
		return answer{}, err
	}
	key, err := readNonce(q)
	if err != nil {
		return answer{}, err
	}
	enforced := q.body["enforce_nonce"] == true && key != ""
	if old, ok := s.st.Nonces[ch.ID+" "+key]; ok && enforced && s.now().Sub(old.At) < nonceLife {
		if m := s.message(old.Message); m != nil {
			return answer{body: s.messageJSON(m, true)}, nil
		}
	}
	m := &Message{Channel: ch.ID, Author: s.opts.AppID, Nonce: key}
	if err := s.reference(m, q.body); err != nil {
		return answer{}, err
	}
	if err := s.write(m, "", q.body, q.files); err != nil {
		return answer{}, err
	}
	m.Flags &^= FlagEphemeral // only answers to interactions can be
	s.addMessage(m)
	if enforced {
		s.st.Nonces[ch.ID+" "+key] = nonce{Message: m.Ref(), At: s.now()}
	}
	s.sendMessageEvent("MESSAGE_CREATE", m)
	return answer{body: s.messageJSON(m, true)}, nil
}

// mayWrite checks what the app needs to post there.
func (s *Server) mayWrite(ch *Channel, q *request) *apiError {
	lacks, needs := s.lacks(ch), SendMessages
	if ch.IsThread() {
		needs = SendMessagesInThread
	}
	if len(asList(q.body["embeds"])) > 0 {
		needs |= EmbedLinks
	}
	if len(q.files) > 0 {
		needs |= AttachFiles
	}
	switch {
	case ch.Type == DMChannel:
		for _, id := range ch.Members {
			if u := s.st.Users[id]; u != nil && (u.DMClosed || u.Gone) {
				return refuse(http.StatusForbidden, codeCannotDM, "Cannot send messages to this user")
			}
		}
	case lacks&needs != 0:
		return refuse(http.StatusForbidden, codeMissingPermissions, "Missing Permissions")
	case ch.Locked && ch.Archived:
		return refuse(http.StatusBadRequest, codeArchived, "Thread is archived")
	}
	return nil
}

// readNonce reads and checks the nonce.
func readNonce(q *request) (string, *apiError) {
	switch v := q.body["nonce"].(type) {
	case nil:
		return "", nil
	case string:
		if length(v) > maxNonce {
			return "", badForm("nonce", baseMax, "Must be %d or fewer in length.", maxNonce)
		}
		return v, nil
	case float64:
		return fmt.Sprintf("%.0f", v), nil
	}
	return "", badForm("nonce", "NONCE_TYPE_INVALID_TYPE", "This field must be a string or integer.")
}

// reference reads which message is answered.
func (s *Server) reference(m *Message, body object) *apiError {
	ref := asObject(body["message_reference"])
	if ref == nil {
		return nil
	}
	id := text(ref["message_id"])
	if s.message(MessageRef{Channel: m.Channel, ID: id}) == nil {
		if ref["fail_if_not_exists"] == false {
			return nil
		}
		return badForm("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	}
	m.ReplyTo, m.Type = id, typeReply
	return nil
}

// messageList, https://discord.com/developers/docs/resources/message#get-channel-messages: newest first.
func (s *Server) messageList(q *request) (answer, *apiError) {
	ch, err := s.place(q, 0)
	if err != nil {
		return answer{}, err
	}
	limit, err := queryLimit(q, defaultPage, maxPage)
	if err != nil {
		return answer{}, err
	}
	out := []object{}
	if s.lacks(ch)&ReadMessageHistory != 0 {
		return answer{body: out}, nil
	}
	query := q.r.URL.Query()
	after, until := query.Get("after"), query.Get("before")
	var found []*Message
	for _, m := range s.st.Messages[ch.ID] {
		if !m.Deleted && m.Ephemeral == "" && (after == "" || before(after, m.ID)) && (until == "" || before(m.ID, until)) {
			found = append(found, m)
		}
	}
	if after != "" {
		found = found[:min(limit, len(found))]
	}
	for _, m := range slices.Backward(found[max(0, len(found)-limit):]) {
		out = append(out, s.messageJSON(m, s.readable(m, IntentMessageContent)))
	}
	return answer{body: out}, nil
}

// at finds the message of the address.
func (s *Server) at(q *request, needs Permission) (*Message, *apiError) {
	ch, err := s.place(q, needs)
	if err != nil {
		return nil, err
	}
	m := s.message(MessageRef{Channel: ch.ID, ID: q.path("message")})
	if m == nil || m.Ephemeral != "" {
		return nil, notFound(codeUnknownMessage, "Message")
	}
	return m, nil
}

func (s *Server) messageGet(q *request) (answer, *apiError) {
	m, err := s.at(q, ReadMessageHistory)
	if err != nil {
		return answer{}, err
	}
	return answer{body: s.messageJSON(m, s.readable(m, IntentMessageContent))}, nil
}

// messageEdit, https://discord.com/developers/docs/resources/message#edit-message
func (s *Server) messageEdit(q *request) (answer, *apiError) {
	m, err := s.at(q, 0)
	if err != nil {
		return answer{}, err
	}
	switch ch := s.st.Channels[m.Channel]; {
	case m.Author != s.opts.AppID:
		return answer{}, refuse(http.StatusForbidden, codeNotAuthor, "Cannot edit a message authored by another user")
	case ch.Archived:
		return answer{}, refuse(http.StatusBadRequest, codeArchived, "Thread is archived")
	}
	if err := s.edit(m, "", q.body, q.files); err != nil {
		return answer{}, err
	}
	return answer{body: s.messageJSON(m, true)}, nil
}

func (s *Server) messageDelete(q *request) (answer, *apiError) {
	m, err := s.at(q, 0)
	if err != nil {
		return answer{}, err
	}
	ch := s.st.Channels[m.Channel]
	if m.Author != s.opts.AppID && (ch.Type == DMChannel || s.lacks(ch)&ManageMessages != 0) {
		return answer{}, refuse(http.StatusForbidden, codeMissingPermissions, "Missing Permissions")
	}
	s.remove(m)
	return answer{}, nil
}

// remove deletes a message and tells everybody.
func (s *Server) remove(m *Message) {
	m.Deleted = true
	s.emit(Event{Type: EventDelete, Channel: m.Channel, ID: m.ID, UserID: m.Ephemeral})
	ch := s.st.Channels[m.Channel]
	if ch == nil || m.Ephemeral != "" {
		return
	}
	o, needs := object{"id": m.ID, "channel_id": m.Channel}, IntentDirectMessages
	if ch.Type != DMChannel {
		o["guild_id"], needs = s.opts.GuildID, IntentGuildMessages
	}
	s.dispatch("MESSAGE_DELETE", needs, o)
}
