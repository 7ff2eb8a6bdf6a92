//go:build fault

package desk

// With -tags fault, so many walks are taken that a hundred thousand steps are, and each race is run fifty times.
const (
	walksTaken = 3500
	raceRounds = 50
)
