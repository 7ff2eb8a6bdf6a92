package bot

import (
	"cmp"
	"context"
	"fmt"

	"callout/desk"
)

// The forms of a quote's steps. Their State is the number of the quote.
const (
	formDeclineQuote = "quote.decline"
	formChangeQuote  = "quote.change"
)

func quoteTopic() topic {
	t := quoteList.topic()
	t.buttons["quote.show"] = func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		return b.quoteSaid(ctx, a, number(r.Value))
	}
	t.buttons["quote.sent"] = moveQuote(desk.QuoteSent, "Quote %d is marked as sent. I remind you if nobody records an answer.")
	t.buttons["quote.accepted"] = moveQuote(desk.QuoteAccepted, "Quote %d is accepted. Well done!")
	t.buttons["quote.pdf"] = (*Bot).quotePDF
	t.buttons["quote.files"] = (*Bot).quoteFiles
	t.buttons["quote.history"] = showHistory(desk.QuoteRecord, "quote")
	t.buttons[formDeclineQuote] = opensForm(desk.RequestQuotes, declineQuoteForm)
	t.buttons[formChangeQuote] = opensForm(desk.RequestQuotes, changeQuoteForm)
	t.forms[formDeclineQuote] = submitMoveQuote(desk.QuoteDeclined, "Quote %d is declined. The reason is kept with it.")
	t.forms[formChangeQuote] = submitMoveQuote(desk.QuoteChange, "Quote %d waits to be prepared again, with what you wrote.")
	return t
}

func declineQuoteForm(r Request) *Form {
	return stepForm(formDeclineQuote, "Declined quote ", r.Value, "Save", Field{
		Name: "reason", Kind: FieldText, Label: "Why", Max: desk.MaxDetails, Placeholder: "Too expensive, bought elsewhere, not needed any more",
	})
}

func changeQuoteForm(r Request) *Form {
	return stepForm(formChangeQuote, "Change quote ", r.Value, "Save", Field{
		Name: "reason", Kind: FieldText, Label: "What shall change", Max: desk.MaxDetails, Placeholder: "Three toners instead of two",
	})
}

// moveQuote answers a button with one step of a quote.
func moveQuote(to, thanks string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.Value)
		if err := b.Desk.MoveQuote(ctx, a, id, to, ""); err != nil {
			return Reply{}, err
		}
		if r.Surface == SurfaceShared {
			return say(thanks, id), nil
		}
		card, err := b.QuoteCard(ctx, id)
		if err != nil {
			return Reply{}, err
		}
		return b.inPlace(ctx, r, a, &card)
	}
}

// submitMoveQuote answers a form with one step of a quote that takes a text.
func submitMoveQuote(to, thanks string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		id := number(r.State)
		if err := b.Desk.MoveQuote(ctx, a, id, to, r.Values.Get("reason")); err != nil {
			return Reply{}, err
		}
		return say(thanks, id), nil
	}
}

// quotePDF brings the newest PDF of a quote to who asks.
func (b *Bot) quotePDF(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	v, err := b.Desk.Quote(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	pdf, err := b.QuotePDF(ctx, id, v.Quote.Newest)
	if err != nil {
		return Reply{}, err
	}
	card := textCard(fmt.Sprintf("Here is quote %s for %s.", desk.QuoteNumber(id, v.Quote.Newest), desk.QuoteParty(v)))
	card.Files = []File{{Name: pdf.Name, Title: pdf.Title, Content: pdf.Content}}
	return Reply{Say: card}, nil
}

// quoteFiles brings what was attached to a request to who asks.
func (b *Bot) quoteFiles(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	if _, err := b.Desk.Quote(ctx, a, id); err != nil {
		return Reply{}, err
	}
	files, err := b.Desk.Files(ctx, desk.Record{Kind: desk.QuoteRecord, ID: id})
	if err != nil {
		return Reply{}, err
	}
	card := textCard(fmt.Sprintf("The files of quote %d.", id))
	for _, info := range files {
		if info.State != "kept" || len(card.Files) == desk.MaxUploads {
			continue
		}
		f, err := b.Desk.File(ctx, info.ID)
		if err != nil {
			return Reply{}, err
		}
		card.Files = append(card.Files, File{Name: cmp.Or(f.Name, "file"), Title: cmp.Or(f.Name, "file"), Content: f.Content})
	}
	if len(card.Files) == 0 {
		return say("The files of quote %d are not here yet, or could not be fetched. Try again in a minute.", id), nil
	}
	return Reply{Say: card}, nil
}
