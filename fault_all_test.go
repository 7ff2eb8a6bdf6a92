//go:build fault

package main

// everyFault makes the suite try every fault, which takes some minutes: go test -tags fault -run Fault .
const everyFault = true
