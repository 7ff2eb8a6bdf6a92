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
		return nil
	}
	if err != nil {
		return fmt.Errorf("read slack sandbox state: %w", err)
	}
	if err := json.Unmarshal(data, s.st); err != nil {
		return fmt.Errorf("decode slack sandbox state %s: %w", s.opts.StateFile, err)
	}
	if len(s.st.Manifest) == 0 {
		return nil
	}
	s.manifest, err = parseManifest(s.st.Manifest)
	return err
}

// saver writes the state file some time after the first of several changes, and at the end.
type saver struct {
	srv   *Server
	dirty chan struct{}
	done  chan struct{}
}

func newSaver(s *Server) *saver {
	v := &saver{srv: s, dirty: make(chan struct{}, 1), done: make(chan struct{})}
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

// save replaces the file in one step, so a kill leaves either the old state or the new one.
func (v *saver) save() error {
	v.srv.mu.Lock()
	data, err := json.Marshal(v.srv.st)
	v.srv.mu.Unlock()
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	path := v.srv.opts.StateFile
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
