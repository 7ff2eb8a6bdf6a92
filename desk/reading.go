package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// NewReading is what somebody says that a meter shows.
type NewReading struct {
	Value    string // as typed: 12345, 12,345 or 12 345
	On       string // the day, as a form holds it; empty is now
	Unit     string // what the meter counts, if that is not known yet
	Replaced bool   // it is another meter than before, and begins anew
	Note     string // says why, if it was replaced
	Sure     int64  // the value that was asked about and is meant
}

// Doubt asks whether a reading is meant: it is far from what was expected. Send the same again with Sure set to its Value.
type Doubt struct {
	Value int64
	Text  string
}

// doubtful is how many times the usual use, or the last value, a reading may show before it is asked about.
const doubtful = 10

// errDoubt keeps a doubtful reading from being written.
var errDoubt = errors.New("a doubtful reading")

// ReadMeter keeps what a meter shows. It never shows less than before, unless it was replaced, and the plans of the machine are
// counted anew. A reading that is hardly possible is not kept but asked about.
func (d *Desk) ReadMeter(ctx context.Context, a Actor, equipmentID int64, in NewReading) (*Doubt, error) {
	if err := a.may(ReadMeters); err != nil {
		return nil, err
	}
	var doubt *Doubt
	err := d.change(ctx, a, Record{Kind: EquipmentRecord, ID: equipmentID}, func(ctx context.Context, c *change) error {
		e, err := c.q.LockEquipment(ctx, equipmentID)
		if err != nil {
			return noEquipment(err, equipmentID)
		}
		r, err := c.checkReading(ctx, &e, in)
		if err != nil {
			return err
		}
		if doubt, err = c.doubt(ctx, e, r, in); err != nil {
			return err
		}
		if doubt != nil {
			return errDoubt
		}
		return c.keepReading(ctx, e, r)
	})
	return doubt, ignore(err, errDoubt)
}

// checkReading reads a reading and refuses what cannot be, naming every field at once. It says what the machine's meter counts if
// that is new.
func (c *change) checkReading(ctx context.Context, e *store.Equipment, in NewReading) (store.InsertReadingParams, error) {
	p := problems{}
	r := store.InsertReadingParams{
		EquipmentID: e.ID, MemberID: known(c.actor.ID), Via: cmp.Or(c.actor.Via, "desk"), Note: clean(in.Note), Replaced: in.Replaced,
	}
	var err error
	r.Value, err = meterValue(in.Value)
	p.add("value", err)
	r.At, err = c.readAt(in.On)
	p.add("on", err)
	if e.MeterUnit == "" {
		e.MeterUnit = oneLine(in.Unit)
		p.add("meter_unit", limited("What the meter counts", e.MeterUnit, 1, MaxMeterUnit))
	}
	p.add("note", limited("The note", r.Note, 0, MaxReason))
	if in.Replaced && r.Note == "" {
		p.add("note", refuse(Invalid, "Say why the meter was replaced."))
	}
	if len(p) > 0 {
		return r, p.err()
	}
	return r, c.checkNeighbours(ctx, *e, r)
}

// numberOf matches whole numbers, perhaps with something between groups of three digits.
var numberOf = regexp.MustCompile(`^\d+$|^\d{1,3}(?:[ ,.'’\x{a0}\x{202f}]\d{3})+$`)

func meterValue(typed string) (int64, error) {
	typed = clean(typed)
	if typed == "" {
		return 0, refuse(Invalid, "Type what the meter shows.")
	}
	if !numberOf.MatchString(typed) {
		return 0, refuse(Invalid, "“%s” is not what a meter shows. Type a whole number such as 12345.", shorten(typed, 30))
	}
	value, err := strconv.ParseInt(digits(typed), 10, 64)
	if err != nil || value > 1e15 {
		return 0, refuse(Invalid, "%s is more than a meter can show. Look again.", shorten(typed, 30))
	}
	return value, nil
}

// readAt is the moment of a reading: now, or the middle of a day before.
func (c *change) readAt(on string) (time.Time, error) {
	now, zone := c.Now(), c.ZoneOf(c.actor.Member)
	if on == "" {
		return now, nil
	}
	day, err := time.Parse(time.DateOnly, on)
	today := DayOf(now, zone)
	switch {
	case err != nil || day.Year() < 1990:
		return now, refuse(Invalid, "“%s” is not a day on which a meter was read. Write it like %s.", shorten(on, 20), today.Format(time.DateOnly))
	case day.After(today):
		return now, refuse(Invalid, "%s has not come yet. A reading says what the meter shows now, or showed before.", day.Format(dayShown))
	case day.Equal(today):
		return now, nil
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone), nil
}

