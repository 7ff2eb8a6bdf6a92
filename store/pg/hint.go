package pg

import (
	"bufio"
	"os"
	"runtime"
	"strings"
)

// installLines maps an ID or ID_LIKE of os-release(5) to the command that installs a server there.
var installLines = []struct{ id, line string }{
	{"debian", "sudo apt-get install postgresql"},
	{"ubuntu", "sudo apt-get install postgresql"},
	{"fedora", "sudo dnf install postgresql-server"},
	{"rhel", "sudo dnf install postgresql-server"},
	{"alpine", "apk add postgresql"},
	{"arch", "sudo pacman -S postgresql"},
	{"suse", "sudo zypper install postgresql-server"},
}

// InstallHint returns the command that installs PostgreSQL on this kind of system.
func InstallHint() string {
	switch runtime.GOOS {
	case "darwin":
		return "brew install postgresql@17"
	case "freebsd":
		return "sudo pkg install postgresql17-server"
	}
	return linuxHint("/etc/os-release")
}

func linuxHint(osRelease string) string {
	file, err := os.Open(osRelease)
	if err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			key, value, _ := strings.Cut(lines.Text(), "=")
			if key != "ID" && key != "ID_LIKE" {
				continue
			}
			for _, known := range installLines {
				if strings.Contains(strings.ToLower(value), known.id) {
					return known.line
				}
			}
		}
	}
	return "install the PostgreSQL server with the system's package manager"
}
