package jobs

import (
	"context"
	"iter"

	"callout/desk"
	"callout/reports"
	"callout/store"
)

// maintenanceReport is the report on maintenance.
func maintenanceReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.MaintenanceReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	return reports.Maintenance(reports.MaintenanceInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone, Filters: filtersOf(desk.NounMaintenance, f),
		Totals: reports.MaintenanceTotals{
			All: taskTally(data.Totals), ByTechnician: taskTallies(data.ByTechnician), ByModel: taskTallies(data.ByModel),
		},
		Rows: maintenanceRows(ctx, data),
	}), nil
}

func taskTally(t store.TaskTotals) reports.TaskTally {
	return reports.TaskTally{
		Name: t.Label, OnTime: int(t.OnTime), Late: int(t.Late), Overdue: int(t.Overdue), Skipped: int(t.Skipped), Missed: int(t.Missed),
	}
}

func taskTallies(totals []store.TaskTotals) []reports.TaskTally {
	tallies := make([]reports.TaskTally, len(totals))
	for i, t := range totals {
		tallies[i] = taskTally(t)
	}
	return tallies
}

func maintenanceRows(ctx context.Context, data desk.MaintenanceReport) iter.Seq2[reports.MaintenanceRow, error] {
	return each(func(fn func(reports.MaintenanceRow) error) error {
		return data.Each(ctx, func(t desk.TaskRow) error {
			return fn(reports.MaintenanceRow{
				Number: t.ID, Due: t.DueOn, Done: t.DoneAt, Status: t.Status, Customer: t.Customer, Site: t.Site, Machine: t.Model + " " + t.Serial,
				Template: t.Template, Technician: t.Technician, Flags: int(t.Flags), Fails: int(t.Fails), Reason: t.Reason, Outcome: t.Outcome,
			})
		})
	})
}
