//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Two files guard a cluster. ownerLock is held by the process that is responsible for the server. serverLock is
// inherited by the server and everything it forks, so it is free exactly when no process of that server lives:
// unlike a pid it cannot be reused by a stranger.
const (
	ownerLock  = "owner.lock"
	serverLock = "server.lock"
)

var errLocked = errors.New("locked")

// tryLock locks path, or returns errLocked at once. The lock ends when the last copy of the file is closed.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// waitLock locks path, trying again for as long as wait.
func waitLock(ctx context.Context, path string, wait time.Duration) (*os.File, error) {
	deadline := time.Now().Add(wait)
	for {
		file, err := tryLock(path)
		if !errors.Is(err, errLocked) || time.Now().After(deadline) {
			return file, err
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, err
		}
	}
}

// pause waits for d or for ctx to end.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
