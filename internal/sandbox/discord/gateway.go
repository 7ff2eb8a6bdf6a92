package discord

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway opcodes, https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// Gateway close codes, https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
const (
	closeUnknown       = 4000
	closeOpcode        = 4001
	closeDecode        = 4002
	closeNotAuth       = 4003
	closeAuthFailed    = 4004
	closeAlreadyAuth   = 4005
	closeSeq           = 4007
	closeRate          = 4008
	closeShard         = 4010
	closeVersion       = 4012
	closeBadIntents    = 4013
	closeDeniedIntents = 4014
)

const (
	// maxSend is the longest payload an app may send, https://discord.com/developers/docs/events/gateway#sending-events
	maxSend = 4096
	// sendsPerMinute, https://discord.com/developers/docs/events/gateway#rate-limiting
	sendsPerMinute = 120
	// writeLimit is how long a write may take before the connection counts as dead.
	writeLimit = 5 * time.Second
	// queued is how many payloads may wait for a slow client before it is cut off.
	queued = 4096
	// heartbeatGrace is how much later than asked a heartbeat may come.
	heartbeatGrace = 1.5
)

// socket is one connection of the app.
type socket struct {
	srv  *Server
	conn *websocket.Conn
	out  chan any // payloads, or a closing code
	gone chan struct{}
	once sync.Once

	// Guarded by the server's lock.
	session  *session
	zlib     bool
	sent     []time.Time // what the client sent within the last minute
	closing  bool        // we closed it: what the client says in return means nothing
	lastBeat time.Time
}

// frame is a gateway payload.
type frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int64 `json:"s"`
	Type string `json:"t,omitempty"`
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if v := query.Get("encoding"); v != "" && v != "json" || query.Get("compress") != "" {
		http.Error(w, "only JSON without transport compression is modelled", http.StatusBadRequest)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	k := &socket{srv: s, conn: conn, out: make(chan any, queued), gone: make(chan struct{}), lastBeat: time.Now()}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		k.cut()
		return
	}
	s.sockets[k] = true
	s.wg.Add(2)
	if v := query.Get("v"); v != "9" && v != "10" {
		k.refuse(closeVersion, "an API version that is not served")
	} else {
		k.send(frame{Op: opHello, Data: object{"heartbeat_interval": s.opts.Heartbeat.Milliseconds()}})
	}
	s.mu.Unlock()
	go func() { defer s.wg.Done(); k.write() }()
	go func() { defer s.wg.Done(); k.watch() }()
	k.read()
}

// send queues a payload; a client that does not read is cut off.
func (k *socket) send(v any) {
	select {
	case k.out <- v:
	default:
		k.cut()
	}
}

// closeWith ends the connection from our side, after what is queued. Callers hold the lock.
func (k *socket) closeWith(code int) {
	k.closing = true
	k.send(code)
}

func (k *socket) write() {
	for {
		select {
		case <-k.gone:
			return
		case v := <-k.out:
			_ = k.conn.SetWriteDeadline(time.Now().Add(writeLimit)) // fails only with the connection
			if code, ok := v.(int); ok {
				_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(writeLimit))
				k.cut()
				return
			}
			if err := k.writeFrame(v); err != nil {
				k.cut()
				return
			}
		}
	}
}

// writeFrame sends JSON, as a text or, when the client asked for payload compression, a zlib message.
func (k *socket) writeFrame(v any) error {
	data := mustJSON(v)
	k.srv.mu.Lock()
	packed := k.zlib
	k.srv.mu.Unlock()
	if !packed {
		return k.conn.WriteMessage(websocket.TextMessage, data)
	}
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.BinaryMessage, buf.Bytes())
}

// watch ends a connection whose heartbeats stopped.
func (k *socket) watch() {
	t := time.NewTicker(k.srv.opts.Heartbeat / 4)
	defer t.Stop()
	for {
		select {
		case <-k.gone:
			return
		case now := <-t.C:
			k.srv.mu.Lock()
			if now.Sub(k.lastBeat) > time.Duration(float64(k.srv.opts.Heartbeat)*heartbeatGrace) && !k.closing {
				k.srv.violation("gateway: no heartbeat came in time")
				k.closeWith(closeUnknown)
			}
			k.srv.mu.Unlock()
		}
	}
}

// read takes what the client sends until the connection ends.
func (k *socket) read() {
	code := 0
	for {
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			if closed := new(websocket.CloseError); errors.As(err, &closed) {
				code = closed.Code
			}
			break
		}
		k.srv.mu.Lock()
		if !k.closing {
			k.received(data)
		}
		k.srv.mu.Unlock()
	}
	s := k.srv
	s.mu.Lock()
	if k.session != nil && k.session.socket == k {
		k.session.socket, k.session.lost = nil, time.Now()
		// A client that says goodbye ends its session, https://discord.com/developers/docs/events/gateway#initiating-a-disconnect
		if !k.closing && (code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway) {
			delete(s.sessions, k.session.id)
		}
	}
	s.mu.Unlock()
	k.cut()
}

// cut ends the connection without a word.
func (k *socket) cut() {
	k.once.Do(func() {
		close(k.gone)
		_ = k.conn.Close()
		go func() { // callers may hold the lock
			k.srv.mu.Lock()
			delete(k.srv.sockets, k)
			if k.session != nil && k.session.socket == k {
				k.session.socket, k.session.lost = nil, time.Now()
			}
			k.srv.touch()
			k.srv.mu.Unlock()
		}()
	})
}

// refuse closes for a mistake of the client.
func (k *socket) refuse(code int, why string) {
	k.srv.violation("gateway: " + why)
	k.closeWith(code)
}

// received does what the client sent. Callers hold the lock.
func (k *socket) received(data []byte) {
	now := time.Now()
	k.sent = slices.DeleteFunc(append(k.sent, now), func(t time.Time) bool { return now.Sub(t) > time.Minute })
	var in struct {
		Op   *int            `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	switch {
	case len(k.sent) > sendsPerMinute:
		k.refuse(closeRate, "more than 120 payloads in a minute")
		return
	case len(data) > maxSend || json.Unmarshal(data, &in) != nil || in.Op == nil:
		k.refuse(closeDecode, "a payload that is no JSON or too long")
		return
	}
	switch *in.Op {
	case opHeartbeat:
		k.lastBeat = now
		if !k.srv.mute {
			k.send(frame{Op: opHeartbeatAck})
		}
	case opIdentify:
		k.identify(in.Data)
	case opResume:
		k.resume(in.Data)
	case opPresence, opVoiceState, opRequestMembers:
		if k.session == nil {
			k.refuse(closeNotAuth, "a payload before identify")
		}
	default:
		k.refuse(closeOpcode, "an unknown opcode")
	}
}

// tokenRight accepts the token with and without the word Bot, as Discord does.
func (s *Server) tokenRight(token string) bool {
	return strings.TrimPrefix(token, "Bot ") == s.opts.BotToken
}
