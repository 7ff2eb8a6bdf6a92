package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"callout/desk"
	"callout/notify"
)

// quoteShop is a conversation whose PDFs are made by a fake.
func quoteShop(t *testing.T) *shop {
	t.Helper()
	s := openShop(t)
	s.QuotePDF = func(_ context.Context, id int64, version int32) (notify.File, error) {
		return notify.File{Name: "quote.pdf", Title: "Quote " + desk.QuoteNumber(id, version), Content: []byte("%PDF")}, nil
	}
	return s
}

func (s *shop) quoteCard(id int64) Card {
	s.Helper()
	card, err := s.QuoteCard(s.ctx, id)
	s.must(err)
	return card
}

// asksQuote requests a quote for a customer.
func (p *person) asksQuote(customer int64, wanted string) int64 {
	p.Helper()
	reply := p.sends(formRequestQuote, "", Values{"party": {"c" + formatID(customer)}, "wanted": {wanted}, "needed_by": {"2026-03-20"}, "notes": {"by courier"}})
	p.wants(reply, "is requested")
	var id int64
	p.must(p.store.Pool.QueryRow(p.ctx, "SELECT max(id) FROM quote").Scan(&id))
	return id
}

var toners = Values{"lines": {"2 x Toner TK-1150 @ 89.50\n1.5 h Work @ 60"}, "tax": {"20"}, "valid_until": {"2026-04-09"}, "note": {"From stock"}}

// prepares prices a quote: it looks at the total and saves it.
func (p *person) prepares(id int64, values Values) {
	p.Helper()
	form := p.presses(formPrepareQuote, id).Form
	checked := p.sends(formPrepareQuote, form.State, values)
	if checked.Form == nil {
		p.Fatalf("no total: %s", reads(checked))
	}
	p.wants(p.sends(formPrepareQuote, checked.Form.State, values), "Ready to send")
}

func TestQuoteCardThroughItsLife(t *testing.T) {
	s := quoteShop(t)
	sam, olivia := s.member("Sam", desk.Technician), s.member("Olivia", desk.Sales)
	id := sam.asksQuote(s.customer("Acme").ID, "Two toners")
	golden(t, "quote_requested", s.quoteCard(id))
	olivia.prepares(id, toners)
	golden(t, "quote_ready", s.quoteCard(id))
	s.wants(sam.presses("quote.sent", id), "Quote 1 is marked as sent")
	golden(t, "quote_sent", s.quoteCard(id))
	s.wants(sam.sends(formChangeQuote, formatID(id), Values{"reason": {"Three toners"}}), "waits to be prepared again")
	golden(t, "quote_change_requested", s.quoteCard(id))
	form := olivia.presses(formPrepareQuote, id)
	s.wants(form, "To change: Three toners", "2 x Toner TK-1150 @ 89.50\n1.5 h Work @ 60.00", "From stock")
	more := Values{"lines": {"3 x Toner TK-1150 @ 89.50"}, "tax": {""}, "valid_until": {"2026-04-10"}}
	olivia.prepares(id, more)
	s.wants(sam.presses("quote.sent", id), "marked as sent")
	s.wants(sam.presses("quote.accepted", id), "accepted")
	golden(t, "quote_accepted", s.quoteCard(id))
	s.wants(sam.presses("quote.sent", id), "Quote 1 is accepted. It has to be ready first.")
	s.wants(sam.presses("quote.history", id), "Sam asked for the quote", "Olivia prepared it: version 2", "Sam asked for a change: Three toners")

	reply := sam.presses("quote.pdf", id)
	if len(reply.Say.Files) != 1 || reply.Say.Files[0].Title != "Quote 1-2" {
		t.Errorf("%+v", reply.Say.Files)
	}
	s.wants(sam.presses("quote.files", id), "not here yet")
}

