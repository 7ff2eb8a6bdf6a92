package desk

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callout/store"
)

// fieldsOf returns the names of the fields a refusal marks, in order.
func fieldsOf(err error) []string {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	var names []string
	for name := range e.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestLogCallNamesEveryProblemAtOnce(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	_, err := s.LogCall(s.ctx, front, NewCall{
		Customer: &NewCustomer{Phone: "12", Site: strings.Repeat("s", 301)}, Details: strings.Repeat("d", 3001), Priority: "soon", TechnicianID: front.ID,
	})
	s.refuses(err, Invalid)
	want := []string{"customer_name", "customer_phone", "customer_site", "details", "priority", "summary", "technician"}
	if diff := cmp.Diff(want, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}
	if n := s.count("call") + s.count("customer") + s.count("river.river_job") + s.count("inbound"); n != 0 {
		t.Errorf("a refused call left %d rows", n)
	}
}

func TestLogCallTextLimits(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	check := func(summary, details string, fields ...string) {
		t.Helper()
		_, err := s.LogCall(s.ctx, front, NewCall{CustomerID: acme.ID, Summary: summary, Details: details})
		if diff := cmp.Diff(fields, fieldsOf(err)); diff != "" {
			t.Errorf("%d and %d characters: %v%s", len(summary), len(details), err, diff)
		}
	}
	check("x", "")
	check(strings.Repeat("ü", 200), strings.Repeat("🖨", 3000))
	check(strings.Repeat("x", 201), "", "summary")
	check("x", strings.Repeat("x", 3001), "details")
	check(" \n\x00 ", "", "summary")
	check("tray\x00 two\xff", "\x00")
	_, err := s.LogCall(s.ctx, front, NewCall{CustomerID: acme.ID, Summary: "x", Details: strings.Repeat("x", 3001)})
	var refused *Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Fields["details"], "3001 characters; at most 3000") {
		t.Errorf("the refusal does not count: %+v", refused)
	}
}

func TestLogCallNeedsACustomer(t *testing.T) {
	s := openShop(t)
	front, acme, other := s.member("Fay", Dispatcher), s.customer("Acme"), s.customer("Other")
	theirs := s.machine(other, "S1")
	check := func(in NewCall, fields ...string) {
		t.Helper()
		in.Summary = "Paper jam"
		_, err := s.LogCall(s.ctx, front, in)
		s.refuses(err, Invalid)
		if diff := cmp.Diff(fields, fieldsOf(err)); diff != "" {
			t.Errorf("%+v: %s", in, diff)
		}
	}
	check(NewCall{}, "customer")
	check(NewCall{CustomerID: 99999}, "customer")
	check(NewCall{CustomerID: acme.ID, EquipmentID: theirs.ID}, "equipment")
	check(NewCall{CustomerID: acme.ID, EquipmentID: 99999, ContactID: 99999}, "contact", "equipment")
	check(NewCall{CustomerID: acme.ID, TechnicianID: 99999}, "technician")
}

func TestLogCallCommitsEverythingTogether(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	id := s.logs(front, acme, func(c *NewCall) { c.EquipmentID = s.machine(acme, "S1").ID })
	s.is("timeline", s.kinds(id), "logged")
	s.is("jobs", s.jobs(), "assign, card")
	s.is("cards", s.list("SELECT platform || ' ' || channel FROM card WHERE record_id = $1", id), "slack C0CALLS")
	args := s.list("SELECT args::text FROM river.river_job WHERE kind = 'assign'")
	if !strings.Contains(args, `"call_id"`) || strings.Contains(args, "member_id") {
		t.Errorf("the job is %s", args)
	}
	c := s.call(id)
	if c.Status != Pending || c.Progress != Unassigned || c.Priority != "normal" || !c.OpenedAt.Equal(s.Now()) || c.LoggedBy != front.ID {
		t.Errorf("the call is %+v", c)
	}
}

func TestLogCallForANewCustomer(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	in := NewCall{Customer: &NewCustomer{Name: "  Café Zoë ", Phone: "020 7946 0123", Site: "1 High Street"}, Summary: "No power", EquipmentID: 7}
	id, err := s.LogCall(s.ctx, keyed(front, "slack:1"), in)
	s.must(err)
	v, err := s.CallView(s.ctx, id)
	s.must(err)
	s.is("name", v.Customer.Name, "Café Zoë")
	s.is("phone", v.Customer.Phone, "+442079460123")
	s.is("address", v.SiteAddress, "1 High Street")
	for _, typed := range []string{"zoe", "020 7946"} {
		if found, err := s.FindCustomers(s.ctx, front, typed, 10); err != nil || len(found) != 1 {
			t.Errorf("%q finds %v, %v", typed, found, err)
		}
	}
	in.Customer = &NewCustomer{Name: "Café Zoë", Site: "1 High Street"}
	again, err := s.LogCall(s.ctx, keyed(front, "slack:1"), in)
	s.must(err)
	if again != id || s.count("customer") != 1 || s.count("site") != 1 {
		t.Errorf("the same delivery again made call %d, %d customers", again, s.count("customer"))
	}
}

