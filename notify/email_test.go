package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/mail"
)

func mailServer(t *testing.T, opt mail.Options) *mail.Server {
	t.Helper()
	s, err := mail.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func emailer(t *testing.T, opt EmailOptions) *EmailSender {
	t.Helper()
	if opt.From == "" {
		opt.From = "desk@northwind.test"
	}
	opt.Company = "Northwind Service"
	s, err := NewEmail(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func letterTo(address string) Message {
	return Message{ID: 9, Kind: Offer, Channel: Email, Address: address, Name: "Maria Lopez", Call: call()}
}

// trusting makes a client trust the server's own certificate.
func trusting(t *testing.T, s *mail.Server, name string) *tls.Config {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CertificatePEM()) {
		t.Fatal("the server has no certificate")
	}
	return &tls.Config{RootCAs: pool, ServerName: name, MinVersion: tls.VersionTLS12}
}

func TestEmailArrives(t *testing.T) {
	t.Parallel()
	server := mailServer(t, mail.Options{})
	s := emailer(t, EmailOptions{URL: server.URL(), PublicURL: "https://bot.northwind.test", SMSFrom: "+14155550100"})
	m := letterTo("maria@northwind.test")
	m.Files = []File{{Name: "../../photo \"1\".png", Content: []byte("picture")}, {Name: "Übersicht.pdf", Content: []byte("%PDF")}}
	receipt, err := s.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Send(t.Context(), m)
	if err != nil || again != receipt {
		t.Errorf("sent again as %v, %v; first as %v", again, err, receipt)
	}
	got := server.Messages("maria@northwind.test")
	if len(got) != 2 || got[0].MessageID != got[1].MessageID {
		t.Fatalf("arrived: %d", len(got))
	}
	mailed := got[0]
	if mailed.Subject != "Urgent call 42: copier jams on tray 2 – Acme Foods" || strings.Trim(mailed.MessageID, "<>") != strings.Trim(receipt.ID, "<>") {
		t.Errorf("subject %q, id %q, receipt %q", mailed.Subject, mailed.MessageID, receipt.ID)
	}
	if !strings.HasPrefix(receipt.ID, "<notice-9.") || !strings.HasSuffix(receipt.ID, "@northwind.test>") {
		t.Errorf("receipt %q", receipt.ID)
	}
	if !strings.Contains(mailed.From, "Northwind Service") || !strings.Contains(mailed.To, "Maria Lopez") {
		t.Errorf("from %q to %q", mailed.From, mailed.To)
	}
	if h := mailed.Header["Auto-Submitted"]; len(h) != 1 || h[0] != "auto-generated" {
		t.Errorf("Auto-Submitted %q", h)
	}
	if !strings.Contains(mailed.Text, "A 42 to accept") || !strings.Contains(mailed.HTML, "<h1") {
		t.Errorf("text %q\nHTML %q", mailed.Text, mailed.HTML)
	}
	if len(mailed.Attachments) != 2 || strings.ContainsAny(mailed.Attachments[0].Name, `/\"`) ||
		mailed.Attachments[1].Name != "Übersicht.pdf" || string(mailed.Attachments[1].Content) != "%PDF" {
		t.Errorf("attachments %+v", mailed.Attachments)
	}
}

func TestMessageIDTellsNoticesApart(t *testing.T) {
	t.Parallel()
	s := emailer(t, EmailOptions{URL: "smtp://127.0.0.1"})
	m := letterTo("maria@northwind.test")
	first := s.messageID(m)
	m.Asked = time.Now()
	if s.messageID(m) != first {
		t.Error("a repeat has another id")
	}
	m.ID++
	second := s.messageID(m)
	m.ID--
	m.Address = "sam@northwind.test" // the same number in a new database
	if third := s.messageID(m); second == first || third == first {
		t.Errorf("%s, %s, %s", first, second, third)
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	server := mailServer(t, mail.Options{})
	s := emailer(t, EmailOptions{URL: server.URL()})
	const bad = "x\r\nBcc: all@northwind.test\r\n\r\nbody"
	m := letterTo("maria@northwind.test")
	m.Name, m.Company, m.Call.Customer, m.Call.Summary, m.Call.Priority = bad, bad, bad, bad, bad
	m.Files = []File{{Name: bad, Title: bad, Content: []byte("x")}}
	if _, err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := server.All()
	if len(got) != 1 || len(got[0].Recipients) != 1 || len(got[0].Header["Bcc"]) != 0 {
		t.Fatalf("%+v", got)
	}
	for _, address := range []string{"maria@northwind.test\r\nRCPT TO:<all@northwind.test>", "maria@northwind.test>, <all@northwind.test", bad, "", "maria"} {
		m := letterTo(address)
		if _, err := s.Send(t.Context(), m); !Dead(err) {
			t.Errorf("%q: %v is not dead", address, err)
		}
	}
	if n := len(server.All()); n != 1 {
		t.Errorf("%d messages arrived", n)
	}
}

func TestEmailSortsErrors(t *testing.T) {
	t.Parallel()
	check := func(name string, f mail.Fault, permanent, dead bool) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailServer(t, mail.Options{})
			server.Fail(f)
			_, err := emailer(t, EmailOptions{URL: server.URL()}).Send(t.Context(), letterTo("maria@northwind.test"))
			if err == nil || Permanent(err) != permanent || Dead(err) != dead {
				t.Errorf("permanent %v, dead %v: %v", Permanent(err), Dead(err), err)
			}
		})
	}
	check("mailbox busy", mail.Fault{At: mail.AtRcpt, Code: 450}, false, false)
	check("greylisted", mail.Fault{At: mail.AtRcpt, Code: 451}, false, false)
	check("unknown", mail.Fault{At: mail.AtRcpt, Code: 550}, true, true)
	check("moved", mail.Fault{At: mail.AtRcpt, Code: 551}, true, true)
	check("name not allowed", mail.Fault{At: mail.AtRcpt, Code: 553}, true, true)
	check("mailbox full", mail.Fault{At: mail.AtRcpt, Code: 552}, true, false)
	check("sender refused", mail.Fault{At: mail.AtMail, Code: 550}, true, false)
	check("spam", mail.Fault{At: mail.AtData, Code: 554}, true, false)
	check("spam by 550", mail.Fault{At: mail.AtData, Code: 550}, true, false)
	check("later", mail.Fault{At: mail.AtData, Code: 452}, false, false)
	check("cut off", mail.Fault{At: mail.AtData, Drop: true}, false, false)
	check("cut off, kept", mail.Fault{At: mail.AtData, Drop: true, After: true}, false, false)
}

