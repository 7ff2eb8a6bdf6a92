package bot

import (
	"cmp"
	"context"
	"slices"

	"callout/desk"
)

const formSettings = "settings"

func settingTopic() topic {
	return topic{
		buttons: map[string]handler{formSettings: (*Bot).settings},
		forms:   map[string]handler{formSettings: (*Bot).submitSettings},
	}
}

// settingLabels are the settings as people read them.
func settingLabels() map[string]string {
	return map[string]string{"calls_channel": "Channel for calls", "quotes_channel": "Channel for quotes", "reports_channel": "Channel for reports"}
}

func (b *Bot) settings(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if !a.Can(desk.ChangeSetting) {
		return say("Only an admin may change the settings."), nil
	}
	s, err := b.Desk.ChosenSettings(ctx)
	if err != nil {
		return Reply{}, err
	}
	form := &Form{ID: formSettings, Title: "Settings", Submit: "Save"}
	for _, key := range desk.SettingKeys() {
		form.Fields = append(form.Fields, Field{
			Name: key, Kind: FieldChannel, Label: settingLabels()[key], Optional: true, Value: desk.ChannelOn(s.Value(key), string(r.Platform)),
			Hint: "Leave it empty to use what the server's environment says.",
		})
	}
	form.Fields = append(form.Fields, paperFields(b.Desk.Currency, s)...)
	form.Fields = append(form.Fields, deliveryFields(s)...)
	return Reply{Form: form}, nil
}

// paperFields are the settings of what stands on quotes and other papers.
func paperFields(currency string, s desk.Settings) []Field {
	return []Field{
		{Name: "company_address", Kind: FieldText, Label: "Our address on papers", Optional: true, Max: desk.MaxAddress, Value: s.CompanyAddress, Hint: "Street, town, phone, e-mail: a line each."},
		{Name: "company_phone", Kind: FieldLine, Label: "Our phone", Optional: true, Max: 40, Value: desk.PhoneShown(s.CompanyPhone), Placeholder: "+44 20 7946 0123", Hint: "Customers are told to call it if something is not right."},
		{Name: "quote_terms", Kind: FieldText, Label: "Terms of quotes", Optional: true, Max: desk.MaxTerms, Value: s.QuoteTerms, Hint: "Small print at the foot of every quote."},
		{Name: "tax_rate", Kind: FieldLine, Label: "Tax on quotes, in percent", Optional: true, Max: 10, Value: s.TaxRate, Placeholder: "20", Hint: "What a new quote starts with. Prices are in " + currency + "."},
		{Name: "quote_days", Kind: FieldLine, Label: "Days a quote is valid", Optional: true, Max: 3, Value: s.QuoteDays, Placeholder: "30"},
	}
}

// drillOn is what the form calls the drill that needs no setting.
const drillOn = "on"

// deliveryFields are the settings of how messages go out.
func deliveryFields(s desk.Settings) []Field {
	drills := []Option{
		{Value: drillOn, Label: "Once a month", Note: "Each phone and chat is asked for a short answer"}, {Value: desk.DrillOff, Label: "Never"},
	}
	return []Field{
		{
			Name: "sms_budget", Kind: FieldLine, Label: "Text segments a month", Optional: true, Max: 10, Value: s.SMSBudget, Placeholder: "1000",
			Hint: "At 80 % admins are told; at 100 % what is not urgent goes by chat and e-mail. Empty: no limit.",
		},
		{
			Name: "drill", Kind: FieldRadio, Label: "Check that people can be reached", Optional: true, Options: drills,
			Chosen: chosenOf(drills, cmp.Or(s.Drill, drillOn)),
		},
	}
}

func (b *Bot) submitSettings(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	values := map[string]string{}
	for _, key := range slices.Concat(desk.SettingKeys(), desk.PaperKeys(), desk.DeliveryKeys()) {
		values[key] = r.Values.Get(key)
	}
	if values["drill"] == drillOn {
		values["drill"] = ""
	}
	if err := b.Desk.PutSettings(ctx, a, values); err != nil {
		return Reply{}, err
	}
	return say("The settings are saved. New cards go to the channels you chose; invite me there if they are private."), nil
}
