package discord

import (
	"net/http"
	"slices"
)

func interactionRoutes() map[string]route {
	return map[string]route{
		"POST /interactions/{interaction}/{token}/callback": {open: true, run: (*Server).callback},
	}
}

// callback, https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response
func (s *Server) callback(q *request) (answer, *apiError) {
	in := s.st.Answers[q.path("token")]
	if in == nil || in.ID != q.path("interaction") {
		return answer{}, notFound(codeUnknownInteraction, "interaction")
	}
	m, err := s.answer(in, q.body, q.files)
	if err != nil || !q.flag("with_response") {
		return answer{}, err
	}
	about := object{"id": in.ID, "type": in.Kind}
	resource := object{"type": in.Answer}
	if m != nil {
		about["response_message_id"] = m.ID
		about["response_message_loading"], about["response_message_ephemeral"] = m.Loading, m.Ephemeral != ""
		resource["message"] = s.messageJSON(m, true)
	}
	return answer{body: object{"interaction": about, "resource": resource}}, nil
}

func webhookRoutes() map[string]route {
	return map[string]route{
		"POST /webhooks/{app}/{token}":                      {open: true, run: (*Server).followUp},
		"GET /webhooks/{app}/{token}/messages/{message}":    {open: true, run: (*Server).followUpGet},
		"PATCH /webhooks/{app}/{token}/messages/{message}":  {open: true, run: (*Server).followUpEdit},
		"DELETE /webhooks/{app}/{token}/messages/{message}": {open: true, run: (*Server).followUpDelete},
	}
}

// byToken finds the answered interaction of a webhook address; before the first answer there is no webhook.
func (s *Server) byToken(q *request) (*interaction, *apiError) {
	in := s.st.Answers[q.path("token")]
	switch {
	case in == nil, q.path("app") != s.opts.AppID, in.Answer == 0:
		return nil, notFound(codeUnknownWebhook, "Webhook")
	case s.now().Sub(in.At) > tokenLife:
		return nil, refuse(http.StatusUnauthorized, codeInvalidToken, "Invalid Webhook Token")
	case in.Answer == replyAutocomplete:
		return nil, notFound(codeUnknownWebhook, "Webhook")
	}
	return in, nil
}

// answerOf finds the message an address below a webhook names.
func (s *Server) answerOf(q *request) (*Message, *apiError) {
	in, err := s.byToken(q)
	if err != nil {
		return nil, err
	}
	ref := MessageRef{Channel: in.Channel, ID: q.path("message")}
	if ref.ID == "@original" {
		ref = in.Original
	} else if ref.ID != in.Original.ID && !slices.Contains(in.Others, ref.ID) {
		return nil, notFound(codeUnknownMessage, "Message")
	}
	m := s.message(ref)
	if m == nil {
		return nil, notFound(codeUnknownMessage, "Message")
	}
	return m, nil
}

// followUp, https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message
func (s *Server) followUp(q *request) (answer, *apiError) {
	in, err := s.byToken(q)
	if err != nil {
		return answer{}, err
	}
	if first := s.message(in.Original); first != nil && first.Loading && in.Answer == replyDeferred {
		if err := s.edit(first, "", withValue(q.body, "flags", nil), q.files); err != nil {
			return answer{}, err
		}
		return answer{body: s.messageJSON(first, true)}, nil
	}
	m := s.answerMessage(in)
	if in.Original.ID != "" {
		m.Type, m.ReplyTo, m.Command = typeReply, in.Original.ID, ""
	}
	if err := s.write(m, "", q.body, q.files); err != nil {
		return answer{}, err
	}
	if m.Flags&FlagEphemeral != 0 {
		m.Ephemeral = in.User
	}
	s.addMessage(m)
	in.Others = append(in.Others, m.ID)
	s.sendMessageEvent("MESSAGE_CREATE", m)
	return answer{body: s.messageJSON(m, true)}, nil
}

func (s *Server) followUpGet(q *request) (answer, *apiError) {
	m, err := s.answerOf(q)
	if err != nil {
		return answer{}, err
	}
	return answer{body: s.messageJSON(m, true)}, nil
}

func (s *Server) followUpEdit(q *request) (answer, *apiError) {
	m, err := s.answerOf(q)
	if err != nil {
		return answer{}, err
	}
	if err := s.edit(m, "", q.body, q.files); err != nil {
		return answer{}, err
	}
	return answer{body: s.messageJSON(m, true)}, nil
}

func (s *Server) followUpDelete(q *request) (answer, *apiError) {
	m, err := s.answerOf(q)
	if err != nil {
		return answer{}, err
	}
	s.remove(m)
	return answer{}, nil
}
