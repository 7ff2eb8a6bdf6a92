package slack

import (
	"encoding/json"
)

// Limits of views, https://docs.slack.dev/reference/views/modal-views
const (
	maxViewTitle    = 24
	maxViewMetadata = 3000
	maxViewBytes    = 250_000 // "greater than 250kb"
	maxStack        = 3
)

// parseView checks a view payload. Callers hold the lock.
func (s *Server) parseView(raw, kind string) (*View, *apiError) {
	if raw == "" {
		return nil, refuseWith("invalid_arguments", "[ERROR] missing required field: view")
	}
	if len(raw) > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	var o object
	if err := json.Unmarshal([]byte(raw), &o); err != nil {
		return nil, refuseWith("invalid_arguments", "[ERROR] view is not a JSON object [json-pointer:/view]")
	}
	c := newChecker(kind)
	c.object("/view", o, viewShape(kind))
	if o["type"] != kind {
		c.fail("/view/type", "must be %s", kind)
	}
	if blocks, ok := o["blocks"]; ok {
		c.blocks("/view/blocks", blocks, maxViewBlocks, func() string { return s.newID("b") })
	}
	if kind == onModal && c.inputs > 0 && o["submit"] == nil {
		c.fail("/view", "submit is required when there are input blocks")
	}
	if len(c.errs) > 0 {
		return nil, refuseWith("invalid_arguments", c.errs...)
	}
	return viewFrom(o, kind), nil
}

func viewShape(kind string) shape {
	sh := shape{need: []string{"type", "blocks"}, fields: map[string]rule{
		"blocks":           func(*checker, string, any) {}, // checked with the surface in mind by parseView
		"private_metadata": text(0, maxViewMetadata), "callback_id": text(0, maxID), "external_id": text(0, maxID),
	}}
	if kind == onModal {
		sh.need = append(sh.need, "title")
		sh.fields["title"] = plain(maxViewTitle)
		sh.fields["submit"] = plain(maxViewTitle)
		sh.fields["close"] = plain(maxViewTitle)
		sh.fields["clear_on_close"] = boolean
		sh.fields["notify_on_close"] = boolean
		sh.fields["submit_disabled"] = boolean
	}
	return sh
}

func viewFrom(o object, kind string) *View {
	str := func(name string) string { v, _ := o[name].(string); return v }
	return &View{
		Type: kind, Title: textOf(o["title"]), Submit: textOf(o["submit"]), Close: textOf(o["close"]),
		CallbackID: str("callback_id"), ExternalID: str("external_id"), PrivateMetadata: str("private_metadata"),
		ClearOnClose: o["clear_on_close"] == true, NotifyOnClose: o["notify_on_close"] == true, Blocks: mustJSON(o["blocks"]),
	}
}
