package twilio

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Limits of what comes with one message: https://www.twilio.com/docs/messaging/api/media-resource
const (
	maxMedia      = 10
	maxMediaBytes = 5 << 20
	// mediaLife is how long the address works to which the API sends on.
	mediaLife = 4 * time.Hour
)

// Media is a photo or another file that came with a text.
type Media struct {
	SID     string `json:"sid"`
	Type    string `json:"type"` // such as image/jpeg
	Content []byte `json:"content"`
}

func checkMedia(media []Media) error {
	if len(media) > maxMedia {
		return fmt.Errorf("a message takes %d files, not %d", maxMedia, len(media))
	}
	size := 0
	for _, m := range media {
		if m.Type == "" || len(m.Content) == 0 {
			return errors.New("a file needs a type and a content")
		}
		size += len(m.Content)
	}
	if size > maxMediaBytes {
		return fmt.Errorf("the files of a message have at most %d bytes together, not %d", maxMediaBytes, size)
	}
	return nil
}

func withSIDs(media []Media) []Media {
	var out []Media
	for _, m := range media {
		out = append(out, Media{SID: newSID("ME"), Type: m.Type, Content: m.Content})
	}
	return out
}

// mediaOf finds a file of a message. Callers hold the lock.
func (s *Server) mediaOf(message, sid string) (Media, bool) {
	m := s.bySID[message]
	if m == nil {
		return Media{}, false
	}
	for _, media := range m.Media {
		if media.SID == sid {
			return media, true
		}
	}
	return Media{}, false
}

// MediaContent returns a file that came with a text, for the page.
func (s *Server) MediaContent(message, sid string) (Media, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mediaOf(message, sid)
}

// fetchMedia sends who has the credentials on to a short-lived address of the file, as Twilio does when it asks for them:
// https://help.twilio.com/articles/223183748
func (s *Server) fetchMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	media, ok := s.mediaOf(r.PathValue("sid"), r.PathValue("media"))
	expires := strconv.FormatInt(s.opt.Now().Add(mediaLife).Unix(), 10)
	s.mu.Unlock()
	if !ok {
		answer(w, notFound(r))
		return
	}
	http.Redirect(w, r, "/media/"+r.PathValue("sid")+"/"+media.SID+"?expires="+expires+"&signature="+s.mediaSignature(media.SID, expires), http.StatusTemporaryRedirect) //nolint:gosec // to our own path, with ids we have just found
}

func (s *Server) mediaSignature(sid, expires string) string {
	mac := hmac.New(sha256.New, []byte(s.opt.AuthToken))
	mac.Write([]byte(sid + expires))
	return hex.EncodeToString(mac.Sum(nil))
}

// serveMedia gives a file to whoever has its short-lived address.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	expires := r.URL.Query().Get("expires")
	until, err := strconv.ParseInt(expires, 10, 64)
	good := hmac.Equal([]byte(r.URL.Query().Get("signature")), []byte(s.mediaSignature(r.PathValue("media"), expires)))
	media, ok := s.MediaContent(r.PathValue("sid"), r.PathValue("media"))
	if err != nil || !good || !ok || s.opt.Now().After(time.Unix(until, 0)) {
		http.Error(w, "AccessDenied", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", media.Type)
	_, _ = w.Write(media.Content)
}
