package smsbot_test

import (
	"strings"
	"testing"
	"unicode"

	"callout/bot/smsbot"
)

// reads checks what texts are read as.
func reads(t *testing.T) func(text string, verb smsbot.Verb, number int64, rest string) {
	t.Helper()
	return func(text string, verb smsbot.Verb, number int64, rest string) {
		t.Helper()
		gotVerb, gotNumber, gotRest, ok := smsbot.Parse(text)
		if !ok || gotVerb != verb || gotNumber != number || gotRest != rest {
			t.Errorf("Parse(%q) = %q %d %q %v, want %q %d %q", text, gotVerb, gotNumber, gotRest, ok, verb, number, rest)
		}
	}
}

func TestParseVerbs(t *testing.T) {
	t.Parallel()
	check := reads(t)
	for _, text := range []string{
		"A 42", "a 42", "A42", "a42", " a  42 ", "A 42.", "A 42!", "A #42", "a#42", "A-42", "A: 42", "A, 42", "(A 42)", "A.42",
		"“accept 42”", "\"A 42\"", "‘A’ 42", "“A” 42", "'a 42'", "Accept 42", "ACCEPT 42", "accepted 42", "accept call 42", "A call #42",
		"A no. 42", "a\u00a042", "A\n42", "\u200eA 42", "...A 42...", "A 042", "A\u200b 42",
	} {
		check(text, smsbot.Accept, 42, "")
	}
	check("D 42 too far away", smsbot.Decline, 42, "too far away")
	check("d 42: reason", smsbot.Decline, 42, "reason")
	check("d42, on another job.", smsbot.Decline, 42, "on another job.")
	check("D 42 + sick today", smsbot.Decline, 42, "sick today")
	check("“D 42 too far”", smsbot.Decline, 42, "too far")
	check("D 42 he said “no”", smsbot.Decline, 42, "he said “no”")
	check("D 42 can somebody else go?", smsbot.Decline, 42, "can somebody else go?")
	check("D 42 – day’s full", smsbot.Decline, 42, "day’s full")
	check("decline 42 day off", smsbot.Decline, 42, "day off")
	check("D 42 3 jobs before", smsbot.Decline, 42, "3 jobs before")
	check("A 42 there in 20", smsbot.Accept, 42, "there in 20")
	check("W 42", smsbot.OnMyWay, 42, "")
	check("omw 42", smsbot.OnMyWay, 42, "")
	check("s42", smsbot.OnSite, 42, "")
	check("F 42 replaced the roller\ntested 50 sheets", smsbot.Finish, 42, "replaced the roller\ntested 50 sheets")
	check("finish 42: done", smsbot.Finish, 42, "done")
	check("N 42 door code 1234", smsbot.Note, 42, "door code 1234")
	for _, text := range []string{"M 12", "m12", "Maintenance 12", "“M 12”", "M #12."} {
		check(text, smsbot.Task, 12, "")
	}
	check("m", smsbot.Task, 0, "")
	check("M 12 ok", smsbot.Task, 12, "ok")
	check("m12, fail leaking", smsbot.Task, 12, "fail leaking")
	check("M 12 182", smsbot.Task, 12, "182")
	check("M 12 -4.5", smsbot.Task, 12, "-4.5")
	check("M 12: -4 °C", smsbot.Task, 12, "-4 °C")
	check("M 12 - done", smsbot.Task, 12, "done")
	for _, text := range []string{"?", " ? ", "??", "?!", "“?”", "？"} {
		check(text, smsbot.Mine, 0, "")
	}
}

func TestParseDuty(t *testing.T) {
	t.Parallel()
	check := reads(t)
	for text, rest := range map[string]string{
		"DUTY ON": "ON", "duty off": "off", "Duty off.": "off", "“duty off”": "off", "Duty: off": "off", "DUTY OFF until 17:00": "OFF until 17:00",
		"duty until 17:00": "until 17:00", "duty": "", "Duty?": "", "duty off, sick": "off, sick",
	} {
		check(text, smsbot.Duty, 0, rest)
	}
	for _, text := range []string{"duty calls", "Duty officer rang", "duty one", "duty free shop", "dutyoff", "Heavy duty off", "duty 42", "on duty", "off duty"} {
		if verb, number, rest, ok := smsbot.Parse(text); ok {
			t.Errorf("Parse(%q) = %q %d %q, want no verb", text, verb, number, rest)
		}
	}
}

