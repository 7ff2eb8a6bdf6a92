package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/store"
)

// The statuses of a quote.
const (
	QuoteRequested = "requested"
	QuoteReady     = "ready"
	QuoteSent      = "sent"
	QuoteAccepted  = "accepted"
	QuoteDeclined  = "declined"
	QuoteChange    = "change_requested"
	QuoteExpired   = "expired"
)

// QuoteStatuses lists the statuses in the order in which a quote goes through them.
func QuoteStatuses() []string {
	return []string{QuoteRequested, QuoteReady, QuoteSent, QuoteAccepted, QuoteDeclined, QuoteChange, QuoteExpired}
}

// What happens to a quote besides reaching a status, as its timeline says it.
const eventRequested = "requested"

// MaxWanted is how many characters are kept of what is wanted, and of the notes on it.
const MaxWanted = 3000

// quoteDoer says who may move a quote.
type quoteDoer int

const (
	byPreparer quoteDoer = iota // who may prepare quotes
	byKeeper                    // they, and who asked for it
	byDesk                      // nobody: it happens by itself
)

// quoteMove is how a quote gets to a status.
type quoteMove struct {
	from []string
	who  quoteDoer
}

// quoteMoves is the one table of what may become of a quote: by the status it gets, from which, and who decides so.
var quoteMoves = map[string]quoteMove{
	QuoteReady:    {[]string{QuoteRequested, QuoteReady, QuoteSent, QuoteChange, QuoteExpired}, byPreparer},
	QuoteSent:     {[]string{QuoteReady}, byKeeper},
	QuoteAccepted: {[]string{QuoteSent}, byKeeper},
	QuoteDeclined: {[]string{QuoteRequested, QuoteReady, QuoteSent, QuoteChange, QuoteExpired}, byKeeper},
	QuoteChange:   {[]string{QuoteReady, QuoteSent, QuoteDeclined, QuoteExpired}, byKeeper},
	QuoteExpired:  {[]string{QuoteReady, QuoteSent}, byDesk},
}

// QuoteCan reports whether a quote of one status may get another.
func QuoteCan(from, to string) bool { return slices.Contains(quoteMoves[to].from, from) }

// mayMove refuses a move that is not in the table, or not the member's to make.
func (a Actor) mayMove(q store.Quote, to string) error {
	move := quoteMoves[to]
	desk := a.ID == 0
	if !desk {
		own := q.RequestedBy == a.ID && move.who == byKeeper && a.Can(RequestQuotes)
		if err := a.may(PrepareQuotes); err != nil && !own {
			return err
		}
	}
	if desk != (move.who == byDesk) {
		return refuse(Forbidden, "That happens to a quote by itself.")
	}
	switch {
	case q.Status == to && !slices.Contains(move.from, to):
		return refuse(Conflict, "Quote %d is %s already.", q.ID, QuoteStatusWords(to))
	case !slices.Contains(move.from, q.Status):
		return refuse(Conflict, "Quote %d is %s. It has to be %s first.", q.ID, QuoteStatusWords(q.Status), statusList(move.from))
	}
	return nil
}

// statusList is statuses as people say them: one or another.
func statusList(statuses []string) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = QuoteStatusWords(s)
	}
	return orList(words)
}

// QuoteStatusWords is a status as people say it.
func QuoteStatusWords(status string) string {
	switch status {
	case QuoteChange:
		return "waiting for a change"
	case QuoteRequested:
		return "not prepared yet"
	}
	return status
}

// NewQuote is a request for a quote as its form gives it.
type NewQuote struct {
	Party    Party
	Wanted   string
	NeededBy string // a day, or empty
	Notes    string
	Files    []Upload
}

// QuoteFields lists what may be edited of a request for a quote, as its forms name it.
func QuoteFields() []string { return []string{"wanted", "needed_by", "notes"} }

func quoteFields(q store.Quote) Fields {
	return Fields{"wanted": q.Wanted, "needed_by": dateText(q.NeededBy), "notes": q.Notes}
}

// QuoteFieldsOf is a request as its forms hold it.
func QuoteFieldsOf(q store.Quote) Fields { return quoteFields(q) }

// checkQuote cleans the fields of a request and refuses what cannot be stored, naming every field at once.
func (d *Desk) checkQuote(a Actor, typed, before Fields) (Fields, *time.Time, error) {
	p := problems{}
	f := Fields{"wanted": clean(typed["wanted"]), "needed_by": clean(typed["needed_by"]), "notes": clean(typed["notes"])}
	p.add("wanted", limited("What is wanted", f["wanted"], 1, MaxWanted))
	p.add("notes", limited("The text", f["notes"], 0, MaxWanted))
	day := d.comingDay(p, a, "needed_by", f["needed_by"], before["needed_by"])
	return f, day, p.err()
}

