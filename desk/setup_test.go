package desk

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/store"
	"callout/store/storetest"
)

// clockwork is a clock that stands still until a test moves it. It starts on a Tuesday morning.
type clockwork struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clockwork) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clockwork) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// shop is a desk on a database of its own, with what its tests do again and again.
type shop struct {
	*testing.T
	*Desk
	ctx   context.Context
	clock *clockwork
}

func openShop(t *testing.T, change ...func(*Options)) *shop {
	t.Helper()
	t.Parallel()
	clock := &clockwork{now: time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)}
	o := Options{
		Store: storetest.Open(t), Now: clock.Now, Log: slog.New(slog.DiscardHandler), Company: "Test company", Zone: time.UTC, Country: "GB",
		Currency: "GBP", Channels: []string{"slack", "sms", "email"}, Defaults: Settings{CallsChannel: "C0CALLS"},
	}
	for _, c := range change {
		c(&o)
	}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{T: t, Desk: d, ctx: t.Context(), clock: clock}
}

// must fails the test on an error of what it prepares.
func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// refuses fails the test unless err is a refusal with a code, in words that hold all the given ones.
func (s *shop) refuses(err error, code Code, words ...string) {
	s.Helper()
	if CodeOf(err) != code {
		s.Fatalf("want a refusal %q, got %v", code, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			s.Errorf("%q does not say %q", err, w)
		}
	}
}

// member adds an active member who is reached in chat.
func (s *shop) member(name string, roles ...Role) Actor {
	s.Helper()
	if roles == nil {
		roles = []Role{}
	}
	user := "U0" + strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	m, err := s.q.InsertMember(s.ctx, store.InsertMemberParams{
		Name: name, Search: Fold(name), Email: "", Roles: roles, State: StateActive, Timezone: "UTC", CreatedAt: s.Now(),
	})
	s.must(err)
	s.must(s.addChat(s.ctx, s.q, m.ID, "slack", user))
	return Actor{Member: m, Via: "slack"}
}

// technician adds a technician who is on duty until they say otherwise.
func (s *shop) technician(name string) Actor {
	s.Helper()
	a := s.member(name, Technician)
	s.onDuty(a, true)
	return a
}

func (s *shop) onDuty(a Actor, on bool) {
	s.Helper()
	now := s.Now()
	s.must(s.q.EndDutyOverrides(s.ctx, store.EndDutyOverridesParams{At: &now, MemberID: a.ID}))
	s.must(s.q.InsertDutyOverride(s.ctx, store.InsertDutyOverrideParams{MemberID: a.ID, OnDuty: on, StartsAt: now, CreatedAt: now}))
}

// reach adds a proven way to reach a member.
func (s *shop) reach(a Actor, channel, address string) store.ContactMethod {
	s.Helper()
	now := s.Now()
	m, err := s.q.PutContactMethod(s.ctx, store.PutContactMethodParams{MemberID: a.ID, Channel: channel, Address: address, VerifiedAt: &now})
	s.must(err)
	return m
}

func (s *shop) customer(name string) store.Customer {
	s.Helper()
	c, err := s.q.InsertCustomer(s.ctx, store.InsertCustomerParams{
		Name: name, Search: CustomerSearch(name, "+442079460123"), Phone: "+442079460123", Territory: "north", Now: s.Now(),
	})
	s.must(err)
	return c
}

func (s *shop) machine(c store.Customer, serial string, skills ...string) store.Equipment {
	s.Helper()
	if skills == nil {
		skills = []string{}
	}
	e, err := s.q.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: "Copier X", Serial: serial, Skills: skills, CreatedAt: s.Now()})
	s.must(err)
	return e
}

// logs logs a call and returns its number.
func (s *shop) logs(a Actor, c store.Customer, change ...func(*NewCall)) int64 {
	s.Helper()
	in := NewCall{CustomerID: c.ID, Summary: "Paper jam"}
	for _, f := range change {
		f(&in)
	}
	id, err := s.LogCall(s.ctx, a, in)
	s.must(err)
	return id
}

func urgent(c *NewCall) { c.Priority = "urgent" }

// offered logs a call and offers it to the best available: an urgent one, so that the offer goes out on every channel at once.
func (s *shop) offered(a Actor, c store.Customer, change ...func(*NewCall)) int64 {
	s.Helper()
	id := s.logs(a, c, append([]func(*NewCall){urgent}, change...)...)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	return id
}

func (s *shop) call(id int64) store.Call {
	s.Helper()
	c, err := s.q.GetCall(s.ctx, id)
	s.must(err)
	return c
}

// progress fails the test unless a call is where it should be, with whom it should be; "" means nobody.
func (s *shop) progress(id int64, want string, with Actor) {
	s.Helper()
	c := s.call(id)
	has := int64(0)
	if c.TechnicianID != nil {
		has = *c.TechnicianID
	}
	if c.Progress != want || has != with.ID {
		s.Errorf("call %d is %s with member %d, want %s with %d", id, c.Progress, has, want, with.ID)
	}
}

// asked returns who is asked to take a call.
func (s *shop) asked(id int64) int64 {
	s.Helper()
	offer, ok, err := s.OpenOffer(s.ctx, id)
	s.must(err)
	if !ok {
		return 0
	}
	return offer.Offer.MemberID
}

// kinds returns the timeline of a call, one word each.
func (s *shop) kinds(id int64) string {
	s.Helper()
	return s.list("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY id", id)
}

// jobs returns the kinds of the waiting jobs that name a call or notice, in the order they were left.
func (s *shop) jobs() string {
	s.Helper()
	return s.list("SELECT kind FROM river.river_job ORDER BY id")
}

// notices returns what a member is owed: kind, channel and state of each.
func (s *shop) notices(a Actor) string {
	s.Helper()
	return s.list("SELECT kind || ' ' || channel || ' ' || state FROM notice WHERE member_id = $1 ORDER BY id", a.ID)
}

// list returns one column, the rows separated by commas.
func (s *shop) list(sql string, args ...any) string {
	s.Helper()
	var out string
	s.must(s.Store.Pool.QueryRow(s.ctx, "SELECT coalesce(string_agg(x::text, ', '), '') FROM ("+sql+") AS t(x)", args...).Scan(&out))
	return out
}

func (s *shop) count(sql string, args ...any) (n int) {
	s.Helper()
	s.must(s.Store.Pool.QueryRow(s.ctx, "SELECT count(*) FROM "+sql, args...).Scan(&n))
	return n
}

// is fails the test unless a text is what it should be.
func (s *shop) is(what, got, want string) {
	s.Helper()
	if got != want {
		s.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// keyed is the same person with the key of a delivery.
func keyed(a Actor, key string) Actor {
	a.Key = key
	return a
}

func parseID(t *testing.T, text string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("%q is not one id", text)
	}
	return id
}

// disable switches a member's way to be reached off.
func disable(s *shop, a Actor, channel string) store.DisableContactMethodParams {
	s.Helper()
	now := s.Now()
	id := s.list("SELECT id FROM contact_method WHERE member_id = $1 AND channel = $2", a.ID, channel)
	return store.DisableContactMethodParams{ID: parseID(s.T, id), DisabledAt: &now, Reason: "test"}
}