func TestATotalIsSeenBeforeItIsSaved(t *testing.T) {
	s := quoteShop(t)
	olivia := s.member("Olivia", desk.Sales)
	id := olivia.asksQuote(s.customer("Acme").ID, "Two toners")
	form := olivia.presses(formPrepareQuote, id).Form
	checkForm(t, form)
	s.wants(Reply{Form: form}, "Acme wants", "Two toners", "Needed by 20 March 2026", "by courier", "valid_until Valid until 2026-04-09")

	wrong := olivia.sends(formPrepareQuote, form.State, Values{"lines": {"2 x Toner TK-1150"}, "tax": {"20"}, "valid_until": {"2026-04-09"}})
	s.wants(wrong, "ERROR lines Line 1, “2 x Toner TK-1150”: the price is missing. Write for example 2 x Toner TK-1150 @ 89.50")

	checked := olivia.sends(formPrepareQuote, form.State, toners).Form
	checkForm(t, checked)
	s.wants(Reply{Form: checked}, "2 × Toner TK-1150 = 179.00", "1.5 h Work = 90.00", "Net 269.00 · tax 20 % 53.80", "Total 322.80 GBP, valid until 9 April 2026")
	if checked.Submit != "Save quote" || form.Submit != "Check total" {
		t.Errorf("buttons %q and %q", form.Submit, checked.Submit)
	}
	// Changed after the look: another look.
	changed := Values{"lines": {"3 x Toner TK-1150 @ 89.50"}, "tax": {"20"}, "valid_until": {"2026-04-09"}, "note": {"From stock"}}
	again := olivia.sends(formPrepareQuote, checked.State, changed)
	s.wants(again, "3 × Toner TK-1150 = 268.50")
	s.wants(olivia.sends(formPrepareQuote, again.Form.State, changed), "Ready to send", "322.20 GBP")
	s.wants(olivia.sends(formPrepareQuote, again.Form.State, changed), "ERROR form Somebody else prepared quote 1 meanwhile")
}

func TestQuoteLists(t *testing.T) {
	s := quoteShop(t)
	sam, olivia, vera := s.member("Sam", desk.Technician), s.member("Olivia", desk.Sales), s.member("Vera", desk.Viewer)
	s.wants(vera.types("/quotes"), "There are no quotes yet")
	acme, beta := s.customer("Acme"), s.customer("Beta")
	first, second := sam.asksQuote(acme.ID, "Two toners"), olivia.asksQuote(beta.ID, "A copier")
	olivia.prepares(second, toners)
	s.wants(vera.types("/quotes"), "1 · Acme", "2 · Beta", "322.80 GBP", "needed by 20 Mar")
	s.wants(vera.types("/quotes status:ready"), "2 · Beta", "!Acme")
	s.wants(vera.types("/quotes customer:acme"), "1 · Acme", "!Beta")
	s.wants(vera.types("/quotes by:olivia"), "2 · Beta", "!Acme")
	s.wants(vera.types("/quotes toners from:today"), "1 · Acme", "!Beta")
	s.wants(vera.types("/quotes status:redy"), "“redy” is not a status. Did you mean “ready”?")
	s.wants(vera.types("/quotes 1"), "Quote 1 · Acme", "Two toners")
	s.wants(vera.types("/request-quote"), "You may not request quotes")
	s.wants(vera.presses(formPrepareQuote, first), "You may not prepare quotes")
	s.wants(vera.presses("quote.sent", second), "You may not")
	s.wants(vera.presses(formDeclineQuote, second), "You may not")
	s.wants(sam.presses(formPrepareQuote, first), "You may not prepare quotes")
	home := olivia.does(Request{Kind: KindHome})
	s.wants(home, "Waiting to be prepared", "1 · Acme", "You asked for", "2 · Beta")
	s.wants(sam.does(Request{Kind: KindHome}), "You asked for", "1 · Acme", "!Waiting to be prepared")
	s.wants(vera.does(Request{Kind: KindHome}), "!Quotes")
}

