package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// scraped are the samples of one scrape, by name and labels as they are written.
type scraped map[string]float64

// scrape asks for /metrics as Prometheus does.
func (w *world) scrape() scraped {
	w.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/metrics", nil)
	if err != nil {
		w.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.Fatalf("/metrics answers %d, %v", resp.StatusCode, err)
	}
	samples := scraped{}
	for _, line := range strings.Split(string(body), "\n") {
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		if samples[line[:at]], err = strconv.ParseFloat(line[at+1:], 64); err != nil {
			w.Errorf("%q is no sample", line)
		}
	}
	return samples
}

// TestMetrics is a call from its form to its technician, as Prometheus sees it.
func TestMetrics(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "+447700900001")
	dora.logsCall(w.customer("Acme Foods", "", ""), "no toner", nil)
	offer := tim.readsDM("Can you take this call?")
	tim.gets("A 1")
	if s := w.scrape(); s[`callout_calls_unowned{priority="urgent"}`] != 1 || s[`callout_calls_unowned{priority="low"}`] != 0 {
		t.Errorf("one urgent call has nobody, but the gauge is %v", s[`callout_calls_unowned{priority="urgent"}`])
	}
	w.clock.move(90e9)
	tim.presses(offer, "Accept")
	dora.reads(callsChannel, "accepted (Tim Tech)")
	w.settled()
	var s scraped
	w.until("the first tick and the text are counted", func() bool {
		s = w.scrape()
		return s["callout_last_tick_timestamp_seconds"] > 0 && s["callout_sms_segments_month"] > 0
	}, func() string { return dump(s) })
	for name, want := range map[string]float64{
		`callout_call_accept_seconds_count{priority="urgent"}`:                        1,
		`callout_call_accept_seconds_sum{priority="urgent"}`:                          90,
		`callout_call_accept_seconds_count{priority="low"}`:                           0,
		`callout_notices_total{channel="slack",kind="offer",outcome="sent"}`:          1,
		`callout_notices_total{channel="sms",kind="offer",outcome="sent"}`:            1,
		`callout_provider_seconds_count{method="send",outcome="sent",provider="sms"}`: 1,
		`callout_database_up`: 1,
	} {
		if got, ok := s[name]; !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	for _, name := range []string{
		`callout_acknowledge_seconds_count{code="200",platform="slack"}`, `callout_provider_seconds_count{method="chat.postMessage",outcome="ok",provider="slack"}`,
		`callout_provider_seconds_count{method="views.open",outcome="ok",provider="slack"}`, `callout_database_connections_max`,
	} {
		if s[name] < 1 {
			t.Errorf("%s is %v, want something", name, s[name])
		}
	}
	known := s.names()
	dashboardDraws(t, known)
	alertsWatch(t, known)
}

// names are the metrics there are, also those of which there is nothing to say just now.
func (s scraped) names() map[string]bool {
	names := map[string]bool{}
	for sample := range s {
		name, _, _ := strings.Cut(sample, "{")
		names[name] = true
	}
	descs := make(chan *prometheus.Desc, 100)
	new(databaseFigures).Describe(descs)
	close(descs)
	for d := range descs {
		names[regexp.MustCompile(`fqName: "(\w+)"`).FindStringSubmatch(d.String())[1]] = true
	}
	return names
}

// metricNames finds the metrics in an expression: words of ours and of the process that no function or label has.
var metricNames = regexp.MustCompile(`\b(callout|process|go)_[a-z_]+\b`)

func usesOnly(t *testing.T, known map[string]bool, where, expr string) {
	t.Helper()
	names := metricNames.FindAllString(expr, -1)
	if len(names) == 0 {
		t.Errorf("%s: %q names no metric", where, expr)
	}
	for _, name := range names {
		if !known[name] {
			t.Errorf("%s: there is no metric %s", where, name)
		}
	}
	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expr, pair[:1]) != strings.Count(expr, pair[1:]) {
			t.Errorf("%s: %q is not balanced", where, expr)
		}
	}
	labels := []string{"instance", "priority", "platform", "code", "channel", "kind", "outcome", "provider", "method", "state", "version", "le", "queue"}
	for _, m := range regexp.MustCompile(`([a-z_]+)(=~|!~|!=|=)"|by \(([^)]*)\)`).FindAllStringSubmatch(expr, -1) {
		for _, label := range strings.Split(m[1]+m[3], ",") {
			if !slices.Contains(labels, strings.TrimSpace(label)) {
				t.Errorf("%s: no metric has the label %q", where, label)
			}
		}
	}
}

