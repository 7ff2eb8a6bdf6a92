package reports

import (
	"iter"
	"strconv"
	"time"
)

// QuotesInput is what the report on quotes is made of.
type QuotesInput struct {
	Company  string
	From, To time.Time // To is not part of the period; a zero time leaves that end open
	Filters  []Filter
	MadeAt   time.Time
	Timezone *time.Location
	Totals   QuoteTotals
	Rows     iter.Seq2[QuoteRow, error]
	RowCount int // for progress; 0 when not known
}

// QuoteTotals are the figures over all quotes of the report.
type QuoteTotals struct {
	Requested, Ready, Sent      int // so many came so far: an accepted one was ready and sent before
	Accepted, Declined, Expired int
	MedianReady                 *time.Duration // from requested to ready; nil when none was
	Value                       string         // of the accepted ones, with its currency
	Unit                        Unit           // of PerPeriod
	PerPeriod                   []Bucket       // Opened is how many were asked for
	ByStatus, ByRequester       []Tally
}

// QuoteRow is one quote with the names of what belongs to it.
type QuoteRow struct {
	Number      string // such as 42-2
	RequestedAt time.Time
	Party       string
	Wanted      string
	Status      string
	RequestedBy string
	PreparedBy  string
	NeededBy    *time.Time
	ReadyAt     *time.Time
	SentAt      *time.Time
	DecidedAt   *time.Time
	Total       string // without its currency; empty before it is ready
	Currency    string
	ValidUntil  *time.Time
	Reason      string
}

// Quotes lays out the report on quotes.
func Quotes(in QuotesInput) Report {
	if in.Timezone == nil {
		in.Timezone = time.UTC
	}
	t := in.Totals
	return Report{
		Company: in.Company, Title: "Quotes", Period: periodOf("quotes", in.From, in.To, in.Timezone), Filters: in.Filters,
		MadeAt: in.MadeAt, Timezone: in.Timezone,
		Numbers: quoteNumbers(t),
		Charts: []Chart{
			overTime("Quotes asked for per "+t.Unit.String(), "Quotes", t.PerPeriod),
			tallies("Quotes by status", "Quotes", t.ByStatus), tallies("Quotes by who asked", "Quotes", t.ByRequester),
		},
		Table: Table{Columns: quoteColumns(), Rows: quoteRows(in.Rows, in.Timezone), Total: in.RowCount},
		Empty: Note{Title: "No quotes match these filters", Hint: "Try a longer period, or leave a filter out."},
	}
}

func quoteNumbers(t QuoteTotals) []Number {
	decided := t.Accepted + t.Declined
	return []Number{
		{Label: "Requested", Value: Thousands(t.Requested), Note: "in this period"},
		{Label: "Ready", Value: Thousands(t.Ready), Note: partOf(t.Ready, t.Requested, "requested")},
		{Label: "Sent", Value: Thousands(t.Sent), Note: partOf(t.Sent, t.Requested, "requested")},
		{Label: "Accepted", Value: Thousands(t.Accepted)},
		{Label: "Declined", Value: Thousands(t.Declined)},
		{Label: "Expired", Value: Thousands(t.Expired)},
		{Label: "Win rate", Value: winRate(t.Accepted, decided), Note: "of accepted and declined"},
		{Label: "Median time to ready", Value: medianText(t.MedianReady), Note: "from asked for to ready"},
		{Label: "Value accepted", Value: t.Value, Note: "with tax"},
	}
}

// winRate is which part of the decided quotes was accepted.
func winRate(accepted, decided int) string {
	if decided == 0 {
		return "–"
	}
	return strconv.Itoa((200*accepted+decided)/(2*decided)) + " %"
}

func quoteColumns() []Column {
	return []Column{
		{Title: "No.", Width: 6, Align: AlignRight},
		{Title: "Asked for", Width: 9},
		{Title: "For", Width: 17},
		{Title: "Wanted", Width: 25},
		{Title: "Status", Width: 10},
		{Title: "By", Width: 11},
		{Title: "Prepared by"},
		{Title: "Needed by"},
		{Title: "Ready"},
		{Title: "Sent"},
		{Title: "Decided", Width: 9},
		{Title: "Total", Width: 13, Align: AlignRight},
		{Title: "Currency"},
		{Title: "Valid until"},
		{Title: "Reason"},
	}
}

// quoteRows formats one row at a time into the same slice.
func quoteRows(rows iter.Seq2[QuoteRow, error], zone *time.Location) iter.Seq2[[]string, error] {
	cells := make([]string, 0, len(quoteColumns()))
	return formatted(rows, func(q QuoteRow) []string {
		decided := ""
		if q.DecidedAt != nil {
			decided = q.DecidedAt.In(zone).Format(time.DateOnly)
		}
		cells = append(cells[:0],
			q.Number, q.RequestedAt.In(zone).Format(time.DateOnly), q.Party, q.Wanted, q.Status, q.RequestedBy, q.PreparedBy,
			dayText(q.NeededBy), shortTime(q.ReadyAt, zone), shortTime(q.SentAt, zone), decided, q.Total, q.Currency,
			dayText(q.ValidUntil), q.Reason)
		return cells
	})
}
