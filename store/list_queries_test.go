package store_test

import (
	"context"
	"time"

	"callout/store"
)

// A page as chat shows it, and filters as people use them, over the large desk.
const pageSize = 11

func dayFrom(days int) *time.Time {
	day := largeNow.Truncate(24*time.Hour).AddDate(0, 0, days)
	return &day
}

var (
	someCustomer = []string{"%customer 77 %"}
	someWords    = []string{"%mb%"} // not too rare: of a text that its sample lacks, Postgres expects none and reads all
	oneMonth     = [2]*time.Time{dayFrom(-30), dayFrom(1)}
)

// each makes queries of one kind of filters by name.
func each[W any](noun string, run func(context.Context, *store.Store, W) error, filters map[string]W, whole map[string][]string) []listQuery {
	var out []listQuery
	for name, w := range filters {
		out = append(out, listQuery{noun + ", " + name, whole[name], func(ctx context.Context, s *store.Store) error { return run(ctx, s, w) }})
	}
	return out
}

func callQueries() []listQuery {
	type W = store.CallWhere
	return append(each("calls", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit = pageSize
		_, err := s.ListCalls(ctx, w)
		return err
	}, map[string]W{
		"all": {}, "pending": {Status: "pending"}, "closed": {Status: "closed"}, "customer": {Customer: someCustomer}, "technician": {Technicians: []int64{3}},
		"nobody": {Status: "pending", NoTechnician: true}, "month": {From: oneMonth[0], To: oneMonth[1]}, "priority": {Priority: "urgent"}, "words": {Words: []string{"%the%"}}, "next page": {Before: 9_000},
	}, nil), each("calls report", func(ctx context.Context, s *store.Store, w W) error {
		if _, err := s.CountCalls(ctx, w); err != nil {
			return err
		}
		if _, err := s.CountCallsByDay(ctx, w, "Europe/London"); err != nil {
			return err
		}
		_, err := s.CountCallsByTechnician(ctx, w)
		return err
	}, map[string]W{"everything": {}, "month": {From: oneMonth[0], To: oneMonth[1]}, "customer's month": {Customer: someCustomer, From: oneMonth[0], To: oneMonth[1]}},
		map[string][]string{"everything": {"call"}})...)
}

func visitQueries() []listQuery {
	type W = store.VisitWhere
	return append(each("visits", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit = pageSize
		_, err := s.ListVisits(ctx, w)
		return err
	}, map[string]W{
		"all": {}, "planned": {Status: "planned", Soonest: true}, "done": {Status: "done"}, "purpose": {Purpose: "sales"}, "somebody's": {Members: []int64{7}},
		"customer": {Customers: []int64{77}, Leads: []int64{}}, "lead": {Customers: []int64{}, Leads: []int64{77}}, "customer or lead": {Customers: []int64{77, 78}, Leads: []int64{77}},
		"month": {From: oneMonth[0], To: oneMonth[1]}, "words": {Words: someWords}, "next page": {AfterAt: dayFrom(-700), After: 99},
	}, nil), each("visits report", func(ctx context.Context, s *store.Store, w W) error {
		if _, err := s.CountVisits(ctx, w); err != nil {
			return err
		}
		if _, err := s.CountVisitsByDay(ctx, w, "Europe/London"); err != nil {
			return err
		}
		if _, err := s.CountVisitsByPurpose(ctx, w); err != nil {
			return err
		}
		_, err := s.CountVisitsByMember(ctx, w)
		return err
	}, map[string]W{"everything": {}, "month": {From: oneMonth[0], To: oneMonth[1]}, "customer": {Customers: []int64{77}, Leads: []int64{}}},
		map[string][]string{"everything": {"visit"}})...)
}

