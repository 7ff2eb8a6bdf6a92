package discord

import "net/http"

// maxThreadName is the longest name of a channel or thread, https://discord.com/developers/docs/resources/channel
const maxThreadName = 100

// maxTopic is the longest topic of a channel.
const maxTopic = 1024

func channelRoutes() map[string]route {
	return map[string]route{
		"GET /channels/{channel}":                             {run: (*Server).channelGet},
		"PATCH /channels/{channel}":                           {run: (*Server).channelEdit},
		"POST /channels/{channel}/typing":                     {run: (*Server).typing},
		"POST /channels/{channel}/threads":                    {run: (*Server).threadBare},
		"POST /channels/{channel}/messages/{message}/threads": {run: (*Server).threadFrom},
		"PUT /channels/{channel}/thread-members/{user}":       {run: (*Server).threadJoin},
	}
}

// place finds a channel the app sees, and refuses when it lacks a permission there.
func (s *Server) place(q *request, needs Permission) (*Channel, *apiError) {
	ch := s.st.Channels[q.path("channel")]
	if ch == nil {
		return nil, notFound(codeUnknownChannel, "Channel")
	}
	lacks := s.lacks(ch)
	switch {
	case lacks&ViewChannel != 0:
		return nil, refuse(http.StatusForbidden, codeMissingAccess, "Missing Access")
	case lacks&needs != 0:
		return nil, refuse(http.StatusForbidden, codeMissingPermissions, "Missing Permissions")
	}
	return ch, nil
}

func (s *Server) channelGet(q *request) (answer, *apiError) {
	ch, err := s.place(q, 0)
	if err != nil {
		return answer{}, err
	}
	return answer{body: s.channelJSON(ch)}, nil
}

// channelEdit changes a thread's name and state, https://discord.com/developers/docs/resources/channel#modify-channel
func (s *Server) channelEdit(q *request) (answer, *apiError) {
	ch, err := s.place(q, 0)
	if err != nil {
		return answer{}, err
	}
	if ch.Type == DMChannel {
		return answer{}, refuse(http.StatusBadRequest, codeNotOnDM, "Cannot execute action on a DM channel")
	}
	var f form
	name := ch.Name
	if _, ok := q.body["name"]; ok {
		name = f.str("", q.body, "name", between(1, maxThreadName))
	}
	topic := f.str("", q.body, "topic", upTo(maxTopic))
	archived, locked := f.flag("", q.body, "archived", ch.Archived), f.flag("", q.body, "locked", ch.Locked)
	if err := f.err(); err != nil {
		return answer{}, err
	}
	if q.body["topic"] != nil {
		ch.Topic = topic
	}
	ch.Name = name
	if ch.IsThread() {
		ch.Archived, ch.Locked = archived, locked
		s.dispatch("THREAD_UPDATE", IntentGuilds, s.channelJSON(ch))
	} else {
		s.dispatch("CHANNEL_UPDATE", IntentGuilds, s.channelJSON(ch))
	}
	s.emit(Event{Type: EventGuild, Channel: ch.ID})
	return answer{body: s.channelJSON(ch)}, nil
}

func (s *Server) typing(q *request) (answer, *apiError) {
	_, err := s.place(q, SendMessages)
	return answer{}, err
}

// threadFrom, https://discord.com/developers/docs/resources/channel#start-thread-from-message
func (s *Server) threadFrom(q *request) (answer, *apiError) {
	ch, err := s.place(q, CreatePublicThreads)
	if err != nil {
		return answer{}, err
	}
	m := s.message(MessageRef{Channel: ch.ID, ID: q.path("message")})
	switch {
	case ch.Type != TextChannel:
		return answer{}, refuse(http.StatusBadRequest, codeWrongChannel, "Cannot execute action on this channel type")
	case m == nil || m.Ephemeral != "":
		return answer{}, notFound(codeUnknownMessage, "Message")
	case m.Thread != "":
		return answer{}, refuse(http.StatusBadRequest, codeThreadExists, "A thread has already been created for this message")
	}
	t, err := s.newThread(q, ch, m.ID, PublicThread)
	if err != nil {
		return answer{}, err
	}
	m.Thread, m.Flags = t.ID, m.Flags|FlagHasThread
	s.emit(Event{Type: EventEdit, Channel: m.Channel, ID: m.ID})
	s.sendMessageEvent("MESSAGE_UPDATE", m)
	return answer{status: http.StatusCreated, body: s.channelJSON(t)}, nil
}

// threadBare, https://discord.com/developers/docs/resources/channel#start-thread-without-message
func (s *Server) threadBare(q *request) (answer, *apiError) {
	ch, err := s.place(q, CreatePublicThreads)
	if err != nil {
		return answer{}, err
	}
	if ch.Type != TextChannel {
		return answer{}, refuse(http.StatusBadRequest, codeWrongChannel, "Cannot execute action on this channel type")
	}
	kind := PrivateThread
	if q.body["type"] != nil {
		var f form
		if kind = f.choice("", q.body, "type", PublicThread, PrivateThread); f.err() != nil {
			return answer{}, f.err()
		}
	}
	t, err := s.newThread(q, ch, s.newID(), kind)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: s.channelJSON(t)}, nil
}

// newThread makes a thread; one made from a message has the message's id.
func (s *Server) newThread(q *request, parent *Channel, id string, kind int) (*Channel, *apiError) {
	var f form
	name := f.str("", q.body, "name", between(1, maxThreadName))
	if q.body["auto_archive_duration"] != nil {
		f.choice("", q.body, "auto_archive_duration", 60, 1440, 4320, 10080)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	t := &Channel{ID: id, Type: kind, Name: name, Parent: parent.ID}
	if kind == PrivateThread {
		t.Members = []string{s.opts.AppID}
	}
	s.st.Channels[id] = t
	created := s.channelJSON(t)
	created["newly_created"] = true
	s.dispatch("THREAD_CREATE", IntentGuilds, created)
	s.emit(Event{Type: EventGuild, Channel: id})
	return t, nil
}

func (s *Server) threadJoin(q *request) (answer, *apiError) {
	ch, err := s.place(q, 0)
	switch {
	case err != nil:
		return answer{}, err
	case !ch.IsThread():
		return answer{}, refuse(http.StatusBadRequest, codeWrongChannel, "Cannot execute action on this channel type")
	case s.st.Users[q.path("user")] == nil && q.path("user") != "@me":
		return answer{}, notFound(codeUnknownUser, "User")
	}
	if ch.Type == PrivateThread && q.path("user") != "@me" && !contains(ch.Members, q.path("user")) {
		ch.Members = append(ch.Members, q.path("user"))
		s.emit(Event{Type: EventGuild, Channel: ch.ID})
	}
	return answer{}, nil
}
