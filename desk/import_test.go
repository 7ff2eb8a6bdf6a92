package desk

import (
	"fmt"
	"strings"
	"testing"
)

// imports imports a file that is not refused as a whole.
func (s *shop) imports(a Actor, kind, content string, change ...func(*Importing)) Imported {
	s.Helper()
	in := Importing{Kind: kind, File: kind + ".csv", Content: []byte(content), Write: true}
	for _, c := range change {
		c(&in)
	}
	done, err := s.Import(s.ctx, a, in)
	s.must(err)
	return done
}

func onlyCheck(in *Importing) { in.Write = false }

// rejecting skips bad rows and collects them.
func rejecting(table *[]string) func(*Importing) {
	return func(in *Importing) {
		in.SkipBad = true
		in.Reject = func(cells []string) error {
			*table = append(*table, strings.Join(cells, ","))
			return nil
		}
	}
}

// came fails the test unless a file came in so: how many new, changed, unchanged and bad.
func (s *shop) came(what string, done Imported, want string) {
	s.Helper()
	got := fmt.Sprintf("%d new, %d changed, %d unchanged, %d bad", done.Added, done.Updated, done.Unchanged, done.Bad)
	if got != want {
		s.Errorf("%s: %s, want %s\n%v", what, got, want, done.Problems)
	}
}

// problem fails the test unless a file has exactly these problems, each by words it says.
func (s *shop) problems(done Imported, want ...string) {
	s.Helper()
	if len(done.Problems) != len(want) {
		s.Errorf("problems %v, want %q", done.Problems, want)
		return
	}
	for i, words := range want {
		if !strings.Contains(done.Problems[i].String(), words) {
			s.Errorf("problem %q does not say %q", done.Problems[i], words)
		}
	}
}

const customersFile = `Customer No.;Company;Tel.;E-Mail;Region;Street;Town;Postal code;Fax
1001;Acmé Foods;020 7946 0123;INFO@acme.example;North;1 High Street;London;N1 1AA;5
1002;Bolt Ltd;;;;;;;
;=SUM(A1);+44 20 7946 0199;;;;;;
`

func TestImportCustomers(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	checked := s.imports(boss, ImportCustomers, customersFile, onlyCheck)
	s.came("checked", checked, "3 new, 0 changed, 0 unchanged, 0 bad")
	if n := s.count("customer"); checked.Written || n != 0 {
		t.Fatalf("checking wrote %d customers", n)
	}
	s.is("ignored", strings.Join(checked.Ignored, ","), "Fax")
	first := s.imports(boss, ImportCustomers, customersFile)
	s.came("first", first, "3 new, 0 changed, 0 unchanged, 0 bad")
	s.is("customers", s.list("SELECT name || ' ' || phone || ' ' || email || ' ' || territory FROM customer ORDER BY id"),
		"Acmé Foods +442079460123 info@acme.example North, Bolt Ltd   , =SUM(A1) +442079460199  ")
	s.is("sites", s.list("SELECT address FROM site"), "1 High Street, London, N1 1AA")
	s.is("timeline", s.list("SELECT kind || ' ' || via || ' ' || note FROM event ORDER BY id LIMIT 1"), "imported import customers.csv")
	found, err := s.Desk.FindCustomers(s.ctx, boss, "acme", 5)
	s.must(err)
	if len(found) != 1 {
		t.Errorf("an imported customer is found %d times", len(found))
	}
	s.came("again", s.imports(boss, ImportCustomers, customersFile), "0 new, 0 changed, 3 unchanged, 0 bad")
	if n := s.count("site"); n != 1 {
		t.Errorf("%d sites after the second time", n)
	}

	changed := s.imports(boss, ImportCustomers, "Name,Phone,Notes\nACME  foods,02079460123,pays late\nbolt ltd,020 7946 0555,\n")
	s.came("changed", changed, "0 new, 2 changed, 0 unchanged, 0 bad")
	s.is("what", changed.Counts(), "0 new, 2 changed (Name 2, Notes 1, Phone 1), 0 unchanged, 0 with problems")
	s.is("revision", s.list("SELECT fields->>'name' FROM revision ORDER BY record_id"), "Acmé Foods, Bolt Ltd")
	s.is("note", s.list("SELECT note FROM event ORDER BY id DESC LIMIT 1"), "customers.csv: Name, Phone")
	s.is("kept", s.list("SELECT email FROM customer WHERE notes <> ''"), "info@acme.example")
	renamed := s.imports(boss, ImportCustomers, "ID,Name\n1002,Bolt International\n")
	s.came("by number", renamed, "0 new, 1 changed, 0 unchanged, 0 bad")
}

