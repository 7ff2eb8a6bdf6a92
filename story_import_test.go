package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
	"callout/store"
)

// brings sends the form of an import with a file.
func (p *person) brings(kind, name, content string, how ...string) {
	p.Helper()
	file, err := p.sandbox.Slack.UploadFile(p.user, name, []byte(content))
	if err != nil {
		p.Fatal(err)
	}
	p.types(callsChannel, "/callout import")
	p.accepted(p.form("Import a list"), slack.Values{"kind": kind, "file": file.ID, "how": strings.Join(how, ",")})
}

// rejectsBelow waits for the file of rejects in the thread below a message.
func (p *person) rejectsBelow(m message) string {
	p.Helper()
	var content []byte
	p.until("the rejects are below the message", func() bool {
		for _, reply := range p.sandbox.Slack.Thread(m.Channel, m.TS) {
			for _, f := range reply.Files {
				if strings.HasSuffix(f.Name, ".rejects.csv") {
					content, _ = p.sandbox.Slack.FileContent(f.ID)
				}
			}
		}
		return content != nil
	}, func() string { return dump(p.sandbox.Slack.Thread(m.Channel, m.TS)) })
	return string(content)
}

func TestAnAdminBringsAListOfCustomers(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")

	// The form only checks at first.
	file, err := w.sandbox.Slack.UploadFile(ada.user, "customers.csv", []byte("Company,Tel\nAcme <Foods>,020 7946 0123\nBolt,\n"))
	if err != nil {
		t.Fatal(err)
	}
	ada.types(callsChannel, "/callout import")
	ada.accepted(ada.form("Import a list"), slack.Values{"kind": "customers", "file": file.ID})
	checked := ada.readsDM("Checked customers.csv", "2 new, 0 changed, 0 unchanged, 0 with problems")
	if n := w.count("SELECT count(*) FROM customer"); n != 0 {
		t.Fatalf("checking wrote %d customers", n)
	}
	ada.presses(checked, "Import")
	ada.presses(checked, "Import")
	ada.readsDM("Imported customers.csv", "2 new")
	w.settled()
	ada.presses(checked, "Import")
	ada.readsDM("imported already; nothing was done twice")
	w.settled()
	if n := w.count("SELECT count(*) FROM customer"); n != 2 {
		t.Errorf("%d customers are there, want 2", n)
	}
	if n := w.count("SELECT count(*) FROM notice WHERE kind = 'import_done'"); n != 2 {
		t.Errorf("%d messages about the import, want one when it was checked and one when it was written", n)
	}
}

func TestBadRowsComeBack(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	ada.brings("customers", "list.csv", "Name;Phone\nAcme;020 7946 0123\nBolt;12\n", "check")
	checked := ada.readsDM("Checked list.csv", "1 new", "1 with problems", "Row 3, column Phone", "“12” is not a phone number")
	if rejects := ada.rejectsBelow(checked); !strings.Contains(rejects, "Name,Phone,Reason\nBolt,12,") {
		t.Errorf("the rejects are %q", rejects)
	}
	if _, whole := checked.Button("Import"); whole {
		t.Error("a file with bad rows may be imported as a whole")
	}
	ada.presses(checked, "Import the good ones")
	imported := ada.readsDM("Imported list.csv", "1 new", "1 with problems")
	corrected := strings.Replace(ada.rejectsBelow(imported), ",12,", ",020 7946 0999,", 1)
	ada.brings("customers", "list.rejects.csv", corrected) // not only checked
	ada.readsDM("Imported list.rejects.csv", "1 new, 0 changed, 0 unchanged, 0 with problems")
	w.settled()
	if n := w.count("SELECT count(*) FROM customer"); n != 2 {
		t.Errorf("%d customers are there, want 2", n)
	}
}

func TestAPictureIsNoList(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	ada.brings("customers", "photo.csv", "\x89PNG\r\n\x1a\n\x00\x00", "check")
	ada.readsDM("I could not import the file. That is a picture, not a CSV file.")
	ada.brings("equipment", "e.csv", "Model\nX\n", "check")
	ada.readsDM("The file has no column “Serial number”", "Customer number")
	w.settled()
	if n := w.count("SELECT count(*) FROM import WHERE state = 'failed'"); n != 2 {
		t.Errorf("%d imports failed, want 2", n)
	}
	tim := w.technician("Tim Tech", "")
	tim.asks("/callout import", "You may not import data", "admin")
}

func TestAnImportedMemberIsKnownAtTheFirstWord(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	now := w.clock.Now()
	_, err := w.app.store.InsertMember(w.ctx, store.InsertMemberParams{
		Name: "Nia New", Search: "nia new", Email: "Nia.New@example.com", Roles: []string{"dispatcher"}, State: "active", Timezone: "UTC", CreatedAt: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	nia, otto := w.stranger("Nia New"), w.stranger("Otto Other")
	nia.asks("/calls", "There are no calls yet")
	otto.types(callsChannel, "/calls")
	otto.form("Register")
	if n := w.count("SELECT count(*) FROM member"); n != 1 {
		t.Errorf("%d members", n)
	}
}
