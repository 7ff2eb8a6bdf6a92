package notify

import (
	"fmt"
	"strings"
	"testing"
)

func offer(id int64, priority, customer, summary string) Message {
	return Message{ID: id, Kind: Offer, Call: Call{
		ID: 40 + id, Priority: priority, Customer: customer, Address: "12 Harbour Rd, Leeds", Phone: "+442079460123", Summary: summary,
	}}
}

// TestBundles words what waited for a phone together.
func TestBundles(t *testing.T) {
	t.Parallel()
	closed := Message{ID: 3, Kind: Closed, Call: Call{ID: 31, Customer: "Bright Bakery", Technician: "Tom", Resolution: "Replaced the fuser, tested 50 pages"}}
	due := Message{ID: 4, Kind: TaskDue, Text: "Maintenance 12 is due tomorrow, Wed 11 Mar 2026: Half-yearly service, Copier X 4711 at Acme Foods, 12 Harbour Rd.", Record: Record{"task", 12}}
	check := Message{ID: 5, Kind: Drill, Text: "This is the monthly check that texts reach you. Please reply K."}
	many := make([]Message, 9)
	for i := range many {
		many[i] = offer(int64(i+10), "normal", "Customer number "+fmt.Sprint(i), strings.Repeat("it jams again and again ", 4))
	}
	var b strings.Builder
	for _, c := range []struct {
		name   string
		lead   Message
		others []Message
	}{
		{"alone", offer(1, "normal", "Acme Foods", "copier jams on tray 2"), nil},
		{"two offers, the pressing one first", offer(1, "normal", "Acme Foods", "copier jams on tray 2"), []Message{offer(2, "high", "Bright Bakery", "no power")}},
		{"offer, news, maintenance", offer(1, "normal", "Acme Foods", "copier jams on tray 2"), []Message{due, closed}},
		{"a check goes last", closed, []Message{check, offer(2, "low", "Bright Bakery", "squeaks")}},
		{"not everything fits", many[0], many[1:]},
		{"another script", offer(1, "normal", "Δοκιμή", "принтер"), []Message{offer(2, "normal", "Acme", "“curly” – quotes")}},
	} {
		text, taken := Bundle(c.lead, c.others)
		n, encoding := Segments(text)
		fmt.Fprintf(&b, "## %s\n%s\n(%d segments, %s, carries %v)\n\n", c.name, text, n, encoding, taken)
	}
	golden(t, "bundles.txt", b.String())
}

// TestABundleKeepsItsPromises checks what every bundle must hold, for many of them.
func TestABundleKeepsItsPromises(t *testing.T) {
	t.Parallel()
	for n := range 12 {
		others := make([]Message, n)
		for i := range others {
			others[i] = offer(int64(i+2), []string{"low", "normal", "high", "urgent"}[i%4], "Customer "+strings.Repeat("x", i*5), strings.Repeat("word ", i*7))
		}
		lead := offer(1, "normal", "Acme Foods", "copier jams on tray 2")
		text, taken := Bundle(lead, others)
		if again, _ := Bundle(lead, others); again != text {
			t.Fatalf("the same messages are worded differently:\n%s\n%s", text, again)
		}
		if segments, _ := Segments(text); segments > bundleSegments {
			t.Errorf("%d messages take %d segments", n+1, segments)
		}
		apart := 0
		for _, m := range append([]Message{lead}, others...) {
			if m.ID != 1 && !contains(taken, m.ID) {
				if strings.Contains(text, fmt.Sprintf("Call %d", m.Call.ID)) {
					t.Errorf("call %d is in the text and not counted", m.Call.ID)
				}
				continue
			}
			alone, _ := Segments(SMSText(m))
			apart += alone
			if n > 0 && !strings.Contains(text, fmt.Sprintf("A %[1]d or D %[1]d", m.Call.ID)) && len(taken) > 0 {
				t.Errorf("call %d cannot be answered:\n%s", m.Call.ID, text)
			}
		}
		if segments, _ := Segments(text); segments > apart {
			t.Errorf("%d segments together, %d apart", segments, apart)
		}
	}
}

func contains(ids []int64, id int64) bool {
	for _, i := range ids {
		if i == id {
			return true
		}
	}
	return false
}
