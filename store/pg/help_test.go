//go:build unix

package pg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tests that kill callout run this test binary again as that callout: it starts a server in childDir and says so.
const (
	childDir   = "CALLOUT_PG_TEST_DIR"
	childGuard = "CALLOUT_PG_TEST_GUARD"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(runChild(dir))
	}
	code := m.Run()
	if seedBase != "" {
		_ = os.RemoveAll(seedBase)
	}
	os.Exit(code)
}

// seedBase is where seed made its cluster; TestMain removes it.
var seedBase string

// seed makes one cluster, stopped, that tests copy: initdb costs a second of a core.
var seed = sync.OnceValues(func() (string, error) {
	base, err := makeBase()
	if err != nil {
		return "", err
	}
	seedBase = base
	dir := filepath.Join(base, "db")
	s, err := Start(context.Background(), Options{Dir: dir, FastUnsafe: true, NoDownload: true})
	if err != nil {
		return "", err
	}
	return dir, s.Stop(context.Background())
})

// seeded returns a directory with a cluster that nobody uses yet.
func seeded(t *testing.T) string {
	t.Helper()
	from, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	dir := newDir(t)
	if out, err := exec.Command("cp", "-a", from, dir).CombinedOutput(); err != nil {
		t.Fatalf("copy the seed: %v: %s", err, out)
	}
	return dir
}

// runChild is a small callout: it stops its server in order when its input ends.
func runChild(dir string) int {
	s, err := Start(context.Background(), Options{Dir: dir, FastUnsafe: true, NoDownload: true, guard: os.Getenv(childGuard) != ""})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("ready", s.Owner())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(context.Background()); err != nil {
		fmt.Println("error", err)
		return 1
	}
	return 0
}

// child is another callout process.
type child struct {
	cmd   *exec.Cmd
	input io.Closer
	lines *bufio.Scanner
}

func startChild(t *testing.T, dir string, env ...string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childDir+"="+dir), env...)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, input: input, lines: bufio.NewScanner(out)}
	t.Cleanup(c.kill)
	return c
}

// ready waits for the child's server and reports whether the child runs it.
func (c *child) ready(t *testing.T) bool {
	t.Helper()
	if !c.lines.Scan() {
		t.Fatalf("child ended: %v", c.cmd.Wait())
	}
	word, rest, _ := strings.Cut(c.lines.Text(), " ")
	if word != "ready" {
		t.Fatalf("child says: %s", c.lines.Text())
	}
	return rest == "true"
}

// kill ends the child as the kernel would: with no chance to tidy up.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// newDir returns a directory for a cluster that is not there yet.
func newDir(t *testing.T) string {
	t.Helper()
	base, err := makeBase()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(base, "db")
}

// makeBase makes a directory, in memory where there is some, that the server's account can pass.
func makeBase() (string, error) {
	parent := os.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		parent = "/dev/shm"
	}
	return makeBaseIn(parent)
}

func makeBaseIn(parent string) (string, error) {
	base, err := os.MkdirTemp(parent, "callout-pg-")
	if err != nil {
		return "", err
	}
	return base, os.Chmod(base, 0o711)
}

func start(t *testing.T, opts Options) *Server {
	t.Helper()
	opts.FastUnsafe = true
	return startSafe(t, opts)
}

// startSafe is for tests in which committed data must survive a kill.
func startSafe(t *testing.T, opts Options) *Server {
	t.Helper()
	opts.NoDownload = true
	s, err := Start(deadline(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// query runs one statement and returns its first column as text, trying again while the server is away.
func query(t *testing.T, s *Server, sql string) string {
	t.Helper()
	var got string
	eventually(t, "query "+sql, func() error {
		conn, err := pgx.Connect(deadline(t), s.URL(Database))
		if err != nil {
			return err
		}
		defer conn.Close(context.Background())
		return conn.QueryRow(deadline(t), sql).Scan(&got)
	})
	return got
}

// writeRow leaves a committed row, and checkRow finds it again.
func writeRow(t *testing.T, s *Server) {
	t.Helper()
	conn, err := pgx.Connect(deadline(t), s.URL(Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(deadline(t), "CREATE TABLE kept AS SELECT 'hello' AS word"); err != nil {
		t.Fatal(err)
	}
}

func checkRow(t *testing.T, s *Server) {
	t.Helper()
	if got := query(t, s, "SELECT string_agg(word, ',') FROM kept"); got != "hello" {
		t.Errorf("kept %q", got)
	}
}

func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	limit := time.Now().Add(20 * time.Second)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%s: %v", what, err)
		}
		if err := pause(deadline(t), 10*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
}

// serverPid is the pid of the server that runs on dir now.
func serverPid(t *testing.T, dir string) int {
	t.Helper()
	var pid int
	eventually(t, "find the server", func() error {
		file, err := readPidFile(filepath.Join(dir, dataDir))
		pid = file.pid
		return err
	})
	return pid
}

// stranger starts a long-lived process of the server's account that has nothing to do with PostgreSQL.
func stranger(t *testing.T, who account) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who.credential()}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}
