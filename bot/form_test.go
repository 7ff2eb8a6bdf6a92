package bot

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"callout/desk"
	"callout/store"
)

// checkForm fails the test if a form breaks a limit of the neutral vocabulary.
func checkForm(t *testing.T, f *Form) {
	t.Helper()
	if f == nil {
		t.Fatal("no form")
	}
	if n := utf8.RuneCountInString(f.Title); n == 0 || n > 24 {
		t.Errorf("form %s: the title %q has %d characters", f.ID, f.Title, n)
	}
	if len(f.State) > 2000 {
		t.Errorf("form %s: its state has %d bytes", f.ID, len(f.State))
	}
	names := map[string]bool{}
	for _, field := range f.Fields {
		if field.Name == "" || names[field.Name] {
			t.Errorf("form %s has two fields %q", f.ID, field.Name)
		}
		names[field.Name] = true
		if field.Kind != FieldNote && field.Label == "" {
			t.Errorf("form %s: field %s has no label", f.ID, field.Name)
		}
		if field.Max > 0 && utf8.RuneCountInString(field.Value) > field.Max {
			t.Errorf("form %s: field %s holds more than its %d characters", f.ID, field.Name, field.Max)
		}
		checkOptions(t, f.ID+"."+field.Name, field.Options)
		checkOptions(t, f.ID+"."+field.Name, field.Chosen)
		if (field.Kind == FieldRadio || field.Kind == FieldChecks) && len(field.Options) > 10 {
			t.Errorf("form %s: field %s has %d options", f.ID, field.Name, len(field.Options))
		}
	}
}

func checkOptions(t *testing.T, where string, options []Option) {
	t.Helper()
	if len(options) > 100 {
		t.Errorf("%s has %d options", where, len(options))
	}
	for _, o := range options {
		if o.Value == "" || len(o.Value) > 75 || !utf8.ValidString(o.Value) {
			t.Errorf("%s: the value %q has %d bytes", where, o.Value, len(o.Value))
		}
		if n := utf8.RuneCountInString(o.Label); n == 0 || n > 75 || utf8.RuneCountInString(o.Note) > 75 {
			t.Errorf("%s: the label %q is too long or empty, or the note %q", where, o.Label, o.Note)
		}
	}
}

// crowd fills a company with the longest names there may be.
func (s *shop) crowd() (ada *person, c store.Customer) {
	s.Helper()
	long := func(i int) string { return fmt.Sprintf("%03d ", i) + strings.Repeat("Ŵ", 196) }
	ada = s.member(long(0), desk.Roles()...)
	c = s.customer(long(1))
	for i := range 120 {
		_, err := s.store.InsertMember(s.ctx, store.InsertMemberParams{
			Name: long(i), Search: "x", Roles: []string{desk.Technician}, State: desk.StateActive, Timezone: "UTC", CreatedAt: s.now,
		})
		s.must(err)
		_, err = s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: long(i), Serial: long(i), Skills: []string{}, WarrantyUntil: &s.now, CreatedAt: s.now})
		s.must(err)
		_, err = s.store.InsertContact(s.ctx, store.InsertContactParams{CustomerID: c.ID, Name: long(i), Phone: "+442079460123", CreatedAt: s.now})
		s.must(err)
		if i < 30 {
			s.customer(long(i))
		}
	}
	return ada, c
}

func TestFormsKeepTheirLimits(t *testing.T) {
	s := openShop(t)
	ada, c := s.crowd()
	for _, line := range []string{"/log-call", "/log-call " + strings.Repeat("wörd ", 1500), "/report", "/callout settings"} {
		checkForm(t, ada.types(line).Form)
	}
	for action := range buttonForms() {
		r := Request{Kind: KindButton, Name: action, Value: "9223372036854775807"}
		checkForm(t, s.Preview(r))
		checkForm(t, ada.does(r).Form)
	}
	checkForm(t, ada.presses(formApprove, ada.member.ID).Form)
	checkForm(t, ada.presses(formPhone, "").Form)
	checkForm(t, ada.presses(formCode, "").Form)
	checkForm(t, ada.presses(callList.filter(), "status:pending words").Form)
	checkForm(t, s.stranger("Nel").types("/calls").Form)
	for _, customer := range []string{fmt.Sprint(c.ID), "new:" + strings.Repeat("Ŵ", 35), "new:+44 20", "", "x"} {
		checkForm(t, ada.does(Request{Kind: KindChange, Name: formLogCall, Field: "customer", Values: Values{"customer": {customer}}}).Form)
	}
	for _, typed := range []string{"", "0", strings.Repeat("Ŵ", 2000), "Ŵ"} {
		checkOptions(t, "customer", ada.does(Request{Kind: KindSearch, Name: formLogCall, Field: "customer", Text: typed}).Options)
		checkOptions(t, "technician", ada.does(Request{Kind: KindSearch, Name: formLogCall, Field: "technician", Text: typed}).Options)
	}
}

