package discord

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CommandInfo is a command as people see it.
type CommandInfo struct {
	Name        string       `json:"name"`
	Type        int          `json:"type"`
	Description string       `json:"description"`
	Options     []OptionInfo `json:"options,omitempty"`
}

// OptionInfo is an option of a command.
type OptionInfo struct {
	Name         string       `json:"name"`
	Type         int          `json:"type"`
	Description  string       `json:"description"`
	Required     bool         `json:"required,omitempty"`
	Autocomplete bool         `json:"autocomplete,omitempty"`
	Choices      []Choice     `json:"choices,omitempty"`
	Options      []OptionInfo `json:"options,omitempty"`
}

func optionInfo(c object) []OptionInfo {
	var out []OptionInfo
	for _, v := range asList(c["options"]) {
		o := asObject(v)
		info := OptionInfo{
			Name: text(o["name"]), Type: kindOf(o), Description: text(o["description"]), Required: o["required"] == true,
			Autocomplete: o["autocomplete"] == true, Options: optionInfo(o),
		}
		for _, c := range asList(o["choices"]) {
			info.Choices = append(info.Choices, choiceOf(asObject(c)))
		}
		out = append(out, info)
	}
	return out
}

// typed reads the options a person typed after a command, as the client does.
type typed struct {
	srv      *Server
	user     string
	name     string // of the command with its subcommands, for messages
	complete bool   // the last option is still being typed
	focus    string // its name
	resolved object
	numeric  bool // the focused option is a number
	whole    bool
}

// options reads "name:value name:value" by the options a command has, or a subcommand and its options.
func (t *typed) options(cmd object, rest string) ([]object, error) {
	defs := map[string]object{}
	var names []string
	for _, v := range asList(cmd["options"]) {
		def := asObject(v)
		defs[text(def["name"])] = def
		names = append(names, text(def["name"]))
	}
	word, more, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if len(names) > 0 && kindOf(defs[names[0]]) <= optGroup {
		def := defs[word]
		if def == nil {
			return nil, fmt.Errorf("choose one of %s", strings.Join(names, ", "))
		}
		t.name += " " + word
		inner, err := t.options(def, more)
		return []object{{"name": word, "type": kindOf(def), "options": append([]object{}, inner...)}}, err
	}
	given, err := split(rest, names)
	if err != nil {
		return nil, err
	}
	if t.complete && len(given) > 0 {
		t.focus = given[len(given)-1].name
	}
	var out []object
	for _, g := range given {
		o, err := t.value(defs[g.name], g.value)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	for _, name := range names {
		if defs[name]["required"] == true && !t.complete && !slices.ContainsFunc(given, func(g pair) bool { return g.name == name }) {
			return nil, fmt.Errorf("the option %s is required", name)
		}
	}
	return out, nil
}

// pair is an option as typed.
type pair struct{ name, value string }

// split cuts "a:one two b:three" at the names of options.
func split(rest string, names []string) ([]pair, error) {
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return nil, nil
	}
	if len(names) == 0 {
		return nil, errors.New("this command has no options")
	}
	var quoted []string
	for _, n := range names {
		quoted = append(quoted, regexp.QuoteMeta(n))
	}
	at := regexp.MustCompile(`(?:^|\s)(`+strings.Join(quoted, "|")+`):`).FindAllStringSubmatchIndex(rest, -1)
	if len(at) == 0 || at[0][0] != 0 {
		return nil, fmt.Errorf("%q is no option; there are %s", strings.Fields(rest)[0], strings.Join(names, ", "))
	}
	var out []pair
	for i, m := range at {
		end := len(rest)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := rest[m[2]:m[3]]
		if slices.ContainsFunc(out, func(p pair) bool { return p.name == name }) {
			return nil, fmt.Errorf("the option %s is given twice", name)
		}
		out = append(out, pair{name, strings.TrimSpace(rest[m[1]:end])})
	}
	return out, nil
}

