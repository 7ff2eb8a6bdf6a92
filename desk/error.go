package desk

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Code sorts what can be wrong with a request.
type Code string

// The codes. Front ends map them to their platform's replies in one place.
const (
	Invalid      Code = "invalid"      // something typed is wrong; Fields says what
	Forbidden    Code = "forbidden"    // this member may not do that
	NotFound     Code = "not_found"    // there is no such record
	Conflict     Code = "conflict"     // it has moved on: somebody was faster
	Unregistered Code = "unregistered" // nobody we know
)

// Error is a refusal in words for the person. Anything else that goes wrong is internal and shows only a reference.
type Error struct {
	Code   Code
	Text   string            // what happened and what to do next
	Fields map[string]string // form field name to what is wrong with it

	// For a Conflict between two people who edited one record: the clashes, the fields with everything else merged and mine
	// where they clash, and the version with which the form may be sent again.
	Clashes []Clash
	Merged  Fields
	Version int64
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Text) }

// CodeOf returns the code of a refusal, or "" for any other error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}

// wrong refuses one field.
func wrong(field, format string, args ...any) *Error {
	text := fmt.Sprintf(format, args...)
	return &Error{Code: Invalid, Text: text, Fields: map[string]string{field: text}}
}

// problems collects what is wrong with the fields of a form, so that a person sees everything at once.
type problems map[string]string

func (p problems) add(field string, err error) {
	if err == nil {
		return
	}
	var e *Error
	if errors.As(err, &e) {
		p[field] = e.Text
		return
	}
	p[field] = err.Error()
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Text: "Please look at the marked fields.", Fields: p}
}

// found turns a missing row into a refusal that names it.
func found(err error, format string, args ...any) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return refuse(NotFound, format, args...)
	}
	return err
}

// FieldError is what a refusal says about one field; empty if it says nothing about it.
func FieldError(err error, field string) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields[field]
	}
	return ""
}

// isConstraint reports whether the database refused a row because of a constraint.
func isConstraint(err error, name string) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.ConstraintName == name
}

// textOf is what a refusal says, without its code.
func textOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Text
	}
	return err.Error()
}
