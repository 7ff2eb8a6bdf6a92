package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// formFirst chooses the way on which a member is told anything first.
const formFirst = "member.first"

func linkTopic() topic {
	return topic{
		buttons: map[string]handler{formFirst: (*Bot).openFirst},
		forms:   map[string]handler{formFirst: (*Bot).submitFirst},
	}
}

// link answers `/callout link`: a code for another chat platform, or, with a code, that the two are one person.
func (b *Bot) link(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if code := strings.TrimSpace(r.Text); code != "" {
		return say("I know you here already, as %s. Type /callout link with its code where I don't know you yet.", a.Name), nil
	}
	code, err := b.Desk.LinkCode(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("Type this in the other chat within 15 minutes: /callout link %s", code)
	return Reply{Say: &Card{Text: text, Parts: []Part{
		Text(Say("Type this in the other chat within 15 minutes:\n", Bold("/callout link "+code))),
		Note(Say("You will be the same member there, with the same roles, and it becomes one more way to reach you.")),
	}}}, nil
}

// linkStranger answers somebody unknown who types a code; false if they did something else.
func (b *Bot) linkStranger(ctx context.Context, r Request) (Reply, bool, error) {
	if r.Kind != KindCommand {
		return Reply{}, false, nil
	}
	c, rest := b.command(r)
	if c.Name != "link" || rest == "" {
		return Reply{}, false, nil
	}
	m, err := b.Desk.Link(ctx, string(r.Platform), r.User, rest)
	if err != nil {
		return Reply{}, true, err
	}
	return say("Welcome, %s. I know you here too now; /callout me shows how I reach you, and in which order.", m.Name), true, nil
}

// openFirst asks which way shall be the first.
func (b *Bot) openFirst(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	methods, err := b.Desk.ContactMethods(ctx, a.ID)
	if err != nil {
		return Reply{}, err
	}
	field := Field{Name: "first", Kind: FieldPick, Label: "Reach me first by", Hint: "The others follow in their order when there is no answer."}
	for _, m := range methods {
		if m.VerifiedAt != nil && m.DisabledAt == nil {
			field.Options = append(field.Options, option(m.ID, desk.ChannelName(m.Channel)+": "+methodWords(m), ""))
		}
	}
	if len(field.Options) == 0 {
		return say("There is no way to reach you yet that works. Add your phone first."), nil
	}
	field.Chosen = field.Options[:1]
	return Reply{Form: &Form{ID: formFirst, Title: "How I reach you", Submit: "Save", Fields: []Field{field}}}, nil
}

func (b *Bot) submitFirst(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.ReachFirst(ctx, a, number(r.Values.Get("first"))); err != nil {
		return Reply{}, err
	}
	return b.me(ctx, r, a)
}