func TestLogCallFormKeepsWhatWasTyped(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	field := func(f *Form, name string) Field {
		t.Helper()
		for _, field := range f.Fields {
			if field.Name == name {
				return field
			}
		}
		t.Fatalf("the form has no field %s", name)
		return Field{}
	}
	if got := field(fay.types("/log-call copier jams").Form, "summary").Value; got != "copier jams" {
		t.Errorf("summary: %q", got)
	}
	long := strings.Repeat("jam ", 100)
	f := fay.types("/log-call " + long).Form
	if got := field(f, "details").Value; got != strings.TrimSpace(long) {
		t.Errorf("the rest of a long summary is lost: %q", got)
	}
	f = fay.does(Request{Kind: KindShortcut, Name: "log_call_from_message", Message: &Quoted{Text: "It smokes!\nSince noon.", Author: "Kim", Link: "https://example.com/p1"}}).Form
	if field(f, "summary").Value != "It smokes!" || field(f, "details").Value != "It smokes!\nSince noon.\n— Kim\nhttps://example.com/p1" {
		t.Errorf("from a message: %+v", f)
	}
	f = fay.does(Request{Kind: KindChange, Name: formLogCall, Field: "customer", Values: Values{
		"customer": {"new:020 7946 0123"}, "summary": {"No power"}, "details": {"Since noon"}, "priority": {"urgent"},
	}}).Form
	if field(f, "customer_name").Value != "" || field(f, "customer_phone").Value != "020 7946 0123" || field(f, "summary").Value != "No power" || field(f, "details").Value != "Since noon" || field(f, "priority").Chosen[0].Value != "urgent" {
		t.Errorf("a new customer by phone: %+v", f)
	}
}

func TestLogCallFormShowsWhatBelongsToTheCustomer(t *testing.T) {
	s := openShop(t)
	fay, acme := s.member("Fay", desk.Dispatcher), s.customer("Acme")
	e, err := s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: acme.ID, Model: "Copier X", Serial: "S1", Skills: []string{}, CreatedAt: s.now})
	s.must(err)
	_, err = s.Desk.LogCall(s.ctx, fay.actor(), desk.NewCall{CustomerID: acme.ID, EquipmentID: e.ID, Summary: "Jam"})
	s.must(err)
	r := fay.does(Request{Kind: KindChange, Name: formLogCall, Field: "customer", Values: Values{"customer": {"1"}}})
	s.wants(r, "equipment_1 Machine", "+44 20 7946 0123", "1 open call for their machines")
	s.wants(fay.does(Request{Kind: KindSearch, Name: formLogCall, Field: "customer", Text: "acm"}), "OPTION 1 Acme +44 20 7946 0123", "OPTION new:acm New customer: acm")
	s.wants(fay.does(Request{Kind: KindSearch, Name: formLogCall, Field: "technician", Text: ""}), "OPTION 0 Best available technician")
}

