package discord

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// AddUser adds or replaces a person. The id is a snowflake.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Roles = slices.Clone(u.Roles)
	known := s.st.Users[u.ID]
	s.st.Users[u.ID] = &u
	if known == nil {
		member := s.memberJSON(u.ID, true)
		member["guild_id"] = s.opts.GuildID
		s.dispatch("GUILD_MEMBER_ADD", IntentGuildMembers, member)
	}
	s.emit(Event{Type: EventGuild})
}

// AddRole adds a role, which users name in Roles.
func (s *Server) AddRole(r Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Roles = append(slices.DeleteFunc(s.st.Roles, func(o Role) bool { return o.ID == r.ID }), r)
	s.emit(Event{Type: EventGuild})
}

// AddChannel adds or replaces a channel. Everybody sees it, and the app, unless Members are listed.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	known := s.st.Channels[c.ID]
	if known != nil {
		c.Last = known.Last
	}
	s.st.Channels[c.ID] = &c
	if known == nil && c.Type == TextChannel && s.lacks(&c)&ViewChannel == 0 {
		s.dispatch("CHANNEL_CREATE", IntentGuilds, s.channelJSON(&c))
	}
	s.emit(Event{Type: EventGuild, Channel: c.ID})
}

// NewID makes a snowflake, for people and channels of tests.
func (s *Server) NewID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newID()
}

// Users lists the people, by id.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []User
	for _, id := range sortedKeys(s.st.Users) {
		u := *s.st.Users[id]
		u.Roles = slices.Clone(u.Roles)
		out = append(out, u)
	}
	return out
}

// User is one person.
func (s *Server) User(id string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.st.Users[id]; u != nil {
		return *u, true
	}
	return User{}, false
}

// Channels lists the channels, threads and direct messages a person sees.
func (s *Server) Channels(userID string) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	for _, c := range s.st.Channels {
		if s.sees(userID, c) {
			one := *c
			one.Members = slices.Clone(c.Members)
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b Channel) int {
		order := map[int]int{TextChannel: 0, PublicThread: 1, PrivateThread: 1, DMChannel: 2}
		if d := order[a.Type] - order[b.Type]; d != 0 {
			return d
		}
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
	return out
}

// Channel is one channel, thread or direct message.
func (s *Server) Channel(id string) (Channel, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.st.Channels[id]; c != nil {
		one := *c
		one.Members = slices.Clone(c.Members)
		return one, true
	}
	return Channel{}, false
}

// DM returns the direct message channel between a person and the app, opening it when needed.
func (s *Server) DM(userID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(userID).ID
}

// Messages lists what everybody in a channel or thread sees, oldest first.
func (s *Server) Messages(channelID string) []Message {
	return s.pick(channelID, func(m *Message) bool { return m.Ephemeral == "" })
}

// MessagesFor lists what one person sees there: Messages and those only they see.
func (s *Server) MessagesFor(userID, channelID string) []Message {
	return s.pick(channelID, func(m *Message) bool { return m.Ephemeral == "" || m.Ephemeral == userID })
}

// Ephemerals lists the messages only this person sees in a channel, oldest first.
func (s *Server) Ephemerals(userID, channelID string) []Message {
	return s.pick(channelID, func(m *Message) bool { return m.Ephemeral == userID })
}

func (s *Server) pick(channelID string, keep func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.st.Messages[channelID] {
		if !m.Deleted && keep(m) {
			out = append(out, m.clone())
		}
	}
	return out
}

// FindMessage returns the newest message a person sees in a channel or its threads in which they read these words.
func (s *Server) FindMessage(userID, channelID, words string) (Message, bool) {
	places := []string{channelID}
	for _, c := range s.Channels(userID) {
		if c.IsThread() && c.Parent == channelID {
			places = append(places, c.ID)
		}
	}
	var best Message
	found := false
	for _, place := range places {
		for _, m := range slices.Backward(s.MessagesFor(userID, place)) {
			if strings.Contains(m.AllText(), words) {
				if !found || before(best.ID, m.ID) {
					best, found = m, true
				}
				break
			}
		}
	}
	return best, found
}

// Message returns one message, deleted ones included.
func (s *Server) Message(ref MessageRef) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.anyMessage(ref)
	if m == nil {
		return Message{}, false
	}
	return m.clone(), true
}

// AllText is everything a person reads in a message: content, embeds, components and names of files.
func (m Message) AllText() string {
	var out []string
	add := func(words ...any) {
		for _, w := range words {
			if t := text(w); t != "" {
				out = append(out, t)
			}
		}
	}
	if m.Loading {
		add("is thinking...")
	}
	add(m.Content)
	for _, e := range decodeList(m.Embeds) {
		add(asObject(e["author"])["name"], e["title"], e["description"])
		for _, f := range asList(e["fields"]) {
			add(asObject(f)["name"], asObject(f)["value"])
		}
		add(asObject(e["footer"])["text"])
	}
	var all []any
	_ = json.Unmarshal(m.Components, &all) // checked when it was kept
	walk(all, func(o object) {
		add(o["content"], o["label"], o["placeholder"], o["description"])
		for _, opt := range asList(o["options"]) {
			add(asObject(opt)["label"])
		}
	})
	for _, a := range m.Attachments {
		add(a.Filename)
	}
	return strings.Join(out, "\n")
}

// Button finds a button by its words and returns its custom_id, or its address when it opens one.
func (m Message) Button(label string) (string, bool) {
	c, err := findComponent(m.Components, label, compButton)
	if err != nil {
		return "", false
	}
	return text(c["custom_id"]) + text(c["url"]), true
}

// Buttons lists the words of the message's buttons, in order.
func (m Message) Buttons() []string {
	var all []any
	_ = json.Unmarshal(m.Components, &all) // checked when it was kept
	var out []string
	walk(all, func(o object) {
		if kindOf(o) == compButton {
			out = append(out, text(o["label"]))
		}
	})
	return out
}

// FileContent is what is in a file.
func (s *Server) FileContent(id string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.st.Content[id]
	return data, ok
}

// serveFile is Discord's file store: whoever has the address reads the file.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	a, content := s.st.Files[r.PathValue("id")], s.st.Content[r.PathValue("id")]
	s.mu.Unlock()
	if a == nil || a.Filename != r.PathValue("name") {
		http.NotFound(w, r)
		return
	}
	if a.ContentType != "" {
		w.Header().Set("Content-Type", a.ContentType)
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	_, _ = w.Write(content)
}
