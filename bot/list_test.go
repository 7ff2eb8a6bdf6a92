package bot

import (
	"fmt"
	"testing"

	"callout/desk"
)

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
		if more.Action != "calls.more" {
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
	s.wants(fay.presses("calls.more", more[len(more)-1].Value), "1 · Acme", "!no filter")
}

func TestEmptyLists(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.wants(fay.types("/calls"), "There are no calls yet. /log-call logs the first one.")
	s.wants(fay.types("/calls status:closed"), "Nothing matches these filters")
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
