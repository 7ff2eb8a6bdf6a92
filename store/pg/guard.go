//go:build unix

package pg

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guardScript waits for the end of its input, which the kernel brings about when callout dies in any way, then asks
// the server to shut down.
const guardScript = `read -r _; kill -INT "$1"`

// guard is a process that outlives callout just long enough to end the server.
type guard struct {
	cmd   *exec.Cmd
	input io.Closer
}

func startGuard(pid int) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "callout-guard", strconv.Itoa(pid))
	cmd.Env = childEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &guard{cmd: cmd, input: input}, nil
}

// release ends the guard before its input, so that it never signals a pid that is somebody else's by now.
func (g *guard) release() {
	if g == nil {
		return
	}
	_ = g.cmd.Process.Kill()
	_ = g.cmd.Wait() // its status is that of the kill
	_ = g.input.Close()
}
