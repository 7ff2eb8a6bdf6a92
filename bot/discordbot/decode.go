package discordbot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"callout/bot"
)

// delivery is one thing somebody did: the request in it, and what is needed to answer it.
type delivery struct {
	turn  *turn
	in    interaction
	req   bot.Request
	fills []bot.Fill // of the form to come, by the command's arguments
	ask   string     // what is asked before a button does what it does
	draft *draft     // the form that goes on
	verb  string     // what shall be done with it
	modal *modalData // what was filled in
}

// who returns the person: in a server they come as its member.
func (in interaction) who() user {
	switch {
	case in.Member != nil:
		return in.Member.User
	case in.User != nil:
		return *in.User
	}
	return user{}
}

// ephemeral reports whether the message in which something was pressed is seen by one person only.
func (in interaction) ephemeral() bool {
	return in.Message != nil && in.Message.Flags&flagEphemeral != 0
}

func (a *Adapter) decode(ctx context.Context, in interaction) (delivery, error) {
	who := in.who()
	if who.ID == "" {
		return delivery{}, fmt.Errorf("interaction %s without a person: %w", in.ID, errUnknown)
	}
	d := delivery{in: in, req: bot.Request{
		Platform: bot.Discord, User: who.ID, UserName: who.name(), Channel: in.ChannelID, Key: "discord:" + in.ID,
	}}
	if in.ephemeral() {
		d.req.Surface = bot.SurfacePersonal
	}
	switch in.Type {
	case kindCommand:
		return a.decodeCommand(d)
	case kindAutocomplete:
		return a.decodeAutocomplete(d)
	case kindComponent:
		return a.decodeComponent(ctx, d)
	case kindModal:
		return a.decodeModal(ctx, d)
	}
	return d, fmt.Errorf("interaction of kind %d: %w", in.Type, errUnknown)
}

func (a *Adapter) decodeShortcut(d delivery, data commandData) (delivery, error) {
	for _, s := range a.bot.Shortcuts() {
		if s.OnMessage && s.Name == data.Name {
			d.req.Kind, d.req.Name = bot.KindShortcut, s.ID
			if m, ok := data.Resolved.Messages[data.TargetID]; ok {
				d.req.Message = &bot.Quoted{Text: m.plain(), Author: m.Author.name(), Link: link(d.in, m.ID)}
			}
			return d, nil
		}
	}
	return d, fmt.Errorf("message command %q: %w", data.Name, errUnknown)
}

// link is the address of a message: https://discord.com/channels/SERVER/CHANNEL/MESSAGE.
func link(in interaction, message string) string {
	return "https://discord.com/channels/" + cmp.Or(in.GuildID, "@me") + "/" + in.ChannelID + "/" + message
}

func (a *Adapter) decodeComponent(ctx context.Context, d delivery) (delivery, error) {
	var data componentData
	if err := json.Unmarshal(d.in.Data, &data); err != nil {
		return d, fmt.Errorf("decode press: %w", err)
	}
	id := data.CustomID
	if strings.HasPrefix(id, idOpen+"|") && len(data.Values) == 1 {
		id = data.Values[0]
	}
	if strings.HasPrefix(id, idDraft+"|") {
		return a.decodeDraft(ctx, d, id, data.Values)
	}
	p, err := a.pressed(ctx, id)
	if err != nil {
		return d, err
	}
	d.req.Kind, d.req.Name, d.req.Value = bot.KindButton, p.Action, p.Value
	if p.Confirm {
		d.ask = labelOf(d.in.Message, data.CustomID)
	}
	return d, nil
}

// labelOf is what is written on the button of a message; empty if it cannot be found.
func labelOf(m *shown, id string) string {
	var rows []struct {
		Components []struct {
			CustomID string `json:"custom_id"`
			Label    string `json:"label"`
		} `json:"components"`
	}
	if m == nil || json.Unmarshal(m.Components, &rows) != nil {
		return "Go on"
	}
	for _, row := range rows {
		for _, c := range row.Components {
			if c.CustomID == id {
				return cmp.Or(c.Label, "Go on")
			}
		}
	}
	return "Go on"
}

// decodeDraft goes on with a form: a button or a choice below what was said about it.
func (a *Adapter) decodeDraft(ctx context.Context, d delivery, id string, values []string) (delivery, error) {
	parts := strings.SplitN(id, "|", 3)
	if len(parts) != 3 {
		return d, fmt.Errorf("%q: %w", id, errUnknown)
	}
	var err error
	d.verb = parts[2]
	if d.draft, err = a.openDraft(ctx, parts[1]); err != nil {
		return d, err
	}
	if field, ok := strings.CutPrefix(d.verb, verbChoose); ok && len(values) == 1 {
		d.draft.choose(field, values[0])
	}
	d.req.Kind, d.req.Name = bot.KindForm, d.draft.Form.ID
	return d, nil
}

func (a *Adapter) decodeModal(ctx context.Context, d delivery) (delivery, error) {
	var data modalData
	if err := json.Unmarshal(d.in.Data, &data); err != nil {
		return d, fmt.Errorf("decode form: %w", err)
	}
	parts := strings.SplitN(data.CustomID, "|", 3)
	if parts[0] != idDraft || len(parts) < 2 {
		return d, fmt.Errorf("%q: %w", data.CustomID, errUnknown)
	}
	var err error
	d.modal, d.verb = &data, verbFilled
	if d.draft, err = a.openDraft(ctx, parts[1]); err != nil {
		return d, err
	}
	d.req.Kind, d.req.Name = bot.KindForm, d.draft.Form.ID
	return d, nil
}
