package slackbot

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"callout/notify"
)

// Outcomes of a call to Slack, as Options.Observe hears them.
const (
	callTaken    = "ok"
	callRefused  = "refused"   // Slack's own error, with its name in the answer
	callLimited  = "limited"   // 429
	callFailed   = "failed"    // 5xx and the like
	callUnheard  = "no_answer" // the network
	callHeldBack = "held_back" // by us, within Slack's limits: nothing was sent
)

// gate is the one way to Slack: every call of the library goes through it. It keeps the pace and says how calls went.
type gate struct {
	a     *Adapter
	first bool // what a person waits for
}

// Do sends a request when its turn has come. A job whose turn is far off gets a notify.Error that says when to come again.
func (g gate) Do(r *http.Request) (*http.Response, error) {
	method, channel := g.a.called(r)
	if err := g.turn(r.Context(), method, channel); err != nil {
		return nil, err
	}
	began := g.a.pace.now()
	response, err := g.a.http.Do(r) //nolint:gosec // slack-go made the request, to the address that is set up
	outcome := outcomeOf(method, response, err)
	g.a.observe(method, outcome, g.a.pace.now().Sub(began))
	if outcome != callLimited {
		return response, err
	}
	later := g.a.pace.refused(method, channel, retryAfter(response))
	if g.first || response.Header.Get("Retry-After") == "" {
		return response, err
	}
	_ = response.Body.Close()
	return nil, &notify.Error{Err: fmt.Errorf("slack limits %s", method), After: later}
}

func (g gate) turn(ctx context.Context, method, channel string) error {
	var wait, later time.Duration
	if g.first {
		wait = g.a.pace.enterFirst(method, channel)
	} else if wait, later = g.a.pace.enter(method, channel, patience); later > 0 {
		g.a.observe(method, callHeldBack, 0)
		return &notify.Error{Err: fmt.Errorf("%s is held back, within Slack's limits", method), After: later}
	}
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for %s: %w", method, ctx.Err())
	}
}

// files and replies stand for addresses that are no methods: uploads and downloads, and where commands are answered. socket stands for
// what Slack delivers over Socket Mode, until it is acknowledged.
const (
	files   = "files"
	replies = "response_url"
	socket  = "socket"
)

// called says which method a request calls, and for a message in which channel.
func (a *Adapter) called(r *http.Request) (method, channel string) {
	method, found := strings.CutPrefix(r.URL.Scheme+"://"+r.URL.Host+r.URL.Path, cmp.Or(a.opts.APIURL, slack.APIURL))
	if !found || strings.Contains(method, "/") {
		return files, ""
	}
	if method == postMethod {
		channel = channelIn(r)
	}
	return method, channel
}

// channelIn finds the channel in the form of a message without decoding all of it.
func channelIn(r *http.Request) string {
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = body.Close() }()
	form, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	_, rest, found := bytes.Cut(form, []byte("&channel="))
	if !found {
		if rest, found = bytes.CutPrefix(form, []byte("channel=")); !found {
			return ""
		}
	}
	value, _, _ := bytes.Cut(rest, []byte("&"))
	return string(value)
}

// peeked is how much of an answer is looked at: whether all is well stands near its beginning.
const peeked = 256

// outcomeOf sorts an answer, and leaves it to be read.
func outcomeOf(method string, response *http.Response, err error) string {
	switch {
	case err != nil:
		return callUnheard
	case response.StatusCode == http.StatusTooManyRequests:
		return callLimited
	case response.StatusCode != http.StatusOK:
		return callFailed
	case method == files || method == replies:
		return callTaken
	}
	in := bufio.NewReaderSize(response.Body, peeked)
	begin, _ := in.Peek(peeked)
	response.Body = readCloser{in, response.Body}
	if bytes.Contains(begin, []byte(`"ok":false`)) || bytes.Contains(begin, []byte(`"ok": false`)) {
		return callRefused
	}
	return callTaken
}

type readCloser struct {
	io.Reader
	io.Closer
}

// retryAfter is how long Slack asks us to wait: https://docs.slack.dev/apis/web-api/rate-limits
func retryAfter(response *http.Response) time.Duration {
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		return time.Second
	}
	return time.Duration(seconds) * time.Second
}