// RequestQuote stores a request for a quote, and shows it to those who prepare quotes. The same delivery again returns the same
// quote.
func (d *Desk) RequestQuote(ctx context.Context, a Actor, in NewQuote) (int64, error) {
	if err := a.may(RequestQuotes); err != nil {
		return 0, err
	}
	f, day, err := d.checkQuote(a, Fields{"wanted": in.Wanted, "needed_by": in.NeededBy, "notes": in.Notes}, nil)
	if err != nil {
		return 0, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return 0, err
	}
	return d.create(ctx, a, QuoteRecord, func(ctx context.Context, c *change) error {
		customer, lead, err := c.party(ctx, in.Party)
		if err != nil {
			return err
		}
		c.record.ID, err = c.q.InsertQuote(ctx, store.InsertQuoteParams{
			CustomerID: customer, LeadID: lead, Wanted: f["wanted"], NeededBy: day, Notes: f["notes"],
			Search: quoteSearch(f), RequestedBy: a.ID, RequestedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write quote: %w", err)
		}
		if err := c.event(ctx, eventRequested, "", "", ""); err != nil {
			return err
		}
		if err := c.attach(ctx, "", in.Files); err != nil {
			return err
		}
		return c.announceRequest(ctx, settings, customer, lead)
	})
}

func quoteSearch(f Fields) string { return Fold(f["wanted"] + " " + f["notes"]) }

// announceRequest shows a request in the quotes channel; without one, the dispatchers are told.
func (c *change) announceRequest(ctx context.Context, s Settings, customer, lead *int64) error {
	if len(boards(s.QuotesChannel)) > 0 {
		return c.redraw(ctx)
	}
	name, err := c.partyName(ctx, c.q, customer, lead)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s asks for a quote for %s. It is quote %d and waits to be prepared.", c.actor.Name, name, c.record.ID)
	return c.tellDispatchers(ctx, noticeQuoteNews, text)
}

// QuoteView is a quote with the names around it.
type QuoteView = store.GetQuoteViewRow

// QuoteParty is whom a quote is for, by name.
func QuoteParty(v QuoteView) string {
	if v.CustomerName != "" {
		return v.CustomerName
	}
	return LeadName(v.LeadName, v.LeadCompany)
}

// QuoteView reads a quote with the names around it, without asking who wants to know: for cards and notices.
func (d *Desk) QuoteView(ctx context.Context, id int64) (QuoteView, error) {
	v, err := d.q.GetQuoteView(ctx, id)
	if err != nil {
		return v, found(err, "There is no quote %d. /quotes lists the quotes.", id)
	}
	return v, nil
}

// Quote reads a quote for a member.
func (d *Desk) Quote(ctx context.Context, a Actor, id int64) (QuoteView, error) {
	if err := a.may(SeeQuotes); err != nil {
		return QuoteView{}, err
	}
	return d.QuoteView(ctx, id)
}

// QuoteVersions lists the versions of a quote without their lines, the newest first.
func (d *Desk) QuoteVersions(ctx context.Context, id int64) ([]store.ListQuoteVersionsRow, error) {
	rows, err := d.q.ListQuoteVersions(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("list versions of quote %d: %w", id, err)
	}
	return rows, nil
}

// QuoteNumber is a version of a quote as people name it: 42, and 42-2 from the second version on.
func QuoteNumber(id int64, version int32) string {
	if version < 2 {
		return fmt.Sprint(id)
	}
	return fmt.Sprintf("%d-%d", id, version)
}

// EditQuote changes what was asked for. version is that of the quote when the form was opened; what others changed meanwhile is
// merged. See Merge.
func (d *Desk) EditQuote(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	if err := a.may(RequestQuotes); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: QuoteRecord, ID: id}, func(ctx context.Context, c *change) error {
		q, err := c.lockQuote(ctx)
		if err != nil {
			return err
		}
		if q.Status == QuoteAccepted {
			return refuse(Conflict, "Quote %d is accepted: what was asked for stays as it is. Request another quote.", id)
		}
		stored := quoteFields(q)
		merged, err := c.merge(ctx, edit{version: version, mine: mine}, q.Version, stored)
		if err != nil {
			return err
		}
		next, day, err := c.checkQuote(a, merged, stored)
		if err != nil || len(next.changed(stored)) == 0 {
			return err
		}
		if err := c.keep(ctx, q.Version, stored); err != nil {
			return err
		}
		err = c.q.EditQuote(ctx, store.EditQuoteParams{ID: id, Wanted: next["wanted"], NeededBy: day, Notes: next["notes"], Search: quoteSearch(next)})
		if err != nil {
			return fmt.Errorf("write quote: %w", err)
		}
		if err := c.event(ctx, eventEdited, "", "", changesOf(stored, next)); err != nil {
			return err
		}
		return c.redraw(ctx)
	})
}

// lockQuote locks the quote that changes, and before it its lead: a lead that is won changes its quotes, in that order too.
func (c *change) lockQuote(ctx context.Context) (store.Quote, error) {
	q, err := c.q.GetQuote(ctx, c.record.ID)
	if err != nil {
		return q, found(err, "There is no quote %d. /quotes lists the quotes.", c.record.ID)
	}
	if q.LeadID != nil {
		if _, err := c.q.LockLead(ctx, *q.LeadID); err != nil {
			return q, fmt.Errorf("lock lead: %w", err)
		}
	}
	if q, err = c.q.LockQuote(ctx, c.record.ID); err != nil {
		return q, fmt.Errorf("lock quote: %w", err)
	}
	return q, nil
}
