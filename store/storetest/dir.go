//go:build unix

package storetest

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	dirPrefix = "callout-test-"
	lockName  = "lock"
	// youngest is the age below which a directory without a lock may belong to a process that is just starting.
	youngest = time.Minute
)

// sweepScript waits for its input to end, which happens when the test process does, in whatever way. The servers get
// their own signal then; once they are gone it removes the directory.
const sweepScript = `read -r _
i=0
while ls "$1"/*/data/postmaster.pid >/dev/null 2>&1 && [ $i -lt 100 ]; do sleep 0.05; i=$((i+1)); done
rm -rf -- "$1" || { sleep 0.2; rm -rf -- "$1"; }`

// home is the directory of this process's servers, with what the process keeps open until the kernel closes it at its end.
type home struct {
	dir   string
	lock  *os.File
	sweep io.WriteCloser
}

var processHome = sync.OnceValues(newHome)

// processDir returns the directory of this process's servers. It goes when the process does.
func processDir() (string, error) {
	h, err := processHome()
	if err != nil {
		return "", err
	}
	return h.dir, nil
}

func newHome() (*home, error) {
	base := baseDir()
	removeStale(base)
	dir, err := os.MkdirTemp(base, dirPrefix)
	if err != nil {
		return nil, err
	}
	h := &home{dir: dir}
	if h.lock, err = lock(dir); err != nil {
		return nil, err
	}
	// Root's servers run as another account, which must be able to pass.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	h.sweep, err = sweepAfter(dir)
	return h, err
}

// lock marks dir as used until the file is closed. It fails when another process has done so.
func lock(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// removeStale removes what processes left behind whose sweeper was killed too. It never fails a test.
func removeStale(base string) {
	dirs, _ := fs.Glob(os.DirFS(base), dirPrefix+"*")
	for _, name := range dirs {
		dir := filepath.Join(base, name)
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < youngest {
			continue
		}
		if file, err := lock(dir); err == nil {
			_ = os.RemoveAll(dir)
			file.Close()
		}
	}
}

// sweepAfter starts the sweeper of dir, which waits for the end of what is returned.
func sweepAfter(dir string) (io.WriteCloser, error) {
	cmd := exec.Command("/bin/sh", "-c", sweepScript, "callout-test-sweep", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return input, cmd.Start()
}
