package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/store"
)

// maintained adds a task that is due in a week, by a checklist as people type it, and returns its number.
func (s *shop) maintained(by *person, steps ...string) int {
	s.Helper()
	parsed, err := desk.ParseSteps(strings.Join(steps, "\n"))
	s.must(err)
	encoded, err := json.Marshal(parsed)
	s.must(err)
	e, err := s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: s.customer("Acme").ID, Model: "Vela C301", Serial: "S-1", Skills: []string{}, CreatedAt: s.now})
	s.must(err)
	t, err := s.store.InsertTemplate(s.ctx, store.InsertTemplateParams{Name: "Monthly service", CreatedBy: by.member.ID, CreatedAt: s.now})
	s.must(err)
	s.must(s.store.InsertTemplateVersion(s.ctx, store.InsertTemplateVersionParams{TemplateID: t.ID, Number: 1, Steps: encoded, CreatedBy: by.member.ID, CreatedAt: s.now}))
	due := time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC)
	p, err := s.store.InsertPlan(s.ctx, store.InsertPlanParams{
		EquipmentID: e.ID, TemplateID: t.ID, Every: 1, Unit: "month", Months: []int32{}, Shift: "none", LeadDays: 14, AnchorOn: due,
		CreatedBy: by.member.ID, CreatedAt: s.now,
	})
	s.must(err)
	s.must(s.store.PutPlanDue(s.ctx, store.PutPlanDueParams{ID: p.ID, DueOn: &due}))
	s.must(s.Desk.Tick(s.ctx))
	var id int
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT max(id) FROM pm_task").Scan(&id))
	return id
}

// sends sends a form of a task with the values, by field.
func (p *person) sendsStep(form *Form, values Values) Reply {
	p.Helper()
	if form == nil {
		p.Fatal("there is no form")
	}
	return p.Handle(p.ctx, Request{Platform: Slack, Kind: KindForm, User: p.user, Channel: "C0CALLS", Name: form.ID, State: form.State, Values: values})
}

func fieldNamed(f *Form, name string) Field {
	for _, field := range f.Fields {
		if field.Name == name {
			return field
		}
	}
	return Field{}
}

func TestEveryKindOfStepInItsForm(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := s.maintained(fay, "check Filter", "pass Rollers", "number Fuser 150..200 °C", "text Remarks (optional)", "choice Wear: new, worn", "photo Plate")
	form := tom.presses(formStep, id).Form
	if f := fieldNamed(form, "answer_0"); f.Kind != FieldChecks || form.Title != "Maintenance 1" {
		t.Errorf("a check is %+v in %q", f, form.Title)
	}
	if got := fieldNamed(form, "then_0").Options; len(got) != 4 { // no way back from the first
		t.Errorf("after the first step one may %v", got)
	}
	form = tom.sendsStep(form, Values{"answer_0": {"done"}, "then_0": {"next"}}).Form
	if f := fieldNamed(form, "answer_1"); f.Kind != FieldRadio || len(f.Options) != 3 {
		t.Errorf("pass, flag or fail is %+v", f)
	}
	if r := tom.sendsStep(form, Values{"answer_1": {"flag"}}); r.Errors["note_1"] == "" {
		t.Errorf("a flag without a word: %+v", r)
	}
	form = tom.sendsStep(form, Values{"answer_1": {"flag"}, "note_1": {"worn"}}).Form
	if f := fieldNamed(form, "answer_2"); f.Kind != FieldLine || f.Hint != "150 to 200 °C" {
		t.Errorf("a number is %+v", f)
	}
	form = tom.sendsStep(form, Values{"answer_2": {"149"}}).Form
	if news := fieldNamed(form, "news").Note.String(); !strings.Contains(news, "149 °C is not 150 to 200 °C. It is kept, and flagged.") {
		t.Errorf("out of range: %q", news)
	}
	form = tom.sendsStep(form, Values{}).Form // may be left out
	if f := fieldNamed(form, "answer_4"); f.Kind != FieldRadio || len(f.Options) != 2 || len(f.Chosen) != 0 {
		t.Errorf("a choice is %+v", f)
	}
	form = tom.sendsStep(form, Values{"answer_4": {"1"}, "then_4": {"back"}}).Form
	form = tom.sendsStep(form, Values{"answer_3": {"all fine"}, "then_3": {"next"}}).Form
	if f := fieldNamed(form, "photos_5"); f.Kind != FieldFiles {
		t.Errorf("after the choice comes %+v", form)
	}
	r := tom.sendsStep(form, Values{"then_5": {"stop"}})
	s.wants(r, "Maintenance 1 waits for you at step 6 of 6")
	form = tom.presses(formStep, id).Form
	form = tom.sendsStep(form, Values{"photos_5": {"F1"}}).Form
	if form.ID != formFinish || fieldNamed(form, "reason").Label != "" {
		t.Errorf("at the end: %+v", form)
	}
	form = tom.sendsStep(form, Values{"then": {"back"}}).Form
	if form.ID != formStep || !strings.HasSuffix(form.State, " 5") {
		t.Errorf("back from the end: %+v", form)
	}
	form = tom.sendsStep(form, Values{"then_5": {"finish"}}).Form
	s.wants(tom.sendsStep(form, Values{"outcome": {"Runs"}}), "Maintenance 1 is done, thank you: 4 fine and 2 flagged.", "next one is due Fri 17 Apr 2026")
}

