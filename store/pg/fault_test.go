//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// gone waits until no process of the server on dir lives, whoever reaps it.
func gone(t *testing.T, dir string) {
	t.Helper()
	eventually(t, "server ends", func() error {
		lock, err := tryLock(filepath.Join(dir, serverLock))
		if err == nil {
			lock.Close()
		}
		return err
	})
}

func TestKilledBot(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]string{"by the kernel's signal": "", "by the guard process": childGuard + "=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			bot := startChild(t, dir, env)
			bot.ready(t)
			attached := start(t, Options{Dir: dir})
			writeRow(t, attached)
			stop(t, attached)

			bot.kill()
			gone(t, dir)
			s := start(t, Options{Dir: dir})
			checkRow(t, s)
		})
	}
}

func TestKilledBotAndStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	bot := startChild(t, dir)
	bot.ready(t)
	bot.kill()
	s := start(t, Options{Dir: dir})
	query(t, s, "SELECT 'works'")
}

func TestKilledBotDuringInit(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	bot := startChild(t, dir)
	waitInit(t, dir)
	bot.kill()
	if _, err := os.Stat(filepath.Join(dir, dataDir)); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("killed too late: %v", err)
	}
	s := start(t, Options{Dir: dir})
	query(t, s, "SELECT 'works'")
	stop(t, s)
	stop(t, start(t, Options{Dir: dir})) // what was busy a moment ago goes with the next start
	if sides, _ := filepath.Glob(filepath.Join(dir, sidePrefix+"*")); len(sides) != 0 {
		t.Errorf("left behind: %v", sides)
	}
}

func TestKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	s := startSafe(t, Options{Dir: dir})
	writeRow(t, s)
	pid := serverPid(t, dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another server", func() error {
		file, err := readPidFile(s.data())
		if err != nil {
			return err
		}
		if file.pid == pid || !file.ready {
			return fmt.Errorf("not yet: %+v", file)
		}
		return nil
	})
	checkRow(t, s)
}

func TestStalePidFiles(t *testing.T) {
	t.Parallel()
	for name, pid := range map[string]func(other int) string{
		"pid of a stranger": strconv.Itoa,
		"torn":              func(int) string { return "" },
		"dead pid":          func(int) string { return "4194304" }, // above every pid_max
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			s := start(t, Options{Dir: dir})
			files := map[string]string{} // what a killed server leaves
			for _, path := range []string{filepath.Join(s.data(), "postmaster.pid"), filepath.Join(dir, socketFile+".lock")} {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				files[path] = string(text)
			}
			stop(t, s)
			other := stranger(t, s.who)
			for path, text := range files {
				_, rest, _ := strings.Cut(text, "\n")
				if first := pid(other.Process.Pid); first != "" {
					text = first + "\n" + rest
				} else {
					text = ""
				}
				if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), s.who.own(path)); err != nil {
					t.Fatal(err)
				}
			}

			s = start(t, Options{Dir: dir})
			query(t, s, "SELECT 'works'")
			if err := other.Process.Signal(syscall.Signal(0)); err != nil {
				t.Errorf("the stranger was killed: %v", err)
			}
		})
	}
}

func TestCancelledStart(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		s, err := Start(ctx, Options{Dir: dir, FastUnsafe: true, NoDownload: true})
		if err == nil {
			err = s.Stop(context.Background())
		}
		failed <- err
	}()
	waitInit(t, dir)
	cancel()
	if err := <-failed; err == nil {
		t.Error("a cancelled start succeeded")
	}
	query(t, start(t, Options{Dir: dir}), "SELECT 'works'")
}

// waitInit waits until initdb is at work.
func waitInit(t *testing.T, dir string) {
	t.Helper()
	eventually(t, "initdb begins", func() error {
		sides, err := filepath.Glob(filepath.Join(dir, sidePrefix+"*", dataDir, "PG_VERSION"))
		if err == nil && len(sides) == 0 {
			err = errors.New("no side directory")
		}
		return err
	})
}

func TestServerStartedByHand(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	s := start(t, Options{Dir: dir})
	stop(t, s)
	bin, err := findBinaries(deadline(t), s.opts, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin.path("postgres"), s.settings()...)
	cmd.Dir, cmd.Env = dir, childEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.who.credential(), Setpgid: true}
	byHand, err := launch(cmd, syscall.SIGINT)
	if err != nil {
		t.Fatal(err)
	}
	defer byHand.stop(deadline(t))
	if err := byHand.waitReady(deadline(t), s.data()); err != nil {
		t.Fatal(err)
	}

	if _, err := Start(deadline(t), Options{Dir: dir, NoDownload: true}); !errors.Is(err, ErrInUse) {
		t.Errorf("start beside a foreign server: %v", err)
	}
	if err := Remove(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("remove under a foreign server: %v", err)
	}
	query(t, s, "SELECT 'untouched'")
}

func TestServerHasItsOwnProcessGroup(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	start(t, Options{Dir: dir})
	pid := serverPid(t, dir)
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("group of server %d is %d, %v", pid, group, err)
	}
}

func TestOrphanIsStopped(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	s := start(t, Options{Dir: dir})
	pid := serverPid(t, dir)
	// As if the owner had died and its server had not noticed.
	s.cancel()
	<-s.ended
	s.mu.Lock()
	s.owner.Close()
	s.mu.Unlock()

	next := start(t, Options{Dir: dir})
	query(t, next, "SELECT 'works'")
	if now := serverPid(t, dir); now == pid || !next.Owner() {
		t.Errorf("still server %d", now)
	}
}
