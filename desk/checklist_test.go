package desk

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	step := func(line string) Step {
		t.Helper()
		steps, err := ParseSteps(line)
		if err != nil {
			t.Fatal(err)
		}
		return steps[0]
	}
	takes := func(line string, f Found, result, value string) {
		t.Helper()
		gotResult, gotValue, err := step(line).judge(f, false)
		if err != nil || gotResult != result || gotValue != value {
			t.Errorf("%s: %+v is %q %q %v, want %q %q", line, f, gotResult, gotValue, err, result, value)
		}
	}
	refuses := func(line string, f Found, field string, words string) {
		t.Helper()
		_, _, err := step(line).judge(f, false)
		refused, ok := err.(*Error) //nolint:errorlint // it is the very refusal
		if !ok || !strings.Contains(refused.Fields[field], words) {
			t.Errorf("%s: %+v is refused with %v, want %q on %s", line, f, err, words, field)
		}
	}
	takes("check Filter", Found{Value: "done"}, FoundDone, "")
	refuses("check Filter", Found{Note: "dirty"}, "answer", "Mark it as done")
	takes("check Filter (optional)", Found{}, FoundLeft, "")
	takes("pass Brakes", Found{Value: "pass"}, FoundPass, "")
	takes("pass Brakes", Found{Value: "fail", Note: "worn"}, FoundFail, "")
	refuses("pass Brakes", Found{Value: "fail"}, "note", "what you found")
	refuses("pass Brakes", Found{Value: "maybe"}, "answer", "pass, flag or fail")
	const fuser = "number Fuser 150..200 °C"
	takes(fuser, Found{Value: "182"}, FoundPass, "182")
	takes(fuser, Found{Value: " 182,5 °c"}, FoundPass, "182.5")
	takes(fuser, Found{Value: "150"}, FoundPass, "150")
	takes(fuser, Found{Value: "200.01"}, FoundFlag, "200.01")
	takes(fuser, Found{Value: "-4"}, FoundFlag, "-4")
	takes("number Pages", Found{Value: "12 345"}, FoundPass, "12345")
	takes("number Voltage 4..6 V", Found{Value: "5.012V"}, FoundPass, "5.012")
	refuses("number Pages", Found{Value: "12,345"}, "answer", "two ways")
	refuses(fuser, Found{Value: "hot"}, "answer", "“hot” is not a number")
	refuses(fuser, Found{Value: "1e5"}, "answer", "not a number")
	refuses(fuser, Found{}, "answer", "Type the number")
	takes("text Remarks", Found{Value: "all fine"}, FoundDone, "all fine")
	refuses("text Remarks", Found{}, "answer", "Write what you found")
	const rollers = "choice Rollers: new, worn, 1"
	takes(rollers, Found{Value: "Worn"}, FoundDone, "worn")
	takes(rollers, Found{Value: "2"}, FoundDone, "worn")
	takes(rollers, Found{Value: "1"}, FoundDone, "1") // the choice of that name
	refuses(rollers, Found{Value: "old"}, "answer", "“old” is none of the choices")
	takes("photo Plate", Found{Photos: []Upload{{"slack", "F1"}}}, FoundDone, "")
	refuses("photo Plate", Found{}, "photos", "Add a photo")
	if result, _, err := step("photo Plate").judge(Found{}, true); err != nil || result != FoundDone {
		t.Errorf("a photo that is there: %q %v", result, err)
	}
}

// walkable is a task with a step of every kind, started by Tim.
func walkable(s *shop) (tim Actor, id int64) {
	s.Helper()
	dora := s.member("Dora", Dispatcher)
	tim = s.technician("Tim")
	steps := s.checklistFor(dora, "check Filter", "pass Rollers", "number Fuser 150..200 °C", "text Remarks (optional)", "choice Wear: new, worn", "photo Plate")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), steps, "2026-03-10")
	id = s.madeTask(p).ID
	_, err := s.StartTask(s.ctx, tim, id)
	s.must(err)
	return tim, id
}

// at is the step that comes next, from 1.
func (s *shop) at(a Actor, id int64) int {
	s.Helper()
	c, err := s.Checklist(s.ctx, a, id)
	s.must(err)
	return c.At + 1
}

func (s *shop) answers(id int64) string {
	s.Helper()
	return s.list("SELECT concat_ws(' ', step + 1, result, nullif(value, ''), nullif(note, '')) FROM pm_answer WHERE task_id = $1 ORDER BY step", id)
}

