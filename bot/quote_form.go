package bot

import (
	"context"
	"fmt"
	"strings"

	"callout/desk"
)

// The forms of a quote.
const (
	formRequestQuote = "quote.request"
	formEditQuote    = "quote.edit"
	formPrepareQuote = "quote.prepare"
)

func quoteFormTopic() topic {
	return topic{
		buttons: map[string]handler{
			formRequestQuote: (*Bot).openRequestQuote,
			formEditQuote:    opensOn(desk.RequestQuotes, (*Bot).fillEditQuote),
			formPrepareQuote: opensOn(desk.PrepareQuotes, (*Bot).fillPrepareQuote),
		},
		forms: map[string]handler{
			formRequestQuote: (*Bot).submitRequestQuote, formEditQuote: (*Bot).submitEditQuote, formPrepareQuote: (*Bot).submitPrepareQuote,
		},
	}
}

// previewRequestQuote is the form as it opens: nothing in it has to be looked up.
func previewRequestQuote(r Request) *Form {
	wanted := r.Text
	if r.Message != nil {
		wanted = quote(*r.Message)
	}
	return requestQuoteForm(Values{"wanted": {clip(wanted, desk.MaxWanted)}})
}

// openRequestQuote opens the form; a button on a customer's or lead's card brings whom it is for.
func (b *Bot) openRequestQuote(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.RequestQuotes); err != nil {
		return Reply{}, err
	}
	f := previewRequestQuote(r)
	if r.Kind != KindButton {
		return Reply{Form: f}, nil
	}
	chosen, err := b.partyChosen(ctx, a, r.Value)
	f.Fields[0].Chosen = chosen
	return Reply{Form: f}, err
}

func requestQuoteForm(values Values) *Form {
	fields := append([]Field{partyField("For whom")}, quoteFields(values)...)
	fields = append(fields, Field{Name: "files", Kind: FieldFiles, Label: "Files or photos", Optional: true, Max: desk.MaxUploads})
	return &Form{ID: formRequestQuote, Title: "Request a quote", Submit: "Request quote", Fields: fields}
}

// quoteFields are what is asked of a request for a quote.
func quoteFields(values Values) []Field {
	return []Field{
		{Name: "wanted", Kind: FieldText, Label: "What they want", Max: desk.MaxWanted, Value: values.Get("wanted"), Placeholder: "Two toners for the Vela C301, and a yearly service contract"},
		{Name: "needed_by", Kind: FieldDate, Label: "Needed by", Optional: true, Value: values.Get("needed_by")},
		{Name: "notes", Kind: FieldText, Label: "Notes", Optional: true, Max: desk.MaxWanted, Value: values.Get("notes"), Hint: "For who prepares it. The customer does not see them."},
	}
}

func (b *Bot) submitRequestQuote(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id, err := b.Desk.RequestQuote(ctx, a, desk.NewQuote{
		Party: partyOf(r.Values), Wanted: r.Values.Get("wanted"), NeededBy: r.Values.Get("needed_by"), Notes: r.Values.Get("notes"),
		Files: uploads(r, "files"),
	})
	if err != nil {
		return Reply{}, err
	}
	reply := say("Quote %d is requested. A message brings you the PDF as soon as it is ready.", id)
	buttons := Buttons{{Action: "quote.show", Value: formatID(id), Label: "Open"}}
	if a.Can(desk.PrepareQuotes) {
		buttons = append(Buttons{{Action: formPrepareQuote, Value: formatID(id), Label: "Prepare", Style: Primary}}, buttons...)
	}
	reply.Say.Parts = append(reply.Say.Parts, buttons)
	return reply, nil
}

