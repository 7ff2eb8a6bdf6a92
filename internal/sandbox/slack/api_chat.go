package slack

import (
	"fmt"
	"regexp"
	"strings"
)

// https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours.
func chatMethods() map[string]method {
	write := []string{"chat:write"}
	return map[string]method{
		"chat.postMessage":   {tier: tierPost, scopes: write, run: chatPostMessage},
		"chat.postEphemeral": {tier: tier4, scopes: write, run: chatPostEphemeral},
		"chat.update":        {tier: tier3, scopes: write, run: chatUpdate},
		"chat.delete":        {tier: tier3, scopes: write, run: chatDelete},
		"chat.getPermalink":  {tier: tierSpecial, run: chatGetPermalink},
	}
}

var tsPattern = regexp.MustCompile(`^\d{10}\.\d{6}$`)

func chatPostMessage(s *Server, a args) (object, *apiError) {
	if err := a.require("channel"); err != nil {
		return nil, err
	}
	ch, err := s.target(a["channel"])
	if err != nil {
		return nil, err
	}
	if long := []rune(a["text"]); len(long) > maxPostText {
		a["text"] = string(long[:maxPostText])
	}
	c, err := s.readContent(a, maxPostText)
	if err != nil {
		return nil, err
	}
	if c.empty() {
		return nil, refuse("no_text")
	}
	if err := s.checkThread(ch.ID, a["thread_ts"]); err != nil {
		return nil, err
	}
	m := s.botMessage(ch.ID, c)
	m.ThreadTS, m.Broadcast = a["thread_ts"], a.flag("reply_broadcast")
	if s.granted("chat:write.customize") {
		m.Username = a["username"]
	}
	s.addMessage(m)
	s.queueMessageEvent(m)
	return object{"channel": ch.ID, "ts": m.TS, "message": s.messageJSON(m, true)}, nil
}

// botMessage is a message of the app with this content.
func (s *Server) botMessage(channel string, c content) *Message {
	return &Message{
		Channel: channel, User: s.opts.BotUserID, BotID: botID, Text: c.text,
		Blocks: c.blocks, Attachments: c.attachments, Metadata: c.metadata,
	}
}

