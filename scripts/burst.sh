#!/bin/sh
# Sends 10,000 calls in a minute at the program, a process of its own on a real Postgres, and prints how long the
# acknowledgements took, how long the queues took to drain and what memory was held. Slack's part is played by a server that
# answers at once and has no limits: the real one takes one message a second in a channel. BURST=2000 sends fewer.
set -eu
cd "$(dirname "$0")/.."
CALLOUT_BURST="${BURST:-10000}" go test -tags fault -run 'TestFaultBurst$' -v -count=1 -timeout 60m . |
	sed -n 's/^ *fault_burst_test.go:[0-9]*: //p; /^ok\|^FAIL\|^---/p'
