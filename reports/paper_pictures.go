package reports

import (
	"errors"
)

// The measures of photos.
const (
	picturesInRow     = 2
	pictureGap        = 14
	mostPictureHeight = 190.0
	captionSpace      = 30.0
	captionPitch      = 10
	mostCaptionLines  = 2
	pointsPerPixel    = 0.75 // small pictures are not blown up beyond the size they have on a screen
)

var captionStyle = textStyle{size: 8, ink: muted}

// shownPicture is a picture that is in the file and not yet on a page.
type shownPicture struct {
	number, orientation int
	width, height       float64
	caption             string
}

// pictures shows photos two beside each other, and names below them what is none. One picture is in memory at a time.
func (s *sheet) pictures(all Pictures) {
	if len(all) == 0 {
		return
	}
	var row []shownPicture
	var named []string
	for _, picture := range all {
		if errors.Join(s.ctx.Err(), s.failed()) != nil {
			return // whoever called looks at the reason
		}
		read, err := readPicture(picture.Content)
		if err != nil {
			named = append(named, nameOf(picture)+" ("+err.Error()+")")
			continue
		}
		width, height := read.shape()
		number := s.doc.image(read)
		row = append(row, shownPicture{number, read.orientation, width, height, picture.Caption})
		if len(row) == picturesInRow {
			s.pictureRow(row)
			row = row[:0]
		}
	}
	if len(row) > 0 {
		s.pictureRow(row)
	}
	for _, name := range named {
		s.flowText(s.wrapText(s.width(), name, captionStyle, 0))
	}
	s.y += paperGap - 6
}

func nameOf(p Picture) string {
	if p.Caption == "" {
		return "A file without a name"
	}
	return p.Caption
}

func (s *sheet) pictureRow(row []shownPicture) {
	width := (s.width() - pictureGap*(picturesInRow-1)) / picturesInRow
	tallest := 0.0
	for i := range row {
		p := &row[i]
		scale := min(width/p.width, mostPictureHeight/p.height, pointsPerPixel)
		p.width, p.height = max(p.width*scale, 1), max(p.height*scale, 1)
		tallest = max(tallest, p.height)
	}
	s.ensure(tallest + captionSpace)
	for i, p := range row {
		x := s.left + float64(i)*(width+pictureGap)
		s.drawImage(p.number, p.orientation, box{x, s.y, p.width, p.height})
		s.wrapped(x, s.y+p.height+11, width, p.caption, captionStyle, captionPitch, mostCaptionLines)
	}
	s.y += tallest + captionSpace + 4
}
