//go:build !unix

package pg

import (
	"context"
	"errors"
)

// Server is a private PostgreSQL server; this system cannot run one.
type Server struct{}

var errUnsupported = errors.New("callout cannot run PostgreSQL by itself on this system: install PostgreSQL and set DATABASE_URL")

type release struct{}

var pinned release

// Start always fails here: a socket and an account of its own are what makes a private server safe.
func Start(context.Context, Options) (*Server, error) { return nil, errUnsupported }

// URL returns nothing here.
func (s *Server) URL(string) string { return "" }

// Owner reports whether this process runs the server.
func (s *Server) Owner() bool { return false }

// Create always fails here.
func (s *Server) Create(context.Context, string) error { return errUnsupported }

// Stop does nothing here.
func (s *Server) Stop(context.Context) error { return nil }

// Remove always fails here.
func Remove(string) error { return errUnsupported }
