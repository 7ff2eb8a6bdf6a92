package desk

import (
	"slices"
	"strings"
)

// Filter is what lists, reports and the API are narrowed by. Values are kept as typed, so that a schedule's `last-month`
// means another month each time. Which of them a list knows, its noun says: FilterKeys.
type Filter struct {
	Status   string // one of the noun's statuses; for calls a progress word too
	Stage    string // of a lead
	Priority string
	Purpose  string // of a visit
	Customer string // part of a name or phone
	Tech     string // @name, a chat mention, me or none
	Owner    string // the same, of a lead's owner
	By       string // the same, of who asked for or made it, or whom a message is for
	Channel  string // of a message
	Source   string // part of where a lead comes from
	Due      string // overdue, or a day or period
	From     string // a day or period; its first day counts
	To       string // a day or period; its last day counts
	Words    string
}

func (f *Filter) field(key string) *string {
	return map[string]*string{
		"status": &f.Status, "stage": &f.Stage, "priority": &f.Priority, "purpose": &f.Purpose, "customer": &f.Customer, "tech": &f.Tech,
		"owner": &f.Owner, "by": &f.By, "channel": &f.Channel, "source": &f.Source, "due": &f.Due, "from": &f.From, "to": &f.To,
	}[key]
}

// Value returns one filter by its key.
func (f Filter) Value(key string) string {
	if p := f.field(key); p != nil {
		return *p
	}
	return ""
}

// Set changes one filter of FilterKeys, or the words if key is "words".
func (f *Filter) Set(key, value string) {
	if key == "words" {
		f.Words = value
	} else if p := f.field(key); p != nil {
		*p = value
	}
}

// Empty reports whether nothing is filtered.
func (f Filter) Empty() bool { return f == Filter{} }

// String writes the filter as it could be typed.
func (f Filter) String() string {
	var parts []string
	for _, key := range allKeys {
		if v := f.Value(key); v != "" {
			parts = append(parts, FilterTerm(key, v))
		}
	}
	for _, word := range strings.Fields(f.Words) {
		if _, _, isFilter := filterToken(word); isFilter {
			parts = append(parts, inQuotes(word))
			continue
		}
		parts = append(parts, quoted(word))
	}
	return strings.Join(parts, " ")
}

// FilterTerm writes one filter as it could be typed, so that it is read back as it was, whatever is in it.
func FilterTerm(key, value string) string { return key + ":" + quoted(value) }

// FilterWord writes something to look for as it could be typed, so that it is read back as it was and as no filter.
func FilterWord(text string) string { return inQuotes(text) }

// quotes are the marks that the grammar reads as quotes, plain ones and those that phones type.
const quotes = `"“”„«»’‘`

// quoted puts a value into quotes if it cannot stand without.
func quoted(v string) string {
	if strings.ContainsAny(v, " \t\n"+quotes) {
		return inQuotes(v)
	}
	return v
}

// inQuotes puts a value into quotes; a backslash goes before each quote, and each backslash, in it.
func inQuotes(v string) string {
	var b strings.Builder
	for _, r := range v {
		if r == '\\' || strings.ContainsRune(quotes, r) {
			b.WriteRune('\\')
		}
		b.WriteRune(r)
	}
	return `"` + b.String() + `"`
}

// MaxFilter is how many characters of filters are read: far more than anybody types, and few enough to travel in a button.
const MaxFilter = 1000

// ParseFilter reads filters as people type them: key:value, key:"two words", and words to look for. What is wrong is
// refused with what was meant and what is allowed.
func ParseFilter(noun Noun, text string) (Filter, error) {
	var f Filter
	if err := limited("What you look for", text, 0, MaxFilter); err != nil {
		return f, err
	}
	var words []string
	for _, token := range tokens(straight(clean(text))) {
		key, value, isFilter := filterToken(token)
		if !isFilter {
			words = append(words, strings.Fields(unquote(token))...)
			continue
		}
		if err := f.parse(noun, strings.ToLower(key), unquote(value)); err != nil {
			return Filter{}, err
		}
	}
	f.Words = strings.Join(words, " ")
	return f, f.check(noun)
}