func TestUnknownMailboxIsDead(t *testing.T) {
	t.Parallel()
	server := mailServer(t, mail.Options{})
	server.Refuse("gone@northwind.test")
	_, err := emailer(t, EmailOptions{URL: server.URL()}).Send(t.Context(), letterTo("gone@northwind.test"))
	if !Dead(err) {
		t.Errorf("%v is not dead", err)
	}
}

func TestEmailCheck(t *testing.T) {
	t.Parallel()
	const domain = "mail.northwind.test"
	locked := mail.Options{Username: "desk", Password: "right", Domain: domain}
	secure := mail.Options{Username: "desk", Password: "right", Domain: domain, RequireTLS: true}
	check := func(name string, opt mail.Options, change func(*url.URL, *mail.Server, *EmailOptions), want string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailServer(t, opt)
			u, err := url.Parse(server.URL())
			if err != nil {
				t.Fatal(err)
			}
			e := EmailOptions{}
			change(u, server, &e)
			e.URL = u.String()
			err = emailer(t, e).Check(t.Context())
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !Permanent(err)) {
				t.Errorf("%v (permanent %v), want %q", err, Permanent(err), want)
			}
			if err != nil && strings.Contains(err.Error(), "wrong-password") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
	check("open", mail.Options{}, func(*url.URL, *mail.Server, *EmailOptions) {}, "")
	check("password on this machine", locked, func(*url.URL, *mail.Server, *EmailOptions) {}, "")
	check("wrong password", locked, func(u *url.URL, _ *mail.Server, _ *EmailOptions) { u.User = url.UserPassword("desk", "wrong-password") }, "user or password")
	check("password where none is asked", mail.Options{}, func(u *url.URL, _ *mail.Server, _ *EmailOptions) { u.User = url.UserPassword("desk", "x") }, "no way to log in")
	check("TLS and password", secure, func(_ *url.URL, s *mail.Server, e *EmailOptions) { e.TLS = trusting(t, s, domain) }, "")
	check("unknown certificate", secure, func(*url.URL, *mail.Server, *EmailOptions) {}, "certificate")
	check("other name", secure, func(_ *url.URL, s *mail.Server, e *EmailOptions) { e.TLS = trusting(t, s, "other.test") }, "certificate")
	check("smtps on a plain port", mail.Options{}, func(u *url.URL, _ *mail.Server, _ *EmailOptions) { u.Scheme = "smtps" }, "use smtp://")
}

func TestPasswordNeedsTLSOutside(t *testing.T) {
	t.Parallel()
	check := func(address string, tls, permissive bool) {
		t.Helper()
		s := emailer(t, EmailOptions{URL: address})
		if got := s.policy().String(); (got == "TLSMandatory") != tls {
			t.Errorf("%s: policy %s", address, got)
		}
		if s.loopback() != permissive {
			t.Errorf("%s: loopback %v", address, s.loopback())
		}
	}
	check("smtp://desk:x@mail.northwind.test", true, false)
	check("smtp://mail.northwind.test", false, false)
	check("smtp://desk:x@127.0.0.1:2525", false, true)
	check("smtp://desk:x@[::1]:2525", false, true)
	check("smtp://desk:x@127.0.0.1.evil.test", true, false)
}

func TestEmailNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = emailer(t, EmailOptions{URL: "smtp://" + l.Addr().String()}).Send(t.Context(), letterTo("maria@northwind.test"))
	if err == nil || Permanent(err) {
		t.Errorf("%v is permanent %v", err, Permanent(err))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := emailer(t, EmailOptions{URL: "smtp://127.0.0.1"}).Send(ctx, letterTo("maria@northwind.test")); err == nil || Permanent(err) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNewEmailWantsItsSettings(t *testing.T) {
	t.Parallel()
	for _, opt := range []EmailOptions{
		{URL: "", From: "desk@northwind.test"},
		{URL: "http://desk:secret-word@mail.test", From: "desk@northwind.test"},
		{URL: "smtp://desk:secret-word@mail.test:99999", From: "desk@northwind.test"},
		{URL: "smtp://desk:secret-word@mail.test:%zz", From: "desk@northwind.test"},
		{URL: "smtp://mail.test", From: "nobody"},
		{URL: "smtp://mail.test", From: ""},
	} {
		_, err := NewEmail(opt)
		if err == nil || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%v: %v", opt.From, err)
		}
	}
	s := emailer(t, EmailOptions{URL: "smtps://mail.test"})
	if s.port != tlsPort || !s.implicitTLS {
		t.Errorf("port %d", s.port)
	}
	if s := emailer(t, EmailOptions{URL: "smtp://mail.test"}); s.port != submissionPort {
		t.Errorf("port %d", s.port)
	}
}
