package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"callout/store"
)

// SwapRecord is the kind of a swap among the records: somebody asks to be covered for a time.
const SwapRecord = "swap"

// The states of a swap.
const (
	SwapOpen      = "open"
	SwapTaken     = "taken"
	SwapWithdrawn = "withdrawn"
	SwapExpired   = "expired"
)

// Span is a time in which the asker of a swap would have been on duty, or on call.
type Span struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	OnCall bool      `json:"on_call,omitempty"`
}

// SwapView is a swap with the names around it.
type SwapView struct {
	store.GetSwapRow
	Spans []Span
}

// AskCover asks the others to cover a member for a time. Only the hours in which they would be on duty are asked for. It is posted
// where calls are, and everybody who may cover is told; skills are not compared, and that is said.
func (d *Desk) AskCover(ctx context.Context, a Actor, w When, words string) (int64, error) {
	if err := a.may(SetOwnDuty); err != nil {
		return 0, err
	}
	words = clean(words)
	if err := limitedField("words", "The text", words, 0, MaxReason); err != nil {
		return 0, err
	}
	if w.To == nil {
		return 0, wrong("day", "Say until when you need to be covered, such as /duty cover friday or /duty cover sat 9-13.")
	}
	return d.create(ctx, a, SwapRecord, func(ctx context.Context, c *change) error {
		spans, err := c.toCover(ctx, w)
		if err != nil {
			return err
		}
		encoded, err := json.Marshal(spans)
		if err != nil {
			return fmt.Errorf("encode spans: %w", err)
		}
		s, err := c.q.InsertSwap(ctx, store.InsertSwapParams{
			MemberID: a.ID, StartsAt: spans[0].From, EndsAt: spans[len(spans)-1].To, Spans: encoded, Words: words, CreatedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write swap: %w", err)
		}
		c.record.ID = s.ID
		if err := c.event(ctx, eventCoverAsked, "", SpansText(spans, c.ZoneOf(a.Member)), words); err != nil {
			return err
		}
		if err := c.tellCoverers(ctx, s, spans); err != nil {
			return err
		}
		return c.redraw(ctx)
	})
}

// The lines of a swap's timeline.
const (
	eventCoverAsked     = "cover_asked"
	eventCoverTaken     = "cover_taken"
	eventCoverWithdrawn = "cover_withdrawn"
	eventCoverExpired   = "cover_expired"
)

// toCover is when the actor would be on duty in a time, from the next full hour on.
func (c *change) toCover(ctx context.Context, w When) ([]Span, error) {
	from := w.From
	if now := c.Now(); !from.After(now) {
		from = now.Truncate(time.Hour).Add(time.Hour)
	}
	zone := c.ZoneOf(c.actor.Member)
	if !w.To.After(from) {
		return nil, wrong("day", "That begins at once. Ask the others directly, or a dispatcher.")
	}
	if _, err := c.q.LockMember(ctx, c.actor.ID); err != nil { // two forms at once
		return nil, fmt.Errorf("lock member: %w", err)
	}
	open, err := c.q.HasOpenSwap(ctx, store.HasOpenSwapParams{MemberID: c.actor.ID, Since: from, Until: *w.To})
	if err != nil {
		return nil, fmt.Errorf("read open swaps: %w", err)
	}
	if open {
		return nil, wrong("day", "You ask to be covered then already. /duty shows it.")
	}
	facts, err := c.dutyFacts(ctx, c.q, map[int64]*time.Location{c.actor.ID: zone}, from, *w.To)
	if err != nil {
		return nil, err
	}
	var spans []Span
	for _, s := range DutyOver(facts[c.actor.ID], from, *w.To) {
		if s.Duty.Any() {
			spans = append(spans, Span{From: s.From, To: s.To, OnCall: s.Duty.OnCall})
		}
	}
	switch {
	case len(spans) == 0:
		return nil, wrong("day", "You are not on duty %s, so there is nothing to cover.", SpanText(from, *w.To, zone, "Mon 2 Jan"))
	case len(spans) > maxSpans:
		return nil, wrong("day", "That is too long to be covered by one person. Ask for at most two weeks, or for time off.")
	}
	return spans, nil
}

// maxSpans is how many stretches of duty one swap may have: two weeks of two a day.
const maxSpans = 28

// SpansText says when somebody is covered.
func SpansText(spans []Span, zone *time.Location) string {
	var parts []string
	for _, s := range spans {
		text := SpanText(s.From, s.To, zone, "Mon 2 Jan")
		if s.OnCall {
			text += " (on call)"
		}
		parts = append(parts, text)
	}
	if len(parts) > 5 {
		return strings.Join(parts[:2], ", ") + fmt.Sprintf(", and %d more until ", len(parts)-3) + parts[len(parts)-1]
	}
	return joined(parts, "and")
}

// tellCoverers tells every other technician who has no time off then.
func (c *change) tellCoverers(ctx context.Context, s store.DutySwap, spans []Span) error {
	members, err := c.q.ListMembersWithRole(ctx, Technician)
	if err != nil {
		return fmt.Errorf("list technicians: %w", err)
	}
	facts, err := c.dutyFacts(ctx, c.q, c.zonesOf(members), s.StartsAt, s.EndsAt)
	if err != nil {
		return err
	}
	for _, m := range members {
		if len(facts[m.ID].TimeOff) > 0 {
			continue
		}
		text := fmt.Sprintf("%s asks to be covered: %s.", c.actor.Name, SpansText(spans, c.ZoneOf(m)))
		if s.Words != "" {
			text += " " + s.Words + dotAfter(s.Words)
		}
		if err := c.tell(ctx, m.ID, noticeDutyNews, text+" Whoever takes it first in chat has it; skills are not compared."); err != nil {
			return err
		}
	}
	return nil
}

// dotAfter ends a sentence that somebody typed, unless it ends already.
func dotAfter(text string) string {
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return ""
	}
	return "."
}

