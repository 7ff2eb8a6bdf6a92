package main

import (
	"encoding/csv"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/store"
	"callout/store/storetest"
)

// company is an empty company for the commands of the program.
type company struct {
	*testing.T
	settings map[string]string
	store    *store.Store
	dir      string
}

func openCompany(t *testing.T) *company {
	t.Helper()
	database := storetest.URL(t)
	s, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return &company{T: t, settings: map[string]string{"DATABASE_URL": database, "CALLOUT_COUNTRY": "GB"}, store: s, dir: t.TempDir()}
}

// file writes a file and returns its path.
func (c *company) file(name, content string) string {
	c.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.Fatal(err)
	}
	return path
}

// imports runs the command and fails the test unless it ends as it should and says the words.
func (c *company) imports(well bool, args []string, words ...string) {
	c.Helper()
	out, problems, did := runs(c.T, c.settings, append([]string{"import"}, args...)...)
	if did != well || !saysAll(out+problems, words) {
		c.Fatalf("import %v ended well: %v, want %v and the words %q:\n%s%s", args, did, well, words, out, problems)
	}
}

func (c *company) count(table string) (n int) {
	c.Helper()
	if err := c.store.Pool.QueryRow(c.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		c.Fatal(err)
	}
	return n
}

func TestImportCommand(t *testing.T) {
	t.Parallel()
	c := openCompany(t)
	list := c.file("list.csv", "Company;Tel.;E-mail;Fax\r\nAcme;020 7946 0123;info@acme.example;1\r\nBolt;12;;\r\n=cmd();;nobody@;2\r\n")
	c.imports(false, []string{"customers", list}, "Row 3, Phone: “12” is not a phone number", "Row 4, E-mail:", "“Fax”", "Checked list.csv: 1 new, 0 changed, 0 unchanged, 2 with problems", "nothing was imported")
	c.imports(false, []string{"customers", list, "--apply"}, "Not imported list.csv")
	if n := c.count("customer"); n != 0 {
		t.Fatalf("%d customers are there", n)
	}
	c.imports(true, []string{"customers", list, "--apply", "--skip-bad"}, "Imported list.csv: 1 new", "list.rejects.csv")
	rejects := filepath.Join(c.dir, "list.rejects.csv")
	content, err := os.ReadFile(rejects)
	if err != nil || !strings.Contains(string(content), "'=cmd()") {
		t.Fatalf("the rejects are not safe to open (%v):\n%s", err, content)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][4] != "Reason" || rows[1][0] != "Bolt" || !strings.Contains(rows[1][4], "Phone: “12” is not") {
		t.Fatalf("the rejects are %q (%v)", rows, err)
	}

	corrected := strings.NewReplacer("12,,,", "020 7946 0999,,,", "nobody@,", "nobody@example.com,").Replace(string(content))
	c.imports(true, []string{"customers", c.file("list.rejects.csv", corrected)}, "2 new", "Nothing is written yet; --apply does it.")
	c.imports(true, []string{"customers", rejects, "--apply"}, "Imported list.rejects.csv: 2 new")
	c.imports(true, []string{"customers", rejects, "--apply"}, "0 new, 0 changed, 2 unchanged")
	if n := c.count("customer WHERE name = '=cmd()'"); n != 1 {
		t.Error("a cell that begins with = was not stored as it is")
	}
}

func TestImportCommandWithEveryKind(t *testing.T) {
	t.Parallel()
	c := openCompany(t)
	c.imports(false, []string{"leads", c.file("leads.csv", "Name\nAnn\n")}, "there is no admin yet")
	for _, f := range []struct{ kind, content string }{
		{"members", "Name,E-mail,Roles\nBo Boss,bo@example.com,admin\nSam,sam@example.com,sales\n"},
		{"customers", "Customer no.,Name\n7,Acme\n"},
		{"contacts", "Customer no.,Name,Phone\n7,Ann,07700 900123\n"},
		{"equipment", "Customer,Model,S/N\nAcme,Copier X,A-1\n"},
		{"leads", "Name,Owner\nBen,sam@example.com\n"},
	} {
		path := c.file(f.kind+".csv", f.content)
		c.imports(true, []string{f.kind, path, "--apply"}, "Imported "+f.kind+".csv", " new, 0 changed")
		c.imports(true, []string{f.kind, path, "--apply", "--as", "BO boss"}, "0 new, 0 changed")
	}
	for _, table := range []string{"customer", "contact", "equipment", "lead"} {
		if n := c.count(table); n != 1 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	c.imports(false, []string{"customers", filepath.Join(c.dir, "nowhere.csv")}, "there is no file", "nowhere.csv")
	c.imports(false, []string{"customers", c.file("x.csv", "Phone\n1\n")}, "no column “Name”", "“Phone”")
	c.imports(false, []string{"customers", c.file("x.csv", "Name\nA\n"), "--as", "Sam"}, "You may not import data")
	c.imports(false, []string{"boats", c.file("x.csv", "Name\nA\n")}, "customers")
}

// BenchmarkImportCustomers says how long 100,000 new customers take, and the same file again.
func BenchmarkImportCustomers(b *testing.B) {
	const rows = 100_000
	var file strings.Builder
	file.WriteString("Customer no.,Name,Phone,E-mail,Region,Address\n")
	for i := range rows {
		fmt.Fprintf(&file, "C%d,Customer %d Ltd,+4420%08d,info@c%d.example,North,%d High Street\n", i, i, 70000000+i, i, i)
	}
	for b.Loop() {
		benchImport(b, []byte(file.String()), rows)
	}
}

func benchImport(b *testing.B, content []byte, rows int) {
	b.Helper()
	d, err := desk.New(desk.Options{
		Store: storetest.Open(b), Now: time.Now, Log: slog.New(slog.DiscardHandler), Company: "Bench", Zone: time.UTC, Country: "GB", Currency: "GBP",
	})
	if err != nil {
		b.Fatal(err)
	}
	by, err := d.ImportAs(b.Context(), desk.ImportCustomers, "")
	if err != nil {
		b.Fatal(err)
	}
	in := desk.Importing{Kind: desk.ImportCustomers, File: "customers.csv", Content: content, Write: true}
	for _, want := range []desk.Imported{{Added: rows}, {Unchanged: rows}} {
		started := time.Now()
		done, err := d.Import(b.Context(), by, in)
		if err != nil || done.Added != want.Added || done.Unchanged != want.Unchanged {
			b.Fatalf("%d new, %d unchanged: %v", done.Added, done.Unchanged, err)
		}
		b.ReportMetric(time.Since(started).Seconds(), map[bool]string{true: "s/first", false: "s/again"}[want.Added > 0])
	}
}
