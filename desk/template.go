package desk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Step is one step of a checklist: what to do, and what its answer may be.
type Step struct {
	Kind     string   `json:"kind"`
	Text     string   `json:"text"`
	Unit     string   `json:"unit,omitempty"`    // number only
	Min      *float64 `json:"min,omitempty"`     // number only; outside of it the step failed
	Max      *float64 `json:"max,omitempty"`     // number only
	Choices  []string `json:"choices,omitempty"` // choice only
	Optional bool     `json:"optional,omitempty"`
}

// The kinds of steps. Each is the word that begins its line.
const (
	StepCheck  = "check"  // done or not
	StepPass   = "pass"   // pass, flag or fail
	StepNumber = "number" // a measured number, perhaps with a range
	StepText   = "text"
	StepChoice = "choice"
	StepPhoto  = "photo"
)

// StepKinds lists the kinds of steps, in the order people see them.
func StepKinds() []string {
	return []string{StepCheck, StepPass, StepNumber, StepText, StepChoice, StepPhoto}
}

// Limits of a checklist. A choice fits into a button.
const (
	MaxSteps     = 100
	MaxStep      = 200
	MaxChoices   = 10
	MaxChoice    = 40
	MaxUnit      = 20
	MaxChecklist = 3000 // characters of the whole text: a form's field holds no more
)

// optionalMark ends the line of a step that may be left out; a question mark alone does too.
const optionalMark = "(optional)"

// ParseSteps reads a checklist as people type it, one step a line: its kind, and what to do. What is wrong is named by its line.
func ParseSteps(text string) ([]Step, error) {
	if err := limited("The checklist", text, 0, MaxChecklist); err != nil {
		return nil, err
	}
	var steps []Step
	var bad []string
	for i, line := range strings.Split(clean(text), "\n") {
		if line = strings.TrimSpace(bullet.ReplaceAllString(line, "")); line == "" {
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			bad = append(bad, fmt.Sprintf("Line %d: %s", i+1, textOf(err)))
		}
		steps = append(steps, s)
	}
	switch {
	case len(bad) > 0:
		return nil, refuse(Invalid, "%s", linesOf(bad))
	case len(steps) == 0:
		return nil, refuse(Invalid, "The checklist is empty. Write a step a line, such as: check Filter cleaned")
	case len(steps) > MaxSteps:
		return nil, refuse(Invalid, "The checklist has %d steps; at most %d fit.", len(steps), MaxSteps)
	}
	return steps, nil
}

// bullet is how people begin the lines of a list.
var bullet = regexp.MustCompile(`^\s*(?:[-*•]|\d{1,3}[.)])\s+`)

// linesMost is how many wrong lines are named at once.
const linesMost = 4

func linesOf(bad []string) string {
	text := strings.Join(bad[:min(len(bad), linesMost)], "\n")
	if more := len(bad) - linesMost; more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return text
}

func parseStep(line string) (Step, error) {
	kind, rest, _ := strings.Cut(line, " ")
	s := Step{Kind: strings.ToLower(strings.TrimSuffix(kind, ":"))}
	if !slices.Contains(StepKinds(), s.Kind) {
		return s, refuse(Invalid, "“%s” is no kind of step.%s Begin with %s.", shorten(kind, 20), meant(s.Kind, StepKinds()), orList(StepKinds()))
	}
	s.Text, s.Optional = cutOptional(rest)
	var err error
	switch s.Kind {
	case StepNumber:
		err = s.parseRange()
	case StepChoice:
		err = s.parseChoices()
	}
	if err != nil {
		return s, err
	}
	if s.Text == "" {
		return s, refuse(Invalid, "say what to do after “%s”.", s.Kind)
	}
	if n := utf8.RuneCountInString(s.Text); n > MaxStep {
		return s, refuse(Invalid, "the step has %d characters; at most %d fit.", n, MaxStep)
	}
	return s, nil
}

