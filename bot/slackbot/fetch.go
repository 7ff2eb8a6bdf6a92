package slackbot

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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
		return notify.File{}, tooLarge(most)
	}
	content := &bounded{most: most}
	if err := a.api.GetFileContext(ctx, orElse(info.URLPrivateDownload, info.URLPrivate), content); err != nil {
		return notify.File{}, sorted("fetch file", err)
	}
	return notify.File{Name: info.Name, Title: info.Title, Media: info.Mimetype, Content: content.Bytes()}, nil
}

// bounded takes no more bytes than it may: what a file says of its size is not trusted.
type bounded struct {
	bytes.Buffer
	most int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.Len()+len(p)) > b.most {
		return 0, tooLarge(b.most)
	}
	return b.Buffer.Write(p)
}

func tooLarge(most int64) error {
	said := fmt.Sprintf("it is larger than %d MB", most>>20)
	return &notify.Error{Err: errors.New(said), Said: said, Permanent: true}
}
