package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Words of a DeliveryError.
const (
	kindTimeout  = "operation_timeout"
	kindFailed   = "dispatch_failed"
	kindResponse = "invalid_response"
)

// maxAnswer bounds what is read of an app's answer.
const maxAnswer = 1 << 20

// Envelope types of Socket Mode, https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	envCommand     = "slash_commands"
	envInteractive = "interactive"
	envEvent       = "events_api"
)

// callback is something the app is told. payload goes over a socket, the encoded body over HTTP.
type callback struct {
	kind    string // envelope type
	what    string // for errors
	payload any
	answers bool // whether an answer in the acknowledgement means something
	retry   int  // events only
	reason  string
}

// encode makes the HTTP body, https://docs.slack.dev/interactivity/handling-user-interaction and
// https://docs.slack.dev/apis/events-api
func (c callback) encode() (body, contentType string) {
	switch c.kind {
	case envEvent:
		return string(mustJSON(c.payload)), "application/json"
	case envCommand:
		form := url.Values{}
		for k, v := range c.payload.(map[string]string) {
			form.Set(k, v)
		}
		return form.Encode(), "application/x-www-form-urlencoded"
	}
	return url.Values{"payload": {string(mustJSON(c.payload))}}.Encode(), "application/x-www-form-urlencoded"
}

// deliver tells the app and returns its answer. It also sends the repeats asked for with RepeatDeliveries, after
// the first was answered; their answers go nowhere, as with Slack's.
func (s *Server) deliver(ctx context.Context, c callback) ([]byte, error) {
	s.mu.Lock()
	repeat := s.repeat
	s.mu.Unlock()
	answer, err := s.deliverOnce(ctx, c)
	for i := range repeat {
		again := c
		if c.kind == envEvent {
			again.retry, again.reason = i+1, "http_timeout"
		}
		if _, err := s.deliverOnce(ctx, again); err != nil {
			s.log.Warn("slack sandbox: a repeated delivery was not answered well", "what", c.what, "err", err)
		}
	}
	return answer, err
}

func (s *Server) deliverOnce(ctx context.Context, c callback) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.AckTimeout)
	defer cancel()
	if sock := s.pickSocket(); sock != nil {
		return sock.deliver(ctx, c)
	}
	s.mu.Lock()
	address := s.eventsURL
	s.mu.Unlock()
	if address == "" {
		return nil, &DeliveryError{Kind: kindFailed, What: c.what, Detail: "no events URL is set and no Socket Mode client is connected"}
	}
	return s.post(ctx, address, c)
}

func (s *Server) post(ctx context.Context, address string, c callback) ([]byte, error) {
	body, contentType := c.encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return nil, &DeliveryError{Kind: kindFailed, What: c.what, Detail: err.Error()}
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if c.retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(c.retry))
		req.Header.Set("X-Slack-Retry-Reason", c.reason)
	}
	stamp := strconv.FormatInt(s.now().Unix(), 10)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", sign(s.opts.SigningSecret, stamp, body))
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, deliveryError(c.what, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, deliveryError(c.what, err)
	}
	ok := resp.StatusCode == http.StatusOK || c.kind == envEvent && resp.StatusCode/100 == 2
	if !ok {
		detail := fmt.Sprintf("the app answered %s: %.200s", resp.Status, answer)
		if resp.Header.Get("X-Slack-No-Retry") == "1" {
			detail += noRetry
		}
		return nil, &DeliveryError{Kind: kindFailed, What: c.what, Status: resp.StatusCode, Detail: detail}
	}
	return answer, nil
}

// noRetry marks an answer that asked for no further attempts.
const noRetry = " (no retry)"

func deliveryError(what string, err error) error {
	kind := kindFailed
	if errors.Is(err, context.DeadlineExceeded) {
		kind = kindTimeout
	}
	return &DeliveryError{Kind: kind, What: what, Detail: err.Error()}
}

// sign makes the v0 signature, https://docs.slack.dev/authentication/verifying-requests-from-slack
func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// kindFrom is the word of a delivery's failure.
func kindFrom(err error) string {
	var d *DeliveryError
	if errors.As(err, &d) {
		return d.Kind
	}
	return kindFailed
}
