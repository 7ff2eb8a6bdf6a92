package desk

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"callout/store"
)

// pick scores every technician for the task, the best first.
func (s *taskStep) pick(ctx context.Context) ([]Score, error) {
	v, err := s.q.GetTaskView(ctx, s.task.ID)
	if err != nil {
		return nil, fmt.Errorf("read task: %w", err)
	}
	machine, err := s.q.GetEquipment(ctx, v.EquipmentID)
	if err != nil {
		return nil, fmt.Errorf("read equipment: %w", err)
	}
	return s.taskCandidates(ctx, taskNeed{
		Need: Need{Skills: machine.Skills, Territory: v.Territory}, taskID: s.task.ID, due: s.task.DueOn, equipment: machine.ID, customer: machine.CustomerID,
	})
}

// taskNeed is what a task on a day asks of a technician.
type taskNeed struct {
	Need
	taskID, equipment, customer int64
	due                         Day
}

// taskCandidates scores every technician for a task as PickTechnician does for a call, with a task's own facts. Who is on duty now
// says nothing about a day in the future: who has time off on that day counts as off duty, and nobody else does. Load is the
// tasks within a week of the day; it lowers the score and bars nobody, because many machines may be due on the first of a month,
// and a task can be moved. Turns are counted over tasks.
func (c *change) taskCandidates(ctx context.Context, n taskNeed) ([]Score, error) {
	now := c.Now()
	rows, err := c.q.ListTaskCandidates(ctx, store.ListTaskCandidatesParams{
		Channels: c.Desk.Options.Channels, TaskID: n.taskID, EquipmentID: n.equipment, CustomerID: n.customer,
		WeekFrom: n.due.AddDate(0, 0, -7), WeekTo: n.due.AddDate(0, 0, 7), Since: now.Add(-fairnessWindow),
	})
	if err != nil {
		return nil, fmt.Errorf("list candidates: %w", err)
	}
	zones := make(map[int64]*time.Location, len(rows))
	for _, r := range rows {
		zones[r.ID] = zoneOr(r.Timezone, c.Zone)
	}
	noon := noonOf(n.due, c.Zone)
	facts, err := c.dutyFacts(ctx, c.q, zones, noon, noon.Add(time.Microsecond))
	if err != nil {
		return nil, err
	}
	candidates := make([]Candidate, len(rows))
	for i, r := range rows {
		_, away := facts[r.ID].away(noon)
		candidates[i] = Candidate{
			ID: r.ID, Name: r.Name, Reachable: r.Reachable, OnDuty: !away, Skills: r.Skills, Territory: r.Territory, Load: int(r.Load),
			Capacity: int(max(int64(r.Capacity), r.Load+1)), Declined: r.Declined, Knows: r.Knows, RecentOffers: int(r.Recent), LastOffer: r.LastAt,
		}
	}
	scores := PickTechnician(n.Need, candidates, now)
	for i := range scores { // the words are those of calls
		for j, out := range scores[i].Out {
			scores[i].Out[j] = cmp.Or(taskOuts[out], out)
		}
	}
	return scores, nil
}

// taskOuts says for tasks why somebody can't be asked, where calls have other words.
var taskOuts = map[string]string{
	outOffDuty: "has time off then", "declined this call": "can't do it",
}

// noonOf is the middle of a day in a zone.
func noonOf(day Day, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)
}
