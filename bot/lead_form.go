package bot

import (
	"context"
	"regexp"
	"strings"

	"callout/desk"
)

// The forms of a lead.
const (
	formAddLead  = "lead.add"
	formEditLead = "lead.edit"
	formNextLead = "lead.next"
)

// ownerSearch is the name of the field in which somebody who may keep leads is found by typing.
const ownerSearch = "owner"

func leadFormTopic() topic {
	return topic{
		buttons: map[string]handler{
			formAddLead:  (*Bot).openAddLead,
			formEditLead: opensOn(desk.KeepLeads, (*Bot).fillEditLead), formNextLead: opensOn(desk.KeepLeads, (*Bot).fillNextLead),
		},
		forms: map[string]handler{
			formAddLead:  (*Bot).submitAddLead,
			formEditLead: submitEditLead((*Bot).leadFormOf, desk.LeadFields()...),
			formNextLead: submitEditLead(sameForm(nextLeadForm), "next_action", "next_on"),
		},
		searches: map[string]handler{ownerSearch: searchMembers(desk.KeepLeads)},
	}
}

// previewAddLead is the form as it opens: nothing in it has to be looked up.
func previewAddLead(r Request) *Form {
	values := Values{"interest": {clip(r.Text, desk.MaxInterest)}}
	if r.Message != nil {
		values = leadIn(r.Message.Text)
		values["interest"] = []string{clip(quote(*r.Message), desk.MaxInterest)}
	}
	return addLeadForm(values)
}

// What a message plainly says of somebody: the fields of a web form, and an address or number that stands anywhere.
var (
	leadLines = regexp.MustCompile(`(?im)^\W*(name|company|phone|tel|e-?mail)\W*:\W*(.+?)\W*$`)
	mailText  = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	phoneText = regexp.MustCompile(`\+\d[\d ()/-]{6,}\d`)
)

// leadIn reads what a message plainly says of a lead.
func leadIn(text string) Values {
	values := Values{}
	for _, m := range leadLines.FindAllStringSubmatch(text, -1) {
		name := strings.ReplaceAll(strings.ToLower(m[1]), "-", "")
		if name == "tel" {
			name = "phone"
		}
		if name == "name" || name == "company" {
			values[name] = []string{clip(m[2], desk.MaxName)}
		}
	}
	if m := mailText.FindString(text); m != "" {
		values["email"] = []string{m}
	}
	if m := phoneText.FindString(text); m != "" {
		values["phone"] = []string{m}
	}
	return values
}

func (b *Bot) openAddLead(_ context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := a.Require(desk.AddLeads); err != nil {
		return Reply{}, err
	}
	return Reply{Form: previewAddLead(r)}, nil
}

func addLeadForm(values Values) *Form {
	f := &Form{ID: formAddLead, Title: "Add a lead", Submit: "Add lead", Fields: leadFields(values, nil)}
	return f
}

// leadFields are what is asked of a lead. owner is who keeps it, if that is known.
func leadFields(values Values, owner []Option) []Field {
	fields := []Field{
		{Name: "name", Kind: FieldLine, Label: "Name", Max: desk.MaxName, Value: values.Get("name"), Placeholder: "Jane Doe"},
		{Name: "company", Kind: FieldLine, Label: "Company", Max: desk.MaxName, Optional: true, Value: values.Get("company")},
		{Name: "phone", Kind: FieldLine, Label: "Phone", Max: 40, Optional: true, Value: values.Get("phone"), Placeholder: "+44 20 7946 0123"},
		{Name: "email", Kind: FieldLine, Label: "E-mail", Max: 200, Optional: true, Value: values.Get("email"), Placeholder: "jane@example.com"},
		{Name: "interest", Kind: FieldText, Label: "What they want", Max: desk.MaxInterest, Optional: true, Value: values.Get("interest")},
		{Name: "source", Kind: FieldLine, Label: "Where they come from", Max: desk.MaxSource, Optional: true, Value: values.Get("source"), Placeholder: "Website, fair, recommendation, phone", Hint: "Use the same word each time: lists and reports count by it."},
		{Name: ownerSearch, Kind: FieldSearch, Label: "Who keeps it", Optional: true, Chosen: owner, Placeholder: "Type a name", Hint: "Leave it empty and it is yours."},
	}
	return append(fields, nextFields(values, "")...)
}

// nextFields ask for what is to be done next, and when.
func nextFields(values Values, hint string) []Field {
	return []Field{
		{Name: "next_action", Kind: FieldLine, Label: "Next action", Max: desk.MaxNextAction, Optional: true, Value: values.Get("next_action"), Placeholder: "Call back about the offer", Hint: hint},
		{Name: "next_on", Kind: FieldDate, Label: "On", Optional: true, Value: values.Get("next_on"), Hint: "You are reminded in the morning of that day."},
	}
}

