package web

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"callout/internal/sandbox/mail"
	"callout/internal/sandbox/twilio"
)

// phone is a handset with its conversation.
type phone struct {
	twilio.Phone
	Messages []twilio.Message `json:"messages"`
}

func (p *Page) phones(w http.ResponseWriter, _ *http.Request) {
	out := []phone{}
	if p.opt.Twilio != nil {
		for _, ph := range p.opt.Twilio.Phones() {
			out = append(out, phone{ph, withoutContent(tail(p.opt.Twilio.Messages(ph.Number), messagesShown))})
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"phones": out})
}

// withoutContent leaves out of texts what their photos hold: the page asks for each by itself.
func withoutContent(messages []twilio.Message) []twilio.Message {
	out := make([]twilio.Message, 0, len(messages))
	for _, m := range messages {
		media := make([]twilio.Media, len(m.Media))
		for i, photo := range m.Media {
			media[i] = twilio.Media{SID: photo.SID, Type: photo.Type}
		}
		m.Media = media
		out = append(out, m)
	}
	return out
}

// photoFromPhone is somebody sending a photo, with words or without.
func (p *Page) photoFromPhone(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, uploadLimit))
	if err == nil && p.opt.Twilio == nil {
		err = errNoPhones
	}
	if err == nil {
		kind := r.Header.Get("Content-Type")
		if kind == "" {
			kind = http.DetectContentType(content)
		}
		photo := []twilio.Media{{Type: kind, Content: content}}
		err = p.opt.Twilio.Send(r.Context(), r.URL.Query().Get("from"), r.URL.Query().Get("body"), photo)
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, nothing{})
}

// phonePhoto shows a photo that was sent from a phone.
func (p *Page) phonePhoto(w http.ResponseWriter, r *http.Request) {
	if p.opt.Twilio == nil {
		http.NotFound(w, r)
		return
	}
	media, ok := p.opt.Twilio.MediaContent(r.PathValue("message"), r.PathValue("media"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	serveContent(w, r, r.PathValue("media"), media.Type, media.Content)
}

// phoneAct is something done on a handset.
type phoneAct struct {
	From      string           `json:"from"`
	Body      string           `json:"body"`
	Behaviour twilio.Behaviour `json:"behaviour"`
}

func (p *Page) textFromPhone(w http.ResponseWriter, r *http.Request) {
	p.onPhone(w, r, func(a phoneAct) error { return p.opt.Twilio.Text(r.Context(), a.From, a.Body) })
}

func (p *Page) behave(w http.ResponseWriter, r *http.Request) {
	p.onPhone(w, r, func(a phoneAct) error { return p.opt.Twilio.Behave(a.From, a.Behaviour) })
}

func (p *Page) onPhone(w http.ResponseWriter, r *http.Request, do func(phoneAct) error) {
	var a phoneAct
	err := readJSON(w, r, &a)
	if err == nil && p.opt.Twilio == nil {
		err = errNoPhones
	}
	if err == nil {
		err = do(a)
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, nothing{})
}

// letter is a mail without the contents of its attachments.
type letter struct {
	ID          string       `json:"id"`
	From        string       `json:"from"`
	To          []string     `json:"to"`
	Subject     string       `json:"subject"`
	Received    string       `json:"received"`
	Text        string       `json:"text"`
	HasHTML     bool         `json:"has_html"`
	Attachments []enclosures `json:"attachments"`
}

type enclosures struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

func (p *Page) mailbox(w http.ResponseWriter, _ *http.Request) {
	out := []letter{}
	if p.opt.Mail != nil {
		for _, m := range p.opt.Mail.All() {
			l := letter{
				ID: m.ID, From: m.From, To: list(m.Recipients), Subject: m.Subject, Text: m.Text,
				Received: m.Received.Format(time.RFC3339), HasHTML: m.HTML != "", Attachments: []enclosures{},
			}
			for _, a := range m.Attachments {
				l.Attachments = append(l.Attachments, enclosures{a.Name, a.Type, len(a.Content)})
			}
			out = append(out, l)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"letters": out})
}

func (p *Page) letter(id string) (mail.Message, bool) {
	if p.opt.Mail == nil {
		return mail.Message{}, false
	}
	for _, m := range p.opt.Mail.All() {
		if m.ID == id {
			return m, true
		}
	}
	return mail.Message{}, false
}

func (p *Page) mailHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := p.letter(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	// Mail is somebody else's page: no scripts, no requests, its own origin.
	w.Header().Set("Content-Security-Policy",
		"sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(m.HTML))
}

func (p *Page) mailAttachment(w http.ResponseWriter, r *http.Request) {
	m, ok := p.letter(r.PathValue("id"))
	n, err := strconv.Atoi(r.PathValue("n"))
	if !ok || err != nil || n < 0 || n >= len(m.Attachments) {
		http.NotFound(w, r)
		return
	}
	serveContent(w, r, m.Attachments[n].Name, m.Attachments[n].Type, m.Attachments[n].Content)
}

func (p *Page) file(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	content, ok := p.opt.Slack.FileContent(id)
	if !ok {
		http.NotFound(w, r)
		return
	}
	name, kind := r.PathValue("name"), ""
	for _, f := range p.opt.Slack.Files() {
		if f.ID == id {
			name, kind = f.Name, f.Mimetype
		}
	}
	serveContent(w, r, name, kind, content)
}

// serveContent shows what a browser can show safely and offers the rest as a download.
func serveContent(w http.ResponseWriter, r *http.Request, name, kind string, content []byte) {
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	base, _, err := mime.ParseMediaType(kind)
	if err != nil {
		base = "application/octet-stream"
	}
	disposition := "attachment"
	switch {
	case base == "application/pdf":
		disposition = "inline"
		// The browser's own viewer needs more than the page may have.
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'self'")
	case base == "text/plain", base == "text/csv", strings.HasPrefix(base, "image/") && base != "image/svg+xml":
		disposition = "inline"
		if base == "text/csv" {
			base = "text/plain"
		}
	}
	if strings.HasPrefix(base, "text/") {
		base += "; charset=utf-8"
	}
	w.Header().Set("Content-Type", base)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
