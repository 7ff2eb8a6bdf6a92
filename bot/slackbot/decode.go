package slackbot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"callout/bot"
)

// errIgnored means that Slack sent something well-formed that is none of our business.
var errIgnored = errors.New("nothing to do")

// delivery is one thing Slack delivered: the request in it, and where its answer goes.
type delivery struct {
	req    bot.Request
	origin origin
	view   *viewRef // the modal or Home tab it happened in
	quoted quoted
}

// origin is where somebody did something.
type origin struct {
	trigger   string // opens a form, once, for three seconds
	response  string // response_url: five answers in half an hour
	channel   string
	message   string // timestamp of the message whose button it was
	ephemeral bool   // which only that person sees
}

// viewRef is the view a request came from.
type viewRef struct {
	id, hash string
	modal    bool
	stacked  bool
	inputs   []string  // block ids of its inputs, in order: errors may stand on these only
	preview  *bot.Form // what it shows already, if it was opened early
}

// quoted is the message a shortcut was used on, for looking its author and link up.
type quoted struct{ user, channel, ts string }

// command is a slash command: form fields over HTTP, JSON over the socket.
type command struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	ChannelID   string `json:"channel_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
}

func commandFromForm(form url.Values) command {
	return command{
		Command: form.Get("command"), Text: form.Get("text"), UserID: form.Get("user_id"), UserName: form.Get("user_name"),
		ChannelID: form.Get("channel_id"), TriggerID: form.Get("trigger_id"), ResponseURL: form.Get("response_url"),
	}
}

func decodeCommand(c command) (delivery, error) {
	name := strings.TrimPrefix(c.Command, "/")
	if name == "" || c.UserID == "" || c.TriggerID == "" {
		return delivery{}, errors.New("slash command without a name, user or trigger")
	}
	return delivery{
		req: bot.Request{
			Platform: bot.Slack, Kind: bot.KindCommand, Name: name, Text: strings.TrimSpace(unescape(c.Text, true)),
			User: c.UserID, UserName: c.UserName, Channel: c.ChannelID, Key: "slack:cmd:" + c.TriggerID,
		},
		origin: origin{trigger: c.TriggerID, response: c.ResponseURL, channel: c.ChannelID},
	}, nil
}

// decodeInteraction reads what a button, shortcut, form or menu sends.
func decodeInteraction(raw []byte) (delivery, error) {
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return delivery{}, fmt.Errorf("decode interaction: %w", err)
	}
	if p.User.ID == "" {
		return delivery{}, errors.New("interaction without a user")
	}
	d := delivery{
		req: bot.Request{
			Platform: bot.Slack, User: p.User.ID, UserName: cmp.Or(p.User.Username, p.User.Name),
			Channel: cmp.Or(p.Channel.ID, p.Container.ChannelID), Surface: surface(&p),
		},
		origin: origin{trigger: p.TriggerID, response: p.ResponseURL, message: p.Container.MessageTS, ephemeral: p.Container.IsEphemeral},
	}
	d.origin.channel = d.req.Channel
	if p.View != nil {
		d.inView(p.View)
	}
	return decodeKind(d, &p)
}

func decodeKind(d delivery, p *payload) (delivery, error) {
	switch p.Type {
	case "view_submission":
		if p.View == nil {
			return delivery{}, errors.New("submission without a view")
		}
		d.req.Kind = bot.KindForm
		d.req.Key = submissionKey(d)
	case "block_suggestion":
		if p.View == nil {
			return delivery{}, errIgnored
		}
		d.req.Kind, d.req.Field, d.req.Text = bot.KindSearch, p.BlockID, p.Value
	case "block_actions":
		return decodeAction(d, p)
	case "shortcut", "message_action":
		d.req.Kind, d.req.Name, d.req.Key = bot.KindShortcut, p.CallbackID, "slack:short:"+p.TriggerID
		if p.Message != nil {
			d.req.Message = &bot.Quoted{Text: strings.TrimSpace(unescape(p.Message.Text, false)), Author: p.Message.Username}
			d.quoted = quoted{user: p.Message.User, channel: d.req.Channel, ts: cmp.Or(p.MessageTS, p.Message.TS)}
		}
	default:
		return delivery{}, errIgnored
	}
	return d, nil
}

func decodeAction(d delivery, p *payload) (delivery, error) {
	if len(p.Actions) == 0 {
		return delivery{}, errors.New("block_actions without an action")
	}
	a := p.Actions[0]
	d.req.Key = "slack:act:" + p.User.ID + ":" + a.ActionTS + ":" + a.ActionID
	switch {
	case a.Type != "button" && d.view != nil && d.view.modal:
		d.req.Kind, d.req.Field = bot.KindChange, a.BlockID
		return d, nil
	case a.Type != "button", action(a.ActionID) == linkAction:
		return delivery{}, errIgnored
	}
	d.req.Kind, d.req.Name, d.req.Value = bot.KindButton, action(a.ActionID), a.Value
	return d, nil
}

// inView takes over what the view knows: the form and its values, and where it was opened.
func (d *delivery) inView(v *viewPayload) {
	ref := &viewRef{id: v.ID, hash: v.Hash, modal: v.Type == "modal", stacked: v.PreviousViewID != ""}
	for _, block := range v.Blocks {
		if block.Type == "input" {
			ref.inputs = append(ref.inputs, block.BlockID)
		}
	}
	d.view = ref
	if !ref.modal {
		return
	}
	e, state := unseal(v.PrivateMetadata)
	d.req.Name, d.req.State, d.req.Channel = v.CallbackID, state, e.Channel
	d.req.Values = values(v.State.Values)
	d.origin.channel, d.origin.message = e.Channel, e.Message
	if d.origin.response == "" {
		d.origin.response, d.origin.ephemeral = e.Response, e.Response != ""
	}
}

// values are by block id, which is the field's name; fields left empty have no entry.
func values(state map[string]map[string]stateValue) bot.Values {
	all := make(bot.Values, len(state))
	for field, elements := range state {
		for _, v := range elements {
			if list := v.list(); len(list) > 0 {
				all[field] = list
			}
		}
	}
	return all
}

func (v stateValue) list() []string {
	if v.SelectedOption != nil && v.SelectedOption.Value != "" {
		return []string{v.SelectedOption.Value}
	}
	if len(v.SelectedOptions) > 0 {
		list := make([]string, len(v.SelectedOptions))
		for i, o := range v.SelectedOptions {
			list[i] = o.Value
		}
		return list
	}
	if len(v.Files) > 0 {
		list := make([]string, len(v.Files))
		for i, f := range v.Files {
			list[i] = f.ID
		}
		return list
	}
	for _, s := range [...]string{
		v.Value, v.SelectedDate, v.SelectedTime, v.SelectedConversation, v.SelectedChannel, v.SelectedUser,
	} {
		if s != "" {
			return []string{s}
		}
	}
	return nil
}

// submissionKey is the same for a repeated delivery and for a double tap, and another once anything was edited.
func submissionKey(d delivery) string {
	h := sha256.New()
	write := func(parts ...string) {
		for _, part := range parts {
			_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // lengths, so that no two forms write the same
		}
	}
	write(d.req.User, d.req.Name, d.req.State)
	fields := make([]string, 0, len(d.req.Values))
	for field := range d.req.Values {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	for _, field := range fields {
		write(field)
		write(d.req.Values[field]...)
	}
	return "slack:view:" + d.view.id + ":" + hex.EncodeToString(h.Sum(nil)[:8])
}

func decodeEvent(p eventPayload) (delivery, error) {
	e := p.Event
	switch {
	case p.Type != "event_callback" || e.User == "" || p.EventID == "":
		return delivery{}, errIgnored
	case e.Type == "app_home_opened" && e.Tab == "home":
		return delivery{req: bot.Request{
			Platform: bot.Slack, Kind: bot.KindHome, User: e.User, Key: "slack:evt:" + p.EventID,
		}}, nil
	case e.Type == "message" && e.ChannelType == "im" && e.BotID == "" && e.Subtype == "":
		return delivery{
			req: bot.Request{
				Platform: bot.Slack, Kind: bot.KindText, User: e.User, Channel: e.Channel,
				Text: strings.TrimSpace(unescape(e.Text, true)), Key: "slack:evt:" + p.EventID,
			},
			origin: origin{channel: e.Channel},
		}, nil
	case e.Type == "message" && saidInThread(p):
		return inThread(p), nil
	}
	return delivery{}, errIgnored
}

// saidInThread reports whether somebody wrote in a thread of a channel: not the app, no other app, nobody who came in or changed
// what they had written. https://docs.slack.dev/reference/events/message
func saidInThread(p eventPayload) bool {
	e := p.Event
	for _, us := range p.Authorizations {
		if us.IsBot && us.UserID == e.User {
			return false
		}
	}
	inChannel := e.ChannelType == "channel" || e.ChannelType == "group"
	written := e.Subtype == "" || e.Subtype == "file_share" || e.Subtype == "thread_broadcast"
	return inChannel && written && !e.Hidden && e.BotID == "" && e.ThreadTS != "" && e.ThreadTS != e.TS && e.TS != ""
}

// inThread reads what somebody wrote in a thread. The message names the delivery: Slack may tell of one message in several events.
func inThread(p eventPayload) delivery {
	e := p.Event
	r := bot.Request{
		Platform: bot.Slack, Kind: bot.KindThread, User: e.User, Channel: e.Channel, Thread: e.ThreadTS,
		Text: strings.TrimSpace(unescape(e.Text, false)), Key: "slack:msg:" + e.Channel + ":" + e.TS,
	}
	for _, f := range e.Files {
		if f.ID != "" && f.Mode != "tombstone" && f.Mode != "hidden_by_limit" {
			r.Files = append(r.Files, f.ID)
		}
	}
	return delivery{req: r, origin: origin{channel: e.Channel}}
}

// surface says where a button was pressed.
func surface(p *payload) bot.Surface {
	switch {
	case p.Container.IsEphemeral:
		return bot.SurfacePersonal
	case p.Container.Type == "view" && p.View != nil && p.View.Type == "home":
		return bot.SurfaceHome
	}
	return bot.SurfaceShared
}
