package jobs

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"callout/desk"
	"callout/store"
	"callout/store/storetest"
)

// quoteDesk is a desk with somebody who sells and a customer whose name is of some length.
func quoteDesk(t *testing.T, customer string) (*desk.Desk, desk.Actor, int64) {
	t.Helper()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	s := storetest.Open(t)
	d, err := desk.New(desk.Options{
		Store: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Company: "Brightwater Machines", Zone: time.UTC,
		Country: "GB", Currency: "GBP", Channels: []string{"slack"},
	})
	check(t, err)
	m, err := s.InsertMember(t.Context(), store.InsertMemberParams{Name: "Sam Okafor", Roles: []string{desk.Sales, desk.Admin}, State: desk.StateActive, Timezone: "UTC", CreatedAt: now})
	check(t, err)
	c, err := s.InsertCustomer(t.Context(), store.InsertCustomerParams{Name: customer, Search: desk.Fold(customer), Now: now})
	check(t, err)
	_, err = s.InsertSite(t.Context(), store.InsertSiteParams{CustomerID: c.ID, Name: "Shop", Address: "7 Mill Lane, Northport NP3 9AB", CreatedAt: now})
	check(t, err)
	a := desk.Actor{Member: m}
	check(t, d.PutSettings(t.Context(), a, map[string]string{
		"company_address": "12 Harbour Street\nNorthport NP1 4TT\n+44 1632 960 100", "quote_terms": "Payment within 30 days without deduction. Goods remain ours until they are paid in full.",
	}))
	return d, a, c.ID
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// prepared requests and prices a quote, and returns its PDF.
func prepared(t *testing.T, d *desk.Desk, a desk.Actor, customer int64, in desk.QuoteDraft) (desk.QuotePaper, []byte) {
	t.Helper()
	id, err := d.RequestQuote(t.Context(), a, desk.NewQuote{Party: desk.Party{CustomerID: customer}, Wanted: "What they want"})
	check(t, err)
	in.ValidUntil = "2026-04-09"
	check(t, d.PrepareQuote(t.Context(), a, id, in))
	p, err := d.QuotePaper(t.Context(), id, 0)
	check(t, err)
	f, err := QuotePDF(t.Context(), d, id, 0)
	check(t, err)
	return p, f.Content
}

func TestTheTotalsOnPaperAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	d, a, customer := quoteDesk(t, "Acme Foods Ltd")
	for _, in := range []desk.QuoteDraft{
		{Lines: "2 x Toner TK-1150 @ 89.50\n1.5 h Work @ 60\n3 x Thirds @ 0.33\n1 x Discount @ -12.34", Tax: "7.7", Note: "From stock"},
		{Lines: "Contract @ 1234567.89"},
		{Lines: strings.Repeat("3 x Roller kit @ 1,179.05\n", 40), Tax: "20"},
	} {
		p, pdf := prepared(t, d, a, customer, in)
		text := pdfText(t, pdf)
		wants := []string{
			"Quote " + strconv.FormatInt(p.Version.QuoteID, 10), "Brightwater Machines", "12 Harbour Street", "Acme Foods Ltd", "7 Mill Lane", "10 March 2026",
			"9 April 2026", "Sam Okafor", "Payment within 30 days", desk.FormatAmount(p.Version.Total, "GBP"),
		}
		if p.Version.TaxRate != 0 {
			wants = append(wants, desk.FormatAmount(p.Version.Net, "GBP"), desk.FormatAmount(p.Version.Tax, "GBP"))
		}
		for _, l := range p.Lines {
			wants = append(wants, l.Text, desk.FormatAmount(l.Amount, "GBP"))
		}
		for _, want := range wants {
			if !strings.Contains(text, want+"\n") && !strings.Contains(text, want+" ") {
				t.Errorf("%q is not in the PDF:\n%s", want, text)
			}
		}
		if in.Note == "" && strings.Contains(text, "Please note") {
			t.Error("an empty note has a heading")
		}
	}
}

func TestALongQuoteOnPaper(t *testing.T) {
	t.Parallel()
	d, a, customer := quoteDesk(t, strings.Repeat("Worshipful Company of Long Names ", 6))
	lines := strings.Repeat("12.5 h Fitting of a filter press with all its wearing parts @ 1,179.05\n", 40)
	_, pdf := prepared(t, d, a, customer, desk.QuoteDraft{Lines: lines, Tax: "20", Note: strings.Repeat("We come within five working days of your order. ", 8)})
	if pages := bytes.Count(pdf, []byte("/Type/Page/")); pages < 2 {
		t.Errorf("forty long lines take %d page", pages)
	}
}

var (
	streamPattern = regexp.MustCompile(`(?s)(\d+) 0 obj\n([^\n]*)\nstream\n(.*?)\nendstream`)
	fontPattern   = regexp.MustCompile(`/F(\d+) (\d+) 0 R`)
	mapPattern    = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	glyphPattern  = regexp.MustCompile(`beginbfchar<([0-9A-F]{4})><([0-9A-F]*)>`)
)

// pdfText reads every piece of text in a PDF of ours through the tables of its fonts, a line each.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	streams := map[string][]byte{}
	for _, m := range streamPattern.FindAllSubmatch(pdf, -1) {
		data := m[3]
		if bytes.Contains(m[2], []byte("FlateDecode")) {
			r, err := zlib.NewReader(bytes.NewReader(data))
			check(t, err)
			data, err = io.ReadAll(r)
			check(t, err)
		}
		streams[string(m[1])] = data
	}
	fonts := map[string]map[string]string{}
	for _, m := range fontPattern.FindAllSubmatch(pdf, -1) {
		object := regexp.MustCompile(`(?s)\n` + string(m[2]) + ` 0 obj\n(.*?)\nendobj`).FindSubmatch(pdf)
		glyphs := map[string]string{}
		for _, g := range glyphPattern.FindAllSubmatch(streams[string(mapPattern.FindSubmatch(object[1])[1])], -1) {
			from, _ := hex.DecodeString(string(g[1]))
			raw, _ := hex.DecodeString(string(g[2]))
			var units []uint16
			for i := 0; i+1 < len(raw); i += 2 {
				units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
			}
			glyphs[string(from)] = string(utf16.Decode(units))
		}
		fonts[string(m[1])] = glyphs
	}
	var out strings.Builder
	for _, data := range streams {
		pieces(data, fonts, &out)
	}
	return out.String()
}

// pieces follows the fonts and strings of one stream.
func pieces(content []byte, fonts map[string]map[string]string, out *strings.Builder) {
	font := ""
	for at := 0; at < len(content); at++ {
		switch content[at] {
		case '/':
			name, _, _ := strings.Cut(string(content[at+1:min(at+8, len(content))]), " ")
			if number, isFont := strings.CutPrefix(name, "F"); isFont {
				font = number
			}
		case '(':
			var raw []byte
			for at++; at < len(content) && content[at] != ')'; at++ {
				b := content[at]
				if b == '\\' && at+1 < len(content) {
					at++
					if b = content[at]; b == 'r' {
						b = '\r'
					}
				}
				raw = append(raw, b)
			}
			for i := 0; i+1 < len(raw); i += 2 {
				out.WriteString(fonts[font][string(raw[i:i+2])])
			}
			out.WriteByte('\n')
		}
	}
}
