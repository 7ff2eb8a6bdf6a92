package discord

import (
	"fmt"
	"strings"
)

// layout checks the parts of messages with the components flag,
// https://discord.com/developers/docs/components/reference
func (c *components) layout(at string, o object, kind int) {
	switch kind {
	case compText:
		c.text += length(c.str(at, o, "content", between(1, maxV2Text)))
	case compSection:
		for i, one := range c.list(at, o, "components", between(1, maxSectionTexts)) {
			c.one(fmt.Sprintf("%s/components/%d", at, i), one, compText)
		}
		accessory := asObject(o["accessory"])
		if accessory == nil {
			c.fail(at+"/accessory", baseRequired, "This field is required")
			return
		}
		c.one(at+"/accessory", accessory, compButton, compThumbnail)
	case compThumbnail:
		c.media(at, o)
	case compGallery:
		for i, item := range c.list(at, o, "items", between(1, maxGallery)) {
			c.media(fmt.Sprintf("%s/items/%d", at, i), item)
		}
	case compFile:
		c.file(at, o)
	case compSeparator:
		c.flag(at, o, "divider", true)
		c.whole(at, o, "spacing", 1, 2, 1)
	case compContainer:
		c.whole(at, o, "accent_color", 0, maxColor, 0)
		for i, one := range c.list(at, o, "components", between(1, maxV2Components)) {
			c.one(fmt.Sprintf("%s/components/%d", at, i), one, compRow, compText, compSection, compGallery, compSeparator, compFile)
		}
	}
}

func (c *components) media(at string, o object) {
	c.str(at, o, "description", upTo(maxMediaText))
	media := asObject(o["media"])
	if media == nil || text(media["url"]) == "" {
		c.fail(at+"/media", baseRequired, "This field is required")
		return
	}
	checkMediaURL(c.form, at+"/media", media, c.files)
}

func (c *components) file(at string, o object) {
	file := asObject(o["file"])
	name, ok := attachmentName(text(file["url"]))
	switch {
	case !ok:
		c.fail(at+"/file/url", "URL_TYPE_INVALID_SCHEME", "A file must be an attachment:// reference")
	case !c.files[name]:
		c.fail(at+"/file/url", "ATTACHMENT_NOT_FOUND", "Referenced attachment %s was not found", name)
	}
}

// attachmentName is the file an attachment:// address names.
func attachmentName(address string) (string, bool) {
	return strings.CutPrefix(address, "attachment://")
}
