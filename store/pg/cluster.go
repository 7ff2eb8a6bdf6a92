//go:build unix

package pg

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Names inside Options.Dir. What is made in several steps is made in a side directory and renamed when it is whole.
const (
	dataDir    = "data"
	logFile    = "postgres.log"
	sidePrefix = "side-"
)

// superuser is the only role of the cluster. Who may open the socket may be this role.
const superuser = "postgres"

const (
	socketPort = "5432"
	socketFile = ".s.PGSQL." + socketPort
	// maxSocketPath is sun_path of macOS without its final zero: https://man.freebsd.org/cgi/man.cgi?query=unix&sektion=4.
	maxSocketPath = 103
)

// prepareDir makes dir, closed to everybody but the account, and returns its path without symbolic links.
func prepareDir(dir string, who account) (string, error) {
	if err := makeParents(filepath.Dir(dir), who); err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	if err := refuseStrange(real); err != nil {
		return "", err
	}
	if err := who.canReach(real); err != nil {
		return "", err
	}
	if err := os.Chmod(real, 0o700); err != nil {
		return "", err
	}
	return real, who.own(real)
}

// makeParents makes missing directories, which the account must be able to enter whatever the umask says.
func makeParents(dir string, who account) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeParents(filepath.Dir(dir), who); err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	if who.other {
		mode = 0o711
	}
	if err := os.Mkdir(dir, mode); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	return os.Chmod(dir, mode)
}

// refuseStrange protects a directory that holds something else from being taken over.
func refuseStrange(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, ownerLock)); err != nil {
		return fmt.Errorf("%s is not empty and callout did not make it: choose another directory for the database", dir)
	}
	return nil
}

// socketDir returns where the socket goes: dir, or a short path in the temporary directory when that is too long.
func socketDir(dir string) string {
	if len(filepath.Join(dir, socketFile)) <= maxSocketPath {
		return dir
	}
	sum := sha256.Sum256([]byte(dir))
	short := filepath.Join(os.TempDir(), "callout-"+hex.EncodeToString(sum[:8]))
	if len(filepath.Join(short, socketFile)) > maxSocketPath {
		short = filepath.Join("/tmp", filepath.Base(short))
	}
	return short
}

// makeSocketDir makes a socket directory outside dir. Anybody may have made that name first: only a directory of the
// account itself that is closed to others will do.
func makeSocketDir(sockets, dir string, who account) error {
	if sockets == dir {
		return nil
	}
	err := os.Mkdir(sockets, 0o700)
	if err == nil {
		return who.own(sockets)
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(sockets)
	if err != nil {
		return err
	}
	if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() || info.Mode().Perm() != 0o700 || stat.Uid != who.uid {
		return fmt.Errorf("%s should be a directory of %s that nobody else may enter: remove it, or choose a data directory with a shorter path", sockets, who.name)
	}
	return nil
}

// removeSideDirs takes away what a process killed in the middle left behind. A leftover that cannot be removed yet,
// because a last child is still writing, is for the next start. The caller holds the owner's lock.
func (s *Server) removeSideDirs() {
	left, _ := fs.Glob(os.DirFS(s.opts.Dir), sidePrefix+"*") // worst case: nothing is removed
	for _, name := range left {
		side := filepath.Join(s.opts.Dir, name)
		if err := os.RemoveAll(side); err != nil {
			s.opts.Log.Warn("could not remove a leftover", "dir", side, "err", err)
		}
	}
}

// initCluster makes the cluster. Text sorts and folds by byte value everywhere, whatever the machine's language.
func (s *Server) initCluster(ctx context.Context, bin binaries) error {
	side, err := os.MkdirTemp(s.opts.Dir, sidePrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(side)
	if err := s.who.own(side); err != nil {
		return err
	}
	data := filepath.Join(side, dataDir)
	args := []string{"-D", data, "-U", superuser, "-A", "trust", "--locale=C", "-E", "UTF8"}
	if s.opts.FastUnsafe {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, bin.path("initdb"), args...)
	cmd.Dir, cmd.Env = side, childEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.who.credential(), Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	p, err := launch(cmd, syscall.SIGKILL)
	if err == nil {
		<-p.done
		err = p.err
	}
	if err != nil {
		return explainInit(err, out.String())
	}
	if err := os.Rename(data, s.data()); err != nil {
		return err
	}
	return syncDir(s.opts.Dir)
}

// explainInit turns initdb's complaint into advice.
func explainInit(err error, out string) error {
	if strings.Contains(out, "could not look up effective user ID") {
		return errors.New("PostgreSQL needs an account with a name (an entry in /etc/passwd), and this process runs without one: set DATABASE_URL")
	}
	return fmt.Errorf("make the database cluster: %w: %s", err, lastLines(out, 5))
}

func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}

// childEnv keeps callout's secrets, and the PG variables that would change a server, away from child processes.
func childEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, key := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	return env
}
