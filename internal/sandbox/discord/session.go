package discord

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"
)

// keptEvents is how many events of a session can be replayed.
const keptEvents = 5000

// knownIntents are all bits that mean something.
const knownIntents Intent = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25

// privileged intents must be switched on in the portal, https://discord.com/developers/docs/events/gateway#privileged-intents
const privileged = IntentGuildMembers | IntentPresences | IntentMessageContent

// session is what survives a lost connection.
type session struct {
	id      string
	intents Intent
	seq     int64
	events  []frame // the newest, for replays
	socket  *socket // nil while there is none
	lost    time.Time
}

// identify, https://discord.com/developers/docs/events/gateway-events#identify. Callers hold the lock.
func (k *socket) identify(data json.RawMessage) {
	var d struct {
		Token      string          `json:"token"`
		Properties json.RawMessage `json:"properties"`
		Compress   bool            `json:"compress"`
		Shard      []int           `json:"shard"`
		Intents    *Intent         `json:"intents"`
	}
	s := k.srv
	switch err := json.Unmarshal(data, &d); {
	case err != nil || d.Intents == nil || len(d.Properties) == 0:
		k.refuse(closeDecode, "an identify without token, properties or intents")
	case k.session != nil:
		k.refuse(closeAlreadyAuth, "identified twice")
	case !s.tokenRight(d.Token):
		k.refuse(closeAuthFailed, "a wrong token")
	case len(d.Shard) != 0 && (len(d.Shard) != 2 || d.Shard[0] < 0 || d.Shard[0] >= d.Shard[1]):
		k.refuse(closeShard, "a wrong shard")
	case *d.Intents&^knownIntents != 0:
		k.refuse(closeBadIntents, "unknown intents")
	case *d.Intents&privileged&^s.opts.Intents != 0:
		k.refuse(closeDeniedIntents, "privileged intents that are not switched on")
	default:
		k.zlib = d.Compress
		k.start(*d.Intents)
	}
}

func (k *socket) start(intents Intent) {
	s := k.srv
	name := make([]byte, 16)
	_, _ = rand.Read(name) // never fails
	ses := &session{id: hex.EncodeToString(name), intents: intents, socket: k}
	s.sessions[ses.id], k.session = ses, ses
	ses.add("READY", object{
		"v": 10, "user": s.userJSON(s.opts.AppID), "session_id": ses.id, "session_type": "normal", "shard": []int{0, 1},
		"resume_gateway_url": s.gatewayURL(), "application": object{"id": s.opts.AppID, "flags": s.appFlags()},
		"guilds": []object{{"id": s.opts.GuildID, "unavailable": true}}, "private_channels": []object{}, "relationships": []object{},
	})
	if intents&IntentGuilds != 0 {
		ses.add("GUILD_CREATE", s.guildCreate())
	}
	s.touch()
}

// resume, https://discord.com/developers/docs/events/gateway#resuming. Callers hold the lock.
func (k *socket) resume(data json.RawMessage) {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	s := k.srv
	if json.Unmarshal(data, &d) != nil {
		k.refuse(closeDecode, "a resume that is no JSON")
		return
	}
	if k.session != nil {
		k.refuse(closeAlreadyAuth, "resumed while identified")
		return
	}
	if !s.tokenRight(d.Token) {
		k.refuse(closeAuthFailed, "a wrong token")
		return
	}
	ses := s.sessions[d.Session]
	tooOld := ses != nil && (ses.socket == nil && time.Since(ses.lost) > s.opts.ResumeFor || d.Seq < ses.seq-int64(len(ses.events)))
	if ses == nil || tooOld {
		delete(s.sessions, d.Session)
		k.send(frame{Op: opInvalidSession, Data: false})
		return
	}
	if d.Seq > ses.seq || d.Seq < 0 {
		k.refuse(closeSeq, "a resume with a sequence that was never sent")
		return
	}
	k.takeOver(ses)
	for _, e := range ses.events {
		if *e.Seq > d.Seq {
			k.send(e)
		}
	}
	ses.add("RESUMED", object{})
	s.touch()
}

