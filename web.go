package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"
)

// readHeaderWithin and the others keep a slow or hostile client from holding a connection for ever.
const (
	readHeaderWithin = 5 * time.Second
	readWithin       = 15 * time.Second
	writeWithin      = 30 * time.Second
	idleFor          = 2 * time.Minute
)

// listeners are the open ports and who answers on them.
type listeners struct {
	main    net.Listener
	acme    net.Listener      // answers the certificate authority; nil without automatic HTTPS
	manager *autocert.Manager // nil without automatic HTTPS
}

// listen opens the ports, so that a taken one is known before anything starts.
func listen(ctx context.Context, c *Config) (listeners, error) {
	var l listeners
	var lc net.ListenConfig
	if c.TLSDomain == "" {
		var err error
		if l.main, err = lc.Listen(ctx, "tcp", c.Addr); err != nil {
			return l, fmt.Errorf("CALLOUT_ADDR is %q, where nothing can listen: %w", c.Addr, err)
		}
		return l, nil
	}
	l.manager = &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.TLSDomain), Cache: autocert.DirCache(filepath.Join(c.DataDir, "certificates")),
	}
	var err error
	if l.acme, err = lc.Listen(ctx, "tcp", ":80"); err != nil {
		return l, fmt.Errorf("automatic HTTPS needs port 80: %w", err)
	}
	plain, err := lc.Listen(ctx, "tcp", ":443")
	if err != nil {
		return l, errors.Join(fmt.Errorf("automatic HTTPS needs port 443: %w", err), l.acme.Close())
	}
	config := l.manager.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	l.main = tls.NewListener(plain, config)
	return l, nil
}

// serve answers on the open ports in the background.
func (l listeners) serve(group *errgroup.Group, handler http.Handler, log *slog.Logger) []*http.Server {
	servers := []*http.Server{newServer(handler, log)}
	group.Go(func() error { return closedIsFine(servers[0].Serve(l.main)) })
	if l.acme != nil {
		acme := newServer(l.manager.HTTPHandler(nil), log)
		servers = append(servers, acme)
		group.Go(func() error { return closedIsFine(acme.Serve(l.acme)) })
	}
	return servers
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleFor,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func closedIsFine(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