// checkNeighbours refuses a reading that is less than the one before it, or more than the one after it.
func (c *change) checkNeighbours(ctx context.Context, e store.Equipment, r store.InsertReadingParams) error {
	after, err := c.q.ReadingAfter(ctx, store.ReadingAfterParams{EquipmentID: e.ID, At: r.At})
	switch {
	case err == nil && r.Replaced:
		return wrong("on", "There is a later reading, of %s. A meter that was replaced begins with its newest reading.", c.readingWords(e, after))
	case err == nil && !after.Replaced && r.Value > after.Value:
		return wrong("value", "%s is more than the meter showed later: %s.", grouped(r.Value), c.readingWords(e, after))
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("read next reading: %w", err)
	}
	before, err := c.q.ReadingBefore(ctx, store.ReadingBeforeParams{EquipmentID: e.ID, At: r.At})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("read last reading: %w", err)
	case !r.Replaced && r.Value < before.Value:
		return wrong("value", "%s is less than the meter showed before: %s. If it is another meter now, tick “The meter was replaced”.",
			grouped(r.Value), c.readingWords(e, before))
	}
	return nil
}

// readingWords is a reading in words: what, and when.
func (c *change) readingWords(e store.Equipment, r store.Reading) string {
	return fmt.Sprintf("%s %s on %s", grouped(r.Value), e.MeterUnit, r.At.In(c.ZoneOf(c.actor.Member)).Format(dayShown))
}

// grouped is a number with commas between its thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Grouped is a number as people read it: 12,345.
func Grouped(n int64) string { return grouped(n) }

// doubt asks about a reading that is hardly possible; nil if it is plausible or was asked about already.
func (c *change) doubt(ctx context.Context, e store.Equipment, r store.InsertReadingParams, in NewReading) (*Doubt, error) {
	if r.Replaced || in.Sure == r.Value && in.Sure != 0 {
		return nil, nil
	}
	var h History
	if err := c.readMeter(ctx, c.q, e.ID, &h); err != nil {
		return nil, err
	}
	on := DayOf(r.At, c.Zone)
	for len(h.Readings) > 0 && h.Readings[0].On.After(on) { // a late one is compared with those before it
		h.Readings = h.Readings[1:]
	}
	if len(h.Readings) == 0 {
		return nil, nil
	}
	text := Implausible(h.Readings, MeterReading{On: on, Value: r.Value}, e.MeterUnit)
	if text == "" {
		return nil, nil
	}
	return &Doubt{Value: r.Value, Text: text}, nil
}

// Implausible says why a reading is hardly possible after those before it, the newest first: more than ten times the usual use, or
// without a usual use, more than ten times the last value. It says nothing of a plausible one.
func Implausible(before []MeterReading, r MeterReading, unit string) string {
	last := before[0]
	grown, days := r.Value-last.Value, max(1, daysBetween(last.On, r.On))
	rate, ok := Rate(before)
	switch {
	case ok && rate > 0 && float64(grown) > doubtful*rate*float64(days):
		return fmt.Sprintf("That is %s %s more than on %s. This machine usually makes about %s a day.",
			grouped(grown), unit, last.On.Format(dayShown), grouped(int64(rate+0.5)))
	case (!ok || rate <= 0) && last.Value > 0 && r.Value > doubtful*last.Value:
		return fmt.Sprintf("That is more than ten times what it showed on %s: %s %s.", last.On.Format(dayShown), grouped(last.Value), unit)
	}
	return ""
}

// keepReading writes a reading, and counts the plans of the machine anew.
func (c *change) keepReading(ctx context.Context, e store.Equipment, r store.InsertReadingParams) error {
	stored, err := c.q.GetEquipment(ctx, e.ID)
	if err != nil {
		return fmt.Errorf("read machine: %w", err)
	}
	if stored.MeterUnit != e.MeterUnit {
		if err := c.equipmentEdited(ctx, e, equipmentFields(stored), equipmentFields(e)); err != nil {
			return err
		}
	}
	if r.Replaced {
		if err := c.moveAnchors(ctx, e.ID, r.Value); err != nil {
			return err
		}
	}
	if _, err := c.q.InsertReading(ctx, r); err != nil {
		return fmt.Errorf("write reading: %w", err)
	}
	return c.putDueOf(ctx, c.q, e.ID)
}

// moveAnchors lets the plans of a machine count on over a new meter: what was left to the next multiple is left on the new one.
func (c *change) moveAnchors(ctx context.Context, equipmentID, value int64) error {
	old := int64(0)
	last, err := c.q.LastReadings(ctx, store.LastReadingsParams{EquipmentID: equipmentID, Max: 1})
	if err != nil {
		return fmt.Errorf("read last reading: %w", err)
	}
	if len(last) > 0 {
		old = last[0].Reading.Value
	}
	plans, err := c.q.LockMeterPlansOf(ctx, equipmentID)
	if err != nil {
		return fmt.Errorf("list plans of machine %d: %w", equipmentID, err)
	}
	for _, p := range plans {
		due, err := c.planDue(ctx, c.q, p, c.Now())
		if err != nil {
			return err
		}
		if err := c.keepPlan(ctx, p); err != nil {
			return err
		}
		p.AnchorMeter = value + due.Meter - old - p.MeterEvery
		if _, err := c.savePlan(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// MeterWords is a value with its unit.
func MeterWords(value int64, unit string) string {
	return strings.TrimSpace(grouped(value) + " " + unit)
}
