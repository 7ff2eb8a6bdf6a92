package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// What happens to a machine, as its timeline says it.
const (
	eventRetired  = "retired"
	eventReturned = "returned"
)

// Limits of what a machine holds.
const (
	MaxModel     = 100
	MaxSerial    = 100
	MaxMeterUnit = 20
	MaxSkills    = 200
)

// EquipmentFields lists what people may edit of a machine, in the order they see it.
func EquipmentFields() []string {
	return []string{"model", "serial", "site", "installed_on", "warranty_until", "contract_until", "meter_unit", "skills", "notes"}
}

func equipmentFields(e store.Equipment) Fields {
	site := ""
	if e.SiteID != nil {
		site = strconv.FormatInt(*e.SiteID, 10)
	}
	return Fields{
		"model": e.Model, "serial": e.Serial, "site": site, "installed_on": dateText(e.InstalledOn), "warranty_until": dateText(e.WarrantyUntil),
		"contract_until": dateText(e.ContractUntil), "meter_unit": e.MeterUnit, "skills": strings.Join(e.Skills, ", "), "notes": e.Notes,
	}
}

// EquipmentFieldsOf is a machine as its form holds it.
func EquipmentFieldsOf(e store.Equipment) Fields { return equipmentFields(e) }

// equipmentSearch is the folded text a machine is found by.
func equipmentSearch(model, serial string) string { return Fold(model + " " + serial) }

// noEquipment refuses a machine that is not there.
func noEquipment(err error, id int64) error {
	return found(err, "There is no machine %d. /equipment lists the machines.", id)
}

// AddEquipment adds a machine of a customer. A second one with the same model and serial number is refused, with whose the first is.
func (d *Desk) AddEquipment(ctx context.Context, a Actor, customerID int64, f Fields) (int64, error) {
	if err := a.may(EditEquipment); err != nil {
		return 0, err
	}
	if customerID == 0 {
		return 0, wrong("customer", "Choose the customer whose machine it is.")
	}
	return d.create(ctx, a, EquipmentRecord, func(ctx context.Context, c *change) error {
		e := store.Equipment{CustomerID: customerID}
		if err := c.checkEquipment(ctx, f, nil, &e); err != nil {
			return err
		}
		row, err := c.q.AddEquipment(ctx, store.AddEquipmentParams{
			CustomerID: customerID, SiteID: e.SiteID, Model: e.Model, Serial: e.Serial, InstalledOn: e.InstalledOn, WarrantyUntil: e.WarrantyUntil,
			ContractUntil: e.ContractUntil, MeterUnit: e.MeterUnit, Notes: e.Notes, Skills: e.Skills, Search: equipmentSearch(e.Model, e.Serial),
			CreatedAt: c.Now(),
		})
		if isConstraint(err, "equipment_customer_id_fkey") {
			return wrong("customer", "That customer is not there any more. Choose again.")
		}
		if err != nil {
			return equipmentWritten(err)
		}
		c.record.ID = row.ID
		return c.event(ctx, "added", "", "", "")
	})
}

// equipmentTwin is the constraint that no two machines are the same.
const equipmentTwin = "equipment_serial_unique"

// equipmentWritten refuses the machine that somebody else added a moment before.
func equipmentWritten(err error) error {
	if isConstraint(err, equipmentTwin) {
		return wrong("serial", "Somebody just added a machine of this model with this serial number. Look at it with /equipment and the number.")
	}
	return fmt.Errorf("write machine: %w", err)
}

// EditEquipment changes what is known of a machine. version is that of the machine when the form was opened; what others changed
// meanwhile is merged. See Merge.
func (d *Desk) EditEquipment(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	if err := a.may(EditEquipment); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: EquipmentRecord, ID: id}, func(ctx context.Context, c *change) error {
		e, err := c.q.LockEquipment(ctx, id)
		if err != nil {
			return noEquipment(err, id)
		}
		before := equipmentFields(e)
		merged, err := c.merge(ctx, edit{version: version, mine: tidied(mine)}, e.Version, before)
		if err != nil {
			return err
		}
		if err := c.checkEquipment(ctx, merged, before, &e); err != nil {
			return err
		}
		after := equipmentFields(e)
		if len(after.changed(before)) == 0 {
			return nil
		}
		return c.equipmentEdited(ctx, e, before, after)
	})
}

