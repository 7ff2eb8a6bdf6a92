package twilio

import (
	"regexp"
	"strings"
	"unicode/utf16"
)

// What fits in one text: https://www.twilio.com/docs/glossary/what-sms-character-limit
const (
	gsmSingle, gsmPart   = 160, 153
	ucs2Single, ucs2Part = 70, 67
)

// The GSM 03.38 default alphabet, and its extension table whose characters take two places:
// https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Segments returns the encoding a text needs and the number of parts it is sent in.
func Segments(body string) (encoding string, parts int) {
	var sizes []int
	for _, r := range body {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			sizes = append(sizes, 1)
		case strings.ContainsRune(gsmExtended, r):
			sizes = append(sizes, 2)
		default:
			return "UCS-2", countParts(utf16Sizes(body), ucs2Single, ucs2Part)
		}
	}
	return "GSM-7", countParts(sizes, gsmSingle, gsmPart)
}

func utf16Sizes(body string) []int {
	var sizes []int
	for _, r := range body {
		sizes = append(sizes, utf16.RuneLen(r))
	}
	return sizes
}

// countParts fills parts in order; a character of two places is never split between two parts.
func countParts(sizes []int, single, part int) int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	if total <= single {
		return 1
	}
	parts, used := 1, 0
	for _, n := range sizes {
		if used+n > part {
			parts, used = parts+1, 0
		}
		used += n
	}
	return parts
}

// https://www.twilio.com/docs/glossary/what-e164 : a plus, a country code, at most 15 digits; in North America
// area code and exchange start with 2 to 9.
var (
	e164 = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	nanp = regexp.MustCompile(`^\+1[2-9]\d{2}[2-9]\d{6}$`)
)

func validE164(number string) bool {
	if strings.HasPrefix(number, "+1") {
		// Twilio's own test numbers (+1500555…) are of this shape as well.
		return nanp.MatchString(number)
	}
	return e164.MatchString(number)
}
