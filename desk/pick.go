package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Candidate is one technician as PickTechnician sees them.
type Candidate struct {
	ID           int64
	Name         string
	Reachable    bool // has a verified contact on a channel that is set up
	OnDuty       bool // in regular hours
	OnCall       bool // only on call: for urgent calls
	Skills       []string
	Territory    string
	Load         int // pending calls on their hands
	Capacity     int
	Declined     bool // declined this very call
	Withdrawn    bool // was asked for this very call, and it was taken back or not answered
	Knows        bool // has been at this customer or machine before
	RecentOffers int  // in the last 14 days
	LastOffer    time.Time
}

// Need is what a call asks of a technician.
type Need struct {
	Skills    []string
	Territory string
	Urgent    bool // who is only on call may be asked
}

// The weights of the score; together they make 100.
const (
	pointsKnows    = 25
	pointsLoad     = 25
	pointsNear     = 20
	pointsFairness = 20
	pointsWaiting  = 10
)

// waitingFull is how long without an offer earns all the points for waiting.
const waitingFull = 7 * 24 * time.Hour

// Score is one row of the table an offer was chosen from; it is stored with the offer and shown by `why`.
type Score struct {
	MemberID  int64    `json:"member_id"`
	Name      string   `json:"name"`
	Out       []string `json:"out,omitempty"` // why this person was not eligible
	Knows     int      `json:"knows"`
	Load      int      `json:"load"`
	Near      int      `json:"near"`
	Fairness  int      `json:"fairness"`
	Waiting   int      `json:"waiting"`
	Total     int      `json:"total"`
	OnCall    bool     `json:"on_call,omitempty"`   // only on call, so they come after those in regular hours
	Withdrawn bool     `json:"withdrawn,omitempty"` // the call was taken from them, so they come after everybody else
	lastOffer time.Time
}

// Eligible reports whether the person could be asked.
func (s Score) Eligible() bool { return len(s.Out) == 0 }

// PickTechnician orders the candidates for a call, the best first and those who cannot be asked last. The first row, if it
// is eligible, gets the offer. From whom the call was taken gets it back only if nobody else can be asked. Ties go to the least recently offered, then to the lowest id.
func PickTechnician(need Need, candidates []Candidate, now time.Time) []Score {
	most := 0
	for _, c := range candidates {
		if len(barred(need, c)) == 0 {
			most = max(most, c.RecentOffers)
		}
	}
	scores := make([]Score, len(candidates))
	for i, c := range candidates {
		scores[i] = score(need, c, most, now)
	}
	slices.SortFunc(scores, func(a, b Score) int {
		return cmp.Or(falseFirst(!a.Eligible(), !b.Eligible()), falseFirst(a.Withdrawn, b.Withdrawn), falseFirst(a.OnCall, b.OnCall),
			cmp.Compare(b.Total, a.Total), a.lastOffer.Compare(b.lastOffer), cmp.Compare(a.MemberID, b.MemberID))
	})
	return scores
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func score(need Need, c Candidate, mostOffers int, now time.Time) Score {
	s := Score{MemberID: c.ID, Name: c.Name, Out: barred(need, c), OnCall: c.OnCall, Withdrawn: c.Withdrawn, lastOffer: c.LastOffer}
	if c.Knows {
		s.Knows = pointsKnows
	}
	if c.Capacity > 0 {
		s.Load = pointsLoad * max(0, c.Capacity-c.Load) / c.Capacity
	}
	if need.Territory != "" && Fold(c.Territory) == Fold(need.Territory) {
		s.Near = pointsNear
	}
	s.Fairness = pointsFairness
	if mostOffers > 0 {
		s.Fairness = pointsFairness * max(0, mostOffers-c.RecentOffers) / mostOffers
	}
	waited := min(max(now.Sub(c.LastOffer), 0), waitingFull)
	s.Waiting = int(pointsWaiting * waited / waitingFull)
	s.Total = s.Knows + s.Load + s.Near + s.Fairness + s.Waiting
	return s
}

// Why somebody cannot be asked because of the hour.
const (
	outOffDuty = "off duty"
	outOnCall  = "only on call, for urgent calls"
)

// barred says why a candidate cannot be asked; nothing means they can.
func barred(need Need, c Candidate) []string {
	var out []string
	if !c.Reachable {
		out = append(out, "no verified contact")
	}
	switch {
	case c.OnDuty, c.OnCall && need.Urgent:
	case c.OnCall:
		out = append(out, outOnCall)
	default:
		out = append(out, outOffDuty)
	}
	if missing := without(need.Skills, c.Skills); len(missing) > 0 {
		out = append(out, "lacks "+strings.Join(missing, ", "))
	}
	if c.Load >= c.Capacity {
		out = append(out, "has as many calls as they can take")
	}
	if c.Declined {
		out = append(out, "declined this call")
	}
	return out
}

// without returns the wanted words that are not among the had ones.
func without(wanted, had []string) []string {
	var missing []string
	for _, w := range wanted {
		if !slices.ContainsFunc(had, func(h string) bool { return Fold(h) == Fold(w) }) {
			missing = append(missing, w)
		}
	}
	return missing
}
