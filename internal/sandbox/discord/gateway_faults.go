package discord

import (
	"strings"
	"time"
)

// Connected reports whether the app has a gateway session with a connection.
func (s *Server) Connected() bool { return s.Connections() > 0 }

// Connections counts the gateway connections that have a session.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, ses := range s.sessions {
		if ses.socket != nil && !ses.socket.closing {
			n++
		}
	}
	return n
}

// Reconnect asks every client to come back and resume, as Discord does now and then (opcode 7).
func (s *Server) Reconnect() {
	s.eachSocket(func(k *socket) { k.send(frame{Op: opReconnect}) })
}

// DropGateway cuts every connection without a word, as a network does. Sessions can be resumed.
func (s *Server) DropGateway() {
	s.eachSocket(func(k *socket) {
		k.closing = true // what the client says from now on is not heard
		if k.session != nil {
			k.session.socket, k.session.lost = nil, time.Now()
		}
		k.cut()
	})
}

// CloseGateway closes every connection with a code, e.g. 4000.
func (s *Server) CloseGateway(code int) {
	s.eachSocket(func(k *socket) {
		if k.session != nil {
			k.session.socket, k.session.lost = nil, time.Now()
		}
		k.closeWith(code)
	})
}

// InvalidateSessions tells every client that its session is over and cannot be resumed, and forgets lost ones too.
func (s *Server) InvalidateSessions() {
	s.eachSocket(func(k *socket) {
		k.session = nil
		k.send(frame{Op: opInvalidSession, Data: false})
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = map[string]*session{}
}

// DisturbSessions tells every client that its session is over here, but may be resumed (opcode 9 with true).
func (s *Server) DisturbSessions() {
	s.eachSocket(func(k *socket) {
		if k.session != nil {
			k.session.socket, k.session.lost, k.session = nil, time.Now(), nil
		}
		k.send(frame{Op: opInvalidSession, Data: true})
	})
}

// MuteHeartbeats stops acknowledging heartbeats, so that a good client finds its connection dead.
func (s *Server) MuteHeartbeats(mute bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = mute
}

func (s *Server) eachSocket(do func(*socket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.sockets {
		do(k)
	}
	s.touch()
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.baseURL, "http") + "/gateway"
}
