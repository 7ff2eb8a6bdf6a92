package discord

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Type is somebody typing in a channel, thread or direct message. A leading slash is a command whose options are
// written as the client shows them, "/calls status:pending customer:North Mill"; the reply is what the person sees
// at once. Anything else becomes a message, whose Ref is in the reply.
func (s *Server) Type(ctx context.Context, userID, channelID, words string) (Reply, error) {
	if strings.HasPrefix(words, "/") {
		return s.command(ctx, userID, channelID, words)
	}
	return s.Send(ctx, userID, channelID, words)
}

// Send posts a person's message with files, which Upload made.
func (s *Server) Send(_ context.Context, userID, channelID, words string, files ...string) (Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.room(userID, channelID)
	if err != nil {
		return Reply{}, err
	}
	words = strings.TrimSpace(words)
	switch {
	case words == "" && len(files) == 0:
		return Reply{}, errors.New("an empty message can't be sent")
	case length(words) > maxContent:
		return Reply{}, fmt.Errorf("your message is too long: at most %d characters", maxContent)
	case ch.Locked:
		return Reply{}, fmt.Errorf("thread %s is locked", ch.ID)
	}
	m := &Message{Channel: channelID, Author: userID, Content: s.markup(words)}
	for _, id := range files {
		a := s.st.Files[id]
		if a == nil {
			return Reply{}, fmt.Errorf("no file %s", id)
		}
		m.Attachments = append(m.Attachments, *a)
	}
	m.Pinged = s.pings(&form{}, "", object{}, m.Content)
	s.addMessage(m)
	s.sendMessageEvent("MESSAGE_CREATE", m)
	return s.replyOf(ReplyMessage, m), nil
}

// EditMessage is a person changing a message of their own.
func (s *Server) EditMessage(userID string, ref MessageRef, words string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(ref)
	if m == nil || m.Author != userID {
		return fmt.Errorf("%s has no message %s", userID, ref.ID)
	}
	m.Edits, m.Edited, m.Content = append(m.Edits, m.Content), s.now(), s.markup(words)
	s.emit(Event{Type: EventEdit, Channel: m.Channel, ID: m.ID})
	s.sendMessageEvent("MESSAGE_UPDATE", m)
	return nil
}

// DeleteMessage is a person deleting a message of their own, or anyone dismissing one that only they see.
func (s *Server) DeleteMessage(userID string, ref MessageRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(ref)
	u := s.st.Users[userID]
	if m == nil || u == nil || m.Author != userID && m.Ephemeral != userID && !u.Admin {
		return fmt.Errorf("%s cannot delete message %s", userID, ref.ID)
	}
	s.remove(m)
	return nil
}

// Upload makes a file of a person, to be named in Send, in a form or in a command's option.
func (s *Server) Upload(userID, name, contentType string, content []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.st.Users[userID] == nil:
		return "", fmt.Errorf("no user %s", userID)
	case len(content) > maxFile:
		return "", fmt.Errorf("your files are too powerful: at most %d bytes", maxFile)
	}
	a := s.keepFile(Attachment{Filename: cleanName(name), ContentType: contentType, Size: len(content), Ephemeral: true}, userID, content)
	s.touch()
	return a.ID, nil
}

// room checks that a person is there and may write there. Callers hold the lock.
func (s *Server) room(userID, channelID string) (*Channel, error) {
	u, ch := s.st.Users[userID], s.st.Channels[channelID]
	switch {
	case u == nil:
		return nil, fmt.Errorf("no user %s", userID)
	case ch == nil:
		return nil, fmt.Errorf("no channel %s", channelID)
	case !s.sees(userID, ch):
		return nil, fmt.Errorf("%s does not see channel %s", u.Name(), ch.ID)
	}
	return ch, nil
}

var namePattern = regexp.MustCompile(`[@#][\p{L}\p{N}._-]+`)

