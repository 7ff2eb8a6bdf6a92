//go:build unix

package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html that CREATE DATABASE answers with when
// somebody else made it in between.
const (
	codeDuplicateDatabase = "42P04"
	codeUniqueViolation   = "23505"
)

// Create makes a database unless it is there.
func (s *Server) Create(ctx context.Context, database string) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{database}.Sanitize())
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == codeDuplicateDatabase || refused.Code == codeUniqueViolation) {
		return nil
	}
	return err
}

func (s *Server) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	return pgx.Connect(ctx, s.URL(superuser))
}

// Remove deletes a cluster with everything in it. It returns ErrInUse while any process uses it.
func Remove(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := refuseStrange(dir); err != nil {
		return err
	}
	for _, name := range []string{ownerLock, serverLock} {
		lock, err := tryLock(filepath.Join(dir, name))
		if errors.Is(err, errLocked) {
			return fmt.Errorf("remove %s: %w", dir, ErrInUse)
		}
		if err != nil {
			return err
		}
		defer lock.Close()
	}
	if err := removeStale(context.Background(), filepath.Join(dir, dataDir), dir); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