func TestWhereTheTechnicianHasToGo(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	address := func(id int64) string {
		t.Helper()
		v, err := s.CallView(s.ctx, id)
		s.must(err)
		return v.SiteAddress
	}
	s.is("no site known", address(s.logs(front, acme)), "")
	addSite := func(text string) int64 {
		t.Helper()
		var id int64
		s.must(s.Store.Pool.QueryRow(s.ctx, "INSERT INTO site (customer_id, name, address, created_at) VALUES ($1, $2, $2, $3) RETURNING id", acme.ID, text, s.Now()).Scan(&id))
		return id
	}
	addSite("1 High Street")
	s.is("the only site", address(s.logs(front, acme)), "1 High Street")
	second := addSite("2 Mill Lane")
	s.is("one of two sites is not guessed", address(s.logs(front, acme)), "")
	e := s.machine(acme, "S1")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE equipment SET site_id = $1 WHERE id = $2", second, e.ID)
	s.must(err)
	s.is("where the machine stands", address(s.logs(front, acme, func(c *NewCall) { c.EquipmentID = e.ID })), "2 Mill Lane")
}

func TestLogCallTwiceIsOnce(t *testing.T) {
	s := openShop(t)
	front, acme := keyed(s.member("Fay", Dispatcher), "slack:42"), s.customer("Acme")
	first := s.logs(front, acme)
	if again := s.logs(front, acme); again != first {
		t.Errorf("the same delivery made call %d and call %d", first, again)
	}
	if n := s.count("call"); n != 1 {
		t.Errorf("%d calls", n)
	}
	s.is("timeline", s.kinds(first), "logged")
	s.is("jobs", s.jobs(), "assign, card")
	if other := s.logs(keyed(front, "slack:43"), acme); other == first {
		t.Error("another delivery made no call of its own")
	}
	if third := s.logs(keyed(front, ""), acme); third == s.logs(keyed(front, ""), acme) {
		t.Error("calls that nobody delivered are taken for one")
	}
}

func TestLogCallTwiceInOneMoment(t *testing.T) {
	s := openShop(t)
	front, acme := keyed(s.member("Fay", Dispatcher), "slack:42"), s.customer("Acme")
	ids := make(chan int64, 8)
	for range cap(ids) {
		go func() {
			id, err := s.LogCall(s.ctx, front, NewCall{CustomerID: acme.ID, Summary: "Paper jam"})
			if err != nil {
				t.Error(err)
			}
			ids <- id
		}()
	}
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first {
			t.Errorf("calls %d and %d", first, id)
		}
	}
	if n := s.count("call"); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestWhoMayLogCalls(t *testing.T) {
	s := openShop(t)
	acme := s.customer("Acme")
	_, err := s.LogCall(s.ctx, s.member("Vic", Viewer), NewCall{CustomerID: acme.ID, Summary: "x"})
	s.refuses(err, Forbidden, "You may not log calls")
	waiting := s.member("Wim", Dispatcher)
	waiting.State = StateRequested
	_, err = s.LogCall(s.ctx, waiting, NewCall{CustomerID: acme.ID, Summary: "x"})
	s.refuses(err, Forbidden, "not approved yet")
}

func TestReadingCalls(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	id := s.logs(front, acme)
	_, err := s.Call(s.ctx, front, 99999)
	s.refuses(err, NotFound, "There is no call 99999")
	nobody := s.member("Nik")
	_, err = s.Call(s.ctx, nobody, id)
	s.refuses(err, Forbidden)
	_, err = s.Timeline(s.ctx, nobody, id)
	s.refuses(err, Forbidden)
	entries, err := s.Timeline(s.ctx, front, id)
	s.must(err)
	if len(entries) != 1 || entries[0].MemberName != "Fay" || entries[0].CallEvent.Via != "slack" || entries[0].CallEvent.After != "Paper jam" {
		t.Errorf("the timeline is %+v", entries)
	}
	one, err := s.Entry(s.ctx, entries[0].CallEvent.ID)
	s.must(err)
	if diff := cmp.Diff(entries[0], one); diff != "" {
		t.Error(diff)
	}
}

func TestTimelineIsAppendOnly(t *testing.T) {
	s := openShop(t)
	id := s.logs(s.member("Fay", Dispatcher), s.customer("Acme"))
	for _, sql := range []string{
		"UPDATE call_event SET note = 'x' WHERE call_id = $1", "UPDATE call_event SET at = now() WHERE call_id = $1",
		"UPDATE call_event SET member_id = NULL WHERE call_id = $1", "DELETE FROM call_event WHERE call_id = $1",
	} {
		if _, err := s.Store.Pool.Exec(s.ctx, sql, id); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	entries, err := s.q.ListUnpostedEvents(s.ctx, store.ListUnpostedEventsParams{CallID: id, Platform: "slack"})
	s.must(err)
	s.must(s.EntryPosted(s.ctx, store.Card{Record: CallRecord, RecordID: id, Platform: "slack"}, entries[0]))
	if left, err := s.q.ListUnpostedEvents(s.ctx, store.ListUnpostedEventsParams{CallID: id, Platform: "slack"}); err != nil || len(left) != 0 {
		t.Errorf("a posted entry is still unposted: %v, %v", left, err)
	}
}
