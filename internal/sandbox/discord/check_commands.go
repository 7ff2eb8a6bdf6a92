package discord

import (
	"fmt"
	"regexp"
	"strings"
)

// Limits of commands, https://discord.com/developers/docs/interactions/application-commands
const (
	maxCommandName = 32
	maxCommandText = 100
	maxCommandSize = 8000
	maxChatInputs  = 100
	maxMenuItems   = 15
	maxOptionText  = 6000
)

// Types of commands.
const (
	chatInput      = 1
	userCommand    = 2
	messageCommand = 3
)

// Types of options.
const (
	optSubcommand  = 1
	optGroup       = 2
	optString      = 3
	optInteger     = 4
	optBoolean     = 5
	optUser        = 6
	optChannel     = 7
	optRole        = 8
	optMentionable = 9
	optNumber      = 10
	optAttachment  = 11
)

// commandName is Discord's rule for names; Go's \p{L} holds the letters of the two scripts, their marks are added.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func commandType(c object) int {
	if c["type"] == nil {
		return chatInput
	}
	return kindOf(c)
}

// checkCommand checks one command.
func checkCommand(f *form, at string, c object) {
	kind := chatInput
	if c["type"] != nil {
		kind = f.choice(at, c, "type", chatInput, userCommand, messageCommand)
	}
	if kind != chatInput {
		f.str(at, c, "name", between(1, maxCommandName))
		if text(c["description"]) != "" {
			f.fail(at+"/description", "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED", "Context menu commands cannot have description")
		}
		if len(asList(c["options"])) > 0 {
			f.fail(at+"/options", "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Context menu commands cannot have options")
		}
		return
	}
	checkName(f, at, c)
	checkCommandOptions(f, at, c, 0)
	if size := commandSize(c); size > maxCommandSize {
		f.fail(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandSize)
	}
}

// checkName checks the name and description of a command or option.
func checkName(f *form, at string, o object) {
	name := f.str(at, o, "name", between(1, maxCommandName))
	if name != "" && (!commandName.MatchString(name) || name != strings.ToLower(name)) {
		f.fail(at+"/name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	f.str(at, o, "description", between(1, maxCommandText))
}

// checkCommandSet checks that names are unique by type and that there are not too many.
func checkCommandSet(f *form, list []object) {
	seen, count := map[string]bool{}, map[int]int{}
	for i, c := range list {
		kind := commandType(c)
		key := fmt.Sprint(kind, " ", c["name"])
		if seen[key] {
			f.fail(fmt.Sprintf("%d/name", i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[key] = true
		count[kind]++
	}
	for kind, n := range count {
		most := maxMenuItems
		if kind == chatInput {
			most = maxChatInputs
		}
		if n > most {
			f.fail("", "MAX_APPLICATION_COMMANDS", "Maximum number of application commands reached (%d)", most)
		}
	}
}

// checkCommandOptions checks the options of a command (depth 0), a group (1) or a subcommand (2).
func checkCommandOptions(f *form, at string, c object, depth int) {
	seen, optional, nested, plain := map[string]bool{}, false, false, false
	for i, o := range f.list(at, c, "options", upTo(maxOptions)) {
		at := fmt.Sprintf("%s/options/%d", at, i)
		checkOption(f, at, o, depth)
		name := text(o["name"])
		if seen[name] {
			f.fail(at+"/name", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Option name %s is already used", name)
		}
		seen[name] = true
		if kind := kindOf(o); kind == optSubcommand || kind == optGroup {
			nested = true
			continue
		}
		plain = true
		if o["required"] != true {
			optional = true
		} else if optional {
			f.fail(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
	}
	if nested && plain {
		f.fail(at+"/options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func checkOption(f *form, at string, o object, depth int) {
	checkName(f, at, o)
	kinds := []int{optString, optInteger, optBoolean, optUser, optChannel, optRole, optMentionable, optNumber, optAttachment}
	switch depth {
	case 0:
		kinds = append([]int{optSubcommand, optGroup}, kinds...)
	case 1:
		kinds = []int{optSubcommand}
	}
	kind := f.choice(at, o, "type", kinds...)
	switch kind {
	case optSubcommand:
		checkCommandOptions(f, at, o, 2)
		return
	case optGroup:
		checkCommandOptions(f, at, o, 1)
		return
	}
	f.flag(at, o, "required", false)
	choosable := kind == optString || kind == optInteger || kind == optNumber
	choices := f.list(at, o, "choices", upTo(maxOptions))
	if len(choices) > 0 && !choosable {
		f.fail(at+"/choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Choices are not allowed for this option type")
	}
	checkChoices(f, at, choices, kind != optString, kind == optInteger)
	if f.flag(at, o, "autocomplete", false) && (len(choices) > 0 || !choosable) {
		f.fail(at+"/autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Autocomplete is only for texts and numbers without choices")
	}
	f.whole(at, o, "min_length", 0, maxOptionText, 0)
	f.whole(at, o, "max_length", 1, maxOptionText, maxOptionText)
}

// checkChoices checks the choices of an option or of autocomplete.
func checkChoices(f *form, at string, list []object, numeric, whole bool) {
	seen := map[string]bool{}
	for i, c := range list {
		at := fmt.Sprintf("%s/choices/%d", at, i)
		name := f.str(at, c, "name", between(1, maxOption))
		if seen[name] && name != "" {
			f.fail(at+"/name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Option choice name already exists")
		}
		seen[name] = true
		if !numeric {
			f.str(at, c, "value", between(1, maxOption))
			continue
		}
		n, ok := c["value"].(float64)
		if !ok || whole && n != float64(int64(n)) {
			f.fail(at+"/value", "NUMBER_TYPE_COERCE", "Value %s is not a number of the option's type.", mustJSON(c["value"]))
		}
	}
}

// commandSize counts names, descriptions and values, which together are limited.
func commandSize(o object) int {
	n := length(text(o["name"])) + length(text(o["description"])) + length(text(o["value"]))
	for _, key := range []string{"options", "choices"} {
		for _, v := range asList(o[key]) {
			n += commandSize(asObject(v))
		}
	}
	return n
}

// choiceOf is a choice as a person sees it.
func choiceOf(c object) Choice {
	value, ok := c["value"].(string)
	if !ok {
		value = string(mustJSON(c["value"]))
	}
	return Choice{Name: text(c["name"]), Value: value, Description: text(c["description"])}
}
