package bot

import (
	"context"
)

// Command is one row of the table of commands. Help, the Slack app manifest and Discord's registration are made from it.
type Command struct {
	Name    string // what is typed after the slash, at most 32 characters: Discord's limit
	Usage   string // the words that may follow
	Summary string // one sentence, at most 100 characters: Discord's limit
	Sub     bool   // only as `/callout NAME`, not as a command of its own

	form   func(Request) *Form // opens at once, before anything is looked up; nil if the answer is no form
	handle func(*Bot, context.Context, Request, Member) (Reply, error)
}

// Shortcut is something offered in a platform's own menus.
type Shortcut struct {
	ID        string
	Name      string // at most 24 characters: Slack's limit
	Summary   string
	OnMessage bool
	Command   string // does what this command does
}
