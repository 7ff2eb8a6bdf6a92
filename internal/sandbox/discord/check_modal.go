package discord

import "fmt"

// Limits of modals, https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
const (
	maxModalTitle       = 45
	maxModalComponents  = 5
	maxModalLabel       = 45
	maxModalDescription = 100
	maxInput            = 4000
	maxInputPlaceholder = 100
	maxUploads          = 10
	maxGroup            = 10
)

// checkModal checks the data of a modal answer.
func checkModal(f *form, path string, o object) {
	f.str(path, o, "title", between(1, maxModalTitle))
	f.str(path, o, "custom_id", between(1, maxCustomID))
	c := newComponents(f, nil)
	c.modal = true
	for i, one := range f.list(path, o, "components", between(1, maxModalComponents)) {
		c.one(fmt.Sprintf("%s/components/%d", path, i), one, compRow, compText, compLabel)
	}
	if c.text > maxV2Text {
		f.fail(path+"/components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Total displayable text size exceeds maximum size of %d", maxV2Text)
	}
}

// formPart checks what only modals hold.
func (c *components) formPart(at string, o object, kind int) {
	if kind == compLabel {
		c.label(at, o)
		return
	}
	c.customID(at, o)
	required := c.flag(at, o, "required", true)
	switch kind {
	case compTextInput:
		c.textInput(at, o)
	case compUpload:
		c.counts(at, o, maxUploads, required)
	case compRadio:
		if c.options(at, o, between(2, maxGroup)) > 1 {
			c.fail(at+"/options", "RADIO_GROUP_DEFAULTS", "Only one option can be default")
		}
	case compCheckboxes:
		c.options(at, o, between(1, maxGroup))
		if o["max_values"] == nil {
			o = withValue(o, "max_values", float64(max(1, len(asList(o["options"])))))
		}
		c.counts(at, o, maxGroup, required)
	case compCheckbox:
		c.flag(at, o, "default", false)
		if o["required"] != nil {
			c.fail(at+"/required", "CHECKBOX_REQUIRED", "A checkbox cannot be required")
		}
	}
}

// label, https://discord.com/developers/docs/components/reference#label
func (c *components) label(at string, o object) {
	c.str(at, o, "label", between(1, maxModalLabel))
	c.str(at, o, "description", upTo(maxModalDescription))
	inner := asObject(o["component"])
	if inner == nil {
		c.fail(at+"/component", baseRequired, "This field is required")
		return
	}
	c.one(at+"/component", inner, append([]int{compTextInput, compUpload, compRadio, compCheckboxes, compCheckbox}, selects...)...)
}

// textInput, https://discord.com/developers/docs/components/reference#text-input
func (c *components) textInput(at string, o object) {
	c.choice(at, o, "style", 1, 2)
	c.str(at, o, "placeholder", upTo(maxInputPlaceholder))
	least := c.whole(at, o, "min_length", 0, maxInput, 0)
	most := c.whole(at, o, "max_length", 1, maxInput, maxInput)
	if least > most {
		c.fail(at+"/min_length", "TEXT_INPUT_COMPONENT_LENGTH", "min_length is more than max_length")
	}
	value, ok := o["value"].(string)
	switch {
	case o["value"] != nil && !ok:
		c.fail(at+"/value", "STRING_TYPE_CONVERT", "Could not interpret %s as string.", mustJSON(o["value"]))
	case length(value) > most:
		c.fail(at+"/value", baseMax, "Must be %d or fewer in length.", most)
	}
	if !c.inLabel(at) {
		c.str(at, o, "label", between(1, maxModalLabel))
	}
}

// inLabel tells by its path whether a text input stands in a label; the others stand in rows.
func (c *components) inLabel(at string) bool {
	const end = "/component"
	return len(at) > len(end) && at[len(at)-len(end):] == end
}

// withValue is the object with one field set, the original left alone.
func withValue(o object, name string, v any) object {
	c := object{name: v}
	for k, old := range o {
		if k != name {
			c[k] = old
		}
	}
	return c
}
