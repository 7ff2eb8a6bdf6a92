//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestStartMakesClusterAndKeepsData(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	began := time.Now()
	s := start(t, Options{Dir: dir})
	t.Logf("nothing to ready: %v", time.Since(began))
	if !s.Owner() {
		t.Error("the only process does not own the server")
	}
	writeRow(t, s)
	address := s.URL(Database)
	stop(t, s)
	if _, err := os.Stat(filepath.Join(dir, dataDir, "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("pid file after stop: %v", err)
	}

	began = time.Now()
	s = start(t, Options{Dir: dir})
	t.Logf("warm start: %v", time.Since(began))
	checkRow(t, s)
	if s.URL(Database) != address {
		t.Errorf("address changed from %s to %s", address, s.URL(Database))
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: seeded(t)})
	want := map[string]string{
		"listen_addresses": "", "wal_level": "minimal", "max_wal_senders": "0", "shared_buffers": "32MB",
		"dynamic_shared_memory_type": "mmap", "TimeZone": "UTC", "server_encoding": "UTF8",
	}
	got := map[string]string{}
	for name := range want {
		got[name] = query(t, s, "SHOW "+name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := query(t, s, "SELECT datcollate FROM pg_database WHERE datname = current_database()"); got != "C" {
		t.Errorf("collation %q", got)
	}
	info, err := os.Stat(s.opts.Dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the socket: %v, %v", info.Mode(), err)
	}
}

func TestSeveralStartsShareOneServer(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	servers := make([]*Server, 3)
	var wait sync.WaitGroup
	for i := range servers {
		wait.Go(func() { servers[i] = start(t, Options{Dir: dir}) })
	}
	wait.Wait()
	pids := map[string]bool{}
	var owners []*Server
	for _, s := range servers {
		pids[query(t, s, "SELECT pg_postmaster_start_time()::text")] = true
		if s.Owner() {
			owners = append(owners, s)
		}
	}
	if len(pids) != 1 || len(owners) != 1 {
		t.Errorf("%d servers with %d owners, want one of each", len(pids), len(owners))
	}
}

func TestAttachedProcessTakesOver(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*child){
		"after the end":  func(bot *child) { _ = bot.input.Close() },
		"after the kill": (*child).kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			bot := startChild(t, dir)
			if !bot.ready(t) {
				t.Fatal("the first process does not own the server")
			}
			s := start(t, Options{Dir: dir})
			if s.Owner() {
				t.Fatal("two owners")
			}
			writeRow(t, s)
			end(bot)
			eventually(t, "take over", func() error {
				if !s.Owner() {
					return errors.New("not yet the owner")
				}
				return nil
			})
			checkRow(t, s)
		})
	}
}

func TestStopOfAttachedLeavesServer(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	owner := start(t, Options{Dir: dir})
	pid := serverPid(t, dir)
	stop(t, start(t, Options{Dir: dir}))
	query(t, owner, "SELECT 'still here'")
	if now := serverPid(t, dir); now != pid {
		t.Errorf("server %d became %d", pid, now)
	}
}

func TestLongPathGetsShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), strings.Repeat("long/", 25))
	s := start(t, Options{Dir: dir})
	if len(filepath.Join(s.sockets, socketFile)) > maxSocketPath || s.sockets == dir {
		t.Errorf("socket in %s", s.sockets)
	}
	query(t, s, "SELECT 'works'")
	stop(t, s)
	if _, err := os.Stat(s.sockets); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("socket directory after stop: %v", err)
	}

	if err := os.Mkdir(s.sockets, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(s.sockets)
	if _, err := Start(deadline(t), Options{Dir: dir, NoDownload: true}); err == nil || !strings.Contains(err.Error(), "nobody else may enter") {
		t.Errorf("open socket directory was accepted: %v", err)
	}
}

func TestCreateIsRepeatable(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: seeded(t)})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := s.Create(deadline(t), `odd "name"`); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := query(t, s, `SELECT count(*)::text FROM pg_database WHERE datname = 'odd "name"'`); got != "1" {
		t.Errorf("%s databases", got)
	}
	conn, err := pgx.Connect(deadline(t), s.URL(`odd "name"`))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close(context.Background())
}

func TestRemove(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	s := start(t, Options{Dir: dir})
	if err := Remove(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("remove a running cluster: %v", err)
	}
	stop(t, s)
	if err := Remove(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after remove: %v", err)
	}
	if err := Remove(dir); err != nil {
		t.Errorf("remove again: %v", err)
	}
}

func TestStrangeDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "photos"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"start":  func() error { _, err := Start(deadline(t), Options{Dir: dir}); return err }(),
		"remove": Remove(dir),
	} {
		if err == nil || !strings.Contains(err.Error(), "callout did not make it") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "photos")); err != nil {
		t.Error(err)
	}
}

func TestUnreachableDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root lends its server another account")
	}
	closed := newDir(t)
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(deadline(t), Options{Dir: filepath.Join(closed, "db")})
	if err == nil || !strings.Contains(err.Error(), "may not enter "+closed) {
		t.Errorf("start under a closed directory: %v", err)
	}
}

// BenchmarkColdStart is the time from nothing to a usable database, with everything synced to disk.
func BenchmarkColdStart(b *testing.B) {
	base, err := makeBaseIn(os.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(base)
	n := 0
	for b.Loop() {
		n++
		s, err := Start(context.Background(), Options{Dir: filepath.Join(base, fmt.Sprint(n)), NoDownload: true})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Stop(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkWarmStart is the time to start again on an existing cluster.
func BenchmarkWarmStart(b *testing.B) {
	base, err := makeBaseIn(os.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(base)
	for b.Loop() {
		s, err := Start(context.Background(), Options{Dir: filepath.Join(base, "db"), NoDownload: true})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Stop(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
