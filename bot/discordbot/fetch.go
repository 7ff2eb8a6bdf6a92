package discordbot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"callout/bot"
	"callout/notify"
)

// fileID names an uploaded file by what is needed to fetch it: Discord has no way to ask for it later.
func fileID(u upload) string { return u.ID + "|" + u.Filename + "|" + u.ContentType + "|" + u.URL }

// fileHosts are where Discord keeps what people upload: https://docs.discord.com/developers/reference#cdn-endpoints
var fileHosts = map[string]bool{"cdn.discordapp.com": true, "media.discordapp.net": true}

// Fetch reads a file that somebody uploaded, from Discord's own hosts only.
func (a *Adapter) Fetch(ctx context.Context, id string, most int64) (notify.File, error) {
	parts := strings.SplitN(id, "|", 4)
	if len(parts) != 4 {
		return notify.File{}, &notify.Error{Err: fmt.Errorf("%q names no file", id), Permanent: true}
	}
	address, err := url.Parse(parts[3])
	if err != nil || !a.keepsFiles(address) {
		return notify.File{}, &notify.Error{Err: fmt.Errorf("%q is no address of Discord's files", parts[3]), Permanent: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return notify.File{}, fmt.Errorf("fetch file: %w", err)
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return notify.File{}, fmt.Errorf("fetch file: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		gone := resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusForbidden
		return notify.File{}, &notify.Error{Err: fmt.Errorf("fetch file: %s", resp.Status), Permanent: gone, Said: "Discord does not have it any more"}
	}
	content := &bot.Upload{Most: most}
	if _, err := io.Copy(content, resp.Body); err != nil {
		return notify.File{}, fmt.Errorf("fetch file: %w", err)
	}
	return notify.File{Name: parts[1], Media: parts[2], Content: content.Bytes()}, nil
}

// keepsFiles reports whether files may be fetched from an address: Discord's, or where another Discord is.
func (a *Adapter) keepsFiles(u *url.URL) bool {
	if fileHosts[u.Host] && u.Scheme == "https" {
		return true
	}
	other, err := url.Parse(a.opts.APIURL)
	return err == nil && other.Host != "" && u.Host == other.Host
}
