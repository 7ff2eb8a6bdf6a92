package reports

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// The measures of a paper in points. The recipient stands where the window of an envelope is (DIN 5008, form A: 20 mm
// from the left, the address from 45 to 72 mm from the top), and everything else keeps to that line.
const (
	paperLeft       = 68
	paperRight      = 52
	windowTop       = 120 // of the line with our own address
	recipientTop    = 137 // baseline of the first line of theirs
	recipientPitch  = 13
	mostRecipient   = 8
	mostSender      = 7
	postalLines     = 2 // of the sender: street and town
	senderWidth     = 170
	paperGap        = 18 // between blocks
	bodyLeading     = 13.2
	factLeading     = 12
	footPitch       = 9
	mostFootLines   = 4
	headingHeight   = 17
	leastParagraph  = headingHeight + 2*bodyLeading
	factsInRow      = 4
	mostFactLines   = 3
	pageNumberWidth = 60
)

var (
	bodyStyle      = textStyle{size: 9.5, ink: ink}
	headingStyle   = textStyle{size: 10, bold: true, ink: accent}
	recipientStyle = textStyle{size: 10, ink: ink}
	returnStyle    = textStyle{size: 6.5, ink: muted}
	senderStyle    = textStyle{size: 8, ink: muted}
)

// sheet is a Paper being drawn.
type sheet struct {
	*flow
	ctx   context.Context
	paper Paper
	small []line // the foot's small print
}

// WritePaper writes the document as A4 pages. What people typed never makes it fail: letters that no font has are
// marked, and files that are no pictures are named. Pages go to w as they are finished: after an error, what w has got
// is not a document.
func WritePaper(ctx context.Context, w io.Writer, p Paper) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("build paper: %v", cause) // as in WritePDF
		}
	}()
	c, err := newCanvas(w, false)
	if err != nil {
		return fmt.Errorf("build paper: %w", err)
	}
	c.describe(p.Title, p.Company, p.MadeAt)
	s := &sheet{flow: newFlow(c, joinDots(p.Company, p.Title)), ctx: ctx, paper: p}
	s.left, s.right = paperLeft, c.doc.width-paperRight
	s.makeRoomForFoot()
	s.letterHead()
	s.facts()
	for i := range p.Blocks {
		if err := cmp.Or(ctx.Err(), c.failed()); err != nil {
			return fmt.Errorf("draw paper: %w", err)
		}
		s.block(i)
	}
	s.paperFeet()
	if err := cmp.Or(ctx.Err(), c.finish()); err != nil {
		return fmt.Errorf("write paper: %w", err)
	}
	return nil
}

func (s *sheet) block(i int) {
	switch b := s.paper.Blocks[i].(type) {
	case Paragraph:
		s.paragraph(b, s.leastOf(i+1))
	case Lines:
		s.lines(b)
	case Checklist:
		s.checklist(b)
	case Pictures:
		s.pictures(b)
	}
}

// leastOf is the room that a block needs below a heading for the two to be seen together.
func (s *sheet) leastOf(i int) float64 {
	if i >= len(s.paper.Blocks) {
		return 0
	}
	switch s.paper.Blocks[i].(type) {
	case Pictures:
		return mostPictureHeight + captionSpace
	case Lines:
		return headHeight + 3*leading
	}
	return 3 * leading
}

// letterHead draws who we are, whom we write to, and what this is.
func (s *sheet) letterHead() {
	y := float64(headBaseline)
	if s.paper.Company != "" {
		s.text(s.left, y, s.width()-senderWidth-20, strings.ToUpper(s.paper.Company), companyStyle)
	}
	for _, text := range filled(s.paper.Sender, mostSender) {
		s.textRight(s.right, y, senderWidth, text, senderStyle)
		y += 11
	}
	if recipient := filled(s.paper.Recipient, mostRecipient); len(recipient) > 0 {
		y = s.recipient(recipient)
	}
	y = max(y, headBaseline+6) + 28
	if s.paper.Title != "" {
		y = s.wrapped(s.left, y, s.width(), s.paper.Title, titleStyle, 26, 3)
	}
	if s.paper.Subtitle != "" {
		y = s.wrapped(s.left, y-8, s.width(), s.paper.Subtitle, smallStyle, 12, 3) + 8
	}
	y -= 14
	s.line(s.left, y, s.right, y, hairline, 0.8)
	s.y = y + paperGap
}

