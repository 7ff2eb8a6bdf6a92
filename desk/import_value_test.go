package desk

import (
	"slices"
	"strings"
	"testing"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	for kind, headers := range map[string]map[string]string{
		ImportCustomers: {
			"Company": "name", "CUSTOMER_NAME": "name", "Customer name": "name", "Tel": "phone", "Telephone": "phone", "Télephone": "phone", "Mobile": "phone",
			"Phone No.": "phone", "E-mail": "email", "e mail address": "email", "Cust. ref": "", "Customer No.": "reference", "ID": "reference",
			"Zip": "postcode", "Comments": "notes", "Fax": "",
		},
		ImportEquipment: {
			"Serial no.": "serial", "S/N": "serial", "serial_number": "serial", "Model": "model", "Warranty end": "warranty", "Warranty (until)": "warranty",
			"Customer": "customer", "Company name": "customer", "Counter": "meter", "Installation date": "installed",
		},
		ImportContacts: {"Contact name": "name", "First Name": "first", "Surname": "last", "Company": "customer", "Job title": "role", "Mobile phone": "phone"},
		ImportLeads:    {"Lead Source": "source", "Assigned to": "owner", "Status": "stage", "Company": "company", "Next step": "next_action", "Follow-up date": "next_on"},
		ImportMembers:  {"Employee": "name", "Role(s)": "roles", "Time zone": "timezone", "TZ": "timezone", "Max calls": "capacity"},
	} {
		for header, want := range headers {
			h, _ := matchHeaders(kind, []string{header})
			if got := h.columns[0].field; got != want {
				t.Errorf("%s: %q is read as %q, want %q", kind, header, got, want)
			}
		}
	}
}

// No two columns of a kind may mean the same header: which one would win is a matter of order.
func TestHeadersAreClear(t *testing.T) {
	t.Parallel()
	for _, kind := range ImportKinds() {
		for i, c := range columns[kind] {
			for _, name := range append(strings.Fields(c.names), HeaderKey(c.title), HeaderKey(c.field)) {
				if name != HeaderKey(name) {
					t.Errorf("%s: %q can never be a header", kind, name)
				}
				if other := slices.IndexFunc(columns[kind], func(c column) bool { return c.suits(name) }); other != i {
					t.Errorf("%s: %q means %s and %s", kind, name, columns[kind][other].field, c.field)
				}
			}
		}
	}
}

func TestSameColumnTwice(t *testing.T) {
	t.Parallel()
	h, err := matchHeaders(ImportCustomers, []string{"Name", "Tel", "Mobile", "", "Reason", "Fax"})
	if err != nil || strings.Join(h.twice, ",") != "Mobile" || strings.Join(h.ignored, ",") != "Fax" {
		t.Errorf("twice %q, ignored %q: %v", h.twice, h.ignored, err)
	}
}

func TestDatesInFiles(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2026-03-04": "2026-03-04", "2026/3/4": "2026-03-04", "20260304": "2026-03-04", "4.3.2026": "2026-03-04", "04.03.26": "2026-03-04",
		"31/12/2026": "2026-12-31", "12/31/2026": "2026-12-31", "03/03/2026": "2026-03-03", "13-01-2026": "2026-01-13",
		"4 Mar 2026": "2026-03-04", "4-Mar-26": "2026-03-04", "March 4, 2026": "2026-03-04", "4th March 2026": "2026-03-04", "Wed 4 Mar 2026": "2026-03-04",
		"2026-03-04 00:00:00": "2026-03-04", "2026-03-04T10:30:00Z": "2026-03-04", "29.2.2028": "2028-02-29",
		"03/04/2026": "may be 3 April 2026 or 4 March 2026", "3-4-2026": "may be 3 April 2026 or 4 March 2026",
		"2026-02-30": "not a date that exists", "31/04/2026": "not a date that exists", "next week": "not a date that exists", "45000": "spreadsheets count",
		"1.1.0026": "is not between 1950 and 2100", "4/3/26": "not a date that exists",
	} {
		got, err := (&checker{}).date(typed)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestNumbersInFiles(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"0": "0", "12345": "12345", "12,345": "12345", "12.345": "12345", "1 234 567": "1234567", "1'234": "1234",
		"12,3": "", "-5": "", "1.5": "", "many": "", "99999999999999999999": "",
	} {
		if got, _ := (&checker{}).count(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestCellsAreData(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"=SUM(A1)": "=SUM(A1)", "'=SUM(A1)": "=SUM(A1)", "'+44 20": "+44 20", "'tis": "'tis", " a\x00b ": "ab", "a\xffb": "ab", "'": "'",
	} {
		if got := cell(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}
