package notify

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
)

// subjectLimit keeps a subject readable in a list of mail; the rest stands in the letter itself.
const subjectLimit = 120

// letter is an e-mail before it is text and HTML.
type letter struct {
	Company string
	Subject string
	Badge   string // stands out beside the title: URGENT
	Title   string
	Lead    string // what this is about, in a sentence or two
	Facts   []fact
	How     string // what to do, and where
	Buttons []button
	Files   []string
	Foot    string
}

// fact is one labelled value. Link, if set, is a scheme and value made here, never by people.
type fact struct {
	Label, Value string
	Link         template.URL
}

type button struct {
	Label string
	Link  template.URL
	Plain bool
}

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Parse(letterHTML))

// newLetter words a message as an e-mail. smsFrom is the number that takes answers by text, if there is one.
func newLetter(m Message, smsFrom string) letter {
	l := letter{Company: oneTidyLine(m.Company), Foot: "This is an automatic message. Replies to it are not read; please write in chat instead."}
	if l.Company == "" {
		l.Company = "Callout"
	}
	if m.Told != nil {
		wordInform(&l, m)
	} else {
		wordLetter(&l, m, smsFrom)
	}
	for _, f := range m.Files {
		l.Files = append(l.Files, fileTitle(f))
	}
	if l.Subject == "" {
		l.Subject = l.Title
	}
	l.Subject = shorten(oneTidyLine(l.Subject), subjectLimit)
	return l
}

func wordLetter(l *letter, m Message, smsFrom string) {
	id := strconv.FormatInt(m.Call.ID, 10)
	by := strings.TrimSpace(m.Call.Technician)
	said := tidy(m.Text)
	switch m.Kind {
	case Offer:
		l.Title, l.Lead, l.Badge = "Can you take call "+id+"?", greeting(m)+"this call is offered to you.", badge(m.Call)
		l.Subject = about("Call "+id, m.Call)
		if said != "" {
			l.Lead += " Handed over by " + sentence(said)
		}
		l.Facts = facts(m.Call)
		howToAnswer(l, id, smsFrom)
	case Withdrawn:
		l.Title, l.Lead = "Call "+id+" is no longer offered to you", "There is nothing for you to do."
		if by != "" {
			l.Lead = by + " has it now. " + l.Lead
		}
		l.Lead = sentence(said) + l.Lead
		l.Subject = of(l.Title, m.Call)
	case Logged:
		l.Title, l.Lead, l.Badge = "Call "+id+" is logged", strings.TrimSpace(sentence(said)), badge(m.Call)
		l.Subject, l.Facts = about("Call "+id+" is logged", m.Call), facts(m.Call)
	case Accepted:
		l.Title = somebodyElse(by) + " took call " + id
		l.Subject, l.Lead, l.Facts = of(l.Title, m.Call), strings.TrimSpace(sentence(said)), facts(m.Call)
	case Closed:
		l.Title = "Call " + id + " is closed"
		l.Subject = of(l.Title, m.Call)
		done := first(tidy(m.Call.Resolution), said)
		l.Facts = append([]fact{{Label: "What was done", Value: done}, {Label: "By", Value: by}}, facts(m.Call)...)
	case Reopened:
		l.Title, l.Lead, l.Badge = "Call "+id+" is open again", sentence(said)+"It is still yours.", badge(m.Call)
		l.Subject, l.Facts = about(l.Title, m.Call), facts(m.Call)
	case Unassigned:
		l.Title, l.Badge = "Nobody is free for call "+id, badge(m.Call)
		l.Lead, l.How = strings.TrimSpace(sentence(said)), "Please choose somebody on its card in chat; any technician can take it there too."
		l.Subject, l.Facts = about("Nobody is free for call "+id, m.Call), facts(m.Call)
	default:
		wordOther(l, m, said)
	}
}

// wordOther words what is not about a call.
func wordOther(l *letter, m Message, said string) {
	l.Lead = strings.TrimSpace(sentence(said))
	switch m.Kind {
	case Code:
		l.Title, l.Lead = "Your code", said+" is your code. Type it in chat to prove this address. If you did not ask for it, ignore this message."
		if strings.Contains(said, " ") {
			l.Lead = said
		}
	case Register:
		l.Title, l.How = "Somebody asks to be a member", "Please approve or refuse it in chat."
	case Welcome:
		l.Title = "Welcome to " + l.Company
		if said == "" {
			l.Lead = greeting(m) + "you are a member now. Type /callout help in chat to see what you can do."
		} else {
			l.Title = "Your request to join " + l.Company
		}
	case Report:
		l.Title = first(oneTidyLine(figures(m).Title), fileTitle(firstFile(m)), "Your report")
		for _, n := range figures(m).Numbers {
			l.Facts = append(l.Facts, fact{Label: oneTidyLine(n.Label), Value: tidy(n.Value)})
		}
		if filters := tidy(figures(m).Filters); filters != "" {
			l.Facts = append(l.Facts, fact{Label: "Filters", Value: filters})
		}
		if l.Lead == "" && len(m.Files) > 0 {
			l.Lead = "The report is attached."
		}
	case Problem:
		l.Title = "Something needs your attention"
	default:
		l.Title = first(titles[m.Kind], "A message from "+l.Company)
	}
}

