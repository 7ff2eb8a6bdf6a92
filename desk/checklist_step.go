package desk

import (
	"regexp"
	"strconv"
	"strings"
)

// What was found at a step.
const (
	FoundDone = "done" // it was done, or answered
	FoundPass = "pass"
	FoundFlag = "flag" // something is to be watched, or a number is outside its range
	FoundFail = "fail" // something is to be repaired: a call is opened
	FoundLeft = "left" // it was not done
)

// Found is an answer to a step as somebody gives it.
type Found struct {
	Value  string // what was typed or chosen; for a step to pass, one of pass, flag and fail
	Note   string
	Photos []Upload
}

// Given reports whether there is an answer to a step that is not kept already.
func (f Found) Given(s ChecklistStep) bool {
	if s.Answered && f.Note == s.Answer.Note && len(f.Photos) == 0 && (f.Value == "" || f.Value == s.Answer.Value || f.Value == s.Answer.Result) {
		return false
	}
	return f.Value != "" || f.Note != "" || len(f.Photos) > 0
}

// judge decides what an answer to a step means: the result, and the value as it is kept. had says that the step has photos already.
// What can't be kept is refused on the field answer, note or photos.
func (s Step) judge(f Found, had bool) (result, value string, err error) {
	if f.Value == "" && len(f.Photos) == 0 && !had && s.Optional {
		return FoundLeft, "", nil
	}
	switch s.Kind {
	case StepCheck:
		if f.Value != FoundDone {
			return "", "", wrong("answer", "Mark it as done, or choose below what to do instead.")
		}
		return FoundDone, "", nil
	case StepPass:
		return judgePass(f)
	case StepNumber:
		return s.judgeNumber(f.Value)
	case StepChoice:
		return s.judgeChoice(f.Value)
	case StepPhoto:
		if len(f.Photos) == 0 && !had {
			return "", "", wrong("photos", "Add a photo, or choose below what to do instead.")
		}
		return FoundDone, "", nil
	}
	if f.Value == "" {
		return "", "", wrong("answer", "Write what you found, or choose below what to do instead.")
	}
	return FoundDone, f.Value, nil
}

func judgePass(f Found) (result, value string, err error) {
	switch {
	case f.Value != FoundPass && f.Value != FoundFlag && f.Value != FoundFail:
		return "", "", wrong("answer", "Choose pass, flag or fail, or choose below what to do instead.")
	case f.Value != FoundPass && f.Note == "":
		return "", "", wrong("note", "Say in a few words what you found, so that others know.")
	}
	return f.Value, "", nil
}

// judgeChoice reads a choice, or its number as a text message names it.
func (s Step) judgeChoice(typed string) (result, value string, err error) {
	for _, choice := range s.Choices {
		if Fold(choice) == Fold(typed) {
			return FoundDone, choice, nil
		}
	}
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(s.Choices) {
		return FoundDone, s.Choices[n-1], nil
	}
	if typed == "" {
		return "", "", wrong("answer", "Choose %s, or choose below what to do instead.", orList(s.Choices))
	}
	return "", "", wrong("answer", "“%s” is none of the choices. Choose %s.", shorten(typed, 30), orList(s.Choices))
}

var (
	measured = regexp.MustCompile(`^[+-]?\d{1,15}(?:[.,]\d{1,6})?$`)
	// twoWays is a number that means something else on the other side of a border.
	twoWays = regexp.MustCompile(`^[+-]?\d{1,3}(?:[.,]\d{3})+$`)
)

// judgeNumber reads a number, with or without its unit. One outside the range is kept, and flagged.
func (s Step) judgeNumber(typed string) (result, value string, err error) {
	text := strings.Join(strings.Fields(typed), "")
	if unit := strings.Join(strings.Fields(s.Unit), ""); unit != "" && len(text) > len(unit) && strings.EqualFold(text[len(text)-len(unit):], unit) {
		text = text[:len(text)-len(unit)]
	}
	switch {
	case text == "":
		return "", "", wrong("answer", "Type the number, or choose below what to do instead.")
	case twoWays.MatchString(text) && !s.inRangeText(text):
		return "", "", wrong("answer", "“%s” can be read in two ways. Write thousands without a mark, such as 12345, and decimals such as 12.5.", shorten(typed, 30))
	case !measured.MatchString(text):
		return "", "", wrong("answer", "“%s” is not a number. Write it like 182 or 12.5.", shorten(typed, 30))
	}
	n := *decimal(text)
	value = strconv.FormatFloat(n, 'f', -1, 64)
	if s.inRange(n) {
		return FoundPass, value, nil
	}
	return FoundFlag, value, nil
}

func (s Step) inRange(n float64) bool {
	return (s.Min == nil || n >= *s.Min) && (s.Max == nil || n <= *s.Max)
}

// inRangeText reports whether a number with three decimals is what it says: both ends of the range are known, it lies between them,
// and as thousands it would not.
func (s Step) inRangeText(text string) bool {
	if s.Min == nil || s.Max == nil || !measured.MatchString(text) {
		return false
	}
	whole := decimal(strings.NewReplacer(".", "", ",", "").Replace(text))
	return s.inRange(*decimal(text)) && !s.inRange(*whole)
}

// Shown is an answer's value with its unit.
func (s Step) Shown(value string) string {
	if value != "" && s.Unit != "" {
		return value + " " + s.Unit
	}
	return value
}
