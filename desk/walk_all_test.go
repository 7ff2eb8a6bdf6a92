//go:build fault

package desk

// With -tags fault, a hundred thousand steps are taken, and each race is run many times; -walks takes more.
const (
	walksTaken = 3500
	raceRounds = 20
)
