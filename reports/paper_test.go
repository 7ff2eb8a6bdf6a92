package reports

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGoldenPapers(t *testing.T) {
	t.Parallel()
	golden(t, "quote.pdf", paperBytes(t, quotePaper(3)))
	golden(t, "quote-long.pdf", paperBytes(t, quotePaper(60)))
	golden(t, "sheet.pdf", paperBytes(t, sheetPaper(20, Pictures{{"plan.pdf", []byte("%PDF-1.7\n")}})))
	golden(t, "paper-empty.pdf", paperBytes(t, Paper{}))
}

func TestSamePaperSameBytes(t *testing.T) {
	t.Parallel()
	photos := samplePhotos(t)
	first := paperBytes(t, sheetPaper(20, photos))
	if !bytes.Equal(first, paperBytes(t, sheetPaper(20, photos))) {
		t.Fatal("the same sheet came out different")
	}
}

func TestQuoteSaysEverything(t *testing.T) {
	t.Parallel()
	pages := openPDF(t, paperBytes(t, quotePaper(60))).pageTexts(t)
	if len(pages) != 3 {
		t.Fatalf("%d pages, want 3", len(pages))
	}
	for i, page := range pages {
		for _, want := range []string{itoa(i+1) + " / 3\n", "WHAT\n", "Payment within 30 days", "Brightwater Machines  ·  24 November 2026, 09:30 UTC"} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
	for _, want := range []string{"BRIGHTWATER MACHINES", "12 Harbour Street", "Acme Foods Ltd", "Ms Ada Quill", "Quote 42", "VALID UNTIL\n24 December 2026", "Zestaw rolek dociskowych"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	whole := strings.Join(pages, "")
	for i := range 60 {
		if !strings.Contains(whole, "\n"+itoa(i+1)+"\n") {
			t.Errorf("line %d is missing", i+1)
		}
	}
}

// TestTotalsAreNeverAlone tries every number of lines, so that some end at the foot of a page.
func TestTotalsAreNeverAlone(t *testing.T) {
	t.Parallel()
	for lines := 1; lines < 70; lines++ {
		pages := openPDF(t, paperBytes(t, quotePaper(lines))).pageTexts(t)
		for i, page := range pages {
			if !strings.Contains(page, "€ 5,659.20") {
				continue
			}
			if !strings.Contains(page, "\n"+itoa(lines)+"\n") || !strings.Contains(page, "€ 943.20") || !strings.Contains(page, "€ 4,716.00") {
				t.Errorf("%d lines: the totals stand alone on page %d", lines, i+1)
			}
		}
	}
}

func TestRowTallerThanAPageIsNotCut(t *testing.T) {
	t.Parallel()
	words := ""
	for i := range 900 {
		words += "word" + itoa(i) + " "
	}
	p := Paper{Title: "Quote 1", Blocks: []Block{
		Lines{Columns: offerColumns, Rows: [][]string{{"1", words, "2", "3", "4"}, {"2"}, nil}},
		Paragraph{Title: "Note", Text: strings.Repeat(words, 2)},
		Checklist{{Step: words, Result: "fail", Value: "9", Note: words}},
	}}
	text := strings.ReplaceAll(strings.Join(openPDF(t, paperBytes(t, p)).pageTexts(t), ""), "\n", " ")
	for i := range 900 {
		if got := strings.Count(text, "word"+itoa(i)+" "); got != 5 {
			t.Fatalf("word %d is there %d times, want 5", i, got)
		}
	}
}

func TestChecklistSaysWhatWasFound(t *testing.T) {
	t.Parallel()
	text := strings.Join(openPDF(t, paperBytes(t, sheetPaper(8, nil))).pageTexts(t), "")
	for _, want := range []string{"Done\n1. Check the belt", "Flagged\n4. Look for leaks\nThe left seal is worn", "Failed\n6. Check the belt", "Not done\n8.", "231 V"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %q", want)
		}
	}
}

func TestPicturesAreShownOrNamed(t *testing.T) {
	t.Parallel()
	data := paperBytes(t, sheetPaper(3, samplePhotos(t)))
	file := openPDF(t, data)
	text := strings.Join(file.pageTexts(t), "")
	for _, want := range []string{"Held sideways\n", "After\n", "plan.pdf (not a picture)\n", "torn.jpg (the picture cannot be read)\n", "IMG_0042.HEIC (this kind of picture cannot be shown)\n", "1 / "} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %q", want)
		}
	}
	if bytes.Contains(data, []byte("GPS")) {
		t.Error("the sheet tells where a photo was taken")
	}
	shown := 0
	for number, object := range file.objects {
		if !bytes.Contains(object, []byte("/Subtype/Image")) {
			continue
		}
		shown++
		if bytes.Contains(object, []byte("/DCTDecode")) {
			checkJPEG(t, file.stream(t, number), string(object[:bytes.IndexByte(object, '\n')]))
		}
	}
	if shown != 6 {
		t.Errorf("%d pictures in the file, want 6", shown)
	}
}

