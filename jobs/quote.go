package jobs

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"callout/desk"
	"callout/notify"
	"callout/reports"
)

// attachQuote makes the PDF of the version of a quote that a notice is about.
func (j *Jobs) attachQuote(ctx context.Context, out *desk.Outgoing, m *notify.Message) error {
	version, _ := strconv.ParseInt(out.Body.Ref, 10, 32) // 0 is the newest
	pdf, err := QuotePDF(ctx, j.Desk, m.Record.ID, int32(version))
	if err != nil {
		return refusedForGood(err)
	}
	m.Files = []notify.File{pdf}
	return nil
}

// QuotePDF makes the PDF of one version of a quote; 0 is the newest.
func QuotePDF(ctx context.Context, d *desk.Desk, id int64, version int32) (notify.File, error) {
	p, err := d.QuotePaper(ctx, id, version)
	if err != nil {
		return notify.File{}, err
	}
	var pdf bytes.Buffer
	if err := reports.WritePaper(ctx, &pdf, quotePaper(d, p)); err != nil {
		return notify.File{}, fmt.Errorf("make PDF of quote %d: %w", id, err)
	}
	number := desk.QuoteNumber(id, p.Version.Number)
	return notify.File{Name: "quote-" + number + ".pdf", Title: "Quote " + number, Media: "application/pdf", Content: pdf.Bytes()}, nil
}

const paperDay = "2 January 2006"

// quotePaper lays a quote out.
func quotePaper(d *desk.Desk, p desk.QuotePaper) reports.Paper {
	v := p.Version
	paper := reports.Paper{
		Company: d.Company, Sender: p.Sender, Recipient: p.Recipient, Title: "Quote " + desk.QuoteNumber(v.QuoteID, v.Number),
		Facts: []reports.PaperFact{
			{Label: "Date", Value: v.PreparedAt.In(d.Zone).Format(paperDay)},
			{Label: "Valid until", Value: v.ValidUntil.Format(paperDay)},
			{Label: "Your contact", Value: p.View.RequestedByName},
		},
		Foot: v.Terms, MadeAt: v.PreparedAt, Timezone: d.Zone,
		Blocks: []reports.Block{quoteLines(p)},
	}
	if v.Note != "" {
		paper.Blocks = append(paper.Blocks, reports.Paragraph{Title: "Please note", Text: v.Note})
	}
	return paper
}

// quoteLines is the table of a quote. Its totals are those of the database, not added up again.
func quoteLines(p desk.QuotePaper) reports.Lines {
	v := p.Version
	table := reports.Lines{
		Columns: []reports.Column{
			{Title: "No.", Width: 0.8, Align: reports.AlignRight},
			{Title: "What", Width: 6},
			{Title: "Quantity", Width: 1.4, Align: reports.AlignRight},
			{Title: "Price", Width: 1.7, Align: reports.AlignRight},
			{Title: "Amount", Width: 1.8, Align: reports.AlignRight},
		},
		Totals: []reports.PaperFact{{Label: "Total " + v.Currency, Value: desk.FormatAmount(v.Total, v.Currency)}},
	}
	if v.TaxRate != 0 {
		table.Totals = append([]reports.PaperFact{
			{Label: "Net", Value: desk.FormatAmount(v.Net, v.Currency)},
			{Label: "Tax " + desk.FormatPercent(v.TaxRate) + " %", Value: desk.FormatAmount(v.Tax, v.Currency)},
		}, table.Totals...)
	}
	for i, l := range p.Lines {
		quantity := desk.FormatQuantity(l.Quantity)
		if l.Unit != "" {
			quantity += " " + l.Unit
		}
		table.Rows = append(table.Rows, []string{
			strconv.Itoa(i + 1), l.Text, quantity, desk.FormatAmount(l.Price, v.Currency), desk.FormatAmount(l.Amount, v.Currency),
		})
	}
	return table
}
