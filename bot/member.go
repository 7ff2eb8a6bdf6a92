package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"callout/desk"
	"callout/store"
)

// The forms about members. The State of formApprove is an edition of the member.
const (
	formRegister = "member.register"
	formPhone    = "member.phone"
	formCode     = "member.code"
	formApprove  = "member.approve"
)

func memberTopic() topic {
	return topic{
		buttons: map[string]handler{
			formPhone: (*Bot).openPhone, formCode: (*Bot).openCode, formApprove: (*Bot).openApprove,
			"member.refuse": (*Bot).refuseMember, "team.show": (*Bot).team, formRegister: (*Bot).me, "member.me": (*Bot).me,
		},
		forms: map[string]handler{
			formPhone: (*Bot).submitPhone, formCode: (*Bot).submitCode, formApprove: (*Bot).submitApprove,
		},
	}
}

// greetStranger shows somebody we do not know the registration form, whatever they wanted.
func (b *Bot) greetStranger(ctx context.Context, r Request) (Reply, error) {
	const hello = "I don't know you yet. Register once, and an admin approves you."
	register := Buttons{{Action: formRegister, Label: "Register", Style: Primary}}
	card := &Card{Text: hello, Parts: []Part{Text(Say(hello)), register}}
	switch r.Kind {
	case KindHome:
		return Reply{Home: card}, nil
	case KindText:
		return Reply{Say: card}, nil
	case KindSearch:
		return Reply{Options: []Option{}}, nil
	case KindForm, KindChange:
		return Reply{Errors: map[string]string{FormError: hello + " Use /callout me for it."}}, nil
	}
	return Reply{Form: registerForm(b.profile(ctx, r))}, nil
}

// profile reads what the platform knows of who asks; nothing if it cannot be read.
func (b *Bot) profile(ctx context.Context, r Request) Profile {
	if b.Profile == nil {
		return Profile{}
	}
	p, err := b.Profile(ctx, r.Platform, r.User)
	if err != nil {
		b.Log.WarnContext(ctx, "profile not read", "platform", string(r.Platform), "err", err)
	}
	return p
}

func registerForm(p Profile) *Form {
	return &Form{ID: formRegister, Title: "Register", Submit: "Register", State: p.Timezone, Fields: []Field{
		{Name: "hello", Kind: FieldNote, Note: Say("I don't know you yet. Fill this in once; an admin approves you and gives you your role.")},
		{Name: "name", Kind: FieldLine, Label: "Your name", Max: desk.MaxName, Value: p.Name},
		{Name: "email", Kind: FieldEmail, Label: "E-mail", Optional: true, Value: p.Email, Hint: "Used when nothing else reaches you."},
		{Name: "phone", Kind: FieldLine, Label: "Mobile phone", Optional: true, Max: 40, Placeholder: "+44 7700 900123", Hint: "I send a code there, to prove that it is yours. Technicians get calls by text message."},
	}}
}

func (b *Bot) submitRegister(ctx context.Context, r Request) (Reply, error) {
	_, codeSent, err := b.Desk.Register(ctx, desk.Registration{
		Platform: string(r.Platform), UserID: r.User, Name: r.Values.Get("name"), Email: r.Values.Get("email"), Phone: r.Values.Get("phone"), Timezone: r.State,
	})
	if desk.CodeOf(err) == desk.Conflict {
		return b.registeredBefore(ctx, r)
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: waitingCard(codeSent)}, nil
}

// registeredBefore answers the form of somebody who has sent it before: the same form again gets the same answer.
func (b *Bot) registeredBefore(ctx context.Context, r Request) (Reply, error) {
	member, err := b.Desk.Who(ctx, string(r.Platform), r.User, r.UserName)
	if err != nil {
		return Reply{}, err
	}
	switch member.State {
	case desk.StateActive:
		return say("You are a member already. /callout me shows what I know of you."), nil
	case desk.StateRequested:
		_, unproven, err := b.Desk.UnprovenPhone(ctx, member.ID)
		return Reply{Say: waitingCard(unproven)}, err
	}
	return say("You are not an active member. If that is a mistake, talk to your admin."), nil
}

func waitingCard(codeSent bool) *Card {
	card := textCard("Thank you! An admin has been asked to approve you; I tell you here when it is done.")
	if codeSent {
		card.Text += " I have sent a code to your phone."
		card.Parts = []Part{Text(Say(card.Text)), Buttons{{Action: formCode, Label: "Enter the code", Style: Primary}}}
	}
	return card
}

// answerWaiting answers somebody whose registration is not approved: they may prove their phone, nothing else.
func (b *Bot) answerWaiting(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	allowed := []string{formCode, formPhone, "member.me", "me"}
	if slices.Contains(allowed, r.Name) || r.Kind == KindCommand && r.Name == "callout" && strings.TrimSpace(r.Text) == "me" {
		return b.route(ctx, r, a)
	}
	_, unproven, err := b.Desk.UnprovenPhone(ctx, a.ID)
	if err != nil {
		return Reply{}, err
	}
	text := "An admin has been asked to approve you; I tell you when it is done."
	if a.State != desk.StateRequested {
		text = "You are not an active member. If that is a mistake, talk to your admin."
	}
	card := textCard(text)
	if unproven && a.State == desk.StateRequested {
		card.Parts = append(card.Parts, Buttons{{Action: formCode, Label: "Enter the code from your phone", Style: Primary}})
	}
	switch r.Kind {
	case KindHome:
		return Reply{Home: card}, nil
	case KindForm, KindChange:
		return Reply{Errors: map[string]string{FormError: text}}, nil
	case KindSearch:
		return Reply{Options: []Option{}}, nil
	}
	return Reply{Say: card}, nil
}