// checkJPEG opens an embedded photo as a reader does.
func checkJPEG(t *testing.T, file []byte, dictionary string) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Errorf("%s: %v", dictionary, err)
		return
	}
	size := m.Bounds().Size()
	if !strings.Contains(dictionary, "/Width "+itoa(size.X)+"/Height "+itoa(size.Y)+"/") || max(size.X, size.Y) > mostPixels {
		t.Errorf("a photo of %v is said to be %s", size, dictionary)
	}
}

func TestPhonePhotosStaySmall(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, samplePhoto(4000, 3000))
	var photos Pictures
	for range 3 {
		photos = append(photos, Picture{"Photo", photo})
	}
	if size := len(paperBytes(t, sheetPaper(1, photos))); size > 3*400_000 {
		t.Errorf("three photos make %d bytes", size)
	}
}

func TestSmallJPEGKeepsItsPixels(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, samplePhoto(640, 480))
	for _, sent := range [][]byte{file, withExif(file, 1), append(bytes.Clone(file), "a film of two seconds"...)} {
		p, err := readPicture(sent)
		if err != nil || !bytes.Equal(p.jpeg, file) {
			t.Errorf("not passed through: %v", err)
		}
	}
}

func TestShrinkKeepsColoursAndShape(t *testing.T) {
	t.Parallel()
	for _, large := range []image.Image{samplePhoto(4001, 1999), screenshot(3300, 70), onPaper(samplePhoto(1700, 900)), image.NewGray(image.Rect(0, 0, 1, 1601))} {
		small := shrink(large)
		from, to := large.Bounds(), small.Bounds()
		by := (max(from.Dx(), from.Dy()) + mostPixels - 1) / mostPixels
		if to.Dx() != smaller(from.Dx(), by) || to.Dy() != smaller(from.Dy(), by) {
			t.Errorf("%v became %v", from, to)
		}
		wr, wg, wb, _ := onPaper(large).At(from.Dx()/2, from.Dy()/2).RGBA()
		r, g, b, _ := small.At(to.Dx()/2, to.Dy()/2).RGBA()
		for _, pair := range [][2]uint32{{wr, r}, {wg, g}, {wb, b}} {
			if diff := int(pair[0]>>8) - int(pair[1]>>8); diff > 12 || diff < -12 {
				t.Errorf("%v: a colour went from %v to %v", from, pair[0]>>8, pair[1]>>8)
			}
		}
	}
}

func TestExifOrientations(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, samplePhoto(64, 48))
	for orientation := byte(0); orientation < 10; orientation++ {
		want := int(orientation)
		if want < 1 || want > 8 {
			want = 1
		}
		p, err := readPicture(withExif(file, orientation))
		if err != nil || p.orientation != want {
			t.Fatalf("orientation %d: %v", orientation, err)
		}
		width, height := p.shape()
		if got, want := width > height, want < 5; got != want {
			t.Errorf("orientation %d: %v wide and %v high", orientation, width, height)
		}
	}
}

func TestPaperStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := WritePaper(ctx, &counter{}, quotePaper(3)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if err := WritePaper(context.Background(), fullDisk{}, quotePaper(3)); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
}

func TestFoot(t *testing.T) {
	t.Parallel()
	lines := strings.Split(openPDF(t, paperBytes(t, Paper{})).pageTexts(t)[0], "\n")
	if diff := cmp.Diff([]string{"1 / 1", ""}, lines); diff != "" {
		t.Errorf("an empty paper says:\n%s", diff)
	}
}

// FuzzWritePaper puts any text into every place that takes text.
func FuzzWritePaper(f *testing.F) {
	for i, text := range languages {
		f.Add(text, i)
	}
	f.Add("", 0)
	f.Add(strings.Repeat("ww", 900), 40)
	f.Fuzz(func(t *testing.T, text string, count int) {
		count = max(0, count%80)
		many := make([]string, count)
		for i := range many {
			many[i] = text
		}
		fact := PaperFact{text, text}
		p := Paper{
			Company: text, Sender: many, Recipient: many, Title: text, Subtitle: text, Facts: []PaperFact{fact, fact, fact, fact, fact}, Foot: text,
			Blocks: []Block{
				Paragraph{text, text},
				Paragraph{Title: text},
				nil,
				Lines{Columns: []Column{{Title: text, Width: 1}, {Title: text, Width: 3, Align: AlignRight}}, Rows: [][]string{many, {text, text}, nil}, Totals: []PaperFact{fact, fact}},
				Checklist{{text, text, text, text}, {text, "flag", text, text}, {Result: "fail"}},
				Pictures{{text, []byte(text)}},
			},
		}
		openPDF(t, paperBytes(t, p)).pageTexts(t)
	})
}

// FuzzPicture sends damaged files.
func FuzzPicture(f *testing.F) {
	photo := asJPEG(f, samplePhoto(40, 30))
	f.Add(photo)
	f.Add(withExif(photo, 8))
	f.Add(asPNG(f, screenshot(20, 9)))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add([]byte("\xFF\xD8\xFF"))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := openPDF(t, paperBytes(t, Paper{Blocks: []Block{Pictures{{"a.jpg", content}}}}))
		if text := file.pageTexts(t)[0]; !strings.Contains(text, "a.jpg") {
			t.Errorf("the picture is neither shown nor named: %q", text)
		}
	})
}
