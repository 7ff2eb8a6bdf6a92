package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/desk"
)

// The forms about checklist templates.
const (
	formAddTemplate  = "template.add"
	formEditTemplate = "template.edit"
)

func templateTopic() topic {
	return topic{
		buttons: map[string]handler{
			"template.show": (*Bot).showTemplate, "template.list": (*Bot).moreTemplates, "template.history": (*Bot).templateHistory,
			"template.retire": turns((*desk.Desk).RetireTemplate, (*Bot).templateCard), "template.return": turns((*desk.Desk).ReturnTemplate, (*Bot).templateCard),
			formAddTemplate: opens(desk.PlanMaintenance), formEditTemplate: opensOn(desk.PlanMaintenance, (*Bot).fillEditTemplate),
		},
		forms: map[string]handler{formAddTemplate: (*Bot).submitAddTemplate, formEditTemplate: (*Bot).submitEditTemplate},
	}
}

// templates answers /callout templates: the list, one by its number, or the form that adds one.
func (b *Bot) templates(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if words, adds := addWords(r.Text); adds {
		if err := a.Require(desk.PlanMaintenance); err != nil {
			return Reply{}, err
		}
		return Reply{Form: templateForm(formAddTemplate, Values{"name": {clip(words, desk.MaxName)}})}, nil
	}
	if id := number(strings.TrimPrefix(strings.TrimSpace(r.Text), "#")); id != 0 {
		card, err := b.templateCard(ctx, a, id)
		return Reply{Say: card}, err
	}
	card, err := b.templatesCard(ctx, a, !strings.EqualFold(strings.TrimSpace(r.Text), "retired"), 0)
	return Reply{Say: card}, err
}

// previewTemplates is the form that adds a template, if the command asks for it.
func previewTemplates(r Request) *Form {
	words, adds := addWords(r.Text)
	if !adds {
		return nil
	}
	return templateForm(formAddTemplate, Values{"name": {clip(words, desk.MaxName)}})
}

// templatesCard lists the templates in use, or the retired ones.
func (b *Bot) templatesCard(ctx context.Context, a desk.Actor, active bool, after int64) (*Card, error) {
	rows, err := b.Desk.Templates(ctx, a, active, after, pageSize+1)
	if err != nil {
		return nil, err
	}
	title := "Checklist templates"
	if !active {
		title = "Retired checklist templates"
	}
	card := &Card{Text: title, Parts: []Part{Heading(title)}}
	for _, t := range rows[:min(len(rows), pageSize)] {
		name := t.PmTemplate.Name
		words := Say(Bold(clip(name, 200)), "\n", joinDots(forModel(t.PmTemplate.Model), plural(t.Steps, "step"), plural(t.Plans, "plan")))
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: "template.show", Value: formatID(t.PmTemplate.ID), Label: "Open"}})
		card.Text += fmt.Sprintf("\n%d %s", t.PmTemplate.ID, name)
	}
	if len(rows) == 0 {
		none := "There are none yet. A template is a checklist that the maintenance of many machines can use."
		if !active {
			none = "There are none."
		}
		card.Parts = append(card.Parts, Text(Say(none)))
		card.Text += ": none"
	}
	var buttons Buttons
	if a.Can(desk.PlanMaintenance) {
		buttons = append(buttons, Button{Action: formAddTemplate, Label: "Add template", Style: Primary})
	}
	if len(rows) > pageSize {
		buttons = append(buttons, Button{Action: "template.list", Value: fmt.Sprintf("%t %d", active, rows[pageSize-1].PmTemplate.ID), Label: "More"})
	}
	other := "Retired ones"
	if !active {
		other = "Those in use"
	}
	buttons = append(buttons, Button{Action: "template.list", Value: strconv.FormatBool(!active) + " 0", Label: other})
	card.Parts = append(card.Parts, buttons)
	return card, nil
}

func forModel(model string) string {
	if model == "" {
		return "every model"
	}
	return "for " + model
}

func (b *Bot) moreTemplates(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	active, after, _ := strings.Cut(r.Value, " ")
	card, err := b.templatesCard(ctx, a, active == "true", number(after))
	return Reply{Update: card}, err
}

func (b *Bot) showTemplate(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	card, err := b.templateCard(ctx, a, number(r.Value))
	return Reply{Say: card}, err
}

// checklistPage is how many characters of a checklist stand in one paragraph.
const checklistPage = 2800

