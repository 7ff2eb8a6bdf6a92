package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"
)

// Message is one mail as its readers see it.
type Message struct {
	ID          string              `json:"id"`
	Sender      string              `json:"sender"`     // of the envelope
	Recipients  []string            `json:"recipients"` // of the envelope: Bcc included
	From        string              `json:"from"`
	To          string              `json:"to"`
	Subject     string              `json:"subject"`
	Date        time.Time           `json:"date"`
	Received    time.Time           `json:"received"`
	MessageID   string              `json:"message_id"`
	Header      map[string][]string `json:"header"`
	Text        string              `json:"text"`
	HTML        string              `json:"html"`
	Attachments []Attachment        `json:"attachments"`
}

// Attachment is a file in a mail, or an image inside its HTML.
type Attachment struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	ContentID string `json:"content_id"`
	Inline    bool   `json:"inline"`
	Content   []byte `json:"content"`
}

// partsLimit bounds how deep parts may lie in parts.
const partsLimit = 10

func newID() string {
	var b [12]byte
	rand.Read(b[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(b[:])
}

func (m *Message) isTo(address string) bool {
	for _, to := range m.Recipients {
		if strings.EqualFold(to, address) {
			return true
		}
	}
	return false
}

// parse reads a message and refuses what a careful receiver refuses: no From, no Date, a broken structure.
// https://www.rfc-editor.org/rfc/rfc5322#section-3.6
func parse(raw []byte) (*Message, error) {
	in, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("the header cannot be read: %w", err)
	}
	if n := len(in.Header["From"]); n != 1 {
		return nil, fmt.Errorf("the message has %d From fields instead of one", n)
	}
	if _, err := in.Header.AddressList("From"); err != nil {
		return nil, fmt.Errorf("the From field is wrong: %w", err)
	}
	date, err := in.Header.Date()
	if err != nil {
		return nil, fmt.Errorf("the Date field is wrong: %w", err)
	}
	m := &Message{
		From: decodeWord(in.Header.Get("From")), To: decodeWord(in.Header.Get("To")),
		Subject: decodeWord(in.Header.Get("Subject")), Date: date,
		MessageID: in.Header.Get("Message-Id"), Header: in.Header,
	}
	return m, m.readPart(partHeader(in.Header), in.Body, 0)
}

// partHeader is the header of a message or of one of its parts.
type partHeader map[string][]string

func (h partHeader) get(key string) string {
	if v := h[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (m *Message) readPart(h partHeader, body io.Reader, depth int) error {
	if depth > partsLimit {
		return errors.New("the parts lie too deep")
	}
	kind, params, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", map[string]string{}
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.readParts(multipart.NewReader(body, params["boundary"]), depth)
	}
	content, err := io.ReadAll(decodeTransfer(h.get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("a part cannot be decoded: %w", err)
	}
	disposition, dparams, _ := mime.ParseMediaType(h.get("Content-Disposition")) // absent or odd: shown in place
	name := decodeWord(dparams["filename"])
	if name == "" {
		name = decodeWord(params["name"])
	}
	isText := disposition != "attachment" && name == ""
	switch {
	case isText && kind == "text/plain" && m.Text == "":
		m.Text = decodeCharset(params["charset"], content)
	case isText && kind == "text/html" && m.HTML == "":
		m.HTML = decodeCharset(params["charset"], content)
	default:
		m.Attachments = append(m.Attachments, Attachment{
			Name: name, Type: kind, Content: content, Inline: disposition == "inline",
			ContentID: strings.Trim(h.get("Content-Id"), "<>"),
		})
	}
	return nil
}

func (m *Message) readParts(parts *multipart.Reader, depth int) error {
	for n := 0; ; n++ {
		// NextRawPart, because NextPart hides the transfer encoding.
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the parts cannot be read: %w", err)
		}
		if err := m.readPart(partHeader(p.Header), p, depth+1); err != nil {
			return err
		}
	}
}

func decodeTransfer(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r) // it skips line breaks itself
	}
	return r
}

func decodeWord(s string) string {
	dec := mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}}
	if out, err := dec.DecodeHeader(s); err == nil {
		return out
	}
	return s
}

func decodeCharset(charset string, content []byte) string {
	if enc, err := htmlindex.Get(charset); err == nil {
		if out, err := enc.NewDecoder().Bytes(content); err == nil {
			content = out
		}
	}
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}
