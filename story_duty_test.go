package main

import "testing"

// TestCoverAndTimeOff: somebody is covered by who presses Take first, and has time off when a dispatcher approves it.
func TestCoverAndTimeOff(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	una := w.technician("Una Uptime", "")
	tim.asks("/duty cover friday 8-17 My sister marries", "I have asked the others to cover you: Fri 13 Mar 08:00–17:00")
	una.readsDM("Who covers Tim Tech?", "My sister marries")
	card := una.reads(callsChannel, "Who covers Tim Tech?", "My sister marries")
	una.presses(card, "Take")
	tim.readsDM("Una Uptime covers you: Fri 13 Mar 08:00–17:00. You are off duty then.")
	dora.readsDM("Una Uptime covers Tim Tech")
	dora.reads(callsChannel, "Una Uptime covers Tim Tech.")
	dora.asks("/duty who friday 10:00", "1 of 2 technicians on duty", "covers somebody", "is covered")

	tim.asks("/duty time-off 2026-03-16..2026-03-20 Skiing", "It counts once it is approved")
	ask := dora.readsDM("Time off for Tim Tech?", "Skiing", "Others off then")
	dora.presses(ask, "Approve")
	tim.readsDM("Dora Desk approved your time off: Mon 16 Mar – Fri 20 Mar.")
	dora.asks("/duty @tim", "time off", "Mon 16 Mar – Fri 20 Mar")
}
