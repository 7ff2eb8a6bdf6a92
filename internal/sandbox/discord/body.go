package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

const (
	// maxFile is the upload limit without boosts, https://discord.com/developers/docs/reference#uploading-files
	maxFile = 10 << 20
	// maxFiles is how many files one message holds.
	maxFiles = 10
	// maxBody bounds a request.
	maxBody = maxFiles*maxFile + 1<<20
)

// request is one request of the app, decoded.
type request struct {
	r     *http.Request
	raw   json.RawMessage
	body  object
	list  []any // of a body that is an array
	files map[string]upload
}

// upload is a file of a multipart request, by its number.
type upload struct {
	name    string
	kind    string
	content []byte
}

func (q *request) path(name string) string { return q.r.PathValue(name) }

// readRequest decodes JSON, or payload_json and files[n] of a multipart body.
func readRequest(w http.ResponseWriter, r *http.Request) (*request, *apiError) {
	q := &request{r: r, body: object{}}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return q, refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "Request entity too large")
	}
	if len(data) == 0 {
		return q, nil
	}
	return q, q.decode(data, r.Header.Get("Content-Type"))
}

func (q *request) decode(data []byte, contentType string) *apiError {
	kind, params, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json":
		q.raw = data
	case "multipart/form-data":
		if err := q.readParts(data, params["boundary"]); err != nil {
			return err
		}
	default:
		return refuse(http.StatusBadRequest, codeInvalidForm, "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.")
	}
	if len(q.raw) == 0 {
		return nil
	}
	var v any
	if json.Unmarshal(q.raw, &v) != nil {
		return refuse(http.StatusBadRequest, codeInvalidJSON, "The request body contains invalid JSON.")
	}
	if list, ok := v.([]any); ok {
		q.list = list
		return nil
	}
	body, ok := v.(object)
	if !ok && v != nil {
		return badForm("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
	}
	if body != nil {
		q.body = body
	}
	return nil
}

func (q *request) readParts(data []byte, boundary string) *apiError {
	q.files = map[string]upload{}
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return refuse(http.StatusBadRequest, codeInvalidForm, "Invalid multipart body")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return refuse(http.StatusBadRequest, codeInvalidForm, "Invalid multipart body")
		}
		if part.FormName() == "payload_json" {
			q.raw = content
			continue
		}
		n, ok := strings.CutPrefix(part.FormName(), "files[")
		if !ok || part.FileName() == "" {
			continue
		}
		q.files[strings.TrimSuffix(n, "]")] = upload{name: part.FileName(), kind: part.Header.Get("Content-Type"), content: content}
		if len(content) > maxFile {
			return refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "Request entity too large")
		}
	}
	if len(q.files) > maxFiles {
		return badForm("attachments", baseMax, "Must be %d or fewer in length.", maxFiles)
	}
	return nil
}

// flag reads a boolean of the query.
func (q *request) flag(name string) bool {
	v := q.r.URL.Query().Get(name)
	return strings.EqualFold(v, "true") || v == "1"
}
