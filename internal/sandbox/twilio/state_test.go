package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/internal/sandbox/twilio"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body, encoding string
		parts                int
	}{
		{"empty", "", "GSM-7", 1},
		{"160", strings.Repeat("a", 160), "GSM-7", 1},
		{"161", strings.Repeat("a", 161), "GSM-7", 2},
		{"306", strings.Repeat("a", 306), "GSM-7", 2},
		{"307", strings.Repeat("a", 307), "GSM-7", 3},
		{"a euro takes two", strings.Repeat("a", 159) + "€", "GSM-7", 2},
		{"a pair is not split", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), "GSM-7", 3},
		{"70 of UCS-2", strings.Repeat("ж", 70), "UCS-2", 1},
		{"71 of UCS-2", strings.Repeat("ж", 71), "UCS-2", 2},
		{"an emoji takes two", strings.Repeat("ж", 69) + "🙂", "UCS-2", 2},
		{"accents of the alphabet", "àèìòù", "GSM-7", 1},
		{"a curly quote", "it’s", "UCS-2", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if enc, n := twilio.Segments(c.body); enc != c.encoding || n != c.parts {
				t.Errorf("%s in %d, want %s in %d", enc, n, c.encoding, c.parts)
			}
		})
	}
}

func TestStateSurvives(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "phones.json")
	open := func() *twilio.Server {
		s, err := twilio.New(twilio.Options{From: company, StateFile: file})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := open()
	if err := first.AddPhone(maria, "Maria"); err != nil {
		t.Fatal(err)
	}
	if err := first.Text(t.Context(), maria, "STOP"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open()
	defer second.Close()
	if diff := cmp.Diff(first.Phones(), second.Phones()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first.Messages(maria), second.Messages(maria)); diff != "" || len(second.Messages(maria)) != 2 {
		t.Error(diff)
	}
}

func TestWaitAndRequests(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := b.send(maria, company, "hi"); err != nil {
		t.Fatal(err)
	}
	err := b.net.Wait(ctx, func() bool { m := b.net.Messages(maria); return len(m) == 1 && m[0].Status == "delivered" })
	if err != nil {
		t.Fatal(err)
	}
	if r := b.net.Requests(); len(r) != 1 || r[0].Status != http.StatusCreated || r[0].Form.Get("Body") != "hi" {
		t.Errorf("requests %+v", r)
	}
	done, stop := context.WithCancel(ctx)
	stop()
	if err := b.net.Wait(done, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
