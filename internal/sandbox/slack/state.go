package slack

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// state is what survives a restart.
type state struct {
	Seq       int64                   `json:"seq"`       // last number used in an id
	EventSeq  int64                   `json:"event_seq"` // last number given to an Event
	LastTS    int64                   `json:"last_ts"`   // microseconds of the newest message
	Users     map[string]*User        `json:"users"`
	Channels  map[string]*Channel     `json:"channels"`
	Messages  map[string][]*Message   `json:"messages"` // by channel, oldest first
	Views     map[string]*View        `json:"views"`
	Stacks    map[string][]string     `json:"stacks"` // open modals by user, the top one last
	Homes     map[string]string       `json:"homes"`  // Home view by user
	Files     map[string]*File        `json:"files"`
	Uploads   map[string]string       `json:"uploads"` // file by upload token
	Content   map[string][]byte       `json:"-"`       // kept beside the state file, a file each
	Responses map[string]*responseURL `json:"responses"`
	Manifest  json.RawMessage         `json:"manifest,omitempty"`
}

func newState() *state {
	return &state{
		Users: map[string]*User{}, Channels: map[string]*Channel{}, Messages: map[string][]*Message{},
		Views: map[string]*View{}, Stacks: map[string][]string{}, Homes: map[string]string{},
		Files: map[string]*File{}, Uploads: map[string]string{}, Content: map[string][]byte{},
		Responses: map[string]*responseURL{},
	}
}

// idDigits is how long the ids are, after the letter.
const idDigits = 9

// newID makes an id that looks like Slack's: a letter for its kind, then capitals and digits.
func (s *Server) newID(prefix string) string {
	s.st.Seq++
	n := strings.ToUpper(strconv.FormatInt(s.st.Seq, 36))
	return prefix + strings.Repeat("0", max(0, idDigits-len(n))) + n
}

// newTS makes a message timestamp: unique, increasing, and the clock's time where that allows it.
func (s *Server) newTS() string {
	us := s.now().UnixMicro()
	if us <= s.st.LastTS {
		us = s.st.LastTS + 1
	}
	s.st.LastTS = us
	return formatTS(us)
}

func formatTS(us int64) string { return fmt.Sprintf("%d.%06d", us/1e6, us%1e6) }

func tsTime(ts string) time.Time {
	f, _ := strconv.ParseFloat(ts, 64)
	return time.UnixMicro(int64(math.Round(f * 1e6)))
}

// addMessage stores a message under a new timestamp and tells everybody.
func (s *Server) addMessage(m *Message) *Message {
	m.TS = s.newTS()
	list := append(s.st.Messages[m.Channel], m)
	s.st.Messages[m.Channel] = list
	if root := s.message(MessageRef{m.Channel, m.ThreadTS}); root != nil && m.Ephemeral == "" {
		root.ReplyCount++
		root.ThreadTS = root.TS
	}
	e := Event{Type: EventMessage, Channel: m.Channel, TS: m.TS}
	if m.Ephemeral != "" {
		e.Type, e.UserID = EventEphemeral, m.Ephemeral
	}
	s.emit(e)
	return m
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
	i := sort.Search(len(list), func(i int) bool { return list[i].TS >= ref.TS })
	if ref.TS == "" || i == len(list) || list[i].TS != ref.TS {
		return nil
	}
	return list[i]
}

// dm returns the direct message of a person with the app, made when it is first needed.
func (s *Server) dm(userID string) *Channel {
	for _, c := range s.st.Channels {
		if c.IsIM && len(c.Members) == 2 && contains(c.Members, userID) && contains(c.Members, s.opts.BotUserID) {
			return c
		}
	}
	c := &Channel{ID: s.newID("D"), IsIM: true, Members: []string{userID, s.opts.BotUserID}, Created: s.now().Unix()}
	s.st.Channels[c.ID] = c
	s.emit(Event{Type: EventWorkspace})
	return c
}

func contains(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// notice is Slack itself telling one person something went wrong.
func (s *Server) notice(userID, channelID, words string) {
	s.addMessage(&Message{Channel: channelID, User: "USLACKBOT", Text: words, Ephemeral: userID, Notice: true})
}
