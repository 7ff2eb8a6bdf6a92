package discord

import (
	"encoding/hex"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of buckets. Discord publishes only the global one and asks apps to read the headers,
// https://discord.com/developers/docs/topics/rate-limits; the others are those its answers showed.
const (
	globalPerSecond = 50
	messagesPer5s   = 5
	messageWindow   = 5 * time.Second
	webhooksPer2s   = 5
	otherPerSecond  = 50
)

// limit is how often a route may be used.
type limit struct {
	count int
	per   time.Duration
}

// bucket counts requests within a window of real time.
type bucket struct {
	used  int
	reset time.Time
}

func (s *Server) limitOf(route string) limit {
	switch {
	case strings.HasPrefix(route, "POST /channels/{channel}/messages"), strings.HasPrefix(route, "PATCH /channels/{channel}/messages"):
		return limit{messagesPer5s, s.opts.RateWindow}
	case strings.Contains(route, " /webhooks/"):
		return limit{webhooksPer2s, 2 * time.Second}
	}
	return limit{otherPerSecond, time.Second}
}

// take uses one request of the route's bucket and of the global one; it answers 429 itself when there is none.
func (s *Server) take(w http.ResponseWriter, r *http.Request, route string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now() // clients sleep by real time, so buckets run by it
	if s.opts.RateLimits && !isInteractionRoute(route) {
		global := s.bucket("", limit{globalPerSecond, time.Second}, now)
		if global.used >= globalPerSecond {
			s.tooMany(w, r, route, global.reset.Sub(now), true)
			return false
		}
		global.used++
	}
	l := s.limitOf(route)
	if !s.opts.RateLimits {
		l.count = 1000
	}
	key := route + " " + r.PathValue("channel") + r.PathValue("guild") + r.PathValue("token")
	b := s.bucket(key, l, now)
	over := s.opts.RateLimits && b.used >= l.count
	if !over && s.opts.RateLimits {
		b.used++
	}
	wait := b.reset.Sub(now)
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(l.count))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, l.count-b.used)))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.reset.UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", seconds(wait))
	h.Set("X-RateLimit-Bucket", bucketName(route))
	if over {
		s.tooMany(w, r, route, wait, false)
	}
	return !over
}

// bucket returns the current window of a bucket.
func (s *Server) bucket(key string, l limit, now time.Time) *bucket {
	b := s.buckets[key]
	if b == nil || !now.Before(b.reset) {
		b = &bucket{reset: now.Add(l.per)}
		s.buckets[key] = b
	}
	return b
}

func (s *Server) tooMany(w http.ResponseWriter, r *http.Request, route string, wait time.Duration, global bool) {
	s.record(Recorded{Route: route, Path: r.URL.Path, At: s.now(), Status: http.StatusTooManyRequests})
	tooMany(w, wait, global)
}

// tooMany answers 429, https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit
func tooMany(w http.ResponseWriter, wait time.Duration, global bool) {
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	if global { // without the figures of a bucket
		h.Set("X-RateLimit-Scope", "global")
		h.Set("X-RateLimit-Global", "true")
		for _, name := range []string{"Limit", "Remaining", "Reset", "Reset-After", "Bucket"} {
			h.Del("X-RateLimit-" + name)
		}
	} else {
		h.Set("X-RateLimit-Scope", "user")
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Reset-After", seconds(wait))
	}
	retry, _ := strconv.ParseFloat(seconds(wait), 64)
	writeJSON(w, http.StatusTooManyRequests, object{"message": "You are being rate limited.", "retry_after": retry, "global": global})
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(math.Ceil(max(d, time.Millisecond).Seconds()*1000)/1000, 'f', 3, 64)
}

// isInteractionRoute tells the routes that the global limit does not count.
func isInteractionRoute(route string) bool {
	return strings.Contains(route, " /interactions/") || strings.Contains(route, " /webhooks/")
}

func bucketName(route string) string {
	sum := fnv.New128a()
	_, _ = sum.Write([]byte(route))
	return hex.EncodeToString(sum.Sum(nil))
}
