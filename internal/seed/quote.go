package seed

import (
	"encoding/json"
	"fmt"
	"time"

	"callout/desk"
)

// quoteFact is a quote. Its versions are the lines as people type them; days are how many ago it came to each status.
type quoteFact struct {
	customer, lead     string // one of them, by name
	wanted, notes, by  string
	asked              int
	neededIn           int
	versions           []string
	ready, sent, ended int // of the newest version; never means not yet
	status, reason     string
}

const (
	quoteTax      = 20_00
	quoteValidity = 30
	quoteTerms    = "Prices in pounds. Payment within 30 days. Delivery and setting up are included."
)

// quoteFacts are invented, the oldest first, with every status.
var quoteFacts = []quoteFact{
	{"Copperfield Print Shop", "", "New rollers and a transfer belt for the big press", "", "tomasz", 171, never, []string{"1 x Transfer belt Brimstone MX8 @ 412.00\n2 x Roller kit, trays 1 to 3 @ 64.50\n3 h Work on site @ 72.00"}, 170, 170, 166, desk.QuoteAccepted, ""},
	{"Halcyon Dental", "", "A year of toner, delivered by the quarter", "", "joel", 150, never, []string{"8 x Toner Orrery black @ 58.90\n4 x Toner Orrery colour set @ 171.00"}, 149, 148, 140, desk.QuoteAccepted, ""},
	{"Hôtel Belle-Île", "", "Second coffee machine for the terrace", "Rent or buy, they want to compare.", "sam", 121, never, []string{"1 x Cinder Two Group @ 4,850.00\n1 x Setting up and first training @ 180.00", "1 x Cinder Two Group @ 4,620.00\n1 x Setting up and first training @ 180.00\n12 months Service contract @ 48.00"}, 118, 117, 99, desk.QuoteAccepted, ""},
	{"Saltmere Town Council", "", "Three copiers for the depot", "Public money: needs an itemised offer.", "sam", 110, never, []string{"3 x Vela C301 @ 2,240.00\n3 x Setting up @ 95.00\n36 months Service contract, all three @ 66.00"}, 105, 104, 88, desk.QuoteDeclined, "Council chose to repair the old ones for another year."},
	{"Blue Heron Insurance", "", "Four copiers for the new floor", "", "sam", 78, never, []string{"4 x Vela C550 @ 3,980.00\n4 x Finisher with stapler @ 420.00\n4 x Setting up @ 95.00\n1 x Less: four old machines taken back @ -600.00"}, 74, 73, 53, desk.QuoteAccepted, ""},
	{"Marlowe Theatre Company", "", "Programmes for the winter season, machine or printing", "", "sam", 66, never, []string{"1 x Orrery 6500 Net @ 3,150.00\n1 x Booklet finisher @ 890.00\n1 x Setting up @ 120.00"}, 63, 62, never, desk.QuoteExpired, ""},
	{"Ironbridge Logistics", "", "Label stock and heads for both yards", "", "joel", 41, never, []string{"24 x Label roll, 1,000 @ 7.35\n2 x Print head Plover P12 @ 139.00\n1.5 h Work on site @ 72.00"}, 40, 40, 31, desk.QuoteAccepted, ""},
	{"Quayside Architects", "", "Large scanner for plans", "", "sam", 37, never, []string{"1 x Gantry 36 scanner head @ 2,760.00\n1 x Setting up @ 120.00"}, 34, 33, 12, desk.QuoteAccepted, ""},
	{"", "Ottilie Brandt", "Copier with letterhead tray for a practice", "3,000 pages a month.", "sam", 22, never, []string{"1 x Vela C301 @ 2,240.00\n1 x Second tray @ 165.00\n12 months Service contract @ 31.00"}, 20, 19, never, desk.QuoteSent, ""},
	{"Beacon Primary School", "", "Two printers for the annexe", "Their budget ends with the term.", "priya", 14, 12, []string{"2 x Plover P12 @ 318.00\n1 x Setting up, both @ 95.00"}, 3, 2, never, desk.QuoteSent, ""},
	{"", "Gwen Maddox", "Coffee machines for six holiday flats, to rent", "", "aoife", 11, 20, []string{"6 x Cinder Bean XL, a year's rent @ 288.00\n1 x Setting up, all six @ 240.00", "6 x Cinder Bean XL, a season's rent @ 192.00\n1 x Setting up, all six @ 240.00\n6 x Water filter @ 18.50"}, 9, 9, never, desk.QuoteSent, ""},
	{"Señor Churro", "", "Bigger coffee machine for Saturdays", "", "sam", 9, never, []string{"1 x Cinder Two Group @ 4,850.00\n1 x Setting up and first training @ 180.00"}, 7, 7, 3, desk.QuoteChange, "Without the training, and with a grinder."},
	{"Greenlane Veterinary Centre", "", "Colour printer that is safe to wipe down", "", "joel", 5, 9, []string{"1 x Orrery 4020 @ 1,290.00\n1 x Wipe-down cover @ 85.00\n1 x Setting up @ 95.00"}, 2, never, never, desk.QuoteReady, ""},
	{"Fenwick & Daughters Accountants", "", "Toner for month-end, quickly", "Wilma wants it by Friday.", "joel", 1, 2, []string{"4 x Toner Vela C301 black @ 61.40\n1 x Toner Vela C301 colour set @ 188.00"}, 0, never, never, desk.QuoteReady, ""},
	{"Café Müller", "", "Grinder and a water filter for both shops", "Jürgen asks for it every time we come.", "tomasz", 1, 6, nil, never, never, never, desk.QuoteRequested, ""},
	{"", "Mirela Ionescu", "Vela C550 with finisher, three years' contract", "To take along when we show it to her.", "sam", 0, 1, nil, never, never, never, desk.QuoteRequested, ""},
}

