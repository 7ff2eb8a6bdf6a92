package discordbot

import (
	"path/filepath"
	"strings"
	"unicode"
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
	maxEmbedSum    = 6000
	maxRows        = 5
	maxRowButtons  = 5
	maxButtonLabel = 80
	maxCustomID    = 100
	maxURL         = 512 // of a button
	maxOptions     = 25
	maxOption      = 100

	maxModalTitle  = 45
	maxModalFields = 5
	maxModalText   = 4000 // between the fields
	maxLabel       = 45
	maxLabelNote   = 100
	maxPlaceholder = 100
	maxInput       = 4000
	maxFiles       = 10
	maxThreadName  = 100
	maxFileNote    = 1024
	maxFileName    = 100
)

// shorten cuts text to at most limit characters.
func shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return beginning(text, limit-1) + "…"
}

// beginning is at most the first n characters of a longer text: up to the end of a word if one ends near there.
func beginning(text string, n int) string {
	runes := []rune(text)
	end := n
	for end > 0 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if end < n*2/3 {
		end = n
	}
	return strings.TrimRightFunc(string(runes[:end]), unicode.IsSpace)
}

// fileName is a name that a file can be sent by; its ending, which says what it is, is kept.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || strings.ContainsRune(`/\"`, r) {
			return -1
		}
		return r
	}, name)
	if over := length(name) - maxFileName; over > 0 {
		runes, ending := []rune(name), []rune(filepath.Ext(name))
		if len(ending) > maxFileName/2 {
			ending = nil
		}
		name = string(runes[:maxFileName-len(ending)]) + string(ending)
	}
	return orValue(name, "file")
}

func length(text string) int { return utf8.RuneCountInString(text) }
