//go:build !fault

package main

// everyFault is off: one quick fault of each kind has to do. See fault_all_test.go.
const everyFault = false
