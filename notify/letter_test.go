package notify

import (
	"fmt"
	htmlpkg "html"
	"strings"
	"testing"
)

func letters() []texted {
	full := with(func(c *Call) {
		c.Contact, c.Equipment, c.Technician = "Margaret Whitcombe", "Canon imageRUNNER C3530i, serial QZX-20914", ""
		c.Details = "Jams whenever they print double sided.\nReception lets you in; parking behind the building."
	})
	nasty := with(func(c *Call) {
		c.Customer, c.Summary = `<script>alert("x")</script> & Söhne`, "<!channel> it's <b>broken</b>\r\nBcc: all@example.com"
		c.Phone, c.Details, c.Site = "javascript:alert(1)", `"><img src=x onerror=alert(1)>`+"\x00\x1b[31m", "東京本社 😀"
	})
	done := full
	done.Technician, done.Resolution = "Maria Lopez", "Replaced the pickup roller, tested 50 sheets."
	return []texted{
		{"offer", Message{Kind: Offer, Name: "Maria", Call: full}},
		{"offer-nasty", Message{Kind: Offer, Name: "Maria <maria@example.com>", Call: nasty}},
		{"offer-bare", Message{Kind: Offer, Call: Call{ID: 7, Priority: "normal"}}},
		{"withdrawn", Message{Kind: Withdrawn, Call: done}},
		{"logged", Message{Kind: Logged, Call: full, Text: "Maria Lopez was asked"}},
		{"accepted", Message{Kind: Accepted, Call: done}},
		{"closed", Message{Kind: Closed, Call: done}},
		{"reopened", Message{Kind: Reopened, Call: full, Text: "It jams again"}},
		{"unassigned", Message{Kind: Unassigned, Call: full}},
		{"code", Message{Kind: Code, Text: "123456"}},
		{"register", Message{Kind: Register, Text: "Sam Lee (sam@example.com, +44 20 7946 0999) asks to join"}},
		{"welcome", Message{Kind: Welcome, Name: "Sam Lee"}},
		{"refused", Message{Kind: Welcome, Text: "It was refused; please ask an admin why"}},
		{"problem", Message{Kind: Problem, Text: "Your phone ending in 23 is a landline and cannot take texts. Please give us another one in chat."}},
		{"report", Message{Kind: Report, Figures: &Figures{
			Title: "Calls, June 2026", Filters: "priority:urgent", Numbers: []Number{{"Opened", "120"}, {"Closed", "112"}, {"Median time to close", "3 h 10 min"}},
		}, Files: []File{{Name: "calls.pdf", Title: "Calls, June 2026"}, {Name: "calls.csv"}}}},
		{"later", Message{Kind: "later", Text: "Something new"}},
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range letters() {
		c.m.Company = "Northwind Service"
		smsFrom := "+14155550100"
		if c.name == "offer-bare" {
			smsFrom = ""
		}
		l := newLetter(c.m, smsFrom)
		html, err := l.html()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "=== %s\nSubject: %s\n\n%s\n", c.name, l.Subject, l.text())
		switch c.name {
		case "offer", "offer-nasty", "report", "closed":
			golden(t, "letter-"+c.name+".html", html)
		}
		for _, bad := range []string{"<script", "<img", "<b>", `"javascript:`, "ZgotmplZ", "\x00", "\x1b"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the HTML holds %q", c.name, bad)
			}
		}
		if strings.ContainsAny(l.Subject, "\r\n") || l.Subject == "" {
			t.Errorf("%s: subject %q", c.name, l.Subject)
		}
	}
	golden(t, "letters.txt", b.String())
}

func TestOfferSubject(t *testing.T) {
	t.Parallel()
	check := func(c Call, want string) {
		t.Helper()
		if got := newLetter(Message{Kind: Offer, Call: c}, "").Subject; got != want {
			t.Errorf("subject %q, want %q", got, want)
		}
	}
	check(with(func(c *Call) { c.Priority = "normal" }), "Call 42: copier jams on tray 2 – Acme Foods")
	check(call(), "Urgent call 42: copier jams on tray 2 – Acme Foods")
	check(Call{ID: 7}, "Call 7")
}

func TestOfferLetterTellsHowToAnswer(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"", "+14155550100"} {
		l := newLetter(Message{Kind: Offer, Call: call()}, from)
		html, err := l.html()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"chat", "A 42", "D 42"} {
			if !strings.Contains(l.text(), want) || !strings.Contains(html, want) {
				t.Errorf("from %q: %q is not said", from, want)
			}
		}
		if link := strings.Contains(htmlpkg.UnescapeString(html), `href="sms:+14155550100?&body=A%2042"`); link != (from != "") {
			t.Errorf("from %q: a link to answer %v\n%s", from, link, html)
		}
	}
}
