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

// processDir returns the directory of this process's servers. It goes when the process does.
var processDir = sync.OnceValues(func() (string, error) {
	base := baseDir()
	removeStale(base)
	dir, err := os.MkdirTemp(base, dirPrefix)
	if err != nil {
		return "", err
	}
	if processLock, err = lock(dir); err != nil {
		return "", err
	}
	// Root's servers run as another account, which must be able to pass.
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", err
	}
	return dir, sweepAfter(dir)
})

// processLock and sweepInput belong to this process until the kernel closes them at its end.
var (
	processLock *os.File
	sweepInput  io.WriteCloser
)

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

func sweepAfter(dir string) error {
	cmd := exec.Command("/bin/sh", "-c", sweepScript, "callout-test-sweep", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	sweepInput = input
	return cmd.Start()
}
