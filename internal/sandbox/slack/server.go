package slack

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// ackLimit is how long Slack waits for an app, https://docs.slack.dev/interactivity/handling-user-interaction
const ackLimit = 3 * time.Second

// appConnections is how many idle connections to the app are kept; there is no proxy between the two.
const appConnections = 64

// Server is the workspace. Create it with New.
type Server struct {
	opts    Options
	log     *slog.Logger
	methods map[string]method
	client  *http.Client
	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	saver   *saver

	mu        sync.Mutex // guards everything below
	st        *state
	manifest  *manifest
	baseURL   string
	eventsURL string
	changed   chan struct{} // closed and replaced at every change
	subs      map[int]chan Event
	nextSub   int
	faults    map[string][]*Fault
	repeat    int
	recorded  []Recorded
	buckets   map[string]*bucket
	triggers  map[string]*trigger
	offered   map[string][]object // options last suggested, by view or message, block and action
	sockets   []*socket
	tickets   map[string]time.Time
	closed    bool
}

// New makes a workspace, loading StateFile when it is set and exists.
func New(opts Options) (*Server, error) {
	opts.BotToken = cmp.Or(opts.BotToken, "xoxb-sandbox")
	opts.AppToken = cmp.Or(opts.AppToken, "xapp-sandbox")
	opts.SigningSecret = cmp.Or(opts.SigningSecret, "sandbox-signing-secret")
	opts.Team = cmp.Or(opts.Team, "Sandbox")
	opts.BotUserID = cmp.Or(opts.BotUserID, "U0CALLOUT")
	opts.AckTimeout = cmp.Or(opts.AckTimeout, ackLimit)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.EventRetries == nil {
		opts.EventRetries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	s := &Server{
		opts: opts, log: opts.Log, eventsURL: opts.EventsURL,
		changed: make(chan struct{}), subs: map[int]chan Event{}, faults: map[string][]*Fault{},
		buckets: map[string]*bucket{}, triggers: map[string]*trigger{}, offered: map[string][]object{},
		tickets: map[string]time.Time{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: appConnections}, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // Slack follows no redirects from an app
		}},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.methods = apiMethods()
	if err := s.loadState(); err != nil {
		return nil, err
	}
	if s.st.Users[opts.BotUserID] == nil {
		s.st.Users[opts.BotUserID] = &User{ID: opts.BotUserID, Name: "callout", RealName: "Callout", IsBot: true, TZ: "Etc/UTC"}
	}
	s.saver = newSaver(s)
	return s, nil
}

// Handler serves /api/{method}, /upload/, /files/, /response/ and /socket.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /upload/v1/{token}", s.serveUpload)
	mux.HandleFunc("GET /files/{id}/{name}", s.serveFile)
	mux.HandleFunc("POST /response/{token}", s.serveResponseURL)
	mux.HandleFunc("GET /socket", s.serveSocket)
	return mux
}

// SetBaseURL tells the address the server is reached at, host spelled exactly as in the app's API URL.
func (s *Server) SetBaseURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.baseURL = strings.TrimSuffix(url, "/")
}

// SetEventsURL tells where callbacks are POSTed while no Socket Mode client is connected.
func (s *Server) SetEventsURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.eventsURL = url
}

// Close saves the state, ends sockets and subscriptions and waits for deliveries under way.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	sockets := s.sockets
	s.mu.Unlock()
	s.cancel()
	for _, sock := range sockets {
		sock.close()
	}
	s.wg.Wait()
	s.mu.Lock()
	for id, ch := range s.subs {
		delete(s.subs, id)
		close(ch)
	}
	s.mu.Unlock()
	s.client.CloseIdleConnections()
	return s.saver.stop()
}

// background runs work that Close waits for. Callers hold the lock.
func (s *Server) background(work func()) {
	if s.closed {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		work()
	}()
}

// BotUserID is the app's own user.
func (s *Server) BotUserID() string { return s.opts.BotUserID }

// Connected reports whether a Socket Mode client is there.
func (s *Server) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets) > 0
}

func (s *Server) now() time.Time { return s.opts.Now() }
