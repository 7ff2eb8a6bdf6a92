package bot

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"callout/desk"
	"callout/notify"
)

// TestTheLongestCards fills everything to its limit: no card may lose its buttons or grow past what platforms take.
func TestTheLongestCards(t *testing.T) {
	s := openShop(t)
	long := func(n int) string { return strings.Repeat("Ŵ", n) }
	fay, tom := s.member(long(200), desk.Dispatcher), s.technician("T"+long(199))
	c := s.customer(long(200))
	id, err := s.Desk.LogCall(s.ctx, fay.actor(), desk.NewCall{CustomerID: c.ID, Summary: long(200), Details: long(3000), Priority: "urgent"})
	s.must(err)
	check := func(what string, c Card) {
		t.Helper()
		total := 0
		for _, line := range strings.Split(shown(c), "\n") {
			total += utf8.RuneCountInString(line)
		}
		if total > 10_000 { // Slack refuses a message near 13,200 characters
			t.Errorf("%s shows %d characters", what, total)
		}
		if len(c.Parts) > 50 {
			t.Errorf("%s has %d parts", what, len(c.Parts))
		}
	}
	check("unassigned", s.card(id))
	s.assign(id)
	check("offered", s.card(id))
	check("offer", s.notice(s.offered(id)))
	tom.presses("call.accept", id)
	check("accepted", s.notice(s.offered(id)))
	tom.sends(formClose, "1", Values{"resolution": {long(3000)}})
	closed := s.card(id)
	check("closed", closed)
	if labels(closed) != "Reopen, History" {
		t.Errorf("the longest card lost its buttons: %s", labels(closed))
	}
	line, err := s.ThreadLine(s.ctx, notify.Record{Kind: desk.CallRecord, ID: id}, 4)
	s.must(err)
	check("thread line", line)
	check("report", s.notice(notify.Message{Kind: notify.Closed, Call: notify.Call{ID: 1, Customer: long(200)}, Text: long(3000)}))
	for range 10 {
		fay.logs(c, long(200))
	}
	check("list", *fay.types("/calls").Say)
}

// spans returns every span of a card.
func spans(c Card) []Span {
	var out []Span
	for _, p := range c.Parts {
		switch p := p.(type) {
		case Text:
			out = append(out, p...)
		case Note:
			out = append(out, p...)
		case Item:
			out = append(out, p.Text...)
		case Facts:
			for _, f := range p {
				out = append(out, f.Value...)
			}
		}
	}
	return out
}

// TestTextFromPeopleNeverBecomesMarkup writes markup everywhere a person can write, and looks for it as plain spans.
func TestTextFromPeopleNeverBecomesMarkup(t *testing.T) {
	s := openShop(t)
	const evil = "<!channel> *x* <https://evil.example|click>"
	fay, tom := s.member(evil, desk.Dispatcher), s.technician("T"+evil)
	c := s.customer(evil)
	id, err := s.Desk.LogCall(s.ctx, fay.actor(), desk.NewCall{CustomerID: c.ID, Summary: evil, Details: evil})
	s.must(err)
	s.assign(id)
	cards := []Card{s.card(id), s.notice(s.offered(id)), *fay.types("/calls").Say, *fay.types("/callout team").Say, *fay.types("/duty who").Say, *fay.types("/callout me").Say}
	tom.presses("call.decline", id)
	tom.presses("call.accept", id)
	tom.sends(formNote, "1", Values{"note": {evil}})
	tom.sends(formClose, "1", Values{"resolution": {evil}})
	cards = append(cards, s.card(id), *fay.presses("call.history", id).Say, *fay.does(Request{Kind: KindHome}).Home)
	for i, c := range cards {
		found := false
		for _, span := range spans(c) {
			found = found || strings.Contains(span.Text, evil)
			if span.Link != "" {
				t.Errorf("card %d links to %s", i, span.Link)
			}
		}
		if i < 8 && !found {
			t.Errorf("card %d shows what people wrote changed:\n%s", i, shown(c))
		}
	}
	if r := fay.types("/zork" + evil); len(spans(*r.Say)) != 1 {
		t.Errorf("an echo is more than one plain span: %+v", r.Say)
	}
}

func TestSayMakesSpans(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 23, 30, 0, 0, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	got := Say("a ", Bold("b"), Say(Italic("c"), Link("d", "https://example.com")), 5, At(at, berlin))
	want := Words{{Text: "a "}, {Text: "b", Bold: true}, {Text: "c", Italic: true}, {Text: "d", Link: "https://example.com"}, {Text: "5"}, {Text: "Wed 11 Mar 00:30", Time: at}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.String() != "a bcd5Wed 11 Mar 00:30" {
		t.Errorf("as text: %q", got)
	}
}
