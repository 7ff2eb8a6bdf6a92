package pg

import "syscall"

// tiesToParent says that the kernel can signal a child when its parent dies.
const tiesToParent = true

// tieToParent asks for that signal: https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html.
func tieToParent(attr *syscall.SysProcAttr, death syscall.Signal) { attr.Pdeathsig = death }
