package notify

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The two encodings a text can travel in, as Twilio names them:
// https://www.twilio.com/docs/glossary/what-is-gsm-7-character-encoding
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// What fits into a text, alone and as one of several segments: https://www.twilio.com/docs/glossary/what-sms-character-limit
const (
	gsmAlone, gsmPart = 160, 153 // septets
	ucsAlone, ucsPart = 70, 67   // UTF-16 units
)

// gsmBasic is the default alphabet of 3GPP TS 23.038 in code order, without its escape; each costs one septet.
// There is no lower-case c with cedilla in it, whatever some tables say: handsets show the capital.
const gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ" +
	" !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§" +
	"¿abcdefghijklmnopqrstuvwxyzäöñüà"

// gsmExtended are the characters behind the escape; each costs two septets.
const gsmExtended = "^{}\\[~]|€"

// closeTo has what is meant by characters that have no place in the alphabet and that Unicode does not decompose.
var closeTo = map[rune]string{
	'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '`': "'", '´': "'", 'ʼ': "'", 'ʻ': "'", '‹': "'", '›': "'",
	'“': `"`, '”': `"`, '„': `"`, '‟': `"`, '″': `"`, '«': `"`, '»': `"`, '「': `"`, '」': `"`,
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '•': "-", '·': "-", '\u2043': "-",
	'…': "...", '×': "x", '÷': "/", '⁄': "/", '∕': "/", '°': "deg", '±': "+/-", '≤': "<=", '≥': ">=", '≈': "~",
	'→': "->", '←': "<-", '©': "(C)", '®': "(R)", '™': "(TM)", '№': "No", '\t': " ", '\u00a0': " ", '\u2028': "\n", '\u2029': "\n",
	'ç': "c", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'ł': "l", 'Ł': "L", 'ħ': "h", 'Ħ': "H", 'ŧ': "t", 'Ŧ': "T",
	'ı': "i", 'ĸ': "k", 'ŋ': "n", 'Ŋ': "N", 'œ': "oe", 'Œ': "OE", 'þ': "th", 'Þ': "Th", 'ẞ': "SS", 'ə': "e", 'Ə': "E",
	'ƒ': "f", 'ơ': "o", 'Ơ': "O", 'ư': "u", 'Ư': "U",
	'¢': "c", '₹': "Rs", '₽': "RUB", '₩': "KRW", '₫': "VND", '₺': "TRY", '₴': "UAH", '₪': "ILS",
	'。': ".", '、': ",", '،': ",", '؛': ";", '؟': "?", '।': ".", '〜': "~",
}

// greekLook are the Greek capitals the alphabet lacks because they look like a Latin letter. The others are in it, so
// Greek is written in capitals without accents, as Greek phones do it.
var greekLook = map[rune]rune{
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T',
	'Υ': 'Y', 'Χ': 'X',
}

// septets returns what a character costs in GSM-7; zero if it is not in the alphabet.
func septets(r rune) int {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= ' ' && r <= '#' || r >= '%' && r <= '?':
		return 1
	case r > '€': // the last of them in Unicode's order
		return 0
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtended, r):
		return 2
	}
	return 0
}

// Segments returns how many segments a text is sent and charged as, and in which encoding.
func Segments(text string) (n int, encoding string) {
	costs := make([]int, 0, len(text))
	for _, r := range text {
		cost := septets(r)
		if cost == 0 {
			return ucsSegments(text), UCS2
		}
		costs = append(costs, cost)
	}
	return pack(costs, gsmAlone, gsmPart), GSM7
}

func ucsSegments(text string) int {
	costs := make([]int, 0, len(text))
	for _, r := range text {
		costs = append(costs, utf16.RuneLen(r)) // ranging over a string never yields a surrogate, so never -1
	}
	return pack(costs, ucsAlone, ucsPart)
}

// pack counts segments; a character that costs two is not torn apart over the end of one.
func pack(costs []int, alone, part int) int {
	total, segments, used := 0, 1, 0
	for _, cost := range costs {
		total += cost
		if used+cost > part {
			segments, used = segments+1, 0
		}
		used += cost
	}
	switch {
	case total == 0:
		return 0
	case total <= alone:
		return 1
	}
	return segments
}

// Plain brings a text as close to GSM-7 as its meaning allows: quotes, dashes and accented letters become their
// nearest relative, Greek its capitals, and what has none, such as emoji, is left out. Letters of other scripts stay as
// they are: a name in Cyrillic or Chinese would be guesswork in Latin, and the honest price is UCS-2.
func Plain(text string) string {
	var b strings.Builder
	foreign := false // whether the last character kept is of another script, so that marks belong to it
	for _, r := range norm.NFC.String(text) {
		switch near, ok := nearest(r); {
		case ok:
			if near != "" {
				b.WriteString(near)
				foreign = false
			}
		case unicode.IsMark(r):
			if foreign {
				b.WriteRune(r)
			}
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(r)
			foreign = true
		default: // emoji, control characters, private use
			foreign = false
		}
	}
	return b.String()
}

// nearest returns what stands for a character in GSM-7, and whether anything does.
func nearest(r rune) (string, bool) {
	if septets(r) > 0 {
		return string(r), true
	}
	if near, ok := closeTo[r]; ok {
		return near, true
	}
	if unicode.Is(unicode.Greek, r) {
		return greek(r)
	}
	if unicode.IsSpace(r) {
		return " ", true
	}
	parts := norm.NFKD.String(string(r))
	if parts == string(r) {
		return "", false
	}
	var b strings.Builder
	for _, part := range parts {
		near, ok := closeTo[part]
		switch {
		case septets(part) > 0:
			b.WriteRune(part)
		case ok:
			b.WriteString(near)
		case !unicode.IsMark(part):
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

func greek(r rune) (string, bool) {
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	base = unicode.ToUpper(base)
	if look, ok := greekLook[base]; ok {
		base = look
	}
	return string(base), septets(base) > 0
}

// oneLine is Plain on a single line with single spaces: what people typed, ready to stand in a sentence.
func oneLine(text string) string { return strings.Join(strings.Fields(Plain(text)), " ") }

// shorten cuts a text to at most limit characters, at a word's end if there is one near, and marks the cut.
func shorten(text string, limit int) string {
	letters := []rune(text)
	if len(letters) <= limit {
		return text
	}
	const mark = "..."
	if limit <= len(mark) {
		return ""
	}
	cut := limit - len(mark)
	for back := cut; back > cut-12 && back > cut/2; back-- {
		if letters[back] == ' ' {
			cut = back
			break
		}
	}
	return strings.TrimRight(string(letters[:cut]), " ,.;:-") + mark
}
