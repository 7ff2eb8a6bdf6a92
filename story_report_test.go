package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
)

// reported waits for the PDF that belongs to a message and returns its content.
func (p *person) reported(report message) []byte {
	p.Helper()
	return p.pdf(report, ".pdf")
}

// pdf waits for the PDF with a name, or an ending, that came with a message: in it, below it, or after it.
func (p *person) pdf(m message, name string) []byte {
	p.Helper()
	var content []byte
	p.until("the PDF "+name+" comes along", func() bool {
		for _, reply := range slices.Concat([]message{m}, p.chat().thread(m), p.chat().sees(p, m.Channel)) {
			for _, f := range reply.files {
				if strings.HasSuffix(f.name, name) && content == nil {
					content = p.chat().content(f.id)
				}
			}
		}
		return content != nil
	}, func() string { return dump(p.chat().sees(p, m.Channel)) })
	if !bytes.HasPrefix(content, []byte("%PDF-")) || !bytes.Contains(content[max(0, len(content)-32):], []byte("%%EOF")) {
		p.Errorf("the PDF of %d bytes begins with %q", len(content), content[:min(8, len(content))])
	}
	return content
}

// reports are the reports in a channel.
func (w *world) reports(channel string) []message {
	var out []message
	for _, m := range asMessages(w.sandbox.Slack.Messages(channel)) {
		if says(m, []string{"Median time to close"}) {
			out = append(out, m)
		}
	}
	return out
}

// someCalls logs three calls, one of them closed.
func someCalls(t *testing.T, change ...func(*Config)) (*world, *person) {
	t.Helper()
	w := startWorld(t, change...)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "")
	for _, summary := range []string{"paper jam", "no toner", "=cmd()"} {
		dora.logged(acme.ID, summary, "normal")
	}
	w.settled()
	w.clock.move(time.Hour)
	tim.presses(tim.readsDM("Call 1 · paper jam"), "Accept")
	tim.presses(tim.readsDM("Call 1 is yours."), "Close")
	tim.accepted(tim.form("Close call 1"), slack.Values{"resolution": "done"})
	w.settled()
	return w, dora
}

func TestReportAtOnce(t *testing.T) {
	t.Parallel()
	w, dora := someCalls(t)
	dora.types(reportsChannel, "/report calls from:this-week to:today")
	dora.reads(reportsChannel, "I am making the report")
	report := dora.reads(reportsChannel, "Opened", "Closed", "Still pending", "Median time to accept")
	if !strings.Contains(report.Text, "3") || !strings.Contains(string(report.Blocks), "data_visualization") {
		t.Errorf("the report has no figures or no chart: %s", dump(report))
	}
	if pdf := dora.reported(report); len(pdf) < 2000 {
		t.Errorf("a PDF of %d bytes holds no report", len(pdf))
	}
	w.settled()
	if n := w.count("SELECT count(*) FROM report_run WHERE state = 'sent'"); n != 1 {
		t.Errorf("%d runs are recorded as sent", n)
	}

	before := dora.told()
	dora.types(callsChannel, "/report callz from:this-week")
	dora.isTold(before, "There is no report “callz”", "Did you mean “calls”?")
	before = dora.told()
	dora.types(callsChannel, "/report calls from:2026-02-30")
	dora.isTold(before, "“from:2026-02-30” is not a date that exists")
}

func TestReportFromItsForm(t *testing.T) {
	t.Parallel()
	w, dora := someCalls(t)
	dora.types(callsChannel, "/report")
	view := dora.form("Make a report")
	dora.fieldError(view, slack.Values{"from": "soon"}, "from", "not a date that exists")
	dora.fieldError(view, slack.Values{"from": "this-week", "every": "whenever"}, "every", "is not a schedule")
	dora.accepted(view, slack.Values{"from": "this-week", "to": "today", "every": "", "channel": reportsChannel, "status": "closed"})
	report := dora.reads(reportsChannel, "Opened", "status: closed")
	dora.reported(report)
	w.settled()
	if n := len(w.reports(callsChannel)); n != 0 {
		t.Errorf("%d reports are in the channel where it was asked for", n)
	}
}