// me shows a member what we know of them.
func (b *Bot) me(ctx context.Context, _ Request, a desk.Actor) (Reply, error) {
	methods, err := b.Desk.ContactMethods(ctx, a.ID)
	if err != nil {
		return Reply{}, err
	}
	facts := Facts{{"Name", Say(a.Name)}, {"Roles", Say(cmp.Or(joinAnd(a.Roles), "none yet"))}, {"Time zone", Say(a.Timezone)}}
	buttons := Buttons{}
	for i, m := range methods {
		facts = append(facts, Fact{fmt.Sprintf("%d. %s", i+1, desk.ChannelName(m.Channel)), Say(methodWords(m))})
		if m.Channel == "sms" && m.VerifiedAt == nil {
			buttons = append(buttons, Button{Action: formCode, Label: "Enter the code", Style: Primary})
		}
	}
	buttons = append(buttons, Button{Action: formPhone, Label: "Change phone"})
	if len(methods) > 1 {
		buttons = append(buttons, Button{Action: formFirst, Label: "Reach me first by…"})
	}
	card := &Card{Text: "Your data: " + a.Name + ", " + joinAnd(a.Roles) + ".", Parts: []Part{Heading("You"), facts, buttons}}
	return Reply{Say: card}, nil
}

func methodWords(m store.ContactMethod) string {
	address := m.Address
	if m.Channel == "sms" {
		address = desk.PhoneShown(address)
	}
	if slices.Contains(desk.ChatChannels(), m.Channel) {
		address = "direct message"
	}
	switch {
	case m.DisabledAt != nil:
		return address + " (off: " + m.DisabledReason + ")"
	case m.VerifiedAt == nil:
		return address + " (not proven yet)"
	}
	return address
}

func (b *Bot) openPhone(_ context.Context, _ Request, _ desk.Actor) (Reply, error) {
	return Reply{Form: &Form{ID: formPhone, Title: "Your mobile phone", Submit: "Send code", Fields: []Field{
		{Name: "phone", Kind: FieldLine, Label: "Mobile phone", Max: 40, Placeholder: "+44 7700 900123", Hint: "I send a code there, to prove that it is yours."},
	}}}, nil
}

func (b *Bot) submitPhone(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	codeSent, err := b.Desk.ChangePhone(ctx, a, r.Values.Get("phone"))
	if err != nil {
		return Reply{}, err
	}
	if !codeSent {
		return say("That phone is kept. No code was sent: it is proven already, or text messages are not set up here."), nil
	}
	return Reply{Say: &Card{Text: "I have sent a code to your phone.", Parts: []Part{
		Text(Say("I have sent a code to your phone.")), Buttons{{Action: formCode, Label: "Enter the code", Style: Primary}},
	}}}, nil
}

func (b *Bot) openCode(_ context.Context, _ Request, _ desk.Actor) (Reply, error) {
	return Reply{Form: &Form{ID: formCode, Title: "Prove your phone", Submit: "Confirm", Fields: []Field{
		{Name: "code", Kind: FieldLine, Label: "The code from the text message", Max: 12, Placeholder: "123456"},
	}}}, nil
}

func (b *Bot) submitCode(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.ProvePhone(ctx, a, r.Values.Get("code")); err != nil {
		return Reply{}, err
	}
	return say("Thank you, your phone is proven. Text messages can reach you now."), nil
}

// team lists the members. Admins get a button on each.
func (b *Bot) team(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if form := previewTeam(r); form != nil {
		return Reply{Form: form}, a.Require(desk.ApproveMember)
	}
	members, err := b.Desk.Team(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	card := &Card{Text: plural(int64(len(members)), "member") + ".", Parts: []Part{Heading("Team")}}
	for _, m := range members {
		words, label := memberLine(m)
		if !a.Can(desk.ApproveMember) {
			card.Parts = append(card.Parts, Text(words))
			continue
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: formApprove, Value: strconv.FormatInt(m.ID, 10), Label: label}})
	}
	buttons, err := b.teamButtons(ctx, a)
	card.Parts = append(card.Parts, buttons...)
	return Reply{Say: card}, err
}

// memberLine says who somebody is, and what an admin can do about it.
func memberLine(m store.Member) (Words, string) {
	switch m.State {
	case desk.StateRequested:
		return Say(Bold(m.Name), " · waits for approval"), "Approve…"
	case desk.StateActive:
		return Say(Bold(m.Name), " · ", cmp.Or(joinAnd(m.Roles), "no role")), "Roles…"
	case desk.StateRefused:
		return Say(Bold(m.Name), " · was turned down"), "Approve…"
	}
	return Say(Bold(m.Name), " · has left"), "Bring back…"
}
