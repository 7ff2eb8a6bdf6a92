package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/desk"
	"callout/store"
	"callout/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop is a conversation with a desk on a database of its own. Its clock stands still on a Tuesday morning.
type shop struct {
	*testing.T
	*Bot
	ctx   context.Context
	store *store.Store
	log   *logged
	now   time.Time
}

// logged keeps what was logged.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func openShop(t *testing.T) *shop {
	t.Helper()
	t.Parallel()
	s := &shop{T: t, ctx: t.Context(), store: storetest.Open(t), log: &logged{}, now: time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	d, err := desk.New(desk.Options{
		Store: s.store, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler), Company: "Test company", Zone: time.UTC,
		Country: "GB", Currency: "GBP", Channels: []string{"slack", "sms", "email"}, Defaults: desk.Settings{CallsChannel: "C0CALLS"},
		Admins: []string{"U0BOSS"},
	})
	s.must(err)
	s.Bot = New(Options{Desk: d, Log: log})
	return s
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shop) exec(sql string, args ...any) {
	s.Helper()
	_, err := s.store.Pool.Exec(s.ctx, sql, args...)
	s.must(err)
}

// person is somebody in chat; member is zero if the desk does not know them.
type person struct {
	*shop
	user   string
	member store.Member
}

// id is the number of the member that a stranger became.
func (p *person) id() int {
	p.Helper()
	m, err := p.store.GetMemberByChat(p.ctx, store.GetMemberByChatParams{Platform: "slack", UserID: p.user})
	p.must(err)
	return int(m.ID)
}

func (s *shop) stranger(name string) *person {
	return &person{shop: s, user: "U0" + strings.ToUpper(name)}
}

// member adds an active member.
func (s *shop) member(name string, roles ...string) *person {
	s.Helper()
	p := s.stranger(name)
	m, err := s.store.InsertMember(s.ctx, store.InsertMemberParams{
		Name: name, Search: desk.Fold(name), Roles: roles, State: desk.StateActive, Timezone: "UTC", CreatedAt: s.now,
	})
	s.must(err)
	p.member = m
	_, err = s.store.InsertChatIdentity(s.ctx, store.InsertChatIdentityParams{MemberID: m.ID, Platform: "slack", UserID: p.user, CreatedAt: s.now})
	s.must(err)
	p.reached("slack", p.user)
	return p
}

// technician adds a technician who is on duty.
func (s *shop) technician(name string) *person {
	s.Helper()
	p := s.member(name, desk.Technician)
	s.must(s.store.InsertDutyOverride(s.ctx, store.InsertDutyOverrideParams{MemberID: p.member.ID, OnDuty: true, StartsAt: s.now, CreatedAt: s.now}))
	return p
}

func (p *person) reached(channel, address string) {
	p.Helper()
	_, err := p.store.PutContactMethod(p.ctx, store.PutContactMethodParams{MemberID: p.member.ID, Channel: channel, Address: address, VerifiedAt: &p.now})
	p.must(err)
}

func (s *shop) customer(name string) store.Customer {
	s.Helper()
	c, err := s.store.InsertCustomer(s.ctx, store.InsertCustomerParams{
		Name: name, Search: desk.CustomerSearch(name, "+442079460123"), Phone: "+442079460123", Now: s.now,
	})
	s.must(err)
	return c
}

func (p *person) actor() desk.Actor { return desk.Actor{Member: p.member, Via: "slack"} }

// logs logs a call for a customer.
func (p *person) logs(c store.Customer, summary string) int64 {
	p.Helper()
	id, err := p.Desk.LogCall(p.ctx, p.actor(), desk.NewCall{CustomerID: c.ID, Summary: summary})
	p.must(err)
	return id
}

func (s *shop) assign(id int64) {
	s.Helper()
	s.must(s.Desk.Assign(s.ctx, desk.AssignArgs{CallID: id}))
}