func TestRequestQuoteForm(t *testing.T) {
	s := quoteShop(t)
	sam := s.member("Sam", desk.Sales)
	acme := s.customer("Acme")
	form := sam.types("/request-quote " + strings.Repeat("Ŵ", 4000)).Form
	checkForm(t, form)
	quoted := sam.does(Request{Kind: KindShortcut, Name: "quote_from_message", Message: &Quoted{Text: "We need toner", Author: "Ann", Link: "https://example.com/1"}}).Form
	s.wants(Reply{Form: quoted}, "We need toner\n— Ann\nhttps://example.com/1")
	chosen := sam.presses(formRequestQuote, "c"+formatID(acme.ID)).Form
	if len(chosen.Fields[0].Chosen) != 1 || chosen.Fields[0].Chosen[0].Label != "Acme" {
		t.Errorf("chosen %+v", chosen.Fields[0].Chosen)
	}
	wrong := sam.sends(formRequestQuote, "", Values{"needed_by": {"2026-03-09"}})
	s.wants(wrong, "ERROR wanted What is wanted is missing", "ERROR needed_by 9 March 2026 is over already")
	s.wants(sam.sends(formRequestQuote, "", Values{"wanted": {"x"}}), "ERROR party Choose a customer or lead")
	s.wants(sam.sends(formRequestQuote, "", Values{"party": {"new:Bella Foods"}, "wanted": {"A copier"}}), "Quote 1 is requested", "[Prepare]")
	sam.prepares(1, toners)
	s.must(s.Desk.MoveQuote(s.ctx, sam.actor(), 1, desk.QuoteSent, ""))
	s.must(s.Desk.MoveQuote(s.ctx, sam.actor(), 1, desk.QuoteAccepted, ""))
	s.wants(sam.types("/quotes 1"), "Quote 1 · Bella Foods", "[Make customer]")

	dora := s.member("Dora", desk.Dispatcher)
	id := sam.asksQuote(acme.ID, "Two toners")
	editing := sam.presses(formEditQuote, id).Form
	checkForm(t, editing)
	s.wants(dora.sends(formEditQuote, editing.State, Values{"wanted": {"Three toners"}, "needed_by": {"2026-03-20"}, "notes": {"by courier"}}), "Quote 2 is changed")
	clash := sam.sends(formEditQuote, editing.State, Values{"wanted": {"Four toners"}, "needed_by": {"2026-03-20"}, "notes": {"by courier"}})
	checkForm(t, clash.Form)
	s.wants(clash, "Yours: Four toners", "Dora: Three toners")
	s.wants(sam.sends(formEditQuote, clash.Form.State, Values{"wanted": {"Four toners"}, "needed_by": {"2026-03-20"}, "notes": {"by courier"}}), "Quote 2 is changed")
}

func TestTheLongestQuote(t *testing.T) {
	s := quoteShop(t)
	long := strings.Repeat("Ŵ", 200)
	sam := s.member(long, desk.Sales)
	c := s.customer(long)
	id := sam.asksQuote(c.ID, strings.Repeat("Ŵ", desk.MaxWanted))
	s.exec("UPDATE quote SET notes = $1", strings.Repeat("&", desk.MaxWanted))
	var lines []string
	for range desk.MaxLines {
		lines = append(lines, "1000000 x "+strings.Repeat("Ŵ", 20)+" @ 9999")
	}
	most := Values{"lines": {strings.Join(lines, "\n")}, "tax": {"99.99"}, "valid_until": {"2199-12-31"}, "note": {strings.Repeat("Ŵ", desk.MaxQuoteNote)}}
	for range 12 {
		form := sam.presses(formPrepareQuote, id).Form
		checkForm(t, form)
		checked := sam.sends(formPrepareQuote, form.State, most)
		if checked.Form == nil {
			t.Fatal(reads(checked))
		}
		checkForm(t, checked.Form)
		s.wants(sam.sends(formPrepareQuote, checked.Form.State, most), "Ready to send")
	}
	s.must(s.Desk.MoveQuote(s.ctx, sam.actor(), id, desk.QuoteChange, strings.Repeat("Ŵ", desk.MaxDetails)))
	checkForm(t, sam.presses(formPrepareQuote, id).Form)
	card := s.quoteCard(id)
	if n := len(fmt.Sprint(card.Parts)); n > 20000 {
		t.Errorf("the longest card has %d bytes", n)
	}
	chars := 0
	for _, span := range spans(card) {
		chars += len([]rune(span.Text))
	}
	if chars > 9000 {
		t.Errorf("the longest card has %d characters of text; a message holds about 10,000", chars)
	}
}
