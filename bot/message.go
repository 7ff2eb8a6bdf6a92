package bot

import (
	"fmt"
	"strings"
	"time"
)

// Platform names a place people talk to us from.
type Platform string

// The platforms a Request may come from.
const (
	Slack   Platform = "slack"
	Discord Platform = "discord"
	SMS     Platform = "sms"
)

// Kind says what a person did.
type Kind int

// What a person can do. Name in Request says which command, button or form.
const (
	KindCommand  Kind = iota // typed a command: Name is the command, Text the words after it
	KindButton               // pressed a button: Name is its Action, Value its Value
	KindForm                 // sent a form: Name is its ID, Values what it holds
	KindChange               // changed a Refresh field of an open form: Name is the form's ID, Field the field
	KindSearch               // typed into a search field: Name is the form's ID, Field the field, Text the letters
	KindShortcut             // used a shortcut: Name is its ID, Message the message it was used on, if any
	KindHome                 // opened the home page
	KindText                 // wrote us a direct message or a text: Text is what they wrote, Files what came with it
	KindThread               // wrote in a thread of a channel: Thread is the message below which, Text and Files what they wrote
)

// Request is one thing a person did, in words no platform owns.
type Request struct {
	Platform Platform
	User     string // who, in the platform's own id; a phone number for SMS
	UserName string // what the platform calls them, to greet somebody not yet registered
	Channel  string // where; empty on the home page and for global shortcuts
	Key      string // names this delivery: the same key twice is the same request twice
	Kind     Kind
	Name     string
	Text     string
	Value    string
	Field    string
	Values   Values
	State    string // the Form's State, come back unchanged
	Message  *Quoted
	Surface  Surface  // where the button was, for KindButton
	Thread   string   // below which message, for KindThread, in the platform's own id
	Files    []string // what came with a text, by the platform's own ids
}

// Surface says where a button was pressed, and so who sees what changes there.
type Surface int

// Where a button can be. A shared message is brought up to date by the jobs; what only one person sees is not.
const (
	SurfaceShared   Surface = iota // a message in a channel or direct message
	SurfacePersonal                // a message only this person sees, and which only a Reply.Update changes
	SurfaceHome                    // the home page
)

// Quoted is the message somebody used a message shortcut on.
type Quoted struct {
	Text   string
	Author string // name of its author, if known
	Link   string
}

// Values is what a form holds, by field name. Single fields have one entry, empty ones none.
type Values map[string][]string

// Get returns the first value of a field, with surrounding space trimmed.
func (v Values) Get(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return strings.TrimSpace(v[name][0])
}

// All returns every value of a field.
func (v Values) All(name string) []string { return v[name] }

// Reply is what a person gets back. Every part may be missing; an empty Reply says nothing.
type Reply struct {
	Form    *Form             // a form to open, or the changed form after KindChange
	Errors  map[string]string // field name to what is wrong with it: the form stays open, everything typed kept
	Say     *Card             // shown to this person only
	Post    *Card             // shown to everybody in the channel of the request
	Update  *Card             // takes the place of the message whose button was pressed
	Home    *Card             // the person's home page
	Options []Option          // answers KindSearch
}

// Form is a set of fields to fill. Field errors return on the field; see Reply.Errors.
type Form struct {
	ID     string // names the handler that gets it
	Title  string // at most 24 characters: Slack's limit for a modal's title
	Submit string // label of the button that sends it; empty for a form that only shows
	State  string // comes back in Request.State; at most 2,000 bytes
	Fields []Field
}

// FieldKind says how a field is filled.
type FieldKind int

// How a field is filled.
const (
	FieldLine    FieldKind = iota // one line of text
	FieldText                     // several lines
	FieldEmail                    // an e-mail address
	FieldPick                     // one of Options, from a menu
	FieldRadio                    // one of at most 10 Options, all visible
	FieldMany                     // some of Options, from a menu
	FieldChecks                   // some of at most 10 Options, all visible
	FieldSearch                   // one found by typing; answers come from KindSearch
	FieldDate                     // a day, YYYY-MM-DD
	FieldTime                     // a time of day, HH:MM
	FieldChannel                  // a channel or conversation of the platform, by its id
	FieldFiles                    // files or photos, at most Max of them; their values are the platform\'s own ids
	FieldNote                     // nothing to fill: Note is shown between the fields
)

