package bot

import "context"

// PutAside keeps something that a platform has no room for in its own messages, and returns the key it is found by; with a key it
// takes the place of what was kept under it.
func (b *Bot) PutAside(ctx context.Context, key string, body []byte) (string, error) {
	return b.Desk.PutAside(ctx, key, body)
}

// Aside returns what was kept; it is forgotten after a week.
func (b *Bot) Aside(ctx context.Context, key string) ([]byte, error) { return b.Desk.Aside(ctx, key) }
