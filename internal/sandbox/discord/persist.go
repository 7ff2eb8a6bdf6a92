package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"callout/internal/sandbox/live"
)

func (s *Server) loadState() error {
	s.saved = map[string]bool{}
	if err := live.Load(s.opts.StateFile, s.st); err != nil {
		return fmt.Errorf("discord sandbox: %w", err)
	}
	for id := range s.st.Files {
		data, err := os.ReadFile(filepath.Join(s.contentDir(), id))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read discord sandbox file: %w", err)
		}
		s.st.Content[id], s.saved[id] = data, true
	}
	return nil
}

// contentDir holds files, so that a change of the guild does not write them all again.
func (s *Server) contentDir() string { return s.opts.StateFile + ".files" }

// saving is what the saver does, or nil without a state file.
func (s *Server) saving() func() error {
	if s.opts.StateFile == "" {
		return nil
	}
	return s.save
}

// save writes new files and then the state, so that the state never names a file that is not there.
func (s *Server) save() error {
	s.mu.Lock()
	data, err := json.Marshal(s.st)
	fresh := map[string][]byte{}
	for id, content := range s.st.Content {
		if !s.saved[id] {
			fresh[id] = content
		}
	}
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if len(fresh) > 0 {
		if err := os.MkdirAll(s.contentDir(), 0o700); err != nil {
			return fmt.Errorf("create directory for files: %w", err)
		}
	}
	for id, content := range fresh {
		if err := os.WriteFile(filepath.Join(s.contentDir(), id), content, 0o600); err != nil {
			return fmt.Errorf("write file: %w", err)
		}
		s.saved[id] = true
	}
	return live.Save(s.opts.StateFile, json.RawMessage(data))
}
