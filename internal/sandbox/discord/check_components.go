package discord

import (
	"fmt"
	"slices"
	"strings"
)

// Types of components, https://discord.com/developers/docs/components/reference#component-object-component-types
const (
	compRow         = 1
	compButton      = 2
	compSelect      = 3
	compTextInput   = 4
	compUserSelect  = 5
	compRoleSelect  = 6
	compMentionable = 7
	compChannel     = 8
	compSection     = 9
	compText        = 10
	compThumbnail   = 11
	compGallery     = 12
	compFile        = 13
	compSeparator   = 14
	compContainer   = 17
	compLabel       = 18
	compUpload      = 19
	compRadio       = 21
	compCheckboxes  = 22
	compCheckbox    = 23
	styleLink       = 5
	stylePremium    = 6
	maxRows         = 5
	maxButtons      = 5
	maxLabel        = 80
	maxCustomID     = 100
	maxLinkURL      = 512
	maxOptions      = 25
	maxOption       = 100
	maxPlaceholder  = 150
	maxV2Components = 40
	maxV2Text       = 4000
	maxMediaText    = 1024
	maxGallery      = 10
	maxSectionTexts = 3
	maxComponentID  = 1<<31 - 1
)

// components checks the components of one message or modal.
type components struct {
	*form
	modal bool
	files map[string]bool // names of the message's files
	ids   map[string]bool // custom ids seen
	nums  map[int]bool    // numeric ids seen
	count int
	text  int // characters of Text Displays
}

func newComponents(f *form, files map[string]bool) *components {
	return &components{form: f, files: files, ids: map[string]bool{}, nums: map[int]bool{}}
}

// selects are the types of select menus.
var selects = []int{compSelect, compUserSelect, compRoleSelect, compMentionable, compChannel}

