package seed_test

import (
	"testing"

	"callout/internal/seed"
	"callout/store/storetest"
)

func TestLarge(t *testing.T) {
	t.Parallel()
	ctx, now, s := t.Context(), moments["afternoon"], storetest.Open(t)
	size := seed.Size{Calls: 300, Visits: 400, Leads: 200, Quotes: 150, Machines: 50, Tasks: 250}
	if err := seed.Large(ctx, s, size, now); err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]int{
		"call": size.Calls, "visit": size.Visits, "lead": size.Leads, "quote": size.Quotes, "equipment WHERE serial LIKE 'M%'": size.Machines, "pm_plan": size.Machines,
	} {
		if n := number(t, s, "SELECT count(*) FROM "+sql); n != want {
			t.Errorf("%s: %d rows, want %d", sql, n, want)
		}
	}
	if n := number(t, s, "SELECT count(*) FROM pm_task"); n < size.Tasks*8/10 {
		t.Errorf("%d tasks, want about %d", n, size.Tasks)
	}
	for _, table := range []string{"call", "visit", "lead", "quote", "equipment", "pm_plan", "pm_task", "quote_version"} { // they may be unchecked
		checkKeys(t, s, table)
	}
	for _, what := range []string{"quote not its newest", "quote does not add up", "line does not add up", "version gap", "quote to expire", "visit in the past", "visit still to come", "meter runs back", "machine not found"} {
		if n := number(t, s, brokenBooks[what], args(brokenBooks[what], now)...); n != 0 {
			t.Errorf("%s: %d rows", what, n)
		}
	}
	if err := newDesk(t, s, now).Tick(ctx); err != nil {
		t.Fatal(err)
	}
}
