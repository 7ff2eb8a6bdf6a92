package slack

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"
)

// refuses reports whether the fault answers instead of the method.
func (f Fault) refuses() bool {
	return f.Status != 0 || f.Error != "" || f.Body != "" || f.RetryAfter != 0
}

func (f Fault) name() string {
	if f.Error == "" && f.RetryAfter != 0 {
		return "ratelimited"
	}
	return cmp.Or(f.Error, "http_"+strconv.Itoa(f.Status))
}

func (f Fault) answer(w http.ResponseWriter) {
	if f.Drop {
		cut(w)
		return
	}
	status := cmp.Or(f.Status, http.StatusOK)
	if f.RetryAfter != 0 {
		seconds := int((f.RetryAfter + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		status = cmp.Or(f.Status, http.StatusTooManyRequests)
	}
	switch {
	case f.Body != "":
		w.WriteHeader(status)
		_, _ = io.WriteString(w, f.Body)
	case f.Error != "" || f.RetryAfter != 0:
		writeJSON(w, status, object{"ok": false, "error": f.name()})
	default:
		w.WriteHeader(status)
		_, _ = io.WriteString(w, http.StatusText(status))
	}
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 or a recorder: the documented way to abort
	}
	_ = conn.Close()
}

// waitFor sleeps unless the client goes away first.
func waitFor(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (a args) fromMultipart(body []byte, boundary string) *apiError {
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("invalid_form_data")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return refuse("invalid_form_data")
		}
		a[part.FormName()] = string(value)
	}
}
