//go:build unix

package pg

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// unpackLimit bounds what an archive may grow to; the release unpacks to 60 MB.
const unpackLimit = 300 << 20

// unpack writes the native part of an npm archive into dir and restores its symbolic links, which npm cannot carry.
func unpack(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	defer zipped.Close()
	entries := tar.NewReader(io.LimitReader(zipped, unpackLimit))
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return restoreLinks(dir)
		}
		if err != nil {
			return err
		}
		if err := unpackEntry(header, entries, dir); err != nil {
			return err
		}
	}
}

func unpackEntry(header *tar.Header, content io.Reader, dir string) error {
	name, ok := strings.CutPrefix(header.Name, "package/")
	if !ok || !strings.HasPrefix(name, "native/") || header.Typeflag != tar.TypeReg {
		return nil
	}
	if !filepath.IsLocal(name) {
		return fmt.Errorf("unsafe name %q", header.Name)
	}
	mode := fs.FileMode(0o644)
	if filepath.Dir(name) == "native/bin" {
		mode = 0o755
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, content); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// restoreLinks makes the links that pg-symlinks.json lists: target is the link, source the file it stands for.
func restoreLinks(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read pg-symlinks.json: %w", err)
	}
	for _, link := range links {
		if !filepath.IsLocal(link.Source) || !filepath.IsLocal(link.Target) {
			return fmt.Errorf("unsafe link %q", link.Target)
		}
		source, err := filepath.Rel(filepath.Dir(link.Target), link.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(source, filepath.Join(dir, link.Target)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
