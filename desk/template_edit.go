package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// TemplateFields lists what people may edit of a template, in the order they see it.
func TemplateFields() []string { return []string{"name", "model", "steps"} }

// TemplateView is a template with its newest checklist.
type TemplateView struct {
	store.GetTemplateViewRow
	Checklist []Step
}

// Fields is the template as its form holds it.
func (v TemplateView) Fields() Fields {
	return Fields{"name": v.PmTemplate.Name, "model": v.PmTemplate.Model, "steps": FormatSteps(v.Checklist)}
}

// Template reads a template for a member.
func (d *Desk) Template(ctx context.Context, a Actor, id int64) (TemplateView, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return TemplateView{}, err
	}
	return readTemplate(ctx, d.q, id)
}

// TemplateHistory reads what was changed of a template, oldest first.
func (d *Desk) TemplateHistory(ctx context.Context, a Actor, id int64) ([]RecordEntry, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return nil, err
	}
	return d.history(ctx, Record{Kind: TemplateRecord, ID: id})
}

func readTemplate(ctx context.Context, q *store.Queries, id int64) (TemplateView, error) {
	var v TemplateView
	var err error
	if v.GetTemplateViewRow, err = q.GetTemplateView(ctx, id); err != nil {
		return v, noTemplate(err, id)
	}
	if err := json.Unmarshal(v.Steps, &v.Checklist); err != nil {
		return v, fmt.Errorf("decode checklist of template %d: %w", id, err)
	}
	return v, nil
}

func noTemplate(err error, id int64) error {
	return found(err, "There is no template %d. /callout templates lists them.", id)
}

// Templates lists the templates, those in use or the others. after is the id of the last one of the page before.
func (d *Desk) Templates(ctx context.Context, a Actor, active bool, after int64, size int) ([]store.ListTemplatesRow, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return nil, err
	}
	rows, err := d.q.ListTemplates(ctx, store.ListTemplatesParams{Active: active, After: after, Max: int32(size)})
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return rows, nil
}

// TemplatesFor lists the templates that suit a model.
func (d *Desk) TemplatesFor(ctx context.Context, a Actor, model string) ([]store.PmTemplate, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return nil, err
	}
	rows, err := d.q.ListTemplatesFor(ctx, model)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return rows, nil
}

// AddTemplate adds a template.
func (d *Desk) AddTemplate(ctx context.Context, a Actor, f Fields) (int64, error) {
	if err := a.may(PlanMaintenance); err != nil {
		return 0, err
	}
	return d.create(ctx, a, TemplateRecord, func(ctx context.Context, c *change) error {
		in, err := c.checkTemplate(ctx, 0, f)
		if err != nil {
			return err
		}
		t, err := c.q.InsertTemplate(ctx, store.InsertTemplateParams{Name: in.name, Model: in.model, CreatedBy: a.ID, CreatedAt: c.Now()})
		if err != nil {
			return fmt.Errorf("write template: %w", err)
		}
		c.record.ID = t.ID
		if err := c.insertChecklist(ctx, t.Newest, in.steps); err != nil {
			return err
		}
		return c.event(ctx, "added", "", "", "")
	})
}

// checkedTemplate is a template as it may be stored.
type checkedTemplate struct {
	name, model string
	steps       []Step
}

// checkTemplate reads the fields of a template and refuses what cannot be stored, naming every field at once.
func (c *change) checkTemplate(ctx context.Context, id int64, f Fields) (checkedTemplate, error) {
	p := problems{}
	in := checkedTemplate{name: oneLine(f["name"]), model: oneLine(f["model"])}
	p.add("name", limited("The name", in.name, 1, MaxName))
	p.add("model", limited("The model", in.model, 0, MaxModel))
	var err error
	in.steps, err = ParseSteps(f["steps"])
	p.add("steps", err)
	twin, err := c.q.FindTemplateNamed(ctx, store.FindTemplateNamedParams{Name: in.name, Model: in.model, But: id})
	switch {
	case err == nil:
		p.add("name", refuse(Invalid, "“%s” is there already: template %d. Choose another name, or edit that one.", twin.Name, twin.ID))
	case !errors.Is(err, pgx.ErrNoRows):
		return in, fmt.Errorf("look for a template of that name: %w", err)
	}
	return in, p.err()
}

