package slack

import (
	"math"
	"time"
)

// Rate tiers in calls a minute, https://docs.slack.dev/apis/web-api/rate-limits
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
	// tierPost is chat.postMessage: about one message a second and channel, short bursts tolerated.
	tierPost    = -1
	postBurst   = 3
	postPerMin  = 60
	tierSpecial = 600 // "hundreds of requests a minute"
)

// bucket is a token bucket by the workspace's clock.
type bucket struct {
	tokens float64
	at     time.Time
}

// limit takes one token and says how long to wait when there is none. Callers hold the lock.
func (s *Server) limit(name string, m method, a args) (time.Duration, bool) {
	if !s.opts.RateLimits || m.tier == 0 {
		return 0, true
	}
	perMinute, burst := float64(m.tier), float64(m.tier)
	if m.tier == tierPost {
		perMinute, burst = postPerMin, postBurst
		name += " " + a["channel"]
	}
	now := s.now()
	b := s.buckets[name]
	if b == nil {
		b = &bucket{tokens: burst, at: now}
		s.buckets[name] = b
	}
	b.tokens = math.Min(burst, b.tokens+now.Sub(b.at).Minutes()*perMinute)
	b.at = now
	if b.tokens < 1 {
		wait := math.Ceil((1 - b.tokens) / perMinute * 60)
		return time.Duration(math.Max(1, wait)) * time.Second, false
	}
	b.tokens--
	return 0, true
}
