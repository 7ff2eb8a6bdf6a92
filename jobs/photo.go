package jobs

import (
	"context"
	"fmt"
	"mime"
	"path"
	"slices"
	"strings"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// addPhotos adds the photos that people texted to the thread below a card. One that the platform will never take is left out:
// it is with the record all the same.
func (j *Jobs) addPhotos(ctx context.Context, board notify.Board, d desk.Drawing, cardID string) error {
	album, ok := board.(notify.Album)
	if !ok {
		return nil
	}
	for _, id := range d.Files {
		f, err := j.Desk.File(ctx, id)
		if err != nil {
			return err
		}
		about, err := j.photoWords(ctx, f)
		if err != nil {
			return err
		}
		line := notify.Line{Record: recordOf(d.Card), Channel: d.Card.Channel, CardID: cardID, MayBeThere: d.Interrupted}
		err = album.AddFile(ctx, line, notify.File{Name: photoName(f), Title: about, Media: f.Media, Content: f.Content}, about)
		if notify.Permanent(err) && notify.Setup(err) == "" {
			j.Log.WarnContext(ctx, "photo is not shown in its thread", "file_id", id, "err", err)
			err = nil
		}
		if err != nil {
			return err
		}
		if err := j.Desk.FilePosted(ctx, d.Card, id); err != nil {
			return fmt.Errorf("record photo: %w", err)
		}
	}
	return nil
}

// photoWords says who sent a photo.
func (j *Jobs) photoWords(ctx context.Context, f store.File) (string, error) {
	who := "somebody"
	if f.AddedBy != nil {
		m, err := j.Desk.Member(ctx, *f.AddedBy)
		if err != nil {
			return "", err
		}
		who = m.Name
	}
	return fmt.Sprintf("From %s by %s", who, desk.ChannelName(f.Platform)), nil
}

// photoName is a name that no other file of a thread has: it tells whether the file is there already.
func photoName(f store.File) string {
	ending := path.Ext(f.Name)
	if known, err := mime.ExtensionsByType(f.Media); ending == "" && err == nil && len(known) > 0 {
		ending = known[0]
	}
	if slices.Contains([]string{"", ".jfif", ".jpe"}, ending) && strings.HasPrefix(f.Media, "image/jpeg") {
		ending = ".jpg"
	}
	return fmt.Sprintf("%s-%d-file-%d%s", f.Record, f.RecordID, f.ID, ending)
}
