package reports

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, r Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WritePDF(context.Background(), &out, r, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unpacked(t, want), unpacked(t, got)); diff != "" {
		t.Errorf("%s differs; look at it, then run go test ./reports -update\n%.2000s", name, diff)
	}
}

// unpacked returns the objects of a file without compression, which may change with the version of Go.
func unpacked(t *testing.T, data []byte) []string {
	t.Helper()
	f := openPDF(t, data)
	out := make([]string, len(f.objects))
	for number, body := range f.objects {
		if bytes.Contains(body, []byte("\nstream\n")) {
			body = f.stream(t, number)
		}
		out[number-1] = string(body)
	}
	return out
}

// languageReport shows every script in a wide and in a narrow column.
func languageReport() Report {
	return Report{
		Company: "Brightwater Machines", Title: "Languages", MadeAt: sampleStart,
		Table: Table{
			Columns: []Column{{Title: "No.", Width: 1, Align: AlignRight}, {Title: "Wide", Width: 9}, {Title: "Narrow", Width: 2}},
			Rows:    languageRows(),
		},
	}
}

// longReport has every text too long and every kind of chart.
func longReport() Report {
	long := strings.Repeat("A very long name without an end ", 12)
	months := strings.Fields("January February March April May June July August September October November December")
	values := []float64{5, 4, 3, 2, 1, 5, 6, 7, 8, 9, 1, 2}
	other := []float64{1, 4, 3, 2, 1, 15, 6, 17, 8, 9, 1, 2}
	three := []Series{{"Service", values}, {"Sales", other}, {"Maintenance", values}}
	names := append([]string{long}, strings.Split("abcdefghijk", "")...)
	return Report{
		Company: long, Title: long, Period: long, Subtitle: long, MadeAt: sampleStart,
		Filters: []Filter{{"Customer", long}, {"Status", "pending"}, {long, long}, {"Technician", "Maria"}},
		Numbers: []Number{{long, strings.Repeat("1234567890", 3), long}, {"A", "1", ""}, {"B", "2", ""}, {"C", "3", ""}, {"D", "4", ""}, {"E", "5", ""}, {"F", "6", ""}},
		Charts: []Chart{
			{Title: long, Ranked: true, Categories: names, Series: []Series{{long, values}}},
			{Kind: ChartStackedBar, Title: "Stacked", Categories: months, Series: three},
			{Kind: ChartLine, Title: "Line", Categories: months, Series: three},
			{Kind: ChartPie, Title: "Pie", Ranked: true, Categories: names, Series: three[:1]},
		},
		Table: Table{
			Columns: []Column{{Title: "No.", Width: 1, Align: AlignRight}, {Title: long, Width: 4}, {Title: "Summary", Width: 5}, {Title: "Middle", Width: 2, Align: AlignCentre}},
			Rows: rowsOf(
				[]string{"1", strings.Repeat("x", 400), strings.Repeat("This is a long story. ", 140), "middle"},
				[]string{"2", "short", "line\nbreak\n\nafter a blank", "path/that/has-no-spaces/at-all/and-goes-on-and-on"},
				[]string{"3"}, []string{"4", "a", "b", "c", "one cell too many"}),
		},
	}
}

func TestGoldenPDF(t *testing.T) {
	t.Parallel()
	golden(t, "calls.pdf", render(t, Calls(sampleInput(60))))
	golden(t, "empty.pdf", render(t, Calls(sampleInput(0))))
	golden(t, "languages.pdf", render(t, languageReport()))
	golden(t, "long.pdf", render(t, longReport()))
}

func TestSameReportSameBytes(t *testing.T) {
	t.Parallel()
	first := render(t, Calls(sampleInput(200)))
	for range 3 {
		if !bytes.Equal(first, render(t, Calls(sampleInput(200)))) {
			t.Fatal("the same report came out different")
		}
	}
}

