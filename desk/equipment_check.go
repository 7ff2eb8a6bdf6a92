package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// checkEquipment reads the fields of a machine into e and refuses what cannot be stored, naming every field at once. before is what
// was stored; nil for a new one.
func (c *change) checkEquipment(ctx context.Context, f, before Fields, e *store.Equipment) error {
	p := problems{}
	f = tidied(f)
	e.Model, e.Serial, e.MeterUnit, e.Notes, e.Skills = f["model"], f["serial"], f["meter_unit"], f["notes"], skillsIn(f["skills"])
	p.add("model", limited("The model", e.Model, 1, MaxModel))
	p.add("serial", limited("The serial number", e.Serial, 1, MaxSerial))
	p.add("meter_unit", limited("The unit", e.MeterUnit, 0, MaxMeterUnit))
	p.add("notes", limited("The text", e.Notes, 0, MaxNotes))
	p.add("skills", limited("The list of skills", f["skills"], 0, MaxSkills))
	e.InstalledOn = anyDay(p, "installed_on", f["installed_on"])
	e.WarrantyUntil = anyDay(p, "warranty_until", f["warranty_until"])
	e.ContractUntil = anyDay(p, "contract_until", f["contract_until"])
	if e.InstalledOn != nil && e.InstalledOn.After(c.Today(c.actor)) && f["installed_on"] != before["installed_on"] {
		p.add("installed_on", refuse(Invalid, "%s has not come yet. Leave it empty until the machine is installed.", e.InstalledOn.Format(dayShown)))
	}
	if e.InstalledOn != nil && e.WarrantyUntil != nil && e.WarrantyUntil.Before(*e.InstalledOn) {
		p.add("warranty_until", refuse(Invalid, "The warranty ends before the machine was installed. Look at both days."))
	}
	if err := c.checkSite(ctx, p, f["site"], e); err != nil {
		return err
	}
	if err := c.checkTwin(ctx, p, *e); err != nil {
		return err
	}
	return p.err()
}

// dayShown is how a day is written for people.
const dayShown = "2 January 2006"

// anyDay reads a day as a form holds it.
func anyDay(p problems, field, typed string) *time.Time {
	if typed == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, typed)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		p.add(field, refuse(Invalid, "“%s” is not a day that exists. Write it like 2026-03-31.", shorten(typed, 40)))
		return nil
	}
	return &day
}

// checkSite refuses a site of another customer. A customer's only site is where the machine is if nobody says.
func (c *change) checkSite(ctx context.Context, p problems, typed string, e *store.Equipment) error {
	sites, err := c.q.ListSites(ctx, e.CustomerID)
	if err != nil {
		return fmt.Errorf("list sites: %w", err)
	}
	e.SiteID = nil
	if typed == "" {
		return nil
	}
	for _, s := range sites {
		if strconv.FormatInt(s.ID, 10) == typed {
			e.SiteID = &s.ID
			return nil
		}
	}
	p.add("site", refuse(Invalid, "That site is not one of this customer's. Choose again."))
	return nil
}

// checkTwin refuses a machine that is there already, and says whose it is.
func (c *change) checkTwin(ctx context.Context, p problems, e store.Equipment) error {
	if e.Model == "" || e.Serial == "" {
		return nil
	}
	twin, err := c.q.FindEquipmentTwin(ctx, store.FindEquipmentTwinParams{Model: e.Model, Serial: e.Serial, But: e.ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the same machine: %w", err)
	}
	state := ""
	if twin.RetiredAt != nil {
		state = ", retired"
	}
	p.add("serial", refuse(Invalid, "%s %s is there already: machine %d of %s%s. Look at the serial number again, or see /equipment %d.",
		e.Model, e.Serial, twin.ID, twin.Customer, state, twin.ID))
	return nil
}
