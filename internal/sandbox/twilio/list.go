package twilio

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Page sizes of a list: https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information
const (
	pageDefault = 50
	pageMax     = 1000
)

// listMessages answers newest first, filtered by To, From and DateSent, in pages.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size, page := pageDefault, 0
	if n, err := strconv.Atoi(q.Get("PageSize")); err == nil && n > 0 {
		size = min(n, pageMax)
	}
	if n, err := strconv.Atoi(q.Get("Page")); err == nil && n > 0 {
		page = n
	}
	keep, err := listFilter(q)
	if err != nil {
		answer(w, refuse(http.StatusBadRequest, 20001, "%s", err))
		return
	}
	var found []map[string]any
	s.mu.Lock()
	for i := len(s.messages) - 1; i >= 0; i-- {
		if m := *s.messages[i]; keep(m) {
			found = append(found, s.resource(m))
		}
	}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, pageOf(r.URL, "messages", found, page, size))
}

// listNumbers answers the account's own numbers: here it has one. The filter matches a part of the number.
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources
func (s *Server) listNumbers(w http.ResponseWriter, r *http.Request) {
	var found []map[string]any
	if strings.Contains(s.opt.From, r.URL.Query().Get("PhoneNumber")) {
		found = append(found, map[string]any{
			"account_sid": s.opt.AccountSID, "phone_number": s.opt.From, "friendly_name": s.opt.From, "status": "in-use",
			"capabilities": map[string]any{"sms": true, "mms": true, "voice": true, "fax": false},
		})
	}
	writeJSON(w, http.StatusOK, pageOf(r.URL, "incoming_phone_numbers", found, 0, pageDefault))
}

func pageOf(u *url.URL, name string, found []map[string]any, page, size int) map[string]any {
	start := min(page*size, len(found))
	end := min(start+size, len(found))
	uri := func(p int) string {
		q := u.Query()
		q.Set("PageSize", strconv.Itoa(size))
		q.Set("Page", strconv.Itoa(p))
		return u.Path + "?" + q.Encode()
	}
	out := map[string]any{
		"page": page, "page_size": size, "start": start, "end": max(end-1, 0), "uri": uri(page), "first_page_uri": uri(0),
		"next_page_uri": nil, "previous_page_uri": nil, name: append([]map[string]any{}, found[start:end]...),
	}
	if end < len(found) {
		out["next_page_uri"] = uri(page + 1)
	}
	if page > 0 {
		out["previous_page_uri"] = uri(page - 1)
	}
	return out
}

func listFilter(q url.Values) (func(Message) bool, error) {
	after, before := time.Time{}, time.Time{}
	for key, values := range q {
		if !strings.HasPrefix(key, "DateSent") || values[0] == "" {
			continue
		}
		day := len(values[0]) == len(time.DateOnly)
		t, err := time.Parse(time.RFC3339, values[0])
		if day {
			t, err = time.Parse(time.DateOnly, values[0])
		}
		if err != nil {
			return nil, fmt.Errorf("%s is not a date: %s", key, values[0])
		}
		switch strings.TrimPrefix(key, "DateSent") {
		case ">":
			after = t
		case "<":
			before = t
		default: // DateSent alone means that day
			after, before = t.Truncate(24*time.Hour), t.Truncate(24*time.Hour).Add(24*time.Hour)
		}
	}
	to, from := q.Get("To"), q.Get("From")
	return func(m Message) bool {
		return (to == "" || m.To == to) && (from == "" || m.From == from) &&
			(after.IsZero() || !m.Sent.Before(after)) && (before.IsZero() || m.Sent.Before(before))
	}, nil
}