// An edit form that was opened before an import merges what the import changed.
func TestAnEditMeetsAnImport(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	s.imports(boss, ImportCustomers, "Name,Phone,Territory\nAcme,02079460123,North\n")
	s.imports(boss, ImportCustomers, "Name,Phone,Territory\nAcme,02079460123,South\n")
	_, err := s.EditCustomer(s.ctx, boss, 1, 1, Fields{"name": "Acme", "phone": "+44 20 7946 0123", "email": "", "territory": "North", "notes": "key at the gate"})
	s.must(err)
	s.is("merged", s.list("SELECT territory || ' ' || notes FROM customer"), "South key at the gate")
}

func TestImportIsAllOrNothing(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	const file = "Name,Phone,E-mail,Reason\nAcme,02079460123,,\n,1,,\nBolt,12,x@,old reason\nAcme,+442079460123,,\n\nShort\n=Long,,,,surplus\nGood,,,\n"
	done := s.imports(boss, ImportCustomers, file)
	s.came("all", done, "2 new, 0 changed, 0 unchanged, 5 bad")
	s.problems(done, "Row 3, Phone: “1” is not a phone number", "Row 3, Name: It is missing", "Row 4, Phone: “12” is not", "Row 4, E-mail: “x@” is not",
		"Row 5: This is the same as row 2.", "Row 7: The row has 1 cells, the first row 4.", "Row 8: The row has 5 cells, the first row only 4.")
	if n := s.count("customer"); done.Written || n != 0 {
		t.Fatalf("%d customers were written", n)
	}
	var rejects []string
	done = s.imports(boss, ImportCustomers, file, rejecting(&rejects))
	if n := s.count("customer"); !done.Written || n != 2 || len(rejects) != 6 {
		t.Fatalf("%d customers were written, rejects %q", n, rejects)
	}
	s.is("header", rejects[0], "Name,Phone,E-mail,Reason")
	if want := "Bolt,12,x@,Phone: “12” is not"; !strings.HasPrefix(rejects[2], want) || strings.Contains(rejects[2], "old reason") {
		t.Errorf("a reject says %q", rejects[2])
	}
	s.came("good ones again", s.imports(boss, ImportCustomers, file, rejecting(&rejects)), "0 new, 0 changed, 2 unchanged, 5 bad")
}

func TestProblemsBeyondFiftyAreCounted(t *testing.T) {
	s := openShop(t)
	done := s.imports(s.member("Bo Boss", Admin), ImportCustomers, "Name,Phone\n"+strings.Repeat("Acme,1\n", 70))
	if len(done.Problems) != MaxProblems || done.More != 20 || done.Bad != 70 {
		t.Errorf("%d problems and %d more of %d rows", len(done.Problems), done.More, done.Bad)
	}
}

func TestImportAcrossChunks(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	var file strings.Builder
	file.WriteString("Name,Phone\nTwin,02079460001\n")
	for i := range 2 * importChunk {
		fmt.Fprintf(&file, "Customer %d,\n", i)
	}
	file.WriteString("Twin,\nTwin,02079460002\nCustomer 7,\n")
	last := fmt.Sprintf("Row %d: This is the same as row 10.", 2*importChunk+5)
	checked := s.imports(boss, ImportCustomers, file.String(), onlyCheck)
	s.came("checked", checked, "2003 new, 0 changed, 0 unchanged, 1 bad")
	s.problems(checked, last)
	written := s.imports(boss, ImportCustomers, file.String(), func(in *Importing) { in.SkipBad = true })
	s.came("written as it was checked", written, "2003 new, 0 changed, 0 unchanged, 1 bad")
	s.came("again", s.imports(boss, ImportCustomers, file.String(), onlyCheck), "0 new, 0 changed, 2003 unchanged, 1 bad")
}

