package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"callout/internal/sandbox/slack"
)

// act is something a person does; which fields are set depends on what it is.
type act struct {
	User     string            `json:"user"`
	Channel  string            `json:"channel"`
	ThreadTS string            `json:"thread_ts"`
	Text     string            `json:"text"`
	At       *slack.MessageRef `json:"at"`
	View     string            `json:"view"`
	Element  slack.Element     `json:"element"`
	Value    string            `json:"value"`
	Values   slack.Values      `json:"values"`
	Query    string            `json:"query"`
	Callback string            `json:"callback_id"`
	All      bool              `json:"all"`
	Files    []string          `json:"files"`
}

// actions registers everything a person can do in the workspace.
func (p *Page) actions(mux *http.ServeMux) {
	for path, do := range map[string]func(context.Context, act) (any, error){
		"type": p.typed, "press": p.press, "change": p.change, "suggest": p.suggest,
		"submit": p.submit, "dismiss": p.dismiss, "shortcut": p.shortcut, "open-home": p.openHome, "join": p.join,
	} {
		mux.HandleFunc("POST /ui/"+path, func(w http.ResponseWriter, r *http.Request) {
			var a act
			if err := readJSON(w, r, &a); err != nil {
				p.fail(w, r, err)
				return
			}
			out, err := do(r.Context(), a)
			if err != nil {
				p.fail(w, r, err)
				return
			}
			writeJSON(w, http.StatusOK, out)
		})
	}
	mux.HandleFunc("POST /ui/upload", p.upload)
	mux.HandleFunc("POST /ui/phones/text", p.textFromPhone)
	mux.HandleFunc("POST /ui/phones/photo", p.photoFromPhone)
	mux.HandleFunc("POST /ui/phones/behave", p.behave)
}

func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit)).Decode(v); err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	return nil
}

type nothing struct{}

func (p *Page) typed(ctx context.Context, a act) (any, error) {
	if len(a.Files) > 0 {
		return p.opt.Slack.Share(ctx, a.User, slack.MessageRef{Channel: a.Channel, TS: a.ThreadTS}, a.Text, a.Files...)
	}
	if a.ThreadTS != "" {
		return p.opt.Slack.TypeInThread(ctx, a.User, slack.MessageRef{Channel: a.Channel, TS: a.ThreadTS}, a.Text)
	}
	return p.opt.Slack.Type(ctx, a.User, a.Channel, a.Text)
}

func (p *Page) press(ctx context.Context, a act) (any, error) {
	if a.At != nil {
		return nothing{}, p.opt.Slack.Press(ctx, a.User, *a.At, a.Element, a.Value)
	}
	return nothing{}, p.opt.Slack.PressView(ctx, a.User, a.View, a.Element, a.Value)
}

func (p *Page) change(ctx context.Context, a act) (any, error) {
	return nothing{}, p.opt.Slack.Change(ctx, a.User, a.View, a.Element, a.Value)
}

func (p *Page) suggest(ctx context.Context, a act) (any, error) {
	suggest := func() ([]slack.Option, error) {
		if a.At != nil {
			return p.opt.Slack.SuggestInMessage(ctx, a.User, *a.At, a.Element, a.Query)
		}
		return p.opt.Slack.Suggest(ctx, a.User, a.View, a.Element, a.Query)
	}
	options, err := suggest()
	return map[string]any{"options": list(options)}, err
}

func (p *Page) submit(ctx context.Context, a act) (any, error) {
	res, err := p.opt.Slack.Submit(ctx, a.User, a.View, a.Values)
	return map[string]any{"action": res.Action, "errors": res.Errors}, err
}

func (p *Page) dismiss(ctx context.Context, a act) (any, error) {
	return nothing{}, p.opt.Slack.Dismiss(ctx, a.User, a.View, a.All)
}

func (p *Page) shortcut(ctx context.Context, a act) (any, error) {
	if a.At != nil {
		return nothing{}, p.opt.Slack.MessageShortcut(ctx, a.User, *a.At, a.Callback)
	}
	return nothing{}, p.opt.Slack.Shortcut(ctx, a.User, a.Callback)
}

func (p *Page) openHome(ctx context.Context, a act) (any, error) {
	return nothing{}, p.opt.Slack.OpenHome(ctx, a.User)
}

func (p *Page) join(_ context.Context, a act) (any, error) {
	return nothing{}, p.opt.Slack.Join(a.Channel, a.User)
}

func (p *Page) upload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, uploadLimit))
	if err != nil {
		p.fail(w, r, fmt.Errorf("read the file: %w", err))
		return
	}
	f, err := p.opt.Slack.UploadFile(r.URL.Query().Get("user"), r.URL.Query().Get("name"), content)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, f)
}

var errNoPhones = errors.New("there is no phone network here")
