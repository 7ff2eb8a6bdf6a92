package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// wordsTrouble is what a modal says when the app did not answer a submission as it must.
const wordsTrouble = "We had some trouble connecting. Try again?"

// Change edits a dispatch_action input of a modal, which tells the app; other inputs only remember the value.
func (s *Server) Change(ctx context.Context, userID, viewID string, el Element, value string) error {
	s.mu.Lock()
	p, err := s.atView(userID, viewID)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	block, element, err := p.find(el)
	if err != nil || block["type"] != "input" || block["dispatch_action"] == true {
		return s.press(ctx, userID, p, err, el, value)
	}
	defer s.mu.Unlock()
	_, err = s.use(p, block, element, value)
	return err
}

// Submit fills in and submits a modal. Values that are not given keep what was typed before or the initial value.
func (s *Server) Submit(ctx context.Context, userID, viewID string, v Values) (SubmitResult, error) {
	s.mu.Lock()
	p, err := s.atView(userID, viewID)
	if err == nil {
		err = s.fill(p, v)
	}
	if err != nil {
		s.mu.Unlock()
		return SubmitResult{}, err
	}
	p.view.Errors, p.view.Notice = clientErrors(p.blocks, p.view.values()), ""
	s.emit(Event{Type: EventViewUpdated, UserID: userID, ViewID: viewID})
	if len(p.view.Errors) > 0 {
		s.mu.Unlock()
		return SubmitResult{Errors: p.view.Errors, Action: "errors", Local: true}, nil
	}
	c := s.submission(userID, p)
	s.mu.Unlock()
	answer, err := s.deliver(ctx, c)
	s.mu.Lock()
	var result SubmitResult
	var closed []callback
	if err == nil {
		result, closed, err = s.submitted(p.view, answer)
	}
	if err != nil && s.st.Views[viewID] != nil {
		p.view.Notice = wordsTrouble
		s.emit(Event{Type: EventViewUpdated, UserID: userID, ViewID: viewID})
	}
	s.mu.Unlock()
	for _, c := range closed {
		if _, bad := s.deliver(ctx, c); bad != nil && err == nil {
			err = bad
		}
	}
	return result, err
}

// fill enters values into the input blocks of a modal.
func (s *Server) fill(p place, v Values) error {
	if p.view.Type != onModal || p.view.Submit == "" {
		return fmt.Errorf("view %s has nothing to submit", p.view.ID)
	}
	for _, key := range sortedKeys(v) {
		found := false
		for _, block := range p.blocks {
			el, _ := block["element"].(object)
			if block["type"] != "input" || key != block["block_id"] && key != fmt.Sprintf("%v/%v", block["block_id"], el["action_id"]) {
				continue
			}
			found = true
			entered, err := s.enter(p.key, block, el, v[key])
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			p.view.remember(block, el, entered)
		}
		if !found {
			return fmt.Errorf("view %s has no input block %s", p.view.ID, key)
		}
	}
	return nil
}

// submission, https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
func (s *Server) submission(userID string, p place) callback {
	payload := s.interaction("view_submission", userID)
	payload["trigger_id"] = s.newTrigger(userID, p.view.ID)
	payload["view"] = s.viewJSON(p.view)
	urls := []object{}
	for _, block := range p.blocks {
		el, _ := block["element"].(object)
		if el["response_url_enabled"] != true {
			continue
		}
		kind, _ := el["type"].(string)
		field, _, _ := stateField(kind)
		id, _ := block["block_id"].(string)
		action, _ := el["action_id"].(string)
		if channel, _ := p.view.values()[id][action][field].(string); channel != "" {
			urls = append(urls, object{
				"block_id": id, "action_id": action, "channel_id": channel,
				"response_url": s.newResponseURL(responseURL{Channel: channel, User: userID}),
			})
		}
	}
	payload["response_urls"] = urls
	return callback{kind: envInteractive, what: "view_submission " + p.view.CallbackID, payload: payload, answers: true}
}