// Twilio keeps these words to itself, whatever stands around them.
func TestParseLeavesTwiliosWordsAlone(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "START", "YES", "UNSTOP", "HELP", "INFO"} {
		for _, shape := range []string{"%s", "%s 42", "%s.", "“%s”", " %s ", "%s: 42", "%s, please"} {
			for _, text := range []string{word, strings.ToLower(word), word[:1] + strings.ToLower(word[1:])} {
				text = strings.Replace(shape, "%s", text, 1)
				if verb, number, rest, ok := smsbot.Parse(text); ok {
					t.Errorf("Parse(%q) = %q %d %q, want no verb", text, verb, number, rest)
				}
			}
		}
	}
}

// Without a number the bot finds the one open offer.
func TestParseVerbsWithoutANumber(t *testing.T) {
	t.Parallel()
	check := reads(t)
	check("A", smsbot.Accept, 0, "")
	check("a.", smsbot.Accept, 0, "")
	check("“Accept”", smsbot.Accept, 0, "")
	check("Accepted, on my way", smsbot.Accept, 0, "on my way")
	check("D", smsbot.Decline, 0, "")
	check("D too far", smsbot.Decline, 0, "too far")
	check("d: sick today", smsbot.Decline, 0, "sick today")
	check("decline - no parts", smsbot.Decline, 0, "no parts")
	check("F replaced the roller", smsbot.Finish, 0, "replaced the roller")
	check("A4", smsbot.Accept, 4, "") // paper perhaps, but a letter and a number is what an offer asks for
}

func TestParseLeavesOrdinaryWordsAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "...", "42", "Are you coming?", "are you coming", "do you have a spare roller?", "do 42", "a customer rang", "A customer rang: 42",
		"a?", "A 42?", "accept 42?", "accept?", "accept that", "d'accord", "d’accord 42", "n'est pas la", "s'il te plait", "D-day", "N/A", "n.a.",
		"S.O.S.", "M. Jones rang", "m&m", "My van broke", "maintenance is due?", "A. Jones rang", "D. Smith rang", "finish time?", "when? A 42", "ok A 42", "A42nd street", "A 4x4 is blocking", "A 3.5 mm screw",
		"A 12:30", "a 10-15 min delay", "A 0", "Add 42", "Wow", "We 42", "Sure", "No", "Not me", "Fine 42", "on my way", "à 42", "Ä 42", "а 42", // Cyrillic а
		"A 9999999999999999999999", "STOP", "stop 42", "Stopall", "unsubscribe", "CANCEL", "cancel 42", "End", "QUIT", "revoke", "OPTOUT",
		"START", "Yes", "YES 42", "unstop", "help", "HELP 42", "info", "!", "\xff\xfe", "😀 A", "A 😀 42",
	} {
		if verb, number, rest, ok := smsbot.Parse(text); ok {
			t.Errorf("Parse(%q) = %q %d %q, want no verb", text, verb, number, rest)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"A 42", "d42: reason", "“accept 42”", "?", "F 1 done", "STOP", "Are you coming?", "do you", "a\u00a042", "\xff", "A 99999999999999999999",
		"n 'x", "d,", "ſ 42", "w\u0301 42", "DUTY OFF until 17:00", "duty on.", "duty calls", "dutyoff",
	} {
		f.Add(text)
	}
	letters := map[string]bool{}
	for _, word := range []string{"a", "accept", "accepted", "d", "decline", "declined", "w", "omw", "s", "onsite", "f", "finish", "finished", "n", "note", "m", "maintenance", "duty", "k", "u", "undo"} {
		letters[word] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		verb, number, rest, ok := smsbot.Parse(text)
		if !ok {
			if verb != "" || number != 0 || rest != "" {
				t.Fatalf("Parse(%q) is no verb and yet %q %d %q", text, verb, number, rest)
			}
			return
		}
		if number < 0 || !strings.Contains(text, rest) {
			t.Fatalf("Parse(%q) = %q %d %q", text, verb, number, rest)
		}
		if verb == smsbot.Mine {
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				t.Fatalf("Parse(%q) lists calls", text)
			}
			return
		}
		start := strings.IndexFunc(text, unicode.IsLetter)
		if start < 0 {
			t.Fatalf("Parse(%q) = %q without a letter", text, verb)
		}
		word, _, _ := strings.Cut(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsMark(r) {
				return unicode.ToLower(r)
			}
			return ' '
		}, text[start:]), " ")
		if !letters[word] || strings.ContainsFunc(text[:start], unicode.IsDigit) {
			t.Fatalf("Parse(%q) = %q from %q", text, verb, word)
		}
	})
}
