package reports

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	_ "image/gif" // the first frame of one
	"image/jpeg"
	_ "image/png" // screenshots
	"strings"
)

const (
	// mostPixels is how long a side of a picture may be. Half a page wide is 80 mm: 1600 pixels are finer than print.
	mostPixels = 1600
	// mostDecoded keeps a small file that claims to be an enormous picture from taking all memory. Telephones take up to 50
	// million pixels in one file.
	mostDecoded = 64_000_000
	// mostLossless is how large a picture may be that is kept exactly, such as a screenshot.
	mostLossless = 400_000
	jpegQuality  = 82
)

// Why a picture is named and not shown.
var (
	errNoPicture   = errors.New("not a picture")
	errOtherKind   = errors.New("this kind of picture cannot be shown")
	errUnreadable  = errors.New("the picture cannot be read")
	errTooLarge    = errors.New("the picture is too large to show")
	pictureOpening = []struct {
		at     int
		text   string
		reason error
	}{
		{0, "\xFF\xD8\xFF", nil},
		{0, "\x89PNG", nil},
		{0, "GIF8", nil},
		{8, "WEBP", errOtherKind},
		{4, "ftyphei", errOtherKind},
		{4, "ftypmif", errOtherKind},
		{4, "ftypavif", errOtherKind},
		{0, "BM", errOtherKind},
		{0, "II*\x00", errOtherKind},
		{0, "MM\x00*", errOtherKind},
	}
)

// pixels is a picture as a document holds it.
type pixels struct {
	width, height int // as stored
	orientation   int // which way up, as in Exif
	gray          bool
	jpeg          []byte // either this
	rgb           []byte // or three bytes a pixel
}

// sideways tells whether width and height change places when the picture is turned upright.
func (p *pixels) sideways() bool { return p.orientation >= 5 }

// shape returns width and height as seen.
func (p *pixels) shape() (width, height float64) {
	if p.sideways() {
		return float64(p.height), float64(p.width)
	}
	return float64(p.width), float64(p.height)
}

// readPicture makes a picture ready for a document, small enough to be sent. It never panics.
func readPicture(content []byte) (p *pixels, err error) {
	defer func() {
		if recover() != nil { // decoders are fuzzed, but these bytes come from anywhere
			p, err = nil, errUnreadable
		}
	}()
	if err := recognise(content); err != nil {
		return nil, err
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case err != nil || config.Width <= 0 || config.Height <= 0:
		return nil, errUnreadable
	case int64(config.Width)*int64(config.Height) > mostDecoded:
		return nil, errTooLarge
	}
	decoded, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, errUnreadable
	}
	p = &pixels{orientation: 1}
	if kind == "jpeg" {
		bare, orientation, ok := bareJPEG(content)
		p.orientation = orientation
		if ok && passesThrough(decoded) {
			p.keep(decoded, bare)
			return p, nil
		}
	}
	p.encode(shrink(decoded), kind != "jpeg" && fits(decoded))
	return p, nil
}

// recognise tells pictures from other files by how they begin.
func recognise(content []byte) error {
	for _, kind := range pictureOpening {
		if len(content) > kind.at && strings.HasPrefix(string(content[kind.at:min(len(content), kind.at+16)]), kind.text) {
			return kind.reason
		}
	}
	return errNoPicture
}

func fits(m image.Image) bool { return max(m.Bounds().Dx(), m.Bounds().Dy()) <= mostPixels }

// passesThrough tells whether readers of a document show this file as it is. Four colours and unusual ones are
// converted, because readers disagree about them.
func passesThrough(m image.Image) bool {
	switch m.(type) {
	case *image.YCbCr, *image.Gray:
		return fits(m)
	}
	return false
}

func (p *pixels) keep(m image.Image, file []byte) {
	p.width, p.height, p.jpeg = m.Bounds().Dx(), m.Bounds().Dy(), file
	_, p.gray = m.(*image.Gray)
}

// encode packs what was decoded: exactly if asked for, else as JPEG.
func (p *pixels) encode(m image.Image, lossless bool) {
	if rgba, ok := m.(*image.RGBA); ok && lossless {
		p.width, p.height, p.rgb = rgba.Rect.Dx(), rgba.Rect.Dy(), rgbOf(rgba)
		return
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, m, &jpeg.Options{Quality: jpegQuality}) // fails on pictures above 65535 pixels only
	p.keep(m, out.Bytes())
}

func rgbOf(m *image.RGBA) []byte {
	out := make([]byte, 0, 3*m.Rect.Dx()*m.Rect.Dy())
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:4*m.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			out = append(out, row[0], row[1], row[2])
		}
	}
	return out
}

// asJPEG is the same picture, smaller.
func (p *pixels) asJPEG() {
	m := image.NewRGBA(image.Rect(0, 0, p.width, p.height))
	for i := range p.width * p.height {
		copy(m.Pix[4*i:], p.rgb[3*i:3*i+3])
		m.Pix[4*i+3] = 0xFF
	}
	p.rgb = nil
	p.encode(m, false)
}

// onPaper draws any picture, whatever its colours, on white.
func onPaper(m image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Over)
	return out
}
