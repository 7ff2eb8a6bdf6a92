package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// card is the card of a call in the channel.
func (s *shop) card(id int64) Card {
	s.Helper()
	c, err := s.CallCard(s.ctx, id)
	s.must(err)
	return c
}

// labels returns the labels of every button of a card.
func labels(c Card) string {
	var out []string
	for _, p := range c.Parts {
		switch p := p.(type) {
		case Buttons:
			for _, b := range p {
				out = append(out, b.Label)
			}
		case Item:
			out = append(out, p.Button.Label)
		}
	}
	return strings.Join(out, ", ")
}

// full logs a call that has everything a call may have.
func (s *shop) full(fay *person) int64 {
	s.Helper()
	c := s.customer("Acme & Sons")
	until := s.now.AddDate(1, 0, 0)
	e, err := s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: "Copier X", Serial: "S1", Skills: []string{}, WarrantyUntil: &until, CreatedAt: s.now})
	s.must(err)
	kim, err := s.store.InsertContact(s.ctx, store.InsertContactParams{CustomerID: c.ID, Name: "Kim", Phone: "+447911123456", CreatedAt: s.now})
	s.must(err)
	_, err = s.store.InsertSite(s.ctx, store.InsertSiteParams{CustomerID: c.ID, Name: "Shop", Address: "1 High Street", CreatedAt: s.now})
	s.must(err)
	id, err := s.Desk.LogCall(s.ctx, fay.actor(), desk.NewCall{
		CustomerID: c.ID, EquipmentID: e.ID, ContactID: kim.ID, Summary: "Paper jam", Details: "On tray 2,\nsince *noon*.", Priority: "urgent",
	})
	s.must(err)
	return id
}

func TestCardThroughACall(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := s.full(fay)
	check := func(state, wantLabels string) {
		t.Helper()
		c := s.card(id)
		golden(t, "call_"+state, c)
		if got := labels(c); got != wantLabels {
			t.Errorf("%s: the buttons are %s", state, got)
		}
	}
	quiet := func(r Reply) {
		t.Helper()
		if diff := cmp.Diff(Reply{}, r); diff != "" {
			t.Errorf("the card shows it; nothing else should be said: %s", diff)
		}
	}
	check("unassigned", "Take it, Offer to…, Add note, Close, History")
	s.assign(id)
	check("offered", "Offer to…, Add note, Close, History")
	quiet(tom.presses("call.accept", id))
	check("accepted", "On my way, On site, Close, Offer to…, Add note, History")
	quiet(tom.presses("call.way", id))
	check("en_route", "On site, Close, Offer to…, Add note, History")
	quiet(tom.presses("call.site", id))
	check("on_site", "Close, Offer to…, Add note, History")
	s.wants(tom.sends(formClose, fmt.Sprint(id), Values{"resolution": {""}}), "ERROR resolution Say in a few words")
	s.wants(tom.sends(formClose, fmt.Sprint(id), Values{"resolution": {"Cleaned the rollers"}}), "Call 1 is closed. Thank you!")
	check("closed", "Reopen, History")
	s.wants(tom.presses("call.accept", id), "is closed already")
	s.wants(fay.presses("call.history", id), "Fay logged the call.", "Tom accepted.", "Tom is on site.", "Why Tom was asked")
	golden(t, "history", *fay.presses("call.history", id).Say)
	s.wants(fay.sends(formReopen, fmt.Sprint(id), Values{"reason": {"Jams again"}}), "Call 1 is open again.")
	check("reopened", "On my way, On site, Close, Offer to…, Add note, History")
}

func TestDeclineAndOffer(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := fay.logs(s.customer("Acme"), "Paper jam")
	s.assign(id)
	s.wants(s.technician("Ann").presses("call.accept", id), "Call 1 is offered to Tom, who has not answered yet")
	s.wants(tom.presses("call.decline", id), "You declined call 1; I am asking somebody else.", "[Say why]")
	s.wants(tom.sends(formReason, "1", Values{"note": {"No parts"}}), "your reason is with call 1")
	s.wants(tom.presses("call.decline", id), "nothing to decline")
	s.wants(fay.sends(formOffer, "1", Values{"technician": {fmt.Sprint(tom.member.ID)}}), "Call 1 is being offered")
	s.wants(tom.sends(formOffer, "1", Values{"technician": {"0"}}), "ERROR form You may not direct calls")
	s.wants(fay.sends(formNote, "1", Values{"note": {"Ring the bell"}}), "Your note is with call 1")
}

