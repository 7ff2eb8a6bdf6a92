package slack

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Limits of layout blocks, https://docs.slack.dev/reference/block-kit/blocks
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	// Undocumented; messages of some 13,200 characters of block text are refused with msg_blocks_too_long,
	// https://github.com/slackapi/bolt-js/issues/2509
	maxMessageText    = 13200
	maxFields         = 10
	maxFieldText      = 2000
	maxHeader         = 150
	maxContext        = 10
	maxActions        = 25
	maxContextActions = 5
	maxLabel          = 2000
	maxHint           = 2000
	maxMarkdown       = 12000
	maxVideoTitle     = 199 // "less than 200"
	maxVideoAuthor    = 49  // "less than 50"
	maxAlertText      = 200
	maxCardTitle      = 150
	maxCardBody       = 200
	maxCardActions    = 3
	maxCarousel       = 10
	maxContainer      = 10
	maxContainerTitle = 150
)

// Which elements each block takes.
var (
	selectKinds = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	choiceKinds    = append([]string{"checkboxes", "radio_buttons", "datepicker", "timepicker"}, selectKinds...)
	accessoryKinds = append([]string{"button", "image", "overflow", "workflow_button"}, choiceKinds...)
	actionKinds    = append([]string{"button", "overflow", "workflow_button", "datetimepicker", "rich_text_input"}, choiceKinds...)
	inputKinds     = append([]string{
		"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input", "datetimepicker",
	}, choiceKinds...)
	blockKinds = []string{
		"section", "header", "divider", "context", "context_actions", "actions", "input", "image", "file", "rich_text", "markdown",
		"video", "table", "data_table", "data_visualization", "alert", "card", "carousel", "container",
	}
	containerKinds = []string{
		"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video",
	}
)

// blockSurfaces lists where a block may be, https://docs.slack.dev/blocks.json
func blockSurfaces(kind string) []string {
	switch kind {
	case "alert":
		return []string{onModal}
	case "carousel":
		return []string{onMessage, onHome}
	case "markdown", "table", "data_table", "data_visualization", "container", "context_actions", "file":
		return []string{onMessage}
	}
	return []string{onMessage, onModal, onHome}
}

// blocks checks the blocks of a message or view and fills in missing ids, as Slack does.
func (c *checker) blocks(path string, v any, max int, newID func() string) {
	list(0, max, func(c *checker, path string, v any) {
		typed(blockShape, blockKinds...)(c, path, v)
		o, ok := v.(object)
		if !ok {
			return
		}
		if kind, _ := o["type"].(string); !slices.Contains(blockSurfaces(kind), c.surface) {
			c.fail(path+"/type", "block type %s is not allowed in a %s", kind, c.surface)
		}
		c.blockID(path, o, newID)
	})(c, path, v)
}

func (c *checker) blockID(path string, o object, newID func() string) {
	id, _ := o["block_id"].(string)
	if id == "" {
		id = newID()
		o["block_id"] = id
	}
	if c.blockIDs[id] {
		c.fail(path+"/block_id", "`block_id` %q already exists", id)
	}
	c.blockIDs[id] = true
	fillActionIDs(o, newID)
}

func fillActionIDs(block object, newID func() string) {
	for _, el := range elementsOf(block) {
		if kind, _ := el["type"].(string); kind == "image" || kind == "plain_text" || kind == "mrkdwn" {
			continue
		}
		if id, _ := el["action_id"].(string); id == "" {
			el["action_id"] = newID()
		}
	}
}

func blockShape(kind string) (shape, bool) {
	sh, ok := layoutShape(kind)
	if !ok {
		sh, ok = dataShape(kind)
	}
	if !ok {
		sh, ok = wrapperShape(kind)
	}
	if ok {
		sh.fields["block_id"] = text(0, maxID)
	}
	return sh, ok
}

func layoutShape(kind string) (shape, bool) {
	switch kind {
	case "divider":
		return shape{fields: map[string]rule{}}, true
	case "header":
		return shape{need: []string{"text"}, fields: map[string]rule{"text": plain(maxHeader)}}, true
	case "section":
		return shape{fields: map[string]rule{
			"text": anyText(maxText), "fields": list(1, maxFields, anyText(maxFieldText)), "expand": boolean,
			"accessory": typed(elementShape, accessoryKinds...),
		}, also: func(c *checker, path string, o object) {
			if o["text"] == nil && o["fields"] == nil {
				c.fail(path, "missing required field: text or fields")
			}
		}}, true
	case "context":
		return shape{need: []string{"elements"}, fields: map[string]rule{"elements": list(1, maxContext, contextElement)}}, true
	case "actions":
		return elementsBlock(maxActions, actionKinds), true
	case "context_actions":
		return elementsBlock(maxContextActions, []string{"feedback_buttons", "icon_button"}), true
	case "input":
		return shape{need: []string{"label", "element"}, fields: map[string]rule{
			"label": plain(maxLabel), "hint": plain(maxHint), "optional": boolean, "dispatch_action": boolean,
			"element": typed(elementShape, inputKinds...),
		}, also: func(c *checker, _ string, _ object) { c.inputs++ }}, true
	case "image":
		return imageFields(map[string]rule{"title": plain(maxAltText)}), true
	case "file":
		return shape{need: []string{"external_id", "source"}, fields: map[string]rule{
			"external_id": text(1, maxID), "source": oneOf("remote"),
		}}, true
	case "markdown":
		return shape{need: []string{"text"}, fields: map[string]rule{"text": countedText(maxMarkdown)}}, true
	}
	return shape{}, false
}

