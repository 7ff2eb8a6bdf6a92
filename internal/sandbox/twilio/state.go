package twilio

import "callout/internal/sandbox/live"

// state is what the state file holds.
type state struct {
	Phones   []Phone   `json:"phones"`
	Messages []Message `json:"messages"`
}

func (s *Server) load() error {
	var st state
	if err := live.Load(s.opt.StateFile, &st); err != nil {
		return err
	}
	for _, p := range st.Phones {
		s.phones = append(s.phones, &p)
	}
	for _, m := range st.Messages {
		s.index(&m)
	}
	return nil
}

func (s *Server) save() error {
	s.mu.Lock()
	var st state
	for _, p := range s.phones {
		st.Phones = append(st.Phones, *p)
	}
	for _, m := range s.messages {
		st.Messages = append(st.Messages, *m)
	}
	s.mu.Unlock()
	return live.Save(s.opt.StateFile, st)
}
