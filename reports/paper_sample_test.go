package reports

import (
	"bytes"
	"context"
	"image"
	shades "image/color"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
	"time"
)

var (
	paperSender    = []string{"12 Harbour Street", "Northport NP1 4TT", "+44 1632 960 100", "desk@brightwater.example"}
	paperRecipient = []string{"Acme Foods Ltd", "Ms Ada Quill", "7 Mill Lane", "Northport NP3 9AB", "United Kingdom"}
	offerColumns   = []Column{
		{Title: "No.", Width: 0.8, Align: AlignRight},
		{Title: "What", Width: 6},
		{Title: "Quantity", Width: 1.2, Align: AlignRight},
		{Title: "Price", Width: 1.5, Align: AlignRight},
		{Title: "Amount", Width: 1.6, Align: AlignRight},
	}
)

// quotePaper is a quote with so many lines.
func quotePaper(lines int) Paper {
	names := []string{
		"Toner TK-1150", "Service of the filter press FP-12, with all wearing parts, travel and one night's stay for two people; the old parts are taken back",
		"Roller kit", "Zestaw rolek dociskowych", "Labour",
	}
	var rows [][]string
	for i := range lines {
		rows = append(rows, []string{itoa(i + 1), names[i%len(names)], itoa(i%7 + 1), "89.50", "1,179.00"})
	}
	return Paper{
		Company: "Brightwater Machines", Sender: paperSender, Recipient: paperRecipient,
		Title: "Quote 42", Subtitle: "Yearly service and parts for the copiers on both floors",
		Facts: []PaperFact{{"Date", "24 November 2026"}, {"Valid until", "24 December 2026"}, {"Your contact", "Sam Okafor"}, {"Version", "2"}},
		Blocks: []Block{
			Paragraph{Text: "Thank you for asking us. This is what we offer; prices are in euro."},
			Lines{Columns: offerColumns, Rows: rows, Totals: []PaperFact{{"Sum", "€ 4,716.00"}, {"VAT 20 %", "€ 943.20"}, {"Total", "€ 5,659.20"}}},
			Paragraph{Title: "Please note", Text: "We come within five working days of your order.\nParts that are not in stock may take longer; we tell you at once."},
		},
		Foot:   "Payment within 30 days without deduction. Goods remain ours until they are paid in full. Brightwater Machines, registered in Northport under 012345.",
		MadeAt: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC),
	}
}

// sheetPaper is a service sheet with so many steps and photos.
func sheetPaper(steps int, photos Pictures) Paper {
	results := []string{"done", "pass", "pass", "flag", "done", "fail", "pass", "left"}
	texts := []string{"Check the belt", "Measure the supply voltage", "Clean the filters and the tray below them, and look for water in the pan under the machine while it is open", "Look for leaks", "Test the emergency stop"}
	var list Checklist
	for i := range steps {
		row := ChecklistRow{Step: itoa(i+1) + ". " + texts[i%len(texts)], Result: results[i%len(results)]}
		if i%5 == 1 {
			row.Value = "231 V"
		}
		if row.Result == "fail" || row.Result == "flag" {
			row.Note = "The left seal is worn; call 118 was opened for it."
		}
		list = append(list, row)
	}
	return Paper{
		Company: "Brightwater Machines", Sender: paperSender, Recipient: paperRecipient, Title: "Service sheet 118",
		Subtitle: "Yearly service of Filter press FP-12, serial number 0031",
		Facts: []PaperFact{
			{"Technician", "Maria Kowalska"},
			{"Started", "24 November 2026, 09:05"},
			{"Finished", "24 November 2026, 10:45"},
			{"Meter", "12,480 h"},
			{"Next service", "24 November 2027"},
		},
		Blocks: []Block{
			Paragraph{Title: "What was done"},
			list,
			Paragraph{Title: "Photos"},
			photos,
			Paragraph{Title: "Summary", Text: "The machine runs. The left seal has to be replaced soon."},
		},
		MadeAt: time.Date(2026, 11, 24, 10, 45, 0, 0, time.UTC),
	}
}

// samplePhoto is a scene with a dark foot, so that one sees which way up it is.
func samplePhoto(width, height int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for y := range height {
		for x := range width {
			light := 200 - 150*y/height + int(30*math.Sin(float64(x)/37)*math.Cos(float64(y)/23))
			if y > height*4/5 || x < width/10 {
				light = 20
			}
			m.Y[m.YOffset(x, y)] = uint8(light)
			m.Cb[m.COffset(x, y)] = uint8(100 + 80*x/width)
			m.Cr[m.COffset(x, y)] = uint8(90 + 80*y/height)
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withExif puts a note of which way up, and a place that is nobody's business, behind the start of a JPEG file.
func withExif(file []byte, orientation byte) []byte {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00\x00\x00\x00\x00GPS 54.98 N"
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xFF, 0xE1, 0, byte(len(exif)+2))
	return append(append(out, exif...), file[2:]...)
}

// screenshot has few colours and half of it is see-through.
func screenshot(width, height int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := shades.NRGBA{0x1F, 0x5F, 0x99, 0xFF}
			if (x/40+y/40)%2 == 0 {
				shade.A = 0x40
			}
			m.SetNRGBA(x, y, shade)
		}
	}
	return m
}

func paperBytes(t testing.TB, p Paper) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WritePaper(context.Background(), &out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// samplePhotos are pictures of every kind that people send, and some that are none.
func samplePhotos(t testing.TB) Pictures {
	t.Helper()
	wide, tall := asJPEG(t, samplePhoto(800, 600)), asJPEG(t, samplePhoto(3000, 4000))
	return Pictures{
		{"Before: the belt, seen from the door", wide},
		{"A phone photo", tall},
		{"Held sideways", withExif(wide, 6)},
		{"The display", asPNG(t, screenshot(640, 480))},
		{"plan.pdf", []byte("%PDF-1.7\n")},
		{"Upside down", withExif(wide, 3)},
		{"torn.jpg", wide[:len(wide)/2]},
		{"After", asPNG(t, image.NewGray(image.Rect(0, 0, 300, 900)))},
		{"IMG_0042.HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")},
	}
}