func cutOptional(text string) (string, bool) {
	text = " " + strings.Join(strings.Fields(text), " ")
	for _, mark := range []string{optionalMark, " ?"} {
		if cut, ok := strings.CutSuffix(text, mark); ok {
			return strings.TrimSpace(cut), true
		}
	}
	return strings.TrimSpace(text), false
}

// rangeOf finds low..high and a unit at the end of a step. One side may be open, and both if there is a unit.
var rangeOf = regexp.MustCompile(`^(.*?)\s+(-?\d+(?:[.,]\d+)?)?\s?(?:\.\.|…)\s?(-?\d+(?:[.,]\d+)?)?(?:\s+(\S.*))?$`)

// parseRange takes the range off the end of a number's text. What is left may not look like one.
func (s *Step) parseRange() error {
	m := rangeOf.FindStringSubmatch(s.Text)
	if m != nil {
		s.Text, s.Unit = m[1], m[4]
		s.Min, s.Max = decimal(m[2]), decimal(m[3])
	}
	if strings.Contains(s.Text+s.Unit, "..") || strings.Contains(s.Text+s.Unit, "…") {
		return refuse(Invalid, "write the range with two numbers, such as: number Fuser temperature 150..200 °C")
	}
	if n := utf8.RuneCountInString(s.Unit); n > MaxUnit {
		return refuse(Invalid, "the unit “%s” is too long; at most %d characters fit.", shorten(s.Unit, 30), MaxUnit)
	}
	if s.Min != nil && s.Max != nil && *s.Min > *s.Max {
		return refuse(Invalid, "%s is more than %s. Swap them.", m[2], m[3])
	}
	return nil
}

func decimal(text string) *float64 {
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil {
		return nil
	}
	return &f
}

func (s *Step) parseChoices() error {
	i := strings.LastIndex(s.Text, ":")
	if i < 0 {
		return refuse(Invalid, "write the choices after a colon, such as: choice Roller wear: new, worn, replace")
	}
	for _, c := range strings.Split(s.Text[i+1:], ",") {
		c = strings.TrimSpace(c)
		switch {
		case c == "":
			continue
		case utf8.RuneCountInString(c) > MaxChoice:
			return refuse(Invalid, "the choice “%s” is too long; at most %d characters fit.", shorten(c, 30), MaxChoice)
		case slices.Contains(s.Choices, c):
			return refuse(Invalid, "the choice “%s” is there twice.", c)
		}
		s.Choices = append(s.Choices, c)
	}
	if n := len(s.Choices); n < 2 || n > MaxChoices {
		return refuse(Invalid, "there are %d choices; write 2 to %d, with commas between them.", n, MaxChoices)
	}
	s.Text = strings.TrimSpace(s.Text[:i])
	return nil
}

// FormatSteps writes a checklist as it could be typed.
func FormatSteps(steps []Step) string {
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = s.String()
	}
	return strings.Join(lines, "\n")
}

// String writes a step as its line.
func (s Step) String() string {
	line := s.Kind + " " + s.Text
	if s.Unit != "" || s.Min != nil || s.Max != nil {
		line += " " + s.Range()
	}
	if len(s.Choices) > 0 {
		line += ": " + strings.Join(s.Choices, ", ")
	}
	if s.Optional {
		line += " " + optionalMark
	}
	return line
}

// Range is what a number should be, such as 150..200 °C.
func (s Step) Range() string {
	side := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', -1, 64)
	}
	return strings.TrimSpace(side(s.Min) + ".." + side(s.Max) + " " + s.Unit)
}

// Wanted is the same in words: 150 to 200 °C, at most 7 °dH.
func (s Step) Wanted() string {
	number := func(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }
	words := ""
	switch {
	case s.Min != nil && s.Max != nil:
		words = number(s.Min) + " to " + number(s.Max)
	case s.Min != nil:
		words = "at least " + number(s.Min)
	case s.Max != nil:
		words = "at most " + number(s.Max)
	}
	return strings.TrimSpace(words + " " + s.Unit)
}