// recipient draws the window with our address small above theirs, and returns where it ends.
func (s *sheet) recipient(lines []string) float64 {
	from := append([]string{s.paper.Company}, filled(s.paper.Sender, postalLines)...)
	width := s.width() - senderWidth - 20
	s.text(s.left, windowTop, width, joinDots(from...), returnStyle)
	y := float64(recipientTop)
	for _, text := range lines {
		s.text(s.left, y, width, text, recipientStyle)
		y += recipientPitch
	}
	return max(y, recipientTop+5*recipientPitch)
}

// filled returns the lines that say something, but no more than most.
func filled(lines []string, most int) []string {
	var out []string
	for _, text := range lines {
		if !isBlank(oneLine(text)) && len(out) < most {
			out = append(out, text)
		}
	}
	return out
}

// facts shows labels over values, four beside each other.
func (s *sheet) facts() {
	const gap, labelSpace = 12, 12.0
	facts := s.paper.Facts
	width := (s.width() - gap*(factsInRow-1)) / factsInRow
	for len(facts) > 0 {
		row := facts[:min(len(facts), factsInRow)]
		facts = facts[len(row):]
		cells := make([]wrappedText, len(row))
		most := 1
		for i, fact := range row {
			cells[i] = s.wrapText(width, fact.Value, bodyStyle, mostFactLines)
			most = max(most, len(cells[i].lines))
		}
		height := labelSpace + float64(most)*factLeading
		s.ensure(height + 6)
		for i, fact := range row {
			x := s.left + float64(i)*(width+gap)
			s.text(x, s.y, width, strings.ToUpper(fact.Label), labelStyle)
			s.drawWrapped(x, s.y+labelSpace+1, width, cells[i], factLeading)
		}
		s.y += height + 6
	}
	if len(s.paper.Facts) > 0 {
		s.y += paperGap - 6
	}
}

// makeRoomForFoot breaks the small print and moves the bottom up by it.
func (s *sheet) makeRoomForFoot() {
	text := s.regular.clean(s.paper.Foot)
	if !isBlank(text) {
		s.small = s.regular.wrap(nil, text, footStyle.limit(s.width()), mostFootLines)
	}
	s.bottom -= 8 + footPitch*float64(len(s.small))
}

// paperFeet writes the foot of every page, now that their number is known.
func (s *sheet) paperFeet() {
	s.endPage()
	pages := s.pages()
	last := s.doc.height - footBaseline
	from := joinDots(s.paper.Company, s.madeWhen())
	for page := 1; page <= pages; page++ {
		s.foot(page, func() {
			y := last - footPitch*float64(len(s.small)) - 3
			s.line(s.left, y-10, s.right, y-10, hairline, 0.5)
			small := wrappedText{lines: s.small, style: footStyle, fromRight: readsFromRight(s.regular.clean(s.paper.Foot))}
			s.drawWrapped(s.left, y, s.width(), small, footPitch)
			s.text(s.left, last, s.width()-pageNumberWidth, from, footStyle)
			s.textRight(s.right, last, 0, itoa(page)+" / "+itoa(pages), footStyle)
		})
	}
}

func (s *sheet) madeWhen() string {
	if s.paper.MadeAt.IsZero() {
		return ""
	}
	zone := s.paper.Timezone
	if zone == nil {
		zone = time.UTC
	}
	return s.paper.MadeAt.In(zone).Format(footTime)
}