// tidied writes what was typed as it is stored where both mean the same, so that nobody clashes over spaces.
func tidied(typed Fields) Fields {
	out := Fields{}
	for name, text := range typed {
		out[name] = clean(text)
	}
	for _, name := range []string{"model", "serial", "meter_unit"} {
		if text, ok := out[name]; ok {
			out[name] = oneLine(text)
		}
	}
	if text, ok := out["skills"]; ok {
		out["skills"] = strings.Join(skillsIn(text), ", ")
	}
	return out
}

func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// skillsIn reads skills as people type them, with commas between them.
func skillsIn(text string) []string {
	skills := []string{}
	for _, s := range strings.FieldsFunc(clean(text), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if s = strings.ToLower(oneLine(s)); s != "" && !slices.Contains(skills, s) {
			skills = append(skills, s)
		}
	}
	return skills
}

func (c *change) equipmentEdited(ctx context.Context, e store.Equipment, before, after Fields) error {
	if err := c.keep(ctx, e.Version, before); err != nil {
		return err
	}
	err := c.q.UpdateEquipment(ctx, store.UpdateEquipmentParams{
		ID: e.ID, SiteID: e.SiteID, Model: e.Model, Serial: e.Serial, InstalledOn: e.InstalledOn, WarrantyUntil: e.WarrantyUntil,
		ContractUntil: e.ContractUntil, MeterUnit: e.MeterUnit, Notes: e.Notes, Skills: e.Skills, Search: equipmentSearch(e.Model, e.Serial),
	})
	if err != nil {
		return equipmentWritten(err)
	}
	note, err := c.equipmentChanges(ctx, e.CustomerID, before, after)
	if err != nil {
		return err
	}
	return c.event(ctx, eventEdited, "", "", note)
}

// equipmentChanges says what an edit changed, with the address of a site instead of its number.
func (c *change) equipmentChanges(ctx context.Context, customerID int64, before, after Fields) (string, error) {
	sites, err := c.q.ListSites(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("list sites: %w", err)
	}
	named := func(f Fields) Fields {
		out := Fields{}
		for name, text := range f {
			out[name] = text
		}
		for _, s := range sites {
			if strconv.FormatInt(s.ID, 10) == f["site"] {
				out["site"] = SiteName(s)
			}
		}
		return out
	}
	return changesOf(named(before), named(after)), nil
}

// SiteName is a site as people know it.
func SiteName(s store.Site) string { return cmp.Or(s.Name, s.Address) }

// RetireEquipment says that a machine is not in use any more: its plans rest, and it is not offered for new calls.
func (d *Desk) RetireEquipment(ctx context.Context, a Actor, id int64) error {
	now := d.Now()
	return d.setRetired(ctx, a, id, &now)
}

// ReturnEquipment brings a retired machine back. What its plans would have wanted meanwhile is not missed.
func (d *Desk) ReturnEquipment(ctx context.Context, a Actor, id int64) error {
	return d.setRetired(ctx, a, id, nil)
}

func (d *Desk) setRetired(ctx context.Context, a Actor, id int64, at *time.Time) error {
	if err := a.may(EditEquipment); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: EquipmentRecord, ID: id}, func(ctx context.Context, c *change) error {
		e, err := c.q.LockEquipment(ctx, id)
		if err != nil {
			return noEquipment(err, id)
		}
		if (e.RetiredAt == nil) == (at == nil) {
			return nil
		}
		if err := c.q.SetEquipmentRetired(ctx, store.SetEquipmentRetiredParams{ID: id, RetiredAt: at}); err != nil {
			return fmt.Errorf("write machine: %w", err)
		}
		if at != nil {
			return c.event(ctx, eventRetired, "", "", "")
		}
		if err := c.resumePlans(ctx, id); err != nil {
			return err
		}
		return c.event(ctx, eventReturned, "", "", "")
	})
}
