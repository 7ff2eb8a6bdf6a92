//go:build fault

package main

import "testing"

// TestFaultTruthUnderLoad sends forms from eight clients at once, one in twenty of them twice: each becomes one call, with one card
// and one offer.
func TestFaultTruthUnderLoad(t *testing.T) {
	t.Parallel()
	const n = 60
	ours := startBench(t, true)
	all := ours.submissions(n)
	for i := 0; i < n; i += 20 {
		all = append(all, delivery{raw: all[i].raw}, delivery{raw: all[i+1].raw})
	}
	all[2], all[n] = all[n], all[2] // a repetition that overtakes, or meets, the first
	flood(t, ours.address, benchClients, all)
	ours.said(t)
	said := ours.bySummary(t)
	if len(said) != n {
		t.Errorf("%d calls of %d forms", len(said), n)
	}
	for i := range n {
		s := said[viewName(i)]
		if s.call == 0 || len(s.card) != 1 || len(s.offer) != 1 {
			t.Errorf("form %d: call %d, %d cards, %d offers; want one of each", i, s.call, len(s.card), len(s.offer))
		}
	}
	var lines int
	if err := ours.app.store.Pool.QueryRow(t.Context(), "SELECT count(*) FROM call_event WHERE kind = 'logged'").Scan(&lines); err != nil || lines != n {
		t.Errorf("%d timelines begin, want %d: %v", lines, n, err)
	}
}