// takeOver gives a session this connection in the place of an older one.
func (k *socket) takeOver(ses *session) {
	if old := ses.socket; old != nil && old != k {
		old.closing = true
		old.cut()
	}
	ses.socket, k.session = k, ses
}

// add numbers an event, keeps it for replays and sends it when there is a connection.
func (ses *session) add(name string, data any) {
	ses.seq++
	seq := ses.seq
	e := frame{Op: opDispatch, Data: data, Seq: &seq, Type: name}
	ses.events = append(ses.events, e)
	if len(ses.events) > keptEvents {
		ses.events = append([]frame(nil), ses.events[keptEvents/10:]...)
	}
	if ses.socket != nil && !ses.socket.closing {
		ses.socket.send(e)
	}
}

// dispatch tells every session that wants to hear it; it says whether there was one. Callers hold the lock.
func (s *Server) dispatch(name string, needs Intent, data any) bool {
	heard := false
	raw := mustJSON(data) // as it is now: what is replayed later must not have changed
	for id, ses := range s.sessions {
		if ses.socket == nil && time.Since(ses.lost) > s.opts.ResumeFor {
			delete(s.sessions, id)
			continue
		}
		if needs == 0 || ses.intents&needs != 0 {
			ses.add(name, raw)
			heard = true
		}
	}
	return heard
}

// sendMessageEvent tells the sessions of a message, each with what its intents let it read. Callers hold the lock.
func (s *Server) sendMessageEvent(name string, m *Message) {
	ch := s.st.Channels[m.Channel]
	if ch == nil || m.Ephemeral != "" {
		return
	}
	needs := IntentGuildMessages
	if ch.Type == DMChannel {
		needs = IntentDirectMessages
	} else if s.lacks(ch)&ViewChannel != 0 {
		return
	}
	for _, ses := range s.sessions {
		if ses.intents&needs == 0 {
			continue
		}
		o := s.messageJSON(m, s.readable(m, ses.intents))
		if ch.Type != DMChannel {
			o["guild_id"] = s.opts.GuildID
			if s.st.Users[m.Author] != nil && m.Interaction == "" {
				o["member"] = s.memberJSON(m.Author, false)
			}
		}
		ses.add(name, mustJSON(o))
	}
}

// guildCreate, https://discord.com/developers/docs/events/gateway-events#guild-create
func (s *Server) guildCreate() object {
	o := s.guildJSON()
	channels, threads, members := []object{}, []object{}, []object{s.memberJSON(s.opts.AppID, true)}
	for _, id := range sortedKeys(s.st.Channels) {
		switch ch := s.st.Channels[id]; {
		case s.lacks(ch)&ViewChannel != 0 || ch.Type == DMChannel:
		case ch.IsThread() && !ch.Archived:
			threads = append(threads, s.channelJSON(ch))
		case ch.Type == TextChannel:
			channels = append(channels, s.channelJSON(ch))
		}
	}
	o["joined_at"], o["large"], o["unavailable"] = stamp(TimeOf(s.opts.GuildID)), false, false
	o["member_count"], o["members"], o["channels"], o["threads"] = len(s.st.Users), members, channels, threads
	o["voice_states"], o["presences"], o["stage_instances"] = []object{}, []object{}, []object{}
	return o
}

// appFlags say which privileged intents the portal has on, for an app of few guilds,
// https://discord.com/developers/docs/resources/application#application-object-application-flags
func (s *Server) appFlags() int {
	flags := 0
	for intent, flag := range map[Intent]int{IntentPresences: 1 << 13, IntentGuildMembers: 1 << 15, IntentMessageContent: 1 << 19} {
		if s.opts.Intents&intent != 0 {
			flags |= flag
		}
	}
	return flags
}