func dashboardDraws(t *testing.T, known map[string]bool) {
	t.Helper()
	var board struct {
		SchemaVersion int `json:"schemaVersion"`
		Templating    struct {
			List []struct{ Name, Type, Query, Definition any } `json:"list"`
		} `json:"templating"`
		Panels []struct {
			ID          int
			Title, Type string
			GridPos     struct{ H, W, X, Y int }
			Datasource  struct{ UID string }
			Targets     []struct{ Expr string }
		} `json:"panels"`
	}
	text, err := os.ReadFile("docs/grafana/callout.json")
	if err == nil {
		err = json.Unmarshal(text, &board)
	}
	if err != nil || board.SchemaVersion < 38 {
		t.Fatalf("schema %d: %v", board.SchemaVersion, err)
	}
	if v := board.Templating.List; len(v) == 0 || v[0].Type != "datasource" || v[0].Query != "prometheus" {
		t.Errorf("the data source cannot be chosen: %+v", v)
	}
	ids, rows := map[int]bool{}, []string{}
	for _, p := range board.Panels {
		if ids[p.ID] || p.Title == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q: twice, without a title or too wide", p.ID, p.Title)
		}
		ids[p.ID] = true
		if p.Type == "row" {
			rows = append(rows, p.Title)
			continue
		}
		if len(p.Targets) == 0 || p.Datasource.UID != "${datasource}" {
			t.Errorf("panel %q draws nothing, or from a source of its own", p.Title)
		}
		for _, target := range p.Targets {
			usesOnly(t, known, p.Title, target.Expr)
		}
	}
	if want := []string{"People waiting", "Messages", "Calls", "Machine"}; !slices.Equal(rows, want) {
		t.Errorf("rows %q, want %q", rows, want)
	}
}

// alertRule is one rule of docs/alerts.yml.
type alertRule struct{ alert, expr, wait, severity, summary, description string }

// readAlerts reads the rules: the little of YAML they are written in, and nothing else.
func readAlerts(t *testing.T) (rules []alertRule) {
	t.Helper()
	text, err := os.ReadFile("docs/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	field := regexp.MustCompile(`^( {6}- | {8}| {10})(alert|expr|for|labels|annotations|severity|summary|description): ?(.*)$`)
	inExpr := false
	for i, line := range strings.Split(string(text), "\n") {
		m := field.FindStringSubmatch(line)
		switch {
		case inExpr && strings.HasPrefix(line, "          "):
			rules[len(rules)-1].expr += " " + strings.TrimSpace(line)
			continue
		case m == nil && (i < 6 || strings.TrimSpace(line) == ""):
			continue
		case m == nil:
			t.Fatalf("line %d of the alerts is not understood: %q", i+1, line)
		}
		value := m[3]
		if quoted := strings.Trim(value, `"'`); len(value) > 1 && len(quoted) == len(value)-2 {
			value = quoted
		} else if strings.ContainsAny(value[:min(1, len(value))], `"'{&*%@`) || (m[2] != "expr" && strings.Contains(value, ": ")) {
			t.Errorf("line %d of the alerts needs quotes: %q", i+1, value)
		}
		if m[2] == "alert" {
			rules = append(rules, alertRule{alert: value})
			continue
		}
		r := &rules[len(rules)-1]
		inExpr = m[2] == "expr" && value == "|"
		if into := map[string]*string{"expr": &r.expr, "for": &r.wait, "severity": &r.severity, "summary": &r.summary, "description": &r.description}[m[2]]; into != nil && !inExpr {
			*into = value
		}
	}
	return rules
}

func alertsWatch(t *testing.T, known map[string]bool) {
	t.Helper()
	rules := readAlerts(t)
	if len(rules) < 8 {
		t.Fatalf("only %d rules: %+v", len(rules), rules)
	}
	named := map[string]bool{}
	for _, r := range rules {
		if named[r.alert] || r.summary == "" || r.description == "" || r.severity != "critical" && r.severity != "warning" {
			t.Errorf("%s: twice, or without words or severity: %+v", r.alert, r)
		}
		named[r.alert] = true
		if r.wait != "" && !regexp.MustCompile(`^\d+[smh]$`).MatchString(r.wait) {
			t.Errorf("%s: for %q", r.alert, r.wait)
		}
		if strings.Contains(r.expr, "instance=") {
			t.Errorf("%s: watches one instance", r.alert)
		}
		usesOnly(t, known, r.alert, r.expr)
	}
}
