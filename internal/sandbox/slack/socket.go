package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode, https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	pingEvery      = 5 * time.Second
	writeLimit     = 5 * time.Second
	maxConnections = 10
	refreshGrace   = 10 * time.Second // between the request to reconnect and the end of the old connection
)

// socket is one connection of the app.
type socket struct {
	srv   *Server
	conn  *websocket.Conn
	gone  chan struct{}
	once  sync.Once
	write sync.Mutex

	mu   sync.Mutex
	acks map[string]chan []byte
	old  bool // asked to reconnect: gets nothing new
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	expiry, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	full := len(s.sockets) >= maxConnections
	s.mu.Unlock()
	if !ok || s.now().After(expiry) || full {
		http.Error(w, "unknown or used ticket, or too many connections", http.StatusForbidden)
		return
	}
	// Clients send Slack's own address as their Origin; the ticket is what lets them in.
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	sock := &socket{srv: s, conn: conn, gone: make(chan struct{}), acks: map[string]chan []byte{}}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		sock.close()
		return
	}
	count := len(s.sockets) + 1
	hello := sock.send(object{
		"type": "hello", "num_connections": count, "connection_info": object{"app_id": appID},
		"debug_info": object{"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
	})
	if hello == nil {
		s.sockets = append(s.sockets, sock)
		s.wg.Add(1)
		go func() { defer s.wg.Done(); sock.pings() }()
		s.touch()
	}
	s.mu.Unlock()
	sock.read()
}

func (k *socket) send(v any) error {
	k.write.Lock()
	defer k.write.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return k.conn.WriteJSON(v)
}

// pings keep the client sure that it is connected.
func (k *socket) pings() {
	t := time.NewTicker(pingEvery)
	defer t.Stop()
	for {
		select {
		case <-k.gone:
			return
		case now := <-t.C:
			if err := k.conn.WriteControl(websocket.PingMessage, []byte("sandbox"), now.Add(writeLimit)); err != nil {
				k.close()
				return
			}
		}
	}
}

// read takes acknowledgements until the connection ends.
func (k *socket) read() {
	defer k.close()
	for {
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &ack) != nil {
			continue
		}
		k.mu.Lock()
		ch := k.acks[ack.ID]
		delete(k.acks, ack.ID)
		k.mu.Unlock()
		if ch != nil {
			ch <- ack.Payload
		}
	}
}

func (k *socket) close() {
	k.once.Do(func() {
		close(k.gone)
		_ = k.conn.Close()
		k.srv.mu.Lock()
		k.srv.sockets = slices.DeleteFunc(slices.Clone(k.srv.sockets), func(o *socket) bool { return o == k })
		k.srv.touch()
		k.srv.mu.Unlock()
	})
}

// pickSocket takes the next connection in turn, if there is one.
func (s *Server) pickSocket() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, sock := range s.sockets {
		sock.mu.Lock()
		old := sock.old
		sock.mu.Unlock()
		if !old {
			s.sockets = append(slices.Delete(slices.Clone(s.sockets), i, i+1), sock)
			return sock
		}
	}
	return nil
}

// deliver sends an envelope and waits for its acknowledgement.
func (k *socket) deliver(ctx context.Context, c callback) ([]byte, error) {
	k.srv.mu.Lock()
	id := k.srv.newID("ENV")
	k.srv.mu.Unlock()
	ack := make(chan []byte, 1)
	k.mu.Lock()
	k.acks[id] = ack
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		delete(k.acks, id)
		k.mu.Unlock()
	}()
	envelope := object{"envelope_id": id, "type": c.kind, "payload": c.payload, "accepts_response_payload": c.answers}
	if c.kind == envEvent {
		envelope["retry_attempt"], envelope["retry_reason"] = c.retry, c.reason
	}
	if err := k.send(envelope); err != nil {
		return nil, &DeliveryError{Kind: kindFailed, What: c.what, Detail: err.Error()}
	}
	select {
	case payload := <-ack:
		return payload, nil
	case <-k.gone:
		return nil, &DeliveryError{Kind: kindFailed, What: c.what, Detail: "the connection ended before the acknowledgement"}
	case <-ctx.Done():
		return nil, deliveryError(c.what, ctx.Err())
	}
}

// Disconnect asks the Socket Mode client to come back over a new connection, as Slack does every few hours.
func (s *Server) Disconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sock := range s.sockets {
		sock.mu.Lock()
		sock.old = true
		sock.mu.Unlock()
		err := sock.send(object{"type": "disconnect", "reason": "refresh_requested", "debug_info": object{"host": "sandbox"}})
		if err != nil && !errors.Is(err, websocket.ErrCloseSent) {
			s.log.Debug("slack sandbox: disconnect was not sent", "err", err)
		}
		s.background(func() {
			select {
			case <-time.After(refreshGrace):
			case <-sock.gone:
			case <-s.ctx.Done():
			}
			sock.close()
		})
	}
}