func TestImportContactsAndEquipment(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	s.imports(boss, ImportCustomers, customersFile)
	s.imports(boss, ImportCustomers, "Name,Phone\nHotel,02079460001\nHotel,02079460002\n")
	const contacts = "Company,Customer phone,First name,Last name,Mobile,Job title\nacme foods,,Ann,Lee,07700 900123,Manager\nHotel,02079460002,Ben,Ox,,\n"
	s.came("contacts", s.imports(boss, ImportContacts, contacts), "2 new, 0 changed, 0 unchanged, 0 bad")
	s.came("again", s.imports(boss, ImportContacts, contacts), "0 new, 0 changed, 2 unchanged, 0 bad")
	s.is("contacts", s.list("SELECT customer_id || ' ' || name || ' ' || phone || ' ' || role FROM contact ORDER BY id"), "1 Ann Lee +447700900123 Manager, 5 Ben Ox  ")
	done := s.imports(boss, ImportContacts, "Customer,Name,Phone\nHotel,Cy,\nNobody,Cy,\nAcme Foods,Ann Lee,07700900124\n")
	s.problems(done, "Row 2, Customer: 2 customers are called “Hotel”", "Row 3, Customer: There is no customer “Nobody”")

	const machines = "Account no,Model,S/N,Warranty end,Meter unit,Counter,Skills,Location\n1001,Copier X,A-1,31/12/2026,pages,12.345,copier;network,1 high street\n1002,Copier X,A-2,,,,,Basement\n"
	s.came("machines", s.imports(boss, ImportEquipment, machines), "2 new, 0 changed, 0 unchanged, 0 bad")
	s.came("again", s.imports(boss, ImportEquipment, machines), "0 new, 0 changed, 2 unchanged, 0 bad")
	s.is("machines", s.list("SELECT serial || ' ' || coalesce(warranty_until::text, '-') || ' ' || meter_unit || ' ' || skills::text || ' ' || search FROM equipment ORDER BY id"),
		"A-1 2026-12-31 pages {copier,network} copier x a-1, A-2 -  {} copier x a-2")
	s.is("sites", s.list("SELECT customer_id || ' ' || address FROM site ORDER BY id"), "1 1 High Street, London, N1 1AA, 1 1 high street, 2 Basement")
	s.is("readings", s.list("SELECT value || ' ' || via FROM reading"), "12345 import")

	done = s.imports(boss, ImportEquipment, "Customer number,Model,Serial,Installed,Meter\n1002,copier x,a-1,03/04/2026,12345\n1001,Copier X,A-2,2026-04-03,5\n1001,Copier Y,A-2,45000,\n")
	s.problems(done, "Row 2, Installed on: “03/04/2026” may be 3 April 2026 or 4 March 2026", "Row 3, Meter unit: It is missing", "Row 4, Installed on: “45000” is a date as spreadsheets count")
	done = s.imports(boss, ImportEquipment, "Customer number,Model,Serial,Meter\n1002,copier x,a-1,12000\n")
	s.problems(done, "Row 2, Meter reading: The meter showed 12345 before")
	moved := s.imports(boss, ImportEquipment, "Customer number,Model,Serial,Meter\n1002,Copier X,A-1,13000\n")
	s.is("moved", moved.Counts(), "0 new, 1 changed (Customer 1, Meter reading 1, Site 1), 0 unchanged, 0 with problems")
	s.is("owner", s.list("SELECT customer_id || ' ' || coalesce(site_id, 0) FROM equipment WHERE serial = 'A-1'"), "2 0")
}

func TestImportLeads(t *testing.T) {
	s := openShop(t)
	boss, sam := s.member("Bo Boss", Admin), s.member("Sam Sales", Sales)
	const file = "Contact;Company;Email;Telephone;Lead source;Sales rep;Status;Follow up date\n" +
		"Ann;Acme;ann@acme.example;;Fair;sam sales;Qualified;4 Mar 2026\nBen;Bolt;;020 7946 0123;;;;\nCy;Coil;;;;;;\n"
	s.came("new", s.imports(boss, ImportLeads, file), "3 new, 0 changed, 0 unchanged, 0 bad")
	s.is("leads", s.list("SELECT name || ' ' || owner_id || ' ' || stage || ' ' || coalesce(next_on::text, '-') FROM lead ORDER BY id"),
		fmt.Sprintf("Ann %d qualified 2026-03-04, Ben %d new -, Cy %d new -", sam.ID, boss.ID, boss.ID))
	s.came("again", s.imports(boss, ImportLeads, file), "0 new, 0 changed, 3 unchanged, 0 bad")
	changed := s.imports(boss, ImportLeads, "Name,Company,Phone,E-mail,Stage\nBenjamin,Bolt,+442079460123,,contacted\nCy,Coil,,cy@coil.example,\n")
	s.is("changed", changed.Counts(), "0 new, 2 changed (E-mail 1, Name 1, Stage 1), 0 unchanged, 0 with problems")
	done := s.imports(boss, ImportLeads, "Name,Phone,E-mail,Stage,Owner\nX,+442079460123,ann@acme.example,won,Nobody\nAnn,,ANN@acme.example,,\nA,,ann@acme.example,,\n")
	s.problems(done, "Row 2, Stage: A lead that was won is a customer", "Row 4: This is the same as row 3.")
	if done.Written {
		t.Error("bad leads were written")
	}
	done = s.imports(boss, ImportLeads, "Name,Phone,E-mail\nY,02079460123,ann@acme.example\n")
	s.problems(done, "Row 2: Its e-mail is that of Ann (Acme), its phone that of Benjamin (Bolt)")
	if done.Written {
		t.Error("a lead that may be two was written")
	}
}

