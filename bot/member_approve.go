package bot

import (
	"context"
	"slices"

	"callout/desk"
	"callout/store"
)

// removeMember takes somebody who leaves off the team; their calls are offered to others.
func (b *Bot) removeMember(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	m, err := b.Desk.Deactivate(ctx, a, editionOf(r.State).id)
	if err != nil {
		return Reply{}, err
	}
	return say("%s is no longer on the team. What they had is offered to others.", m.Name), nil
}

func (b *Bot) openApprove(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if !a.Can(desk.ApproveMember) {
		return say("Only an admin may approve members."), nil
	}
	m, fields, err := b.Desk.MemberForEdit(ctx, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	form := approveForm(a, m)(valuesOf(fields))
	form.State = edition{m.ID, m.Version}.state()
	return Reply{Form: form}, nil
}

// approveForm is the form in which an admin approves somebody, and changes their roles and what they can do.
func approveForm(a desk.Actor, m store.Member) func(Values) *Form {
	return func(v Values) *Form {
		roles := Field{Name: "roles", Kind: FieldChecks, Label: "Roles", Options: roleOptions()}
		for _, o := range roles.Options {
			if slices.Contains(m.Roles, o.Value) {
				roles.Chosen = append(roles.Chosen, o)
			}
		}
		form := &Form{ID: formApprove, Title: "Roles and skills", Submit: "Save", Fields: []Field{
			{Name: "who", Kind: FieldNote, Note: Say(Bold(m.Name), "  ", m.Email)},
			roles,
			{Name: "skills", Kind: FieldLine, Label: "Skills", Optional: true, Max: desk.MaxSkills, Value: v.Get("skills"), Placeholder: "copiers, network", Hint: "With commas between them. A technician is asked only for machines whose skills they all have."},
			{Name: "territory", Kind: FieldLine, Label: "Territory", Optional: true, Max: desk.MaxTerritory, Value: v.Get("territory"), Hint: "Technicians are preferred for customers in the same one."},
			{Name: "capacity", Kind: FieldLine, Label: "Calls at once", Max: 3, Value: v.Get("capacity"), Hint: "How many calls a technician may have on their hands."},
		}}
		if m.State == desk.StateRequested {
			form.Title, form.Submit = "Approve", "Approve"
		}
		if m.State == desk.StateActive {
			form.Fields = append(form.Fields, Field{
				Name: "phone", Kind: FieldLine, Label: "Another phone", Optional: true, Max: 40, Value: v.Get("phone"), Placeholder: "+44 7700 900123",
				Hint: "For who cannot change it in chat. They get one text there, and it counts when they have answered.",
			})
		}
		if m.State == desk.StateActive && m.ID != a.ID {
			leave := []Option{{Value: "leaves", Label: "They leave the team", Note: "Their calls are offered to others"}}
			form.Fields = append(form.Fields, Field{Name: "leaves", Kind: FieldChecks, Label: "Or", Options: leave, Optional: true})
		}
		return form
	}
}

func (b *Bot) submitApprove(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	e := editionOf(r.State)
	if r.Values.Get("leaves") != "" {
		return b.removeMember(ctx, r, a)
	}
	if err := b.Desk.CheckRoles(a, r.Values.All("roles")); err != nil {
		return Reply{}, err
	}
	texted := ""
	if phone := r.Values.Get("phone"); phone != "" {
		other := a
		if other.Key != "" {
			other.Key += " phone" // one act of several in a delivery
		}
		if err := b.Desk.ChangePhoneOf(ctx, other, e.id, phone); err != nil {
			return Reply{}, err
		}
		texted = " They were texted to prove the phone."
	}
	if _, there := r.Values["capacity"]; there {
		first := a
		if first.Key != "" {
			first.Key += " skills" // two acts of one delivery
		}
		if err := b.Desk.EditSkills(ctx, first, e.id, e.version, fieldsIn(r.Values, desk.SkillFields()...)); err != nil {
			return b.clashedSkills(ctx, r, a, err, e.id)
		}
	}
	m, err := b.Desk.Approve(ctx, a, e.id, r.Values.All("roles"))
	if err != nil {
		return Reply{}, err
	}
	return say("%s is %s now. I have told them.%s", m.Name, joinAnd(m.Roles), texted), nil
}

// clashedSkills shows both sides when two admins changed what somebody can do; the roles that were chosen are kept.
func (b *Bot) clashedSkills(ctx context.Context, r Request, a desk.Actor, clash error, id int64) (Reply, error) {
	m, err := b.Desk.Member(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	m.Roles = r.Values.All("roles")
	return b.clashed(a, clash, id, approveForm(a, m), nil)
}

func (b *Bot) refuseMember(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	m, err := b.Desk.Refuse(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	return say("You turned %s down. I have told them.", m.Name), nil
}
