package slackbot

import (
	"strings"
	"unicode/utf16"
)

// Slack's limits, in characters unless said otherwise. Pages, in this order:
// https://docs.slack.dev/reference/block-kit/blocks
// https://docs.slack.dev/reference/block-kit/block-elements
// https://docs.slack.dev/reference/block-kit/composition-objects
// https://docs.slack.dev/reference/views/modal-views
// https://docs.slack.dev/reference/methods/chat.postMessage
const (
	maxBlocksMessage = 50
	maxBlocksView    = 100
	maxHeader        = 150
	maxSection       = 3000
	maxFields        = 10
	maxField         = 2000
	maxContext       = 3000
	maxActions       = 25
	maxActionID      = 255

	maxButton      = 75
	maxButtonValue = 2000
	maxURL         = 3000
	maxPlaceholder = 150
	maxInputLabel  = 2000
	maxInputText   = 3000

	maxOption       = 75
	maxOptionValue  = 75 // the docs say 150, Slack's own types 75
	maxOptions      = 100
	maxFiles        = 10 // files of one input: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
	maxRadioOptions = 10 // checkboxes too

	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30

	maxViewTitle = 24 // submit and close too
	maxMetadata  = 3000

	// A view is refused as view_too_large at 250 kB; the rest is for what surrounds its blocks.
	maxViewBytes = 240_000

	maxFallback = 4000

	// The sum of all text of a message is limited too, but nowhere documented: msg_blocks_too_long was seen from
	// 11,341 characters on. https://github.com/slackapi/bolt-js/issues/2509
	maxMessageText = 10_000
)

// length counts as JavaScript does, which is never less than the number of runes: right whichever of the two Slack means.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// shorten cuts s to at most limit characters, the last one then being an ellipsis.
func shorten(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	cut, n := 0, 0
	for i, r := range s {
		if n < limit {
			cut = i // what is before this rune leaves room for the ellipsis
		}
		if n += max(1, utf16.RuneLen(r)); n > limit {
			return strings.TrimRight(s[:cut], " \n\t") + "…"
		}
	}
	return s
}