func (b *Bot) fillEditQuote(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Quote(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := editQuoteForm(valuesOf(desk.QuoteFieldsOf(v.Quote)))
	f.State = edition{id, v.Quote.Version}.state()
	return f, nil
}

func editQuoteForm(values Values) *Form {
	return &Form{ID: formEditQuote, Title: "Edit quote request", Submit: "Save", Fields: quoteFields(values)}
}

func (b *Bot) submitEditQuote(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	err := b.Desk.EditQuote(ctx, a, e.id, e.version, fieldsIn(r.Values, desk.QuoteFields()...))
	if err != nil {
		return b.clashed(a, err, e.id, editQuoteForm, nil)
	}
	return say("Quote %d is changed.", e.id), nil
}

// pricing is what the State of the form carries in which a quote is prepared: the quote, its newest version when the form was
// opened, and what was added up last, so that nobody saves a total they have not seen.
type pricing struct {
	id, newest int64
	seen       string
}

func (p pricing) state() string {
	return strings.TrimSpace(fmt.Sprintf("%d %d %s", p.id, p.newest, p.seen))
}

func pricingOf(state string) pricing {
	parts := append(strings.Fields(state), "", "", "")
	return pricing{number(parts[0]), number(parts[1]), parts[2]}
}

// priceFields are the fields that a total depends on, or that stand on the paper.
var priceFields = []string{"lines", "tax", "valid_until", "note"}

func (b *Bot) fillPrepareQuote(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, draft, err := b.Desk.QuoteDraft(ctx, a, id)
	if err != nil {
		return nil, err
	}
	values := valuesOf(desk.Fields{"lines": draft.Lines, "tax": draft.Tax, "valid_until": draft.ValidUntil, "note": draft.Note})
	f := b.prepareQuoteForm(v, values, nil)
	f.State = pricing{id: id, newest: int64(draft.Newest)}.state()
	return f, nil
}

// prepareQuoteForm is the form in which a quote is priced; with a price it shows that, and saves it.
func (b *Bot) prepareQuoteForm(v desk.QuoteView, values Values, price *desk.QuotePrice) *Form {
	f := &Form{
		ID: formPrepareQuote, Title: clip("Prepare quote "+formatID(v.Quote.ID), 24), Submit: "Check total",
		Fields: []Field{{Name: "asked", Kind: FieldNote, Note: askedWords(v)}},
	}
	if price != nil {
		f.Submit = "Save quote"
		f.Fields = []Field{{Name: "total", Kind: FieldNote, Note: priceWords(*price)}}
	}
	f.Fields = append(f.Fields,
		Field{Name: "lines", Kind: FieldText, Label: "Lines", Max: desk.MaxLinesText, Value: values.Get("lines"), Placeholder: "2 x Toner TK-1150 @ 89.50\n1.5 h Work @ 60", Hint: "One a row: how many x what @ price of one, in " + b.Desk.Currency + " without tax."},
		Field{Name: "tax", Kind: FieldLine, Label: "Tax in percent", Optional: true, Max: 10, Value: values.Get("tax"), Placeholder: "20", Hint: "Empty or 0 is none."},
		Field{Name: "valid_until", Kind: FieldDate, Label: "Valid until", Value: values.Get("valid_until"), Hint: "The last day on which they can accept it."},
		Field{Name: "note", Kind: FieldText, Label: "Note to the customer", Optional: true, Max: desk.MaxQuoteNote, Value: values.Get("note"), Hint: "It stands on the PDF."},
	)
	return f
}

// askedWords is what is asked for, above the form in which it is priced.
func askedWords(v desk.QuoteView) Words {
	q := v.Quote
	words := Say(Bold(desk.QuoteParty(v)), " wants\n", clip(q.Wanted, 1200))
	if q.NeededBy != nil {
		words = append(words, Say("\nNeeded by ", q.NeededBy.Format("2 January 2006"))...)
	}
	if q.Notes != "" {
		words = append(words, Say("\n", Italic(clip(q.Notes, 600)))...)
	}
	if q.Status == desk.QuoteChange {
		words = append(words, Say("\n", Bold("To change: "), clip(q.Reason, 600))...)
	}
	return words
}

// linesShown is how many lines of a quote a form or card shows; the PDF has them all.
const linesShown = 15

// priceWords is a quote added up, as it would be saved.
func priceWords(p desk.QuotePrice) Words {
	words := Say(Bold("Please check the total, then save."))
	for i, l := range p.Lines {
		if i == linesShown {
			words = append(words, Say(fmt.Sprintf("\n… and %d more lines", len(p.Lines)-linesShown))...)
			break
		}
		unit := " × "
		if l.Unit != "" {
			unit = " " + l.Unit + " "
		}
		words = append(words, Say("\n", desk.FormatQuantity(l.Quantity)+unit, clip(l.Text, 60), " = ", desk.FormatAmount(l.Amount, p.Currency))...)
	}
	if p.Rate != 0 {
		words = append(words, Say("\nNet ", desk.FormatAmount(p.Net, p.Currency), " · tax "+desk.FormatPercent(p.Rate)+" % ", desk.FormatAmount(p.Tax, p.Currency))...)
	}
	return append(words, Say("\nTotal ", Bold(desk.FormatMoney(p.Total, p.Currency)), ", valid until ", p.ValidUntil.Format("2 January 2006"))...)
}

// submitPrepareQuote adds the lines up and shows the total; sent again unchanged, it is saved.
func (b *Bot) submitPrepareQuote(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	p := pricingOf(r.State)
	draft := desk.QuoteDraft{
		Lines: r.Values.Get("lines"), Tax: r.Values.Get("tax"), ValidUntil: r.Values.Get("valid_until"), Note: r.Values.Get("note"),
		Newest: int32(p.newest),
	}
	if p.seen == fingerprint(fieldsIn(r.Values, priceFields...)) {
		if err := b.Desk.PrepareQuote(ctx, a, p.id, draft); err != nil {
			return Reply{}, err
		}
		return b.quoteSaid(ctx, a, p.id)
	}
	price, err := b.Desk.PriceQuote(ctx, a, p.id, draft)
	if err != nil {
		return Reply{}, err
	}
	v, err := b.Desk.Quote(ctx, a, p.id)
	if err != nil {
		return Reply{}, err
	}
	f := b.prepareQuoteForm(v, r.Values, &price)
	p.seen = fingerprint(fieldsIn(r.Values, priceFields...))
	f.State = p.state()
	return Reply{Form: f}, nil
}
