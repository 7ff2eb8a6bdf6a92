//go:build fault

package desk

// With -tags fault, ten times as many walks are taken, some fifteen thousand steps; -walks takes more. Each race is run twice: many
// rounds of all of them share three phones, whose texts wait for each other, and come to rest only when an hour has passed.
const (
	walksTaken = 3500
	raceRounds = 50
)