func leadQueries() []listQuery {
	type W = store.LeadWhere
	return append(each("leads", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit = pageSize
		_, err := s.ListLeads(ctx, w)
		return err
	}, map[string]W{
		"all": {}, "open": {Stage: "open"}, "open by due day": {Stage: "open", ByDue: true}, "due": {DueTo: dayFrom(1), ByDue: true}, "qualified": {Stage: "qualified"},
		"lost": {Stage: "lost"}, "somebody's": {Owners: []int64{7}}, "somebody's due": {Owners: []int64{7}, Stage: "open", DueTo: dayFrom(1), ByDue: true},
		"source": {Sources: []string{"Website"}}, "month": {From: oneMonth[0], To: oneMonth[1]}, "words": {Words: someWords}, "next page": {Before: 9_000},
		"next page by due day": {Stage: "open", ByDue: true, AfterOn: dayFrom(3), After: 9},
	}, nil), each("leads report", func(ctx context.Context, s *store.Store, w W) error {
		if _, err := s.CountLeads(ctx, w, *dayFrom(0)); err != nil {
			return err
		}
		if _, err := s.CountLeadsByStage(ctx, w); err != nil {
			return err
		}
		if _, err := s.CountLeadsBySource(ctx, w); err != nil {
			return err
		}
		_, err := s.CountLeadsByDay(ctx, w, "Europe/London")
		return err
	}, map[string]W{"everything": {}, "month": {From: oneMonth[0], To: oneMonth[1]}}, map[string][]string{"everything": {"lead"}})...)
}

func quoteQueries() []listQuery {
	type W = store.QuoteWhere
	return append(each("quotes", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit = pageSize
		_, err := s.ListQuotes(ctx, w)
		return err
	}, map[string]W{
		"all": {}, "sent": {Status: "sent"}, "accepted": {Status: "accepted"}, "open": {Statuses: []string{"requested", "ready", "sent", "change_requested"}},
		"customer": {Customer: someCustomer}, "somebody's": {By: []int64{7}}, "month": {From: oneMonth[0], To: oneMonth[1]}, "words": {Words: someWords}, "next page": {Before: 9_000},
	}, map[string][]string{"customer": {"lead"}}), each("quotes report", func(ctx context.Context, s *store.Store, w W) error {
		if _, err := s.CountQuotes(ctx, w); err != nil {
			return err
		}
		if _, err := s.SumAccepted(ctx, w); err != nil {
			return err
		}
		if _, err := s.CountQuotesByStatus(ctx, w); err != nil {
			return err
		}
		if _, err := s.CountQuotesByRequester(ctx, w); err != nil {
			return err
		}
		_, err := s.CountQuotesByDay(ctx, w, "Europe/London")
		return err
	}, map[string]W{"everything": {}, "month": {From: oneMonth[0], To: oneMonth[1]}}, map[string][]string{
		"everything": {"quote", "quote_version"}, "month": {"quote_version"}, // for a month's quotes, hashing all versions is no dearer than looking each up
	})...)
}

func taskQueries() []listQuery {
	type W = store.TaskWhere
	today := *dayFrom(0)
	machines := []string{"equipment", "pm_plan"} // most of them have a task that is not over
	return append(each("tasks", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit, w.Today = pageSize, today
		_, err := s.ListTasks(ctx, w)
		return err
	}, map[string]W{
		"not over": {}, "all": {Status: store.TasksAll}, "due": {Status: store.TasksDue}, "overdue": {Status: store.TasksOverdue}, "upcoming": {Status: store.TasksUpcoming},
		"done": {Status: "done"}, "skipped": {Status: "skipped"}, "started": {Status: "started"}, "customer": {Customer: someCustomer}, "customer's history": {Status: store.TasksAll, Customer: someCustomer},
		"machine": {Words: []string{"%m77%"}}, "somebody's": {Technicians: []int64{3}}, "somebody's done": {Status: "done", Technicians: []int64{3}}, "nobody's": {NoTechnician: true},
		"month": {From: oneMonth[0], To: oneMonth[1]}, "done in a month": {Status: "done", From: oneMonth[0], To: oneMonth[1]}, "next page": {After: &store.TaskKey{DueOn: today, ID: 5, PlanID: 5}},
	}, map[string][]string{
		"upcoming": {"pm_plan"},   // nearly every plan has something coming
		"machine":  {"equipment"}, // part of a name or number can stand anywhere in it
	}), each("maintenance report", func(ctx context.Context, s *store.Store, w W) error {
		w.Status, w.Today = store.TasksAll, today
		for _, by := range []string{store.TasksTogether, store.TasksByTechnician, store.TasksByModel} {
			if _, err := s.CountTasks(ctx, w, "Europe/London", by); err != nil {
				return err
			}
		}
		return nil
	}, map[string]W{"everything": {}, "month": {From: oneMonth[0], To: oneMonth[1]}, "customer": {Customer: someCustomer}},
		map[string][]string{"everything": append([]string{"pm_task"}, machines...), "month": machines})...)
}

