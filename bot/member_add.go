package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// The forms that bring members along who are not in chat, or not yet.
const (
	formAddMember = "member.add"
	formInvite    = "member.invite"
)

func memberAddTopic() topic {
	return topic{
		buttons: map[string]handler{formAddMember: opens(desk.ApproveMember), formInvite: (*Bot).openInvite},
		forms:   map[string]handler{formAddMember: (*Bot).submitAddMember, formInvite: (*Bot).submitInvite},
	}
}

// previewTeam opens the form of /callout team add at once.
func previewTeam(r Request) *Form {
	if strings.ToLower(strings.TrimSpace(r.Text)) == "add" {
		return addMemberForm(r)
	}
	return nil
}

// addMemberForm asks for somebody new. They need no chat.
func addMemberForm(Request) *Form {
	return &Form{ID: formAddMember, Title: "Add a member", Submit: "Add", Fields: []Field{
		{Name: "hello", Kind: FieldNote, Note: Say("Somebody with a phone alone is a full member: they get calls by text message and answer with A 42, N 42, F 42 and so on.")},
		{Name: "name", Kind: FieldLine, Label: "Name", Max: desk.MaxName, Placeholder: "Maria Lopez"},
		{
			Name: "phone", Kind: FieldLine, Label: "Mobile phone", Optional: true, Max: 40, Placeholder: "+44 7700 900123",
			Hint: "They get one text that says you added them. Calls come there once they answer it.",
		},
		{Name: "email", Kind: FieldEmail, Label: "E-mail", Optional: true, Hint: "You vouch that it is theirs. In chat I know them by it."},
		{Name: "roles", Kind: FieldChecks, Label: "Roles", Options: roleOptions(), Chosen: []Option{roleOptions()[2]}},
		{Name: "zone", Kind: FieldLine, Label: "Time zone", Optional: true, Max: 60, Placeholder: "Europe/London", Hint: "Empty means the company's."},
	}}
}

// roleOptions are the roles, with what they mean.
func roleOptions() []Option {
	return []Option{
		{Value: desk.Admin, Label: "Admin", Note: "Approves members, changes settings"},
		{Value: desk.Dispatcher, Label: "Dispatcher", Note: "Logs calls and decides who gets them"},
		{Value: desk.Technician, Label: "Technician", Note: "Is offered calls"},
		{Value: desk.Sales, Label: "Sales", Note: "Logs calls, quotes, leads and visits"},
		{Value: desk.Viewer, Label: "Viewer", Note: "Sees calls and reports"},
	}
}

func (b *Bot) submitAddMember(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	m, invited, err := b.Desk.AddMember(ctx, a, desk.NewMember{
		Name: r.Values.Get("name"), Phone: r.Values.Get("phone"), Email: r.Values.Get("email"), Roles: r.Values.All("roles"), Zone: r.Values.Get("zone"),
	})
	if err != nil {
		return Reply{}, err
	}
	text := fmt.Sprintf("%s is a member now, as %s.", m.Name, joinAnd(m.Roles))
	if invited {
		text += " I have texted them a code; calls reach their phone as soon as they answer it, and I tell you then."
	}
	return say("%s", text), nil
}

// teamButtons are what an admin can do below the list of members.
func (b *Bot) teamButtons(ctx context.Context, a desk.Actor) ([]Part, error) {
	if !a.Can(desk.ApproveMember) {
		return nil, nil
	}
	buttons := Buttons{{Action: formAddMember, Label: "Add a member", Style: Primary}}
	invitable, err := b.Desk.Invitable(ctx, a)
	if err != nil {
		return nil, err
	}
	if len(invitable) > 0 {
		buttons = append(buttons, Button{Action: formInvite, Label: fmt.Sprintf("Invite by text (%d)…", len(invitable))})
	}
	return []Part{buttons}, nil
}

// openInvite asks whom to text: nobody is texted because a list was imported.
func (b *Bot) openInvite(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	invitable, err := b.Desk.Invitable(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	if len(invitable) == 0 {
		return say("Every member's phone is proven, or they have none. /callout team add brings somebody along."), nil
	}
	field := Field{Name: "members", Kind: FieldMany, Label: "Whom to text"}
	for _, m := range invitable {
		note := desk.PhoneShown(m.Address)
		if m.InvitedAt != nil {
			note += ", invited " + m.InvitedAt.In(b.zone(a)).Format("2 Jan")
		}
		field.Options = append(field.Options, Option{Value: formatID(m.ID), Label: clip(m.Name, 75), Note: clip(note, 75)})
	}
	return Reply{Form: &Form{ID: formInvite, Title: "Invite by text", Submit: "Send texts", Fields: []Field{
		{Name: "hello", Kind: FieldNote, Note: Say("Each of them gets one text message that says who you are and asks them to answer with a code. Then calls reach them on that phone.")},
		field,
	}}}, nil
}

func (b *Bot) submitInvite(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	var ids []int64
	for _, value := range r.Values.All("members") {
		ids = append(ids, number(value))
	}
	sent, problems, err := b.Desk.Invite(ctx, a, ids)
	if err != nil {
		return Reply{}, err
	}
	if sent == 0 {
		return Reply{}, &desk.Error{Code: desk.Conflict, Text: strings.Join(problems, " "), Fields: map[string]string{"members": strings.Join(problems, " ")}}
	}
	text := "I have texted " + plural(int64(sent), "person") + "."
	if sent > 1 {
		text = fmt.Sprintf("I have texted %d people.", sent)
	}
	if len(problems) > 0 {
		text += " " + strings.Join(problems, " ")
	}
	return say("%s", text), nil
}
