package desk

import "testing"

// office is what the records of a company hold but for calls: all that an undone change must leave as it was. Versions count on,
// and what was priced stays with its quote.
func (s *shop) office() string {
	s.Helper()
	out := ""
	for _, table := range []string{"customer", "contact", "quote", "lead", "visit", "equipment", "pm_template", "pm_plan", "pm_task", "pm_answer"} {
		out += table + ": " + s.list(`SELECT to_jsonb(t) - '{version,active_at,newest,total,currency,valid_until}'::text[] FROM `+table+` AS t ORDER BY t::text COLLATE "C"`) + "\n"
	}
	return out
}

// undoesAll takes back what a member did, and fails unless everything is as it was before, who was told is corrected, and the
// timeline says so.
func (s *shop) undoesAll(name string, a Actor, r Record, told string, act func() error) {
	s.Helper()
	s.deliver()
	s.clock.move(UndoFor + 1)
	before := s.office()
	s.must(act())
	if s.office() == before {
		s.Errorf("%s: the act changed nothing", name)
	}
	s.deliver()
	at := s.Now()
	u := s.undoes(a)
	if got := s.office(); got != before {
		s.Errorf("%s: it is not as it was before:\n%s\nbut was\n%s", name, got, before)
	}
	if u.Record != r {
		s.Errorf("%s: undone was a change of %v, not of %v", name, u.Record, r)
	}
	s.is(name+": timeline", s.list("SELECT kind FROM event WHERE record = $1 AND record_id = $2 ORDER BY id DESC LIMIT 1", r.Kind, r.ID), eventUndone)
	s.is(name+": corrections", s.list("SELECT DISTINCT coalesce(m.name, n.address) FROM notice n LEFT JOIN member m ON m.id = n.member_id WHERE n.kind = 'correction' AND n.created_at >= $1", at), told)
}

func TestUndoOfQuotesLeadsAndVisits(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Defaults.QuotesChannel = "C0QUOTES" })
	sam, olivia := s.member("Sam", Sales), s.member("Olivia", Sales)
	acme := s.customer("Acme")
	id := s.asks(sam, acme)
	quote := Record{QuoteRecord, id}
	move := func(to, words string) func() error {
		return func() error { return s.MoveQuote(s.ctx, olivia, id, to, words) }
	}
	prepare := func() error { return s.PrepareQuote(s.ctx, olivia, id, draft(s.quote(id).Newest)) }
	s.undoesAll("ready", olivia, quote, "Sam", prepare)
	s.is("its version stays", s.list("SELECT number FROM quote_version"), "1")
	s.undoesAll("edited", sam, quote, "", func() error {
		return s.EditQuote(s.ctx, sam, id, s.quote(id).Version, Fields{"wanted": "Three toners"})
	})
	s.must(prepare()) // as version 2
	s.undoesAll("sent", olivia, quote, "Sam", move(QuoteSent, ""))
	s.undoesAll("change", olivia, quote, "Sam", move(QuoteChange, "cheaper"))
	s.must(s.MoveQuote(s.ctx, sam, id, QuoteSent, ""))
	s.undoesAll("accepted", olivia, quote, "Sam", move(QuoteAccepted, ""))
	s.undoesAll("declined", olivia, quote, "Sam", move(QuoteDeclined, "too dear"))

	lead := s.adds(sam, Fields{"name": "Ann", "company": "Archer", "phone": "020 7946 0999", "next_action": "ring", "next_on": "2026-03-12"})
	asked, err := s.RequestQuote(s.ctx, sam, NewQuote{Party: Party{LeadID: lead}, Wanted: "A copier"})
	s.must(err)
	s.undoesAll("a lead's quote", olivia, Record{QuoteRecord, asked}, "Sam", func() error { return s.PrepareQuote(s.ctx, olivia, asked, draft(0)) })
	s.is("the lead's timeline", s.list("SELECT kind || ' ' || note FROM event WHERE record = 'lead' ORDER BY id DESC LIMIT 1"), "undone prepared quote 2")
	visit, err := s.LogVisit(s.ctx, sam, NewVisit{Party: Party{LeadID: lead}, Fields: Fields{"purpose": VisitSales, "at": "2026-03-12T10:00Z"}})
	s.must(err)
	is := Record{LeadRecord, lead}
	s.undoesAll("stage", olivia, is, "Sam", func() error { return s.MoveLead(s.ctx, olivia, lead, LeadContacted) })
	s.undoesAll("lost", olivia, is, "Sam", func() error { return s.LoseLead(s.ctx, olivia, lead, "no budget") })
	s.undoesAll("won", olivia, is, "Sam", func() error { return s.WinLead(s.ctx, olivia, lead, 0) })
	s.undoesAll("won as somebody", olivia, is, "Sam", func() error { return s.WinLead(s.ctx, olivia, lead, acme.ID) })
	s.undoesAll("given away", sam, is, "Olivia", func() error {
		return s.EditLead(s.ctx, sam, lead, s.lead(lead).Version, Fields{"owner": idText(olivia.ID)})
	})
	went := Record{VisitRecord, visit}
	s.undoesAll("cancelled", olivia, went, "Sam", func() error { return s.CancelVisit(s.ctx, olivia, visit) })
	s.undoesAll("visited", sam, went, "", func() error {
		return s.VisitHappened(s.ctx, sam, visit, Fields{"outcome": "wants two", "next_step": "Offer", "next_on": "2026-03-20"}, nil)
	})
}

