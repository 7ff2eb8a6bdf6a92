package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const benchSecret = "bench-signing-secret"

// delivery is one signed request as Slack sends it, and when it was sent and answered.
type delivery struct {
	raw   []byte
	sent  time.Time
	acked time.Time
}

// sign makes the request. It is signed before the clock runs: that is Slack's work, not ours.
func sign(form url.Values) delivery {
	body := form.Encode()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(benchSecret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return delivery{raw: []byte(fmt.Sprintf("POST /slack/events HTTP/1.1\r\nHost: callout\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"X-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s", stamp, hex.EncodeToString(mac.Sum(nil)), len(body), body))}
}

// command is a signed /log-call.
func command(trigger string) delivery {
	return sign(url.Values{
		"command": {"/log-call"}, "text": {"printer jams"}, "user_id": {benchUser}, "user_name": {"dora"}, "channel_id": {callsChannel},
		"trigger_id": {trigger}, "response_url": {"http://127.0.0.1:9/never"}, "team_id": {"T1"}, "api_app_id": {"A1"},
	})
}

// submission is a signed form of about 6 KB that logs a call.
func submission(view string, choice benchChoice) delivery {
	customer := strconv.FormatInt(choice.customer, 10)
	option := func(value string) any {
		return map[string]any{"type": "static_select", "selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": "chosen " + value}, "value": value}}
	}
	values := map[string]any{
		"customer":              map[string]any{"customer": option(customer)},
		"equipment_" + customer: map[string]any{"e": option(strconv.FormatInt(choice.equipment, 10))},
		"contact_" + customer:   map[string]any{"c": option(strconv.FormatInt(choice.contact, 10))},
		"summary":               map[string]any{"summary": map[string]any{"type": "plain_text_input", "value": view}},
		"details":               map[string]any{"details": map[string]any{"type": "plain_text_input", "value": strings.Repeat("The machine jams on tray 2. ", 20)}},
		"priority":              map[string]any{"priority": option("normal")},
		"technician":            map[string]any{"technician": option("0")},
	}
	var blocks []any
	for field := range values {
		blocks = append(blocks, map[string]any{
			"type": "input", "block_id": field, "label": map[string]any{"type": "plain_text", "text": field, "emoji": true}, "optional": false, "dispatch_action": false,
			"hint":    map[string]any{"type": "plain_text", "text": strings.Repeat("as long as a real form ", 12)},
			"element": map[string]any{"type": "static_select", "action_id": field, "placeholder": map[string]any{"type": "plain_text", "text": "Choose"}},
		})
	}
	payload, err := json.Marshal(map[string]any{
		"type": "view_submission", "team": map[string]any{"id": "T1", "domain": "bench"}, "user": map[string]any{"id": benchUser, "username": "dora"},
		"api_app_id": "A1", "trigger_id": "T" + view,
		"view": map[string]any{
			"id": "V" + view, "hash": "1", "type": "modal", "callback_id": "call.log", "private_metadata": `{"c":"` + callsChannel + `"}` + "\n",
			"title": map[string]any{"type": "plain_text", "text": "Log a call"}, "blocks": blocks, "state": map[string]any{"values": values},
		},
	})
	if err != nil {
		panic(err)
	}
	return sign(url.Values{"payload": {string(payload)}})
}

// line is one connection to a server, as cheap as a client can be: it shares the cores with what is measured.
type line struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(t testing.TB, address string) *line {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &line{conn: conn, in: bufio.NewReader(conn)}
}

// send delivers one request and waits for its acknowledgement, which must be 200 and empty.
func (l *line) send(d *delivery) error {
	if _, err := l.conn.Write(d.raw); err != nil {
		return err
	}
	response, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	d.acked = time.Now()
	if err == nil && (response.StatusCode != http.StatusOK || len(answer) > 0) {
		err = fmt.Errorf("answered %d %s", response.StatusCode, answer)
	}
	return err
}

// flood sends everything from so many clients, each waiting for its answer before the next.
func flood(t testing.TB, address string, clients int, all []delivery) {
	t.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	for range clients {
		l := dial(t, address)
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				all[i].sent = time.Now()
				if err := l.send(&all[i]); err != nil {
					t.Errorf("delivery %d: %v", i, err)
					return
				}
			}
		})
	}
	group.Wait()
}

// steady sends at a fixed rate, whatever the server does: sent is when a delivery was due, so that waiting for a free
// connection counts too.
func steady(t testing.TB, address string, rate int, all []delivery) {
	t.Helper()
	const connections = 64
	due := make(chan int, len(all))
	var group sync.WaitGroup
	for range connections {
		l := dial(t, address)
		group.Go(func() {
			for i := range due {
				if err := l.send(&all[i]); err != nil {
					t.Errorf("delivery %d: %v", i, err)
					return
				}
			}
		})
	}
	begin := time.Now()
	for i := range all {
		all[i].sent = begin.Add(time.Duration(i) * time.Second / time.Duration(rate))
		<-time.After(time.Until(all[i].sent))
		due <- i
	}
	close(due)
	group.Wait()
}

// waits are how long each delivery took.
func waits(all []delivery) []time.Duration {
	out := make([]time.Duration, len(all))
	for i, d := range all {
		out[i] = d.acked.Sub(d.sent)
	}
	return out
}

// quantile sorts the durations and returns one, in milliseconds.
func quantile(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(q*float64(len(all))), len(all)-1)].Seconds() * 1000
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