// value makes the option's data of what was typed.
func (t *typed) value(def object, words string) (object, error) {
	name, kind := text(def["name"]), kindOf(def)
	o := object{"name": name, "type": kind}
	if name == t.focus {
		t.numeric, t.whole = kind != optString, kind == optInteger
		o["value"], o["focused"] = words, true
		return o, nil
	}
	if choices := asList(def["choices"]); len(choices) > 0 {
		for _, c := range choices {
			c := asObject(c)
			if text(c["name"]) == words || choiceOf(c).Value == words {
				o["value"] = c["value"]
				return o, nil
			}
		}
		return nil, fmt.Errorf("%q is not among the choices of %s", words, name)
	}
	for _, c := range t.srv.st.Offered[t.user+" /"+t.name+" "+name] {
		if c.Name == words { // picked from what was offered
			words = c.Value
			break
		}
	}
	v, err := t.convert(def, kind, words)
	o["value"] = v
	return o, err
}

var idPattern = regexp.MustCompile(`^<(?:@[!&]?|#)?(\d+)>$`)

func (t *typed) convert(def object, kind int, words string) (any, error) {
	name := text(def["name"])
	switch kind {
	case optString:
		least, _ := number(def["min_length"])
		most, ok := number(def["max_length"])
		if !ok {
			most = maxOptionText
		}
		if n := length(words); n < max(1, least) || n > most {
			return nil, fmt.Errorf("%s must have %d to %d characters", name, max(1, least), most)
		}
		return words, nil
	case optInteger, optNumber:
		n, err := strconv.ParseFloat(words, 64)
		low, hasLow := def["min_value"].(float64)
		high, hasHigh := def["max_value"].(float64)
		if err != nil || kind == optInteger && n != float64(int64(n)) || hasLow && n < low || hasHigh && n > high {
			return nil, fmt.Errorf("%q is no right number for %s", words, name)
		}
		return n, nil
	case optBoolean:
		b, err := strconv.ParseBool(strings.ToLower(words))
		if err != nil {
			return nil, fmt.Errorf("%s is True or False", name)
		}
		return b, nil
	}
	return t.entity(name, kind, words)
}

// entity finds the person, role, channel or file an option names, and adds it to the resolved data.
func (t *typed) entity(name string, kind int, words string) (any, error) {
	id := strings.TrimPrefix(strings.TrimPrefix(words, "@"), "#")
	if m := idPattern.FindStringSubmatch(words); m != nil {
		id = m[1]
	}
	s := t.srv
	for _, u := range s.st.Users {
		if strings.EqualFold(u.Username, id) && (kind == optUser || kind == optMentionable) {
			id = u.ID
		}
	}
	for _, ch := range s.st.Channels {
		if kind == optChannel && ch.Name != "" && strings.EqualFold(ch.Name, id) {
			id = ch.ID
		}
	}
	if !s.resolve(t.resolved, t.user, id, map[int]string{
		optUser: "user", optChannel: "channel", optRole: "role", optMentionable: "user role", optAttachment: "attachment",
	}[kind]) {
		return nil, fmt.Errorf("%s: there is no %q", name, words)
	}
	return id, nil
}

// resolve adds what an id stands for to resolved data,
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-resolved-data-structure
func (s *Server) resolve(into object, userID, id, kinds string) bool {
	put := func(group string, v object) bool {
		if into[group] == nil {
			into[group] = object{}
		}
		into[group].(object)[id] = v
		return true
	}
	for _, kind := range strings.Fields(kinds) {
		switch kind {
		case "user":
			if u := s.st.Users[id]; u != nil {
				if !u.Gone {
					member := s.memberJSON(id, false)
					member["permissions"] = s.permissions(id)
					put("members", member)
				}
				return put("users", s.userJSON(id))
			}
		case "channel":
			if ch := s.st.Channels[id]; ch != nil && s.sees(userID, ch) {
				return put("channels", s.partialChannel(ch, userID))
			}
		case "role":
			for i, r := range s.st.Roles {
				if r.ID == id {
					return put("roles", s.roleJSON(r, i+1))
				}
			}
		case "attachment":
			if a := s.st.Files[id]; a != nil {
				return put("attachments", attachmentJSON(*a))
			}
		}
	}
	return false
}
