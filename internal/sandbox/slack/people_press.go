package slack

import (
	"context"
	"fmt"
	"strings"
)

// place is where an element is used: a message or a view.
type place struct {
	key    string // for suggestions
	blocks []object
	msg    *Message
	view   *View
}

// atMessage finds a message a person sees. Callers hold the lock.
func (s *Server) atMessage(userID string, ref MessageRef) (place, error) {
	m := s.message(ref)
	ch := s.st.Channels[ref.Channel]
	if s.st.Users[userID] == nil {
		return place{}, fmt.Errorf("no user %s", userID)
	}
	if m == nil || ch == nil || !contains(ch.Members, userID) || m.Ephemeral != "" && m.Ephemeral != userID {
		return place{}, fmt.Errorf("%s sees no message %s in %s", userID, ref.TS, ref.Channel)
	}
	return place{key: ref.Channel + ref.TS, blocks: messageBlocks(m), msg: m}, nil
}

func messageBlocks(m *Message) []object {
	blocks := decodeList(m.Blocks)
	for _, at := range decodeList(m.Attachments) {
		for _, b := range asList(at["blocks"]) {
			if o, ok := b.(object); ok {
				blocks = append(blocks, o)
			}
		}
	}
	return blocks
}

// atView finds a view a person can use: their Home tab or the modal on top. Callers hold the lock.
func (s *Server) atView(userID, viewID string) (place, error) {
	v := s.st.Views[viewID]
	if v == nil || v.UserID != userID {
		return place{}, fmt.Errorf("%s has no open view %s", userID, viewID)
	}
	stack := s.st.Stacks[userID]
	if v.Type == onModal && stack[len(stack)-1] != viewID {
		return place{}, fmt.Errorf("view %s is under another one", viewID)
	}
	return place{key: viewID, blocks: decodeList(v.Blocks), view: v}, nil
}

// find picks the element out of the place's blocks.
func (p place) find(el Element) (block, element object, err error) {
	var ids []string
	for _, b := range p.blocks {
		for _, e := range elementsOf(b) {
			ids = append(ids, fmt.Sprintf("%v/%v", b["block_id"], e["action_id"]))
			if e["action_id"] != el.ActionID || el.BlockID != "" && b["block_id"] != el.BlockID {
				continue
			}
			if element != nil {
				return nil, nil, fmt.Errorf("%s is there more than once: give its block", el.ActionID)
			}
			block, element = b, e
		}
	}
	if element == nil {
		return nil, nil, fmt.Errorf("there is no %s/%s, only %q", el.BlockID, el.ActionID, ids)
	}
	return block, element, nil
}

// Press uses a button, overflow menu, select, picker or checkbox of a message (ephemeral ones too). The value is
// as in Values; a button needs none.
func (s *Server) Press(ctx context.Context, userID string, at MessageRef, el Element, value string) error {
	s.mu.Lock()
	p, err := s.atMessage(userID, at)
	return s.press(ctx, userID, p, err, el, value)
}

// PressView does the same in a modal or Home tab.
func (s *Server) PressView(ctx context.Context, userID, viewID string, el Element, value string) error {
	s.mu.Lock()
	p, err := s.atView(userID, viewID)
	return s.press(ctx, userID, p, err, el, value)
}

// press goes on from a place found under the lock, which it releases.
func (s *Server) press(ctx context.Context, userID string, p place, err error, el Element, value string) error {
	var c callback
	if err == nil {
		c, err = s.pressed(userID, p, el, value)
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.tellAction(ctx, userID, p, c)
}

func (s *Server) pressed(userID string, p place, el Element, value string) (callback, error) {
	block, element, err := p.find(el)
	if err != nil {
		return callback{}, err
	}
	if block["type"] == "input" && block["dispatch_action"] != true {
		return callback{}, fmt.Errorf("%s is an input without dispatch_action: Submit or Change it", el.ActionID)
	}
	action, err := s.use(p, block, element, value)
	if err != nil {
		return callback{}, err
	}
	return s.actionCallback(userID, p, action), nil
}

// use makes the action of a person's touch and remembers the value where there is one.
func (s *Server) use(p place, block, element object, value string) (object, error) {
	kind, _ := element["type"].(string)
	action := object{
		"type": kind, "block_id": block["block_id"], "action_id": element["action_id"],
		"action_ts": formatTS(s.now().UnixMicro()),
	}
	switch kind {
	case "button", "icon_button", "workflow_button":
		for _, name := range []string{"text", "value", "style"} {
			if v, ok := element[name]; ok {
				action[name] = v
			}
		}
		return action, nil
	case "overflow":
		chosen, err := pick(choicesOf(element), value)
		action["selected_option"] = chosen
		return action, err
	case "feedback_buttons":
		action["value"] = value
		return action, nil
	}
	entered, err := s.enter(p.key, block, element, value)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", element["action_id"], err)
	}
	for k, v := range entered {
		action[k] = v
	}
	if p.view != nil {
		p.view.remember(block, element, entered)
		s.emit(Event{Type: EventViewUpdated, UserID: p.view.UserID, ViewID: p.view.ID})
	}
	return action, nil
}