// message checks the components of a message. Without the flag only rows may stand at the top.
func (c *components) message(path string, o object, v2 bool) {
	allowed, most := []int{compRow}, maxRows
	if v2 {
		allowed = []int{compRow, compSection, compText, compGallery, compFile, compSeparator, compContainer}
		most = maxV2Components
	}
	for i, one := range c.list(path, o, "components", upTo(most)) {
		c.one(fmt.Sprintf("%s/components/%d", path, i), one, allowed...)
	}
	if v2 && c.count > maxV2Components {
		c.fail(path+"/components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "Total number of components cannot exceed %d", maxV2Components)
	}
	if c.text > maxV2Text {
		c.fail(path+"/components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Total displayable text size exceeds maximum size of %d", maxV2Text)
	}
}

// one checks a component that must be of one of the allowed types.
func (c *components) one(at string, o object, allowed ...int) {
	c.count++
	kind := kindOf(o)
	if !slices.Contains(allowed, kind) {
		c.fail(at+"/type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (%s).", joinInts(allowed))
		return
	}
	if id := c.whole(at, o, "id", 0, maxComponentID, 0); id != 0 {
		if c.nums[id] {
			c.fail(at+"/id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
		}
		c.nums[id] = true
	}
	switch kind {
	case compRow:
		c.row(at, o)
	case compButton:
		c.button(at, o)
	case compSelect, compUserSelect, compRoleSelect, compMentionable, compChannel:
		c.selectMenu(at, o, kind)
	case compLabel, compTextInput, compUpload, compRadio, compCheckboxes, compCheckbox:
		c.formPart(at, o, kind)
	default:
		c.layout(at, o, kind)
	}
}

func (c *components) row(at string, o object) {
	if c.modal {
		for i, one := range c.list(at, o, "components", between(1, 1)) {
			c.one(fmt.Sprintf("%s/components/%d", at, i), one, compTextInput)
		}
		return
	}
	list := c.list(at, o, "components", between(1, maxButtons))
	menus := 0
	for i, one := range list {
		if slices.Contains(selects, kindOf(one)) {
			menus++
		}
		c.one(fmt.Sprintf("%s/components/%d", at, i), one, append([]int{compButton}, selects...)...)
	}
	if menus > 0 && len(list) > 1 {
		c.fail(at+"/components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
	}
}

// customID checks an id and that no other component has it.
func (c *components) customID(at string, o object) {
	id := c.str(at, o, "custom_id", between(1, maxCustomID))
	if id != "" && c.ids[id] {
		c.fail(at+"/custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	c.ids[id] = true
}

// button, https://discord.com/developers/docs/components/reference#button
func (c *components) button(at string, o object) {
	style := c.choice(at, o, "style", 1, 2, 3, 4, styleLink, stylePremium)
	c.flag(at, o, "disabled", false)
	c.str(at, o, "label", upTo(maxLabel))
	if text(o["label"]) == "" && asObject(o["emoji"]) == nil && style != stylePremium {
		c.fail(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji")
	}
	has := func(name string) bool { return text(o[name]) != "" }
	switch {
	case style == stylePremium:
		if !has("sku_id") || has("label") || has("custom_id") || has("url") {
			c.fail(at, "BUTTON_COMPONENT_INVALID_PREMIUM", "A premium button has a sku_id and nothing else")
		}
	case style == styleLink:
		c.webAddress(at, o, maxLinkURL, "http", "https", "discord")
		if !has("url") {
			c.fail(at+"/url", baseRequired, "This field is required")
		}
		if has("custom_id") {
			c.fail(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	default:
		c.customID(at, o)
		if has("url") {
			c.fail(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	}
}

// selectMenu, https://discord.com/developers/docs/components/reference#string-select
func (c *components) selectMenu(at string, o object, kind int) {
	c.customID(at, o)
	c.str(at, o, "placeholder", upTo(maxPlaceholder))
	required := c.modal && c.flag(at, o, "required", true)
	if c.modal && c.flag(at, o, "disabled", false) {
		c.fail(at+"/disabled", "MODAL_COMPONENT_DISABLED", "Components in modals cannot be disabled")
	}
	least, most := c.counts(at, o, maxOptions, required)
	if kind == compSelect {
		preset := c.options(at, o, between(1, maxOptions))
		if n := len(asList(o["options"])); most > n && n > 0 {
			c.fail(at+"/max_values", "SELECT_COMPONENT_MAX_VALUES", "max_values is more than the number of options")
		}
		if preset > most {
			c.fail(at+"/options", "SELECT_COMPONENT_DEFAULTS", "More options are default than may be chosen")
		}
		return
	}
	if o["channel_types"] != nil {
		c.channelTypes(at, o, kind)
	}
	defaults := c.list(at, o, "default_values", upTo(maxOptions))
	for i, d := range defaults {
		c.defaultValue(fmt.Sprintf("%s/default_values/%d", at, i), d, kind)
	}
	if n := len(defaults); n > 0 && (n > most || n < least) {
		c.fail(at+"/default_values", "SELECT_COMPONENT_DEFAULT_VALUES", "Number of default values must be within min_values and max_values")
	}
}

// channelTypes checks which channels a select shows,
// https://discord.com/developers/docs/resources/channel#channel-object-channel-types
func (c *components) channelTypes(at string, o object, kind int) {
	for i, v := range asList(o["channel_types"]) {
		n, ok := number(v)
		if !ok || n < 0 || n > 16 || kind != compChannel {
			c.fail(fmt.Sprintf("%s/channel_types/%d", at, i), baseChoices, "Value must be one of the channel types.")
		}
	}
}

func (c *components) defaultValue(at string, d object, kind int) {
	if !isSnowflake(text(d["id"])) {
		c.fail(at+"/id", "NUMBER_TYPE_COERCE", "Value %s is not snowflake.", mustJSON(d["id"]))
	}
	allowed := map[int]string{compUserSelect: "user", compRoleSelect: "role", compChannel: "channel", compMentionable: "user role"}[kind]
	if of := text(d["type"]); of == "" || !slices.Contains(strings.Fields(allowed), of) {
		c.fail(at+"/type", baseChoices, "Value must be one of {%s}.", allowed)
	}
}

// counts checks min_values and max_values.
func (c *components) counts(at string, o object, limit int, required bool) (least, most int) {
	least = c.whole(at, o, "min_values", 0, limit, 1)
	most = c.whole(at, o, "max_values", 1, limit, max(1, min(least, limit)))
	if least > most {
		c.fail(at+"/min_values", "SELECT_COMPONENT_MIN_VALUES", "min_values is more than max_values")
	}
	if required && o["min_values"] != nil && least == 0 {
		c.fail(at+"/min_values", "COMPONENT_REQUIRED_MIN_VALUES", "min_values must be at least 1 when the component is required")
	}
	return least, most
}

// options checks the choices of a select or group and returns how many are chosen at first.
func (c *components) options(at string, o object, sp span) int {
	seen, preset := map[string]bool{}, 0
	for i, opt := range c.list(at, o, "options", sp) {
		at := fmt.Sprintf("%s/options/%d", at, i)
		c.str(at, opt, "label", between(1, maxOption))
		value := c.str(at, opt, "value", between(1, maxOption))
		c.str(at, opt, "description", upTo(maxOption))
		if value != "" && seen[value] {
			c.fail(at+"/value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[value] = true
		if c.flag(at, opt, "default", false) {
			preset++
		}
	}
	return preset
}
