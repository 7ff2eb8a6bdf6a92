package twilio

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// answerLimit is the longest TwiML document Twilio reads: https://www.twilio.com/docs/api/errors/11750
const answerLimit = 64 << 10

// Sign computes X-Twilio-Signature: the address Twilio calls, then each parameter's name and value in the order of
// the names, HMAC-SHA1 under the auth token, in base64.
// https://www.twilio.com/docs/usage/security#validating-requests
func Sign(authToken, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(authToken))
	mac.Write([]byte(address))
	for _, key := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[key] {
			mac.Write([]byte(key + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// webhook posts a signed form and returns the first answer; repeats, when a test asked for them, come after it.
func (s *Server) webhook(ctx context.Context, address string, form url.Values) (reply, error) {
	s.mu.Lock()
	repeats := s.repeat
	s.mu.Unlock()
	token := newSID("")
	first, err := s.post(ctx, address, form, token)
	for range repeats {
		if _, err := s.post(ctx, address, form, token); err != nil {
			s.opt.Log.Warn("a repeated webhook failed", "err", err)
		}
	}
	return first, err
}

func (s *Server) post(ctx context.Context, address string, form url.Values, token string) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, fmt.Errorf("webhook address: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("I-Twilio-Idempotency-Token", token)
	req.Header.Set("X-Twilio-Signature", Sign(s.opt.AuthToken, address, form))
	resp, err := s.client.Do(req)
	if err != nil {
		return reply{}, fmt.Errorf("error 11200: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil {
		return reply{}, fmt.Errorf("error 11200: %w", err)
	}
	return reply{resp.Header.Get("Content-Type"), body}, badStatus(resp)
}
