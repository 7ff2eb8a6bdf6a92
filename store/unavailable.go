package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

// ErrUnavailable is in every error of this package that means: the database is away, try again later.
var ErrUnavailable = errors.New("the database is not available")

// Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	codeSerialization      = "40001"
	codeDeadlock           = "40P01"
	codeUndefinedTable     = "42P01"
	codeInvalidSchema      = "3F000"
	codeAdminShutdown      = "57P01"
	codeCrashShutdown      = "57P02"
	codeCannotConnectNow   = "57P03"
	codeTooManyConnections = "53300"
	codeStatementTimeout   = "57014"
	codeLockTimeout        = "55P03"

	classConnection = "08"
)

// Unavailable reports whether err, of this package or straight from a query, means that the database is away or does
// not answer in time. A caller that has given up by itself, context.Canceled, does not count.
func Unavailable(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return unavailableCode(refused.Code)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, ErrUnavailable), errors.As(err, &connect), errors.As(err, &network):
		return true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, puddle.ErrClosedPool), errors.Is(err, pgconn.ErrConnClosed):
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

func unavailableCode(code string) bool {
	switch code {
	case codeAdminShutdown, codeCrashShutdown, codeCannotConnectNow, codeTooManyConnections, codeStatementTimeout, codeLockTimeout:
		return true
	}
	return strings.HasPrefix(code, classConnection)
}

// explain marks err as ErrUnavailable when that is what it means.
func explain(err error) error {
	if err == nil || errors.Is(err, ErrUnavailable) || !Unavailable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