// submitAddLead adds a lead. If somebody has its phone or e-mail already, the same form comes back and says who; sent again, it
// is added.
func (b *Bot) submitAddLead(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	in := desk.NewLead{Fields: fieldsIn(r.Values, desk.LeadFields()...), Seen: seenIn(r.State)}
	id, twins, err := b.Desk.AddLead(ctx, a, in)
	if err != nil {
		return Reply{}, err
	}
	if len(twins) > 0 {
		f, err := b.leadForm(ctx, formAddLead, r.Values)
		f.Submit, f.State = "Add anyway", seenState(twins)
		f.Fields = append([]Field{{Name: "twins", Kind: FieldNote, Note: twinWords("Perhaps they are here already:", twins)}}, f.Fields...)
		return Reply{Form: f}, err
	}
	if !a.Can(desk.SeeLeads) {
		return say("Lead %d is added. Thank you! Somebody of sales takes care of it.", id), nil
	}
	return b.leadSaid(ctx, a, id)
}

// leadForm is the form of a lead, holding values, with the name of who keeps it.
func (b *Bot) leadForm(ctx context.Context, id string, values Values) (*Form, error) {
	owner, err := b.memberChosen(ctx, values.Get(ownerSearch))
	f := &Form{ID: id, Title: "Add a lead", Submit: "Add lead", Fields: leadFields(values, owner)}
	if id == formEditLead {
		f.Title, f.Submit = "Edit lead", "Save"
	}
	return f, err
}

// memberChosen is the member with an id, as a field that opens with them holds it; nothing for no id.
func (b *Bot) memberChosen(ctx context.Context, id string) ([]Option, error) {
	if number(id) == 0 {
		return nil, nil
	}
	m, err := b.Desk.Member(ctx, number(id))
	if err != nil {
		return nil, err
	}
	return []Option{memberOption(m)}, nil
}

// seenState remembers in a form who was shown as possible duplicates.
func seenState(twins []desk.Twin) string {
	parts := make([]string, len(twins))
	for i, t := range twins {
		parts[i] = partyValue(t.Party)
	}
	return strings.Join(parts, " ")
}

func seenIn(state string) []desk.Twin {
	var seen []desk.Twin
	for _, value := range strings.Fields(state) {
		seen = append(seen, desk.Twin{Party: partyIn(value)})
	}
	return seen
}

// twinWords lists who has the same phone or e-mail.
func twinWords(head string, twins []desk.Twin) Words {
	words := Say(Bold(head))
	for _, t := range twins {
		words = append(words, Say("\n• ", Bold(t.Name))...)
		switch {
		case t.LeadID != 0:
			words = append(words, Say(", lead "+formatID(t.LeadID)+", "+t.Stage+", kept by "+t.Owner)...)
		case t.Contact != "":
			words = append(words, Say(", customer (contact ", t.Contact, ")")...)
		default:
			words = append(words, Say(", customer")...)
		}
	}
	return words
}

func (b *Bot) fillEditLead(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Lead(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f, err := b.leadForm(ctx, formEditLead, valuesOf(desk.LeadFieldsOf(v.Lead)))
	f.State = edition{id, v.Lead.Version}.state()
	return f, err
}

func (b *Bot) fillNextLead(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Lead(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := nextLeadForm(valuesOf(desk.LeadFieldsOf(v.Lead)))
	f.State = edition{id, v.Lead.Version}.state()
	return f, nil
}

func nextLeadForm(values Values) *Form {
	return &Form{ID: formNextLead, Title: "Next action", Submit: "Save", Fields: nextFields(values, "")}
}

// formOf makes an edit form of its values.
type formOf func(b *Bot, ctx context.Context, values Values) *Form

func sameForm(form func(Values) *Form) formOf {
	return func(_ *Bot, _ context.Context, values Values) *Form { return form(values) }
}

func (b *Bot) leadFormOf(ctx context.Context, values Values) *Form {
	f, err := b.leadForm(ctx, formEditLead, values)
	if err != nil { // the name of who keeps it is missing; everything typed is there
		b.Log.WarnContext(ctx, "owner of a lead not found", "err", err)
	}
	return f
}

// submitEditLead saves the fields of a form of a lead.
func submitEditLead(form formOf, fields ...string) handler {
	return func(b *Bot, ctx context.Context, r Request, a desk.Actor) (Reply, error) {
		e := editionOf(r.State)
		err := b.Desk.EditLead(ctx, a, e.id, e.version, fieldsIn(r.Values, fields...))
		if err != nil {
			again := func(v Values) *Form { return form(b, ctx, v) }
			return b.clashed(a, err, e.id, again, b.memberShown(ctx, ownerSearch))
		}
		return b.leadSaid(ctx, a, e.id)
	}
}

// memberShown words a field that holds a member's id by their name.
func (b *Bot) memberShown(ctx context.Context, name string) shownTo {
	return func(field, value string) string {
		if field != name {
			return value
		}
		m, err := b.Desk.Member(ctx, number(value))
		if err != nil {
			return value
		}
		return m.Name
	}
}
