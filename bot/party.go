package bot

import (
	"context"
	"strings"
	"unicode/utf8"

	"callout/desk"
)

// partySearch is the name of the field in which a customer or lead is found by typing. Its values are c12 for customer 12, l7 for
// lead 7, and new: with what was typed.
const partySearch = "party"

const newParty = "new:"

// partyMost is how many customers and leads a type-ahead shows.
const partyMost = 20

func partyTopic() topic {
	return topic{searches: map[string]handler{partySearch: (*Bot).searchParty}}
}

// partyField asks for a customer or lead. chosen is who is chosen at first, if anybody is.
func partyField(label string, chosen ...Option) Field {
	return Field{
		Name: partySearch, Kind: FieldSearch, Label: label, Placeholder: "Type a name, phone or e-mail", Chosen: chosen,
	}
}

// partyValue is a customer or lead as an option or button carries it.
func partyValue(p desk.Party) string {
	switch {
	case p.CustomerID != 0:
		return "c" + formatID(p.CustomerID)
	case p.LeadID != 0:
		return "l" + formatID(p.LeadID)
	case p.NewLead != "":
		value := newParty + p.NewLead
		for len(value) > valueMost {
			_, size := utf8.DecodeLastRuneInString(value)
			value = value[:len(value)-size]
		}
		return value
	}
	return ""
}

// partyIn reads what partyValue wrote.
func partyIn(value string) desk.Party {
	if typed, isNew := strings.CutPrefix(value, newParty); isNew {
		return desk.Party{NewLead: typed}
	}
	if id, ok := strings.CutPrefix(value, "c"); ok {
		return desk.Party{CustomerID: number(id)}
	}
	if id, ok := strings.CutPrefix(value, "l"); ok {
		return desk.Party{LeadID: number(id)}
	}
	return desk.Party{}
}

// partyOf is who was chosen in a form.
func partyOf(v Values) desk.Party { return partyIn(v.Get(partySearch)) }

// partyOption shows a customer or lead that may be chosen.
func partyOption(o desk.PartyOption) Option {
	switch {
	case o.NewLead != "":
		return Option{Value: partyValue(o.Party), Label: clip("New lead: "+o.NewLead, labelMost)}
	case o.LeadID != 0:
		const mark = " · lead"
		return Option{Value: partyValue(o.Party), Label: clip(o.Name, labelMost-len(mark)) + mark, Note: clip(o.Note, labelMost)}
	}
	return Option{Value: partyValue(o.Party), Label: clip(o.Name, labelMost), Note: clip(o.Note, labelMost)}
}

// partyChosen is who a value stands for, as a field that opens with them holds it; nothing if the value names nobody.
func (b *Bot) partyChosen(ctx context.Context, a desk.Actor, value string) ([]Option, error) {
	p := partyIn(value)
	if p == (desk.Party{}) {
		return nil, nil
	}
	o, err := b.Desk.PartyOption(ctx, a, p)
	if err != nil {
		return nil, err
	}
	return []Option{partyOption(o)}, nil
}

func (b *Bot) searchParty(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	found, err := b.Desk.FindParties(ctx, a, r.Text, partyMost)
	if err != nil {
		return Reply{}, err
	}
	options := make([]Option, 0, len(found)+1)
	for _, o := range found {
		options = append(options, partyOption(o))
	}
	if typed := strings.TrimSpace(r.Text); typed != "" && a.Can(desk.AddLeads) {
		options = append(options, partyOption(desk.PartyOption{Party: desk.Party{NewLead: typed}}))
	}
	return Reply{Options: options}, nil
}
