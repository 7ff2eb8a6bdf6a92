package web_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"callout/internal/sandbox"
)

// stepTimeout is how long the page has for one thing.
const stepTimeout = 15 * time.Second

// browser is one tab, driven by what people see and by the page's test ids.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// open starts Chromium on the page; without a Chromium the test is skipped.
func open(t *testing.T, url string) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: the browser tests were not run")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	alloc, endAlloc := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(endAlloc)
	tab, endTab := chromedp.NewContext(alloc)
	t.Cleanup(endTab)
	// The browser lives as long as the context of the first step, so that one has no deadline of its own.
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, ctx: tab}
	b.do("open the page", chromedp.EmulateViewport(1440, 900), chromedp.Navigate(url))
	b.js(`window.faults = []; addEventListener("error", (e) => faults.push(e.message)); ` +
		`addEventListener("unhandledrejection", (e) => faults.push(String(e.reason))); ` +
		`addEventListener("securitypolicyviolation", (e) => faults.push(e.blockedURI))`)
	b.see("composer")
	return b
}

func id(name string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf("[data-testid=%q]", name))
}

func (b *browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTimeout)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

func (b *browser) js(script string) {
	b.t.Helper()
	b.do(script, chromedp.Evaluate[chromedp.Void](script))
}

func (b *browser) see(name string) { b.t.Helper(); b.do("see "+name, chromedp.WaitVisible(id(name))) }
func (b *browser) gone(name string) {
	b.t.Helper()
	b.do("gone "+name, chromedp.WaitNotPresent(id(name)))
}
func (b *browser) click(name string) { b.t.Helper(); b.do("click "+name, chromedp.Click(id(name))) }

func (b *browser) keys(name, keys string) {
	b.t.Helper()
	b.do("type into "+name, chromedp.SendKeys(id(name), keys))
}

// until waits for a condition of the page.
func (b *browser) until(what, condition string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingTimeout(stepTimeout))); err != nil {
		b.t.Fatalf("waiting until %s: %v", what, err)
	}
}

// untilText waits until the last element of that test id says something.
func (b *browser) untilText(name, text string) {
	b.t.Helper()
	b.until(name+" says "+text, fmt.Sprintf(`[...document.querySelectorAll(%q)].at(-1)?.innerText.includes(%q)`, string(id(name)), text))
}

func (b *browser) value(name string) string {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Value(id(name)))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// clean fails the test when a script failed, something was fetched from outside, or the page is wider than the window.
func (b *browser) clean() {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`[...window.faults,
		...performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin)),
		...(document.documentElement.scrollWidth > innerWidth ? ["the page is wider than the window"] : [])]`))
	if err != nil || len(got) > 0 {
		b.t.Errorf("the page is not clean: %v %v", got, err)
	}
}

// press clicks a button of the last message by what stands on it.
func (b *browser) press(label string) {
	b.t.Helper()
	b.do("press "+label, chromedp.Click(chromedp.Search(fmt.Sprintf(`(//article//button[normalize-space()=%q])[last()]`, label))))
}

func TestLogACallAndAcceptIt(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	b := open(t, a.box.URL())

	// The command completes from the manifest and opens the form with the words in it.
	b.keys("composer", "/log")
	b.untilText("slash-option", "what the customer said")
	b.keys("composer", kb.Tab)
	b.keys("composer", "jam")
	b.keys("composer", kb.Enter)
	b.see("modal")

	// A type-ahead by keyboard; the app then updates the form in place and nothing typed is lost.
	b.keys("input-details", "Since this morning")
	b.keys("input-customer-input", "aco")
	b.untilText("option", "New customer: “aco”")
	b.keys("input-customer-input", kb.Enter)
	b.see("field-equipment")
	if got := b.value("input-details"); got != "Since this morning" {
		t.Errorf("details after the update: %q", got)
	}
	if got := b.value("input-customer-input"); got != "Acorn Dental Care" {
		t.Errorf("customer after the update: %q", got)
	}

	// A field error stands on its field; everything typed is kept.
	b.click("modal-submit")
	b.untilText("field-summary", "Please say a little more")
	if got := b.value("input-details"); got != "Since this morning" {
		t.Errorf("details after the error: %q", got)
	}
	b.keys("input-summary", " in the copier on tray 2")
	b.click("modal-submit")
	b.gone("modal")
	b.until("the card is there", `document.querySelector("[data-testid=messages]").innerText.includes("Call 42")`)

	b.asMaria()
	b.clean()
}

// asMaria goes on as the technician: from her phone, then from the card.
func (b *browser) asMaria() {
	b.t.Helper()
	b.click("person-chooser")
	b.click("person-maria")
	b.until("we are Maria", `document.querySelector("[data-testid=person-chooser]").innerText.includes("Maria Lopez")`)
	b.untilText("sms-in", "Call 42: jam in the copier on tray 2")
	b.keys("phone-input", "A 42"+kb.Enter)
	b.untilText("sms-in", "Call 42 is yours")

	// A dangerous button asks first, in the app's words.
	b.press("Close call")
	b.untilText("confirm", "The customer is told that the work is done.")
	b.click("confirm-deny")
	b.gone("confirm")
	b.press("Accept")
	b.untilText("message", "accepted by @Maria Lopez")
	b.untilText("thread-link", "2 replies")
	b.click("thread-link")
	b.until("the thread is there", `document.querySelector("[data-testid=thread-messages]")?.innerText.includes("accepted the call in Slack")`)
}

func TestSlackSpeaksWhenTheAppIsSilent(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	b := open(t, a.box.URL())
	b.keys("composer", "/sleepy now")
	b.keys("composer", kb.Enter)
	b.untilText("message", "Only visible to you")
	b.untilText("message", "operation_timeout")
	if got := b.value("composer"); got != "/sleepy now" {
		t.Errorf("the command is no longer in the composer: %q", got)
	}
}

func TestEveryWidth(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	a.post("C01CALLS", "A card", card(42, strings.Repeat("A long summary of what is wrong ", 4), "")...)
	a.post("C01CALLS", "Charts", chart("bar", "Calls"), pie(), dataTable())
	b := open(t, a.box.URL())
	ts := a.post("C01CALLS", "Call 41 is waiting")
	a.call("chat.update", obj{"channel": "C01CALLS", "ts": ts, "text": "Call 41 is closed"})
	b.untilText("message", "Call 41 is closed (edited)")
	for _, width := range []int64{1440, 1024, 390} {
		b.do("resize", chromedp.EmulateViewport(width, 844))
		b.until("the chart is drawn", `document.querySelectorAll("[data-testid=chart] svg").length === 2`)
		b.clean()
		b.keys("composer", "/log-call x"+kb.Enter)
		b.see("modal-submit")
		b.until("the form is inside the window", `(() => { const r = document.querySelector("[data-testid=modal]").getBoundingClientRect();
			return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight })()`)
		b.clean()
		b.click("modal-x")
		b.gone("modal")
	}
}
