package smsbot

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Verb is what a technician asks for by text.
type Verb string

// The verbs, as they stand in bot.Request.Name.
const (
	Accept  Verb = "accept"    // A 42
	Decline Verb = "decline"   // D 42 reason
	OnMyWay Verb = "on_my_way" // W 42
	OnSite  Verb = "on_site"   // S 42
	Finish  Verb = "finish"    // F 42 what was done
	Note    Verb = "note"      // N 42 what is to be noted
	Mine    Verb = "mine"      // ? lists one's own calls
	Task    Verb = "task"      // M 12 shows where a maintenance task is, M 12 and an answer goes on with it
	Duty    Verb = "duty"      // DUTY ON, DUTY OFF, DUTY OFF until 17:00; DUTY alone shows it
	Undo    Verb = "undo"      // U takes back what one did last, U 42 what one did last to call 42
	Reached Verb = "reached"   // K, the answer to the monthly check
)

// verbs are the first words of a text that ask for something, in lower case. None of Twilio's reserved words is one.
var verbs = map[string]Verb{
	"a": Accept, "accept": Accept, "accepted": Accept,
	"d": Decline, "decline": Decline, "declined": Decline,
	"w": OnMyWay, "omw": OnMyWay,
	"s": OnSite, "onsite": OnSite,
	"f": Finish, "finish": Finish, "finished": Finish,
	"n": Note, "note": Note,
	"m": Task, "maintenance": Task,
	"duty": Duty,
	"u":    Undo, "undo": Undo,
	"k": Reached,
}

// onDuty is what may follow DUTY, and a time after that. "Duty calls" is no wish of a technician.
var onDuty = regexp.MustCompile(`^(?i:(?:on|off|until|till)(?:$|[\s.,:;!]))`)

const (
	quotes = "\"'`´‘’‚‛“”„«»‹›"
	space  = " \t\r\n\u00a0\u2009\u200b\u200e\u200f\u202f\ufeff"
	// noise may stand before a verb, between it and its number, and after.
	noise = space + quotes + "()[]<>{}.,;:!-–—#*_/\\"
)

var (
	firstWord    = regexp.MustCompile(`^[\pL\pM]+`)
	callNumber   = regexp.MustCompile(`^[0-9]{1,18}`)
	callWord     = regexp.MustCompile(`^(?i:call|no|nr)[ .#]*([0-9])`)
	signedNumber = regexp.MustCompile(`^[-–][0-9.,]`)
	// setApart is what may divide a verb from words when no number does: "d: sick today", "Accepted, on my way".
	setApart = regexp.MustCompile(`^[ \t]*([:,;!\n]|[-–—][ \t])`)
)

// Parse reads a text as a verb, the number of the call it is about (0 when none is named) and what else is said.
// A verb is the first word and is followed by a number, by nothing, or by words where words make sense: so that
// "a customer rang", "Are you coming?" and "d'accord" stay what they are, something a person wrote.
func Parse(text string) (verb Verb, number int64, rest string, ok bool) {
	body := strings.TrimLeft(text, noise)
	quoted := strings.ContainsAny(text[:len(text)-len(body)], quotes)
	if left := strings.Trim(body, noise+"?？"); left == "" && strings.ContainsAny(body, "?？") {
		return Mine, 0, "", true
	}
	word := firstWord.FindString(body)
	verb, after := verbs[strings.ToLower(word)], body[len(word):]
	switch verb {
	case "":
		return "", 0, "", false
	case Reached:
		if strings.Trim(after, noise) != "" {
			return "", 0, "", false
		}
		return Reached, 0, "", true
	case Duty:
		if rest = strings.Trim(after, noise+"?"); rest == "" || onDuty.MatchString(rest) {
			return Duty, 0, rest, true
		}
		return "", 0, "", false
	}
	number, rest = splitNumber(after)
	if number == 0 && !meant(verb, after) || strings.Trim(rest, noise+"?") == "" && strings.Contains(rest, "?") {
		return "", 0, "", false
	}
	if verb == Undo && strings.Trim(rest, noise) != "" { // “u 2 are late”
		return "", 0, "", false
	}
	rest = trimStart(verb, rest)
	if quoted || strings.Trim(rest, noise) == "" {
		rest = strings.TrimRight(rest, space+quotes)
	}
	if strings.Trim(rest, noise) == "" {
		rest = ""
	}
	return verb, number, strings.TrimRight(rest, space), true
}

// trimStart drops what stands between a number and the words after it. The sign of a reading is no dash.
func trimStart(verb Verb, rest string) string {
	body := strings.TrimLeft(rest, space+":,;.!+-–—")
	if signed := strings.TrimLeft(rest, space+":,;"); verb == Task && signedNumber.MatchString(signed) {
		return signed
	}
	return body
}

// splitNumber reads the number of a call, as in "42", "#42" or "call 42", and what follows it. "42nd", "4x4" and "3.5"
// name no call; then everything follows.
func splitNumber(after string) (number int64, rest string) {
	body := strings.TrimLeft(after, noise)
	if word := callWord.FindString(body); word != "" {
		body = body[len(word)-1:]
	}
	digits := callNumber.FindString(body)
	number, err := strconv.ParseInt(digits, 10, 64)
	rest = body[len(digits):]
	if err != nil || !ends(rest) {
		return 0, after
	}
	return number, rest
}

// ends reports whether a number ends here.
func ends(rest string) bool {
	next, size := utf8.DecodeRuneInString(rest)
	if size == 0 || strings.ContainsRune(space, next) {
		return true
	}
	if strings.ContainsRune(".,:/-", next) && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' {
		return false
	}
	return strings.ContainsRune(noise+"?+", next)
}

// meant reports whether a verb that names no call is meant as one, from what stands after it.
func meant(verb Verb, after string) bool {
	said := strings.Trim(after, noise)
	switch {
	case said == "":
		return true
	case strings.HasSuffix(said, "?") || said[0] >= '0' && said[0] <= '9':
		return false
	case setApart.MatchString(after):
		return true
	}
	takesWords := verb == Decline || verb == Finish || verb == Note
	next, _ := utf8.DecodeRuneInString(after)
	return takesWords && strings.ContainsRune(space, next)
}