func equipmentQueries() []listQuery {
	type W = store.EquipmentWhere
	return each("machines", func(ctx context.Context, s *store.Store, w W) error {
		w.Limit = pageSize
		_, err := s.ListEquipment(ctx, w)
		return err
	}, map[string]W{
		"all": {}, "active": {Status: "active"}, "retired": {Status: "retired"}, "customer": {Customer: someCustomer}, "words": {Words: []string{"%orrery%"}}, "next page": {Before: 900},
	}, nil)
}

// recordQueries are the other lists: what a tick looks for, what home shows, what a customer's card shows.
func recordQueries() []listQuery {
	q := func(name string, run func(context.Context, *store.Store) error, whole ...string) listQuery {
		return listQuery{name, whole, run}
	}
	day, now, member := dayFrom(0), largeNow, int64(7)
	return []listQuery{
		q("leads due for somebody", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListLeadsDue(ctx, store.ListLeadsDueParams{Day: day, OwnerID: member, Max: 20})
			return err
		}),
		q("next steps of somebody", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListNextSteps(ctx, store.ListNextStepsParams{Day: day, MemberID: member, Max: 20})
			return err
		}),
		q("planned visits of somebody", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListPlannedVisits(ctx, store.ListPlannedVisitsParams{Since: now, Until: now.AddDate(0, 0, 1), MemberID: member, Max: 20})
			return err
		}),
		q("leads with this phone or e-mail", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListLeadTwins(ctx, store.ListLeadTwinsParams{Phone: "+442079460500", Email: "lead77@lead.example"})
			return err
		}),
		q("sources of leads", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListSources(ctx)
			return err
		}),
		q("quotes to expire", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListQuotesToExpire(ctx, day)
			return err
		}),
		q("quotes to remind of", func(ctx context.Context, s *store.Store) error {
			before := now.Add(-24 * time.Hour)
			_, err := s.ListQuotesToRemind(ctx, store.ListQuotesToRemindParams{Status: "sent", Before: before, Mark: "unanswered-3"})
			return err
		}),
		q("plans whose task is to be made", func(ctx context.Context, s *store.Store) error {
			_, err := s.TakeDuePlans(ctx, store.TakeDuePlansParams{Today: *day, Max: 50})
			return err
		}, "pm_plan", "equipment"),
		q("tasks to remind of", func(ctx context.Context, s *store.Store) error {
			_, err := s.TakeTasksToRemind(ctx, store.TakeTasksToRemindParams{Until: day, Max: 50})
			return err
		}),
		q("tasks ahead of somebody", func(ctx context.Context, s *store.Store) error {
			technician := int64(3)
			_, err := s.ListTasksAhead(ctx, store.ListTasksAheadParams{TechnicianID: &technician, Until: *dayFrom(14)})
			return err
		}),
		q("tasks of a plan", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListPlanTasks(ctx, 77)
			return err
		}),
		q("candidates for a task", func(ctx context.Context, s *store.Store) error {
			_, err := s.ListTaskCandidates(ctx, store.ListTaskCandidatesParams{
				Channels: []string{"slack"}, TaskID: 7, WeekFrom: *dayFrom(-7), WeekTo: *dayFrom(7), Since: now.AddDate(0, 0, -14), EquipmentID: 77, CustomerID: 77,
			})
			return err
		}),
	}
}
