package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"
)

const (
	// emailTimeout bounds the connection and each step of the conversation with the mail server.
	emailTimeout = 15 * time.Second
	// Ports when the address names none: RFC 6409 for submission, RFC 8314 for TLS from the start.
	submissionPort, tlsPort = 587, 465
)

// EmailOptions are the settings of the e-mail sender. URL and From are needed.
type EmailOptions struct {
	// URL is smtp://user:password@host:587, or smtps:// for TLS from the start.
	URL       string
	From      string // "desk@acme.example" or "Acme Desk <desk@acme.example>"
	Company   string // our name, for messages that carry none
	PublicURL string // its host greets the mail server; the machine's own name otherwise
	SMSFrom   string // the number that takes answers to offers by text, if there is one
	TLS       *tls.Config
	Now       func() time.Time
	Log       *slog.Logger
}

// EmailSender sends e-mail through one mail server.
type EmailSender struct {
	opt            EmailOptions
	from           *netmail.Address
	host           string
	port           int
	user, password string
	implicitTLS    bool
}

// NewEmail returns a sender of e-mail. It makes no connection; see Check.
func NewEmail(opt EmailOptions) (*EmailSender, error) {
	from, err := netmail.ParseAddress(opt.From)
	if err != nil {
		return nil, fmt.Errorf("email: %q is not an address to send from: %w", opt.From, err)
	}
	if from.Name == "" {
		from.Name = oneTidyLine(opt.Company)
	}
	s := &EmailSender{opt: opt, from: from}
	if err := s.parse(opt.URL); err != nil {
		return nil, err
	}
	if s.opt.Now == nil {
		s.opt.Now = time.Now
	}
	if s.opt.Log == nil {
		s.opt.Log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// parse reads the server's address. Errors do not repeat it: it holds the password.
func (s *EmailSender) parse(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return errors.New("email: the mail server's address must look like smtp://user:password@host:587 or smtps://…")
	}
	s.host, s.port, s.implicitTLS = u.Hostname(), submissionPort, u.Scheme == "smtps"
	if s.implicitTLS {
		s.port = tlsPort
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return errors.New("email: the mail server's port is not a number from 1 to 65535")
		}
	}
	s.user = u.User.Username()
	s.password, _ = u.User.Password()
	return nil
}

// Send sends one e-mail. Its receipt is the Message-ID, the same each time the same notice is sent, so that a repeat
// after an answer that never came is recognised by mail programs.
func (s *EmailSender) Send(ctx context.Context, m Message) (Receipt, error) {
	msg, id, err := s.message(m)
	if err != nil {
		return Receipt{}, err
	}
	client, err := s.client()
	if err != nil {
		return Receipt{}, err
	}
	started := s.opt.Now()
	err = client.DialAndSendWithContext(ctx, msg)
	if err != nil && !msg.IsDelivered() { // once the server has it, trouble in saying goodbye does not matter
		return Receipt{}, s.sort(err)
	}
	s.opt.Log.InfoContext(ctx, "e-mail sent", "notice_id", m.ID, "kind", m.Kind, "provider_id", id, "took", s.opt.Now().Sub(started))
	return Receipt{ID: id}, nil
}

// Check reports whether e-mail could be sent now: the server answers, its certificate is good and it lets us in.
func (s *EmailSender) Check(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return s.sort(fmt.Errorf("connect to %s: %w", s.server(), err))
	}
	if err := client.CloseWithSMTPClient(conn); err != nil {
		return fmt.Errorf("leave %s: %w", s.server(), err)
	}
	return nil
}

func (s *EmailSender) server() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// client makes a client for one conversation: go-mail's keeps state of it.
func (s *EmailSender) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.port), mail.WithTimeout(emailTimeout), mail.WithoutNoop(), mail.WithTLSPolicy(s.policy())}
	if s.implicitTLS {
		options = append(options, mail.WithSSL())
	}
	if s.opt.TLS != nil {
		config := s.opt.TLS.Clone()
		if config.ServerName == "" {
			config.ServerName = s.host
		}
		options = append(options, mail.WithTLSConfig(config))
	}
	if u, err := url.Parse(s.opt.PublicURL); err == nil && u.Hostname() != "" {
		options = append(options, mail.WithHELO(u.Hostname()))
	}
	if s.user != "" {
		options = append(options, mail.WithUsername(s.user), mail.WithPassword(s.password), s.auth())
	}
	client, err := mail.NewClient(s.host, options...)
	if err != nil {
		return nil, &Error{Err: fmt.Errorf("mail server %s: %w", s.server(), err), Permanent: true}
	}
	return client, nil
}

// policy insists on TLS before a password leaves the machine, and takes it where it is offered otherwise.
func (s *EmailSender) policy() mail.TLSPolicy {
	if s.user != "" && !s.loopback() {
		return mail.TLSMandatory
	}
	return mail.TLSOpportunistic
}

// auth takes the strongest way the server offers. Only a server on this machine may see a password without TLS.
func (s *EmailSender) auth() mail.Option {
	if s.loopback() && !s.implicitTLS {
		return mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthCramMD5,
			mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc)
	}
	return mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover)
}

func (s *EmailSender) loopback() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// message builds the e-mail and names it.
func (s *EmailSender) message(m Message) (*mail.Msg, string, error) {
	to, err := netmail.ParseAddress(m.Address)
	if err != nil {
		return nil, "", &Error{Err: fmt.Errorf("not an e-mail address: %w", err), Permanent: true, Dead: true}
	}
	if m.Company == "" {
		m.Company = s.opt.Company
	}
	l := newLetter(m, s.opt.SMSFrom)
	html, err := l.html()
	if err != nil {
		return nil, "", err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, "", &Error{Err: fmt.Errorf("sender address: %w", err), Permanent: true}
	}
	if err := msg.AddToFormat(oneTidyLine(m.Name), to.Address); err != nil {
		return nil, "", &Error{Err: fmt.Errorf("not an e-mail address: %w", err), Permanent: true, Dead: true}
	}
	id := s.messageID(m)
	msg.SetMessageIDWithValue(strings.Trim(id, "<>"))
	msg.SetDateWithValue(s.opt.Now())
	msg.Subject(l.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes in return
	msg.SetGenHeader(mail.HeaderXAutoResponseSuppress, "All")
	msg.SetBodyString(mail.TypeTextPlain, l.text())
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	for _, f := range m.Files {
		msg.AttachReadSeeker(fileName(f), bytes.NewReader(f.Content))
	}
	return msg, id, nil
}

// messageID is the same for the same notice. What the notice is about is in it beside its number, because numbers begin
// anew with a new database, and mail programs drop a message whose id they have seen.
func (s *EmailSender) messageID(m Message) string {
	about := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%d\n%s", m.Kind, m.Address, m.Call.ID, m.OfferID, m.Ref))
	_, domain, _ := strings.Cut(s.from.Address, "@")
	return fmt.Sprintf("<notice-%d.%s@%s>", m.ID, hex.EncodeToString(about[:6]), domain)
}

// fileName is a name without a path, which cannot break out of the header it stands in.
func fileName(f File) string {
	name := oneTidyLine(f.Name)
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\":;<>|*?`, r) {
			return '-'
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	return name
}
