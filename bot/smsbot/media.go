package smsbot

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
)

// maxMedia is how many photos one message carries: https://www.twilio.com/docs/messaging/api/media-resource
const maxMedia = 10

// mediaURL is where Twilio keeps what came with a message. Only the two ids are taken from it: what is fetched later is fetched
// from the address that we know, never from one that a message names.
var mediaURL = regexp.MustCompile(`/Accounts/AC[0-9a-zA-Z]+/Messages/((?:MM|SM)[0-9a-fA-F]{32})/Media/(ME[0-9a-fA-F]{32})$`)

// media returns the ids of the photos and other files that came with a text.
// https://www.twilio.com/docs/messaging/guides/webhook-request#media-related-parameters
func (s *Server) media(ctx context.Context, form url.Values) []string {
	count, err := strconv.Atoi(form.Get("NumMedia"))
	if err != nil || count <= 0 {
		return nil
	}
	var ids []string
	for i := range min(count, maxMedia) {
		ids = s.addMedia(ctx, ids, form.Get("MediaUrl"+strconv.Itoa(i)))
	}
	return ids
}

func (s *Server) addMedia(ctx context.Context, ids []string, raw string) []string {
	u, err := url.Parse(raw)
	if err != nil {
		u = &url.URL{}
	}
	parts := mediaURL.FindStringSubmatch(u.Path)
	if parts == nil {
		s.opt.Log.WarnContext(ctx, "a file of a text has an address that is not Twilio's, and is left out")
		return ids
	}
	return append(ids, parts[1]+"/"+parts[2])
}
