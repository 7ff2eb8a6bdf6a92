package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// PutAside keeps something that a platform has no room for, and returns the key it is found by. With a key it takes the place of
// what was kept under it.
func (d *Desk) PutAside(ctx context.Context, key string, body []byte) (string, error) {
	if key == "" {
		key = randomKey()
	}
	if err := d.q.PutAside(ctx, store.PutAsideParams{ID: key, Body: body, KeptAt: d.Now()}); err != nil {
		return "", fmt.Errorf("put something aside: %w", err)
	}
	return key, nil
}

// Aside returns what was kept. It is forgotten after a week.
func (d *Desk) Aside(ctx context.Context, key string) ([]byte, error) {
	body, err := d.q.GetAside(ctx, key)
	if err != nil {
		return nil, found(err, "That was too long ago. Please start again.")
	}
	return body, nil
}

// asideDays is how long something is kept: nobody goes on with a form after a week.
const asideDays = 7

func (d *Desk) forgetAsides(ctx context.Context) error {
	if _, err := d.q.DeleteOldAsides(ctx, d.Now().AddDate(0, 0, -asideDays)); err != nil {
		return fmt.Errorf("forget what was put aside: %w", err)
	}
	return nil
}
