package notify

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; run with -update if that is meant (-want +got)\n%s", path, diff)
	}
}

func call() Call {
	return Call{
		ID: 42, Priority: "urgent", Customer: "Acme Foods", Phone: "+442079460123", Site: "Head office", Address: "12 Harbour Rd",
		Summary: "copier jams on tray 2",
	}
}

func with(change func(*Call)) Call {
	c := call()
	change(&c)
	return c
}

type texted struct {
	name string
	m    Message
}

func offers() []texted {
	offer := func(name string, c Call) texted { return texted{name, Message{Kind: Offer, Call: c}} }
	return []texted{
		offer("offer", call()),
		offer("offer, everything known, one segment holds it", with(func(c *Call) { c.Equipment, c.Contact, c.Priority = "HP M605", "Lee", "normal" })),
		offer("offer, everything known", with(func(c *Call) { c.Equipment, c.Contact = "Canon imageRUNNER C3530i", "Margaret Whitcombe" })),
		offer("offer, nothing known", Call{ID: 7}),
		offer("offer, low priority, no phone", with(func(c *Call) { c.Priority, c.Phone = "low", "" })),
		offer("offer, summary is a question", with(func(c *Call) { c.Summary = "is it under warranty?" })),
		offer("offer, long summary", with(func(c *Call) {
			c.Summary = "the copier on the second floor jams on tray 2 whenever they print double sided, third time this week"
		})),
		offer("offer, long everything", with(func(c *Call) {
			c.Customer = "The Honourable Society of Gentlemen Paper Merchants and Stationers of the West Midlands Ltd"
			c.Address = "Unit 14, The Old Brewery Business Park, Lower Wharf Street, Wolverhampton WV1 1AA"
			c.Summary = "all three copiers on the ground floor stopped at the same moment after the power went, one smells burnt, they close at five"
		})),
		offer("offer, longest number", with(func(c *Call) { c.ID = 9223372036854775807 })),
		offer("offer, curly and accented", with(func(c *Call) {
			c.Customer, c.Summary = "Café “Señor Łukasz” – Zürich", "paper’s stuck… 90 °C, ½ jammed — twice"
		})),
		offer("offer, emoji", with(func(c *Call) {
			c.Customer, c.Summary = "Happy 😀 Print 👩🏽‍🔧", "🔥🔥 smoke 🔥 1️⃣ tray"
		})),
		offer("offer, Vietnamese", with(func(c *Call) {
			c.Customer, c.Summary = "Nguyễn Thị Ánh Đào", "máy in kẹt giấy ở khay số hai"
		})),
		offer("offer, Greek", with(func(c *Call) {
			c.Customer, c.Summary = "Γιώργος Παπαδόπουλος", "το μηχάνημα δεν δουλεύει"
		})),
		offer("offer, Cyrillic name", with(func(c *Call) { c.Customer = "ООО «Ромашка»" })),
		offer("offer, Chinese", with(func(c *Call) {
			c.Customer, c.Address, c.Summary = "北京朝阳食品有限公司", "朝阳区建国路88号", "二号纸盒经常卡纸,请尽快派人来修理"
		})),
		offer("offer, ringing text", with(func(c *Call) { c.Summary = "<!channel> & \"quotes\" {a} [b] ~c^ €5" })),
		offer("offer, lines and tabs", with(func(c *Call) { c.Summary = "first\nsecond\r\n\tthird\x00\x1b[31m" })),
	}
}

