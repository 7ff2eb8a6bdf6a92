package discordbot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"callout/bot"
)

// invoked finds the command that was typed and its options: those of a subcommand stand inside it.
func (a *Adapter) invoked(data commandData) (command bot.Command, options []option, err error) {
	name, options := data.Name, data.Options
	sub := name == outerCommand && len(options) == 1 && options[0].Type == optionSub
	if sub {
		name, options = options[0].Name, options[0].Options
	}
	for _, c := range a.bot.Commands() {
		if c.Name == name && (sub || !c.Sub) {
			return c, options, nil
		}
	}
	return command, nil, fmt.Errorf("command %q: %w", name, errUnknown)
}

// decodeCommand reads a slash command: the words that are typed elsewhere, and what its options fill of the form that it opens.
func (a *Adapter) decodeCommand(d delivery) (delivery, error) {
	var data commandData
	if err := json.Unmarshal(d.in.Data, &data); err != nil {
		return d, fmt.Errorf("decode command: %w", err)
	}
	if data.Type == commandOnMessage {
		return a.decodeShortcut(d, data)
	}
	if data.Name == homeCommand {
		d.req.Kind = bot.KindHome
		return d, nil
	}
	command, options, err := a.invoked(data)
	if err != nil {
		return d, err
	}
	values := map[string]string{}
	for _, o := range options {
		values[o.Name] = o.text()
	}
	d.req.Kind, d.req.Name = bot.KindCommand, command.Name
	d.req.Text, d.fills = command.Typed(values)
	if command.Sub { // it is none of its own
		d.req.Name, d.req.Text = outerCommand, strings.TrimSpace(command.Name+" "+d.req.Text)
	}
	return d, nil
}

// decodeAutocomplete asks for what an argument may be, as far as it is typed. What the other arguments say goes with it.
func (a *Adapter) decodeAutocomplete(d delivery) (delivery, error) {
	var data commandData
	if err := json.Unmarshal(d.in.Data, &data); err != nil {
		return d, fmt.Errorf("decode autocomplete: %w", err)
	}
	command, options, err := a.invoked(data)
	if err != nil {
		return d, err
	}
	d.req.Values = bot.Values{}
	for _, o := range options {
		if _, label, chosen := picked(o.text()); chosen {
			d.req.Values[o.Name] = []string{label}
		} else {
			d.req.Values[o.Name] = []string{o.text()}
		}
	}
	for _, o := range options {
		i := slices.IndexFunc(command.Arguments(), func(arg bot.Argument) bool { return o.Focused && arg.Name == o.Name && arg.Search != "" })
		if i < 0 {
			continue
		}
		arg := command.Arguments()[i]
		if form := a.bot.Preview(bot.Request{Kind: bot.KindCommand, Name: command.Name}); form != nil && arg.Field != "" {
			d.req.Name = form.ID
		}
		d.req.Kind, d.req.Field, d.req.Text = bot.KindSearch, arg.Search, o.text()
		if arg.Field != "" && !arg.Filter {
			d.verb = verbPicks
		}
		return d, nil
	}
	return d, fmt.Errorf("autocomplete of %q: %w", data.Name, errUnknown)
}

// pickMark begins the value of an argument that was chosen among what was found, so that it is told from what was typed.
const pickMark = "id|"

// pickValue is an option as the value of an argument: with its label, which Discord does not send back.
func pickValue(o bot.Option) string {
	return shorten(pickMark+o.Value+"|"+strings.ReplaceAll(o.Label, "|", "/"), maxOption)
}

// picked reads what pickValue wrote; what was typed is itself.
func picked(text string) (value, label string, chosen bool) {
	text = strings.TrimSpace(text)
	if at := strings.LastIndex(text, "|"); strings.HasPrefix(text, pickMark) && at > len(pickMark) {
		return text[len(pickMark):at], text[at+1:], true
	}
	return text, text, false
}

// choice is what autocomplete offers: https://docs.discord.com/developers/interactions/application-commands#autocomplete
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// choices offers options. Their values are words, cut like all that is too long, or with picks what tells which was chosen. No two
// look the same.
func choices(options []bot.Option, picks bool) []choice {
	list := make([]choice, 0, len(options))
	seen := map[string]int{}
	for _, o := range options {
		value := o.Value
		if picks {
			value = pickValue(o)
		}
		if len(list) == choicesAtOnce || o.Value == "" {
			continue
		}
		name := o.Label
		if o.Note != "" {
			name += " · " + o.Note
		}
		name = shorten(orValue(name, o.Value), maxOption)
		if seen[name]++; seen[name] > 1 {
			name = shorten(name, maxOption-6) + fmt.Sprintf(" (%d)", seen[name])
		}
		list = append(list, choice{Name: name, Value: string([]rune(value)[:min(length(value), maxOption)])})
	}
	return list
}

func orValue(name, value string) string {
	if strings.TrimSpace(name) == "" {
		return value
	}
	return name
}

// prefill sets a field to what the command's argument said, as if it had been chosen in the form.
func (a *Adapter) prefill(ctx context.Context, d delivery, draft *draft, fill bot.Fill) {
	value, label, chosen := picked(fill.Value)
	f, ok := draft.field(fill.Field)
	if !ok {
		a.bring(ctx, d, draft, fill.Field, value)
		return
	}
	switch f.Kind {
	case bot.FieldSearch:
		if chosen {
			break
		}
		o, one := likely(value, a.search(ctx, d, draft, f.Name, value))
		if !one {
			draft.Unclear[f.Name] = value
			return
		}
		value, label = o.Value, o.Label
	case bot.FieldPick, bot.FieldRadio:
		if !slices.ContainsFunc(f.Options, func(o bot.Option) bool { return o.Value == value }) {
			draft.tell(fmt.Sprintf("“%s” is nothing that %s can be. Please choose below.", value, f.Label))
			return
		}
		label = draft.label(f.Name, value)
	}
	draft.Labels[f.Name+"|"+value] = label
	draft.choose(f.Name, value)
	if f.Refresh {
		a.change(ctx, d, draft, f.Name)
	}
}

// bring fills what is no field of the form yet, such as a machine whose customer is not chosen: the conversation knows what it means.
func (a *Adapter) bring(ctx context.Context, d delivery, draft *draft, field, value string) {
	draft.Values[field] = []string{value}
	a.change(ctx, d, draft, field)
	delete(draft.Values, field)
	for name := range draft.Unclear {
		if len(draft.Values[name]) > 0 {
			delete(draft.Unclear, name)
		}
	}
}

// tell puts a sentence on top of the form.
func (d *draft) tell(text string) {
	note := bot.Field{Name: fmt.Sprintf("told_%d", len(d.Form.Fields)), Kind: bot.FieldNote, Note: bot.Say(text)}
	d.Form.Fields = append([]bot.Field{note}, d.Form.Fields...)
}

// likely is the one option that is called as it was typed, or else the only one that has what was typed in its name. That something
// new is meant is never assumed.
func likely(typed string, options []bot.Option) (bot.Option, bool) {
	var same, part []bot.Option
	for _, o := range options {
		switch {
		case strings.HasPrefix(o.Value, "new:"):
		case strings.EqualFold(o.Label, typed):
			same = append(same, o)
		case strings.Contains(strings.ToLower(o.Label), strings.ToLower(typed)):
			part = append(part, o)
		}
	}
	if len(same) == 0 {
		same = part
	}
	if len(same) != 1 {
		return bot.Option{}, false
	}
	return same[0], true
}
