package slack

// maxRecorded bounds the memory of a long demo.
const maxRecorded = 10000

// Fail makes coming calls of a method go wrong; "*" means every method. Times 0 lasts until ClearFaults.
func (s *Server) Fail(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], &f)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = map[string][]*Fault{}
}

// RepeatDeliveries sends every callback n extra times, as Slack and its network sometimes do.
func (s *Server) RepeatDeliveries(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repeat = n
}

// Requests lists the calls the app made to a method, or to any for "*", oldest first.
func (s *Server) Requests(method string) []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Recorded
	for _, r := range s.recorded {
		if method == "*" || r.Method == method {
			out = append(out, r)
		}
	}
	return out
}

// takeFault uses up one turn of the first fault for the method.
func (s *Server) takeFault(method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{method, "*"} {
		list := s.faults[name]
		if len(list) == 0 {
			continue
		}
		f := list[0]
		taken := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults[name] = list[1:]
			}
		}
		return taken, true
	}
	return Fault{}, false
}

// record keeps what the app called; callers hold the lock.
func (s *Server) record(method string, a args, code string) {
	kept := map[string]string{}
	for k, v := range a {
		if k != "token" {
			kept[k] = v
		}
	}
	s.recorded = append(s.recorded, Recorded{Method: method, At: s.now(), Args: kept, Error: code})
	if len(s.recorded) > maxRecorded {
		s.recorded = append([]Recorded(nil), s.recorded[maxRecorded/10:]...)
	}
	s.touch()
}
