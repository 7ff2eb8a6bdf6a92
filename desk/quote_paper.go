package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"callout/store"
)

// QuotePaper is what the PDF of one version of a quote says.
type QuotePaper struct {
	View       QuoteView
	Version    store.QuoteVersion
	PreparedBy string
	Lines      []QuoteLine
	Sender     []string // our address, a line each
	Recipient  []string // theirs
}

// QuotePaper reads one version of a quote as its PDF shows it; 0 is the newest.
func (d *Desk) QuotePaper(ctx context.Context, id int64, number int32) (QuotePaper, error) {
	var p QuotePaper
	var err error
	if p.View, err = d.QuoteView(ctx, id); err != nil {
		return p, err
	}
	if number == 0 {
		number = p.View.Quote.Newest
	}
	row, err := d.q.GetQuoteVersion(ctx, store.GetQuoteVersionParams{QuoteID: id, Number: number})
	if err != nil {
		return p, found(err, "Quote %d is not prepared yet, so there is no PDF of it.", id)
	}
	p.Version, p.PreparedBy = row.QuoteVersion, row.PreparedByName
	if err := json.Unmarshal(row.QuoteVersion.Lines, &p.Lines); err != nil {
		return p, fmt.Errorf("decode lines of quote %d: %w", id, err)
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return p, err
	}
	p.Sender = addressLines(settings.CompanyAddress)
	p.Recipient, err = d.addressOf(ctx, p.View.Quote)
	return p, err
}

// addressOf is where a quote goes, a line each: a customer's name and site, or a lead's company, name and how to reach them.
func (d *Desk) addressOf(ctx context.Context, q store.Quote) ([]string, error) {
	if q.CustomerID == nil {
		l, err := d.q.GetLead(ctx, *q.LeadID)
		if err != nil {
			return nil, fmt.Errorf("read lead %d: %w", *q.LeadID, err)
		}
		return filledLines(l.Company, l.Name, l.Email, phoneShown(l.Phone)), nil
	}
	c, err := d.q.GetCustomer(ctx, *q.CustomerID)
	if err != nil {
		return nil, fmt.Errorf("read customer %d: %w", *q.CustomerID, err)
	}
	sites, err := d.q.ListSites(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("list sites of customer %d: %w", c.ID, err)
	}
	if len(sites) == 0 {
		return filledLines(c.Name, c.Email, phoneShown(c.Phone)), nil
	}
	address := sites[0].Address
	if address == "" {
		address = sites[0].Name
	}
	return append([]string{c.Name}, addressLines(address)...), nil
}

// addressLines splits an address into its lines; one typed on a single line is split at its commas.
func addressLines(address string) []string {
	if !strings.Contains(address, "\n") {
		address = strings.ReplaceAll(address, ", ", "\n")
	}
	return filledLines(strings.Split(address, "\n")...)
}

func filledLines(lines ...string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
