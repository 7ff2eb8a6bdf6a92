package discord

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"callout/internal/sandbox/live"
)

const (
	// ackLimit is how long Discord waits for an app,
	// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
	ackLimit = 3 * time.Second
	// heartbeat is what Discord asks for in its Hello.
	heartbeat = 41250 * time.Millisecond
	// resumeFor is how long a session without a connection is kept. Discord does not say; minutes were seen.
	resumeFor = 3 * time.Minute
	// appConnections is how many idle connections to the app are kept; there is no proxy between the two.
	appConnections = 64
)

// Server is the guild. Create it with New.
type Server struct {
	opts    Options
	log     *slog.Logger
	key     ed25519.PrivateKey
	mux     *http.ServeMux
	routes  map[string]route
	client  *http.Client
	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	changes live.Changes
	saver   *live.Saver
	saved   map[string]bool // files written already; used by the saver only

	mu         sync.Mutex // guards everything below
	st         *state
	baseURL    string
	endpoint   string // where interactions are POSTed; empty: they go to the gateway
	subs       map[int]chan Event
	nextSub    int
	faults     map[string][]*Fault
	repeat     int
	recorded   []Recorded
	violations []string
	buckets    map[string]*bucket
	sessions   map[string]*session
	sockets    map[*socket]bool
	waiting    map[string]chan outcome // people waiting for an answer, by interaction token
	mute       bool                    // heartbeats are not acknowledged
	closed     bool
}

// New makes a guild, loading StateFile when it is set and exists.
func New(opts Options) (*Server, error) {
	opts.BotToken = cmp.Or(opts.BotToken, "sandbox-bot-token")
	opts.AppID = cmp.Or(opts.AppID, "1100000000000000001")
	opts.GuildID = cmp.Or(opts.GuildID, "1100000000000000002")
	opts.GuildName = cmp.Or(opts.GuildName, "Sandbox")
	opts.BotName = cmp.Or(opts.BotName, "Callout")
	opts.AckTimeout = cmp.Or(opts.AckTimeout, ackLimit)
	opts.Heartbeat = cmp.Or(opts.Heartbeat, heartbeat)
	opts.ResumeFor = cmp.Or(opts.ResumeFor, resumeFor)
	opts.RateWindow = cmp.Or(opts.RateWindow, messageWindow)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	seed := sha256.Sum256([]byte("discord sandbox " + cmp.Or(opts.KeySeed, "sandbox")))
	s := &Server{
		opts: opts, log: opts.Log, key: ed25519.NewKeyFromSeed(seed[:]), st: newState(),
		subs: map[int]chan Event{}, faults: map[string][]*Fault{}, buckets: map[string]*bucket{},
		sessions: map[string]*session{}, sockets: map[*socket]bool{}, waiting: map[string]chan outcome{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: appConnections}, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.addRoutes()
	if err := s.loadState(); err != nil {
		return nil, err
	}
	if s.st.Users[opts.AppID] == nil {
		s.st.Users[opts.AppID] = &User{ID: opts.AppID, Username: strings.ToLower(opts.BotName), GlobalName: opts.BotName, Bot: true}
	}
	s.saver = live.NewSaver(s.saving(), s.log)
	return s, nil
}

// Handler serves the REST API below /api/v9 and /api/v10, the gateway at /gateway and files below /attachments and
// /ephemeral-attachments.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("GET /gateway", s.serveGateway)
	mux.HandleFunc("GET /gateway/{$}", s.serveGateway) // clients add a slash before the query
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.serveFile)
	mux.HandleFunc("GET /ephemeral-attachments/{channel}/{id}/{name}", s.serveFile)
	return mux
}

// SetBaseURL tells the address the server is reached at.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.baseURL = strings.TrimSuffix(url, "/")
	s.rebase(s.st.BaseURL, s.baseURL)
	s.st.BaseURL = s.baseURL
}

// Close saves the state, ends gateway connections and subscriptions and waits for deliveries under way.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	var open []*socket
	for k := range s.sockets {
		open = append(open, k)
	}
	s.mu.Unlock()
	s.cancel()
	for _, k := range open {
		k.cut()
	}
	s.wg.Wait()
	s.mu.Lock()
	for id, ch := range s.subs {
		delete(s.subs, id)
		close(ch)
	}
	s.mu.Unlock()
	s.client.CloseIdleConnections()
	s.saver.Close()
	return nil
}

// PublicKey is the hexadecimal key with which the app checks signatures.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// AppID is the application's id, and its bot user's.
func (s *Server) AppID() string { return s.opts.AppID }

// GuildID is the guild's id.
func (s *Server) GuildID() string { return s.opts.GuildID }

// BotToken is what the app must send.
func (s *Server) BotToken() string { return s.opts.BotToken }

func (s *Server) now() time.Time { return s.opts.Now() }
