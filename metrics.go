package main

import (
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"callout/desk"
	"callout/jobs"
)

// metrics is what /metrics shows. Labels take few values, all of them ours: never an id, a name or a text.
type metrics struct {
	registry     *prometheus.Registry
	acknowledged *prometheus.HistogramVec
	notices      *prometheus.CounterVec
	provider     *prometheus.HistogramVec
	accepted     *prometheus.HistogramVec
	ticked       prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		acknowledged: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callout_acknowledge_seconds", Help: "Time until a delivery of a platform was answered.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}, []string{"platform", "code"}),
		notices: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "callout_notices_total",
			Help: "What came of messages to people: sent, refused for now, unanswered, failed, and as the provider says later delivered or undelivered.",
		}, []string{"channel", "kind", "outcome"}),
		provider: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callout_provider_seconds", Help: "How long calls to a provider took, by what came of them.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"provider", "method", "outcome"}),
		accepted: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callout_call_accept_seconds", Help: "Time from a call being logged until somebody had it for the first time.",
			Buckets: []float64{30, 60, 120, 300, 600, 900, 1800, 3600, 4 * 3600, 24 * 3600, 72 * 3600},
		}, []string{"priority"}),
		ticked: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "callout_last_tick_timestamp_seconds", Help: "When this process last did what was due; of several, any one does it.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "callout_build_info", Help: "Which program this is; always 1.", ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.acknowledged, m.notices, m.provider, m.accepted, m.ticked, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, priority := range desk.Priorities() {
		m.accepted.WithLabelValues(priority) // there from the start, so that a rate of them is never missing
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// timed measures how long a platform waits for its answer.
func (m *metrics) timed(platform string, next http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(m.acknowledged.MustCurryWith(prometheus.Labels{"platform": platform}), next)
}

// ofDesk is what the desk tells of calls and receipts.
func (m *metrics) ofDesk() desk.Observe {
	return desk.Observe{
		Accepted: func(priority string, after time.Duration) {
			m.accepted.WithLabelValues(priority).Observe(after.Seconds())
		},
		Receipt: func(channel, kind, state string) { m.notices.WithLabelValues(channel, kind, state).Inc() },
	}
}

// ofJobs is what the workers tell of messages and ticks. Slack's calls are heard one by one, from the adapter.
func (m *metrics) ofJobs() jobs.Observe {
	return jobs.Observe{
		Sent: func(channel, kind, outcome string, took time.Duration) {
			m.notices.WithLabelValues(channel, kind, outcome).Inc()
			if channel != "slack" {
				if outcome == "failed" {
					outcome = "refused" // a number that is gone, say: the provider is there, and said so
				}
				m.provider.WithLabelValues(channel, "send", outcome).Observe(took.Seconds())
			}
		},
		Ticked: func() { m.ticked.Set(float64(time.Now().Unix())) }, // compared with the clock of whoever scrapes
	}
}

// ofSlack is what the Slack adapter tells of its calls, and of what it acknowledges over a socket.
func (m *metrics) ofSlack(method, outcome string, took time.Duration) {
	if method == "socket" {
		code := map[bool]string{true: "200", false: "500"}[outcome == "ok"]
		m.acknowledged.WithLabelValues("slack", code).Observe(took.Seconds())
		return
	}
	if !strings.Contains(method, ".") && method != "files" && method != "response_url" {
		method = "other"
	}
	m.provider.WithLabelValues("slack", method, outcome).Observe(took.Seconds())
}