func TestThreadLines(t *testing.T) {
	t.Parallel()
	check := func(kind, note, via, want string) {
		t.Helper()
		e := desk.Entry{MemberName: "Tom", CallEvent: store.CallEvent{Kind: kind, Note: note, Via: via, After: "Ann"}}
		if got := entryWords(e).String(); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	check("logged", "", "slack", "Tom logged the call.")
	check("offered", "", "desk", "Offered to Ann.")
	check("offered", "although off duty", "desk", "Offered to Ann, although off duty.")
	check("nobody", "Ann (off duty).", "desk", "Nobody could be asked: Ann (off duty).")
	check("accepted", "", "sms", "Tom accepted by SMS.")
	check("declined", "no parts", "sms", "Tom declined by SMS: no parts.")
	check("declined", "No parts!", "slack", "Tom declined: No parts!")
	check("declined", "", "slack", "Tom declined.")
	check("handed_back", "car broke down.", "slack", "Tom handed the call back: car broke down.")
	check("withdrawn", "", "slack", "Tom took the call back to offer it again.")
	check("en_route", "", "slack", "Tom is on the way.")
	check("on_site", "", "slack", "Tom is on site.")
	check("closed", "Cleaned", "slack", "Tom closed the call: Cleaned.")
	check("reopened", "", "slack", "Tom reopened the call.")
	check("note", "ring the bell", "slack", "Tom: ring the bell")
	check("unreached", "SMS: 30005", "desk", "Ann could not be reached by SMS: 30005")
	check("something_new", "x", "slack", "Tom something_new: x")
	desked := desk.Entry{CallEvent: store.CallEvent{Kind: "withdrawn"}}
	if got := entryWords(desked).String(); got != "The desk took the call back to offer it again." {
		t.Errorf("by nobody: %q", got)
	}
}

// offered is the notice of an offer, as a worker hands it to the bot.
func (s *shop) offered(id int64) notify.Message {
	s.Helper()
	var offer int64
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT max(id) FROM offer WHERE call_id = $1", id).Scan(&offer))
	return notify.Message{Kind: notify.Offer, Call: notify.Call{ID: id}, OfferID: offer}
}

func (s *shop) notice(m notify.Message) Card {
	s.Helper()
	c, err := s.NoticeCard(s.ctx, m)
	s.must(err)
	return c
}

func TestOfferCardThroughItsLife(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := s.full(fay)
	s.assign(id)
	offer := s.offered(id)
	golden(t, "offer_open", s.notice(offer))
	tom.presses("call.accept", id)
	golden(t, "offer_accepted", s.notice(offer))
	s.wants(Reply{Say: ptr(s.notice(offer))}, "Call 1 is yours.", "[On my way]", "[Hand back]")
	tom.presses("call.decline", id)
	s.wants(Reply{Say: ptr(s.notice(offer))}, "You declined this call.", "![Accept]")
	ann := s.technician("Ann")
	ann.presses("call.accept", id)
	s.wants(Reply{Say: ptr(s.notice(offer))}, "You declined this call.", "Pending · accepted (Ann)")
	ann.sends(formClose, "1", Values{"resolution": {"Cleaned"}})
	s.wants(Reply{Say: ptr(s.notice(offer))}, "This call is closed.", "![")
}

func TestAWithdrawnOffer(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.technician("Tom")
	id := fay.logs(s.customer("Acme"), "Paper jam")
	s.assign(id)
	offer := s.offered(id)
	s.must(s.Desk.OfferTo(s.ctx, fay.actor(), id, 0))
	s.wants(Reply{Say: ptr(s.notice(offer))}, "not offered to you any more")
}

func ptr(c Card) *Card { return &c }

func TestNoticeCards(t *testing.T) {
	t.Parallel()
	b := New(Options{})
	call := notify.Call{ID: 42, Customer: "Acme", Summary: "Paper jam", Technician: "Tom"}
	check := func(kind notify.Kind, text string, words ...string) {
		t.Helper()
		c, err := b.NoticeCard(t.Context(), notify.Message{Kind: kind, Call: call, Text: text, Ref: "7"})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			return
		}
		for _, w := range words {
			if !strings.Contains(shown(c), w) || c.Text == "" {
				t.Errorf("%s: %q is not in\n%s", kind, w, shown(c))
			}
		}
	}
	check(notify.Logged, "Tom was asked by SMS.", "Call 42 for Acme is logged. Tom was asked by SMS.", "[Open call]")
	check(notify.Unassigned, "Nobody could be asked: x.", "Nobody could be asked: x.", "[Open call]")
	check(notify.Accepted, "", "Tom took call 42 for Acme: Paper jam", "[Open call]")
	check(notify.Closed, "Cleaned", "Call 42 for Acme is closed: Cleaned", "[Open call]")
	check(notify.Withdrawn, "", "Call 42 for Acme is not yours any more", "[Open call]")
	check(notify.Reopened, "Jams again", "is open again, and it is yours: Jams again", "[Open call]")
	check(notify.Reopened, "", "and it is yours: Paper jam")
	check(notify.Register, "Nel asks to join.", "Nel asks to join.", "[Approve…]", "[Refuse]")
	check(notify.Welcome, "Welcome!", "Welcome!")
	check(notify.Problem, "You answered STOP", "You answered STOP")
	check(notify.Code, "123456", "123456")
	check(notify.Report, "The report failed", "The report failed")
	if _, err := b.NoticeCard(t.Context(), notify.Message{Kind: "fly"}); err == nil {
		t.Error("a notice of a kind that is none has a card")
	}
	m := notify.Message{Kind: notify.Report, Files: []notify.File{{Name: "calls.pdf", Title: "Calls", Content: []byte("%PDF")}}, Figures: &notify.Figures{
		Title: "Calls", Filters: "status:closed", Numbers: []notify.Number{{Label: "Opened", Value: "12"}, {Label: "Closed", Value: "9"}},
		Charts: []notify.Chart{{Kind: "bar", Title: "By day", Labels: []string{"Mon", "Tue"}, Series: []notify.Series{{Name: "Opened", Values: []float64{5, 7}}}}},
	}}
	c, err := b.NoticeCard(t.Context(), m)
	if err != nil || len(c.Files) != 1 || c.Files[0].Name != "calls.pdf" {
		t.Errorf("report: %+v, %v", c.Files, err)
	}
	golden(t, "report", c)
}

