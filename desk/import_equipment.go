package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"callout/store"
)

// equipmentImport turns rows into machines, with what their meters show.
type equipmentImport struct {
	*importRun
	parties  importParties
	sites    importSites
	there    map[string][]store.Equipment // by folded serial number
	readings map[int64]int64              // the newest of each machine
}

func newEquipmentImport(r *importRun) importer {
	return &equipmentImport{importRun: r, parties: importParties{run: r}, sites: importSites{run: r}}
}

func (i *equipmentImport) look(ctx context.Context, rows []*importRow) error {
	if err := i.parties.look(ctx, rows, "customer"); err != nil {
		return err
	}
	serials := make([]string, len(rows))
	for n, row := range rows {
		serials[n] = row.fields["serial"]
	}
	machines, err := i.q.ListEquipmentBySerial(ctx, serials)
	if err != nil {
		return fmt.Errorf("find machines: %w", err)
	}
	i.there, i.readings = map[string][]store.Equipment{}, map[int64]int64{}
	var ids, customers []int64
	for _, m := range machines {
		key := Fold(m.Serial)
		i.there[key] = append(i.there[key], m)
		ids, customers = append(ids, m.ID), append(customers, m.CustomerID)
	}
	readings, err := i.q.ListNewestReadings(ctx, ids)
	if err != nil {
		return fmt.Errorf("read meters: %w", err)
	}
	for _, r := range readings {
		i.readings[r.EquipmentID] = r.Value
	}
	for _, c := range i.parties.byRef {
		customers = append(customers, c.ID)
	}
	for _, c := range slices.Concat(slices.Collect(maps.Values(i.parties.byName))...) {
		customers = append(customers, c.ID)
	}
	return i.sites.look(ctx, customers)
}

// match finds a machine by its model and serial number.
func (i *equipmentImport) match(row *importRow) {
	customer, known := i.parties.owner(row)
	if !known {
		return
	}
	for _, helper := range []string{"reference", "customer_phone"} {
		delete(row.fields, helper)
	}
	row.fields["customer"] = strconv.FormatInt(customer.ID, 10)
	model := Fold(row.fields["model"])
	row.keys = []string{"machine " + model + "\n" + Fold(row.fields["serial"])}
	for _, m := range i.there[Fold(row.fields["serial"])] {
		if Fold(m.Model) == model && !i.touched[m.ID] {
			i.found(row, m)
			break
		}
	}
	i.meter(row)
}

func (i *equipmentImport) found(row *importRow, m store.Equipment) {
	row.id, row.version, row.kept = m.ID, m.Version, equipmentFields(m)
	row.before = Fields{
		"customer": strconv.FormatInt(m.CustomerID, 10), "model": m.Model, "serial": m.Serial, "warranty": dayText(m.WarrantyUntil),
		"contract": dayText(m.ContractUntil), "installed": dayText(m.InstalledOn), "meter_unit": m.MeterUnit, "skills": strings.Join(m.Skills, ", "), "notes": m.Notes,
	}
	if m.SiteID == nil {
		return
	}
	row.before["site"] = i.sites.byID[*m.SiteID].Name
	if id, there := i.sites.of(m.CustomerID, row.fields["site"]); there && id == *m.SiteID {
		row.fields["site"] = row.before["site"] // the same, in other words
	}
	if row.fields["customer"] != row.before["customer"] && row.fields["site"] == "" {
		row.fields["site"] = "" // it went to somebody else, and does not say where
	}
}

// meter compares what the meter of a row shows with what it showed before.
func (i *equipmentImport) meter(row *importRow) {
	if row.fields["meter"] == "" {
		return
	}
	if row.fields["meter_unit"] == "" && row.before["meter_unit"] == "" {
		row.problem("Meter unit", "", "It is missing: does the meter count pages, hours, or what?")
		return
	}
	last, known := i.readings[row.id]
	if row.id == 0 || !known {
		return
	}
	now, err := strconv.ParseInt(row.fields["meter"], 10, 64)
	if err == nil && now < last {
		row.problem("Meter reading", row.fields["meter"], fmt.Sprintf("The meter showed %d before, and meters do not run backwards.", last))
	}
	row.before["meter"] = strconv.FormatInt(last, 10)
}

func (i *equipmentImport) write(ctx context.Context, rows []*importRow) error {
	if err := i.reserve(ctx, "equipment", rows); err != nil {
		return err
	}
	for _, row := range rows {
		if text := row.after["site"]; text != "" {
			i.sites.need(customerIn(row), text)
		}
	}
	if err := i.sites.write(ctx); err != nil {
		return err
	}
	var fresh []store.CopyEquipmentParams
	var saved []store.ImportEquipmentParams
	var readings []store.CopyReadingsParams
	for _, row := range rows {
		m := i.machine(row)
		if row.fresh {
			fresh = append(fresh, m)
		} else {
			saved = append(saved, store.ImportEquipmentParams{
				ID: row.id, Version: row.version, CustomerID: m.CustomerID, SiteID: m.SiteID, Model: m.Model, Serial: m.Serial, WarrantyUntil: m.WarrantyUntil,
				ContractUntil: m.ContractUntil, InstalledOn: m.InstalledOn, MeterUnit: m.MeterUnit, Skills: m.Skills, Notes: m.Notes, Search: m.Search,
			})
		}
		if value, err := strconv.ParseInt(row.after["meter"], 10, 64); err == nil && row.after["meter"] != row.before["meter"] {
			readings = append(readings, store.CopyReadingsParams{EquipmentID: row.id, Value: value, At: i.Now(), MemberID: known(i.actor.ID), Via: "import", Note: i.in.File})
		}
	}
	if _, err := i.q.CopyEquipment(ctx, fresh); err != nil {
		return fmt.Errorf("write machines: %w", err)
	}
	if err := i.saved(i.q.ImportEquipment(ctx, saved).QueryRow); err != nil {
		return err
	}
	if _, err := i.q.CopyReadings(ctx, readings); err != nil {
		return fmt.Errorf("write readings: %w", err)
	}
	return i.remember(ctx, EquipmentRecord, rows)
}

func customerIn(row *importRow) int64 {
	id, _ := strconv.ParseInt(row.after["customer"], 10, 64) // match wrote it
	return id
}

func (i *equipmentImport) machine(row *importRow) store.CopyEquipmentParams {
	f := row.after
	m := store.CopyEquipmentParams{
		ID: row.id, CustomerID: customerIn(row), Model: f["model"], Serial: f["serial"], WarrantyUntil: storedDay(f["warranty"]), ContractUntil: storedDay(f["contract"]),
		InstalledOn: storedDay(f["installed"]), MeterUnit: f["meter_unit"], Skills: listed(f["skills"]), Notes: f["notes"],
		Search: equipmentSearch(f["model"], f["serial"]), CreatedAt: i.Now(),
	}
	if id, there := i.sites.of(m.CustomerID, f["site"]); there {
		m.SiteID = &id
	}
	return m
}
