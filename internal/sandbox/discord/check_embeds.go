package discord

import (
	"fmt"
	"time"
)

// Limits of embeds, https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const (
	maxEmbeds      = 10
	maxEmbedTitle  = 256
	maxEmbedText   = 4096
	maxEmbedFields = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxEmbedTotal  = 6000
	maxURL         = 2048
	maxColor       = 0xFFFFFF
)

// checkEmbeds checks a message's embeds. attachment:// addresses must name a file of the message.
func checkEmbeds(f *form, path string, o object, files map[string]bool) {
	total := 0
	for i, e := range f.list(path, o, "embeds", upTo(maxEmbeds)) {
		total += checkEmbed(f, fmt.Sprintf("%s/embeds/%d", path, i), e, files)
	}
	if total > maxEmbedTotal {
		f.fail(path+"/embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedTotal)
	}
}

// checkEmbed returns how many characters count towards the total.
func checkEmbed(f *form, at string, e object, files map[string]bool) int {
	total := length(f.str(at, e, "title", upTo(maxEmbedTitle)))
	total += length(f.str(at, e, "description", upTo(maxEmbedText)))
	f.webAddress(at, e, maxURL, "http", "https")
	f.whole(at, e, "color", 0, maxColor, 0)
	if at, words := at+"/timestamp", text(e["timestamp"]); e["timestamp"] != nil {
		if _, err := time.Parse(time.RFC3339, words); err != nil {
			f.fail(at, "DATETIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", words)
		}
	}
	if footer := asObject(e["footer"]); footer != nil {
		total += length(f.str(at+"/footer", footer, "text", between(1, maxFooter)))
	}
	if author := asObject(e["author"]); author != nil {
		total += length(f.str(at+"/author", author, "name", between(1, maxAuthor)))
		f.webAddress(at+"/author", author, maxURL, "http", "https")
	}
	for _, name := range []string{"image", "thumbnail"} {
		if picture := asObject(e[name]); picture != nil {
			checkMediaURL(f, at+"/"+name, picture, files)
		}
	}
	for i, field := range f.list(at, e, "fields", upTo(maxEmbedFields)) {
		at := fmt.Sprintf("%s/fields/%d", at, i)
		total += length(f.str(at, field, "name", between(1, maxFieldName)))
		total += length(f.str(at, field, "value", between(1, maxFieldValue)))
		f.flag(at, field, "inline", false)
	}
	return total
}

// checkMediaURL checks an address that may also name a file of the message.
func checkMediaURL(f *form, at string, o object, files map[string]bool) {
	f.webAddress(at, o, maxURL, "http", "https", "attachment")
	if name, ok := attachmentName(text(o["url"])); ok && !files[name] {
		f.fail(at+"/url", "ATTACHMENT_NOT_FOUND", "Referenced attachment %s was not found", name)
	}
}

// emptyEmbed reports whether nothing of an embed would be seen.
func emptyEmbed(e object) bool {
	for _, name := range []string{"title", "description"} {
		if text(e[name]) != "" {
			return false
		}
	}
	for _, name := range []string{"footer", "author", "image", "thumbnail"} {
		if asObject(e[name]) != nil {
			return false
		}
	}
	return len(asList(e["fields"])) == 0
}
