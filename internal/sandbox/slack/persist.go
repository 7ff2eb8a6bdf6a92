package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// saveDelay gathers a burst of changes into one write.
const saveDelay = 300 * time.Millisecond

func (s *Server) loadState() error {
	s.st = newState()
	if s.opts.StateFile == "" {
		return nil
	}
	data, err := os.ReadFile(s.opts.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(s.contentDir()) // what is left of a workspace that was reset
	}
	if err != nil {
		return fmt.Errorf("read slack sandbox state: %w", err)
	}
	if err := json.Unmarshal(data, s.st); err != nil {
		return fmt.Errorf("decode slack sandbox state %s: %w", s.opts.StateFile, err)
	}
	if err := s.loadContent(); err != nil {
		return err
	}
	if len(s.st.Manifest) == 0 {
		return nil
	}
	s.manifest, err = parseManifest(s.st.Manifest)
	return err
}

// contentDir holds uploaded files, so that a change of the workspace does not write them all again.
func (s *Server) contentDir() string { return s.opts.StateFile + ".files" }

func (s *Server) loadContent() error {
	for id := range s.st.Files {
		data, err := os.ReadFile(filepath.Join(s.contentDir(), id))
		if errors.Is(err, fs.ErrNotExist) {
			continue // asked for an upload address and never used it
		}
		if err != nil {
			return fmt.Errorf("read slack sandbox file: %w", err)
		}
		s.st.Content[id] = data
	}
	return nil
}

// saver writes the state file some time after the first of several changes, and at the end.
type saver struct {
	srv   *Server
	dirty chan struct{}
	done  chan struct{}
	saved map[string]bool // files written already; used by one goroutine at a time
}

func newSaver(s *Server) *saver {
	v := &saver{srv: s, dirty: make(chan struct{}, 1), done: make(chan struct{}), saved: map[string]bool{}}
	for id := range s.st.Content {
		v.saved[id] = true
	}
	if s.opts.StateFile == "" {
		close(v.done)
		return v
	}
	go v.run()
	return v
}

func (v *saver) touch() {
	select {
	case v.dirty <- struct{}{}:
	default:
	}
}

func (v *saver) run() {
	defer close(v.done)
	for {
		select {
		case <-v.srv.ctx.Done():
			return
		case <-v.dirty:
		}
		select {
		case <-v.srv.ctx.Done():
			return
		case <-time.After(saveDelay):
		}
		if err := v.save(); err != nil {
			v.srv.log.Error("slack sandbox state was not saved", "err", err)
		}
	}
}

func (v *saver) stop() error {
	<-v.done
	if v.srv.opts.StateFile == "" {
		return nil
	}
	return v.save()
}

// save writes new files and then the state.
func (v *saver) save() error {
	v.srv.mu.Lock()
	data, err := json.Marshal(v.srv.st)
	fresh := map[string][]byte{}
	for id, content := range v.srv.st.Content {
		if !v.saved[id] {
			fresh[id] = content
		}
	}
	v.srv.mu.Unlock()
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if err := v.saveContent(fresh); err != nil { // first, so the state never names a file that is not there
		return err
	}
	return replaceFile(v.srv.opts.StateFile, data)
}

func (v *saver) saveContent(fresh map[string][]byte) error {
	if len(fresh) == 0 {
		return nil
	}
	if err := os.MkdirAll(v.srv.contentDir(), 0o700); err != nil {
		return fmt.Errorf("create directory for files: %w", err)
	}
	for id, content := range fresh {
		if err := replaceFile(filepath.Join(v.srv.contentDir(), id), content); err != nil {
			return err
		}
		v.saved[id] = true
	}
	return nil
}

// replaceFile writes a file in one step: a kill leaves the old one or the new one.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("create state file: %w", err)
	}
	defer os.Remove(f.Name()) // nothing is left to remove once it was renamed
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return fmt.Errorf("write state file: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write state file: %w", err)
	}
	return os.Rename(f.Name(), path)
}
