package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// defaultMinQuery is how much a person must type before Slack asks for options,
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
const defaultMinQuery = 3

// Shortcut runs a global shortcut.
func (s *Server) Shortcut(ctx context.Context, userID, callbackID string) error {
	s.mu.Lock()
	err := s.hasShortcut(userID, callbackID, "global")
	if err != nil {
		s.mu.Unlock()
		return err
	}
	payload := s.interaction("shortcut", userID)
	payload["callback_id"], payload["action_ts"] = callbackID, formatTS(s.now().UnixMicro())
	payload["trigger_id"] = s.newTrigger(userID, "")
	s.mu.Unlock()
	_, err = s.deliver(ctx, callback{kind: envInteractive, what: "shortcut " + callbackID, payload: payload})
	return err
}

// MessageShortcut runs a shortcut from a message's menu.
func (s *Server) MessageShortcut(ctx context.Context, userID string, at MessageRef, callbackID string) error {
	s.mu.Lock()
	p, err := s.atMessage(userID, at)
	if err == nil {
		err = s.hasShortcut(userID, callbackID, "message")
	}
	if err == nil && p.msg.Ephemeral != "" {
		err = fmt.Errorf("an ephemeral message has no shortcuts")
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	payload := s.interaction("message_action", userID)
	s.placeInto(payload, p)
	delete(payload, "container")
	payload["callback_id"], payload["message_ts"], payload["action_ts"] = callbackID, p.msg.TS, formatTS(s.now().UnixMicro())
	payload["trigger_id"] = s.newTrigger(userID, "")
	payload["response_url"] = s.newResponseURL(responseURL{Channel: p.msg.Channel, User: userID})
	s.mu.Unlock()
	_, err = s.deliver(ctx, callback{kind: envInteractive, what: "message_action " + callbackID, payload: payload})
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notice(userID, at.Channel, fmt.Sprintf("The shortcut failed with the error %q.", kindFrom(err)))
	}
	return err
}

func (s *Server) hasShortcut(userID, callbackID, kind string) error {
	if s.st.Users[userID] == nil {
		return fmt.Errorf("no user %s", userID)
	}
	if s.manifest == nil {
		return nil
	}
	for _, sc := range s.manifest.Features.Shortcuts {
		if sc.CallbackID == callbackID && sc.Type == kind {
			return nil
		}
	}
	return fmt.Errorf("the app has no %s shortcut %s", kind, callbackID)
}

// Suggest types a query into an external select of a modal or Home tab and returns what the app offers.
func (s *Server) Suggest(ctx context.Context, userID, viewID string, el Element, query string) ([]Option, error) {
	s.mu.Lock()
	p, err := s.atView(userID, viewID)
	return s.suggest(ctx, userID, p, err, el, query)
}

// SuggestInMessage does the same in a message.
func (s *Server) SuggestInMessage(ctx context.Context, userID string, at MessageRef, el Element, query string) ([]Option, error) {
	s.mu.Lock()
	p, err := s.atMessage(userID, at)
	return s.suggest(ctx, userID, p, err, el, query)
}

// suggest goes on from a place found under the lock, which it releases.
func (s *Server) suggest(ctx context.Context, userID string, p place, err error, el Element, query string) ([]Option, error) {
	var block, element object
	if err == nil {
		block, element, err = p.find(el)
	}
	kind, _ := element["type"].(string)
	if err == nil && kind != "external_select" && kind != "multi_external_select" {
		err = fmt.Errorf("%s is a %s, not an external select", el.ActionID, kind)
	}
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	least := defaultMinQuery
	if n, ok := element["min_query_length"].(float64); ok {
		least = int(n)
	}
	payload := s.interaction("block_suggestion", userID)
	s.placeInto(payload, p)
	payload["action_id"], payload["block_id"], payload["value"] = element["action_id"], block["block_id"], query
	s.mu.Unlock()
	if utf8.RuneCountInString(query) < least {
		return nil, nil // Slack does not ask yet
	}
	answer, err := s.deliver(ctx, callback{kind: envInteractive, what: "block_suggestion " + el.ActionID, payload: payload, answers: true})
	if err != nil {
		return nil, err
	}
	choices, list, err := readSuggestions(answer)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offered[offerKey(p.key, block, element)] = choices
	return list, nil
}

// readSuggestions checks what the app offers: options or option_groups, within the limits of a static select.
func readSuggestions(answer []byte) ([]object, []Option, error) {
	var o object
	bad := func(detail any) ([]object, []Option, error) {
		return nil, nil, &DeliveryError{Kind: kindResponse, What: "block_suggestion", Detail: fmt.Sprint(detail)}
	}
	if err := json.Unmarshal(answer, &o); err != nil {
		return bad("the answer is not JSON: " + err.Error())
	}
	c := newChecker(onModal)
	c.object("", o, shape{fields: map[string]rule{
		"options": options(0, maxOptions, false, false),
		"option_groups": func(c *checker, path string, v any) {
			if len(asList(v)) > 0 {
				optionGroups(c, path, v)
			}
		},
	}, also: func(c *checker, path string, o object) {
		if (o["options"] == nil) == (o["option_groups"] == nil) {
			c.fail(path, "must provide either options or option_groups")
		}
	}})
	if len(c.errs) > 0 {
		return bad(c.errs)
	}
	var raw []object
	for _, choice := range choicesOf(o) {
		raw = append(raw, choice.(object))
	}
	return raw, optionList(o), nil
}

// optionList makes Options of the choices of an element or of an answer.
func optionList(o object) []Option {
	var out []Option
	add := func(group string, choices []any) {
		for _, c := range choices {
			choice, _ := c.(object)
			value, _ := choice["value"].(string)
			out = append(out, Option{Text: textOf(choice["text"]), Value: value, Description: textOf(choice["description"]), Group: group})
		}
	}
	add("", asList(o["options"]))
	for _, g := range asList(o["option_groups"]) {
		group, _ := g.(object)
		add(textOf(group["label"]), asList(group["options"]))
	}
	return out
}
