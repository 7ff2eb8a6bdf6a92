package discordbot

import (
	"strings"

	"callout/bot"
)

// said is something that a person filled in.
type said struct{ label, text string }

// typedIn is what was typed into a modal, if its form cannot be read.
func typedIn(m *modalData) []said {
	var list []said
	if m == nil {
		return nil
	}
	m.each(func(c filled) {
		if c.Type == componentText && strings.TrimSpace(c.Value) != "" {
			list = append(list, said{strings.ReplaceAll(c.CustomID, "_", " "), c.Value})
		}
	})
	return list
}

// typedSoFar is what was typed into a form.
func (d *draft) typedSoFar() []said {
	var list []said
	if d == nil {
		return nil
	}
	for _, f := range d.Form.Fields {
		text := d.Unclear[f.Name]
		if f.Kind == bot.FieldText || f.Kind == bot.FieldLine {
			text = d.Values.Get(f.Name)
		}
		if d.Asked[f.Name] && text != "" {
			list = append(list, said{f.Label, text})
		}
	}
	return list
}

// withTyped says why a form is lost, and what was typed, so that it can be copied: it is nowhere else.
func withTyped(why string, typed []said) bot.Card {
	card := bot.Sentence(why)
	if len(typed) == 0 {
		return card
	}
	card.Parts = append(card.Parts, bot.Note(bot.Say("This is what you typed, to be copied:")))
	for _, s := range typed {
		card.Parts = append(card.Parts, bot.Text(bot.Say(bot.Bold(s.label), "\n", s.text)))
	}
	return card
}
