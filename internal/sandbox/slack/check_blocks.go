package slack

import "slices"

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
	maxHeaderLevel    = 4
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
	case "carousel", "container", "table", "data_table":
		return []string{onMessage, onHome}
	case "markdown", "data_visualization", "context_actions":
		return []string{onMessage}
	case "file":
		return nil // only seen when reading messages that have remote files
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
		return shape{need: []string{"text"}, fields: map[string]rule{
			"text": plain(maxHeader), "level": integer(1, maxHeaderLevel),
		}}, true
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
		}, also: inputTogether}, true
	case "image":
		return imageFields(map[string]rule{"title": plain(maxAltText)}), true
	case "file":
		return shape{need: []string{"external_id", "source"}, fields: map[string]rule{
			"external_id": text(1, maxID), "source": oneOf("remote"),
		}}, true
	case "markdown":
		return shape{need: []string{"text"}, fields: map[string]rule{"text": markdownText}}, true
	}
	return shape{}, false
}

// inputTogether: what an input's fields must be together.
func inputTogether(c *checker, path string, o object) {
	c.inputs++
	if el, _ := o["element"].(object); o["dispatch_action"] == true && el["type"] == "file_input" {
		c.fail(path+"/element/type", "unsupported type: file_input with dispatch_action")
	}
}

// markdownText: the limit is for all markdown blocks of a message together.
func markdownText(c *checker, path string, v any) {
	countedText(maxMarkdown)(c, path, v)
	c.markdown += runes(v)
	if n := runes(v); c.markdown > maxMarkdown && n <= maxMarkdown {
		c.fail(path, "markdown blocks must hold less than %d characters together", maxMarkdown+1)
	}
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