// submitted does what the app answered: https://docs.slack.dev/surfaces/modals#updating_response
func (s *Server) submitted(v *View, answer []byte) (SubmitResult, []callback, error) {
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	bad := func(format string, args ...any) (SubmitResult, []callback, error) {
		return SubmitResult{}, nil, &DeliveryError{Kind: kindResponse, What: "view_submission", Detail: fmt.Sprintf(format, args...)}
	}
	if body := strings.TrimSpace(string(answer)); body != "" && body != "null" {
		if err := json.Unmarshal(answer, &r); err != nil {
			return bad("the answer is neither empty nor JSON: %.200s", body)
		}
	}
	switch r.Action {
	case "":
		s.dropView(v.ID)
		return SubmitResult{Action: "close"}, nil, nil
	case "clear":
		return SubmitResult{Action: "clear"}, s.clearStack(v.UserID, v.ID), nil
	case "errors":
		if problem := errorKeys(v, r.Errors); problem != "" {
			return bad("%s", problem)
		}
		v.Errors = r.Errors
		s.emit(Event{Type: EventViewUpdated, UserID: v.UserID, ViewID: v.ID})
		return SubmitResult{Action: "errors", Errors: r.Errors}, nil, nil
	case "update", "push":
		if fail := s.nextView(v, r.Action, string(r.View)); fail != nil {
			return bad("%s %v", fail.code, fail.extra["errors"])
		}
		return SubmitResult{Action: r.Action}, nil, nil
	}
	return bad("unknown response_action %q", r.Action)
}

// nextView shows the view of an update or push answer.
func (s *Server) nextView(v *View, action, raw string) *apiError {
	next, fail := s.parseView(raw, onModal)
	if fail != nil {
		return fail
	}
	if fail := s.externalIDFree(next, v.ID); fail != nil {
		return fail
	}
	if action == "update" {
		s.replaceView(v, next)
		return nil
	}
	if len(s.st.Stacks[v.UserID]) >= maxStack {
		return refuse("push_limit_reached")
	}
	s.showModal(next, v.UserID)
	return nil
}

// errorKeys says what is wrong with the keys of an errors answer: each must be the id of an input block.
func errorKeys(v *View, errs map[string]string) string {
	if len(errs) == 0 {
		return "response_action errors without errors"
	}
	for _, id := range sortedKeys(errs) {
		known := slices.ContainsFunc(decodeList(v.Blocks), func(b object) bool { return b["type"] == "input" && b["block_id"] == id })
		if !known {
			return fmt.Sprintf("no input block %q for the error", id)
		}
	}
	return ""
}

// clearStack closes all modals of a person and returns the view_closed callbacks that were asked for.
func (s *Server) clearStack(userID, submitted string) []callback {
	var out []callback
	stack := slices.Clone(s.st.Stacks[userID])
	for _, id := range slices.Backward(stack) {
		v := s.st.Views[id]
		if v != nil && v.NotifyOnClose && id != submitted {
			out = append(out, s.closedCallback(v, true))
		}
		s.dropView(id)
	}
	return out
}

func (s *Server) closedCallback(v *View, cleared bool) callback {
	payload := s.interaction("view_closed", v.UserID)
	payload["view"], payload["is_cleared"] = s.viewJSON(v), cleared
	return callback{kind: envInteractive, what: "view_closed " + v.CallbackID, payload: payload}
}

// Dismiss closes the top modal with its close button; all closes the whole stack (the × of the window).
func (s *Server) Dismiss(ctx context.Context, userID, viewID string, all bool) error {
	s.mu.Lock()
	p, err := s.atView(userID, viewID)
	if err == nil && p.view.Type != onModal {
		err = fmt.Errorf("view %s is not a modal", viewID)
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	var told []callback
	if all || p.view.ClearOnClose {
		told = s.clearStack(userID, "")
	} else {
		if p.view.NotifyOnClose {
			told = append(told, s.closedCallback(p.view, false))
		}
		s.dropView(viewID)
	}
	s.mu.Unlock()
	for _, c := range told {
		if _, bad := s.deliver(ctx, c); bad != nil && err == nil {
			err = bad
		}
	}
	return err
}
