package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/store"
)

// Settings is what the environment sets and an admin may change in chat.
type Settings struct {
	CallsChannel   string
	QuotesChannel  string
	ReportsChannel string
}

// SettingKeys lists the keys an admin may set, in the order people see them.
func SettingKeys() []string { return []string{"calls_channel", "quotes_channel", "reports_channel"} }

// settingsFresh is how long another instance may take to notice a change made here.
const settingsFresh = 5 * time.Second

func (s *Settings) field(key string) *string {
	switch key {
	case "calls_channel":
		return &s.CallsChannel
	case "quotes_channel":
		return &s.QuotesChannel
	case "reports_channel":
		return &s.ReportsChannel
	}
	return nil
}

// Value returns the value of a key of SettingKeys.
func (s Settings) Value(key string) string {
	if f := s.field(key); f != nil {
		return *f
	}
	return ""
}

// Settings returns the settings in force. Nobody waits for anybody else's query: while one reads them anew, the others get
// what was in force a moment ago.
func (d *Desk) Settings(ctx context.Context) (Settings, error) {
	d.settingsMu.Lock()
	s, known, version := d.settings, !d.settingsAt.IsZero(), d.settingsVersion
	age := d.Now().Sub(d.settingsAt)
	if known && (age >= 0 && age < settingsFresh || d.settingsBusy) {
		d.settingsMu.Unlock()
		return s, nil
	}
	d.settingsBusy = true
	d.settingsMu.Unlock()

	chosen, err := d.chosen(ctx, d.Defaults)
	d.settingsMu.Lock()
	defer d.settingsMu.Unlock()
	d.settingsBusy = false
	if err != nil {
		return Settings{}, err
	}
	if version == d.settingsVersion { // else somebody changed them meanwhile
		d.settings, d.settingsAt = chosen, d.Now()
	}
	return chosen, nil
}

// chosen reads what an admin chose over what the environment says.
func (d *Desk) chosen(ctx context.Context, s Settings) (Settings, error) {
	rows, err := d.q.ListSettings(ctx)
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	for _, row := range rows {
		if f := s.field(row.Key); f != nil {
			*f = row.Value
		}
	}
	return s, nil
}

// PutSettings changes settings; a value that is empty goes back to what the environment says.
func (d *Desk) PutSettings(ctx context.Context, a Actor, values map[string]string) error {
	if err := a.may(ChangeSetting); err != nil {
		return err
	}
	for key, value := range values {
		if !slices.Contains(SettingKeys(), key) {
			return refuse(Invalid, "There is no setting “%s”. The settings are %s.", key, joined(SettingKeys(), "and"))
		}
		if err := d.putSetting(ctx, a, key, value); err != nil {
			return fmt.Errorf("store setting %s: %w", key, err)
		}
	}
	d.settingsMu.Lock()
	d.settingsAt = time.Time{}
	d.settingsVersion++
	d.settingsMu.Unlock()
	return nil
}

func (d *Desk) putSetting(ctx context.Context, a Actor, key, value string) error {
	if value == "" {
		return d.q.DeleteSetting(ctx, key)
	}
	return d.q.PutSetting(ctx, store.PutSettingParams{Key: key, Value: value, UpdatedBy: &a.ID, UpdatedAt: d.Now()})
}

// ChosenSettings returns only what an admin chose in chat, for the form in which it is changed.
func (d *Desk) ChosenSettings(ctx context.Context) (Settings, error) {
	return d.chosen(ctx, Settings{})
}