func (s *Server) checkThread(channel, ts string) *apiError {
	if ts == "" {
		return nil
	}
	if !tsPattern.MatchString(ts) {
		return refuse("invalid_thread_ts")
	}
	root := s.message(MessageRef{channel, ts})
	if root == nil || root.Ephemeral != "" {
		return refuse("thread_not_found")
	}
	if root.ThreadTS != "" && root.ThreadTS != root.TS {
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func chatPostEphemeral(s *Server, a args) (object, *apiError) {
	if err := a.require("channel", "user"); err != nil {
		return nil, err
	}
	ch, err := s.target(a["channel"])
	if err != nil {
		return nil, err
	}
	if s.st.Users[a["user"]] == nil || !contains(ch.Members, a["user"]) {
		return nil, refuse("user_not_in_channel")
	}
	c, err := s.readContent(a, maxPostText)
	if err != nil {
		return nil, err
	}
	if c.empty() {
		return nil, refuse("no_text")
	}
	m := s.botMessage(ch.ID, c)
	m.Ephemeral, m.ThreadTS, m.Metadata = a["user"], a["thread_ts"], nil
	s.addMessage(m)
	return object{"message_ts": m.TS}, nil
}

func chatUpdate(s *Server, a args) (object, *apiError) {
	m, err := s.ownMessage(a, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if s.st.Channels[m.Channel].IsArchived {
		return nil, refuse("is_inactive")
	}
	c, err := s.readContent(a, maxUpdateText)
	if err != nil {
		return nil, err
	}
	if a.flag("reply_broadcast") {
		return s.broadcast(m, c)
	}
	if c.empty() && isEmptyList(m.Blocks) {
		return nil, refuse("no_text")
	}
	s.edit(m, c)
	return object{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m, true)}, nil
}

// broadcast shows an existing reply in the channel too, which can't change it at the same time.
func (s *Server) broadcast(m *Message, c content) (object, *apiError) {
	if !c.empty() {
		return nil, refuse("no_dual_broadcast_content_update")
	}
	if m.ThreadTS == "" || m.ThreadTS == m.TS {
		return nil, refuse("cant_broadcast_message")
	}
	m.Broadcast = true
	s.emit(Event{Type: EventEdit, Channel: m.Channel, TS: m.TS})
	return object{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m, true)}, nil
}

// edit changes a message in place, as https://docs.slack.dev/reference/methods/chat.update says: text without
// blocks takes the blocks away; what else is not given stays. Only an edit of text shows the message as edited.
func (s *Server) edit(m *Message, c content) {
	before := *m
	m.Edits = append(m.Edits, m.Text)
	if c.hasText {
		m.Text = c.text
	}
	if c.blocks != nil || c.text != "" {
		m.Blocks = c.blocks
	}
	if c.attachments != nil {
		m.Attachments = c.attachments
	}
	if c.metadata != nil {
		m.Metadata = c.metadata
	}
	if isEmptyList(m.Blocks) {
		m.EditedTS = formatTS(s.now().UnixMicro())
	}
	s.emit(Event{Type: EventEdit, Channel: m.Channel, TS: m.TS, UserID: m.Ephemeral})
	if m.Ephemeral == "" {
		s.queueChangeEvent(m, &before)
	}
}

// ownMessage finds the message named by channel and ts, which must be the app's.
func (s *Server) ownMessage(a args, denied string) (*Message, *apiError) {
	if err := a.require("channel", "ts"); err != nil {
		return nil, err
	}
	if _, err := s.visible(a["channel"]); err != nil {
		return nil, err
	}
	m := s.message(MessageRef{a["channel"], a["ts"]})
	if m == nil || m.Ephemeral != "" {
		return nil, refuse("message_not_found")
	}
	if m.User != s.opts.BotUserID {
		return nil, refuse(denied)
	}
	return m, nil
}

func chatDelete(s *Server, a args) (object, *apiError) {
	m, err := s.ownMessage(a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.remove(m)
	return object{"channel": m.Channel, "ts": m.TS}, nil
}

func (s *Server) remove(m *Message) {
	m.Deleted = true
	if root := s.message(MessageRef{m.Channel, m.ThreadTS}); root != nil && root != m && m.Ephemeral == "" {
		root.ReplyCount--
	}
	s.emit(Event{Type: EventDelete, Channel: m.Channel, TS: m.TS, UserID: m.Ephemeral})
	if m.Ephemeral == "" {
		s.queueDeleteEvent(m)
	}
}

func chatGetPermalink(s *Server, a args) (object, *apiError) {
	if err := a.require("channel", "message_ts"); err != nil {
		return nil, err
	}
	ch, err := s.visible(a["channel"])
	if err != nil {
		return nil, err
	}
	m := s.message(MessageRef{ch.ID, a["message_ts"]})
	if m == nil || m.Ephemeral != "" {
		return nil, refuse("message_not_found")
	}
	return object{"channel": ch.ID, "permalink": s.permalink(m)}, nil
}

func (s *Server) permalink(m *Message) string {
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", s.domain(), m.Channel, strings.ReplaceAll(m.TS, ".", ""))
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}

// visible finds a conversation the app may know of, by id.
func (s *Server) visible(id string) (*Channel, *apiError) {
	ch := s.st.Channels[id]
	if ch == nil || (ch.IsPrivate || ch.IsIM || ch.IsMPIM) && !contains(ch.Members, s.opts.BotUserID) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// target finds where to post: a conversation id, a channel name or a person.
func (s *Server) target(id string) (*Channel, *apiError) {
	if u := s.st.Users[id]; u != nil && !u.IsBot && !u.Deleted {
		id = s.dm(id).ID
	}
	if name := strings.TrimPrefix(id, "#"); s.st.Channels[id] == nil {
		for _, ch := range s.st.Channels {
			if ch.Name == name && name != "" {
				id = ch.ID
			}
		}
	}
	ch, err := s.visible(id)
	if err != nil {
		return nil, err
	}
	if ch.IsArchived {
		return nil, refuse("is_archived")
	}
	if ch.IsIM && s.manifest != nil && s.manifest.noMessages() {
		return nil, refuse("messages_tab_disabled")
	}
	if !contains(ch.Members, s.opts.BotUserID) && !s.granted("chat:write.public") {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}
