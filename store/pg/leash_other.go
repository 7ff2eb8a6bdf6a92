//go:build unix && !linux

package pg

import "syscall"

// tiesToParent says that the kernel cannot signal a child when its parent dies: the guard process does it.
const tiesToParent = false

func tieToParent(*syscall.SysProcAttr, syscall.Signal) {}
