package discord

import (
	"fmt"
	"net/http"
	"strings"
)

// Discord's codes, https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMember      = 10007
	codeUnknownMessage     = 10008
	codeUnknownApplication = 10002
	codeUnknownUser        = 10013
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeUnknownCommand     = 10063
	codeTooLarge           = 40005
	codeAcknowledged       = 40060
	codeMissingAccess      = 50001
	codeNotOnDM            = 50003
	codeNotAuthor          = 50005
	codeEmptyMessage       = 50006
	codeCannotDM           = 50007
	codeMissingPermissions = 50013
	codeWrongChannel       = 50024
	codeInvalidToken       = 50027
	codeInvalidForm        = 50035
	codeInvalidVersion     = 50041
	codeArchived           = 50083
	codeInvalidJSON        = 50109
	codeThreadExists       = 160004
)

// apiError is a refusal.
type apiError struct {
	status int
	code   int
	words  string
	errors object
}

func refuse(status, code int, words string) *apiError {
	return &apiError{status: status, code: code, words: words}
}

func notFound(code int, what string) *apiError {
	return refuse(http.StatusNotFound, code, "Unknown "+what)
}

func (e *apiError) body() object {
	o := object{"message": e.words, "code": e.code}
	if e.errors != nil {
		o["errors"] = e.errors
	}
	return o
}

// detail is the refusal in one line, for a test's log.
func (e *apiError) detail() string {
	if e.errors == nil {
		return e.words
	}
	return e.words + " " + string(mustJSON(e.errors))
}

// form collects what is wrong with a body. It stops at nothing: the app is told every problem at once, as Discord
// does, https://discord.com/developers/docs/reference#error-messages
type form struct {
	tree object
}

// Codes of form errors that several checks use.
const (
	baseRequired = "BASE_TYPE_REQUIRED"
	baseMax      = "BASE_TYPE_MAX_LENGTH"
	baseLength   = "BASE_TYPE_BAD_LENGTH"
	baseChoices  = "BASE_TYPE_CHOICES"
)

// fail adds a problem at a path such as "embeds/0/title".
func (f *form) fail(path, code, format string, args ...any) {
	if f.tree == nil {
		f.tree = object{}
	}
	at := f.tree
	for _, step := range strings.Split(path, "/") {
		if step == "" {
			continue
		}
		next, ok := at[step].(object)
		if !ok {
			next = object{}
			at[step] = next
		}
		at = next
	}
	list, _ := at["_errors"].([]object)
	at["_errors"] = append(list, object{"code": code, "message": fmt.Sprintf(format, args...)})
}

// err is the refusal, or nil when nothing was wrong.
func (f *form) err() *apiError {
	if f.tree == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, code: codeInvalidForm, words: "Invalid Form Body", errors: f.tree}
}

// badForm is a refusal with one problem.
func badForm(path, code, format string, args ...any) *apiError {
	var f form
	f.fail(path, code, format, args...)
	return f.err()
}
