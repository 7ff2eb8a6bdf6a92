package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netsmtp "net/smtp"
	"net/textproto"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"callout/internal/sandbox/mail"
)

const (
	company = "desk@callout.test"
	maria   = "maria@callout.test"
)

func setup(t *testing.T, opt mail.Options) *mail.Server {
	t.Helper()
	s, err := mail.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// send delivers a raw message with the standard library's client.
func send(s *mail.Server, to, raw string) error {
	return netsmtp.SendMail(s.Addr(), nil, company, []string{to}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
}

func plain(subject, body string) string {
	return "From: Callout <desk@callout.test>\nTo: maria@callout.test\nDate: Sun, 01 Mar 2026 09:00:00 +0000\n" +
		"Subject: " + subject + "\n\n" + body
}

func TestWholeMessageArrives(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{})
	m := gomail.NewMsg()
	for _, err := range []error{m.FromFormat("Callout Ütil", company), m.To(maria), m.Bcc("boss@callout.test")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m.Subject("Call 42: papier coincé – Zürich")
	m.SetDate()
	m.SetBodyString(gomail.TypeTextPlain, "Papier coincé\nZürich")
	m.AddAlternativeString(gomail.TypeTextHTML, "<p>Papier <b>coincé</b></p>")
	pdf := []byte("%PDF-1.4 \x00\xff binary")
	if err := m.AttachReader("rapport été.pdf", bytes.NewReader(pdf)); err != nil {
		t.Fatal(err)
	}
	deliver(t, s, m)
	got := s.Messages("Maria@Callout.Test")
	if len(got) != 1 || len(s.Messages("boss@callout.test")) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	g := got[0]
	want := []string{"Call 42: papier coincé – Zürich", "Papier coincé\nZürich", "<p>Papier <b>coincé</b></p>"}
	if diff := cmp.Diff(want, []string{g.Subject, strings.TrimSpace(g.Text), strings.TrimSpace(g.HTML)}); diff != "" {
		t.Error(diff)
	}
	if len(g.Attachments) != 1 || g.Attachments[0].Name != "rapport été.pdf" || !bytes.Equal(g.Attachments[0].Content, pdf) {
		t.Errorf("attachments %+v", g.Attachments)
	}
	if !strings.Contains(g.From, "Ütil") || strings.Contains(g.To, "boss") || g.Sender != company {
		t.Errorf("from %q to %q sender %q", g.From, g.To, g.Sender)
	}
	if diff := cmp.Diff([]string{"boss@callout.test", maria}, s.Addresses()); diff != "" {
		t.Error(diff)
	}
}

func deliver(t *testing.T, s *mail.Server, m *gomail.Msg) {
	t.Helper()
	host, port, _ := net.SplitHostPort(s.Addr())
	p, err := net.LookupPort("tcp", port)
	if err != nil {
		t.Fatal(err)
	}
	c, err := gomail.NewClient(host, gomail.WithPort(p), gomail.WithTLSPolicy(gomail.NoTLS))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DialAndSendWithContext(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestOtherCharsets(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{})
	raw := "From: desk@callout.test\nTo: maria@callout.test\nDate: Sun, 01 Mar 2026 09:00:00 +0000\n" +
		"Subject: =?iso-8859-1?Q?Caf=E9?=\nContent-Type: text/plain; charset=iso-8859-1\n" +
		"Content-Transfer-Encoding: quoted-printable\n\nCaf=E9 =\nnoir"
	if err := send(s, maria, raw); err != nil {
		t.Fatal(err)
	}
	g := s.Messages(maria)[0]
	if g.Subject != "Café" || strings.TrimSpace(g.Text) != "Café noir" {
		t.Errorf("subject %q, text %q", g.Subject, g.Text)
	}
}

func codeOf(err error) int {
	var e *textproto.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{})
	s.Refuse("Gone@callout.test")
	for _, c := range []struct {
		name, to, raw string
		code          int
	}{
		{"unknown recipient", "gone@callout.test", plain("x", "y"), 550},
		{"no domain", "maria@localhost", plain("x", "y"), 553},
		{"no From", maria, "To: a@b.test\nDate: Sun, 01 Mar 2026 09:00:00 +0000\n\nx", 550},
		{"two From", maria, "From: a@b.test\n" + plain("x", "y"), 550},
		{"From is no address", maria, strings.Replace(plain("x", "y"), "Callout <desk@callout.test>", "desk", 1), 550},
		{"no Date", maria, "From: a@b.test\n\nx", 550},
		{"broken parts", maria, strings.Replace(plain("x", "y"), "Subject", "Content-Type: multipart/mixed; boundary=q\nSubject", 1), 550},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := send(s, c.to, c.raw); codeOf(err) != c.code {
				t.Errorf("got %v, want %d", err, c.code)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(s.All()); n != 0 {
			t.Errorf("%d refused messages were kept", n)
		}
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{})
	for _, f := range []mail.Fault{
		{Code: 451}, {Code: 554, Times: 2}, {At: mail.AtRcpt, Code: 452}, {At: mail.AtMail, Code: 421}, {Drop: true, After: true},
	} {
		s.Fail(f)
	}
	for i, want := range []int{421, 452, 451, 554, 554, 0} {
		if err := send(s, maria, plain("x", "y")); err == nil || codeOf(err) != want {
			t.Errorf("message %d: %v, want %d", i, err, want)
		}
	}
	if err := send(s, maria, plain("x", "y")); err != nil {
		t.Errorf("faults are used up: %v", err)
	}
	if n := len(s.Messages(maria)); n != 2 { // the dropped one was kept nevertheless
		t.Errorf("%d messages, want 2", n)
	}
}

func TestAuthAndTLS(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{Username: "desk", Password: "s3cret", RequireTLS: true})
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CertificatePEM()) {
		t.Fatal("no certificate")
	}
	if want := "smtp://desk:s3cret@" + s.Addr(); s.URL() != want {
		t.Errorf("URL %s, want %s", s.URL(), want)
	}
	for _, c := range []struct {
		name, pass string
		tls        bool
		code       int
	}{
		{"right", "s3cret", true, 0},
		{"wrong password", "wrong", true, 535},
		{"no password", "", true, 530},
		{"no TLS", "", false, 530},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := converse(s, pool, c.tls, c.pass); codeOf(err) != c.code || (c.code == 0 && err != nil) {
				t.Errorf("got %v, want %d", err, c.code)
			}
		})
	}
}

func converse(s *mail.Server, pool *x509.CertPool, secure bool, pass string) error {
	c, err := netsmtp.Dial(s.Addr())
	if err != nil {
		return err
	}
	defer c.Close()
	if secure {
		if err := c.StartTLS(&tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}); err != nil {
			return err
		}
	}
	if pass != "" {
		if err := c.Auth(netsmtp.PlainAuth("", "desk", pass, "127.0.0.1")); err != nil {
			return err
		}
	}
	return c.Mail(company)
}

func TestWait(t *testing.T) {
	t.Parallel()
	s := setup(t, mail.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	sent := make(chan error, 1)
	go func() { sent <- send(s, maria, plain("x", "y")) }()
	if err := s.Wait(ctx, func() bool { return len(s.Messages(maria)) == 1 }); err != nil {
		t.Error(err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

func TestStateSurvives(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mail.json")
	first := setup(t, mail.Options{StateFile: file})
	if err := send(first, maria, plain("Hello", "y")); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := setup(t, mail.Options{StateFile: file})
	if diff := cmp.Diff(first.All(), second.All()); diff != "" || len(second.All()) != 1 {
		t.Error(diff)
	}
}