func TestAWalkThroughAChecklist(t *testing.T) {
	s := openShop(t)
	tim, id := walkable(s)
	answer := func(at int, f Found) {
		t.Helper()
		s.must(s.AnswerStep(s.ctx, keyed(tim, "answer "+strconv.Itoa(at)+f.Value), id, at-1, f))
	}
	answer(1, Found{Value: "done"})
	answer(2, Found{Value: "fail", Note: "torn"})
	answer(2, Found{Value: "fail", Note: "torn"}) // the same delivery again
	answer(3, Found{Value: "210"})
	s.is("next", strconv.Itoa(s.at(tim, id)), "4")
	s.must(s.BackFrom(s.ctx, tim, id, 3))
	s.is("after going back", strconv.Itoa(s.at(tim, id)), "3")
	answer(3, Found{Value: "180"})
	s.is("on again", strconv.Itoa(s.at(tim, id)), "4")
	answer(4, Found{})
	s.must(s.LeaveStep(s.ctx, tim, id, 4, "no light"))
	answer(6, Found{Photos: []Upload{{"slack", "F1"}}})
	s.is("at the end", strconv.Itoa(s.at(tim, id)), "7")
	s.is("answers", s.answers(id), "1 done, 2 fail torn, 3 pass 180, 4 left, 5 left no light, 6 done")
	s.is("the call", s.list("SELECT summary || ' / ' || priority || ' / ' || equipment_id FROM call"), "Copier X S-1: Rollers: torn / normal / 1")
	s.is("who logged it", s.list("SELECT logged_by FROM call"), strconv.FormatInt(tim.ID, 10))
	s.is("its number is with the answer", s.list("SELECT call_id FROM pm_answer WHERE call_id IS NOT NULL"), s.list("SELECT id FROM call"))
	s.is("somebody is found for it", s.list("SELECT count(*) FROM river.river_job WHERE kind = 'assign'"), "1")

	_, err := s.FinishTask(s.ctx, tim, id, Finish{})
	s.refuses(err, Invalid)
	done, err := s.FinishTask(s.ctx, keyed(tim, "finish"), id, Finish{Outcome: "Runs well", Reason: "no light in the cellar"})
	s.must(err)
	s.is("summary", done.Checklist.Summary(), "3 fine, 1 failed and 1 left (call 1)")
	again, err := s.FinishTask(s.ctx, keyed(tim, "finish"), id, Finish{Outcome: "Runs well", Reason: "no light in the cellar"})
	s.must(err)
	if again.Carried != done.Carried || done.Carried == 0 {
		t.Errorf("carried to %d, again %d", done.Carried, again.Carried)
	}
	rest := s.taskNow(done.Carried)
	s.is("the rest", rest.DueOn.Format(dayKey)+" "+rest.Reason, "2026-03-17 no light in the cellar")
	c, err := s.StartTask(s.ctx, tim, rest.ID)
	s.must(err)
	if len(c.Steps) != 1 || c.Steps[0].Text != "Wear" {
		t.Errorf("the rest has the steps %+v", c.Steps)
	}
	s.is("the plan goes on", s.list("SELECT due_on FROM pm_plan"), "2026-04-10")
	s.is("the visit", s.list("SELECT purpose || ' ' || task_id FROM visit"), "maintenance "+strconv.FormatInt(id, 10))
	s.is("the sheet", s.list("SELECT channel || ' ' || address FROM notice WHERE kind = 'service_sheet' ORDER BY id"), "slack C0CALLS, slack "+s.user(tim))
	s.must(s.AnswerStep(s.ctx, tim, rest.ID, 0, Found{Value: "new"}))
	_, err = s.FinishTask(s.ctx, tim, rest.ID, Finish{})
	s.must(err)
	s.is("the rest moves no plan", s.list("SELECT due_on FROM pm_plan"), "2026-04-10")
}

func (s *shop) user(a Actor) string {
	s.Helper()
	return s.list("SELECT user_id FROM chat_identity WHERE member_id = $1", a.ID)
}

func TestOnlyWhoHasItWorksAtATask(t *testing.T) {
	s := openShop(t)
	tim, id := walkable(s)
	tom, vic := s.technician("Tom"), s.member("Vic", Viewer)
	s.refuses(s.AnswerStep(s.ctx, tom, id, 0, Found{Value: "done"}), Forbidden, "is with Tim")
	s.refuses(s.AnswerStep(s.ctx, vic, id, 0, Found{Value: "done"}), Forbidden)
	s.refuses(s.AnswerStep(s.ctx, tim, id, 6, Found{Value: "done"}), Conflict, "has 6 steps")
	s.refuses(s.AnswerStep(s.ctx, tim, id, 0, Found{Value: "done", Note: strings.Repeat("x", MaxStepNote+1)}), Invalid)
	s.must(s.TakeTask(s.ctx, tom, id))
	s.must(s.AnswerStep(s.ctx, tom, id, 0, Found{Value: "done"}))
	s.refuses(s.AnswerStep(s.ctx, tim, id, 1, Found{Value: "pass"}), Forbidden, "is with Tom")
	if news := s.toldOfTasks(tim); !strings.Contains(news, "Tom took it over from you") {
		t.Errorf("Tim hears %q", news)
	}
}

func TestTheNumberOfLastTime(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "number Pages"), "2026-03-10")
	for _, pages := range []string{"1000", "2500"} {
		id := s.madeTask(p).ID
		c, err := s.StartTask(s.ctx, tim, id)
		s.must(err)
		want := map[string]string{"1000": "", "2500": "1000"}[pages]
		s.is("last time", c.Steps[0].Last, want)
		s.must(s.AnswerStep(s.ctx, tim, id, 0, Found{Value: pages}))
		_, err = s.FinishTask(s.ctx, tim, id, Finish{})
		s.must(err)
		s.clock.move(31 * 24 * time.Hour)
	}
}

// TestDoneLongBeforeItIsDue is about a plan that counts from completion and comes to the same day twice.
func TestDoneLongBeforeItIsDue(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	p := s.planOf(dora, s.machine(s.customer("Acme"), "S-1"), s.checklistFor(dora, "check Filter"), "2026-04-10", fromCompletion, leads(60))
	done := func() {
		t.Helper()
		id := s.madeTask(p).ID
		_, err := s.StartTask(s.ctx, tim, id)
		s.must(err)
		s.must(s.AnswerStep(s.ctx, tim, id, 0, Found{Value: "done"}))
		_, err = s.FinishTask(s.ctx, tim, id, Finish{})
		s.must(err)
	}
	done()
	done()
	s.is("both are there", s.list("SELECT due_on || ' ' || status FROM pm_task ORDER BY id"), "2026-04-10 done, 2026-04-10 done")
}
