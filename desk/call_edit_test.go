package desk

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTwoPeopleEditOneCall(t *testing.T) {
	s := openShop(t)
	fay, dora := s.member("Fay", Dispatcher), s.member("Dora", Dispatcher)
	id := s.logs(fay, s.customer("Acme"))
	seen, err := s.Call(s.ctx, fay, id)
	s.must(err)
	opened := seen.Call.Version
	was := callFields(seen.Call)

	s.must(s.EditCall(s.ctx, dora, id, opened, Fields{"summary": was["summary"], "details": "Door code 12", "priority": "high"}))
	s.must(s.Note(s.ctx, dora, id, "a step of the call between the two saves"))
	// Fay still sees the first version. What only she changed is merged.
	s.must(s.EditCall(s.ctx, fay, id, opened, Fields{"summary": "Smells burnt", "details": was["details"], "priority": was["priority"]}))
	now, err := s.Call(s.ctx, fay, id)
	s.must(err)
	if diff := cmp.Diff(Fields{"summary": "Smells burnt", "details": "Door code 12", "priority": "high"}, callFields(now.Call)); diff != "" {
		t.Error(diff)
	}

	// A field that both changed clashes, with both sides and who saved theirs.
	err = s.EditCall(s.ctx, fay, id, opened, Fields{"summary": "Smells burnt", "details": was["details"], "priority": "urgent"})
	s.refuses(err, Conflict, "Somebody else changed this meanwhile")
	var refused *Error
	if !errors.As(err, &refused) || len(refused.Clashes) != 1 || refused.Version != now.Call.Version {
		t.Fatalf("refused with %+v", refused)
	}
	if c := refused.Clashes[0]; c.Field != "priority" || c.Mine != "urgent" || c.Theirs != "high" || c.By != "Dora" {
		t.Errorf("clash %+v", c)
	}
	if refused.Merged["details"] != "Door code 12" || refused.Merged["priority"] != "urgent" {
		t.Errorf("merged %v", refused.Merged)
	}
	// Sent again with what was shown, it wins.
	s.must(s.EditCall(s.ctx, fay, id, refused.Version, refused.Merged))
	now, err = s.Call(s.ctx, fay, id)
	s.must(err)
	if now.Call.Priority != "urgent" || now.Call.Details != "Door code 12" {
		t.Errorf("%+v", now.Call)
	}
}

func TestEditCallRefusesWhatCannotBeStored(t *testing.T) {
	s := openShop(t)
	fay, vera := s.member("Fay", Dispatcher), s.member("Vera", Viewer)
	id := s.logs(fay, s.customer("Acme"))
	s.refuses(s.EditCall(s.ctx, fay, id, 1, Fields{"summary": " "}), Invalid)
	s.refuses(s.EditCall(s.ctx, fay, id, 1, Fields{"priority": "soon"}), Invalid)
	s.refuses(s.EditCall(s.ctx, vera, id, 1, Fields{"summary": "x"}), Forbidden)
	s.refuses(s.EditCall(s.ctx, fay, id+1, 1, Fields{"summary": "x"}), NotFound)
}
