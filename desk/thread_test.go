package desk

import (
	"strings"
	"testing"
)

// photo is what a platform calls a photo.
func photo(platform, id string) []Upload { return []Upload{{Platform: platform, SourceID: id}} }

// noted returns the notes of a call: who, through what, how many photos, what, and whether it is in the thread.
func (s *shop) noted(id int64) string {
	s.Helper()
	return s.list(`SELECT m.name || ' ' || e.via || ' ' || e.after || ': ' || e.note || CASE WHEN e.posted THEN ' (in thread)' ELSE '' END
		FROM call_event e JOIN member m ON m.id = e.member_id WHERE e.call_id = $1 AND e.kind = 'note' ORDER BY e.id`, id)
}

// files returns the photos of a record: where they come from, their state, and whether they are in the thread.
func (s *shop) filesOf(kind string, id int64) string {
	s.Helper()
	return s.list(`SELECT platform || ' ' || source_id || ' ' || state || CASE WHEN posted THEN ' (in thread)' ELSE '' END
		FROM file WHERE record = $1 AND record_id = $2 ORDER BY id`, kind, id)
}

// taken is a call that a technician has.
func (s *shop) inHand(dora, tim Actor, summary string) int64 {
	s.Helper()
	c := s.customer("Acme " + summary)
	id := s.logs(dora, c, func(n *NewCall) { n.Summary = summary })
	s.must(s.Accept(s.ctx, tim, id))
	return id
}

