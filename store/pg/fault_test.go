//go:build unix

package pg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
			dir := newDir(t)
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
	dir := newDir(t)
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
	eventually(t, "initdb begins", func() error {
		sides, err := filepath.Glob(filepath.Join(dir, sidePrefix+"*", dataDir, "PG_VERSION"))
		if err == nil && len(sides) == 0 {
			err = errors.New("no side directory")
		}
		return err
	})
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
	dir := newDir(t)
	s := startSafe(t, Options{Dir: dir})
	writeRow(t, s)
	pid := serverPid(t, dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another server", func() error {
		if file, err := readPidFile(s.data()); err != nil || file.pid == pid || !file.ready {
			return fmt.Errorf("not yet: %+v, %v", file, err)
		}
		return nil
	})
	checkRow(t, s)
}

func TestStalePidFileOfStranger(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := start(t, Options{Dir: dir})
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	other := stranger(t, s.who)
	_, rest, _ := strings.Cut(string(text), "\n")
	stale := fmt.Sprintf("%d\n%s", other.Process.Pid, rest)
	path := filepath.Join(s.data(), "postmaster.pid")
	if err := os.WriteFile(path, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.who.own(path); err != nil {
		t.Fatal(err)
	}

	s = start(t, Options{Dir: dir})
	query(t, s, "SELECT 'works'")
	if !alive(other.Process.Pid) {
		t.Error("the stranger was killed")
	}
}

func TestServerStartedByHand(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
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
	dir := newDir(t)
	start(t, Options{Dir: dir})
	pid := serverPid(t, dir)
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("group of server %d is %d, %v", pid, group, err)
	}
}

func TestOrphanIsStopped(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
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
