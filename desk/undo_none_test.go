package desk

import "testing"

func TestWhatChangesNothingIsNotUndone(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", Dispatcher)
	id, err := s.LogCall(s.ctx, fay, NewCall{CustomerID: s.customer("Acme").ID, Summary: "Paper jam"})
	s.must(err)
	s.must(s.OfferTo(s.ctx, fay, id, 0)) // to the best available, and nobody has it
	if c, ok, err := s.LastChange(s.ctx, fay); ok || err != nil {
		t.Errorf("can be undone: %+v %v", c, err)
	}
	tom := s.technician("Tom")
	s.must(s.OfferTo(s.ctx, fay, id, tom.ID))
	s.undoes(fay)
	s.is("nobody is chosen", s.list("SELECT coalesce(wanted_id, 0) FROM call"), "0")
}

func TestAHandOverIsUndone(t *testing.T) {
	s := openShop(t)
	fay, tom, una := s.member("Fay", Dispatcher), s.technician("Tom"), s.member("Una", Technician)
	s.reach(una, "sms", "+447700900123")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.onDuty(una, true)
	_, err := s.GoOffDuty(s.ctx, tom, nil, []HandOver{{CallID: id, Line: "The part is in the van"}})
	s.must(err)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.is("Una is asked", s.list("SELECT member_id FROM offer WHERE state = 'open'"), s.list("SELECT $1::bigint", una.ID))
	u := s.undoes(tom)
	s.is("what", u.Did+". "+u.Now, "handed call "+idText(id)+" over. It is yours.")
	s.progress(id, Accepted, tom)
	s.is("he is off duty all the same", s.dutyAt(tom, "now"), "off")
	line, err := s.HandOverLine(s.ctx, id)
	s.must(err)
	s.is("what he wrote is not said to the next", line, "")
}