func TestWhoSeesWhatOfATask(t *testing.T) {
	s := openShop(t)
	fay, tom, vic := s.member("Fay", desk.Dispatcher), s.technician("Tom"), s.member("Vic", desk.Viewer)
	id := s.maintained(fay, "check Filter")
	golden(t, "maintenance", *tom.presses("task.show", id).Say)
	s.wants(tom.presses("task.show", id), "Maintenance 1 · Monthly service", "0 of 1 done", "Start", "Can't do it")
	s.wants(fay.presses("task.show", id), "Start", "Reschedule…", "Give to…")
	if said := reads(vic.presses("task.show", id)); strings.Contains(said, "Start") || !strings.Contains(said, "History") {
		t.Errorf("a viewer sees %s", said)
	}
	s.wants(vic.presses(formSkipTask, id), "You may not ask to skip maintenance")
	s.wants(vic.presses(formStep, id), "You may not do maintenance")
	s.wants(tom.presses("task.history", id), "made it", "gave it to somebody")
	s.wants(tom.presses("task.approve", id), "You may not approve skipped maintenance")
	s.wants(fay.presses("task.approve", id), "Nobody asks to skip maintenance 1")
}

func TestALongChecklistFits(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	long := strings.Repeat("ä", desk.MaxStep-1)
	steps := []string{"choice " + strings.Repeat("W", 60) + ": " + strings.Repeat("é", 40) + ", b, c, d, e, f, g, h, i, j"}
	for range 12 {
		steps = append(steps, "pass "+long)
	}
	id := s.maintained(fay, steps...)
	form := tom.presses(formStep, id).Form
	for _, o := range fieldNamed(form, "answer_0").Options {
		if len(o.Value) > 75 || len([]rune(o.Label)) > 75 {
			t.Errorf("option %+v", o)
		}
	}
	form = tom.sendsStep(form, Values{"answer_0": {"0"}}).Form
	for at := 1; form != nil && form.ID == formStep; at++ {
		form = tom.sendsStep(form, Values{stepField("answer", at): {"flag"}, stepField("note", at): {strings.Repeat("n", desk.MaxStepNote)}}).Form
	}
	if form == nil || form.ID != formFinish || len(form.Title) > 24 || len(form.Fields) > 20 {
		t.Fatalf("at the end: %+v", form)
	}
	for _, f := range form.Fields {
		if n := len([]rune(f.Note.String())); n > 2900 {
			t.Errorf("the note %s has %d characters", f.Name, n)
		}
	}
}
