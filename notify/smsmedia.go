package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	// twilioAPI is where Twilio's own API is.
	twilioAPI = "https://api.twilio.com"
	// mediaTimeout bounds fetching one photo; messages have at most five megabytes of them.
	mediaTimeout = 25 * time.Second
	// mediaHops is how often a photo may be somewhere else: Twilio sends us to where it keeps it.
	mediaHops = 4
)

var _ Fetcher = (*SMSSender)(nil)

// mediaID are the ids of a message and of a file that came with it.
var mediaID = regexp.MustCompile(`^((?:MM|SM)[0-9a-fA-F]{32})/(ME[0-9a-fA-F]{32})$`)

// mediaHosts are where Twilio keeps media, and sends us to for a while: https://help.twilio.com/articles/223183748
var mediaHosts = regexp.MustCompile(`^(?:[a-z0-9.-]+\.)?(?:twilio\.com|twiliocdn\.com)$|^s3-external-1\.amazonaws\.com$|^[a-z0-9.-]+\.s3[a-z0-9.-]*\.amazonaws\.com$`)

// Fetch reads a photo that came with a text; id names the message and the photo. It asks Twilio alone, or the API that is
// set in its place, and follows only to where Twilio keeps media; our token goes nowhere but to the API itself.
// https://www.twilio.com/docs/messaging/api/media-resource#fetch-a-media-resource
func (s *SMSSender) Fetch(ctx context.Context, id string, most int64) (File, error) {
	ids := mediaID.FindStringSubmatch(id)
	if ids == nil {
		return File{}, &Error{Err: fmt.Errorf("%q names no file of a text", id), Said: "it is not there", Permanent: true}
	}
	ctx, cancel := context.WithTimeout(ctx, mediaTimeout)
	defer cancel()
	base := twilioAPI
	if s.conn.base != nil {
		base = strings.TrimSuffix(s.conn.base.String(), "/")
	}
	at := base + "/2010-04-01/Accounts/" + url.PathEscape(s.opt.AccountSID) + "/Messages/" + ids[1] + "/Media/" + ids[2]
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return File{}, fmt.Errorf("ask for photo: %w", err)
	}
	request.SetBasicAuth(s.opt.AccountSID, s.opt.AuthToken)
	client := &http.Client{Transport: s.conn.transport, CheckRedirect: s.follow}
	response, err := client.Do(request)
	if err != nil {
		return File{}, mediaError(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := mediaStatus(response); err != nil {
		return File{}, err
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	switch {
	case err != nil:
		return File{}, fmt.Errorf("read photo: %w", err)
	case int64(len(content)) > most:
		said := fmt.Sprintf("it is larger than %d MB", most>>20)
		return File{}, &Error{Err: errors.New(said), Said: said, Permanent: true}
	case len(content) == 0:
		return File{}, &Error{Err: errors.New("the photo is empty"), Said: "it is empty", Permanent: true}
	}
	media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		media = http.DetectContentType(content)
	}
	return File{Name: "photo-" + ids[2][2:10] + endingOf(media), Media: media, Content: content}, nil
}

// errElsewhere says that we were sent to where Twilio keeps nothing.
var errElsewhere = errors.New("sent to an address that is not Twilio's")

// follow lets a request go on to where Twilio keeps media. The library drops our credentials when the host is another one.
func (s *SMSSender) follow(request *http.Request, before []*http.Request) error {
	if len(before) >= mediaHops {
		return errors.New("sent on too often")
	}
	if s.conn.base != nil && request.URL.Host == s.conn.base.Host {
		return nil
	}
	if request.URL.Scheme != "https" || !mediaHosts.MatchString(request.URL.Hostname()) {
		return errElsewhere
	}
	if request.URL.Hostname() != before[0].URL.Hostname() {
		request.Header.Del("Authorization") // a subdomain of ours would keep it
	}
	return nil
}

// mediaError keeps addresses out of logs: whoever has one may read the photo.
func mediaError(err error) error {
	if with := new(url.Error); errors.As(err, &with) {
		err = with.Err
	}
	if errors.Is(err, errElsewhere) {
		return &Error{Err: fmt.Errorf("fetch photo: %w", err), Said: "it is kept where we do not look", Permanent: true}
	}
	return fmt.Errorf("fetch photo: %w", err)
}

func mediaStatus(response *http.Response) error {
	code := response.StatusCode
	if code == http.StatusOK {
		return nil
	}
	failure := &Error{Err: fmt.Errorf("fetch photo: %s", response.Status)}
	switch {
	case code == http.StatusUnauthorized:
		failure.Permanent, failure.Setup = true, smsRefused[20003]
	case code == http.StatusNotFound:
		// Twilio tells of a message a moment before its photo can be read, so a missing one is asked for again.
		failure.Said = "Twilio does not have it (any more)"
	case code == http.StatusTooManyRequests:
		failure.After = 10 * time.Second
	case code >= 400 && code < 500:
		failure.Permanent = true
	}
	return failure
}

// endings are those of the media that phones send most; others are left to the name that the platform gives.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/heic": ".heic", "image/heif": ".heif",
	"image/webp": ".webp", "image/bmp": ".bmp", "image/tiff": ".tif", "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/quicktime": ".mov",
	"audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "application/pdf": ".pdf", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
	"text/plain": ".txt",
}

func endingOf(media string) string {
	if ending := endings[media]; ending != "" {
		return ending
	}
	return ".bin"
}
