package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/desk"
	"callout/notify"
	"callout/store"
	"callout/store/storetest"
)

// chat is a platform that remembers what it was asked, and refuses, loses or delays what the test says.
type chat struct {
	shows func(r notify.Record) string // what a card or message shows now

	mu     sync.Mutex
	asked  []string // what was done, in order
	lines  [][]int64
	text   map[string]string         // of messages that can be edited, by id
	before map[string][]func() error // what happens instead of the next calls, by what is asked; nil goes through
}

func (c *chat) do(what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
	list := c.before[what]
	if len(list) == 0 {
		return nil
	}
	c.before[what] = list[1:]
	if list[0] == nil {
		return nil
	}
	c.mu.Unlock()
	defer c.mu.Lock()
	return list[0]()
}

func (c *chat) count(what string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.asked {
		if a == what {
			n++
		}
	}
	return n
}

func (c *chat) Send(_ context.Context, m notify.Message) (notify.Receipt, error) {
	id := fmt.Sprint("N", m.ID)
	if err := c.do("send"); err != nil {
		return notify.Receipt{}, err
	}
	c.put(id, c.shows(notify.Record{Kind: desk.CallRecord, ID: m.Call.ID}))
	return notify.Receipt{ID: id}, nil
}

func (c *chat) Edit(_ context.Context, m notify.Message, id string) error {
	now := c.shows(notify.Record{Kind: desk.CallRecord, ID: m.Call.ID}) // drawn first, as a real sender does
	if err := c.do("edit message"); err != nil {
		return err
	}
	c.put(id, now)
	return nil
}

func (c *chat) put(id, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text[id] = text
}

func (c *chat) ShowCard(_ context.Context, r notify.Record, _, id string) (string, error) {
	now, what := c.shows(r), "edit card"
	if id == "" {
		id, what = "C"+fmt.Sprint(r.ID), "post card"
	}
	if err := c.do(what); err != nil {
		return "", err
	}
	c.put(id, now)
	return id, nil
}

func (c *chat) FindCard(context.Context, notify.Record, string, time.Time) (id string, found bool, err error) {
	return "", false, c.do("find card")
}

func (c *chat) AddLines(_ context.Context, line notify.Line) (int, error) {
	what := "add lines"
	if line.MayBeThere {
		what = "find lines"
	}
	if err := c.do(what); err != nil {
		return 0, err
	}
	n := min(len(line.EventIDs), 3) // as much as fits
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, slices.Clone(line.EventIDs[:n]))
	return n, nil
}

// office is a desk with its workers, a dispatcher, a technician and a customer.
type office struct {
	*testing.T
	*desk.Desk
	chat      *chat
	dora, tim desk.Actor
	customer  int64
}

