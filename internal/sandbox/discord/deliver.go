package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// maxAnswer bounds what is read of an app's answer to an HTTP interaction.
const maxAnswer = maxBody

// SetInteractionsURL makes interactions go to the app's endpoint instead of the gateway; empty turns that off again.
// As when one saves the address in Discord's portal, the endpoint must answer a PING and refuse a forged signature,
// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
func (s *Server) SetInteractionsURL(ctx context.Context, address string) error {
	if address != "" {
		if err := s.validate(ctx, address); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = address
	return nil
}

func (s *Server) validate(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, s.opts.AckTimeout)
	defer cancel()
	s.mu.Lock()
	ping := mustJSON(object{"id": s.newID(), "application_id": s.opts.AppID, "type": askPing, "token": "ping", "version": 1})
	s.mu.Unlock()
	status, body, _, err := s.post(ctx, address, ping, false)
	if err != nil {
		return &DeliveryError{Words: "The specified interactions endpoint URL could not be verified.", What: "PING", Detail: err.Error()}
	}
	var pong struct {
		Type int `json:"type"`
	}
	if json.Unmarshal(body, &pong) != nil || pong.Type != replyPong || status != http.StatusOK {
		return &DeliveryError{Words: "The specified interactions endpoint URL could not be verified.", What: "PING", Status: status, Detail: fmt.Sprintf("the answer is no PONG: %.200s", body)}
	}
	status, _, _, err = s.post(ctx, address, ping, true)
	if err != nil || status != http.StatusUnauthorized {
		return &DeliveryError{Words: "The specified interactions endpoint URL could not be verified.", What: "forged PING", Status: status, Detail: "a forged signature must be answered with 401"}
	}
	return nil
}

// post sends a signed request; a forged one is signed with another key.
func (s *Server) post(ctx context.Context, address string, body []byte, forged bool) (int, []byte, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	at := strconv.FormatInt(s.now().Unix(), 10)
	key := s.key
	if forged {
		key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	req.Header.Set("X-Signature-Timestamp", at)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, append([]byte(at), body...))))
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, out, resp.Header.Get("Content-Type"), err
}

// ask sends an interaction to the app and waits for its answer, at most AckTimeout. It takes and releases the lock.
func (s *Server) ask(ctx context.Context, in *interaction, data object) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.AckTimeout)
	defer cancel()
	s.mu.Lock()
	wait := make(chan outcome, 1)
	s.waiting[in.Token] = wait
	payload, endpoint, repeat := s.payload(in, data), s.endpoint, s.repeat
	heard := true
	if endpoint == "" {
		for range 1 + repeat {
			heard = s.dispatch("INTERACTION_CREATE", 0, payload)
		}
	}
	s.mu.Unlock()
	if endpoint != "" {
		s.background(func() { s.postInteraction(in, endpoint, mustJSON(payload), repeat) })
	}
	if !heard {
		return s.unanswered(in, wait, "the app has no gateway session and no interactions endpoint")
	}
	select {
	case out := <-wait:
		return out.reply, out.err
	case <-ctx.Done():
		return s.unanswered(in, wait, "no answer within "+s.opts.AckTimeout.String())
	case <-s.ctx.Done():
		return Reply{}, errors.New("the guild is closed")
	}
}

// unanswered ends an interaction nobody answered: its token is void from now on.
func (s *Server) unanswered(in *interaction, wait <-chan outcome, why string) (Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case out := <-wait: // it came in the last moment
		return out.reply, out.err
	default:
	}
	in.Dead = true
	delete(s.waiting, in.Token)
	s.violation(in.What + ": " + why)
	return Reply{}, &DeliveryError{Words: in.failure(), What: in.What, Detail: why}
}

// failure is what Discord shows when an interaction was not answered.
func (in *interaction) failure() string {
	switch in.Kind {
	case askComponent:
		return Failed
	case askModal:
		return WentWrong
	case askAutocomplete:
		return "Loading options failed"
	}
	return NoResponse
}

// postInteraction posts to the app's endpoint. The answer may be in the response; a 202 says it comes by the callback.
func (s *Server) postInteraction(in *interaction, address string, body []byte, repeat int) {
	ctx, cancel := context.WithTimeout(s.ctx, s.opts.AckTimeout)
	defer cancel()
	status, data, kind, err := s.post(ctx, address, body, false)
	s.inlineAnswer(in, status, data, kind, err)
	for range repeat {
		again, stop := context.WithTimeout(s.ctx, s.opts.AckTimeout)
		if status, _, _, err := s.post(again, address, body, false); err != nil || status/100 != 2 {
			s.log.Warn("discord sandbox: a repeated interaction was not answered well", "what", in.What, "status", status, "err", err)
		}
		stop()
	}
}

func (s *Server) inlineAnswer(in *interaction, status int, data []byte, kind string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fail := func(detail string) {
		s.violation(in.What + ": " + detail)
		if wait := s.waiting[in.Token]; wait != nil {
			in.Dead = in.Answer == 0
			wait <- outcome{err: &DeliveryError{Words: in.failure(), What: in.What, Status: status, Detail: detail}}
			delete(s.waiting, in.Token)
		}
	}
	switch {
	case err != nil:
		if in.Answer == 0 {
			fail("the endpoint did not answer: " + err.Error())
		}
	case status == http.StatusAccepted || status == http.StatusNoContent:
	case status != http.StatusOK:
		fail(fmt.Sprintf("the endpoint answered %d: %.200s", status, data))
	default:
		q := &request{body: object{}}
		if bad := q.decode(data, kind); bad != nil {
			fail("the endpoint's answer: " + bad.detail())
		} else if _, bad := s.answer(in, q.body, q.files); bad != nil {
			fail("the endpoint's answer: " + bad.detail())
		}
	}
}

// background runs work that Close waits for.
func (s *Server) background(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		work()
	}()
}