// templateCard shows a template with its checklist.
func (b *Bot) templateCard(ctx context.Context, a desk.Actor, id int64) (*Card, error) {
	v, err := b.Desk.Template(ctx, a, id)
	if err != nil {
		return nil, err
	}
	t := v.PmTemplate
	card := &Card{
		Text: fmt.Sprintf("Checklist template %d, %s: %s.", id, t.Name, plural(int64(len(v.Checklist)), "step")),
		Parts: []Part{Heading(clip(t.Name, 150)), Facts{
			{"For", Say(cmp.Or(t.Model, "Every model"))},
			{"Used by", Say(plural(v.Plans, "plan"))},
			{"Version", Say(fmt.Sprintf("%d, by %s", t.Newest, v.ChangedBy))},
			{"Changed", Say(At(v.ChangedAt, b.zone(a)))},
		}},
	}
	if !t.Active {
		card.Parts = append(card.Parts, Text(Say(Bold("Retired."), " No new plan can use it; plans that have it go on.")))
	}
	var words Words
	size := 0
	for i, s := range v.Checklist {
		line := fmt.Sprintf("%d. %s\n", i+1, StepWords(s))
		if size += len(line); size > checklistPage {
			card.Parts = append(card.Parts, Text(words))
			words, size = nil, len(line)
		}
		words = append(words, Say(line)...)
	}
	card.Parts = append(card.Parts, Text(words))
	buttons := Buttons{{Action: "template.history", Value: formatID(id), Label: "History"}}
	if a.Can(desk.PlanMaintenance) {
		turn := Button{Action: "template.retire", Value: formatID(id), Label: "Retire", Confirm: "Take this template out of use? Plans that have it go on."}
		if !t.Active {
			turn = Button{Action: "template.return", Value: formatID(id), Label: "Bring back"}
		}
		buttons = append(Buttons{{Action: formEditTemplate, Value: formatID(id), Label: "Edit", Style: Primary}}, buttons[0], turn)
	}
	card.Parts = append(card.Parts, buttons)
	return card, nil
}

// stepWord is what a kind of step asks for.
var stepWord = map[string]string{
	desk.StepCheck: "check", desk.StepPass: "pass, flag or fail", desk.StepNumber: "number", desk.StepText: "text", desk.StepPhoto: "photo",
}

// StepWords shows a step of a checklist and what its answer may be.
func StepWords(s desk.Step) string {
	answer := stepWord[s.Kind]
	switch {
	case s.Kind == desk.StepChoice:
		answer = strings.Join(s.Choices, ", ")
	case s.Kind == desk.StepNumber && (s.Unit != "" || s.Min != nil || s.Max != nil):
		answer += " " + s.Range()
	}
	if s.Optional {
		answer += ", optional"
	}
	return s.Text + " (" + answer + ")"
}

// stepsHint says how a checklist is typed.
const stepsHint = `One step a line, its kind first:
check Filter cleaned · pass Test print (pass, flag or fail) · number Fuser temperature 150..200 °C · choice Roller wear: new, worn, replace · text Remarks · photo Type plate
A “?” at the end makes a step optional.`

// templateForm is the form that adds or edits a template.
func templateForm(id string, values Values) *Form {
	title, submit := "Add a template", "Add template"
	if id == formEditTemplate {
		title, submit = "Edit template", "Save"
	}
	return &Form{ID: id, Title: title, Submit: submit, Fields: []Field{
		{Name: "name", Kind: FieldLine, Label: "Name", Max: desk.MaxName, Value: values.Get("name"), Placeholder: "Yearly service"},
		{Name: "model", Kind: FieldLine, Label: "Model", Optional: true, Max: desk.MaxModel, Value: values.Get("model"), Hint: "Empty suits every model."},
		{Name: "steps", Kind: FieldText, Label: "Checklist", Max: desk.MaxChecklist, Value: values.Get("steps"), Hint: stepsHint, Placeholder: "check Filter cleaned"},
	}}
}

func (b *Bot) fillEditTemplate(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	v, err := b.Desk.Template(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f := templateForm(formEditTemplate, valuesOf(v.Fields()))
	f.State = edition{id, v.PmTemplate.Version}.state()
	return f, nil
}

func (b *Bot) submitAddTemplate(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	fields := fieldsIn(r.Values, desk.TemplateFields()...)
	id, err := b.Desk.AddTemplate(ctx, a, fields)
	if err != nil {
		return Reply{}, err
	}
	return opened("template.show", id, fmt.Sprintf("The template %s is ready. “Add plan” on the card of a machine uses it.", fields["name"])), nil
}

func (b *Bot) submitEditTemplate(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	fields := fieldsIn(r.Values, desk.TemplateFields()...)
	if err := b.Desk.EditTemplate(ctx, a, e.id, e.version, fields); err != nil {
		return b.clashed(a, err, e.id, func(v Values) *Form { return templateForm(formEditTemplate, v) }, nil)
	}
	return opened("template.show", e.id, fmt.Sprintf("The template %s is changed. Tasks that are there already keep their checklist; new ones get this one.", fields["name"])), nil
}

func (b *Bot) templateHistory(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id := number(r.Value)
	entries, err := b.Desk.TemplateHistory(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Say: b.changesCard(a, fmt.Sprintf("History of template %d", id), entries)}, nil
}

// changesMost is how many changes of a record are shown at once: each takes a block.
const changesMost = 40

// changesCard shows the timeline of a record.
func (b *Bot) changesCard(a desk.Actor, title string, entries []desk.RecordEntry) *Card {
	card := &Card{Text: title + ".", Parts: []Part{Heading(title)}}
	for _, e := range entries[max(0, len(entries)-changesMost):] {
		card.Parts = append(card.Parts, Text(append(Say(At(e.Event.At, b.zone(a)), "  "), recordWords(e)...)))
	}
	return card
}
