package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"callout/desk"
	"callout/store"
	"callout/store/pg"
)

type serveCmd struct{}

// Run serves until it is told to stop.
func (serveCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	for _, line := range startLines(c) {
		log.Info(line)
	}
	return withDatabase(ctx, c, log, func(db database) error {
		if err := store.Migrate(ctx, db.url, log); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		app, err := NewApp(ctx, c, db.url, log, time.Now)
		if err != nil {
			return err
		}
		defer app.Close()
		ports, err := listen(ctx, c)
		if err != nil {
			return err
		}
		log.Info("serving", "addr", ports.main.Addr().String(), "version", version)
		go app.reportProblems(ctx)
		return app.Run(ctx, ports)
	})
}

// reportProblems says what is wrong with the set-up, without holding up the start: a service may be back in a minute.
func (a *App) reportProblems(ctx context.Context) {
	for _, p := range a.check(ctx) {
		a.log.Warn("set-up problem", "service", p.service, "problem", p.text)
	}
}

// startLines say in one line each what is switched on and off.
func startLines(c *Config) []string {
	var lines []string
	for _, ch := range c.channels() {
		switch {
		case ch.on():
			lines = append(lines, ch.name+": on")
		default:
			lines = append(lines, ch.name+": off; to switch it on, set "+strings.Join(ch.missing(), ", "))
		}
	}
	if c.has("SMS") && c.PublicURL == "" {
		lines = append(lines, "SMS: answers cannot reach us; set CALLOUT_PUBLIC_URL to the address Twilio shall call")
	}
	return lines
}

// database is where the records are, and what to stop at the end.
type database struct {
	url    string
	server *pg.Server // nil if somebody else runs it
}

// waitForDatabase is how long to wait at the start for a database that is starting too, as in compose.
const waitForDatabase = 30 * time.Second

// openDatabase finds the database, or starts a private one.
func openDatabase(ctx context.Context, c *Config, log *slog.Logger) (database, error) {
	if c.DatabaseURL == "" {
		server, err := pg.Start(ctx, pg.Options{
			Dir: c.postgresDir(), NoDownload: c.NoDownload, Log: log, Announce: func(text string) { log.Info(text) },
		})
		if err != nil {
			return database{}, fmt.Errorf("start the private Postgres: %w", err)
		}
		return database{url: server.URL(pg.Database), server: server}, nil
	}
	url := string(c.DatabaseURL)
	deadline := time.Now().Add(waitForDatabase)
	for {
		s, err := store.Open(ctx, url)
		if err == nil {
			s.Close()
			return database{url: url}, nil
		}
		if !errors.Is(err, store.ErrUnavailable) || time.Now().After(deadline) {
			return database{}, fmt.Errorf("DATABASE_URL: %w", err)
		}
		log.Info("waiting for the database", "err", err)
		select {
		case <-ctx.Done():
			return database{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// withDatabase finds the database, or starts a private one, for as long as do runs.
func withDatabase(ctx context.Context, c *Config, log *slog.Logger, do func(database) error) error {
	db, err := openDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	defer db.stop(log)
	return do(db)
}

// withDesk opens the desk on a database that is at this version, for as long as do runs.
func withDesk(ctx context.Context, c *Config, log *slog.Logger, do func(*desk.Desk) error) error {
	return withDatabase(ctx, c, log, func(db database) error {
		app, err := NewApp(ctx, c, db.url, log, time.Now)
		if err != nil {
			return err
		}
		defer app.Close()
		if err := app.store.Ready(ctx); err != nil {
			return err
		}
		return do(app.desk)
	})
}

func (d database) stop(log *slog.Logger) {
	if d.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		log.Error("Postgres did not stop well", "err", err)
	}
}

type migrateCmd struct{}

// Run brings the database to this version.
func (migrateCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	return withDatabase(ctx, c, log, func(db database) error {
		if err := store.Migrate(ctx, db.url, log); err != nil {
			return err
		}
		fmt.Println("The database is at the version of this program.")
		return nil
	})
}
