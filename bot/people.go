package bot

import (
	"context"
	"strings"

	"callout/desk"
	"callout/store"
)

// memberSearch is the name of the field in which an active member is found by typing; its values are their ids.
const memberSearch = "member"

func peopleTopic() topic {
	return topic{searches: map[string]handler{memberSearch: searchMembers("")}}
}

// memberField asks for a member. chosen is who is chosen at first, if anybody is.
func memberField(label string, chosen ...Option) Field {
	return Field{Name: memberSearch, Kind: FieldSearch, Label: label, Placeholder: "Type a name", Chosen: chosen}
}

func memberOption(m store.Member) Option {
	return option(m.ID, m.Name, strings.Join(m.Roles, ", "))
}

// searchMembers answers a field with the active members who may do an action; with all of them if it is empty.
func searchMembers(action desk.Action) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		members, err := b.Desk.FindMembers(ctx, a, r.Text, action)
		if err != nil {
			return Reply{}, err
		}
		return Reply{Options: memberOptions(members)}, nil
	}
}
