package slackbot

import (
	"cmp"
	"slices"

	"github.com/slack-go/slack"

	"callout/bot"
)

func drawOne(f bot.Field, id string, hint *slack.TextBlockObject) slack.BlockElement {
	all, chosen := withChosen(f)
	if f.Kind == bot.FieldRadio && len(all) <= maxRadioOptions {
		return &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: id, Options: all, InitialOption: first(chosen)}
	}
	return &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: id, Placeholder: hint, Options: all, InitialOption: first(chosen)}
}

func drawSome(f bot.Field, id string, hint *slack.TextBlockObject) slack.BlockElement {
	all, chosen := withChosen(f)
	if f.Kind == bot.FieldChecks && len(all) <= maxRadioOptions {
		return &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: id, Options: all, InitialOptions: chosen}
	}
	return &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeStatic, ActionID: id, Placeholder: hint, Options: all, InitialOptions: chosen}
}

// withChosen returns the options and those of them chosen at first. What is chosen must be among the options, letter by
// letter, or Slack refuses the form.
func withChosen(f bot.Field) (all, chosen []*slack.OptionBlockObject) {
	wanted := map[string]bool{}
	for _, o := range f.Chosen {
		wanted[o.Value] = true
	}
	list := slices.Clone(f.Options)
	if len(list) > maxOptions {
		slices.SortStableFunc(list, func(a, b bot.Option) int { // what is chosen is not cut off
			return boolOrder(wanted[b.Value], wanted[a.Value])
		})
		list = list[:maxOptions]
	}
	all = options(list)
	for _, o := range all {
		if wanted[o.Value] {
			chosen = append(chosen, o)
		}
	}
	return all, chosen
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// usable leaves out options that Slack would refuse, and repetitions.
func usable(list []bot.Option) []bot.Option {
	seen := map[string]bool{}
	kept := make([]bot.Option, 0, len(list))
	for _, o := range list {
		if o.Value == "" || length(o.Value) > maxOptionValue || seen[o.Value] {
			continue
		}
		seen[o.Value] = true
		kept = append(kept, o)
	}
	return kept
}

func options(list []bot.Option) []*slack.OptionBlockObject {
	drawn := make([]*slack.OptionBlockObject, 0, len(list))
	for _, o := range list {
		var note *slack.TextBlockObject
		if o.Note != "" {
			note = plain(o.Note, maxOption)
		}
		drawn = append(drawn, slack.NewOptionBlockObject(o.Value, plain(cmp.Or(o.Label, o.Value), maxOption), note))
	}
	return drawn
}

func first(list []*slack.OptionBlockObject) *slack.OptionBlockObject {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
