package reports

import "testing"

func TestVisual(t *testing.T) {
	t.Parallel()
	check := func(name, text, want string) {
		t.Helper()
		if got := visual(text, readsFromRight(text)); got != want {
			t.Errorf("%s: visual(%q) = %q, want %q", name, text, got, want)
		}
	}
	check("left to right stays", "call 5 (today)", "call 5 (today)")
	check("one word turns around", "שלום", "םולש")
	check("words and brackets", "שלום (עולם)", "(םלוע) םולש")
	check("a number keeps its order", "שלום 123 עולם", "םלוע 123 םולש")
	check("a word inside left-to-right text", "abc שלום def", "abc םולש def")
	check("a number inside quoted words", "see שלום 123 עולם now", "see םלוע 123 םולש now")
	check("a number at the end of quoted words", "call 5 (שלום 7) now", "call 5 (7 םולש) now")
	check("a time after right-to-left text", "שלום 12:30", "12:30 םולש")
	check("latin inside right-to-left text", "שלום abc עולם", "םלוע abc םולש")
	check("marks stay on their letter", "בָּא", "אבָּ")
	if got := visual("2)", true); got != "(2" {
		t.Errorf("a line of right-to-left text without letters = %q, want %q", got, "(2")
	}
}

func TestJoinArabic(t *testing.T) {
	t.Parallel()
	regular, _, err := newStacks()
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, text, want string) {
		t.Helper()
		if got := regular.clean(text); got != want {
			t.Errorf("%s: %+q, want %+q", name, got, want)
		}
	}
	check("initial, medial, final", "بيت", "\uFE91\uFEF4\uFE96")
	check("alef does not join to the left", "باب", "\uFE91\uFE8E\uFE8F")
	check("lam and alef are one", "سلام", "\uFEB3\uFEFC\uFEE1")
	check("alone", "ب", "\uFE8F")
	check("two words do not join", "ب ب", "\uFE8F \uFE8F")
	check("a mark does not part letters", "ب\u064Eب", "\uFE91\u064E\uFE90")
	check("persian", "گچ", "\uFB94\uFB7B")
}
