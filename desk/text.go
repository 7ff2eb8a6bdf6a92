package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// letters that Unicode does not decompose but people type without their stroke.
var strokes = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ß", "ss", "æ", "ae", "œ", "oe", "ð", "d", "þ", "th", "ı", "i")

// Fold is how names and words are compared: lower case, without accents and control characters, single spaces.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(clean(text))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(strokes.Replace(b.String())), " ")
}

// patterns turns words into LIKE patterns that must all match a folded text.
func patterns(words string) []string {
	fields := strings.Fields(Fold(words))
	out := make([]string, len(fields))
	for i, w := range fields {
		out[i] = "%" + escapeLike(w) + "%"
	}
	return out
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// Phone is the one place where what people type becomes an E.164 number. country is used when no country code was typed.
func Phone(typed, country string) (string, error) {
	number, err := phonenumbers.Parse(typed, country)
	// Possible, not valid: numbering plans grow faster than any library, and a caller's new number must not be refused.
	if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return "", refuse(Invalid, "“%s” is not a phone number. Type it with its country code, such as %s.", shorten(typed, 40), phoneExample(country))
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// PhoneShown is a number as people read it.
func PhoneShown(e164 string) string {
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
}

func phoneExample(country string) string {
	number := phonenumbers.GetExampleNumber(country)
	if number == nil {
		return "+1 201 555 0123"
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
}

// digits keeps the digits of a text: people search phones by any part of the number.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// limited refuses a text that is empty or too long, naming both numbers.
func limited(what, text string, least, most int) error {
	n := utf8.RuneCountInString(text)
	switch {
	case n < least && n == 0:
		return refuse(Invalid, "%s is missing.", what)
	case n > most:
		return refuse(Invalid, "%s has %d characters; at most %d fit. Shorten it a little.", what, n, most)
	}
	return nil
}

func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

// clean drops what no person types on purpose: control characters, which Postgres or a phone would choke on.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

func orList(words []string) string { return joined(words, "or") }

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// nationalPhone is a number as it is dialled inside its own country.
func nationalPhone(e164 string) string {
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(number, phonenumbers.NATIONAL)
}