// Field is one thing to fill in a Form. Name is unique in the form.
type Field struct {
	Name        string
	Kind        FieldKind
	Label       string
	Hint        string // small print below
	Placeholder string
	Value       string   // what it holds at first: the text, date or time
	Options     []Option // what may be chosen
	Chosen      []Option // what is chosen at first
	Optional    bool
	Max         int      // characters, or files; 0 means the platform's own limit
	Types       []string // FieldFiles only: the endings of names that are taken, such as csv; empty takes all
	Refresh     bool     // a change is sent as KindChange, and the form may change with it
	Current     bool     // FieldChannel only: without a Value it holds the channel in which the form was opened
	Fresh       bool     // it holds what is said here, even in an open form in which something else is typed there
	Note        Words
}

// Option is one thing that may be chosen. Value at most 75 bytes, Label and Note 75 characters.
type Option struct {
	Value string
	Label string
	Note  string
}

// Card is a message of several parts. It stands for a record and is edited in place, or is a list, or a page.
type Card struct {
	// Text carries the whole meaning in one or two plain sentences: mobile notifications and screen readers show only this.
	Text  string
	Parts []Part
	// Files go with the card, in the same message or right after it.
	Files []File
}

// File is something to open: a PDF, a picture.
type File struct {
	Name    string
	Title   string
	Content []byte
}

// Part is one piece of a Card: Heading, Text, Facts, Item, Buttons, Note, Divider or Chart.
type Part interface{ part() }

// Heading is a line that stands out.
type Heading string

// Text is a paragraph.
type Text Words

// Note is small print.
type Note Words

// Facts are labelled values, two columns where there is room.
type Facts []Fact

// Fact is one labelled value.
type Fact struct {
	Label string
	Value Words
}

// Item is a paragraph with one button beside it: a row of a list.
type Item struct {
	Text   Words
	Button Button
}

// Buttons is a row of buttons.
type Buttons []Button

// Divider separates.
type Divider struct{}

// Chart is drawn by the platform itself where it can; elsewhere Card.Text carries the meaning.
type Chart struct {
	Kind   string // "bar", "line" or "pie"
	Title  string
	Labels []string
	Series []Series
}

// Series is one row of numbers of a Chart, a number for each label.
type Series struct {
	Name   string
	Values []float64
}

func (Heading) part() {}
func (Text) part()    {}
func (Note) part()    {}
func (Facts) part()   {}
func (Item) part()    {}
func (Buttons) part() {}
func (Divider) part() {}
func (Chart) part()   {}

// Style makes a button stand out.
type Style int

// The styles of a button.
const (
	Plain Style = iota
	Primary
	Danger
)

// Button does something when pressed: it comes back as KindButton with its Action and Value.
type Button struct {
	Action  string // what it does, such as "call.accept"; names the handler
	Value   string // on what, such as "42"
	Label   string
	Style   Style
	Confirm string // a question to ask first; empty asks nothing
	URL     string // opens this page instead
}

// Words is text made of spans. What people typed is always a span of its own, so that every renderer escapes it.
type Words []Span

// Span is a piece of Words.
type Span struct {
	Text   string
	Bold   bool
	Italic bool
	Strike bool
	Link   string    // Text links there
	Time   time.Time // if set, shown in the reader's own time zone; Text is the fallback
}

// Say makes Words of plain strings and spans; anything else is formatted as fmt.Sprint does.
func Say(parts ...any) Words {
	words := make(Words, 0, len(parts))
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			words = append(words, Span{Text: part})
		case Span:
			words = append(words, part)
		case Words:
			words = append(words, part...)
		default:
			words = append(words, Span{Text: fmt.Sprint(part)})
		}
	}
	return words
}

// Bold makes a bold span of text, which is escaped like all text.
func Bold(text string) Span { return Span{Text: text, Bold: true} }

// Italic makes an italic span of text.
func Italic(text string) Span { return Span{Text: text, Italic: true} }

// Link makes a span that opens url.
func Link(text, url string) Span { return Span{Text: text, Link: url} }

// At makes a span that shows a moment in the reader's own time zone where the platform can, else in zone.
func At(t time.Time, zone *time.Location) Span {
	return Span{Time: t, Text: t.In(zone).Format("Mon 2 Jan 15:04")}
}

// String is the plain text of the words, for places that know no markup.
func (w Words) String() string {
	var b strings.Builder
	for _, span := range w {
		b.WriteString(span.Text)
	}
	return b.String()
}
