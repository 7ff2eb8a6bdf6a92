package slackbot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"callout/notify"
)

func TestErrorsAreSorted(t *testing.T) {
	t.Parallel()
	refused := func(code string) string { return `{"ok":false,"error":"` + code + `"}` }
	for _, tt := range []struct {
		answer     string
		perm, dead bool
		after      time.Duration
	}{
		{"HTTP 429", false, false, 7 * time.Second},
		{"HTTP 500", false, false, 0},
		{"HTTP 503", false, false, 0},
		{refused("fatal_error"), false, false, 0},
		{refused("internal_error"), false, false, 0},
		{refused("request_timeout"), false, false, 0},
		{refused("service_unavailable"), false, false, 0},
		{refused("ratelimited"), false, false, defaultWait},
		{refused("invalid_auth"), true, false, 0},
		{refused("account_inactive"), true, false, 0},
		{refused("channel_not_found"), true, false, 0},
		{refused("is_archived"), true, false, 0},
		{refused("not_in_channel"), true, false, 0},
		{refused("cannot_dm_bot"), true, false, 0},
		{refused("msg_too_long"), true, false, 0},
		{refused("invalid_blocks"), true, false, 0},
		{refused("user_not_found"), true, true, 0},
		{refused("user_disabled"), true, true, 0},
	} {
		t.Run(tt.answer, func(t *testing.T) {
			t.Parallel()
			a, _ := connected(t, &talker{}, map[string][]string{"chat.postMessage": {tt.answer}, "conversations.join": {refused("method_not_supported_for_channel_type")}})
			_, err := a.Send(t.Context(), notify.Message{ID: 1, Address: "C1"})
			if err == nil || notify.Permanent(err) != tt.perm || notify.Dead(err) != tt.dead || notify.RetryAfter(err) != tt.after {
				t.Errorf("%v: permanent %v, dead %v, after %v", err, notify.Permanent(err), notify.Dead(err), notify.RetryAfter(err))
			}
		})
	}
}

func TestATimeoutIsTemporary(t *testing.T) {
	t.Parallel()
	a, api := connected(t, &talker{}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Send(ctx, notify.Message{ID: 1, Address: "C1"})
	if err == nil || notify.Permanent(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	api.Close()
	if _, err := a.Send(t.Context(), notify.Message{ID: 1, Address: "C1"}); err == nil || notify.Permanent(err) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestAPublicChannelIsJoinedOnce(t *testing.T) {
	t.Parallel()
	a, api := connected(t, &talker{}, map[string][]string{
		"chat.postMessage": {`{"ok":false,"error":"not_in_channel"}`, `{"ok":true,"channel":"C1","ts":"1.2"}`},
	})
	receipt, err := a.Send(t.Context(), notify.Message{ID: 1, Address: "C1"})
	if err != nil || receipt.ID != "C1:1.2" || len(api.of("conversations.join")) != 1 {
		t.Errorf("%+v, %v, %v", receipt, err, api.methods())
	}
}

func TestADirectMessageIsOpenedOnce(t *testing.T) {
	t.Parallel()
	a, api := connected(t, &talker{}, nil)
	for i := range int64(3) {
		if _, err := a.Send(t.Context(), notify.Message{ID: i, Address: "U1"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(api.of("conversations.open")); n != 1 {
		t.Errorf("opened %d times", n)
	}
}

func TestAnErrorKeepsItsKindThroughWrapping(t *testing.T) {
	t.Parallel()
	inner := &notify.Error{Err: errors.New("x"), Permanent: true}
	if err := sorted("again", fmt.Errorf("wrapped: %w", inner)); !notify.Permanent(err) {
		t.Errorf("%v lost its kind", err)
	}
	if sorted("nothing", nil) != nil {
		t.Error("an error out of nothing")
	}
}
