// Package twilio is a local phone network that speaks Twilio's Messages API, signs its webhooks and refuses what
// Twilio refuses, with the same codes. Tests and the demo drive its phones. It owns phones, texts and their delivery;
// it must know nothing of the program that uses it, and shares no code with it or with Twilio's own library.
package twilio

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"callout/internal/sandbox/live"
)

// WebhookTimeout is how long Twilio waits for a webhook's answer:
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const WebhookTimeout = 15 * time.Second

// requestsKept bounds what Requests remembers, so that a benchmark does not fill the memory.
const requestsKept = 5000

// Options say who the account is and where its webhooks go. Zero values get a default.
type Options struct {
	AccountSID string // "AC" and 32 hexadecimal digits
	AuthToken  string
	From       string // the company's number
	APIURL     string // where this network's API is, for the addresses of media
	SMSURL     string // called when somebody texts the company; empty: nobody is called
	StatusURL  string // called about deliveries when the message names no StatusCallback of its own
	Now        func() time.Time
	Log        *slog.Logger
	StateFile  string        // where phones and texts are kept; empty: in memory only
	Manual     bool          // deliveries wait for Deliver instead of happening by themselves
	Pace       time.Duration // between the steps of an automatic delivery
	PerSecond  int           // requests answered in one second before 429; 0: no limit
}

// Phone is a handset on the network.
type Phone struct {
	Number    string    `json:"number"`
	Owner     string    `json:"owner"`
	OptedOut  bool      `json:"opted_out"`
	Behaviour Behaviour `json:"behaviour"`
}

// Message is one text, in either direction.
type Message struct {
	SID         string    `json:"sid"`
	From        string    `json:"from"`
	To          string    `json:"to"`
	Body        string    `json:"body"`
	Direction   string    `json:"direction"` // inbound, outbound-api or outbound-reply
	Status      string    `json:"status"`
	ErrorCode   int       `json:"error_code"`
	Segments    int       `json:"segments"`
	Encoding    string    `json:"encoding"` // GSM-7 or UCS-2
	Automatic   bool      `json:"automatic"`
	Created     time.Time `json:"created"`
	Sent        time.Time `json:"sent"`
	Updated     time.Time `json:"updated"`
	CallbackURL string    `json:"callback_url"`
	Media       []Media   `json:"media,omitempty"`
}

// Request is one API request the network received, and the status it was answered with (0: dropped).
type Request struct {
	Time   time.Time
	Method string
	Path   string
	Form   url.Values
	Status int
}

// Server is the phone network.
type Server struct {
	opt     Options
	mux     *http.ServeMux
	client  *http.Client
	saver   *live.Saver
	changes live.Changes
	work    sync.WaitGroup
	ctx     context.Context
	stop    context.CancelFunc

	mu       sync.Mutex
	phones   []*Phone
	messages []*Message
	bySID    map[string]*Message
	byNumber map[string][]*Message
	requests []Request
	faults   []Fault
	repeat   int
	window   time.Time
	used     int
	closed   bool
}

// New starts a network, reading the state file when there is one.
func New(opt Options) (*Server, error) {
	opt = withDefaults(opt)
	if !validE164(opt.From) {
		return nil, fmt.Errorf("the company's number %q is not in E.164 form", opt.From)
	}
	s := &Server{
		opt:      opt,
		bySID:    map[string]*Message{},
		byNumber: map[string][]*Message{},
		client:   &http.Client{Timeout: WebhookTimeout},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.load(); err != nil {
		return nil, err
	}
	var save func() error
	if opt.StateFile != "" {
		save = s.save
	}
	s.saver = live.NewSaver(save, opt.Log)
	s.mux = s.routes()
	return s, nil
}

func withDefaults(opt Options) Options {
	if opt.AccountSID == "" {
		opt.AccountSID = "AC00000000000000000000000000c0ffee"
	}
	if opt.AuthToken == "" {
		opt.AuthToken = "sandboxauthtoken"
	}
	if opt.From == "" {
		opt.From = "+15005550006"
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return opt
}

// Handler serves the REST API.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// AccountSID returns the account's id, which is also the API's user name.
func (s *Server) AccountSID() string { return s.opt.AccountSID }

// AuthToken returns the account's secret.
func (s *Server) AuthToken() string { return s.opt.AuthToken }

// From returns the company's number.
func (s *Server) From() string { return s.opt.From }

// SetURLs says where inbound texts and delivery reports go. An empty one stays as it is.
func (s *Server) SetURLs(sms, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sms != "" {
		s.opt.SMSURL = sms
	}
	if status != "" {
		s.opt.StatusURL = status
	}
}

// SetAPIURL says where this network's API is reached, which the addresses of media begin with.
func (s *Server) SetAPIURL(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.APIURL = strings.TrimSuffix(address, "/")
}

// AddPhone puts a handset on the network, or renames the owner of one that is already there.
func (s *Server) AddPhone(number, owner string) error {
	if !validE164(number) {
		return fmt.Errorf("%q is not a phone number in E.164 form", number)
	}
	s.mu.Lock()
	s.phone(number).Owner = owner
	s.mu.Unlock()
	s.changed()
	return nil
}

// Phones returns the handsets in the order in which they appeared.
func (s *Server) Phones() []Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Phone, 0, len(s.phones))
	for _, p := range s.phones {
		out = append(out, *p)
	}
	return out
}

// Messages returns every text to or from a number, oldest first.
func (s *Server) Messages(number string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Message, 0, len(s.byNumber[number]))
	for _, m := range s.byNumber[number] {
		out = append(out, *m)
	}
	return out
}

// Requests returns the API requests received so far, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Wait returns nil once done reports true, asking after each change on the network, or the context's error.
func (s *Server) Wait(ctx context.Context, done func() bool) error { return s.changes.Wait(ctx, done) }

// Subscribe returns a channel that receives after changes, and the function that ends the subscription.
func (s *Server) Subscribe() (<-chan struct{}, func()) { return s.changes.Subscribe() }

// Close ends deliveries under way and saves the state.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errors.New("the phone network is closed already")
	}
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.work.Wait()
	s.saver.Close()
	return nil
}

func (s *Server) changed() {
	s.saver.Touch()
	s.changes.Changed()
}

// phone finds or makes a handset; the caller holds the lock.
func (s *Server) phone(number string) *Phone {
	for _, p := range s.phones {
		if p.Number == number {
			return p
		}
	}
	p := &Phone{Number: number}
	s.phones = append(s.phones, p)
	return p
}

// add stores a message; the caller holds the lock.
func (s *Server) add(m Message) *Message {
	now := s.opt.Now().UTC()
	m.SID, m.Created, m.Updated = newSID("SM"), now, now
	if len(m.Media) > 0 {
		m.SID = newSID("MM")
	}
	m.Encoding, m.Segments = Segments(m.Body)
	s.index(&m)
	return &m
}

func (s *Server) index(m *Message) {
	s.messages = append(s.messages, m)
	s.bySID[m.SID] = m
	s.byNumber[m.From] = append(s.byNumber[m.From], m)
	s.byNumber[m.To] = append(s.byNumber[m.To], m)
}

func newSID(prefix string) string {
	var b [16]byte
	rand.Read(b[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return prefix + hex.EncodeToString(b[:])
}
