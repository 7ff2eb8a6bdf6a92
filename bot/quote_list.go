package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
	"callout/store"
)

// quoteList is how quotes are listed.
var quoteList = list{
	noun: desk.NounQuotes, title: "Quotes", none: "There are no quotes yet. /request-quote asks for the first one.",
	open: func(b *Bot, ctx context.Context, _ Request, a desk.Actor, id int64) (Reply, error) {
		return b.quoteSaid(ctx, a, id)
	},
	page: (*Bot).quoteRows,
}

// quoteSaid answers with the card of a quote, for one member only.
func (b *Bot) quoteSaid(ctx context.Context, a desk.Actor, id int64) (Reply, error) {
	if _, err := b.Desk.Quote(ctx, a, id); err != nil {
		return Reply{}, err
	}
	card, err := b.QuoteCard(ctx, id)
	return Reply{Say: &card}, err
}

func (b *Bot) quoteRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Quotes(ctx, a, f, number(after), pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Quotes))
	for i, q := range page.Quotes {
		rows[i] = row{
			item: Item{Text: quoteLine(q), Button: Button{Action: "quote.show", Value: formatID(q.ID), Label: "Open"}},
			line: fmt.Sprintf("%s %s: %s (%s)", desk.QuoteNumber(q.ID, q.Newest), q.Party, clip(q.Wanted, 80), strings.ReplaceAll(q.Status, "_", " ")),
		}
	}
	next := ""
	if page.Next > 0 {
		next = formatID(page.Next)
	}
	return rows, next, nil
}

func quoteLine(q store.QuoteRow) Words {
	words := Say(Bold(desk.QuoteNumber(q.ID, q.Newest)+" · "+clip(q.Party, 120)), "\n", clip(q.Wanted, 120), "\n", quoteStatus(q.Status))
	if q.Newest > 0 {
		words = append(words, Say(" · ", desk.FormatMoney(q.Total, q.Currency))...)
	}
	if q.Status == desk.QuoteRequested && q.NeededBy != nil {
		words = append(words, Say(" · needed by ", q.NeededBy.Format("2 Jan"))...)
	}
	return append(words, Say(" · ", q.RequestedBy)...)
}

// quoteHome is what waits to be prepared, and the quotes of one's own that wait for something.
func (b *Bot) quoteHome(ctx context.Context, a desk.Actor) ([]Part, error) {
	if !a.Can(desk.RequestQuotes) {
		return nil, nil
	}
	own, err := b.Desk.OwnQuotes(ctx, a, pageSize)
	if err != nil {
		return nil, err
	}
	if len(own.Quotes) == 0 && !a.Can(desk.PrepareQuotes) {
		return nil, nil
	}
	parts := []Part{Divider{}, Heading("Quotes"), Buttons{{Action: formRequestQuote, Label: "Request a quote"}}}
	if a.Can(desk.PrepareQuotes) {
		waiting, err := b.Desk.QuotesToPrepare(ctx, a, pageSize)
		if err != nil {
			return nil, err
		}
		parts = append(parts, quotesAtHome("Waiting to be prepared", waiting, formPrepareQuote, "Prepare")...)
	}
	return append(parts, quotesAtHome("You asked for", own, "quote.show", "Open")...), nil
}

func quotesAtHome(title string, page desk.QuotePage, action, label string) []Part {
	if len(page.Quotes) == 0 {
		return nil
	}
	parts := []Part{Text(Say(Bold(title)))}
	for _, q := range page.Quotes {
		parts = append(parts, Item{Text: quoteLine(q), Button: Button{Action: action, Value: formatID(q.ID), Label: label}})
	}
	if page.Next > 0 {
		parts = append(parts, Note(Say("There are more: /quotes lists them all.")))
	}
	return parts
}
