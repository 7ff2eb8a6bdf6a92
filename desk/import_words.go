package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Sentence says in one or two sentences what came of a file, or would.
func (i Imported) Sentence(kind string) string {
	verb := "Checked"
	if i.Written {
		verb = "Imported"
	}
	name := i.File
	if name == "" {
		name = kind
	}
	text := fmt.Sprintf("%s %s: %s.", verb, name, i.Counts())
	if len(i.Problems) > 0 {
		text += " " + i.Problems[0].String()
		if rest := len(i.Problems) + i.More - 1; rest > 0 {
			text += fmt.Sprintf(" (and %d more)", rest)
		}
	}
	return text
}

// Counts says how many records are new, changed, unchanged and bad, and what is changed.
func (i Imported) Counts() string {
	changed := fmt.Sprintf("%d changed", i.Updated)
	if len(i.Fields) > 0 {
		var fields []string
		for _, title := range slices.Sorted(maps.Keys(i.Fields)) {
			fields = append(fields, fmt.Sprintf("%s %d", title, i.Fields[title]))
		}
		changed += " (" + strings.Join(fields, ", ") + ")"
	}
	return fmt.Sprintf("%d new, %s, %d unchanged, %d with problems", i.Added, changed, i.Unchanged, i.Bad)
}

// Hints say which columns of the file are not read, a sentence each.
func (i Imported) Hints() []string {
	var hints []string
	if len(i.Ignored) > 0 {
		hints = append(hints, fmt.Sprintf("Not imported, because I do not know what %s: %s.", meansWhat(len(i.Ignored)), quotedNames(i.Ignored)))
	}
	if len(i.Twice) > 0 {
		hints = append(hints, fmt.Sprintf("Read only where an earlier column of the same meaning is empty: %s.", quotedNames(i.Twice)))
	}
	return hints
}

func meansWhat(n int) string {
	if n == 1 {
		return "this column means"
	}
	return "these columns mean"
}

func quotedNames(words []string) string {
	shown := make([]string, 0, len(words))
	for _, w := range words[:min(len(words), 20)] {
		shown = append(shown, "“"+w+"”")
	}
	if more := len(words) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("%d more", more))
	}
	return joined(shown, "and")
}
