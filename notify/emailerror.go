package notify

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"

	mail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// sort turns what the mail library returned into an Error. What is left as it is may go better later.
func (s *EmailSender) sort(err error) error {
	if hint := s.setupTrouble(err); hint != "" {
		return &Error{Err: fmt.Errorf("%s: %w", hint, err), Said: "e-mail is not set up rightly", Permanent: true, Setup: hint}
	}
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 {
		said := "the mail server refused it"
		if unknownMailbox(refused) {
			said = "there is no such mailbox"
		}
		return &Error{Err: err, Said: said, Permanent: true, Dead: unknownMailbox(refused)}
	}
	return &Error{Err: err}
}

// unknownMailbox reports whether the server refused the person's address and not us. 5.7 is policy: the server does
// not take our mail, whoever it is for. https://www.rfc-editor.org/rfc/rfc3463#section-3.8
func unknownMailbox(refused *mail.SendError) bool {
	if refused.Reason != mail.ErrSMTPRcptTo || strings.HasPrefix(refused.EnhancedStatusCode(), "5.7.") {
		return false
	}
	switch refused.ErrorCode() {
	case 550, 551, 553: // https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3
		return true
	}
	return false
}

// setupTrouble says in plain words what an admin must put right; empty if it is not a matter of settings.
func (s *EmailSender) setupTrouble(err error) string {
	var (
		certificate *tls.CertificateVerificationError
		unknown     x509.UnknownAuthorityError
		name        x509.HostnameError
		record      tls.RecordHeaderError
		answer      *textproto.Error
		refused     *mail.SendError
		lookup      *net.DNSError
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &unknown), errors.As(err, &name):
		return "the certificate of " + s.server() + " is not good"
	case errors.As(err, &record):
		return s.server() + " does not speak TLS from the start: use smtp:// instead of smtps://"
	case strings.Contains(err.Error(), "does not support STARTTLS"): // the library has no name for this error
		return s.server() + " offers no TLS, and a password is not sent without it"
	case errors.Is(err, mail.ErrNoSupportedAuthDiscovered), errors.Is(err, smtp.ErrUnencrypted),
		strings.Contains(err.Error(), "server does not support SMTP AUTH"), strings.Contains(err.Error(), "unsupported SMTP AUTH type"):
		return s.server() + " offers no way to log in that we know: is the port right?"
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return "there is no server named " + s.host
	case errors.As(err, &refused) && (refused.ErrorCode() == 530 || refused.ErrorCode() == 535):
		return s.server() + " wants a user and password: SMTP_URL"
	case !errors.As(err, &refused) && errors.As(err, &answer) && answer.Code >= 500 && strings.Contains(err.Error(), "SMTP AUTH failed"):
		return s.server() + " does not accept the user or password in SMTP_URL"
	case !errors.As(err, &refused) && errors.As(err, &answer) && answer.Code >= 500:
		return s.server() + " refuses to talk to us"
	}
	return ""
}
