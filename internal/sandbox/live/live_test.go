package live_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/sandbox/live"
)

func TestWaitSeesEveryChange(t *testing.T) {
	t.Parallel()
	var c live.Changes
	var n atomic.Int64
	go func() {
		for range 100 {
			n.Add(1)
			c.Changed()
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := c.Wait(ctx, func() bool { return n.Load() == 100 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := c.Wait(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSaverWritesTheLastState(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	var n atomic.Int64
	s := live.NewSaver(func() error { return live.Save(file, n.Load()) }, slog.New(slog.DiscardHandler))
	for range 50 {
		n.Add(1)
		s.Touch()
	}
	s.Close()
	var got int64
	if err := live.Load(file, &got); err != nil || got != 50 {
		t.Errorf("loaded %d, %v", got, err)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	v := 7
	if err := live.Load(file, &v); err != nil || v != 7 {
		t.Errorf("a file that is not there: %d, %v", v, err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := live.Load(file, &v); err == nil {
		t.Error("a broken file must be an error, not an empty state")
	}
}
