package slackbot

import (
	"cmp"
	"context"

	"callout/bot"
	"callout/notify"
)

var _ notify.Fetcher = (*Adapter)(nil)

// Fetch reads a file that somebody uploaded: https://docs.slack.dev/reference/methods/files.info
func (a *Adapter) Fetch(ctx context.Context, id string, most int64) (notify.File, error) {
	info, _, _, err := a.api.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return notify.File{}, sorted("look up file", err)
	}
	if int64(info.Size) > most {
		return notify.File{}, bot.TooLarge(most)
	}
	content := &bot.Upload{Most: most}
	if err := a.api.GetFileContext(ctx, cmp.Or(info.URLPrivateDownload, info.URLPrivate), content); err != nil {
		return notify.File{}, sorted("fetch file", err)
	}
	return notify.File{Name: info.Name, Title: info.Title, Media: info.Mimetype, Content: content.Bytes()}, nil
}