func TestImportMembers(t *testing.T) {
	s := openShop(t)
	boss := s.member("Bo Boss", Admin)
	const file = "Name,Email,Mobile,Role,TZ,Skills,Region,Capacity\nTim Tech,TIM@example.com,07700 900123,\"Technician, sales\",Europe/Berlin,copier,North,5\nVi,,07700900124,viewer,,,,\n"
	s.came("new", s.imports(boss, ImportMembers, file), "2 new, 0 changed, 0 unchanged, 0 bad")
	s.is("members", s.list("SELECT name || ' ' || state || ' ' || roles::text || ' ' || timezone || ' ' || capacity || ' ' || approved_by FROM member WHERE id > 1 ORDER BY id"),
		"Tim Tech active {technician,sales} Europe/Berlin 5 1, Vi active {viewer} UTC 3 1")
	s.is("phones are not proven by a file", s.list("SELECT channel || ' ' || address FROM contact_method WHERE member_id > 1 AND verified_at IS NULL ORDER BY id"), "sms +447700900123, sms +447700900124")
	s.is("no code is sent out of the blue", s.list("SELECT kind || ' ' || channel FROM notice"), "welcome email")
	if n := s.count("duty_rule"); n != 5 {
		t.Errorf("%d weekly hours for the technician", n)
	}
	s.came("again", s.imports(boss, ImportMembers, file), "0 new, 0 changed, 2 unchanged, 0 bad")
	changed := s.imports(boss, ImportMembers, "Name,E-mail,Skills,Roles\nTim Tech,tim@example.com,copier/printer,technician\n")
	s.is("changed", changed.Counts(), "0 new, 1 changed (Roles 1, Skills 1), 0 unchanged, 0 with problems")
	s.is("told", s.list("SELECT body->>'text' FROM notice ORDER BY id DESC LIMIT 1"), "Your roles are now technician.")
	done := s.imports(boss, ImportMembers, "Name,E-mail,Phone,Roles,Capacity\nA,,,viewer,\nB,b@example.com,,,\nC,c@example.com,,king,500\nTim,tim@example.com,07700900124,viewer,\n")
	s.problems(done, "Row 2, E-mail: E-mail and phone are missing", "Row 3, Roles: They are missing", "Row 4, Roles: “king” is no role", "Row 4, Capacity: “500” is not", "Row 5, Phone: This is the phone of Vi.")
}

func TestWhatCannotBeImported(t *testing.T) {
	s := openShop(t)
	boss, tim := s.member("Bo Boss", Admin), s.technician("Tim Tech")
	refused := func(a Actor, kind, content string, code Code, words ...string) {
		t.Helper()
		_, err := s.Import(s.ctx, a, Importing{Kind: kind, Content: []byte(content), Write: true})
		s.refuses(err, code, words...)
	}
	refused(tim, ImportCustomers, "Name\nA\n", Forbidden, "import data")
	refused(boss, "customer", "Name\nA\n", Invalid, "Did you mean “customers”?")
	refused(boss, ImportCustomers, "Phone,Colour\n1,red\n", Invalid, "no column “Name”", "“Phone” and “Colour”", "Territory")
	refused(boss, ImportEquipment, "Model\nX\n", Invalid, "“Serial number” and “Customer” (or “Customer number”)")
	refused(boss, ImportCustomers, "\x89PNG\r\n", Invalid, "picture")
	if n := s.count("customer"); n != 0 {
		t.Errorf("%d customers", n)
	}
}