func TestScheduledReport(t *testing.T) {
	t.Parallel()
	w, dora := someCalls(t)
	dora.asks("/report calls from:last-week to:last-week every monday 08:00 in <#"+reportsChannel+"|reports>", "The report comes every monday 08:00", "16 Mar")
	dora.asks("/report schedules", "calls", "from:last-week", "asked for by Dora Desk")
	tick := func() {
		t.Helper()
		if err := w.app.desk.Tick(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.settled()
	}
	tick() // Tuesday: nothing is due
	if n := len(w.reports(reportsChannel)); n != 0 {
		t.Fatalf("%d reports came before their time", n)
	}
	w.clock.move(6 * 24 * time.Hour) // Monday 10:30
	tick()
	tick()
	reports := w.reports(reportsChannel)
	if len(reports) != 1 {
		t.Fatalf("%d reports came on Monday, want one", len(reports))
	}
	dora.reported(reports[0])
	if !says(reports[0], []string{"9 Mar"}) {
		t.Errorf("the report is not about the week before: %s", reports[0].Text)
	}

	w.clock.move(3 * 7 * 24 * time.Hour) // three Mondays missed: caught up once
	tick()
	tick()
	if n := len(w.reports(reportsChannel)); n != 2 {
		t.Errorf("%d reports after three missed weeks, want one more", n-1)
	}
	w.clock.move(7 * 24 * time.Hour)
	tick()
	if n := len(w.reports(reportsChannel)); n != 3 {
		t.Errorf("%d reports after the next Monday, want 3", n)
	}

	list := dora.asks("/report schedules", "Stop")
	dora.presses(list, "Stop")
	w.until("the list is empty", func() bool {
		now, _ := w.sandbox.Slack.Message(list.Ref())
		return says(now, []string{"None yet."})
	}, func() string { return dump(list) })
	w.clock.move(7 * 24 * time.Hour)
	tick()
	if n := len(w.reports(reportsChannel)); n != 3 {
		t.Error("a stopped report came")
	}
}

func TestAViewerMayNotScheduleReports(t *testing.T) {
	t.Parallel()
	w, _ := someCalls(t)
	eva := w.member("Eva Viewer", "viewer")
	eva.asks("/report calls every monday 08:00", "You may not schedule reports", "admin or dispatcher")
	eva.asks("/report calls from:this-week", "I am making the report")
	eva.reads(callsChannel, "Median time to close")
}

func TestReportWhereChartsAreUnknown(t *testing.T) {
	t.Parallel()
	w, dora := someCalls(t)
	w.sandbox.Slack.Fail("chat.postMessage", slack.Fault{Times: 1, Error: "invalid_blocks"})
	dora.asks("/report calls from:this-week", "I am making the report")
	report := dora.reads(callsChannel, "Opened", "Closed", "Median time to close")
	if strings.Contains(string(report.Blocks), "data_visualization") {
		t.Errorf("the chart was sent again: %s", dump(report))
	}
	dora.reported(report)
	w.settled()
	if n := len(w.reports(callsChannel)); n != 1 {
		t.Errorf("the report came %d times", n)
	}
}

func TestReportIntoAChannelThatIsGone(t *testing.T) {
	t.Parallel()
	w, dora := someCalls(t)
	w.sandbox.Slack.AddChannel(slack.Channel{ID: "C0OLD", Name: "old", Members: []string{dora.user, w.sandbox.Slack.BotUserID()}})
	dora.types(callsChannel, "/report")
	dora.accepted(dora.form("Make a report"), slack.Values{"from": "this-week", "to": "this-week", "channel": "C0OLD", "every": "day 18:00"})
	dora.isTold(0, "The report comes every day 18:00")
	w.sandbox.Slack.AddChannel(slack.Channel{ID: "C0OLD", Name: "old", IsArchived: true, Members: []string{dora.user, w.sandbox.Slack.BotUserID()}})
	w.clock.move(12 * time.Hour)
	if err := w.app.desk.Tick(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.settled()
	// Who asked for it gets it instead.
	report := dora.readsDM("Opened", "Median time to close")
	dora.reported(report)
}
