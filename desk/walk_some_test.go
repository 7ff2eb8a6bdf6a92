//go:build !fault

package desk

// The default suite takes few walks and races; see walk_all_test.go.
const (
	walksTaken = 25
	raceRounds = 1
)