func openOffice(t *testing.T) *office {
	t.Helper()
	s, now := storetest.Open(t), time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	d, err := desk.New(desk.Options{
		Store: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Company: "Brightwater Machines", Zone: time.UTC,
		Country: "GB", Currency: "GBP", Channels: []string{"slack"}, Defaults: desk.Settings{CallsChannel: "C0CALLS"},
	})
	check(t, err)
	o := &office{T: t, Desk: d, chat: &chat{text: map[string]string{}, before: map[string][]func() error{}}}
	o.chat.shows = o.progress
	o.dora, o.tim = o.member("Dora", desk.Dispatcher), o.member("Tim", desk.Technician)
	check(t, s.InsertDutyOverride(t.Context(), store.InsertDutyOverrideParams{MemberID: o.tim.ID, OnDuty: true, StartsAt: now, CreatedAt: now}))
	c, err := s.InsertCustomer(t.Context(), store.InsertCustomerParams{Name: "Acme Foods", Search: "acme foods", Now: now})
	check(t, err)
	o.customer = c.ID
	router := notify.NewRouter()
	router.Register(notify.Slack, o.chat)
	j, err := New(Options{Store: s, Desk: d, Router: router, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	check(t, j.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { _ = j.Stop(context.Background()) })
	return o
}

func (o *office) member(name string, roles ...string) desk.Actor {
	o.Helper()
	now := o.Now()
	m, err := o.Store.InsertMember(o.Context(), store.InsertMemberParams{Name: name, Search: name, Roles: roles, State: desk.StateActive, Timezone: "UTC", CreatedAt: now})
	check(o.T, err)
	_, err = o.Store.PutContactMethod(o.Context(), store.PutContactMethodParams{MemberID: m.ID, Channel: "slack", Address: "U0" + name, VerifiedAt: &now})
	check(o.T, err)
	return desk.Actor{Member: m, Via: "slack"}
}

// progress is what cards and messages show of a call here.
func (o *office) progress(r notify.Record) string {
	call, err := o.Store.GetCall(context.Background(), r.ID)
	if err != nil {
		return err.Error()
	}
	return call.Progress
}

// settled waits until nothing is owed.
func (o *office) settled() {
	o.Helper()
	ctx, cancel := context.WithTimeout(o.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for owed := -1; owed != 0; <-tick.C {
		err := o.Store.Pool.QueryRow(ctx, `SELECT count(*) FROM river.river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled')`).Scan(&owed)
		if err != nil {
			o.Fatalf("still owed: %d: %v", owed, err)
		}
	}
}

// logs logs a call and waits until everybody knows.
func (o *office) logs() int64 {
	o.Helper()
	id, err := o.LogCall(o.Context(), o.dora, desk.NewCall{CustomerID: o.customer, Summary: "copier jams"})
	check(o.T, err)
	o.settled()
	return id
}

func (o *office) shows(id, want string) {
	o.Helper()
	o.chat.mu.Lock()
	defer o.chat.mu.Unlock()
	if got := o.chat.text[id]; got != want {
		o.Errorf("%s shows %q, want %q; asked: %q", id, got, want, o.chat.asked)
	}
}

// instead says what happens instead of the next calls of the kinds.
func (c *chat) instead(of map[string][]func() error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before = of
}

func busyFor(d time.Duration) func() error {
	return func() error { return &notify.Error{Err: errors.New("busy"), After: d} }
}

func TestManyChangesAtOnceMakeFewEdits(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := o.logs()
	edits, lines := o.chat.count("edit card"), len(o.chat.lines)
	ctx := t.Context()
	began, all := make(chan struct{}), make(chan struct{})
	o.chat.instead(map[string][]func() error{"edit card": {func() error {
		close(began)
		<-all // however long nine changes take on this machine, they are made while the platform draws the first
		return nil
	}}})
	check(t, o.Accept(ctx, o.tim, id))
	<-began
	check(t, o.OnMyWay(ctx, o.tim, id))
	for i := range 6 {
		check(t, o.Note(ctx, o.tim, id, fmt.Sprint("note ", i)))
	}
	check(t, o.OnSite(ctx, o.tim, id))
	close(all)
	o.settled()
	if n := o.chat.count("edit card") - edits; n > 2 {
		t.Errorf("nine changes made %d edits", n)
	}
	o.shows("C1", "on_site")
	said := slices.Concat(o.chat.lines[lines:]...)
	if messages := len(o.chat.lines) - lines; len(said) != 9 || messages > 5 || !slices.IsSorted(said) {
		t.Errorf("nine entries went into the thread as %v", o.chat.lines[lines:])
	}
}

func TestARefusedCardIsNotLookedFor(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.chat.instead(map[string][]func() error{"post card": {busyFor(time.Millisecond), busyFor(time.Millisecond)}, "add lines": {nil, busyFor(time.Millisecond)}})
	o.logs()
	if n := o.chat.count("find card") + o.chat.count("find lines"); n != 0 {
		t.Errorf("%d look-ups, although nothing was lost: %q", n, o.chat.asked)
	}
	if n := o.chat.count("post card"); n != 3 {
		t.Errorf("the card was posted %d times: %q", n, o.chat.asked)
	}
	said := slices.Concat(o.chat.lines...)
	if slices.Sort(said); len(said) == 0 || len(slices.Compact(slices.Clone(said))) != len(said) {
		t.Errorf("the thread says %v", said)
	}
	o.shows("C1", "offered")
}

func TestARefusalKeepsInMindWhatWasLostBefore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	lost := func() error { return errors.New("no answer") }
	o.chat.instead(map[string][]func() error{"post card": {lost}, "find card": {busyFor(time.Millisecond), busyFor(time.Millisecond)}})
	o.logs()
	if n := o.chat.count("find card"); n < 3 {
		t.Errorf("a card that may be there was looked for %d times before it was posted again: %q", n, o.chat.asked)
	}
	if n := o.chat.count("add lines"); n != 0 {
		t.Errorf("lines that may be there were not looked for: %q", o.chat.asked)
	}
}

func TestTwoEditsOfOneMessageEndWithTheNewest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := o.logs()
	slow, went := make(chan struct{}), make(chan struct{})
	o.chat.instead(map[string][]func() error{"edit message": {func() error {
		close(went)
		<-slow // the platform takes its time, with what the call was when the edit was drawn
		return nil
	}}})
	check(t, o.Accept(t.Context(), o.tim, id))
	<-went
	check(t, o.OnMyWay(t.Context(), o.tim, id))
	check(t, o.OnSite(t.Context(), o.tim, id))
	time.AfterFunc(moment, func() { close(slow) })
	o.settled()
	offer, err := o.Store.Pool.Query(t.Context(), "SELECT 'N' || id FROM notice WHERE kind = 'offer'")
	check(t, err)
	defer offer.Close()
	for offer.Next() {
		var message string
		check(t, offer.Scan(&message))
		o.shows(message, "on_site")
	}
}
