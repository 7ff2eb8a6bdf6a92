// Package webtest drives the sandbox's page in Chromium, for tests. It knows what people see there and the page's test ids.
package webtest

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// stepTimeout is how long the page has for one thing.
const stepTimeout = 40 * time.Second

// Browser is one tab, driven by what people see and by the page's test ids.
type Browser struct {
	t   *testing.T
	ctx context.Context
}

// Open starts Chromium on the page; without a Chromium the test is skipped.
func Open(t *testing.T, url string) *Browser {
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
	b := &Browser{t: t, ctx: tab}
	b.Do("open the page", chromedp.EmulateViewport(1440, 900), chromedp.Navigate(url))
	b.JS(`window.faults = []; addEventListener("error", (e) => faults.push(e.message)); ` +
		`addEventListener("unhandledrejection", (e) => faults.push(String(e.reason))); ` +
		`addEventListener("securitypolicyviolation", (e) => faults.push(e.blockedURI))`)
	b.See("composer")
	return b
}

func id(name string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf("[data-testid=%q]", name))
}

// Do takes steps, together within stepTimeout. The page draws itself anew at any moment, so an element that was replaced
// between finding and using it is looked for again.
func (b *Browser) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTimeout)
	defer cancel()
	for {
		err := chromedp.Do(ctx, steps...)
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "node") {
			b.t.Fatalf("%s: %v", what, err)
		}
	}
}

// ask asks the page for a value, within stepTimeout and a little.
func ask[T any](b *Browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepTimeout+time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	return value
}

// JS runs a script on the page.
func (b *Browser) JS(script string) {
	b.t.Helper()
	b.Do(script, chromedp.Evaluate[chromedp.Void](script))
}

// See waits until an element with a test id is visible.
func (b *Browser) See(name string) { b.t.Helper(); b.Do("see "+name, chromedp.WaitVisible(id(name))) }

// Gone waits until no element has a test id.
func (b *Browser) Gone(name string) {
	b.t.Helper()
	b.Do("gone "+name, chromedp.WaitNotPresent(id(name)))
}

// Click clicks on an element.
func (b *Browser) Click(name string) { b.t.Helper(); b.Do("click "+name, chromedp.Click(id(name))) }

// Keys types into an element.
func (b *Browser) Keys(name, keys string) {
	b.t.Helper()
	b.Do("type into "+name, chromedp.SendKeys(id(name), keys))
}

// Until waits for a condition of the page.
func (b *Browser) Until(what, condition string) {
	b.t.Helper()
	ask(b, "waiting until "+what, chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingTimeout(stepTimeout)))
}

// UntilText waits until the last element of that test id says something.
func (b *Browser) UntilText(name, text string) {
	b.t.Helper()
	b.Until(name+" says "+text, fmt.Sprintf(`[...document.querySelectorAll(%q)].at(-1)?.innerText.includes(%q)`, string(id(name)), text))
}

// Value is what a field holds.
func (b *Browser) Value(name string) string {
	b.t.Helper()
	return ask(b, "read "+name, chromedp.Value(id(name)))
}

// Clean fails the test when a script failed, something was fetched from outside, or the page is wider than the window.
func (b *Browser) Clean() {
	b.t.Helper()
	got := ask(b, "look at the page", chromedp.Evaluate[[]string](`[...window.faults,
		...performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin)),
		...(document.documentElement.scrollWidth > innerWidth ? ["the page is wider than the window"] : [])]`))
	if len(got) > 0 {
		b.t.Errorf("the page is not clean: %v", got)
	}
}

// Press clicks a button of the last message by what stands on it.
func (b *Browser) Press(label string) {
	b.t.Helper()
	b.Do("press "+label, chromedp.Click(chromedp.Search(fmt.Sprintf(`(//article//button[normalize-space()=%q])[last()]`, label))))
}

// Choose clicks the choice of an open list that says something.
func (b *Browser) Choose(text string) {
	b.t.Helper()
	b.Do("choose "+text, chromedp.Click(chromedp.Search(fmt.Sprintf(`//*[@data-testid="option"][contains(., %q)]`, text))))
}

// Tick clicks a radio button or checkbox of the open form by what stands beside it.
func (b *Browser) Tick(text string) {
	b.t.Helper()
	b.Do("tick "+text, chromedp.Click(chromedp.Search(fmt.Sprintf(`//*[@data-testid="modal"]//label[.//input][contains(., %q)]`, text))))
}
