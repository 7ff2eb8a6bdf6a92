package slack

// Button finds an interactive element of the message by the text on it (a button's label, a select's
// placeholder, an overflow option); ok is false when there is none.
func (m Message) Button(label string) (Element, bool) { return Element{}, false }

// MustButton is Button for tests: it panics, naming the buttons there are.
func (m Message) MustButton(label string) Element { return Element{} }

// Buttons lists the labels of the message's buttons.
func (m Message) Buttons() []string { return nil }

// AllText joins everything a person reads: text, blocks and attachments, a line each.
func (m Message) AllText() string { return "" }

// Button finds an interactive element of the view by the text on it.
func (v View) Button(label string) (Element, bool) { return Element{}, false }

// MustButton is Button for tests: it panics, naming the buttons there are.
func (v View) MustButton(label string) Element { return Element{} }

// Block finds the input block with this label and returns its block id.
func (v View) Block(label string) (string, bool) { return "", false }

// MustBlock is Block for tests: it panics, naming the labels there are.
func (v View) MustBlock(label string) string { return "" }

// Input returns the element of the input block with this label.
func (v View) Input(label string) (Element, bool) { return Element{}, false }

// Options lists the choices of a static select, radio, checkbox or overflow element of the view.
func (v View) Options(el Element) []Option { return nil }

// AllText joins everything a person reads in the view, a line each.
func (v View) AllText() string { return "" }
