package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// Type is somebody typing in a channel or direct message. A leading slash is a command; the reply is what the
// app answered at once. Anything else becomes a message, whose Ref is in the reply, and events for the app.
func (s *Server) Type(ctx context.Context, userID, channelID, text string) (Reply, error) {
	if strings.HasPrefix(text, "/") {
		return s.command(ctx, userID, channelID, text)
	}
	return s.say(ctx, userID, channelID, "", text, nil)
}

// TypeInThread is somebody answering in a thread. Slack allows no slash commands there.
func (s *Server) TypeInThread(ctx context.Context, userID string, root MessageRef, text string) (Reply, error) {
	if strings.HasPrefix(text, "/") {
		return Reply{}, fmt.Errorf("slash commands are not supported in threads")
	}
	return s.say(ctx, userID, root.Channel, root.TS, text, nil)
}

// Share is somebody sending files that they uploaded, with words or without, in a channel or, with a timestamp, in a thread.
func (s *Server) Share(ctx context.Context, userID string, to MessageRef, text string, fileIDs ...string) (Reply, error) {
	if len(fileIDs) == 0 {
		return Reply{}, fmt.Errorf("no file to share")
	}
	return s.say(ctx, userID, to.Channel, to.TS, text, fileIDs)
}

// room checks that a person is there and may write there. Callers hold the lock.
func (s *Server) room(userID, channelID string) (*User, *Channel, error) {
	u, ch := s.st.Users[userID], s.st.Channels[channelID]
	switch {
	case u == nil:
		return nil, nil, fmt.Errorf("no user %s", userID)
	case ch == nil:
		return nil, nil, fmt.Errorf("no channel %s", channelID)
	case !contains(ch.Members, userID):
		return nil, nil, fmt.Errorf("%s is not a member of %s", u.Name, ch.ID)
	case ch.IsArchived:
		return nil, nil, fmt.Errorf("%s is archived", ch.ID)
	}
	return u, ch, nil
}

func (s *Server) say(ctx context.Context, userID, channelID, thread, text string, fileIDs []string) (Reply, error) {
	s.mu.Lock()
	_, ch, err := s.room(userID, channelID)
	if err == nil && thread != "" && s.checkThread(channelID, thread) != nil {
		err = fmt.Errorf("no thread %s", thread)
	}
	var files []File
	for _, id := range fileIDs {
		f := s.st.Files[id]
		if f == nil || f.User != userID {
			s.mu.Unlock()
			return Reply{}, fmt.Errorf("no file %s of %s", id, userID)
		}
		f.Channels = append(f.Channels, channelID)
		files = append(files, *f)
	}
	if err == nil && strings.TrimSpace(text) == "" && len(files) == 0 {
		err = fmt.Errorf("an empty message can't be sent")
	}
	if err == nil && ch.IsIM && s.manifest != nil && s.manifest.Features.Home.ReadOnly && contains(ch.Members, s.opts.BotUserID) {
		err = fmt.Errorf("sending messages to this app has been turned off")
	}
	if err != nil {
		s.mu.Unlock()
		return Reply{}, err
	}
	m := &Message{Channel: channelID, User: userID, Text: s.markup(text), ThreadTS: thread, Files: files}
	if len(files) > 0 {
		m.Subtype = "file_share"
	}
	m = s.addMessage(m)
	events := s.messageEvents(m)
	s.mu.Unlock()
	reply := Reply{Text: m.Text, ResponseType: "in_channel", Ref: m.Ref()}
	for _, event := range events {
		if bad := s.sendEvent(ctx, event); bad != nil && err == nil {
			err = bad
		}
	}
	return reply, err
}

var mentionPattern = regexp.MustCompile(`@[A-Za-z0-9._-]+`)

// markup is what Slack's composer makes of typed text: control characters escaped, @names turned into ids.
func (s *Server) markup(text string) string {
	return mentionPattern.ReplaceAllStringFunc(html.EscapeString(text), func(at string) string {
		for _, u := range s.st.Users {
			if strings.EqualFold(u.Name, strings.TrimRight(at[1:], ".")) {
				return "<@" + u.ID + ">" + strings.Repeat(".", len(at)-len(strings.TrimRight(at, ".")))
			}
		}
		return at
	})
}

// command runs a slash command, https://docs.slack.dev/interactivity/implementing-slash-commands
func (s *Server) command(ctx context.Context, userID, channelID, text string) (Reply, error) {
	name, rest, _ := strings.Cut(text, " ")
	s.mu.Lock()
	u, ch, err := s.room(userID, channelID)
	if err == nil && !s.hasCommand(name) {
		s.notice(userID, channelID, name+" is not a valid command.")
		err = fmt.Errorf("%s is not a command of the app", name)
	}
	if err != nil {
		s.mu.Unlock()
		return Reply{}, err
	}
	to := responseURL{Channel: channelID, User: userID}
	address := s.newResponseURL(to)
	fields := map[string]string{
		"token": verificationToken, "team_id": teamID, "team_domain": s.domain(), "channel_id": ch.ID, "channel_name": roomName(ch),
		"user_id": u.ID, "user_name": u.Name, "command": name, "text": strings.TrimSpace(rest), "api_app_id": appID,
		"is_enterprise_install": "false", "response_url": address, "trigger_id": s.newTrigger(userID, ""),
	}
	token := address[strings.LastIndex(address, "/")+1:]
	s.mu.Unlock()
	answer, err := s.deliver(ctx, callback{kind: envCommand, what: name, payload: fields, answers: true})
	s.mu.Lock()
	defer s.mu.Unlock()
	var reply Reply
	if err == nil {
		reply, err = s.commandReply(name, s.st.Responses[token], answer)
	}
	if err != nil {
		s.notice(userID, channelID, fmt.Sprintf("%s failed with the error \"%s\"", name, kindFrom(err)))
	}
	return reply, err
}

func (s *Server) hasCommand(name string) bool {
	if s.manifest == nil {
		return true
	}
	for _, c := range s.manifest.Features.Commands {
		if c.Name == name {
			return true
		}
	}
	return false
}

// roomName is the channel_name of a command.
func roomName(ch *Channel) string {
	switch {
	case ch.IsIM:
		return "directmessage"
	case ch.IsPrivate:
		return "privategroup"
	}
	return ch.Name
}

// commandReply posts what the app answered at once: nothing, plain text or a message.
func (s *Server) commandReply(name string, to *responseURL, answer []byte) (Reply, error) {
	words := strings.TrimSpace(string(answer))
	if words == "" || words == "null" || to == nil {
		return Reply{}, nil
	}
	if !strings.HasPrefix(words, "{") {
		words = string(mustJSON(object{"text": words}))
	}
	bad := func(e *apiError) (Reply, error) {
		return Reply{}, &DeliveryError{Kind: kindResponse, What: name, Detail: fmt.Sprint(e.code, " ", e.extra["errors"])}
	}
	r, fail := parseReply([]byte(words))
	if fail != nil {
		return bad(fail)
	}
	c, fail := s.readContent(r.args, maxPostText)
	if fail != nil {
		return bad(fail)
	}
	if c.empty() {
		return Reply{}, nil
	}
	m := s.postReply(to, r, c)
	kind := "ephemeral"
	if r.InChannel {
		kind = "in_channel"
	}
	return Reply{Text: m.Text, Blocks: append(json.RawMessage(nil), m.Blocks...), ResponseType: kind, Ref: m.Ref()}, nil
}
