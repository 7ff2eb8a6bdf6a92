package discord

import (
	"crypto/rand"
	"encoding/base64"
	"time"
)

// Types of interactions,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	askPing         = 1
	askCommand      = 2
	askComponent    = 3
	askAutocomplete = 4
	askModal        = 5
)

// Types of answers,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	replyPong           = 1
	replyMessage        = 4
	replyDeferred       = 5
	replyDeferredUpdate = 6
	replyUpdate         = 7
	replyAutocomplete   = 8
	replyModal          = 9
)

// tokenLife is how long follow-ups are taken.
const tokenLife = 15 * time.Minute

// interaction is one thing a person did with the app, and what became of it.
type interaction struct {
	ID       string     `json:"id"`
	Token    string     `json:"token"`
	Kind     int        `json:"kind"`
	User     string     `json:"user"`
	Channel  string     `json:"channel"`
	What     string     `json:"what"` // e.g. "/calls" or "button call.accept"
	Command  string     `json:"command,omitempty"`
	Source   MessageRef `json:"source,omitzero"` // the message whose component was used, or whose component opened the form
	At       time.Time  `json:"at"`
	Answer   int        `json:"answer,omitempty"` // type of the answer; 0: none yet
	Dead     bool       `json:"dead,omitempty"`   // nobody answered in time
	Original MessageRef `json:"original,omitzero"`
	Others   []string   `json:"others,omitempty"` // follow-up messages
	Focus    string     `json:"focus,omitempty"`  // the option being typed
	Numeric  bool       `json:"numeric,omitempty"`
	Whole    bool       `json:"whole,omitempty"` // of a numeric option: an integer
}

// outcome is what a waiting person learns.
type outcome struct {
	reply Reply
	err   error
}

// newInteraction registers what a person does. Callers hold the lock.
func (s *Server) newInteraction(kind int, userID, channelID, what string) *interaction {
	secret := make([]byte, 24)
	_, _ = rand.Read(secret) // never fails
	in := &interaction{ID: s.newID(), Kind: kind, User: userID, Channel: channelID, What: what, At: s.now()}
	in.Token = base64.RawURLEncoding.EncodeToString([]byte("interaction:"+in.ID+":")) + base64.RawURLEncoding.EncodeToString(secret)
	for token, old := range s.st.Answers {
		if s.now().Sub(old.At) > 2*tokenLife {
			delete(s.st.Answers, token)
		}
	}
	s.st.Answers[in.Token] = in
	return in
}

// payload is the interaction as the app gets it,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
func (s *Server) payload(in *interaction, data object) object {
	ch := s.st.Channels[in.Channel]
	locale := "en-US"
	if u := s.st.Users[in.User]; u != nil && u.Locale != "" {
		locale = u.Locale
	}
	o := object{
		"id": in.ID, "application_id": s.opts.AppID, "type": in.Kind, "token": in.Token, "version": 1, "data": data,
		"channel_id": in.Channel, "channel": s.partialChannel(ch, in.User), "locale": locale, "entitlements": []object{},
		"app_permissions": s.appPermissions(ch), "attachment_size_limit": maxFile,
	}
	if m := s.anyMessage(in.Source); m != nil && in.Kind != askCommand {
		o["message"] = s.messageJSON(m, true)
	}
	if ch.Type == DMChannel {
		o["user"], o["context"] = s.userJSON(in.User), 1
		o["authorizing_integration_owners"] = object{"0": "0"}
		return o
	}
	member := s.memberJSON(in.User, true)
	member["permissions"] = s.permissions(in.User)
	o["member"], o["guild_id"], o["guild_locale"], o["context"] = member, s.opts.GuildID, "en-US", 0
	o["guild"] = object{"id": s.opts.GuildID, "locale": "en-US", "features": []string{}}
	o["authorizing_integration_owners"] = object{"0": s.opts.GuildID}
	return o
}

// allowed are the answers an interaction takes.
func (in *interaction) allowed() []int {
	switch {
	case in.Kind == askAutocomplete:
		return []int{replyAutocomplete}
	case in.Kind == askComponent:
		return []int{replyMessage, replyDeferred, replyDeferredUpdate, replyUpdate, replyModal}
	case in.Kind == askModal && in.Source.ID != "":
		return []int{replyMessage, replyDeferred, replyDeferredUpdate, replyUpdate}
	case in.Kind == askModal:
		return []int{replyMessage, replyDeferred}
	}
	return []int{replyMessage, replyDeferred, replyModal}
}

