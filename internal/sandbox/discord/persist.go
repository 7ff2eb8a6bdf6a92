package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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

// rebase puts the address the server now has into the addresses of files it kept.
func (s *Server) rebase(old, now string) {
	if old == "" || old == now {
		return
	}
	moved := func(a *Attachment) { a.URL = strings.Replace(a.URL, old, now, 1) }
	for _, a := range s.st.Files {
		moved(a)
	}
	for _, list := range s.st.Messages {
		for _, m := range list {
			for i := range m.Attachments {
				moved(&m.Attachments[i])
			}
			m.Embeds = json.RawMessage(strings.ReplaceAll(string(m.Embeds), old, now))
			m.Components = json.RawMessage(strings.ReplaceAll(string(m.Components), old, now))
		}
	}
}

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
