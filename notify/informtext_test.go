package notify

import (
	"fmt"
	"strings"
	"testing"
)

func informs() []texted {
	told := func(name string, t Told) texted {
		if t.Name == "" {
			t.Name = "Jane Roe"
		}
		return texted{name, Message{Kind: Inform, Company: "Northwind Service", Call: Call{
			ID: 42, Summary: "Angry, do not send Tom again", Details: "They owe us 400", Technician: "Maria Lopez", Phone: "+442079460123",
		}, Told: &t}}
	}
	copier, us := "Canon imageRUNNER C3530i", "+442079460123"
	return []texted{
		told("received", Told{State: ToldReceived, About: "Vela C301"}),
		told("received, the first text", Told{State: ToldReceived, About: copier, First: true}),
		told("received, no machine", Told{State: ToldReceived}),
		told("on the way", Told{State: ToldOnMyWay, About: "Vela C301", Technician: "Maria"}),
		told("on the way, with a time", Told{State: ToldOnMyWay, About: copier, Technician: "Maria", When: "14:30"}),
		told("on the way, with a time, the first text", Told{State: ToldOnMyWay, About: copier, Technician: "Maria", When: "14:30", First: true}),
		told("on the way, nobody named", Told{State: ToldOnMyWay}),
		told("done", Told{State: ToldDone, About: "Vela C301", Phone: us}),
		told("done, no phone of ours", Told{State: ToldDone, About: "Vela C301"}),
		told("not so", Told{State: ToldNotSo, Text: "please disregard our last message. Call 42 is not done yet; we are still working on it."}),
		told("words", Told{State: ToldWords, Text: "the part comes on Thursday. Is somebody there at nine?", By: "Dora Day"}),
		told("words, the first text", Told{State: ToldWords, Text: "the part comes on Thursday", By: "Dora Day", First: true}),
		told("words, curly and in lines", Told{State: ToldWords, Name: "Łukasz", Text: "it’s “nearly” done…\nPlease switch it off & on", By: "Dora Day"}),
		told("words, long", Told{State: ToldWords, Text: strings.Repeat("Please keep the door shut. ", 18), By: "Dora Day"}),
		told("words, Cyrillic", Told{State: ToldWords, Name: "Ольга", Text: "мастер будет завтра утром", By: "Dora Day"}),
		told("words, nasty", Told{State: ToldWords, Name: "<b>Jane</b>", Text: `<script>alert("x")</script> <!channel>`, By: "Dora Day"}),
	}
}

// TestInformTexts keeps what customers read, and that nothing from the inside of the company is in it.
func TestInformTexts(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range informs() {
		c.m.Channel = SMS
		shown := Preview(c.m)
		_, encoding := Segments(shown.Text)
		fmt.Fprintf(&b, "%s\n  %s\n  %d %s\n\n", c.name, strings.ReplaceAll(shown.Text, "\n", "\n  "), shown.Segments, encoding)
		c.m.Channel = Email
		mail := Preview(c.m)
		for _, text := range []string{shown.Text, mail.Text, mail.Subject} {
			for _, inside := range []string{"Angry", "owe us", "Lopez"} {
				if strings.Contains(text, inside) {
					t.Errorf("%s: a customer reads %q: %s", c.name, inside, text)
				}
			}
		}
	}
	golden(t, "inform-sms.txt", b.String())
}

func TestInformLetters(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range informs() {
		l := newLetter(c.m, "+14155550100")
		html, err := l.html()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "=== %s\nSubject: %s\n\n%s\n", c.name, l.Subject, l.text())
		if strings.HasSuffix(c.name, "with a time") || strings.HasSuffix(c.name, "nasty") {
			golden(t, "letter-inform-"+strings.NewReplacer(" ", "-", ",", "").Replace(c.name)+".html", html)
		}
		if strings.Contains(html, "<script") || strings.Contains(html, "<b>") {
			t.Errorf("%s: the HTML holds what somebody typed", c.name)
		}
	}
	golden(t, "inform-letters.txt", b.String())
}

// TestWordsAreNeverCut sends the longest text that a member may write, in the alphabet that needs the most room.
func TestWordsAreNeverCut(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"x", "ж", "漢"} {
		text := strings.Repeat(letter, 500)
		got := Preview(Message{Kind: Inform, Channel: SMS, Company: "Northwind Service", Told: &Told{State: ToldWords, Name: "Jane", By: "Dora", Text: text, First: true}})
		if !strings.Contains(got.Text, Plain(text)) || got.Segments > 10 {
			t.Errorf("%s: %d segments, %q", letter, got.Segments, got.Text)
		}
	}
}
