package slackbot

import (
	"net/url"
	"strings"
	"time"
)

// Rate is how often something may be done: so many times a minute in the long run, and so many at once after a pause. The
// zero Rate has no limit of ours.
type Rate struct{ PerMinute, Burst int }

// every is the time between two in the long run.
func (r Rate) every() time.Duration { return time.Minute / time.Duration(max(1, r.PerMinute)) }

// Rates says how often methods of Slack may be called, by name. A method that is not in it has no limit of ours.
type Rates map[string]Rate

// postMethod is limited for each channel by itself; all other methods for the whole workspace.
const postMethod = "chat.postMessage"

// SlackRates are Slack's own limits: https://docs.slack.dev/apis/web-api/rate-limits
//
// The tier of a method stands on its page, https://docs.slack.dev/reference/methods/NAME. A tier's number is what a minute
// allows at least, and bursts are welcome in tiers 3 and 4, so a minute's worth may go at once. chat.postMessage has its own
// rule: about one message a second and channel, short bursts tolerated. How short is not said; people measured that some 25
// to 30 go through, and what Slack does not take it refuses with 429, so that a burst too long costs a pause and no message.
//
// conversations.history and .replies are tier 3 for an app that a company made for itself, as ours is.
func SlackRates() Rates {
	tier2, tier3, tier4 := Rate{20, 20}, Rate{50, 50}, Rate{100, 100}
	special := Rate{600, 600} // "hundreds of requests a minute"
	return Rates{
		postMethod:          {PerMinute: 60, Burst: 25},
		"chat.update":       tier3,
		"chat.delete":       tier3,
		"chat.getPermalink": special, "auth.test": special,
		"chat.postEphemeral": tier4,
		"conversations.open": tier3, "conversations.join": tier3, "conversations.info": tier3,
		"conversations.history": tier3, "conversations.replies": tier3, "conversations.list": tier2,
		"files.getUploadURLExternal": tier4, "files.completeUploadExternal": tier4, "files.info": tier4,
		"users.info": tier4,
		"views.open": tier4, "views.update": tier4, "views.push": tier4, "views.publish": tier4,
	}
}

// ratesOf are the limits known of the Slack at an address. One that is not Slack's own, a proxy or a stand-in, has limits we
// do not know: it says them by 429, which is honoured everywhere.
func ratesOf(apiURL string) Rates {
	if apiURL == "" {
		return SlackRates()
	}
	address, err := url.Parse(apiURL)
	if err != nil {
		return Rates{}
	}
	for _, domain := range []string{"slack.com", "slack-gov.com"} {
		if host := address.Hostname(); host == domain || strings.HasSuffix(host, "."+domain) {
			return SlackRates()
		}
	}
	return Rates{}
}