// markup is what the composer makes of typed text: @names and #channels turned into ids.
func (s *Server) markup(words string) string {
	return namePattern.ReplaceAllStringFunc(words, func(at string) string {
		name := strings.TrimRight(at[1:], ".")
		rest := at[1+len(name):]
		if at[0] == '#' {
			for _, id := range sortedKeys(s.st.Channels) {
				if ch := s.st.Channels[id]; ch.Name != "" && strings.EqualFold(ch.Name, name) {
					return "<#" + id + ">" + rest
				}
			}
			return at
		}
		for _, id := range sortedKeys(s.st.Users) {
			if strings.EqualFold(s.st.Users[id].Username, name) {
				return "<@" + id + ">" + rest
			}
		}
		return at
	})
}

// command runs a slash command.
func (s *Server) command(ctx context.Context, userID, channelID, words string) (Reply, error) {
	s.mu.Lock()
	in, data, err := s.prepare(userID, channelID, words, false)
	s.mu.Unlock()
	if err != nil {
		return Reply{}, err
	}
	reply, err := s.ask(ctx, in, data)
	return reply, s.shown(in, err)
}

// shown leaves the words people see when the app did not answer.
func (s *Server) shown(in *interaction, err error) error {
	var bad *DeliveryError
	if errors.As(err, &bad) && in.Kind != askModal && in.Kind != askAutocomplete {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notice(in.User, in.Channel, bad.Words)
	}
	return err
}

// prepare makes the interaction of a typed command. With complete, the last option is still being typed.
func (s *Server) prepare(userID, channelID, words string, complete bool) (*interaction, object, error) {
	ch, err := s.room(userID, channelID)
	if err != nil {
		return nil, nil, err
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(words), "/"), " ")
	cmd := s.findCommand(ch, name, chatInput)
	if cmd == nil {
		return nil, nil, fmt.Errorf("there is no command /%s here", name)
	}
	t := &typed{srv: s, user: userID, name: name, complete: complete, resolved: object{}}
	options, err := t.options(cmd, rest)
	if err != nil {
		return nil, nil, fmt.Errorf("/%s: %w", t.name, err)
	}
	kind := askCommand
	if complete {
		if t.focus == "" {
			return nil, nil, fmt.Errorf("%q names no option to complete", words)
		}
		kind = askAutocomplete
	}
	in := s.newInteraction(kind, userID, channelID, "/"+t.name)
	in.Command, in.Focus, in.Numeric, in.Whole = "/"+t.name, t.focus, t.numeric, t.whole
	data := object{"id": cmd["id"], "name": name, "type": chatInput}
	if len(options) > 0 {
		data["options"] = options
	}
	if len(t.resolved) > 0 {
		data["resolved"] = t.resolved
	}
	if cmd["guild_id"] != nil {
		data["guild_id"] = cmd["guild_id"]
	}
	return in, data, nil
}

// findCommand finds a command people see in a channel: the guild's own before global ones, and in direct messages
// only global ones that allow it.
func (s *Server) findCommand(ch *Channel, name string, kind int) object {
	scopes := []string{s.opts.GuildID, ""}
	if ch.Type == DMChannel {
		scopes = []string{""}
	}
	for _, scope := range scopes {
		for _, c := range s.st.Commands[scope] {
			if c["name"] == name && commandType(c) == kind && (ch.Type != DMChannel || inDM(c)) {
				return c
			}
		}
	}
	return nil
}

// inDM reports whether a global command is offered in direct messages with the bot.
func inDM(c object) bool {
	if c["contexts"] == nil {
		return c["dm_permission"] != false
	}
	for _, v := range asList(c["contexts"]) {
		if v == float64(1) {
			return true
		}
	}
	return false
}

// Commands lists what people find behind the slash in a channel, by name.
func (s *Server) Commands(channelID string) []CommandInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.st.Channels[channelID]
	if ch == nil {
		return nil
	}
	found := map[string]CommandInfo{}
	for _, scope := range []string{s.opts.GuildID, ""} {
		for _, c := range s.st.Commands[scope] {
			name, kind := text(c["name"]), commandType(c)
			key := fmt.Sprint(kind, name)
			if _, ok := found[key]; ok || ch.Type == DMChannel && (scope != "" || !inDM(c)) {
				continue
			}
			found[key] = CommandInfo{Name: name, Type: kind, Description: text(c["description"]), Options: optionInfo(c)}
		}
	}
	var out []CommandInfo
	for _, key := range sortedKeys(found) {
		out = append(out, found[key])
	}
	return out
}
