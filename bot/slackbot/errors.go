package slackbot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"callout/notify"
)

// defaultWait is how long to wait when Slack asks for patience without saying how much:
// https://docs.slack.dev/apis/web-api/rate-limits
const defaultWait = 30 * time.Second

// temporary are the errors that go away by themselves. All others of Slack's are about what was asked: asking again
// changes nothing. https://docs.slack.dev/reference/methods/chat.postMessage#errors
var temporary = map[string]bool{
	"fatal_error": true, "internal_error": true, "request_timeout": true, "service_unavailable": true,
	"team_added_to_org": true, "accesslimited": true, "rollup_error": true, "unknown_error": true,
}

var limited = map[string]bool{"ratelimited": true, "rate_limited": true, "message_limit_exceeded": true}

// dead are the errors that say that there is nobody at this address.
var dead = map[string]bool{"user_not_found": true, "user_disabled": true, "users_not_found": true}

// ours are the errors that say that the app itself may not act, whatever it asks for.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
var ours = map[string]bool{
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"no_permission": true, "missing_scope": true, "org_login_required": true, "ekm_access_denied": true, "access_denied": true,
}

// sorted turns what Slack or the network said into what may be done about it.
func sorted(doing string, err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("%s: %w", doing, err)
	if text := detail(err); text != "" {
		wrapped = fmt.Errorf("%s: %w (%s)", doing, err, text)
	}
	var already *notify.Error
	var limit *slack.RateLimitedError
	var status slack.StatusCodeError
	code := errorCode(err)
	switch {
	case errors.As(err, &already):
		return wrapped
	case errors.As(err, &limit):
		return &notify.Error{Err: wrapped, After: max(limit.RetryAfter, time.Second)}
	case errors.As(err, &status):
		if status.Code == http.StatusTooManyRequests {
			return &notify.Error{Err: wrapped, After: defaultWait}
		}
		return &notify.Error{Err: wrapped}
	case limited[code]:
		return &notify.Error{Err: wrapped, After: defaultWait}
	case code == "" || temporary[code]:
		return &notify.Error{Err: wrapped}
	}
	failure := &notify.Error{Err: wrapped, Permanent: true, Dead: dead[code]}
	if ours[code] {
		failure.Said = "Slack does not let us in"
		failure.Setup = "Slack refuses SLACK_BOT_TOKEN (" + code + "): install the app again, with the manifest that callout manifest prints"
	}
	return failure
}

// errorCode is Slack's own name of an error, such as channel_not_found; empty for any other error.
func errorCode(err error) string {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// detail is what Slack adds to an error, such as which block it did not like.
func detail(err error) string {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return ""
	}
	parts := refused.ResponseMetadata.Messages
	if refused.Needed != "" {
		parts = append(parts, "needs the scope "+refused.Needed)
	}
	return strings.Join(parts, "; ")
}

// refusedBlocks reports whether Slack did not like the blocks, which an unknown kind of block causes.
func refusedBlocks(err error) bool {
	switch errorCode(err) {
	case "invalid_blocks", "invalid_blocks_format", "invalid_arguments":
		return true
	}
	return false
}

// elsewhere reports whether a channel is closed to the app, so that a direct message is the way.
func elsewhere(err error) bool {
	switch errorCode(err) {
	case "not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel":
		return true
	}
	return false
}

// afterwards gives a follow-up its own time when the context of what it follows has ended.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), callWithin)
}
