//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// pidFile is what the server writes into postmaster.pid.
// See https://www.postgresql.org/docs/current/storage-file-layout.html and src/include/utils/pidfile.h.
type pidFile struct {
	pid     int
	sockets string
	ready   bool
}

const (
	pidLine    = 0
	socketLine = 4
	statusLine = 7
)

// errNoPid is a pid file that a crash of the machine left empty or torn.
var errNoPid = errors.New("no pid in postmaster.pid")

func readPidFile(data string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[pidLine]))
	if err != nil || pid <= 1 {
		return pidFile{}, errNoPid
	}
	file := pidFile{pid: pid}
	if len(lines) > socketLine {
		file.sockets = lines[socketLine]
	}
	if len(lines) > statusLine {
		file.ready = strings.TrimSpace(lines[statusLine]) == "ready"
	}
	return file, nil
}

// removeStale takes away a pid file that would make the server believe it runs already: one whose pid now belongs to a
// stranger, or that holds none. A dead pid is left to the server, which checks more than we do. The caller holds both
// locks, so no server of ours is alive; one that a person started by hand is an error.
func removeStale(ctx context.Context, data, sockets string) error {
	file, err := readPidFile(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil && !errors.Is(err, errNoPid):
		return err
	case err == nil && alive(file.pid) && serves(ctx, file.pid, data):
		return fmt.Errorf("%w: a PostgreSQL server that callout did not start (pid %d) runs on %s; stop it, or set DATABASE_URL to use it", ErrInUse, file.pid, data)
	case err != nil || alive(file.pid):
		if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil {
			return err
		}
	}
	// The socket has a pid file of its own, with the same weakness.
	err = os.Remove(filepath.Join(sockets, socketFile+".lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// serves reports whether pid is a PostgreSQL server running on data. A server changes into its data directory, which
// Linux shows; elsewhere any postgres is taken for one, because an error is better than two servers on one cluster.
func serves(ctx context.Context, pid int, data string) bool {
	if runtime.GOOS == "linux" {
		if dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil {
			return dir == data
		}
	}
	out, err := exec.CommandContext(ctx, "ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres")
}
