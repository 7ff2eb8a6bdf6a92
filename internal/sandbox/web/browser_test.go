//go:build browser

package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"callout/internal/sandbox"
	"callout/internal/sandbox/web/webtest"
)

func TestLogACallAndAcceptIt(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	b := webtest.Open(t, a.box.URL())

	// The command completes from the manifest and opens the form with the words in it.
	b.Keys("composer", "/log")
	b.UntilText("slash-option", "what the customer said")
	b.Keys("composer", kb.Tab)
	b.Keys("composer", "jam")
	b.Keys("composer", kb.Enter)
	b.See("modal")

	// A type-ahead by keyboard; the app then updates the form in place and nothing typed is lost.
	b.Keys("input-details", "Since this morning")
	b.Keys("input-customer-input", "aco")
	b.UntilText("option", "New customer: “aco”")
	b.Keys("input-customer-input", kb.Enter)
	b.See("field-equipment")
	if got := b.Value("input-details"); got != "Since this morning" {
		t.Errorf("details after the update: %q", got)
	}
	if got := b.Value("input-customer-input"); got != "Acorn Dental Care" {
		t.Errorf("customer after the update: %q", got)
	}

	// A field error stands on its field; everything typed is kept.
	b.Click("modal-submit")
	b.UntilText("field-summary", "Please say a little more")
	if got := b.Value("input-details"); got != "Since this morning" {
		t.Errorf("details after the error: %q", got)
	}
	b.Keys("input-summary", " in the copier on tray 2")
	b.Click("modal-submit")
	b.Gone("modal")
	b.Until("the card is there", `document.querySelector("[data-testid=messages]").innerText.includes("Call 42")`)

	asMaria(b)
	b.Clean()
}

// asMaria goes on as the technician: from her phone, then from the card.
func asMaria(b *webtest.Browser) {
	b.Click("person-chooser")
	b.Click("person-maria")
	b.Until("we are Maria", `document.querySelector("[data-testid=person-chooser]").innerText.includes("Maria Lopez")`)
	b.UntilText("sms-in", "Call 42: jam in the copier on tray 2")
	b.Keys("phone-input", "A 42"+kb.Enter)
	b.UntilText("sms-in", "Call 42 is yours")

	// A dangerous button asks first, in the app's words.
	b.Press("Close call")
	b.UntilText("confirm", "The customer is told that the work is done.")
	b.Click("confirm-deny")
	b.Gone("confirm")
	b.Press("Accept")
	b.UntilText("message", "accepted by @Maria Lopez")
	b.UntilText("thread-link", "2 replies")
	b.Click("thread-link")
	b.Until("the thread is there", `document.querySelector("[data-testid=thread-messages]")?.innerText.includes("accepted the call in Slack")`)
}

func TestSlackSpeaksWhenTheAppIsSilent(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	b := webtest.Open(t, a.box.URL())
	b.Keys("composer", "/sleepy now")
	b.Keys("composer", kb.Enter)
	b.UntilText("message", "Only visible to you")
	b.UntilText("message", "operation_timeout")
	if got := b.Value("composer"); got != "/sleepy now" {
		t.Errorf("the command is no longer in the composer: %q", got)
	}
}

func TestEveryWidth(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	a.post("C01CALLS", "A card", card(42, strings.Repeat("A long summary of what is wrong ", 4), "")...)
	a.post("C01CALLS", "Charts", chart("bar", "Calls"), pie(), dataTable())
	b := webtest.Open(t, a.box.URL())
	ts := a.post("C01CALLS", "Call 41 is waiting")
	a.call("chat.update", obj{"channel": "C01CALLS", "ts": ts, "text": "Call 41 is closed"})
	b.UntilText("message", "Call 41 is closed (edited)")
	for _, width := range []int64{1440, 1024, 390} {
		b.Do("resize", chromedp.EmulateViewport(width, 844))
		b.Until("the chart is drawn", `document.querySelectorAll("[data-testid=chart] svg").length === 2`)
		b.Clean()
		b.Keys("composer", "/log-call x"+kb.Enter)
		b.See("modal-submit")
		b.Until("the form is inside the window", `(() => { const r = document.querySelector("[data-testid=modal]").getBoundingClientRect();
			return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight })()`)
		b.Clean()
		b.Click("modal-x")
		b.Gone("modal")
	}
}
