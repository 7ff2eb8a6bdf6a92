package discordbot

import (
	"net/http"
	"strconv"
)

// limited is a transport that says of a refused request what discordgo v0.29 needs to hold the next ones back. It reads
// X-RateLimit-Reset-After and X-RateLimit-Remaining, but when all requests of a bot are limited, Discord sends Retry-After alone;
// and when a resource that others use too is, the bot's own figures look as if there were room.
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
type limited struct{ next http.RoundTripper }

// RoundTrip sends a request.
func (l limited) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusTooManyRequests {
		return resp, err
	}
	h := resp.Header
	wait, _ := strconv.ParseFloat(h.Get("Retry-After"), 64)
	own, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || h.Get("X-RateLimit-Scope") == "shared" && own < wait {
		h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(wait, 'f', -1, 64))
	}
	if h.Get("X-RateLimit-Global") == "" {
		h.Set("X-RateLimit-Remaining", "0")
	}
	return resp, nil
}
