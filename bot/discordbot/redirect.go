package discordbot

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// discordHost is where discordgo believes Discord to be: its addresses derive from each other when the program starts, so that they
// are redirected one by one on their way out.
const discordHost = "discord.com"

var versioned = regexp.MustCompile(`/v[0-9]+$`)

// redirected sends what is meant for Discord to another base address, such as http://127.0.0.1:9999/api/v10, or to Discord if that is
// empty, and heeds limits.
func redirected(client *http.Client, base string) (*http.Client, error) {
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	if base != "" {
		to, err := url.Parse(strings.TrimRight(base, "/"))
		if err != nil || to.Host == "" {
			return nil, fmt.Errorf("DISCORD_API_URL is %q, which is no address like https://discord.com/api/v10", base)
		}
		next = redirect{to: to, next: next}
	}
	changed := *client
	changed.Transport = limited{next: next}
	return &changed, nil
}

// redirect is a transport to another Discord.
type redirect struct {
	to   *url.URL
	next http.RoundTripper
}

// RoundTrip sends a request to where Discord is now.
func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != discordHost {
		return r.next.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, r.to.Host
	rest := strings.TrimPrefix(req.URL.Path, "/api")
	version, tail := rest, ""
	if i := strings.IndexByte(strings.TrimPrefix(rest, "/"), '/'); i >= 0 {
		version, tail = rest[:i+1], rest[i+1:]
	}
	switch {
	case r.to.Path == "":
		req.URL.Path = "/api" + version + tail
	case versioned.MatchString(r.to.Path):
		req.URL.Path = r.to.Path + tail
	default:
		req.URL.Path = r.to.Path + version + tail
	}
	req.URL.RawPath = ""
	return r.next.RoundTrip(req)
}