// titles is what stands above the letters that are one sentence and perhaps a file.
var titles = map[Kind]string{
	Words: "Words about a call that is yours", Unowned: "A call that nobody has", Nudge: "A call that does not move",
	QuoteReady: "Your quote is ready", QuoteNews: "News of a quote", LeadsDue: "Your follow-ups for today", LeadNews: "A lead for you",
	Drill: "The monthly check", TaskDue: "Maintenance is due", TaskNews: "News of a maintenance task", ServiceSheet: "Service sheet", ImportDone: "Your import",
	Inform: "A customer wrote to us",
}

// howToAnswer says how an offer is answered: on the card in chat, or by text where texts are taken.
func howToAnswer(l *letter, id, smsFrom string) {
	l.How = "Press Accept or Decline on the message in chat"
	if smsFrom == "" {
		l.How += fmt.Sprintf(", or text us A %s to accept, D %s and a reason to decline.", id, id)
		return
	}
	l.How += fmt.Sprintf(", or text %s: A %s to accept, D %s and a reason to decline.", phone(smsFrom), id, id)
	l.Buttons = []button{
		{Label: "Accept by text", Link: smsLink(smsFrom, "A "+id)},
		{Label: "Decline by text", Link: smsLink(smsFrom, "D "+id+" "), Plain: true},
	}
}

// smsLink opens a phone's texts with an answer ready to send: RFC 5724. The extra & is what some phones want.
func smsLink(number, text string) template.URL {
	return template.URL("sms:" + dialled(number) + "?&body=" + url.PathEscape(text)) //nolint:gosec // G203: its parts are escaped
}

// dialled keeps what a phone can dial, so that a link cannot be anything else.
func dialled(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
}

func facts(c Call) []fact {
	list := []fact{
		{Label: "Problem", Value: tidy(c.Summary)},
		{Label: "Customer", Value: tidy(c.Customer)},
		{Label: "Where", Value: lines(c.Site, c.Address)},
		{Label: "Ask for", Value: tidy(c.Contact)},
		{Label: "Phone", Value: phone(c.Phone)},
		{Label: "Equipment", Value: tidy(c.Equipment)},
		{Label: "Details", Value: tidy(c.Details)},
	}
	if strings.HasPrefix(c.Phone, "+") {
		list[4].Link = template.URL("tel:" + dialled(c.Phone)) //nolint:gosec // G203: digits only
	}
	return list
}

// about is a subject that says what is wrong and where: "Call 42: copier jams on tray 2 – Acme Foods".
func about(what string, c Call) string {
	if strings.EqualFold(c.Priority, "urgent") {
		what = "Urgent: " + strings.ToLower(what[:1]) + what[1:]
		what = strings.Replace(what, "Urgent: call", "Urgent call", 1)
	}
	summary := shorten(oneTidyLine(c.Summary), subjectLimit/2)
	if summary != "" {
		what += ": " + summary
	}
	return of(what, c)
}

func of(what string, c Call) string {
	if c.Customer == "" {
		return what
	}
	return what + " – " + c.Customer
}

func badge(c Call) string { return strings.TrimSpace(priority(c)) }

func greeting(m Message) string {
	if name := oneTidyLine(m.Name); name != "" {
		return "Hello " + name + ", "
	}
	return "Hello, "
}

func somebodyElse(name string) string {
	if name == "" {
		return "A technician"
	}
	return name
}

func fileTitle(f File) string {
	if title := oneTidyLine(f.Title); title != "" {
		return title
	}
	return oneTidyLine(f.Name)
}

// sentence ends a text as a sentence, with a space for what comes next.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text + " "
}

// lines puts texts below each other, without saying anything twice.
func lines(texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text = tidy(text); text != "" && (len(kept) == 0 || kept[len(kept)-1] != text) {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n")
}

// tidy drops control characters and makes every line end the same.
func tidy(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text))
}

// oneTidyLine is what may stand in a header.
func oneTidyLine(text string) string { return strings.Join(strings.Fields(tidy(text)), " ") }

// html renders the letter for a mail program; what people typed is escaped by the template.
func (l letter) html() (string, error) {
	var b bytes.Buffer
	if err := letterTemplate.Execute(&b, l); err != nil {
		return "", fmt.Errorf("render letter: %w", err)
	}
	return b.String(), nil
}

// text renders the letter for programs and people that prefer plain text.
func (l letter) text() string {
	var b strings.Builder
	if l.Badge != "" {
		b.WriteString(l.Badge + " - ")
	}
	b.WriteString(l.Title + "\n")
	if l.Lead != "" {
		b.WriteString("\n" + l.Lead + "\n")
	}
	gap := "\n"
	for _, f := range l.Facts {
		if f.Value != "" {
			b.WriteString(gap + f.Label + ": " + strings.ReplaceAll(f.Value, "\n", "\n  ") + "\n")
			gap = ""
		}
	}
	if l.How != "" {
		b.WriteString("\n" + l.How + "\n")
	}
	if len(l.Files) > 0 {
		b.WriteString("\nAttached: " + strings.Join(l.Files, "; ") + "\n")
	}
	b.WriteString("\n-- \n" + l.Company + "\n" + l.Foot + "\n")
	return b.String()
}
