package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// Settings is what the environment sets and an admin may change in chat.
type Settings struct {
	CallsChannel   string
	QuotesChannel  string
	ReportsChannel string

	CompanyAddress string // as papers show it, a line each
	CompanyPhone   string // where customers call us; E.164
	QuoteTerms     string // the small print of quotes
	TaxRate        string // in percent, for new quotes; empty is none
	QuoteDays      string // how many days a new quote is valid; empty is quoteDays

	SMSBudget string // how many segments texts may cost in a month; empty is no limit
	Drill     string // off, or empty: each way to reach a person is tried once a month
}

// SettingKeys lists the keys an admin may set, in the order people see them.
func SettingKeys() []string { return []string{"calls_channel", "quotes_channel", "reports_channel"} }

// PaperKeys lists the keys of what stands on quotes and other papers, which an admin may set too.
func PaperKeys() []string {
	return []string{"company_address", "company_phone", "quote_terms", "tax_rate", "quote_days"}
}

// DeliveryKeys lists the keys of how messages go out, which an admin may set too.
func DeliveryKeys() []string { return []string{"sms_budget", "drill"} }

// DrillOff switches the monthly drill off.
const DrillOff = "off"

// Limits of what stands on papers.
const (
	MaxAddress   = 500
	MaxTerms     = 1000
	maxQuoteDays = 365
	quoteDays    = 30
)

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
	case "company_address":
		return &s.CompanyAddress
	case "company_phone":
		return &s.CompanyPhone
	case "quote_terms":
		return &s.QuoteTerms
	case "tax_rate":
		return &s.TaxRate
	case "quote_days":
		return &s.QuoteDays
	case "sms_budget":
		return &s.SMSBudget
	case "drill":
		return &s.Drill
	}
	return nil
}

// Value returns the value of a key of SettingKeys or PaperKeys.
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
		switch f := s.field(row.Key); {
		case f == nil:
		case slices.Contains(SettingKeys(), row.Key):
			*f = overlay(*f, row.Value)
		default:
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
	if err := d.checkSettings(values); err != nil {
		return err
	}
	chosen, err := d.ChosenSettings(ctx)
	if err != nil {
		return err
	}
	for key, value := range values {
		if slices.Contains(SettingKeys(), key) {
			value = rechosen(chosen.Value(key), a.Via, value)
		}
		if err := d.putSetting(ctx, a, key, clean(value)); err != nil {
			return fmt.Errorf("store setting %s: %w", key, err)
		}
	}
	d.settingsMu.Lock()
	d.settingsAt = time.Time{}
	d.settingsVersion++
	d.settingsMu.Unlock()
	return nil
}

// checkSettings refuses what no paper could show, naming every field at once.
func (d *Desk) checkSettings(values map[string]string) error {
	p := problems{}
	for key, value := range values {
		switch key {
		case "company_address":
			p.add(key, limited("The address", clean(value), 0, MaxAddress))
		case "company_phone":
			if clean(value) != "" {
				_, err := Phone(clean(value), d.Country)
				p.add(key, err)
			}
		case "quote_terms":
			p.add(key, limited("The text", clean(value), 0, MaxTerms))
		case "tax_rate":
			_, err := ParsePercent(value)
			p.add(key, err)
		case "quote_days":
			_, err := parseDays(value)
			p.add(key, err)
		case "sms_budget":
			_, err := parseBudget(value)
			p.add(key, err)
		case "drill":
			if value != "" && value != DrillOff {
				p.add(key, refuse(Invalid, "“%s” is neither off nor empty.", shorten(value, 20)))
			}
		default:
			if !slices.Contains(SettingKeys(), key) {
				return refuse(Invalid, "There is no setting “%s”. The settings are %s; of papers, %s; of messages, %s.", shorten(key, 40),
					joined(SettingKeys(), "and"), joined(PaperKeys(), "and"), joined(DeliveryKeys(), "and"))
			}
		}
	}
	return p.err()
}

// parseDays reads how many days a quote is valid.
func parseDays(typed string) (int, error) {
	if typed = strings.TrimSpace(typed); typed == "" {
		return quoteDays, nil
	}
	days, err := strconv.Atoi(typed)
	if err != nil || days < 1 || days > maxQuoteDays {
		return 0, refuse(Invalid, "“%s” is not a number of days. Write one from 1 to %d.", shorten(typed, 20), maxQuoteDays)
	}
	return days, nil
}

func (d *Desk) putSetting(ctx context.Context, a Actor, key, value string) error {
	if phone, err := Phone(value, d.Country); key == "company_phone" && err == nil {
		value = phone
	}
	if value == "" {
		return d.q.DeleteSetting(ctx, key)
	}
	return d.q.PutSetting(ctx, store.PutSettingParams{Key: key, Value: value, UpdatedBy: &a.ID, UpdatedAt: d.Now()})
}

// ChosenSettings returns only what an admin chose in chat, for the form in which it is changed.
func (d *Desk) ChosenSettings(ctx context.Context) (Settings, error) {
	return d.chosen(ctx, Settings{})
}
