package slack

import (
	"fmt"
	"slices"
	"strings"
)

// AddUser adds or replaces a person.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Users[u.ID] = &u
	s.emit(Event{Type: EventWorkspace})
}

// AddChannel adds or replaces a channel. The app is a member only when its bot user is listed.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	if c.Created == 0 {
		c.Created = s.now().Unix()
	}
	s.st.Channels[c.ID] = &c
	s.emit(Event{Type: EventWorkspace, Channel: c.ID})
}

// Join adds a person (or the bot) to a channel.
func (s *Server) Join(channelID, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.st.Channels[channelID]
	if ch == nil || s.st.Users[userID] == nil {
		return fmt.Errorf("no channel %s or no user %s", channelID, userID)
	}
	if !contains(ch.Members, userID) {
		ch.Members = append(ch.Members, userID)
		s.emit(Event{Type: EventWorkspace, Channel: channelID})
	}
	return nil
}

// Users lists the people, by id.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []User
	for _, id := range sortedKeys(s.st.Users) {
		out = append(out, *s.st.Users[id])
	}
	return out
}

// Channels lists what a person sees: public channels and their own private ones and direct messages.
func (s *Server) Channels(userID string) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	for _, c := range s.st.Channels {
		if contains(c.Members, userID) || !c.IsPrivate && !c.IsIM && !c.IsMPIM {
			one := *c
			one.Members = slices.Clone(c.Members)
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b Channel) int {
		if a.IsIM != b.IsIM {
			return map[bool]int{true: 1, false: -1}[a.IsIM]
		}
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
	return out
}

// DM returns the direct message between a person and the app, opening it when needed.
func (s *Server) DM(userID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(userID).ID
}

// Messages lists a channel's messages for everybody, oldest first, without thread replies.
func (s *Server) Messages(channelID string) []Message {
	return s.pickMessages(channelID, func(m *Message) bool { return m.inChannel() && m.Ephemeral == "" })
}

// MessagesFor lists what one person sees there: Messages and their own ephemeral ones.
func (s *Server) MessagesFor(userID, channelID string) []Message {
	return s.pickMessages(channelID, func(m *Message) bool {
		return m.inChannel() && (m.Ephemeral == "" || m.Ephemeral == userID)
	})
}

// Ephemerals lists the messages only this person sees in a channel, oldest first.
func (s *Server) Ephemerals(userID, channelID string) []Message {
	return s.pickMessages(channelID, func(m *Message) bool { return !m.Deleted && m.Ephemeral == userID })
}

// Thread lists a thread, its root first.
func (s *Server) Thread(channelID, ts string) []Message {
	return s.pickMessages(channelID, func(m *Message) bool {
		return !m.Deleted && m.Ephemeral == "" && (m.TS == ts || m.ThreadTS == ts)
	})
}

func (s *Server) pickMessages(channelID string, keep func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.st.Messages[channelID] {
		if keep(m) {
			out = append(out, m.clone())
		}
	}
	return out
}

// FindMessage returns the newest message in the channel, its threads and (when userID is set) that person's
// ephemeral messages, in which a person reads these words.
func (s *Server) FindMessage(userID, channelID, words string) (Message, bool) {
	all := s.pickMessages(channelID, func(m *Message) bool {
		return !m.Deleted && (m.Ephemeral == "" || m.Ephemeral == userID)
	})
	for _, m := range slices.Backward(all) {
		if strings.Contains(m.AllText(), words) {
			return m, true
		}
	}
	return Message{}, false
}

func (m *Message) clone() Message {
	c := *m
	c.Edits, c.Files = slices.Clone(m.Edits), slices.Clone(m.Files)
	return c
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

// Views lists the person's open modals, the top one last.
func (s *Server) Views(userID string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, id := range s.st.Stacks[userID] {
		out = append(out, *s.st.Views[id])
	}
	return out
}

// View returns an open modal or Home tab.
func (s *Server) View(viewID string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.st.Views[viewID]; v != nil {
		return *v, true
	}
	return View{}, false
}

// Home returns the person's published Home tab.
func (s *Server) Home(userID string) (View, bool) {
	s.mu.Lock()
	id := s.st.Homes[userID]
	s.mu.Unlock()
	return s.View(id)
}