// filterToken splits key:value. Quotes, mentions and links before the colon make it a word to look for.
func filterToken(token string) (key, value string, isFilter bool) {
	key, value, isFilter = strings.Cut(token, ":")
	return key, value, isFilter && key != "" && !strings.ContainsAny(key, `"<@/`)
}

func (f *Filter) parse(noun Noun, key, value string) error {
	if alias, ok := filterAliases[key]; ok && !slices.Contains(FilterKeys(noun), key) && slices.Contains(FilterKeys(noun), alias) {
		key = alias
	}
	field := f.field(key)
	switch {
	case !slices.Contains(FilterKeys(noun), key):
		return refuse(Invalid, "There is no filter “%s:”.%s The filters are %s.", shorten(key, 30), meant(key, FilterKeys(noun)), filterList(noun))
	case value == "":
		return refuse(Invalid, "“%s:” has no value. Write it without a space, such as %s.", key, filterExamples[key])
	case *field != "" && *field != value:
		return refuse(Invalid, "“%s:” is there twice (%s and %s). Keep one.", key, *field, value)
	}
	*field = value
	return nil
}

func oneOf(key, value string, allowed []string) (string, error) {
	v := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(value))
	if v == "" || slices.Contains(allowed, v) {
		return v, nil
	}
	return "", wrong(key, "“%s” is not a %s.%s Allowed: %s.", shorten(value, 40), key, meant(v, allowed), joined(allowed, "or"))
}

// tokens splits at spaces outside quotes. In quotes a backslash keeps what follows from ending them.
func tokens(text string) []string {
	var out []string
	var b strings.Builder
	inside, escaped := false, false
	for _, r := range text {
		if !inside && (r == ' ' || r == '\t' || r == '\n') {
			if b.Len() > 0 {
				out = append(out, b.String())
				b.Reset()
			}
			continue
		}
		if r == '"' && !escaped {
			inside = !inside
		}
		escaped = inside && r == '\\' && !escaped
		b.WriteRune(r)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// unquote takes the quotes away, and in them the backslashes before quotes and backslashes.
func unquote(s string) string {
	var b strings.Builder
	inside, escaped := false, false
	for _, r := range s {
		switch {
		case escaped:
			if r != '\\' && !strings.ContainsRune(quotes, r) {
				b.WriteRune('\\')
			}
			b.WriteRune(r)
			escaped = false
		case r == '"':
			inside = !inside
		case inside && r == '\\':
			escaped = true
		default:
			b.WriteRune(r)
		}
	}
	if escaped {
		b.WriteRune('\\')
	}
	return strings.TrimSpace(b.String())
}

// straight turns the curly quotes that phones type into plain ones, but for those after a backslash: they are meant as they are.
func straight(s string) string {
	var b strings.Builder
	escaped := false
	for _, r := range s {
		if escaped {
			b.WriteRune(r)
			escaped = false
			continue
		}
		escaped = r == '\\'
		switch r {
		case '“', '”', '„', '«', '»':
			r = '"'
		case '’', '‘':
			r = '\''
		}
		b.WriteRune(r)
	}
	return b.String()
}

// meant names the allowed word that a mistyped one is closest to, as a sentence; nothing if none is close.
func meant(typed string, allowed []string) string {
	best, least := "", 3
	for _, a := range allowed {
		if d := distance(typed, a); d < least {
			best, least = a, d
		}
	}
	if best == "" {
		return ""
	}
	return " Did you mean “" + best + "”?"
}

// distance counts the letters to add, drop or change to turn one word into the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 40 || len(y) > 40 {
		return 40
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		corner := row[0]
		row[0] = i + 1
		for j := range y {
			cost := corner
			if x[i] != y[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