// Swap reads a swap for its card.
func (d *Desk) Swap(ctx context.Context, id int64) (SwapView, error) {
	row, err := d.q.GetSwap(ctx, id)
	if err != nil {
		return SwapView{}, found(err, "Nobody asks to be covered under number %d.", id)
	}
	v := SwapView{GetSwapRow: row}
	if err := json.Unmarshal(row.DutySwap.Spans, &v.Spans); err != nil {
		return v, fmt.Errorf("decode spans of swap %d: %w", id, err)
	}
	return v, nil
}

// swap locks an open swap and lets fn end it. Who comes late learns what became of it.
func (d *Desk) swap(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, store.DutySwap, []Span) error) error {
	return d.change(ctx, a, Record{Kind: SwapRecord, ID: id}, func(ctx context.Context, c *change) error {
		s, err := c.q.LockSwap(ctx, id)
		if err != nil {
			return found(err, "Nobody asks to be covered under number %d.", id)
		}
		if s.State == SwapOpen && !s.StartsAt.After(c.Now()) {
			return refuse(Conflict, "It is too late for that: the time has begun.")
		}
		if s.State != SwapOpen {
			return c.swapEnded(ctx, id)
		}
		var spans []Span
		if err := json.Unmarshal(s.Spans, &spans); err != nil {
			return fmt.Errorf("decode spans of swap %d: %w", id, err)
		}
		if err := fn(ctx, c, s, spans); err != nil {
			return err
		}
		return c.redraw(ctx)
	})
}

// swapEnded says to who comes late what became of a swap.
func (c *change) swapEnded(ctx context.Context, id int64) error {
	row, err := c.q.GetSwap(ctx, id)
	if err != nil {
		return fmt.Errorf("read swap: %w", err)
	}
	switch {
	case row.DutySwap.TakenBy != nil && *row.DutySwap.TakenBy == c.actor.ID:
		return refuse(Conflict, "You took it already. Thank you!")
	case row.DutySwap.State == SwapTaken:
		return refuse(Conflict, "%s was faster and covers %s.", row.Taker, row.Asker)
	case row.DutySwap.State == SwapWithdrawn:
		return refuse(Conflict, "%s does not need to be covered any more.", row.Asker)
	}
	return refuse(Conflict, "Nobody took it in time, and the time has begun.")
}

func (c *change) endSwap(ctx context.Context, id int64, state string, takenBy *int64, event string) error {
	now := c.Now()
	if err := c.q.EndSwap(ctx, store.EndSwapParams{ID: id, State: state, TakenBy: takenBy, Now: &now}); err != nil {
		return fmt.Errorf("end swap: %w", err)
	}
	return c.event(ctx, event, "", "", "")
}