func (c *change) insertChecklist(ctx context.Context, number int32, steps []Step) error {
	encoded, err := json.Marshal(steps)
	if err != nil {
		return fmt.Errorf("encode checklist: %w", err)
	}
	err = c.q.InsertTemplateVersion(ctx, store.InsertTemplateVersionParams{
		TemplateID: c.record.ID, Number: number, Steps: encoded, CreatedBy: c.actor.ID, CreatedAt: c.Now(),
	})
	if err != nil {
		return fmt.Errorf("write checklist: %w", err)
	}
	return nil
}

// EditTemplate changes a template. A changed checklist is a new version: tasks that are there already keep theirs. version is that
// of the template when the form was opened; what others changed meanwhile is merged. See Merge.
func (d *Desk) EditTemplate(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	return d.onTemplate(ctx, a, id, func(ctx context.Context, c *change, v TemplateView) error {
		t, before := v.PmTemplate, v.Fields()
		merged, err := c.merge(ctx, edit{version: version, mine: tidiedTemplate(mine)}, t.Version, before)
		if err != nil {
			return err
		}
		in, err := c.checkTemplate(ctx, id, merged)
		if err != nil {
			return err
		}
		after := Fields{"name": in.name, "model": in.model, "steps": FormatSteps(in.steps)}
		if len(after.changed(before)) == 0 {
			return nil
		}
		if err := c.keep(ctx, t.Version, before); err != nil {
			return err
		}
		if after["steps"] != before["steps"] {
			t.Newest++
			if err := c.insertChecklist(ctx, t.Newest, in.steps); err != nil {
				return err
			}
		}
		t.Name, t.Model = in.name, in.model
		return c.saveTemplate(ctx, t, eventEdited, changesOf(before, after))
	})
}

// tidiedTemplate writes what was typed as it is stored where both mean the same.
func tidiedTemplate(typed Fields) Fields {
	out := Fields{}
	for name, text := range typed {
		out[name] = clean(text)
		if name != "steps" {
			out[name] = oneLine(text)
		} else if steps, err := ParseSteps(text); err == nil {
			out[name] = FormatSteps(steps)
		}
	}
	return out
}

// RetireTemplate takes a template out of use: no new plan can have it. Plans that have it go on.
func (d *Desk) RetireTemplate(ctx context.Context, a Actor, id int64) error {
	return d.setTemplateActive(ctx, a, id, false, eventRetired)
}

// ReturnTemplate brings a template back into use.
func (d *Desk) ReturnTemplate(ctx context.Context, a Actor, id int64) error {
	return d.setTemplateActive(ctx, a, id, true, eventReturned)
}

func (d *Desk) setTemplateActive(ctx context.Context, a Actor, id int64, active bool, event string) error {
	return d.onTemplate(ctx, a, id, func(ctx context.Context, c *change, v TemplateView) error {
		t := v.PmTemplate
		if t.Active == active {
			return nil
		}
		if t.Active = active; active { // its name may have been given to another meanwhile
			if _, err := c.checkTemplate(ctx, id, v.Fields()); err != nil {
				return err
			}
		}
		return c.saveTemplate(ctx, t, event, "")
	})
}

func (c *change) saveTemplate(ctx context.Context, t store.PmTemplate, event, note string) error {
	err := c.q.UpdateTemplate(ctx, store.UpdateTemplateParams{ID: t.ID, Name: t.Name, Model: t.Model, Newest: t.Newest, Active: t.Active})
	if err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	return c.event(ctx, event, "", "", note)
}

// onTemplate lets fn change a template that it locks.
func (d *Desk) onTemplate(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, TemplateView) error) error {
	if err := a.may(PlanMaintenance); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: TemplateRecord, ID: id}, func(ctx context.Context, c *change) error {
		if _, err := c.q.LockTemplate(ctx, id); err != nil {
			return noTemplate(err, id)
		}
		v, err := readTemplate(ctx, c.q, id)
		if err != nil {
			return err
		}
		return fn(ctx, c, v)
	})
}
