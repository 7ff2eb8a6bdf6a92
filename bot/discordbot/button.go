package discordbot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
)

// What a custom_id begins with says what was pressed. A press is "action|value"; what does not fit is put aside.
const (
	idPress   = "b" // b|action|value
	idConfirm = "c" // c|action|value: asks first
	idLong    = "k" // k|key: a press that was put aside
	idOpen    = "o" // o|n: the menu of the rows of a list; its values are presses
	idDraft   = "d" // d|key|verb: goes on with a form
)

// press is what a button stands for.
type press struct {
	Action, Value string
	Confirm       bool
}

// rows draws what can be pressed: at most five rows. The buttons beside the rows of a list become one menu.
func (a *Adapter) rows(ctx context.Context, buttons []bot.Button, items []bot.Item) ([]discordgo.MessageComponent, error) {
	var rows []discordgo.MessageComponent
	if len(items) == 1 { // needs no menu
		buttons, items = append([]bot.Button{items[0].Button}, buttons...), nil
	}
	if len(items) > 0 {
		menu, err := a.menu(ctx, items)
		if err != nil {
			return nil, err
		}
		rows = append(rows, menu)
	}
	var row []discordgo.MessageComponent
	used := map[string]bool{}
	for _, b := range buttons {
		if len(rows) == maxRows {
			break
		}
		drawn, err := a.button(ctx, b)
		if err != nil {
			return nil, err
		}
		if id := cmp.Or(drawn.CustomID, drawn.URL); used[id] || len(drawn.URL) > maxURL {
			continue // Discord refuses two that do the same, and addresses that are too long
		}
		used[cmp.Or(drawn.CustomID, drawn.URL)] = true
		if row = append(row, drawn); len(row) == maxRowButtons {
			rows, row = append(rows, discordgo.ActionsRow{Components: row}), nil
		}
	}
	if len(row) > 0 && len(rows) < maxRows {
		rows = append(rows, discordgo.ActionsRow{Components: row})
	}
	return rows, nil
}

func (a *Adapter) button(ctx context.Context, b bot.Button) (discordgo.Button, error) {
	drawn := discordgo.Button{Label: shorten(orValue(b.Label, b.Action), maxButtonLabel), Style: discordgo.SecondaryButton}
	switch b.Style {
	case bot.Primary:
		drawn.Style = discordgo.PrimaryButton
	case bot.Danger:
		drawn.Style = discordgo.DangerButton
	}
	if b.URL != "" {
		drawn.Style, drawn.URL = discordgo.LinkButton, b.URL
		return drawn, nil
	}
	var err error
	drawn.CustomID, err = a.pressID(ctx, a.press(b))
	return drawn, err
}

// menu opens one of the rows of a list.
func (a *Adapter) menu(ctx context.Context, items []bot.Item) (discordgo.MessageComponent, error) {
	var options []discordgo.SelectMenuOption
	seen := map[string]bool{}
	same := !slices.ContainsFunc(items, func(i bot.Item) bool { return i.Button.Label != items[0].Button.Label })
	what := "Choose …" // each says itself what it does
	if same {
		what = items[0].Button.Label + " …"
	}
	for _, item := range items[:min(len(items), maxOptions)] {
		value, err := a.pressID(ctx, a.press(item.Button))
		if err != nil {
			return nil, err
		}
		first, rest, _ := strings.Cut(strings.TrimSpace(item.Text.String()), "\n")
		if seen[value] {
			continue
		}
		seen[value] = true
		label := orValue(first, item.Button.Label)
		if !same {
			label = item.Button.Label + ": " + first
		}
		options = append(options, discordgo.SelectMenuOption{
			Label: shorten(orValue(label, "Open"), maxOption), Value: value, Description: shorten(strings.ReplaceAll(rest, "\n", " · "), maxOption),
		})
	}
	return discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{
		MenuType: discordgo.StringSelectMenu, CustomID: idOpen + "|0", Placeholder: shorten(what, maxPlaceholder), Options: options,
	}}}, nil
}

// draftPrefix marks the action of a button that goes on with a form: no action of the bot begins so.
const draftPrefix = "draft|"

func draftAction(d *draft, verb string) string { return draftPrefix + d.Key + "|" + verb }

// component is one row of what can be pressed below a message.
type component = discordgo.MessageComponent

// pick is a menu of what may have been meant.
func pick(d *draft, f bot.Field, options []bot.Option) component {
	list := make([]discordgo.SelectMenuOption, 0, len(options))
	for _, o := range options {
		if len(list) < maxOptions && usable(o) {
			list = append(list, discordgo.SelectMenuOption{Label: shorten(orValue(o.Label, o.Value), maxOption), Value: o.Value, Description: shorten(o.Note, maxOption)})
		}
	}
	return discordgo.ActionsRow{Components: []component{discordgo.SelectMenu{
		MenuType: discordgo.StringSelectMenu, CustomID: shorten(idDraft+"|"+d.Key+"|"+verbChoose+f.Name, maxCustomID), Placeholder: "Choose one", Options: list,
	}}}
}

// pressID names a press in at most a hundred characters; a longer one is put aside.
func (a *Adapter) pressID(ctx context.Context, p press) (string, error) {
	if key, ok := strings.CutPrefix(p.Action, draftPrefix); ok {
		return idDraft + "|" + key, nil
	}
	head := idPress
	if p.Confirm {
		head = idConfirm
	}
	if id := head + "|" + p.Action + "|" + p.Value; length(id) <= maxCustomID && strings.TrimSpace(id) == id { // Discord trims it
		return id, nil
	}
	body, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode button: %w", err)
	}
	key, err := a.bot.PutAside(ctx, "", body)
	if err != nil {
		return "", fmt.Errorf("put button aside: %w", err)
	}
	return idLong + "|" + key, nil
}

// press is what a button stands for. What it asks first is the same for every button that does the same, and is kept by that: a
// custom_id has no room for it, and until one is drawn again after a restart the question is a plain one.
func (a *Adapter) press(b bot.Button) press {
	if b.Confirm != "" {
		a.questions.Store(b.Action, b.Confirm)
	}
	return press{Action: b.Action, Value: b.Value, Confirm: b.Confirm != ""}
}

// pressed reads what a custom_id stands for.
func (a *Adapter) pressed(ctx context.Context, id string) (press, error) {
	head, rest, _ := strings.Cut(id, "|")
	switch head {
	case idPress, idConfirm:
		action, value, _ := strings.Cut(rest, "|")
		return press{Action: action, Value: value, Confirm: head == idConfirm}, nil
	case idLong:
		body, err := a.bot.Aside(ctx, rest)
		if err != nil {
			return press{}, err
		}
		var p press
		if err := json.Unmarshal(body, &p); err != nil {
			return press{}, fmt.Errorf("decode button: %w", err)
		}
		return p, nil
	}
	return press{}, fmt.Errorf("%q: %w", id, errUnknown)
}
