package discord

import (
	"encoding/json"
	"sort"
	"strconv"
	"time"
)

// object is a JSON object as decoded into Go.
type object = map[string]any

// state is what survives a restart.
type state struct {
	BaseURL  string                  `json:"base_url"`  // in the addresses of files
	LastID   int64                   `json:"last_id"`   // last snowflake given
	EventSeq int64                   `json:"event_seq"` // last number given to an Event
	Users    map[string]*User        `json:"users"`
	Roles    []Role                  `json:"roles"`
	Channels map[string]*Channel     `json:"channels"`
	Messages map[string][]*Message   `json:"messages"` // by channel, oldest first
	Modals   map[string]*Modal       `json:"modals"`   // by user
	Files    map[string]*Attachment  `json:"files"`
	Content  map[string][]byte       `json:"-"`        // kept beside the state file, a file each
	Commands map[string][]object     `json:"commands"` // by guild; "" for global
	Answers  map[string]*interaction `json:"answers"`  // by token
	Offered  map[string][]Choice     `json:"offered"`  // what autocomplete last offered, by user, command and option
	Nonces   map[string]nonce        `json:"nonces"`   // by channel and nonce
}

// nonce remembers the message an enforced nonce made.
type nonce struct {
	Message MessageRef `json:"message"`
	At      time.Time  `json:"at"`
}

func newState() *state {
	return &state{
		Users: map[string]*User{}, Channels: map[string]*Channel{}, Messages: map[string][]*Message{},
		Modals: map[string]*Modal{}, Files: map[string]*Attachment{}, Content: map[string][]byte{},
		Commands: map[string][]object{}, Answers: map[string]*interaction{}, Offered: map[string][]Choice{},
		Nonces: map[string]nonce{},
	}
}

// epoch is Discord's: the first second of 2015, https://discord.com/developers/docs/reference#snowflakes
const epoch = 1420070400000

// snowflakeShift is where the milliseconds stand in an id.
const snowflakeShift = 22

// newID makes a snowflake: unique, increasing, and of the clock's time where that allows it.
func (s *Server) newID() string {
	id := (s.now().UnixMilli() - epoch) << snowflakeShift
	if id <= s.st.LastID {
		id = s.st.LastID + 1
	}
	s.st.LastID = id
	return strconv.FormatInt(id, 10)
}

// TimeOf tells when a snowflake was made.
func TimeOf(id string) time.Time {
	n, _ := strconv.ParseInt(id, 10, 64)
	return time.UnixMilli(n>>snowflakeShift + epoch).UTC()
}

// before orders snowflakes.
func before(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// isSnowflake reports whether the text can be an id.
func isSnowflake(id string) bool {
	n, err := strconv.ParseUint(id, 10, 64)
	return err == nil && n > 0
}

// message finds a message that is not deleted.
func (s *Server) message(ref MessageRef) *Message {
	m := s.anyMessage(ref)
	if m == nil || m.Deleted {
		return nil
	}
	return m
}

func (s *Server) anyMessage(ref MessageRef) *Message {
	list := s.st.Messages[ref.Channel]
	i := sort.Search(len(list), func(i int) bool { return !before(list[i].ID, ref.ID) })
	if ref.ID == "" || i == len(list) || list[i].ID != ref.ID {
		return nil
	}
	return list[i]
}

// addMessage keeps a new message, gives it its id and tells whoever looks. The app is told by its caller.
func (s *Server) addMessage(m *Message) {
	m.ID = s.newID()
	s.st.Messages[m.Channel] = append(s.st.Messages[m.Channel], m)
	if ch := s.st.Channels[m.Channel]; ch != nil && m.Ephemeral == "" {
		ch.Last = m.ID
		ch.Archived = false // a message brings an archived thread back
	}
	s.emit(Event{Type: EventMessage, Channel: m.Channel, ID: m.ID, UserID: m.Ephemeral})
}

// notice is Discord itself telling one person something went wrong.
func (s *Server) notice(userID, channelID, words string) {
	s.addMessage(&Message{Channel: channelID, Author: s.opts.AppID, Content: words, Ephemeral: userID, Flags: FlagEphemeral, Notice: true})
}

// dm returns the direct message of a person with the app, made when it is first needed.
func (s *Server) dm(userID string) *Channel {
	for _, c := range s.st.Channels {
		if c.Type == DMChannel && contains(c.Members, userID) {
			return c
		}
	}
	c := &Channel{ID: s.newID(), Type: DMChannel, Members: []string{userID, s.opts.AppID}}
	s.st.Channels[c.ID] = c
	s.emit(Event{Type: EventGuild, Channel: c.ID})
	return c
}

// sees reports whether a person sees a channel.
func (s *Server) sees(userID string, ch *Channel) bool {
	u := s.st.Users[userID]
	if u == nil || ch == nil || u.Gone && ch.Type != DMChannel {
		return false
	}
	if ch.Type == PublicThread {
		return s.sees(userID, s.st.Channels[ch.Parent])
	}
	return len(ch.Members) == 0 || contains(ch.Members, userID)
}

func contains(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only values made in this package get here
	}
	return data
}

func decodeList(raw json.RawMessage) []object {
	var list []object
	_ = json.Unmarshal(raw, &list) // what is stored was checked
	return list
}

func asList(v any) []any { list, _ := v.([]any); return list }

func asObject(v any) object { o, _ := v.(object); return o }

func text(v any) string { s, _ := v.(string); return s }

// number reads a JSON number that should be whole.
func number(v any) (int, bool) {
	f, ok := v.(float64)
	if !ok || f != float64(int(f)) {
		return 0, false
	}
	return int(f), true
}

// kindOf is a component's or option's type.
func kindOf(o object) int { n, _ := number(o["type"]); return n }