func contextElement(c *checker, path string, v any) {
	if o, _ := v.(object); o["type"] == "image" {
		c.object(path, v, imageFields(nil))
		return
	}
	anyText(maxText)(c, path, v)
}

// elementsBlock is a block of elements whose action ids must differ.
func elementsBlock(max int, kinds []string) shape {
	return shape{need: []string{"elements"}, fields: map[string]rule{
		"elements": func(c *checker, path string, v any) {
			list(1, max, typed(elementShape, kinds...))(c, path, v)
			distinct(c, path, v, "action_id")
		},
	}}
}

func wrapperShape(kind string) (shape, bool) {
	switch kind {
	case "video":
		return videoShape(), true
	case "alert":
		return shape{need: []string{"text"}, fields: map[string]rule{
			"text": anyText(maxAlertText), "level": oneOf("default", "info", "warning", "error", "success"),
		}}, true
	case "card":
		return cardShape(), true
	case "carousel":
		return shape{need: []string{"elements"}, fields: map[string]rule{"elements": list(1, maxCarousel, typed(blockShape, "card"))}}, true
	case "container":
		return shape{need: []string{"child_blocks"}, fields: map[string]rule{
			"title": plain(maxContainerTitle), "rich_text_title": typed(blockShape, "rich_text"), "subtitle": anyText(maxContainerTitle),
			"child_blocks": list(1, maxContainer, typed(blockShape, containerKinds...)), "icon": typed(elementShape, "image"),
			"width":          oneOf("narrow", "standard", "wide", "full"),
			"is_collapsible": boolean, "default_collapsed": boolean, "has_header_divider": boolean,
		}, also: func(c *checker, path string, o object) {
			if o["title"] == nil && o["rich_text_title"] == nil {
				c.fail(path, "missing required field: title or rich_text_title")
			}
			if o["default_collapsed"] == true && o["is_collapsible"] != true {
				c.fail(path+"/default_collapsed", "requires is_collapsible")
			}
		}}, true
	}
	return shape{}, false
}

func videoShape() shape {
	return shape{need: []string{"alt_text", "title", "thumbnail_url", "video_url"}, fields: map[string]rule{
		"alt_text": text(1, maxAltText), "title": plain(maxVideoTitle), "title_url": webAddress(maxURL, "https"),
		"thumbnail_url": webAddress(maxURL, "http", "https"), "video_url": webAddress(maxURL, "https"),
		"author_name": text(1, maxVideoAuthor), "provider_name": text(1, maxID), "provider_icon_url": webAddress(maxURL),
		"description": plain(maxText),
	}}
}

func cardShape() shape {
	return shape{fields: map[string]rule{
		"hero_image": typed(elementShape, "image"), "icon": typed(elementShape, "image"), "slack_icon": anyObject,
		"title": anyText(maxCardTitle), "subtitle": anyText(maxCardTitle), "body": anyText(maxCardBody), "subtext": anyText(maxCardBody),
		"actions": func(c *checker, path string, v any) {
			list(1, maxCardActions, typed(elementShape, "button"))(c, path, v)
			distinct(c, path, v, "action_id")
		},
	}, also: func(c *checker, path string, o object) {
		if o["hero_image"] == nil && o["title"] == nil && o["actions"] == nil && o["body"] == nil {
			c.fail(path, "at least one of hero_image, title, actions, or body is required")
		}
		if o["icon"] != nil && o["slack_icon"] != nil {
			c.fail(path, "only one of icon and slack_icon may be set")
		}
	}}
}

// elementsOf lists the elements of a block that a person can use, wherever the block keeps them.
func elementsOf(block object) []object {
	var found []object
	add := func(v any) {
		if o, ok := v.(object); ok && o["type"] != nil {
			found = append(found, o)
		}
	}
	kind, _ := block["type"].(string)
	switch kind {
	case "section":
		add(block["accessory"])
	case "input":
		add(block["element"])
	case "actions", "context_actions":
		for _, el := range asList(block["elements"]) {
			add(el)
		}
	case "card":
		for _, el := range asList(block["actions"]) {
			add(el)
		}
	case "carousel", "container":
		for _, child := range append(asList(block["elements"]), asList(block["child_blocks"])...) {
			if o, ok := child.(object); ok {
				found = append(found, elementsOf(o)...)
			}
		}
	case "data_table":
		for _, row := range asList(block["rows"]) {
			for _, cell := range asList(row) {
				if o, ok := cell.(object); ok {
					add(o["element"])
				}
			}
		}
	}
	return found
}

func asList(v any) []any {
	items, _ := v.([]any)
	return items
}

func runes(v any) int {
	switch s := v.(type) {
	case string:
		return utf8.RuneCountInString(s)
	case float64:
		return len(strconv.FormatFloat(s, 'f', -1, 64))
	}
	return 0
}
