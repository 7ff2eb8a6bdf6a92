package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Background is the work of a front end that goes on after its answers: bounded in time, counted, and safe against panics.
type Background struct {
	name   string // of the front end, for the log
	within time.Duration
	log    *slog.Logger
	base   context.Context // of all of it; ends when Drain gives up
	cancel context.CancelFunc

	mu     sync.Mutex
	active int
	idle   chan struct{} // closed when active falls to zero; nil while it is zero
}

// NewBackground returns a front end's background, in which nothing takes longer than a limit.
func NewBackground(name string, within time.Duration, log *slog.Logger) *Background {
	w := &Background{name: name, within: within, log: log}
	w.base, w.cancel = context.WithCancel(context.Background())
	return w
}

// Context is the context of everything that is not bound to one request.
func (w *Background) Context() context.Context { return w.base }

// Go runs f in the background.
func (w *Background) Go(f func(ctx context.Context)) {
	w.mu.Lock()
	if w.active == 0 {
		w.idle = make(chan struct{})
	}
	w.active++
	w.mu.Unlock()
	go func() {
		defer w.done()
		ctx, cancel := context.WithTimeout(w.base, w.within)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				w.Panicked(ctx, p)
			}
		}()
		f(ctx)
	}()
}

func (w *Background) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.active--
	if w.active == 0 {
		close(w.idle)
		w.idle = nil
	}
}

// Panicked logs a panic and returns the reference it can be found by.
func (w *Background) Panicked(ctx context.Context, p any) string {
	ref := Reference()
	w.log.ErrorContext(ctx, "panic in an adapter", "adapter", w.name, "ref", ref, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
	return ref
}

// Drain waits until nothing is under way. When ctx ends first, what is under way is told to stop.
func (w *Background) Drain(ctx context.Context) error {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		w.cancel()
		return fmt.Errorf("%s work still under way: %w", w.name, ctx.Err())
	}
}
