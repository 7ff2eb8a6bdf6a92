package discordbot

import (
	"strings"
	"unicode/utf8"
)

// Discord's limits, in characters unless said otherwise.
// Messages and embeds: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
// Components: https://docs.discord.com/developers/components/reference
const (
	maxContent     = 2000
	maxEmbedTitle  = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxEmbedSum    = 6000
	maxRows        = 5
	maxRowButtons  = 5
	maxButtonLabel = 80
	maxCustomID    = 100
	maxOptions     = 25
	maxOption      = 100

	maxModalTitle  = 45
	maxModalFields = 5
	maxLabel       = 45
	maxLabelNote   = 100
	maxPlaceholder = 100
	maxInput       = 4000
	maxFiles       = 10
	maxThreadName  = 100
)

// shorten cuts text to at most limit characters.
func shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:limit-1]), " \n\t") + "…"
}

func length(text string) int { return utf8.RuneCountInString(text) }
