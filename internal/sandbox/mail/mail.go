// Package mail is a local mail server: SMTP on loopback in front of a mailbox for every address. Tests and the demo
// read what arrived and make the server fail. It must know nothing of the program that sends the mail.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"callout/internal/sandbox/live"
)

// SizeLimit is the largest message taken; the big providers draw the line at 25 MB:
// https://support.google.com/a/answer/1366776
const SizeLimit = 25 << 20

// Options say how strict the server is. The zero value takes mail without a password and without TLS.
type Options struct {
	Domain     string // how the server calls itself
	Username   string // with Password: AUTH is offered and required
	Password   string
	TLS        bool // offer STARTTLS with a certificate of its own; AUTH is then refused before it
	RequireTLS bool // take no mail before STARTTLS
	Now        func() time.Time
	Log        *slog.Logger
	StateFile  string // where mail is kept; empty: in memory only
}

// Server is the mail server.
type Server struct {
	opt     Options
	smtp    *smtp.Server
	pem     []byte
	listen  net.Listener
	saver   *live.Saver
	changes live.Changes
	served  chan struct{}
	stop    chan struct{}

	mu       sync.Mutex
	messages []*Message
	refused  map[string]bool
	faults   []Fault
	closed   bool
}

// New makes a server, reading the state file when there is one. It takes mail once Start was called.
func New(opt Options) (*Server, error) {
	if opt.Domain == "" {
		opt.Domain = "mail.sandbox.test"
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.TLS = opt.TLS || opt.RequireTLS
	s := &Server{opt: opt, refused: map[string]bool{}, stop: make(chan struct{})}
	if err := live.Load(opt.StateFile, &s.messages); err != nil {
		return nil, err
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.newSession))
	s.smtp.Domain = opt.Domain
	s.smtp.MaxMessageBytes = SizeLimit
	s.smtp.MaxRecipients = 100
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.AllowInsecureAuth = !opt.TLS
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = slog.NewLogLogger(opt.Log.Handler(), slog.LevelDebug)
	if opt.TLS {
		cert, pem, err := selfSigned(opt.Domain)
		if err != nil {
			return nil, err
		}
		s.pem, s.smtp.TLSConfig = pem, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	var save func() error
	if opt.StateFile != "" {
		save = s.save
	}
	s.saver = live.NewSaver(save, opt.Log)
	return s, nil
}

// Start listens on a loopback address such as "127.0.0.1:0" and takes mail in the background.
func (s *Server) Start(ctx context.Context, address string) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	s.listen, s.served = l, make(chan struct{})
	go func() {
		defer close(s.served)
		if err := s.smtp.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.opt.Log.Error("mail server stopped", "err", err)
		}
	}()
	return nil
}

// Addr returns the address the server listens on, once started.
func (s *Server) Addr() string { return s.listen.Addr().String() }

// URL returns the server's address in the form of the SMTP_URL setting.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Addr()}
	if s.opt.Username != "" {
		u.User = url.UserPassword(s.opt.Username, s.opt.Password)
	}
	return u.String()
}

// CertificatePEM returns the server's own certificate for a client to trust; nil without TLS.
func (s *Server) CertificatePEM() []byte { return slices.Clone(s.pem) }

// Messages returns the mail delivered to an address, oldest first. Upper and lower case are the same.
func (s *Server) Messages(address string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if m.isTo(address) {
			out = append(out, *m)
		}
	}
	return out
}

// All returns every message, oldest first.
func (s *Server) All() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Message, 0, len(s.messages))
	for _, m := range s.messages {
		out = append(out, *m)
	}
	return out
}

// Addresses returns every address that has mail, in alphabetical order.
func (s *Server) Addresses() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, m := range s.messages {
		for _, to := range m.Recipients {
			out = append(out, strings.ToLower(to))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Wait returns nil once done reports true, asking after each arrival, or the context's error.
func (s *Server) Wait(ctx context.Context, done func() bool) error { return s.changes.Wait(ctx, done) }

// Subscribe returns a channel that receives after arrivals, and the function that ends the subscription.
func (s *Server) Subscribe() (<-chan struct{}, func()) { return s.changes.Subscribe() }

// Close ends all connections and saves the mail.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errors.New("the mail server is closed already")
	}
	s.closed = true
	s.mu.Unlock()
	close(s.stop)
	err := s.smtp.Close()
	if s.listen != nil {
		// Closed here too: the server knows its listener only once its goroutine has run.
		_ = s.listen.Close()
		<-s.served
	}
	s.saver.Close()
	return err
}

func (s *Server) save() error {
	return live.Save(s.opt.StateFile, s.All())
}

// deliver parses a message and puts it into its mailboxes.
func (s *Server) deliver(from string, to []string, r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := parse(raw)
	if err != nil {
		return reject(550, 5, 6, 0, err.Error())
	}
	m.ID, m.Sender, m.Recipients, m.Received = newID(), from, to, s.opt.Now().UTC()
	s.mu.Lock()
	s.messages = append(s.messages, m)
	s.mu.Unlock()
	s.saver.Touch()
	s.changes.Changed()
	return nil
}