func TestWordsInTheThreadAreKeptAndReachThePhone(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	phone := s.reach(tim, "sms", "+447911123456")
	id := s.inHand(dora, tim, "Paper jam")
	call := Record{Kind: CallRecord, ID: id}
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE card SET message_id = '17.1' WHERE record_id = $1", id)
	s.must(err)
	at := Place{Platform: "slack", Channel: "C0CALLS", Message: "17.1"}
	if r, ok, err := s.CardAt(s.ctx, at); err != nil || !ok || r != call {
		t.Fatalf("the card is %v %t %v", r, ok, err)
	}
	for _, other := range []Place{{"slack", "C0CALLS", "17.2"}, {"slack", "C0OTHER", "17.1"}, {"discord", "C0CALLS", "17.1"}, {"slack", "C0CALLS", ""}} {
		if _, ok, err := s.CardAt(s.ctx, other); err != nil || ok {
			t.Errorf("%v is a card of ours: %v", other, err)
		}
	}

	// Tim reads Slack first, so nothing is sent.
	dora.Key = "slack:msg:1"
	s.must(s.Wrote(s.ctx, dora, call, "Bring the ladder", nil))
	s.must(s.Wrote(s.ctx, dora, call, "Bring the ladder", nil)) // delivered twice
	words := "SELECT body->>'text' FROM notice WHERE kind = 'words' ORDER BY id"
	if got := s.list(words); got != "" {
		t.Errorf("somebody is told what they read themselves: %s", got)
	}
	// His phone comes first: then he is told there, once.
	_, err = s.Store.Pool.Exec(s.ctx, "UPDATE contact_method SET position = 0 WHERE id = $1", phone.ID)
	s.must(err)
	dora.Key = "slack:msg:2"
	s.must(s.Wrote(s.ctx, dora, call, "Ring twice", photo("slack", "F1")))
	s.must(s.Wrote(s.ctx, dora, call, "Ring twice", photo("slack", "F1")))
	if got, want := s.list(words), "Dora about call 1 (with 1 photo): Ring twice"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	tim.Key, tim.Via = "slack:msg:3", "slack"
	s.must(s.Wrote(s.ctx, tim, call, "", photo("slack", "F2"))) // his own words are not told to him
	viewer := s.member("Vera", Viewer)
	s.must(s.Wrote(s.ctx, viewer, call, "when?", nil))
	s.must(s.Wrote(s.ctx, dora, call, " \u0000 ", nil))
	want := "Dora slack : Bring the ladder (in thread), Dora slack 1 photo: Ring twice (in thread), Tim slack 1 photo:  (in thread)"
	if got := s.noted(id); got != want {
		t.Errorf("the timeline has\n%s, want\n%s", got, want)
	}
	if got, want := s.filesOf(CallRecord, id), "slack F1 owed (in thread), slack F2 owed (in thread)"; got != want {
		t.Errorf("files %s, want %s", got, want)
	}
	dora.Key = "slack:msg:9"
	s.must(s.Close(s.ctx, dora, id, "done"))
	dora.Key = "slack:msg:10"
	s.must(s.Wrote(s.ctx, dora, call, "thanks all "+strings.Repeat("x", 5000), nil)) // closed: kept, cut, nobody is disturbed
	if n := strings.Count(s.list(words), "Dora about"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestNotesOfOthersReachThePhone(t *testing.T) {
	s := openShop(t)
	dora, tim, kim := s.member("Dora", Dispatcher), s.technician("Tim"), s.technician("Kim")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE contact_method SET disabled_at = now() WHERE member_id = $1", tim.ID)
	s.must(err)
	s.reach(tim, "sms", "+447911123456")
	id := s.inHand(dora, tim, "Paper jam")
	s.must(s.Note(s.ctx, dora, id, "Gate code 12"))
	kim.Via = "sms"
	_, err = s.NoteByText(s.ctx, kim, id, "I was there last week", nil)
	s.must(err)
	_, err = s.NoteByText(s.ctx, tim, id, "on it", nil)
	s.must(err)
	want := "Dora about call 1: Gate code 12, Kim about call 1: I was there last week"
	if got := s.list("SELECT body->>'text' FROM notice WHERE kind = 'words' ORDER BY id"); got != want {
		t.Errorf("told %q", got)
	}
	if _, err := s.NoteByText(s.ctx, tim, id, "", photo("sms", "MM1/ME1")); err != nil {
		t.Fatal(err)
	}
	fileID := s.ids("SELECT id FROM file")[0]
	s.must(s.FileLost(s.ctx, fileID, "Twilio does not have it"))
	s.must(s.FileLost(s.ctx, fileID, "Twilio does not have it"))
	want = "I could not get the photo for call 1: Twilio does not have it. Please send it again."
	if got := s.list("SELECT body->>'text' FROM notice WHERE kind = 'problem'"); got != want {
		t.Errorf("told %q", got)
	}
}

func TestWordsBelowAQuote(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	id := s.asks(sam, s.customer("Acme"))
	sam.Key = "slack:msg:1"
	for range 2 {
		s.must(s.Wrote(s.ctx, sam, Record{Kind: QuoteRecord, ID: id}, "They want two", photo("slack", "F1")))
	}
	if got := s.list("SELECT note || ' ' || posted FROM event WHERE record = 'quote' AND kind = 'note'"); got != "They want two true" {
		t.Errorf("the timeline has %q", got)
	}
	if got := s.filesOf(QuoteRecord, id); got != "slack F1 owed (in thread)" {
		t.Errorf("files %s", got)
	}
}

func TestPhotosWaitForTheNumberOfACall(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	tim.Via = "sms"
	first, second := s.inHand(dora, tim, "first"), s.inHand(dora, tim, "second")
	tim.Key = "twilio:1"
	for range 2 {
		if n, err := s.KeepLoose(s.ctx, tim, "burnt board", photo("sms", "MM1/ME1")); err != nil || n != 1 {
			t.Fatalf("%d photos wait: %v", n, err)
		}
	}
	// Fetched meanwhile: it is nobody's yet, so no card is drawn for it.
	fileID := s.ids("SELECT id FROM file")[0]
	before := s.jobs()
	s.must(s.KeepFile(s.ctx, fileID, "photo.jpg", "image/jpeg", []byte("x")))
	s.must(s.KeepFile(s.ctx, fileID, "photo.jpg", "image/jpeg", []byte("x")))
	if got := s.jobs(); got != before {
		t.Errorf("jobs %s", got)
	}
	tim.Key = "twilio:2"
	for range 2 { // delivered twice
		if _, err := s.NoteByText(s.ctx, tim, second, "", nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.noted(second); got != "Tim sms 1 photo: burnt board" {
		t.Errorf("noted %q", got)
	}
	if got := s.filesOf(CallRecord, second); got != "sms MM1/ME1 kept" {
		t.Errorf("files %q", got)
	}
	d := s.lease(second)
	if len(d.Files) != 1 || d.Files[0] != fileID {
		t.Errorf("to be drawn: %v", d.Files)
	}
	s.must(s.FilePosted(s.ctx, d.Card, fileID))
	s.must(s.CardDrawn(s.ctx, d.Card, d.Version))
	if d = s.lease(second); len(d.Files) != 0 {
		t.Errorf("drawn again: %v", d.Files)
	}
	tim.Key = "twilio:3"
	_, err := s.NoteByText(s.ctx, tim, first, "", nil)
	s.refuses(err, Invalid, "The note is empty")

	// What nobody asked for in a day is forgotten.
	tim.Key = "twilio:4"
	if _, err := s.KeepLoose(s.ctx, tim, "", photo("sms", "MM2/ME2")); err != nil {
		t.Fatal(err)
	}
	s.clock.move(3 * looseFor)
	tim.Key = "twilio:5"
	if n, err := s.KeepLoose(s.ctx, tim, "old words", photo("sms", "MM3/ME3")); err != nil || n != 1 {
		t.Errorf("%d photos wait: %v", n, err)
	}
	s.clock.move(2 * looseWordsFor)
	tim.Key = "twilio:6"
	if n, err := s.NoteByText(s.ctx, tim, first, "the new board", nil); err != nil || n != 1 {
		t.Errorf("%d photos: %v", n, err)
	}
	if got := s.noted(first); got != "Tim sms 1 photo: the new board" {
		t.Errorf("noted %q", got)
	}
}

func TestTwoMachinesDoNotTextForEver(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	const phone = "+447911123456"
	other, err := New(s.Options) // a second instance
	s.must(err)
	answered := 0
	ask := func(d *Desk, text string, idle bool) bool {
		t.Helper()
		may, err := d.MayAnswer(s.ctx, tim, phone, text, idle)
		s.must(err)
		return may
	}
	for i := range 20 { // an automatic reply that counts
		d := s.Desk
		if i%2 == 1 {
			d = other
		}
		if ask(d, "I am on holiday "+strings.Repeat("x", i), true) {
			answered++
		}
	}
	if answered != 6 {
		t.Errorf("%d answers in a moment", answered)
	}
	if !ask(s.Desk, "accept 1", false) {
		t.Error("a verb is not answered")
	}
	if ask(s.Desk, "accept 1", false) {
		t.Error("the same verb again is answered")
	}
	for range 40 {
		s.clock.move(11 * 60e9)
		if ask(s.Desk, "I am on holiday", true) {
			answered++
		}
	}
	if answered > 30 {
		t.Errorf("%d answers in a day", answered)
	}
	if got := s.list("SELECT count(*) FROM notice WHERE kind = 'problem' AND member_id = $1", dora.ID); got != "1" {
		t.Errorf("the dispatcher is told %s times", got)
	}
	s.clock.move(25 * 60 * 60e9)
	if !ask(s.Desk, "hello", true) {
		t.Error("after a quiet day nobody is answered")
	}
	if got := s.list("SELECT count(*) FROM text_seen"); got != "1" {
		t.Errorf("%s old texts are kept", got)
	}
}

func TestStopMovesWhatIsOwed(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	phone := s.reach(tim, "sms", "+447911123456")
	s.reach(tim, "email", "tim@example.com")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE contact_method SET position = CASE channel WHEN 'sms' THEN 0 WHEN 'email' THEN 1 ELSE 2 END WHERE member_id = $1", tim.ID)
	s.must(err)
	id := s.logs(dora, s.customer("Acme"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	owed := "SELECT kind || ' ' || channel || ' ' || state FROM notice WHERE member_id = $1 AND kind <> 'problem' ORDER BY id"
	if got := s.list(owed, tim.ID); got != "offer sms owed" {
		t.Fatalf("owed: %s", got)
	}
	s.must(s.OptOut(s.ctx, phone.Address, true))
	s.must(s.OptOut(s.ctx, phone.Address, true)) // delivered twice
	if got := s.list(owed, tim.ID); got != "offer sms failed, offer email owed" {
		t.Errorf("after STOP: %s", got)
	}
	if got := s.list("SELECT channel || ': ' || (body->>'text') FROM notice WHERE member_id = $1 AND kind = 'problem'", tim.ID); !strings.Contains(got, "You answered STOP") {
		t.Errorf("told %q", got)
	}
	s.must(s.OptOut(s.ctx, phone.Address, false))
	next := s.logs(dora, s.customer("Beta"))
	s.must(s.OfferTo(s.ctx, dora, next, tim.ID))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: next}))
	if got := s.list(owed, tim.ID); got != "offer sms failed, offer email owed, offer sms owed" {
		t.Errorf("after START: %s", got)
	}
	// One that was sent, and that they have not answered, goes out on another way too.
	_, err = s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'delivered' WHERE state = 'owed' AND channel = 'sms'")
	s.must(err)
	s.must(s.OptOut(s.ctx, phone.Address, true))
	if got := s.list(owed, tim.ID); got != "offer sms failed, offer email owed, offer sms delivered, offer email owed" {
		t.Errorf("after the second STOP: %s", got)
	}
}

func TestStopOfSomebodyWithAPhoneAlone(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	m, _, err := s.AddMember(s.ctx, s.member("Ann", Admin), NewMember{Name: "Pat", Phone: "+447911123456", Roles: []string{Technician}})
	s.must(err)
	s.reach(Actor{Member: m}, "sms", "+447911123456")
	s.must(s.OptOut(s.ctx, "+447911123456", true))
	if got := s.list("SELECT body->>'text' FROM notice WHERE member_id = $1 AND kind = 'problem'", dora.ID); !strings.Contains(got, "Pat answered STOP") {
		t.Errorf("the dispatcher is told %q", got)
	}
}