// remember keeps what was entered in the view's state.
func (v *View) remember(block, element, entered object) {
	st := v.values()
	id, _ := block["block_id"].(string)
	action, _ := element["action_id"].(string)
	if st[id] == nil {
		st[id] = map[string]object{}
	}
	st[id][action] = entered
	v.State = mustJSON(st)
}

// actionCallback, https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (s *Server) actionCallback(userID string, p place, action object) callback {
	payload := s.interaction("block_actions", userID)
	payload["actions"] = []object{action}
	s.placeInto(payload, p)
	view := ""
	if p.view != nil && p.view.Type == onModal {
		view = p.view.ID
	}
	payload["trigger_id"] = s.newTrigger(userID, view)
	if p.msg != nil {
		payload["response_url"] = s.newResponseURL(responseURL{Channel: p.msg.Channel, User: userID, TS: p.msg.TS, Thread: p.msg.ThreadTS})
		payload["state"] = object{"values": s.messageState(p, action)}
	}
	return callback{kind: envInteractive, what: fmt.Sprint("block_actions ", action["action_id"]), payload: payload}
}

// messageState is what is selected in a message: the initial values and what was just chosen.
func (s *Server) messageState(p place, action object) viewState {
	st := s.initialState(&View{Blocks: mustJSON(p.blocks)}, nil)
	block, _ := action["block_id"].(string)
	id, _ := action["action_id"].(string)
	if _, ok := st[block][id]; ok {
		kind, _ := action["type"].(string)
		field, _, _ := stateField(kind)
		st[block][id] = object{"type": kind, field: action[field]}
	}
	return st
}

// placeInto adds container, view, message and channel to a payload.
func (s *Server) placeInto(payload object, p place) {
	if p.view != nil {
		payload["container"] = object{"type": "view", "view_id": p.view.ID}
		payload["view"] = s.viewJSON(p.view)
		return
	}
	ch := s.st.Channels[p.msg.Channel]
	container := object{"type": "message", "message_ts": p.msg.TS, "channel_id": ch.ID, "is_ephemeral": p.msg.Ephemeral != ""}
	if p.msg.ThreadTS != "" {
		container["thread_ts"] = p.msg.ThreadTS
	}
	payload["container"] = container
	payload["channel"] = object{"id": ch.ID, "name": roomName(ch)}
	payload["message"] = s.messageJSON(p.msg, true)
}

// interaction is what every interaction payload holds.
func (s *Server) interaction(kind, userID string) object {
	u := s.st.Users[userID]
	return object{
		"type": kind, "token": verificationToken, "api_app_id": appID, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": teamID, "domain": s.domain()},
		"user": object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": teamID},
	}
}

// tellAction delivers and, when the app does not answer, shows what Slack shows.
func (s *Server) tellAction(ctx context.Context, userID string, p place, c callback) error {
	_, err := s.deliver(ctx, c)
	if err == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	words := "This app did not respond (" + kindFrom(err) + ")."
	if p.msg != nil {
		s.notice(userID, p.msg.Channel, strings.TrimSpace(words))
		return err
	}
	if v := s.st.Views[p.view.ID]; v != nil {
		v.Notice = words
		s.emit(Event{Type: EventViewUpdated, UserID: userID, ViewID: v.ID})
	}
	return err
}
