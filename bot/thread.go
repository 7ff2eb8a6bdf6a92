package bot

import (
	"context"
	"strings"

	"callout/desk"
)

// wroteInThread keeps what a member wrote in the thread below a card with its record. Nobody is answered there: what people say
// to each other is theirs. Only that it could not be stored is said, so that the platform brings it again.
func (b *Bot) wroteInThread(ctx context.Context, r Request) (Reply, error) {
	record, ours, err := b.Desk.CardAt(ctx, desk.Place{Platform: string(r.Platform), Channel: r.Channel, Message: r.Thread})
	if err != nil || !ours {
		return Reply{}, err
	}
	member, err := b.Desk.Who(ctx, string(r.Platform), r.User, r.UserName)
	if desk.CodeOf(err) == desk.Unregistered || err == nil && member.State != desk.StateActive {
		return Reply{}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{}, b.Desk.Wrote(ctx, desk.Actor{Member: member, Via: string(r.Platform), Key: r.Key}, record, r.Text, texted(r))
}

// noteEntry words a note of a call's timeline, with the photos that came with it.
func noteEntry(e desk.Entry, by, because string) Words {
	count := e.CallEvent.After
	switch {
	case !strings.Contains(count, "photo"):
		return Say(Bold(e.MemberName), by, because)
	case e.CallEvent.Note == "":
		return Say(Bold(e.MemberName), " sent ", count, by, ".")
	}
	return Say(Bold(e.MemberName), by, " (", count, ")", because)
}
