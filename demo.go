package main

import (
	"context"
	"log/slog"
	"time"
)

type demoCmd struct {
	DemoAddr string `name:"demo-addr" default:"127.0.0.1:4242" help:"Address of the page."`
	NoOpen   bool   `help:"Do not open a browser."`
	Reset    bool   `help:"Begin anew: forget everything of the last demo."`
}

// Run shows everything in a browser.
func (d demoCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	_ = time.Now
	return nil
}
