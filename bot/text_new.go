package bot

import (
	"context"

	"callout/desk"
)

// textWelcome greets somebody who has just proven their phone, and says all they need to know.
const textWelcome = "Thank you, %s, calls come to this phone now. A 42 accepts call 42, D 42 + reason declines, W 42 on my way, S 42 on site, " +
	"F 42 + what was done finishes, N 42 + a note or photo. ? lists your calls, M 12 is maintenance 12, DUTY OFF and DUTY ON when you stop and start, U undoes."

// answerNewcomer answers a text from a phone that is nobody's yet: the owner was invited, or just registered in chat. Anybody else
// gets no answer, whatever they send: a stranger learns nothing, and two machines never talk.
func (b *Bot) answerNewcomer(ctx context.Context, r Request) (Reply, error) {
	proof, member, err := b.Desk.ProveByText(ctx, r.User, r.Text+r.Value)
	a := desk.Actor{Member: member, Via: string(SMS), Key: r.Key}
	switch {
	case err != nil && desk.CodeOf(err) == "":
		return Reply{}, err
	case err != nil:
		return b.unlessMachine(ctx, a, r, Reply{}, refusedByText(err))
	case proof == desk.ProofGood && member.State == desk.StateActive:
		return say(textWelcome, clip(member.Name, 30)), nil
	case proof == desk.ProofGood:
		return say("Thank you, %s, this phone is proven. An admin still has to approve you.", clip(member.Name, 40)), nil
	case proof == desk.ProofWrong:
		reply := say("That is not the number I sent you. Answer with the six digits of the text message that invited you, and nothing else.")
		r.Name = ""
		return b.unlessMachine(ctx, a, r, reply, nil)
	}
	return b.customerText(ctx, r)
}