func TestLogCallErrorsLandOnTheirFields(t *testing.T) {
	s := openShop(t)
	fay, acme, other := s.member("Fay", desk.Dispatcher), s.customer("Acme"), s.customer("Other")
	_, err := s.store.InsertEquipment(s.ctx, store.InsertEquipmentParams{CustomerID: other.ID, Model: "Copier X", Serial: "S1", Skills: []string{}, CreatedAt: s.now})
	s.must(err)
	form, _ := s.Preview(Request{Kind: KindCommand, Name: "log-call"}), acme
	known := map[string]bool{FormError: true, "equipment_1": true, "customer_name": true, "customer_phone": true}
	for _, f := range form.Fields {
		known[f.Name] = true
	}
	check := func(values Values, fields ...string) {
		t.Helper()
		r := fay.sends(formLogCall, "", values)
		for _, field := range fields {
			if r.Errors[field] == "" {
				t.Errorf("%v: nothing on %s in %v", values, field, r.Errors)
			}
		}
		for field := range r.Errors {
			if !known[field] {
				t.Errorf("%v: an error on %s, which the form does not have", values, field)
			}
		}
	}
	check(Values{}, "customer", "summary")
	check(Values{"customer": {"1"}, "summary": {"x"}, "details": {strings.Repeat("d", 3001)}, "priority": {"soon"}}, "details", "priority")
	check(Values{"customer": {"1"}, "equipment_1": {"1"}, "summary": {"x"}}, "equipment_1")
	check(Values{"customer": {"new:x"}, "customer_phone": {"12"}, "summary": {"x"}}, "customer_phone")
	check(Values{"customer": {"99999"}, "summary": {"x"}}, "customer")
	check(Values{"customer": {"1"}, "technician": {"1"}, "summary": {"x"}}, "technician")
	s.wants(fay.sends(formLogCall, "", Values{"customer": {"new:Zoe"}, "summary": {"No power"}}), "is logged")
	s.wants(fay.types("/calls customer:zoe"), "· Zoe\nNo power")
}

func TestFilterForm(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	fay.logs(s.customer("Acme Foods"), "Paper jam")
	s.wants(fay.sends("calls.filter", "", Values{"status": {"unassigned"}, "customer_words": {"acme foods"}, "words": {`"jam"`}}), `customer:"acme foods"`, "Paper jam")
	s.wants(fay.sends("calls.filter", "", Values{"from": {"2026-02-30"}}), "ERROR from", "not a date that exists")
	s.wants(fay.sends("calls.filter", "", Values{"tech": {"zork"}}), "ERROR tech Nobody is called")
	s.wants(fay.sends("calls.filter", "", Values{"words": {"status:closed"}}), "Nothing matches")
	form := fay.presses(callList.filter(), `status:unassigned customer:"Acme Foods" from:30d jam`).Form
	values := Values{}
	for _, f := range form.Fields {
		if f.Value != "" {
			values[f.Name] = []string{f.Value}
		}
		for _, o := range f.Chosen {
			values[f.Name] = append(values[f.Name], o.Value)
		}
	}
	got, err := filterOf(desk.NounCalls, values)
	s.must(err)
	if want := `status:unassigned customer:"Acme Foods" from:30d jam`; got.String() != want {
		t.Errorf("the form gives back %s", got)
	}
}

func TestReportForm(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.wants(fay.sends(formReport, "", Values{"kind": {"calls"}, "channel": {"C0REPORTS"}, "from": {"last-month"}}), "I am making the report")
	s.wants(fay.sends(formReport, "", Values{"kind": {"calls"}, "every": {"monday 8"}}), "the first one Mon 16 Mar 08:00")
	s.wants(fay.sends(formReport, "", Values{"kind": {"calls"}, "every": {"sometimes"}}), "ERROR every")
	s.wants(fay.sends(formReport, "", Values{"kind": {"calls"}, "from": {"2026-02-30"}}), "ERROR from")
	s.wants(fay.types("/report calls status:closed every day at 18:00 in <#C0REPORTS|reports>"), "Tue 10 Mar 18:00")
	r := fay.types("/report schedules")
	s.wants(r, "calls status:closed", "asked for by Fay [Stop]")
	s.wants(fay.presses("report.stop", 1), "!calls \nnext Mon")
}

func TestCommandTableKeepsTheLimitsOfThePlatforms(t *testing.T) {
	t.Parallel()
	b := New(Options{})
	for _, c := range b.Commands() {
		if len(c.Name) > 32 || utf8.RuneCountInString(c.Summary) > 100 || c.Summary == "" || c.handle == nil {
			t.Errorf("command %+v", c)
		}
	}
	for _, c := range b.Shortcuts() {
		if utf8.RuneCountInString(c.Name) > 24 || b.byName[c.command].handle == nil {
			t.Errorf("shortcut %+v", c)
		}
	}
}
