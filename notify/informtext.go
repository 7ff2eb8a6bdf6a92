package notify

import (
	"strconv"
	"strings"
)

// Told is what a customer is told about their call: nothing in it is from the inside of the company but what somebody wrote to
// them on purpose.
type Told struct {
	State      string // one of the constants below
	Name       string // of the contact
	About      string // the machine, if the call names one
	Technician string // the first name of who comes
	When       string // when they are there, such as 14:30; empty if nobody said
	Phone      string // of the company
	Text       string // what somebody wrote
	By         string // who wrote it
	First      bool   // nobody told them yet how to end this
}

// What customers are told. The first three are sent by themselves, at most once for each call; words are written by a member.
const (
	ToldReceived = "received"
	ToldOnMyWay  = "on_my_way"
	ToldDone     = "done"
	ToldWords    = "words"
	ToldNotSo    = "not_so" // a correction
)

// stopHint is said once, at the end of the first text: https://www.twilio.com/docs/messaging/guides/how-to-use-opt-out-keywords
const stopHint = "Reply STOP to end these texts."

// informText words what a customer is told as a text message.
func informText(m Message) string {
	t := m.Told
	number := strconv.FormatInt(m.Call.ID, 10)
	us := part{text: first(oneLine(m.Company), "Our service desk"), after: ": ", rank: 2, least: 24}
	hint := part{}
	if t.First {
		hint = fixed(" " + stopHint)
	}
	about := part{before: " about the ", text: oneLine(t.About), rank: 1, least: 14}
	switch t.State {
	case ToldReceived:
		return fit(callSegments, us, fixed("we have your call "+number), about, fixed(". A technician will be in touch."), hint)
	case ToldOnMyWay:
		return fit(callSegments, us, part{text: first(oneLine(t.Technician), "a technician"), rank: 3, least: 12},
			fixed(" is on the way to you for call "+number), part{before: " (", text: oneLine(t.About), after: ")", rank: 1, least: 14},
			part{before: ", there about ", text: oneLine(t.When)}, fixed("."), hint)
	case ToldDone:
		return fit(callSegments, us, fixed("call "+number), about, fixed(" is done. If it is not right, "), fixed(callUs(t.Phone)+"."), hint)
	case ToldNotSo:
		return fit(callSegments, us, part{text: oneLine(t.Text), rank: 1, least: longest})
	}
	return wordsText(m, number) + hint.text
}

// wordsText is what somebody wrote, between a greeting and who they are. Nothing of it is ever cut.
func wordsText(m Message, number string) string {
	text := Plain(strings.TrimSpace(m.Told.Text))
	if name := oneLine(m.Told.Name); name != "" {
		text = "Hello " + name + ",\n" + text
	}
	return text + "\n" + commas(oneLine(m.Told.By), oneLine(m.Company)) + " (call " + number + ")."
}

func callUs(number string) string {
	if number == "" {
		return "call us"
	}
	return "call us at " + phone(number)
}

// commas joins what is not empty.
func commas(texts ...string) string {
	var some []string
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	return strings.Join(some, ", ")
}

// wordInform words what a customer is told as an e-mail.
func wordInform(l *letter, m Message) {
	t := m.Told
	number := strconv.FormatInt(m.Call.ID, 10)
	hello := "Hello, "
	if name := oneTidyLine(t.Name); name != "" {
		hello = "Hello " + name + ",\n"
	}
	about := ""
	if machine := oneTidyLine(t.About); machine != "" {
		about = " about the " + machine
	}
	switch t.State {
	case ToldReceived:
		l.Title, l.Lead = "We have your call "+number, hello+"we have your call"+about+". A technician will be in touch."
	case ToldOnMyWay:
		who := first(oneTidyLine(t.Technician), "A technician")
		l.Title, l.Lead = who+" is on the way to you", hello+who+" is on the way to you for call "+number+about+"."
		l.Facts = []fact{{Label: "There about", Value: oneTidyLine(t.When)}}
	case ToldDone:
		l.Title, l.Lead = "Call "+number+" is done", hello+"your call"+about+" is done. If it is not right, "+callUs(t.Phone)+"."
	case ToldNotSo:
		l.Title, l.Lead = "Correction about your call "+number, hello+tidy(t.Text)
	default:
		l.Title, l.Lead = "About your call "+number, hello+tidy(t.Text)+"\n\n"+commas(oneTidyLine(t.By), l.Company)
	}
	l.Foot = "You get this because you agreed to be kept informed of your calls. To end it, " + callUs(t.Phone) +
		" or tell whoever comes. Answers to this address are not read."
}

// Shown is a message as it arrives on a channel: what people see before they send it.
type Shown struct {
	Subject  string // of an e-mail
	Text     string
	Segments int // of a text message
}

// Preview words a message as its channel does.
func Preview(m Message) Shown {
	if m.Channel == Email {
		l := newLetter(m, "")
		return Shown{Subject: l.Subject, Text: strings.TrimSpace(l.text())}
	}
	text := SMSText(m)
	n, _ := Segments(text)
	return Shown{Text: text, Segments: n}
}
