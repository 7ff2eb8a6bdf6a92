package reports

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// counter is a writer that only counts.
type counter struct{ bytes int }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	return len(p), nil
}

// BenchmarkCallsPDF draws reports of several sizes and tells the peak of the heap, looked at every five milliseconds.
func BenchmarkCallsPDF(b *testing.B) {
	for _, rows := range []int{50, 1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			in := sampleInput(rows)
			runtime.GC()
			peak, stop := watchHeap()
			var out counter
			for b.Loop() {
				out = counter{}
				if err := WritePDF(context.Background(), &out, Calls(in), nil); err != nil {
					b.Fatal(err)
				}
			}
			stop()
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(peak.Load())/(1<<20), "peak-MiB")
			b.ReportMetric(float64(out.bytes), "bytes")
		})
	}
}

// BenchmarkCallsCSV writes the same rows as CSV.
func BenchmarkCallsCSV(b *testing.B) {
	const rows = 10_000
	in := sampleInput(rows)
	for b.Loop() {
		if err := WriteCSV(context.Background(), io.Discard, Calls(in), CSVOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// watchHeap follows the memory obtained for the heap and not given back, garbage included, until stop is called.
func watchHeap() (peak *atomic.Uint64, stop func()) {
	peak = new(atomic.Uint64)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return peak, func() { close(done); <-ended }
}

var rowsFile = flag.String("rows", "", "write 100,000 sample rows to this CSV file, for testdata/fpdf-table.php")

// TestWriteRowsForComparison writes what the benchmark draws, for the comparison with another writer.
func TestWriteRowsForComparison(t *testing.T) {
	t.Parallel()
	if *rowsFile == "" {
		t.Skip("no -rows given")
	}
	file, err := os.Create(*rowsFile)
	if err != nil {
		t.Fatal(err)
	}
	out := csv.NewWriter(file)
	table := Calls(sampleInput(100_000)).Table
	for row, err := range table.Rows {
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for i, column := range table.Columns {
			if column.Width > 0 {
				cells = append(cells, row[i])
			}
		}
		if err := out.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	out.Flush()
	if err := errors.Join(out.Error(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkPaper makes a quote of ten lines and a sheet of twenty steps, without photos and with six of a telephone.
func BenchmarkPaper(b *testing.B) {
	photo := asJPEG(b, samplePhoto(4000, 3000))
	var photos Pictures
	for range 6 {
		photos = append(photos, Picture{"Photo", photo})
	}
	for _, bench := range []struct {
		name  string
		paper Paper
	}{{"quote", quotePaper(10)}, {"sheet", sheetPaper(20, nil)}, {"photos", sheetPaper(20, photos)}} {
		b.Run(bench.name, func(b *testing.B) {
			var out counter
			for b.Loop() {
				out = counter{}
				if err := WritePaper(context.Background(), &out, bench.paper); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.bytes), "bytes")
		})
	}
}