func TestUndoOfMaintenance(t *testing.T) {
	s := openShop(t)
	tim, id := walkable(s)
	dora, tom := s.member("Dana", Dispatcher), s.technician("Tom")
	task := Record{TaskRecord, id}
	s.must(s.AnswerStep(s.ctx, tim, id, 0, Found{Value: "done"}))
	s.undoesAll("finished", tim, task, "C0CALLS", func() error {
		_, err := s.FinishTask(s.ctx, tim, id, Finish{Reason: "no time", CarryOn: "2026-03-12"})
		return err
	})
	s.undoesAll("skip asked", tim, task, "Dana, Dora", func() error { return ignored(s.SkipTask(s.ctx, tim, id, "closed")) })
	s.undoesAll("skipped", dora, task, "", func() error { return ignored(s.SkipTask(s.ctx, dora, id, "closed")) })
	s.undoesAll("moved", dora, task, "Tim", func() error {
		return s.MoveTask(s.ctx, dora, id, s.taskNow(id).Version, Fields{"due_on": "2026-03-26"}, "closed")
	})
	s.undoesAll("given", dora, task, "Tim, Tom", func() error { return s.GiveTask(s.ctx, dora, id, tom.ID) })
	s.undoesAll("taken", tom, task, "Tim", func() error { return s.TakeTask(s.ctx, tom, id) })
	s.undoesAll("handed back", tim, task, "Tom", func() error { return s.HandBackTask(s.ctx, tim, id, "no time") })
	s.is("what was asked for", s.list("SELECT what FROM change ORDER BY id DESC LIMIT 1"), eventBack)

	now := s.taskNow(id)
	plan := Record{PlanRecord, now.PlanID}
	s.undoesAll("stopped", dora, plan, "", func() error { return s.StopPlan(s.ctx, dora, plan.ID) })
	s.undoesAll("plan", dora, plan, "", func() error {
		return ignored(s.EditPlan(s.ctx, dora, plan.ID, s.stored(plan.ID).Version, Fields{"lead_days": "7"}))
	})
	machine := Record{EquipmentRecord, s.stored(plan.ID).EquipmentID}
	s.undoesAll("retired", dora, machine, "", func() error { return s.RetireEquipment(s.ctx, dora, machine.ID) })
	s.must(s.RetireEquipment(s.ctx, dora, machine.ID))
	s.undoesAll("brought back", dora, machine, "", func() error { return s.ReturnEquipment(s.ctx, dora, machine.ID) })
}

func ignored[T any](_ T, err error) error { return err }

func TestACustomerWhoIsUsedStaysWhenTheirLeadIsTakenBack(t *testing.T) {
	s := openShop(t)
	sam, fay := s.member("Sam", Sales), s.member("Fay", Dispatcher)
	lead := s.adds(sam, Fields{"name": "Ann", "company": "Archer", "phone": "020 7946 0999"})
	s.must(s.WinLead(s.ctx, sam, lead, 0))
	customer, err := s.q.GetCustomer(s.ctx, *s.lead(lead).CustomerID)
	s.must(err)
	s.logs(fay, customer)
	u := s.undoes(sam)
	s.says("what stays", u.Now, "The customer who was made of it stays")
	s.is("stage", s.lead(lead).Stage, LeadNew)
	s.is("customers and contacts", s.list("SELECT name FROM customer UNION ALL SELECT name FROM contact"), "Archer, Ann")
}

func TestWhatTheDeskDidSinceIsNotOverwritten(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	id := s.asks(sam, s.customer("Acme"))
	s.prepares(sam, id)
	ready := s.last(sam)
	s.must(ignored(s.Store.Pool.Exec(s.ctx, "UPDATE quote SET status = 'expired', version = version + 1"))) // as a tick does at midnight
	_, err := s.Undo(s.ctx, sam, ready.ID)
	s.refuses(err, Conflict, "Things have moved on since you prepared quote")
	s.is("status", s.quote(id).Status, QuoteExpired)
}

func TestACustomerLearnsThatItIsNotSo(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	id := s.taken(front, tom, acme, jane)
	tom.Via = "sms" // who is on the way says so at once
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.undoes(tom)
	s.is("what had not left does not", s.list("SELECT kind || ' ' || state FROM notice WHERE customer_contact_id = $1 AND body->'told'->>'state' IS DISTINCT FROM 'received'", jane.ID), "inform cancelled")
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.sends()
	s.undoes(tom)
	s.is("in words", s.list("SELECT (body->'told'->>'text') || coalesce(body->>'text', '') FROM notice WHERE kind = 'correction'"),
		"please disregard our last message. Nobody is on the way to you about call "+idText(id)+" yet; we tell you when somebody is.")
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.is("and is told when it is", s.list("SELECT body->'told'->>'state' || ' ' || state FROM notice WHERE kind = 'inform' ORDER BY id DESC LIMIT 1"), "on_my_way owed")

	s.must(s.OptOut(s.ctx, jane.Phone, true)) // before the correction has left
	s.is("nothing more for who wants nothing more", s.list("SELECT state FROM notice WHERE kind = 'correction'"), "cancelled")
	s.must(ignored(s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'owed' WHERE kind = 'correction'"))) // as if it was made just then
	out, err := s.TakeNotice(s.ctx, parseID(t, s.list("SELECT id FROM notice WHERE kind = 'correction'")))
	s.must(err)
	if out != nil {
		t.Errorf("sent to somebody who answered STOP: %+v", out.Body)
	}
}
