package bot

import (
	"fmt"
	"strings"
	"testing"

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
	check("unassigned", "Take it, Offer to…, Add note, Close, Edit, Write to customer, History")
	s.assign(id)
	check("offered", "Offer to…, Add note, Close, Edit, Write to customer, History")
	quiet(tom.presses("call.accept", id))
	check("accepted", "On my way, On site, Close, Wait…, Offer to…, Add note, Edit, Write to customer, History")
	quiet(tom.presses("call.way", id))
	check("en_route", "On site, Close, Wait…, Offer to…, Add note, Edit, Write to customer, History")
	quiet(tom.presses("call.site", id))
	check("on_site", "Close, Wait…, Offer to…, Add note, Edit, Write to customer, History")
	s.wants(tom.sends(formClose, fmt.Sprint(id), Values{"resolution": {""}}), "ERROR resolution Say in a few words")
	s.wants(tom.sends(formClose, fmt.Sprint(id), Values{"resolution": {"Cleaned the rollers"}}), "Call 1 is closed. Thank you!")
	check("closed", "Reopen, History")
	s.wants(tom.presses("call.accept", id), "is closed already")
	s.wants(fay.presses("call.history", id), "Fay logged the call.", "Tom accepted.", "Tom is on site.", "Why Tom was asked")
	golden(t, "history", *fay.presses("call.history", id).Say)
	s.wants(fay.sends(formReopen, fmt.Sprint(id), Values{"reason": {"Jams again"}}), "Call 1 is open again.")
	check("reopened", "On my way, On site, Close, Wait…, Offer to…, Add note, Edit, Write to customer, History")
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
	check("unreached", "SMS: 30005", "desk", "Ann could not be reached by SMS: 30005.")
	check("something_new", "x", "slack", "Tom something_new: x.")
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