// answer does what the app answered and tells the waiting person. Callers hold the lock.
func (s *Server) answer(in *interaction, body object, files map[string]upload) (*Message, *apiError) {
	if in.Answer != 0 {
		return nil, refuse(400, codeAcknowledged, "Interaction has already been acknowledged.")
	}
	if in.Dead {
		return nil, notFound(codeUnknownInteraction, "interaction")
	}
	var f form
	kind := f.choice("", body, "type", in.allowed()...)
	if err := f.err(); err != nil {
		return nil, err
	}
	data := asObject(body["data"])
	if data == nil {
		data = object{}
	}
	reply, m, err := s.perform(in, kind, data, files)
	if err != nil {
		return nil, err
	}
	in.Answer = kind
	if kind != replyAutocomplete && kind != replyModal && in.Kind == askModal {
		s.closeModal(in.User)
	}
	if wait := s.waiting[in.Token]; wait != nil {
		wait <- outcome{reply: reply}
		delete(s.waiting, in.Token)
	}
	s.touch()
	return m, nil
}

// perform does one kind of answer.
func (s *Server) perform(in *interaction, kind int, data object, files map[string]upload) (Reply, *Message, *apiError) {
	switch kind {
	case replyMessage, replyDeferred:
		m, err := s.firstMessage(in, kind, data, files)
		if err != nil {
			return Reply{}, nil, err
		}
		reply := s.replyOf(ReplyMessage, m)
		if m.Loading {
			reply.Kind = ReplyThinking
		}
		return reply, m, nil
	case replyDeferredUpdate:
		in.Original = in.Source
		return s.replyOf(ReplySilent, s.message(in.Source)), nil, nil
	case replyUpdate:
		m := s.message(in.Source)
		if m == nil {
			return Reply{}, nil, notFound(codeUnknownMessage, "Message")
		}
		if err := s.edit(m, "data", data, files); err != nil {
			return Reply{}, nil, err
		}
		in.Original = in.Source
		return s.replyOf(ReplyUpdate, m), m, nil
	case replyAutocomplete:
		choices, err := readChoices(in, data)
		return Reply{Kind: ReplyChoices, Choices: choices}, nil, err
	}
	modal, err := s.openModal(in, data)
	return Reply{Kind: ReplyModal, Modal: modal}, nil, err
}

// firstMessage is the answer that is a message, or the promise of one.
func (s *Server) firstMessage(in *interaction, kind int, data object, files map[string]upload) (*Message, *apiError) {
	m := s.answerMessage(in)
	if kind == replyDeferred {
		var f form
		if flags := f.whole("data", data, "flags", 0, maxComponentID, 0); flags&FlagEphemeral != 0 {
			m.Ephemeral, m.Flags = in.User, FlagEphemeral
		}
		if err := f.err(); err != nil {
			return nil, err
		}
		m.Loading, m.Flags = true, m.Flags|FlagLoading
	} else if err := s.write(m, "data", data, files); err != nil {
		return nil, err
	}
	if m.Flags&FlagEphemeral != 0 {
		m.Ephemeral = in.User
	}
	s.addMessage(m)
	in.Original = m.Ref()
	s.sendMessageEvent("MESSAGE_CREATE", m)
	return m, nil
}

// answerMessage is the frame of a message that answers an interaction.
func (s *Server) answerMessage(in *interaction) *Message {
	m := &Message{Channel: in.Channel, Author: s.opts.AppID, Interaction: in.ID, AskedBy: in.User, AskedAs: in.Kind}
	if in.Kind == askCommand {
		m.Command, m.Type = in.Command, typeCommandAnswer
	} else if in.Source.ID != "" {
		m.ReplyTo, m.Type = in.Source.ID, typeReply
	}
	return m
}

// Types of messages, https://discord.com/developers/docs/resources/message#message-object-message-types
const (
	typePlain         = 0
	typeReply         = 19
	typeCommandAnswer = 20
)

func (s *Server) replyOf(kind string, m *Message) Reply {
	if m == nil {
		return Reply{Kind: kind}
	}
	return Reply{Kind: kind, Text: m.AllText(), Ref: m.Ref(), Private: m.Ephemeral != ""}
}

// edit changes a message the app may change, and tells everybody.
func (s *Server) edit(m *Message, prefix string, body object, files map[string]upload) *apiError {
	before := m.Content
	if err := s.write(m, prefix, body, files); err != nil {
		return err
	}
	if m.Loading {
		m.Loading, m.Flags = false, m.Flags&^FlagLoading
	} else {
		m.Edited = s.now()
		if before != m.Content {
			m.Edits = append(m.Edits, before)
		}
	}
	s.emit(Event{Type: EventEdit, Channel: m.Channel, ID: m.ID, UserID: m.Ephemeral})
	s.sendMessageEvent("MESSAGE_UPDATE", m)
	return nil
}

// readChoices checks what autocomplete offers,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete
func readChoices(in *interaction, data object) ([]Choice, *apiError) {
	var f form
	list := f.list("data", data, "choices", span{most: maxOptions})
	checkChoices(&f, "data", list, in.Numeric, in.Whole)
	if err := f.err(); err != nil {
		return nil, err
	}
	out := []Choice{}
	for _, c := range list {
		out = append(out, choiceOf(c))
	}
	return out, nil
}
