#!/bin/sh
# Writes a desk of 1,000,000 calls, 100,000 visits, 50,000 leads, 50,000 quotes and 20,000 machines with 100,000 tasks into a
# database of its own, and prints for each list and report how long it takes (the shortest of seven) and which indexes or tables
# it reads. Fails if one reads a whole table that it should not. Takes some minutes and about 2 GB.
set -eu
cd "$(dirname "$0")/.."
CALLOUT_LARGE_DESK=1 go test ./store -run TestLargeListsReadNoWholeTable -v -count=1 -timeout 60m |
	sed -n 's/^ *list_explain_test.go:[0-9]*: //p; /^ok\|^FAIL\|^---/p; /^        /p'