// does hands a request of the person to the bot.
func (p *person) does(r Request) Reply {
	p.Helper()
	if r.Platform == "" {
		r.Platform = Slack
	}
	r.User, r.UserName = p.user, "somebody"
	if r.Channel == "" {
		r.Channel = "C0CALLS"
	}
	return p.Handle(p.ctx, r)
}

// types types a command such as "/calls status:pending".
func (p *person) types(line string) Reply {
	p.Helper()
	name, text, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	return p.does(Request{Kind: KindCommand, Name: name, Text: text})
}

// presses presses a button.
func (p *person) presses(action string, value any) Reply {
	p.Helper()
	return p.does(Request{Kind: KindButton, Name: action, Value: fmt.Sprint(value)})
}

// sends sends a form.
func (p *person) sends(form, state string, values Values) Reply {
	p.Helper()
	return p.does(Request{Kind: KindForm, Name: form, State: state, Values: values})
}

// reads is everything a reply shows.
func reads(r Reply) string {
	var b strings.Builder
	for _, c := range []*Card{r.Say, r.Post, r.Update, r.Home} {
		if c != nil {
			b.WriteString(shown(*c))
		}
	}
	if r.Form != nil {
		fmt.Fprintf(&b, "FORM %s %s\n", r.Form.ID, r.Form.Title)
		for _, f := range r.Form.Fields {
			fmt.Fprintf(&b, "%s %s %s %s\n", f.Name, f.Label, f.Value, f.Note)
		}
	}
	for field, wrong := range r.Errors {
		fmt.Fprintf(&b, "ERROR %s %s\n", field, wrong)
	}
	for _, o := range r.Options {
		fmt.Fprintf(&b, "OPTION %s %s %s\n", o.Value, o.Label, o.Note)
	}
	return b.String()
}

// shown is everything a card shows, a line for each part.
func shown(c Card) string {
	lines := []string{c.Text}
	for _, part := range c.Parts {
		switch part := part.(type) {
		case Heading:
			lines = append(lines, string(part))
		case Text:
			lines = append(lines, Words(part).String())
		case Note:
			lines = append(lines, Words(part).String())
		case Facts:
			for _, f := range part {
				lines = append(lines, f.Label+": "+f.Value.String())
			}
		case Item:
			lines = append(lines, part.Text.String()+" ["+part.Button.Label+"]")
		case Buttons:
			for _, b := range part {
				lines = append(lines, "["+b.Label+"]")
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// wants fails the test unless a reply shows all the words; words that begin with ! must not be there.
func (s *shop) wants(r Reply, words ...string) {
	s.Helper()
	text := reads(r)
	for _, w := range words {
		if absent, not := strings.CutPrefix(w, "!"); not {
			if strings.Contains(text, absent) {
				s.Errorf("%q is in\n%s", absent, text)
			}
		} else if !strings.Contains(text, w) {
			s.Errorf("%q is not in\n%s", w, text)
		}
	}
}

// golden compares a card with testdata/name.
func golden(t *testing.T, name string, c Card) {
	t.Helper()
	parts := make([]any, len(c.Parts))
	for i, p := range c.Parts {
		parts[i] = map[string]any{strings.TrimPrefix(fmt.Sprintf("%T", p), "bot."): p}
	}
	raw, err := json.Marshal(map[string]any{"Text": c.Text, "Parts": parts})
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(brief(all)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (go test -update writes it anew):\n%s", path, diff)
	}
}

// brief leaves out what is empty, and writes a span of nothing but text as that text, so that people can read a golden card.
func brief(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = brief(v[i])
		}
	case map[string]any:
		for key, value := range v {
			if value == "" || value == false || value == 0.0 || value == nil || value == "0001-01-01T00:00:00Z" {
				delete(v, key)
				continue
			}
			v[key] = brief(value)
		}
		if text, ok := v["Text"].(string); ok && len(v) == 1 {
			return text
		}
	}
	return v
}
