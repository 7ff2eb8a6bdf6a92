//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	takeoverEvery = 200 * time.Millisecond // how soon an attached process notices that the owner is gone
	orphanGrace   = 5 * time.Second        // for a server whose owner died to end by itself
	orphanLimit   = 30 * time.Second       // and after it was asked to
	dialLimit     = 5 * time.Second
	maxBackoff    = 5 * time.Second
)

// Server is a private PostgreSQL server that this process runs, or uses while another one runs it.
type Server struct {
	opts    Options
	who     account
	sockets string
	cancel  context.CancelFunc
	ended   chan struct{} // closed when keep has returned

	mu    sync.Mutex
	owner *os.File // the owner's lock, nil while another process has it
	proc  *process // nil while attached or down
}

// Start returns when the database named Database can be used. The first process to come runs the server, the others
// attach to it. ctx bounds the start only.
func Start(ctx context.Context, opts Options) (*Server, error) {
	s, err := prepare(opts.withDefaults())
	if err != nil {
		return nil, err
	}
	if err := s.join(ctx); err != nil {
		return nil, err
	}
	keeping, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.keep(keeping)
	if err := s.Create(ctx, Database); err != nil {
		return nil, errors.Join(err, s.Stop(ctx))
	}
	return s, nil
}

func prepare(opts Options) (*Server, error) {
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, err
	}
	if opts.Dir == "" {
		return nil, errors.New("no directory given for the private PostgreSQL")
	}
	who, err := accountFor(dir)
	if err != nil {
		return nil, err
	}
	if opts.Dir, err = prepareDir(dir, who); err != nil {
		return nil, fmt.Errorf("prepare %s for PostgreSQL: %w", dir, err)
	}
	return &Server{opts: opts, who: who, sockets: socketDir(opts.Dir), ended: make(chan struct{})}, nil
}

func (s *Server) data() string { return filepath.Join(s.opts.Dir, dataDir) }

// URL returns the address of a database of this server. It stays the same when the server is started again.
func (s *Server) URL(database string) string {
	query := url.Values{"host": {s.sockets}, "port": {socketPort}}
	address := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return address.String()
}

// Owner reports whether this process runs the server, rather than another one.
func (s *Server) Owner() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owner != nil
}

// join becomes the owner and starts the server, or finds the server of the process that is.
func (s *Server) join(ctx context.Context) error {
	for {
		err := s.become(ctx)
		if !errors.Is(err, errLocked) {
			return err
		}
		if s.attach(ctx) {
			s.opts.Log.Info("using the private PostgreSQL of another process")
			return nil
		}
		if err := pause(ctx, pollEvery); err != nil {
			return fmt.Errorf("wait for the process that runs PostgreSQL in %s: %w", s.opts.Dir, err)
		}
	}
}

// attach looks for a running server and takes over the address of its socket.
func (s *Server) attach(ctx context.Context) bool {
	file, err := readPidFile(s.data())
	if err != nil || !file.ready || file.sockets == "" {
		return false
	}
	s.sockets = file.sockets
	conn, err := s.connect(ctx)
	if err != nil {
		return false
	}
	_ = conn.Close(ctx) // nothing was written
	return true
}

// become takes the owner's lock and starts the server, or returns errLocked.
func (s *Server) become(ctx context.Context) error {
	lock, err := tryLock(filepath.Join(s.opts.Dir, ownerLock))
	if err != nil {
		return err
	}
	proc, err := s.run(ctx)
	if err != nil {
		lock.Close()
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner, s.proc = lock, proc
	return nil
}

// run starts the server in a cluster that it makes if needed. The caller holds the owner's lock.
func (s *Server) run(ctx context.Context) (*process, error) {
	lock, err := s.lockServer(ctx)
	if err != nil {
		return nil, err
	}
	defer lock.Close() // the server has its own copy
	if err := removeStale(ctx, s.data(), s.sockets); err != nil {
		return nil, err
	}
	if err := makeSocketDir(s.sockets, s.opts.Dir, s.who); err != nil {
		return nil, err
	}
	s.removeSideDirs()
	major, err := clusterMajor(s.data())
	if err != nil {
		return nil, err
	}
	bin, err := findBinaries(ctx, s.opts, major)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		s.opts.Log.Info("making a database cluster", "dir", s.opts.Dir, "postgres", bin.major)
		if err := s.initCluster(ctx, bin); err != nil {
			return nil, err
		}
	}
	return s.startProcess(ctx, bin, lock)
}

// lockServer waits until no process of an earlier server lives, and asks one that outlived its owner to end.
func (s *Server) lockServer(ctx context.Context) (*os.File, error) {
	path := filepath.Join(s.opts.Dir, serverLock)
	lock, err := waitLock(ctx, path, orphanGrace)
	if !errors.Is(err, errLocked) {
		return lock, err
	}
	file, err := readPidFile(s.data())
	if err == nil && serves(ctx, file.pid, s.data()) {
		s.opts.Log.Warn("stopping a PostgreSQL that outlived its owner", "pid", file.pid)
		if err := syscall.Kill(file.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
			return nil, fmt.Errorf("stop the PostgreSQL that outlived its owner: %w", err)
		}
	}
	lock, err = waitLock(ctx, path, orphanLimit)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("%w: an earlier PostgreSQL on %s does not end", ErrInUse, s.data())
	}
	return lock, err
}

// keep starts the server again when it dies, and takes over when its owner does, until ctx ends.
func (s *Server) keep(ctx context.Context) {
	defer close(s.ended)
	backoff := takeoverEvery
	for ctx.Err() == nil {
		if proc := s.current(); proc != nil {
			select {
			case <-ctx.Done():
				return
			case <-proc.done:
			}
			s.opts.Log.Error("the private PostgreSQL ended by itself; starting it again", "err", proc.err)
			s.lost(proc)
			backoff = takeoverEvery
			_ = pause(ctx, backoff) // a server that dies again and again must not fill the log
		}
		err := s.become(ctx)
		switch {
		case err == nil:
			s.opts.Log.Info("the private PostgreSQL runs again")
		case errors.Is(err, errLocked):
			_ = pause(ctx, takeoverEvery)
		case ctx.Err() == nil:
			s.opts.Log.Error("the private PostgreSQL does not start", "err", err)
			_ = pause(ctx, backoff)
			backoff = min(2*backoff, maxBackoff)
		}
	}
}

func (s *Server) current() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc
}

// lost gives up a server that has ended, and with it the owner's lock: whoever gets it next starts a new one.
func (s *Server) lost(proc *process) {
	proc.guard.release()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner.Close()
	s.owner, s.proc = nil, nil
}

// Stop ends the server if this process runs it, in order until ctx ends and at once after that. A server of another
// process goes on.
func (s *Server) Stop(ctx context.Context) error {
	s.cancel()
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		s.proc.stop(ctx)
		if s.sockets != s.opts.Dir {
			_ = os.Remove(s.sockets) // empty by now, and made again when needed
		}
	}
	if s.owner != nil {
		s.owner.Close()
	}
	s.owner, s.proc = nil, nil
	return nil
}
