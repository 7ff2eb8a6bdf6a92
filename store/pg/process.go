//go:build unix

package pg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const (
	pollEvery  = 5 * time.Millisecond
	quitGrace  = 5 * time.Second  // from an immediate shutdown to the kill
	logKeep    = 4 << 20          // a larger log is put aside when the server starts
	readyLimit = 10 * time.Minute // crash recovery of a large cluster may take minutes
)

// process is one run of a child.
type process struct {
	cmd   *exec.Cmd
	done  chan struct{} // closed when the child is gone and err is set
	err   error
	guard *guard
}

// launch starts cmd so that it gets death when this process dies, where the kernel can do that. Linux sends the signal
// when the *thread* that started the child ends, so that thread is kept until the child is gone.
func launch(cmd *exec.Cmd, death syscall.Signal) (*process, error) {
	tieToParent(cmd.SysProcAttr, death)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

// settings fit a small company: a few MB of memory, no replication, no trace of people's data in the log.
func (s *Server) settings() []string {
	pairs := []string{
		"listen_addresses=",
		"unix_socket_directories=" + s.sockets,
		"unix_socket_permissions=0700",
		"port=" + socketPort,
		"max_connections=40",
		"shared_buffers=32MB",
		"wal_level=minimal",
		"max_wal_senders=0",
		"dynamic_shared_memory_type=mmap",
		"timezone=UTC", "log_timezone=UTC", "lc_messages=C",
		// Errors of statements reach callout anyway, and quote the data they failed on.
		"log_min_messages=log", "log_error_verbosity=terse", "log_checkpoints=off",
		"logging_collector=off", "log_destination=stderr",
	}
	if s.opts.FastUnsafe {
		pairs = append(pairs, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
	}
	args := []string{"-D", s.data()}
	for _, pair := range pairs {
		args = append(args, "-c", pair)
	}
	return args
}

// startProcess runs the server, which inherits lock, and waits until it accepts connections.
func (s *Server) startProcess(ctx context.Context, bin binaries, lock *os.File) (*process, error) {
	log, offset, err := openLog(filepath.Join(s.opts.Dir, logFile))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(bin.path("postgres"), s.settings()...)
	cmd.Dir, cmd.Env = s.opts.Dir, childEnv()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{lock}
	// Its own process group: Ctrl-C in the terminal is for callout, which then stops the server in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.who.credential(), Setpgid: true}
	p, err := s.launchLeashed(cmd)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	if err := p.waitReady(ctx, s.data()); err != nil {
		stopped, end := context.WithCancel(ctx)
		end()
		p.stop(stopped)
		return nil, fmt.Errorf("start PostgreSQL: %w: %s", err, logTail(log.Name(), offset))
	}
	return p, nil
}

// launchLeashed starts the server so that it ends when this process dies.
func (s *Server) launchLeashed(cmd *exec.Cmd) (*process, error) {
	if tiesToParent && !s.opts.guard {
		return launch(cmd, syscall.SIGINT)
	}
	p, err := launch(cmd, 0)
	if err != nil {
		return nil, err
	}
	if p.guard, err = startGuard(cmd.Process.Pid); err != nil {
		stopped, end := context.WithCancel(context.Background())
		end()
		p.stop(stopped)
		return nil, fmt.Errorf("start guard process: %w", err)
	}
	return p, nil
}

// waitReady waits for the server to write "ready" into its pid file.
func (p *process) waitReady(ctx context.Context, data string) error {
	for {
		file, err := readPidFile(data)
		if err == nil && file.pid == p.cmd.Process.Pid && file.ready {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("it ended: %w", p.err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}

// stop ends the server: in order while ctx lasts, then at once (the next start recovers), then by force.
func (p *process) stop(ctx context.Context) {
	defer p.guard.release()
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
		return
	case <-ctx.Done():
	}
	p.signal(syscall.SIGQUIT)
	select {
	case <-p.done:
		return
	case <-time.After(quitGrace):
	}
	p.signal(syscall.SIGKILL)
	<-p.done
}

// signal cannot hit a stranger: os.Process refuses once the child has been waited for.
func (p *process) signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

// openLog opens the server's log for appending and returns where this run begins.
func openLog(path string) (*os.File, int64, error) {
	if info, err := os.Lstat(path); err == nil && info.Size() > logKeep {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, 0, err
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

func logTail(path string, offset int64) string {
	text, err := os.ReadFile(path)
	if err != nil || int64(len(text)) <= offset {
		return "nothing in its log"
	}
	return lastLines(string(text[offset:]), 5)
}
