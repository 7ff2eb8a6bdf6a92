package mail

import (
	"crypto/subtle"
	"io"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Stage is the point of an SMTP conversation at which a fault strikes.
type Stage string

// The stages. The empty one means DATA, where most refusals happen.
const (
	AtAuth Stage = "auth"
	AtMail Stage = "mail"
	AtRcpt Stage = "rcpt"
	AtData Stage = "data"
)

// Fault is what goes wrong with the next messages.
type Fault struct {
	Times   int    // how often; 0 means once
	At      Stage  // where; empty means AtData
	Code    int    // the SMTP answer, such as 451 or 554; 0: no refusal
	Message string // its words; empty: fitting ones
	Delay   time.Duration
	Drop    bool // cut the connection instead of answering
	After   bool // keep the message first: the client cannot know that it arrived (AtData only)
}

// Fail makes the next conversations go wrong. Several faults are worked off in order, each at its own stage.
func (s *Server) Fail(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	if f.At == "" {
		f.At = AtData
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Refuse makes an address unknown from now on: 550 at RCPT.
func (s *Server) Refuse(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[strings.ToLower(address)] = true
}

func (s *Server) nextFault(at Stage) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := s.faults[i]
		if f.At != at {
			continue
		}
		s.faults[i].Times--
		if s.faults[i].Times <= 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f, true
	}
	return Fault{}, false
}

// reject is an SMTP answer with its enhanced code: https://www.rfc-editor.org/rfc/rfc3463
func reject(code, class, subject, detail int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

// session is one client's connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	authed bool
	from   string
	to     []string
}

func (s *Server) newSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c}, nil
}

// AuthMechanisms lists PLAIN when the server has a password.
func (s *session) AuthMechanisms() []string {
	if s.server.opt.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks the password.
func (s *session) Auth(mech string) (sasl.Server, error) {
	if s.server.opt.Username == "" {
		return nil, smtp.ErrAuthUnsupported
	}
	if mech != sasl.Plain {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if err := s.fault(AtAuth, nil); err != nil {
			return err
		}
		o := s.server.opt
		good := subtle.ConstantTimeCompare([]byte(user), []byte(o.Username)) &
			subtle.ConstantTimeCompare([]byte(pass), []byte(o.Password))
		if good != 1 {
			return smtp.ErrAuthFailed
		}
		s.authed = true
		return nil
	}), nil
}

// Mail begins a message.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if _, secure := s.conn.TLSConnectionState(); s.server.opt.RequireTLS && !secure {
		return reject(530, 5, 7, 0, "Must issue a STARTTLS command first")
	}
	if s.server.opt.Username != "" && !s.authed {
		return reject(530, 5, 7, 0, "Authentication required")
	}
	if err := s.fault(AtMail, nil); err != nil {
		return err
	}
	if from != "" && !validAddress(from) {
		return reject(553, 5, 1, 7, "The sender's address is not valid")
	}
	s.from = from
	return nil
}

// Rcpt adds a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.fault(AtRcpt, nil); err != nil {
		return err
	}
	if !validAddress(to) {
		return reject(553, 5, 1, 3, "The recipient's address is not valid")
	}
	s.server.mu.Lock()
	unknown := s.server.refused[strings.ToLower(to)]
	s.server.mu.Unlock()
	if unknown {
		return reject(550, 5, 1, 1, "The e-mail account that you tried to reach does not exist")
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the message itself.
func (s *session) Data(r io.Reader) error {
	keep := func() error { return s.server.deliver(s.from, slices.Clone(s.to), r) }
	if err := s.fault(AtData, keep); err != nil {
		return err
	}
	return keep()
}

// Reset forgets the message begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// fault applies a fault that is due at a stage; keep delivers first when the fault asks for that.
func (s *session) fault(at Stage, keep func() error) error {
	f, due := s.server.nextFault(at)
	if !due {
		return nil
	}
	select {
	case <-time.After(f.Delay):
	case <-s.server.stop:
	}
	if f.After && keep != nil {
		if err := keep(); err != nil {
			return err
		}
	}
	if f.Drop {
		_ = s.conn.Conn().Close() // the point is that the client sees it fail
		return reject(421, 4, 3, 2, "Service closing")
	}
	if f.Code == 0 {
		return nil
	}
	if f.Message == "" {
		f.Message = "Try again later"
		if f.Code >= 500 {
			f.Message = "Transaction failed"
		}
	}
	return reject(f.Code, f.Code/100, 0, 0, f.Message)
}

func validAddress(a string) bool {
	parsed, err := mail.ParseAddress(a)
	return err == nil && parsed.Address == a && strings.Contains(a[strings.LastIndex(a, "@"):], ".")
}
