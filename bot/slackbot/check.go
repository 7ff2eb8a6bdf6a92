package slackbot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// Problem is something wrong with the Slack set-up, and what to do about it.
type Problem struct {
	What string
	Do   string
}

func (p Problem) String() string { return p.What + ": " + p.Do }

// Check looks whether Slack can be reached with these settings, whether the app may do what it must, and whether the
// channels with these ids can be posted to. It returns all problems together.
func (a *Adapter) Check(ctx context.Context, channels ...string) []Problem {
	var problems []Problem
	if a.opts.SigningSecret == "" && a.opts.AppToken == "" {
		problems = append(problems, Problem{
			"neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is set",
			"set one of them, or nothing from Slack is accepted",
		})
	}
	who, err := a.api.AuthTestContext(ctx)
	if err != nil {
		return append(problems, tokenProblem("SLACK_BOT_TOKEN", err))
	}
	if missing := missingScopes(who.Header.Get("X-OAuth-Scopes")); len(missing) > 0 {
		problems = append(problems, Problem{
			"the Slack app lacks the scopes " + strings.Join(missing, ", "),
			"paste the output of `callout manifest` into the app's manifest and install the app again",
		})
	}
	if a.opts.AppToken != "" {
		if _, _, err := a.api.StartSocketModeContext(ctx); err != nil {
			problems = append(problems, tokenProblem("SLACK_APP_TOKEN", err))
		}
	}
	for _, channel := range slices.Compact(slices.Sorted(slices.Values(channels))) {
		if channel != "" {
			problems = append(problems, a.checkChannel(ctx, channel)...)
		}
	}
	return problems
}

func tokenProblem(setting string, err error) Problem {
	switch errorCode(err) {
	case "":
		return Problem{fmt.Sprintf("Slack cannot be reached (%v)", err), "check the network, and SLACK_API_URL if it is set"}
	case "missing_scope", "not_allowed_token_type":
		return Problem{
			fmt.Sprintf("%s is of the wrong kind (%v)", setting, err),
			"a bot token begins with xoxb-, an app token with xapp- and has the scope connections:write",
		}
	}
	return Problem{fmt.Sprintf("Slack refuses %s (%v)", setting, err), "copy it again from the app's settings page"}
}

func (a *Adapter) checkChannel(ctx context.Context, id string) []Problem {
	channel, err := a.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch {
	case err != nil:
		return []Problem{{
			fmt.Sprintf("channel %s cannot be seen (%v)", id, err),
			"check the id, and invite the app to the channel if it is private: /invite @Callout",
		}}
	case channel.IsArchived:
		return []Problem{{fmt.Sprintf("channel #%s is archived", channel.Name), "choose another one"}}
	case channel.IsPrivate && !channel.IsMember:
		return []Problem{{fmt.Sprintf("the app is not in the private channel #%s", channel.Name), "invite it there: /invite @Callout"}}
	}
	return nil
}

// missingScopes compares what the token may do, as Slack says in a header, with what we need. No header, no verdict.
func missingScopes(header string) []string {
	if header == "" {
		return nil
	}
	var missing []string
	given := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range Scopes() {
		if !slices.Contains(given, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}
