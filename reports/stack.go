package reports

// stack is an order of fonts for one weight, with every letter's font and width remembered after the first look.
// It belongs to one document and is not for concurrent use.
type stack struct {
	faces []*face
	pages [256]*[256]letter
}

// letter says which font of the stack has a rune (1 is the first, 0 unknown yet), as which glyph and how wide
// in thousandths of the font size.
type letter struct {
	face  uint8
	plain bool // drawn as it is, wherever it stands: clean has nothing to do
	width uint16
	glyph uint16
}

const (
	// missing stands for letters that no font here has, and for all above U+FFFF, where none has any.
	missing = '□'
	noFace  = 0xFF
	// ellipsis ends a text that was cut.
	ellipsis = '…'
)

// newStacks returns the fonts for text and for bold text.
func newStacks() (regular, bold *stack, err error) {
	all, err := loadFaces()
	if err != nil {
		return nil, nil, err
	}
	plain := append([]*face{all[0]}, all[2:]...)
	heavy := append([]*face{all[1]}, all[2:]...)
	return &stack{faces: plain}, &stack{faces: heavy}, nil
}

// letter looks a rune up. A rune that no font has gets noFace and the width of the missing sign.
func (s *stack) letter(r rune) letter {
	if r > 0xFFFF {
		r = missing
	}
	page := s.pages[r>>8]
	if page == nil {
		page = new([256]letter)
		s.pages[r>>8] = page
	}
	l := &page[r&0xFF]
	if l.face == 0 {
		*l = s.find(r)
	}
	return *l
}

func (s *stack) find(r rune) letter {
	for i, f := range s.faces {
		if glyph := f.glyph(r); glyph != 0 {
			return letter{
				face: uint8(i + 1), plain: isPlain(r), width: uint16(f.advance(glyph)), glyph: uint16(glyph),
			}
		}
	}
	if r == missing {
		return letter{face: 1, width: 600}
	}
	return letter{face: noFace, width: s.letter(missing).width}
}

// width measures cleaned text in thousandths of the font size.
func (s *stack) width(text string) int {
	total := 0
	for _, r := range text {
		total += int(s.letter(r).width)
	}
	return total
}
