package bot

import (
	"context"
	"fmt"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// QuoteCard is the card that stands for a quote in the quotes channel.
func (b *Bot) QuoteCard(ctx context.Context, id int64) (Card, error) {
	v, err := b.Desk.QuoteView(ctx, id)
	if err != nil {
		return Card{}, err
	}
	versions, err := b.Desk.QuoteVersions(ctx, id)
	if err != nil {
		return Card{}, err
	}
	files, err := b.Desk.Files(ctx, desk.Record{Kind: desk.QuoteRecord, ID: id})
	if err != nil {
		return Card{}, err
	}
	q := v.Quote
	number := desk.QuoteNumber(q.ID, q.Newest)
	card := Card{
		Text: fmt.Sprintf("Quote %s for %s: %s. %s.", number, desk.QuoteParty(v), clip(q.Wanted, 200), quoteStatus(q.Status)),
		Parts: []Part{
			Heading(clip("Quote "+number+" · "+desk.QuoteParty(v), 150)), b.quoteFacts(v, len(files)), Text(Say(clip(q.Wanted, 1500))),
		},
	}
	if q.Notes != "" {
		card.Parts = append(card.Parts, Text(Say(Bold("Notes: "), clip(q.Notes, 1000))))
	}
	if q.Reason != "" {
		card.Parts = append(card.Parts, Text(Say(Bold(reasonWord(q.Status)), clip(q.Reason, 1000))))
	}
	if len(versions) > 1 {
		card.Parts = append(card.Parts, Text(b.versionWords(versions)))
	}
	card.Parts = append(card.Parts, Note(Say("Asked for by ", v.RequestedByName, ", ", At(q.RequestedAt, b.Desk.Zone))))
	for _, row := range quoteButtons(v, len(files)) {
		card.Parts = append(card.Parts, row)
	}
	return card, nil
}

func reasonWord(status string) string {
	if status == desk.QuoteDeclined {
		return "Declined: "
	}
	return "To change: "
}

func (b *Bot) quoteFacts(v desk.QuoteView, files int) Facts {
	q := v.Quote
	facts := Facts{{"Status", Say(quoteStatus(q.Status))}}
	if q.NeededBy != nil {
		facts = append(facts, Fact{"Needed by", Say(q.NeededBy.Format("Mon 2 Jan 2006"))})
	}
	if q.Newest > 0 {
		facts = append(facts, Fact{"Total", Say(desk.FormatMoney(q.Total, q.Currency))}, Fact{"Valid until", Say(q.ValidUntil.Format("2 Jan 2006"))},
			Fact{"Prepared by", Say(v.PreparedByName, "\n", At(*q.ReadyAt, b.Desk.Zone))})
	}
	if q.SentAt != nil && q.Status != desk.QuoteReady { // of a version that waits to be sent, nothing was sent yet
		facts = append(facts, Fact{"Sent", Say(At(*q.SentAt, b.Desk.Zone))})
	}
	if files > 0 {
		facts = append(facts, Fact{"Files", Say(plural(int64(files), "file"))})
	}
	return facts
}

// versionsShown is how many versions a card lists, the newest first.
const versionsShown = 10

func (b *Bot) versionWords(versions []store.ListQuoteVersionsRow) Words {
	words := Say(Bold("Versions"))
	for _, version := range versions[:min(len(versions), versionsShown)] {
		words = append(words, Say(fmt.Sprintf("\n%d · ", version.Number), desk.FormatMoney(version.Total, version.Currency), " · ", version.PreparedByName, ", ", At(version.PreparedAt, b.Desk.Zone))...)
	}
	return words
}

// quoteStatus is a status as cards and lists show it.
func quoteStatus(status string) string {
	switch status {
	case desk.QuoteRequested:
		return "🆕 Requested"
	case desk.QuoteReady:
		return "📄 Ready to send"
	case desk.QuoteSent:
		return "📨 Sent, waiting for an answer"
	case desk.QuoteAccepted:
		return "✅ Accepted"
	case desk.QuoteDeclined:
		return "✖️ Declined"
	case desk.QuoteChange:
		return "✏️ Change requested"
	case desk.QuoteExpired:
		return "⌛ Expired"
	}
	return status
}

// quoteButtons are what may be done with a quote now: its next steps, the likeliest first, then the rest in a row of its own.
// Who may press is decided when it is pressed.
func quoteButtons(v desk.QuoteView, files int) []Buttons {
	q, id := v.Quote, formatID(v.Quote.ID)
	steps := quoteSteps(v)
	if q.Newest > 0 {
		steps = append(steps, Button{Action: "quote.pdf", Value: id, Label: "PDF"})
	}
	var rest Buttons
	if desk.QuoteCan(q.Status, desk.QuoteReady) && q.Newest > 0 && q.Status != desk.QuoteChange && q.Status != desk.QuoteExpired {
		rest = append(rest, Button{Action: formPrepareQuote, Value: id, Label: "Correct"})
	}
	if files > 0 {
		rest = append(rest, Button{Action: "quote.files", Value: id, Label: "Files"})
	}
	if q.Status != desk.QuoteAccepted {
		rest = append(rest, Button{Action: formEditQuote, Value: id, Label: "Edit request"})
	}
	rest = append(rest, Button{Action: "quote.history", Value: id, Label: "History"})
	if len(steps)+len(rest) <= oneRow {
		return []Buttons{append(steps, rest...)}
	}
	return []Buttons{steps, rest}
}

// oneRow is how many buttons stand beside each other before there are two rows.
const oneRow = 5

// quoteSteps are the next steps of a quote.
func quoteSteps(v desk.QuoteView) Buttons {
	q, id := v.Quote, formatID(v.Quote.ID)
	var steps Buttons
	add := func(to, action, label string) {
		if desk.QuoteCan(q.Status, to) {
			steps = append(steps, Button{Action: action, Value: id, Label: label})
		}
	}
	if q.Status == desk.QuoteRequested || q.Status == desk.QuoteChange || q.Status == desk.QuoteExpired {
		add(desk.QuoteReady, formPrepareQuote, "Prepare")
	}
	add(desk.QuoteSent, "quote.sent", "Mark sent")
	add(desk.QuoteAccepted, "quote.accepted", "Accepted")
	add(desk.QuoteChange, formChangeQuote, "Change wanted")
	declined := "Declined"
	if q.Newest == 0 {
		declined = "Not needed"
	}
	add(desk.QuoteDeclined, formDeclineQuote, declined)
	if q.Status == desk.QuoteAccepted && q.LeadID != nil && q.CustomerID == nil {
		steps = append(steps, Button{Action: "lead.show", Value: formatID(*q.LeadID), Label: "Make customer"})
	}
	if len(steps) > 0 && q.Status != desk.QuoteDeclined {
		steps[0].Style = Primary
	}
	return steps
}

// quoteReadyCard brings who asked for a quote its PDF, and what to do with it.
func (b *Bot) quoteReadyCard(ctx context.Context, m notify.Message) (Card, error) {
	card, err := b.quoteNewsCard(ctx, m)
	for _, f := range m.Files {
		card.Files = append(card.Files, File{Name: f.Name, Title: f.Title, Content: f.Content})
	}
	return card, err
}

// quoteNewsCard says what became of a quote, with the next steps of now.
func (b *Bot) quoteNewsCard(ctx context.Context, m notify.Message) (Card, error) {
	v, err := b.Desk.QuoteView(ctx, m.Record.ID)
	if err != nil {
		return Card{}, err
	}
	card := *textCard(m.Text)
	open := Button{Action: "quote.show", Value: formatID(m.Record.ID), Label: "Open"}
	card.Parts = append(card.Parts, append(quoteSteps(v), open))
	return card, nil
}