// quotes writes the quotes and their versions.
func (b *books) quotes(o Options) error {
	t := newTable("quote", "id", "customer_id", "lead_id", "wanted", "needed_by", "notes", "status", "search", "requested_by", "requested_at",
		"prepared_by", "ready_at", "sent_at", "decided_at", "reason", "newest", "total", "currency", "valid_until", "version")
	versions := newTable("quote_version", "quote_id", "number", "lines", "currency", "net", "tax_rate", "tax", "total", "valid_until",
		"note", "terms", "prepared_by", "prepared_at")
	cards := newTable("card", "record", "record_id", "platform", "channel", "leased_until")
	marks := newTable("reminder", "kind", "record_id", "mark", "at")
	for i, f := range quoteFacts {
		id := int64(i + 1)
		if err := b.quote(id, f, t, versions); err != nil {
			return err
		}
		b.remindedOf(id, f, marks)
		switch f.status {
		case desk.QuoteRequested, desk.QuoteReady, desk.QuoteSent, desk.QuoteChange:
			if o.QuotesChannel != "" {
				cards.add(desk.QuoteRecord, id, "slack", o.QuotesChannel, b.now.Add(-time.Minute))
			}
		}
	}
	b.tables = append(b.tables, t, versions, cards, marks)
	return nil
}

// priced is one version of a quote.
type priced struct {
	lines           []byte
	net, tax, total int64
	until           time.Time
}

