package desk

import (
	"encoding/json"
	"strings"
	"time"

	"callout/store"
)

// checklistFor adds a template with a checklist as people type it.
func (s *shop) checklistFor(a Actor, steps ...string) store.PmTemplate {
	s.Helper()
	parsed, err := ParseSteps(strings.Join(steps, "\n"))
	s.must(err)
	encoded, err := json.Marshal(parsed)
	s.must(err)
	t, err := s.q.InsertTemplate(s.ctx, store.InsertTemplateParams{Name: "Yearly service", CreatedBy: a.ID, CreatedAt: s.Now()})
	s.must(err)
	s.must(s.q.InsertTemplateVersion(s.ctx, store.InsertTemplateVersionParams{TemplateID: t.ID, Number: 1, Steps: encoded, CreatedBy: a.ID, CreatedAt: s.Now()}))
	return t
}

// planOf adds a monthly plan of a machine from a day on, and decides when it is due.
func (s *shop) planOf(a Actor, e store.Equipment, t store.PmTemplate, anchor string, change ...func(*store.InsertPlanParams)) store.PmPlan {
	s.Helper()
	in := store.InsertPlanParams{
		EquipmentID: e.ID, TemplateID: t.ID, Every: 1, Unit: "month", Months: []int32{}, Shift: ShiftNone, LeadDays: 14,
		AnchorOn: s.aDay(anchor), CreatedBy: a.ID, CreatedAt: s.Now(),
	}
	for _, f := range change {
		f(&in)
	}
	p, err := s.q.InsertPlan(s.ctx, in)
	s.must(err)
	_, err = s.putDue(s.ctx, s.q, p)
	s.must(err)
	return p
}

func (s *shop) aDay(text string) Day {
	s.Helper()
	d, err := time.Parse(dayKey, text)
	s.must(err)
	return d
}

// tasksOf lists the tasks of a plan: key, status and technician's number of each.
func (s *shop) tasksOf(p store.PmPlan) string {
	s.Helper()
	return s.list("SELECT due_key || ' ' || status || coalesce(' ' || technician_id, '') FROM pm_task WHERE plan_id = $1 ORDER BY id", p.ID)
}

// madeTask ticks and returns the only open task of a plan.
func (s *shop) madeTask(p store.PmPlan) store.PmTask {
	s.Helper()
	s.must(s.maintain(s.ctx))
	id := parseID(s.T, s.list("SELECT id FROM pm_task WHERE plan_id = $1 AND status IN ('open','started')", p.ID))
	t, err := s.q.GetTask(s.ctx, id)
	s.must(err)
	return t
}

func (s *shop) taskNow(id int64) store.PmTask {
	s.Helper()
	t, err := s.q.GetTask(s.ctx, id)
	s.must(err)
	return t
}

// toldOfTasks lists what a member was told about tasks, the words of each.
func (s *shop) toldOfTasks(a Actor) string {
	s.Helper()
	return s.list("SELECT kind || ': ' || (body->>'text') FROM notice WHERE member_id = $1 AND record = 'task' ORDER BY id", a.ID)
}

func fromCompletion(in *store.InsertPlanParams) { in.FromCompletion = true }

func leads(days int32) func(*store.InsertPlanParams) {
	return func(in *store.InsertPlanParams) { in.LeadDays = days }
}
