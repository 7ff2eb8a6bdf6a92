package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSteps(t *testing.T) {
	t.Parallel()
	num := func(f float64) *float64 { return &f }
	text := `
- check Filter cleaned
2. pass: Test print
number Fuser temperature 150..200 °C
number Pressure ..2,5 bar ?
Number Pages printed
number Counter .. pages
text Anything else?
text Remarks (optional)
choice Roller wear: new, worn, replace
choice Tray: which: one , two,
photo   Type   plate ?`
	want := []Step{
		{Kind: StepCheck, Text: "Filter cleaned"},
		{Kind: StepPass, Text: "Test print"},
		{Kind: StepNumber, Text: "Fuser temperature", Min: num(150), Max: num(200), Unit: "°C"},
		{Kind: StepNumber, Text: "Pressure", Max: num(2.5), Unit: "bar", Optional: true},
		{Kind: StepNumber, Text: "Pages printed"},
		{Kind: StepNumber, Text: "Counter", Unit: "pages"},
		{Kind: StepText, Text: "Anything else?"},
		{Kind: StepText, Text: "Remarks", Optional: true},
		{Kind: StepChoice, Text: "Roller wear", Choices: []string{"new", "worn", "replace"}},
		{Kind: StepChoice, Text: "Tray: which", Choices: []string{"one", "two"}},
		{Kind: StepPhoto, Text: "Type plate", Optional: true},
	}
	got, err := ParseSteps(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, err := ParseSteps(FormatSteps(got))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("written and read again:\n%s\n%s", FormatSteps(got), diff)
	}
}

func TestParseStepsNamesTheLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"", "The checklist is empty"},
		{" \n \n", "The checklist is empty"},
		{"check a\nchekc b", "Line 2: “chekc” is no kind of step. Did you mean “check”? Begin with check, pass, number, text, choice or photo."},
		{"Clean the filter", "Line 1: “Clean” is no kind of step."},
		{"check", "Line 1: say what to do after “check”."},
		{"check ?", "Line 1: say what to do"},
		{"number Temperature 200..150", "200 is more than 150. Swap them."},
		{"number Temperature low..high", "write the range with two numbers"},
		{"number ..", "write the range"},
		{"number Temperature 1..2 degrees of the scale of Celsius", "is too long; at most 20"},
		{"choice Wear", "write the choices after a colon"},
		{"choice Wear: new", "there are 1 choices; write 2 to 10"},
		{"choice Wear: new, new", "the choice “new” is there twice"},
		{"choice : new, old", "say what to do after “choice”"},
		{"choice Wear: new, " + strings.Repeat("x", 41), "is too long; at most 40 characters fit"},
		{"check " + strings.Repeat("ü", 201), "the step has 201 characters; at most 200 fit"},
		{strings.Repeat("check a\n", 101), "The checklist has 101 steps; at most 100 fit."},
		{strings.Repeat("x\n", 6), "Line 4: “x” is no kind of step. Begin with check, pass, number, text, choice or photo.\nand 2 more"},
		{strings.Repeat("x", 3001), "The checklist has 3001 characters"},
	}
	for _, tt := range tests {
		if _, err := ParseSteps(tt.text); err == nil || CodeOf(err) != Invalid || !strings.Contains(textOf(err), tt.want) {
			t.Errorf("%.60q: %v, want %q", tt.text, err, tt.want)
		}
	}
}

// FuzzSteps checks that a checklist that was read is written and read again as it was.
func FuzzSteps(f *testing.F) {
	f.Add("check a\nnumber b 1..2 °C ?\nchoice c: d, e (optional)")
	f.Add("number x -1.5.. y\nnumber z ..\n- text ..5 ?")
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := ParseSteps(text)
		if err != nil {
			return
		}
		written := FormatSteps(steps)
		again, err := ParseSteps(written)
		if err != nil && len([]rune(written)) > MaxChecklist {
			return
		}
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, written, err)
		}
		if diff := cmp.Diff(steps, again); diff != "" {
			t.Fatalf("%q was written as %q: %s", text, written, diff)
		}
	})
}
