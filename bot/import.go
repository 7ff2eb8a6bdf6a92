package bot

import (
	"cmp"
	"context"
	"fmt"

	"callout/desk"
	"callout/notify"
)

const (
	formImport   = "import"
	onlyCheck    = "check"
	skipBad      = "skip"
	problemsShow = 10 // the file of rejects has all
)

func importTopic() topic {
	return topic{
		buttons: map[string]handler{"import.write": (*Bot).writeImport, "import.good": (*Bot).writeImport, "import.show": (*Bot).showImport},
		forms:   map[string]handler{formImport: (*Bot).submitImport},
	}
}

func (*Bot) openImport(_ context.Context, _ Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.ImportData); err != nil {
		return Reply{}, err
	}
	return Reply{Form: importForm(Request{})}, nil
}

func importForm(Request) *Form {
	kinds := []Option{
		{Value: desk.ImportCustomers, Label: "Customers", Note: "Name; phone, e-mail, address, territory, customer number"},
		{Value: desk.ImportContacts, Label: "Contacts", Note: "Customer, name; phone, e-mail, role"},
		{Value: desk.ImportEquipment, Label: "Equipment", Note: "Customer, model, serial number; warranty, contract, meter"},
		{Value: desk.ImportLeads, Label: "Leads", Note: "Name; company, phone, e-mail, source, owner, next action"},
		{Value: desk.ImportMembers, Label: "Members", Note: "Name, e-mail or phone, roles; skills, territory, time zone"},
	}
	options := []Option{
		{Value: onlyCheck, Label: "Only check", Note: "I say what would change, and write nothing yet"},
		{Value: skipBad, Label: "Skip bad rows", Note: "Write the good ones, and give me the others back"},
	}
	return &Form{ID: formImport, Title: "Import a list", Submit: "Go", Fields: []Field{
		{Name: "note", Kind: FieldNote, Note: Say("A table saved as CSV, its columns named in the first row. The usual names are understood. Bringing the same file again changes nothing.")},
		{Name: "kind", Kind: FieldPick, Label: "What it holds", Options: kinds},
		{Name: "file", Kind: FieldFiles, Label: "The file", Types: []string{"csv"}, Max: 1},
		{Name: "how", Kind: FieldChecks, Label: "How", Options: options, Chosen: options[:1], Optional: true},
	}}
}

func (b *Bot) submitImport(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	in := desk.ImportRequest{Kind: r.Values.Get("kind"), Files: uploads(r, "file")}
	for _, how := range r.Values.All("how") {
		in.Check = in.Check || how == onlyCheck
		in.SkipBad = in.SkipBad || how == skipBad
	}
	if _, err := b.Desk.AskImport(ctx, a, in); err != nil {
		return Reply{}, err
	}
	return say("I am looking at your %s. A direct message says what came of it.", in.Kind), nil
}

// writeImport writes a file that was only checked. Pressing again changes nothing.
func (b *Bot) writeImport(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	state, err := b.Desk.WriteImport(ctx, a, number(r.Value), r.Name == "import.good")
	if err != nil {
		return Reply{}, err
	}
	switch state {
	case desk.ImportChecked:
		return say("I am importing it. A direct message says when it is done."), nil
	case desk.ImportWritten:
		return say("That file is imported already; nothing was done twice."), nil
	case desk.ImportFailed:
		return say("That file cannot be read. Bring it again with /callout import."), nil
	}
	return say("I am at it already. A direct message says when it is done."), nil
}

// showImport shows what came of an import, for messages that lead to it.
func (b *Bot) showImport(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.ImportData); err != nil {
		return Reply{}, err
	}
	view, err := b.Desk.ImportView(ctx, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	card := importCard(view, view.Result.Sentence(view.Kind))
	return Reply{Say: &card}, nil
}

// importNotice is the message about an import. It is drawn from what the notice said then: a file may be checked and written
// one after the other, and each has its message.
func (b *Bot) importNotice(ctx context.Context, m notify.Message) (Card, error) {
	view, err := b.Desk.ImportView(ctx, m.Record.ID)
	if err != nil {
		return Card{}, err
	}
	card := importCard(view, m.Text)
	for _, f := range m.Files {
		card.Files = append(card.Files, File{Name: f.Name, Title: f.Title, Content: f.Content})
	}
	return card, nil
}

func importCard(v desk.ImportView, text string) Card {
	done := v.Result
	if v.State == desk.ImportFailed || v.State == desk.ImportOwed {
		return *textCard(text)
	}
	verb := "Checked"
	switch {
	case done.Written:
		verb = "Imported"
	case v.Writes:
		verb = "Not imported"
	}
	card := Card{Text: text, Parts: []Part{Text(Say(Bold(verb+" "+cmp.Or(done.File, v.Kind)), "\n", done.Counts(), "."))}}
	for i, p := range done.Problems[:min(len(done.Problems), problemsShow)] {
		if i == 0 {
			card.Parts = append(card.Parts, Divider{})
		}
		card.Parts = append(card.Parts, Text(Say(Bold(where(p)), "\n", p.Reason)))
	}
	if more := len(done.Problems) + done.More - problemsShow; more > 0 {
		card.Parts = append(card.Parts, Note(Say(fmt.Sprintf("… and %d more. The file below has every row with its reasons.", more))))
	}
	for _, hint := range done.Hints() {
		card.Parts = append(card.Parts, Note(Say(hint)))
	}
	if button, ok := importButton(v); ok {
		card.Parts = append(card.Parts, Buttons{button})
	}
	return card
}

func where(p desk.ImportProblem) string {
	if p.Column == "" {
		return fmt.Sprintf("Row %d", p.Row)
	}
	return fmt.Sprintf("Row %d, column %s", p.Row, p.Column)
}

// importButton offers to write what was only checked, if there is anything to write.
func importButton(v desk.ImportView) (Button, bool) {
	done, id := v.Result, formatID(v.ID)
	switch {
	case v.State != desk.ImportChecked || done.Added+done.Updated == 0:
		return Button{}, false
	case done.Bad == 0:
		return Button{Action: "import.write", Value: id, Label: "Import", Style: Primary}, true
	}
	return Button{Action: "import.good", Value: id, Label: "Import the good ones"}, true
}
