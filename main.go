// Command callout is the support desk of a small company, living in the chat it already has open.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"callout/desk"
)

// version is set by the release build.
var version = "dev"

// CLI is the command line.
type CLI struct {
	Config

	Serve    serveCmd    `cmd:"" help:"Run the bot."`
	Demo     demoCmd     `cmd:"" help:"Try everything in a browser: a made-up company, a local Slack or Discord, phones and mailbox. Needs nothing."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this version, and stop."`
	Manifest manifestCmd `cmd:"" help:"Print the manifest to make the Slack app from."`
	Report   reportCmd   `cmd:"" help:"Make a report as PDF or CSV."`
	Import   importCmd   `cmd:"" help:"Check a CSV file of customers, equipment, contacts, leads or members, and write it."`
	Doctor   doctorCmd   `cmd:"" help:"Check every service that is set up and say what to do about each problem."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli CLI
	parsed := kong.Parse(&cli, kong.Name("callout"), kong.UsageOnError(),
		kong.Description("Callout is the support desk of a small company, living in the chat it already has open."))
	if err := run(ctx, parsed, &cli.Config); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "callout:", words(err))
		stop()
		os.Exit(1)
	}
}

// words is what a person reads of an error: a refusal of the desk is a sentence already.
func words(err error) string {
	var refused *desk.Error
	if errors.As(err, &refused) {
		return refused.Text
	}
	return err.Error()
}

func run(ctx context.Context, parsed *kong.Context, config *Config) error {
	check := config.Check
	if parsed.Command() == "demo" { // has channels of its own, whatever the shell is set up for
		check = config.checkCompany
	}
	if err := check(); err != nil {
		return fmt.Errorf("the settings have problems:\n%w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: config.level()}))
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(config, log)
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("callout", version)
	return nil
}
