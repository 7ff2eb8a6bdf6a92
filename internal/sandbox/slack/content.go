package slack

import (
	"encoding/json"
	"unicode/utf8"
)

// Limits of a message, https://docs.slack.dev/reference/methods/chat.postMessage and chat.update
const (
	maxPostText    = 40000 // chat.postMessage cuts longer text off without a word; other methods refuse it
	maxUpdateText  = 4000
	maxAttachments = 100
	maxMetadata    = 16 << 10
	// maxTables is in no reference page; Slack answers a second table with invalid_attachments, only_one_table_allowed.
	maxTables = 1
)

// content is what a message says. A nil slice was not given; an empty array was given as such.
type content struct {
	text        string
	hasText     bool
	blocks      json.RawMessage
	attachments json.RawMessage
	metadata    json.RawMessage
}

func (c content) empty() bool {
	return c.text == "" && isEmptyList(c.blocks) && isEmptyList(c.attachments)
}

func isEmptyList(raw json.RawMessage) bool {
	var items []any
	return len(raw) == 0 || json.Unmarshal(raw, &items) == nil && len(items) == 0
}

// readContent takes and checks text, blocks, attachments and metadata. Callers hold the lock.
func (s *Server) readContent(a args, maxText int) (content, *apiError) {
	c := content{text: a["text"]}
	_, c.hasText = a["text"]
	if md, ok := a["markdown_text"]; ok {
		if c.text != "" || a["blocks"] != "" {
			return c, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return c, refuse("msg_too_long")
		}
		c.text, c.hasText = md, true
	}
	if utf8.RuneCountInString(c.text) > maxText {
		return c, refuse("msg_too_long")
	}
	return s.readParts(c, a)
}

func (s *Server) readParts(c content, a args) (content, *apiError) {
	var err *apiError
	if c.blocks, err = s.readBlocks(a["blocks"]); err != nil {
		return c, err
	}
	if c.attachments, err = s.readAttachments(a["attachments"]); err != nil {
		return c, err
	}
	c.metadata, err = readMetadata(a["metadata"])
	return c, err
}

func (s *Server) readBlocks(raw string) (json.RawMessage, *apiError) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	var blocks []any
	if err := json.Unmarshal([]byte(raw), &blocks); err != nil {
		return nil, refuseWith("invalid_blocks_format", "[ERROR] blocks is not a JSON array")
	}
	c := newChecker(onMessage)
	c.blocks("/blocks", blocks, maxMessageBlocks, func() string { return s.newID("b") })
	if len(c.errs) > 0 {
		return nil, refuseWith("invalid_blocks", c.errs...)
	}
	if c.tables > maxTables {
		return nil, refuseWith("invalid_attachments", "[ERROR] only_one_table_allowed")
	}
	if c.textChars > maxMessageText {
		return nil, refuse("msg_blocks_too_long")
	}
	return mustJSON(blocks), nil
}

func (s *Server) readAttachments(raw string) (json.RawMessage, *apiError) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	var list []object
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, refuse("invalid_attachments")
	}
	if len(list) > maxAttachments {
		return nil, refuse("too_many_attachments")
	}
	for i, at := range list {
		at["id"] = i + 1
		inner, ok := at["blocks"]
		if !ok {
			continue
		}
		blocks, err := s.readBlocks(string(mustJSON(inner)))
		if err != nil {
			return nil, err
		}
		at["blocks"] = blocks
	}
	return mustJSON(list), nil
}

// readMetadata, https://docs.slack.dev/messaging/message-metadata
func readMetadata(raw string) (json.RawMessage, *apiError) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	if len(raw) > maxMetadata {
		return nil, refuse("metadata_too_large")
	}
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if m.Type == "" && m.Payload == nil { // {} is how an app removes it, and what some clients send for none
		return json.RawMessage("null"), nil
	}
	if m.Type == "" || m.Payload == nil {
		return nil, refuse("invalid_metadata_format")
	}
	return json.RawMessage(raw), nil
}

// mustJSON encodes values made of maps, slices and scalars, which cannot fail.
func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func decodeList(raw json.RawMessage) []object {
	var items []object
	_ = json.Unmarshal(raw, &items) // stored by us, so it decodes
	return items
}