func (b *books) quote(id int64, f quoteFact, t, versions *table) error {
	asked, by, quoter := b.clock(f.asked, 9, 10+int(id)), b.member(f.by), b.member("aoife")
	ready, sent, ended := b.when(f.ready, 14, int(id)), b.when(f.sent, 15, 10+int(id)), b.when(f.ended, 16, 20+int(id))
	b.tellQuote(id, f, asked, ready, sent, ended)
	var newest priced
	for k, typed := range f.versions {
		prepared := *ready
		if k < len(f.versions)-1 {
			prepared = b.clock(f.ready+len(f.versions)-1-k, 11, int(id))
		}
		var err error
		if newest, err = b.price(typed, prepared); err != nil {
			return err
		}
		versions.add(id, int32(k+1), newest.lines, b.firm.Currency, newest.net, int32(quoteTax), newest.tax, newest.total, newest.until, "", quoteTerms, quoter, prepared)
	}
	var preparer *int64
	var until *time.Time
	currency := ""
	if len(f.versions) > 0 {
		preparer, until, currency = &quoter, &newest.until, b.firm.Currency
	}
	customer, lead := int64(0), int64(0)
	for k := range leadFacts {
		if f.lead == leadFacts[k].name {
			lead = int64(k + 1)
		}
	}
	if f.customer != "" {
		customer = b.customer(f.customer).ID
	}
	decided := ended
	if f.status != desk.QuoteAccepted && f.status != desk.QuoteDeclined {
		decided = nil
	}
	t.add(id, orNil(customer), orNil(lead), f.wanted, b.inDays(f.neededIn), f.notes, f.status, folded(f.wanted, f.notes), by, asked,
		preparer, ready, sent, decided, f.reason, int32(len(f.versions)), newest.total, currency, until, int64(len(f.versions)+2))
	return nil
}

// when is clock for what may not have happened.
func (b *books) when(daysAgo, hour, minute int) *time.Time {
	if daysAgo == never {
		return nil
	}
	at := b.clock(daysAgo, hour, minute)
	return &at
}

// price reads lines as a quoter types them and adds them up as the desk does.
func (b *books) price(typed string, at time.Time) (p priced, err error) {
	lines, err := desk.ParseQuoteLines(typed, b.firm.Currency)
	if err != nil {
		return p, fmt.Errorf("lines of a quote: %w", err)
	}
	if p.net, p.tax, p.total, err = desk.AddUp(lines, quoteTax); err != nil {
		return p, fmt.Errorf("sum of a quote: %w", err)
	}
	if p.lines, err = json.Marshal(lines); err != nil {
		return p, fmt.Errorf("encode lines: %w", err)
	}
	p.until = desk.DayOf(at, b.zone).AddDate(0, 0, quoteValidity)
	return p, nil
}

// tellQuote writes the timeline of a quote: every version became ready, the last one went on from there.
func (b *books) tellQuote(id int64, f quoteFact, asked time.Time, ready, sent, ended *time.Time) {
	by, quoter := b.member(f.by), b.member("aoife")
	b.tell(entry{kind: desk.QuoteRecord, id: id, at: asked, by: &by, via: "slack", what: "requested"})
	status := desk.QuoteRequested
	move := func(at *time.Time, who *int64, to, note string) {
		if at == nil {
			return
		}
		via := "slack"
		if who == nil {
			via = "desk"
		}
		b.tell(entry{kind: desk.QuoteRecord, id: id, at: *at, by: who, via: via, what: to, before: status, after: to, note: note})
		status = to
	}
	if len(f.versions) > 1 {
		first := b.clock(f.ready+1, 11, int(id))
		move(&first, &quoter, desk.QuoteReady, "")
		move(ready, &quoter, desk.QuoteReady, "version 2")
	} else {
		move(ready, &quoter, desk.QuoteReady, "")
	}
	move(sent, &by, desk.QuoteSent, "")
	move(ended, &by, f.status, f.reason)
	if f.status == desk.QuoteExpired {
		day := b.clock(f.ready-quoteValidity-1, 0, 5)
		move(&day, nil, desk.QuoteExpired, "")
	}
}

// remindedOf marks what was said of a quote that has waited for long, so that it is not said again.
func (b *books) remindedOf(id int64, f quoteFact, marks *table) {
	mark := func(word string) {
		marks.add(desk.QuoteRecord, id, fmt.Sprintf("%s-%d", word, len(f.versions)), b.clock(0, 8, 0))
	}
	switch {
	case f.status == desk.QuoteReady && f.ready >= 1:
		mark("unsent")
	case f.status == desk.QuoteSent && f.sent >= 7:
		mark("unanswered-7")
		mark("unanswered-3")
	case f.status == desk.QuoteSent && f.sent >= 3:
		mark("unanswered-3")
	}
}