func TestPagesSayWhatTheReportSays(t *testing.T) {
	t.Parallel()
	pages := openPDF(t, render(t, Calls(sampleInput(60)))).pageTexts(t)
	for i, page := range pages {
		for _, want := range []string{"SUMMARY", "Made 1 July 2026, 08:00 UTC", "Page " + itoa(i+1) + " of " + itoa(len(pages))} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
	for _, want := range []string{"BRIGHTWATER MACHINES", "Calls", "1 January – 30 June 2026", "Territory", "STILL PENDING", "Calls per week", "Calls by technician"} {
		if !strings.Contains(strings.ToLower(pages[0]), strings.ToLower(want)) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	whole := strings.Join(pages, "\n")
	for i := range 60 {
		row := sampleCall(i, 60)
		if !strings.Contains(whole, "\n"+itoa(i+1)+"\n"+shortTime(&row.OpenedAt, time.UTC)+"\n") {
			t.Errorf("call %d is missing", i+1)
		}
	}
}

func TestLettersOfEveryLanguage(t *testing.T) {
	t.Parallel()
	text := openPDF(t, render(t, languageReport())).pageTexts(t)[0]
	text = strings.ReplaceAll(text, "\n", "")
	for _, want := range []string{
		"zażółć gęślą jaźń", "máy đã hỏng rồi ạ", "μηχάνημα χάλασε", "станок сломался", "机器坏了", "機械が壊れました",
		"기계가 고장났습니다", "הלקלקתה", "เครื่องเสียแล้ว", "გაფუჭდა", "փչացել",
		"Machine □ broken □□□ — help! □", "áë decomposed, tab here, nul□bell□",
	} {
		if !strings.Contains(text, strings.ReplaceAll(want, "\n", "")) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestEmptyReportSaysWhatToTry(t *testing.T) {
	t.Parallel()
	pages := openPDF(t, render(t, Calls(sampleInput(0)))).pageTexts(t)
	if len(pages) != 1 || !strings.Contains(pages[0], "No calls match these filters") || !strings.Contains(pages[0], "Try a longer period") {
		t.Errorf("empty report: %d pages, %q", len(pages), pages)
	}
}

func TestLongCellIsCutWithEllipsis(t *testing.T) {
	t.Parallel()
	r := Report{Title: "T", Table: Table{Columns: []Column{{Title: "A", Width: 1}, {Title: "B", Width: 3}}, Rows: rowsOf([]string{strings.Repeat("many words ", 300)})}}
	page := openPDF(t, render(t, r)).pageTexts(t)[0]
	if got := strings.Count(page, "many words"); !strings.Contains(page, "…\n") || got > 8*5 {
		t.Errorf("3,300 characters drawn as %d times two words", got)
	}
}

func TestRowErrorIsReturned(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection lost")
	in := sampleInput(0)
	in.Rows = func(yield func(CallRow, error) bool) { yield(CallRow{}, broken) }
	if err := WritePDF(context.Background(), &counter{}, Calls(in), nil); !errors.Is(err, broken) {
		t.Errorf("pdf: %v, want the error of the rows", err)
	}
	if err := WriteCSV(context.Background(), &counter{}, Calls(in), CSVOptions{}); !errors.Is(err, broken) {
		t.Errorf("csv: %v, want the error of the rows", err)
	}
}

func TestCancelledReportStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	seen := 0
	progress := func(done, _ int) {
		seen = done
		cancel()
	}
	err := WritePDF(ctx, &counter{}, Calls(sampleInput(5_000)), progress)
	if !errors.Is(err, context.Canceled) || seen > 2*rowsPerCheck {
		t.Errorf("error %v after %d rows", err, seen)
	}
}

type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrorStopsEarly(t *testing.T) {
	t.Parallel()
	rows := 0
	progress := func(done, _ int) { rows = done }
	if err := WritePDF(context.Background(), fullDisk{}, Calls(sampleInput(20_000)), progress); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
	if rows > 5_000 {
		t.Errorf("%d rows drawn for nobody", rows)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var got [][2]int
	progress := func(done, total int) { got = append(got, [2]int{done, total}) }
	if err := WritePDF(context.Background(), &counter{}, Calls(sampleInput(300)), progress); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][2]int{{128, 300}, {256, 300}, {300, 300}}, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzWritePDF puts anything into every place that takes text.
func FuzzWritePDF(f *testing.F) {
	for _, text := range languages {
		f.Add(text, 7.5)
	}
	f.Add("\\()\r\n\x00", -1.0)
	f.Fuzz(func(t *testing.T, text string, value float64) {
		series := []Series{{text, []float64{value, 2, value}}, {text + "2", []float64{1}}}
		r := Report{
			Company: text, Title: text, Subtitle: text, Period: text, MadeAt: sampleStart,
			Filters: []Filter{{text, text}}, Numbers: []Number{{text, text, text}}, Empty: Note{text, text},
			Table: Table{Columns: []Column{{Title: text, Width: 1}, {Title: text, Width: 9, Align: AlignRight}}, Rows: rowsOf([]string{text, text + text}, nil)},
		}
		for kind := ChartBar; kind <= ChartPie; kind++ {
			r.Charts = append(r.Charts, Chart{Kind: kind, Title: text, Categories: []string{text, "b", text}, Series: series, Ranked: kind != ChartLine})
		}
		openPDF(t, render(t, r)).pageTexts(t)
	})
}
