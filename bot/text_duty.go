package bot

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"callout/desk"
)

// dutyByText answers DUTY, DUTY ON, DUTY OFF and DUTY OFF until 17:00.
func (b *Bot) dutyByText(ctx context.Context, a desk.Actor, text string) (Reply, error) {
	word, when := firstWord(text)
	switch word {
	case "":
		return b.ownDutyByText(ctx, a)
	case "on", "off":
	case "until", "till":
		if when == "" {
			return say("Until when? Text DUTY until 17:00, DUTY ON or DUTY OFF."), nil
		}
		word, when = "on", "until "+when
	default:
		return say(textHelp), nil
	}
	if err := a.Require(desk.SetOwnDuty); err != nil {
		return Reply{}, err
	}
	reply, err := b.dutyFor(ctx, a, word == "on", when)
	if err != nil || reply.Say == nil || word == "on" {
		return textOnly(reply), err
	}
	left, err := b.stillTheirs(ctx, a)
	return say("%s%s", reply.Say.Text, left), err
}

// firstWord is the first word of a text in lower case, and what follows it: “Off.”, “on, until 17:00”, or a line each.
func firstWord(text string) (word, rest string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		return text[:end], strings.Trim(text[end:], " \t\r\n.,:;!")
	}
	return text, ""
}

// ownDutyByText says whether a member is on duty, and how to change it.
func (b *Bot) ownDutyByText(ctx context.Context, a desk.Actor) (Reply, error) {
	if !a.Can(desk.SetOwnDuty) {
		return say("Only technicians are on duty or off. Text ? for your calls."), nil
	}
	duty, err := b.Desk.DutyNow(ctx, a.Member)
	if err != nil {
		return Reply{}, err
	}
	return say("%s Text DUTY ON, DUTY OFF, or DUTY OFF until 17:00.", b.dutyWords(a, duty).String()), nil
}

// textOnly keeps of a reply what a text can say.
func textOnly(reply Reply) Reply {
	if reply.Say == nil {
		return Reply{}
	}
	return say("%s", reply.Say.Text)
}

// stillTheirs says which calls somebody keeps who goes off duty, and how to hand them over.
func (b *Bot) stillTheirs(ctx context.Context, a desk.Actor) (string, error) {
	hands, err := b.Desk.InHands(ctx, a)
	if err != nil || len(hands.Mine)+len(hands.Asked) == 0 {
		return "", err
	}
	var mine, asked []string
	for _, h := range hands.Mine[:min(len(hands.Mine), textCalls)] {
		mine = append(mine, fmt.Sprintf("%d %s", h.Call.ID, clip(h.CustomerName, 24)))
	}
	for _, h := range hands.Asked[:min(len(hands.Asked), textCalls)] {
		asked = append(asked, fmt.Sprintf("%d %s", h.Call.ID, clip(h.CustomerName, 24)))
	}
	said := ""
	if len(mine) > 0 {
		said = fmt.Sprintf(" Still yours: %s. D %d and a line for who goes on hands it over.", strings.Join(mine, ", "), hands.Mine[0].Call.ID)
	}
	if len(asked) > 0 {
		said += fmt.Sprintf(" Waiting for your answer: %s.", strings.Join(asked, ", "))
	}
	return said, nil
}
