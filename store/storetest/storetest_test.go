//go:build unix

package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// childMode makes this test binary run as a test process that ends in a bad way.
const childMode = "CALLOUT_STORETEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		runChild(mode)
	}
	os.Exit(m.Run())
}

func runChild(mode string) {
	s, err := theServer()
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	dir, _ := processDir() // it worked for the server
	fmt.Println(dir, s.address)
	if mode == "panic" {
		panic("a test went wrong")
	}
	select {} // until killed
}

func startChild(t *testing.T, mode string) (cmd *exec.Cmd, dir, address string) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"="+mode, "TEST_DATABASE_URL=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("child said nothing")
	}
	dir, address, _ = strings.Cut(lines.Text(), " ")
	if dir == "error" {
		t.Fatal(address)
	}
	return cmd, dir, address
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	panicked, panickedDir, panickedURL := startChild(t, "panic")
	killed, killedDir, killedURL := startChild(t, "wait")
	if panickedDir == killedDir {
		t.Error("two processes share a directory")
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = panicked.Wait(), killed.Wait()
	for dir, address := range map[string]string{panickedDir: panickedURL, killedDir: killedURL} {
		waitGone(t, dir)
		if conn, err := pgx.Connect(context.Background(), address); err == nil {
			conn.Close(context.Background())
			t.Errorf("a server still runs in %s", dir)
		}
	}
}

func waitGone(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s was left behind", dir)
		}
	}
}

func TestRemoveStale(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	old := time.Now().Add(-2 * youngest)
	for name, age := range map[string]time.Time{"dead": old, "used": old, "young": time.Now()} {
		dir := filepath.Join(base, dirPrefix+name)
		if err := os.MkdirAll(filepath.Join(dir, "shared", "data"), 0o700); err != nil {
			t.Fatal(err)
		}
		if name == "used" {
			file, err := lock(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
		}
		if err := os.Chtimes(dir, age, age); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(base, "photos")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	removeStale(base)
	for name, want := range map[string]bool{dirPrefix + "dead": false, dirPrefix + "used": true, dirPrefix + "young": true, "photos": true} {
		_, err := os.Stat(filepath.Join(base, name))
		if got := err == nil; got != want {
			t.Errorf("%s is there: %v, want %v", name, got, want)
		}
	}
}

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	one, two := Open(t), Open(t)
	if err := one.Ready(ctx); err != nil {
		t.Error(err)
	}
	if _, err := one.Pool.Exec(ctx, "CREATE TABLE mine (id int)"); err != nil {
		t.Fatal(err)
	}
	if count(t, two.Pool.QueryRow(ctx, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'")) != 0 {
		t.Error("one test sees the table of another")
	}
	conn, err := pgx.Connect(ctx, Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if n := count(t, conn.QueryRow(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")); n != 0 {
		t.Errorf("an empty database has %d tables", n)
	}
}

func count(t *testing.T, row pgx.Row) (n int) {
	t.Helper()
	if err := row.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestOtherServer uses a server that is not ours, as TEST_DATABASE_URL names it.
func TestOtherServer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p := Server(t)
	s, err := newServer(ctx, p.URL(), newName())
	if err != nil {
		t.Fatal(err)
	}
	defer s.admin.Close()
	if err := s.makeTemplate(ctx); err != nil {
		t.Fatal(err)
	}
	stale := testPrefix + "1000000000_left"
	if err := s.exec(ctx, "CREATE DATABASE "+quote(stale)); err != nil {
		t.Fatal(err)
	}
	if err := s.dropOld(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := s.admin.QueryRow(ctx, "SELECT array_agg(datname) FROM pg_database WHERE starts_with(datname, $1)", testPrefix).Scan(&names); err != nil {
		t.Fatal(err)
	}
	if len(names) != 1 || names[0] != s.template {
		t.Errorf("databases on the server: %v, want only %s", names, s.template)
	}
}

func TestDatabaseAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"postgres://u:p@host:5432/postgres?sslmode=disable": "x",
		"host=/run/postgresql user=u dbname=postgres":       "x",
	} {
		config, err := pgx.ParseConfig((&server{address: address}).database("x"))
		if err != nil || config.Database != want {
			t.Errorf("%s: database %q, %v", address, config.Database, err)
		}
	}
}

func TestPrivateServerKeepsItsAddress(t *testing.T) {
	t.Parallel()
	p := Server(t)
	address := p.URL()
	p.Stop()
	if conn, err := pgx.Connect(t.Context(), address); err == nil {
		conn.Close(t.Context())
		t.Error("the stopped server answers")
	}
	p.Start()
	if p.URL() != address {
		t.Errorf("address changed from %s to %s", address, p.URL())
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close(t.Context())
}

func BenchmarkURL(b *testing.B) {
	shared(b)
	for b.Loop() {
		URL(b)
	}
}