func others() []texted {
	done := with(func(c *Call) {
		c.Technician, c.Resolution = "Maria Lopez", "replaced the pickup roller, tested 50 sheets"
	})
	taken := with(func(c *Call) { c.Technician = "Maria Lopez" })
	return []texted{
		{"withdrawn, taken", Message{Kind: Withdrawn, Call: taken}},
		{"withdrawn, closed", Message{Kind: Withdrawn, Call: call()}},
		{"withdrawn, with a reason", Message{Kind: Withdrawn, Call: call(), Text: "the customer rang back, all is well"}},
		{"logged", Message{Kind: Logged, Call: call(), Text: "Maria Lopez was asked."}},
		{"logged, nobody", Message{Kind: Logged, Call: call()}},
		{"accepted", Message{Kind: Accepted, Call: taken}},
		{"accepted, long", Message{Kind: Accepted, Call: with(func(c *Call) { c.Summary = strings.Repeat("it jams and jams ", 40) })}},
		{"closed", Message{Kind: Closed, Call: done}},
		{"closed, nothing said", Message{Kind: Closed, Call: call()}},
		{"reopened", Message{Kind: Reopened, Call: call(), Text: "it jams again"}},
		{"unassigned", Message{Kind: Unassigned, Call: call()}},
		{"code", Message{Kind: Code, Text: "123456", Company: "Northwind Service"}},
		{"code, a sentence", Message{Kind: Code, Text: "123456 is your Callout code."}},
		{"maintenance", Message{Kind: TaskDue, Record: Record{"task", 12}, Text: "Maintenance 12 is due in 7 days, on Tue 24 Mar 2026: Monthly service, Vela C301 S-1 at Acme Foods, 12 Harbour Rd."}},
		{"register", Message{Kind: Register, Text: "Sam Lee (sam@example.com) asks to join"}},
		{"welcome", Message{Kind: Welcome, Name: "Sam Lee", Company: "Northwind Service"}},
		{"welcome, refused", Message{Kind: Welcome, Text: "Your request to join was refused. Ask an admin why."}},
		{"problem", Message{Kind: Problem, Text: "Your e-mail sam@example.com does not work: the mailbox is unknown. Please correct it in chat."}},
		{"problem, long", Message{Kind: Problem, Text: strings.Repeat("The report of the calls of last month could not be made. ", 4) + "Please try again"}},
		{"report", Message{Kind: Report, Files: []File{{Name: "calls.pdf", Title: "Calls, June 2026"}}}},
		{"unknown kind", Message{Kind: "later", Text: "Something new"}},
	}
}

func TestSMSTextWording(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range append(offers(), others()...) {
		text := SMSText(c.m)
		n, encoding := Segments(text)
		fmt.Fprintf(&b, "%s\n  %s\n  %d %s\n\n", c.name, text, n, encoding)
	}
	golden(t, "sms.txt", b.String())
}

func TestSMSTextIsAlwaysAnAnswerableOffer(t *testing.T) {
	t.Parallel()
	for _, c := range offers() {
		text := SMSText(c.m)
		if n, _ := Segments(text); n < 1 || n > callSegments {
			t.Errorf("%s: %d segments", c.name, n)
		}
		if want := fmt.Sprintf("Reply A %d to accept, D %d", c.m.Call.ID, c.m.Call.ID); !strings.Contains(text, want) {
			t.Errorf("%s: %q does not say %q", c.name, text, want)
		}
	}
}

func FuzzSMSText(f *testing.F) {
	for _, c := range append(offers(), others()...) {
		raw, _ := json.Marshal(c.m.Call)
		f.Add(string(c.m.Kind), string(raw), c.m.Text, c.m.Company)
	}
	f.Add(string(Offer), `{"ID":1,"Customer":"漢字漢字"}`, "e\u0301\u200d\ufe0f", "\xff\xfe")
	f.Fuzz(func(t *testing.T, kind, fields, text, company string) {
		m := Message{Kind: Kind(kind), Text: text, Company: company, Name: company}
		if json.Unmarshal([]byte(fields), &m.Call) != nil {
			m.Call = Call{ID: int64(len(fields)), Customer: fields, Summary: fields, Address: text, Phone: text, Priority: "urgent"}
		}
		got := SMSText(m)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		most := sentenceSegments
		if m.Kind == Offer {
			most = callSegments
		}
		n, encoding := Segments(got)
		if n > most {
			t.Fatalf("%d segments of %s: %q", n, encoding, got)
		}
		for _, r := range got {
			if septets(r) == 0 && (encoding != UCS2 || !foreignLetter(r)) {
				t.Fatalf("%q has no place in %q", r, got)
			}
		}
	})
}