func TestListsAndPages(t *testing.T) {
	s := openShop(t)
	fay, acme := s.member("Fay", desk.Dispatcher), s.customer("Acme")
	for i := range 23 {
		fay.logs(acme, fmt.Sprintf("Problem %d of the jam", i+1))
	}
	r := fay.types("/calls customer:acme jam")
	golden(t, "calls", *r.Say)
	seen := map[string]bool{}
	for page := 1; ; page++ {
		card := r.Say
		if r.Update != nil {
			card = r.Update
		}
		var more Button
		for _, p := range card.Parts {
			switch p := p.(type) {
			case Item:
				if seen[p.Button.Value] {
					t.Errorf("call %s comes twice", p.Button.Value)
				}
				seen[p.Button.Value] = true
			case Buttons:
				more = p[len(p)-1]
			}
		}
		if more.Action != "call.more" {
			break
		}
		if page > 3 {
			t.Fatal("the list has no end")
		}
		r = fay.presses(more.Action, more.Value)
	}
	if len(seen) != 23 {
		t.Errorf("%d calls on all pages", len(seen))
	}
}

func TestPagingKeepsWordsThatLookLikeAFilter(t *testing.T) {
	s := openShop(t)
	fay, acme := s.member("Fay", desk.Dispatcher), s.customer("Acme")
	for range 11 {
		fay.logs(acme, "The display says error:50")
	}
	r := fay.types(`/calls "error:50"`)
	more := r.Say.Parts[len(r.Say.Parts)-1].(Buttons)
	s.wants(fay.presses("call.more", more[len(more)-1].Value), "1 · Acme", "!no filter")
}

func TestEmptyLists(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.wants(fay.types("/calls"), "There are no calls yet. /log-call logs the first one.")
	s.wants(fay.types("/calls status:closed"), "No call matches these filters")
	s.wants(fay.types("/report schedules"), "None yet")
	s.wants(fay.types("/duty who"), "There are no technicians yet")
}

func TestHomePages(t *testing.T) {
	s := openShop(t)
	ada, fay, vic, tom := s.member("Ada", desk.Admin), s.member("Fay", desk.Dispatcher), s.member("Vic", desk.Viewer), s.technician("Tom")
	home := func(p *person) Card {
		t.Helper()
		r := p.does(Request{Kind: KindHome})
		if r.Home == nil {
			t.Fatalf("no home page: %+v", r)
		}
		return *r.Home
	}
	s.wants(Reply{Say: ptr(home(tom))}, "Nothing: no call is offered to you.", "None at the moment.")
	s.wants(Reply{Say: ptr(home(fay))}, "None. Every customer is taken care of.")
	acme := s.customer("Acme")
	for range 3 {
		fay.logs(acme, "Paper jam")
	}
	s.assign(1)
	tom.presses("call.accept", 2)
	golden(t, "home_technician", home(tom))
	golden(t, "home_dispatcher", home(fay))
	s.wants(Reply{Say: ptr(home(ada))}, "[Team]", "[Settings]")
	s.wants(Reply{Say: ptr(home(vic))}, "Pending calls", "![Log a call]", "![Team]")
}

func TestTeamAndDutyCards(t *testing.T) {
	s := openShop(t)
	ada := s.member("Ada", desk.Admin)
	s.technician("Tom")
	golden(t, "team", *ada.types("/callout team").Say)
	golden(t, "duty_who", *ada.types("/duty who").Say)
	golden(t, "me", *ada.types("/callout me").Say)
	golden(t, "help_admin", *ada.types("/callout help").Say)
}

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
	line, err := s.ThreadLine(s.ctx, id, 4)
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
