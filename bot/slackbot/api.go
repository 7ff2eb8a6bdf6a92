package slackbot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	neturl "net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
)

// lookupWithin bounds look-ups that are nice to have while somebody waits for a form.
const lookupWithin = time.Second

// send posts a card to a channel and returns where it is. The app joins a public channel if that is what it takes.
// https://docs.slack.dev/reference/methods/chat.postMessage
func (a *Adapter) send(ctx context.Context, api *slack.Client, channel string, card bot.Card, more ...slack.MsgOption) (in, ts string, err error) {
	err = a.withCharts(ctx, card, func(m message) error {
		in, ts, err = api.PostMessageContext(ctx, channel, m.options(more...)...)
		if errorCode(err) == "not_in_channel" && join(ctx, api, channel) == nil {
			in, ts, err = api.PostMessageContext(ctx, channel, m.options(more...)...)
		}
		return named(ts, err)
	})
	return in, ts, err
}

// errNoMessage says that what came back is no answer of Slack's, although the library takes it for one: a proxy's, or half of one.
var errNoMessage = errors.New("the answer names no message")

func named(ts string, err error) error {
	if err == nil && ts == "" {
		return errNoMessage
	}
	return err
}

// edit replaces a message: https://docs.slack.dev/reference/methods/chat.update
func (a *Adapter) edit(ctx context.Context, api *slack.Client, channel, ts string, card bot.Card, more ...slack.MsgOption) error {
	return a.withCharts(ctx, card, func(m message) error {
		_, edited, _, err := api.UpdateMessageContext(ctx, channel, ts, m.options(more...)...)
		return named(edited, err)
	})
}

// whisper posts a card that one person sees: https://docs.slack.dev/reference/methods/chat.postEphemeral
func (a *Adapter) whisper(ctx context.Context, channel, user string, card bot.Card) error {
	return a.withCharts(ctx, card, func(m message) error {
		_, err := a.patient.PostEphemeralContext(ctx, channel, user, m.options()...)
		return err
	})
}

// direct posts a card to the direct message with a person.
func (a *Adapter) direct(ctx context.Context, user string, card bot.Card) error {
	channel, err := a.dm(ctx, a.patient, user)
	if err != nil {
		return err
	}
	_, _, err = a.send(ctx, a.patient, channel, card)
	return err
}

// dm returns the id of the direct message with a person: https://docs.slack.dev/reference/methods/conversations.open
func (a *Adapter) dm(ctx context.Context, api *slack.Client, user string) (string, error) {
	if id := a.dms.get(user); id != "" {
		return id, nil
	}
	channel, _, _, err := api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if errorCode(err) == "unknown_method" || err == nil && (channel == nil || channel.ID == "") {
		return user, nil // a message to a person's own id reaches them too
	}
	if err != nil {
		return "", fmt.Errorf("open direct message: %w", err)
	}
	a.dms.set(user, channel.ID)
	return channel.ID, nil
}

func join(ctx context.Context, api *slack.Client, channel string) error {
	_, _, _, err := api.JoinConversationContext(ctx, channel)
	return err
}

func (m message) options(more ...slack.MsgOption) []slack.MsgOption {
	return append([]slack.MsgOption{
		slack.MsgOptionText(m.text, false), slack.MsgOptionBlocks(m.blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}, more...)
}

// withCharts sends a card with native charts; a Slack that does not know them gets their numbers, now and from then on.
func (a *Adapter) withCharts(ctx context.Context, card bot.Card, send func(message) error) error {
	m := drawMessage(card, !a.noCharts.Load())
	err := send(m)
	if err == nil || !m.charts || !refusedBlocks(err) {
		return err
	}
	if again := send(drawMessage(card, false)); again != nil {
		return again
	}
	a.noCharts.Store(true)
	a.log.WarnContext(ctx, "slack refused a native chart, numbers are sent as text from now on", "err", err, "detail", detail(err))
	return nil
}

// reply is what a response_url takes: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
type reply struct {
	Text         string        `json:"text"`
	Blocks       []slack.Block `json:"blocks"`
	ResponseType string        `json:"response_type"`
	Replace      bool          `json:"replace_original"`
}

// respond answers at a response_url, to the person alone, or in the place of the message whose button was pressed.
func (a *Adapter) respond(ctx context.Context, url string, card bot.Card, replace bool) error {
	return a.withCharts(ctx, card, func(m message) error {
		return a.postReply(ctx, url, reply{Text: m.text, Blocks: m.blocks, ResponseType: "ephemeral", Replace: replace})
	})
}

func (a *Adapter) respondPublic(ctx context.Context, url string, card bot.Card) error {
	return a.withCharts(ctx, card, func(m message) error {
		return a.postReply(ctx, url, reply{Text: m.text, Blocks: m.blocks, ResponseType: "in_channel"})
	})
}

// postReply is our own: the library's does not say what was wrong with a refused answer. It carries no token.
func (a *Adapter) postReply(ctx context.Context, url string, r reply) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode reply: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make reply: %w", err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	began := a.pace.now()
	response, err := a.http.Do(request)
	a.observe(replies, outcomeOf(replies, response, err), a.pace.now().Sub(began))
	if err != nil {
		if withURL := new(neturl.Error); errors.As(err, &withURL) {
			err = withURL.Err // whoever knows the address may answer there, so it stays out of logs
		}
		return fmt.Errorf("send reply: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer to reply: %w", err)
	}
	var answer slack.SlackResponse
	isJSON := json.Unmarshal(said, &answer) == nil
	switch {
	case isJSON && answer.Error != "":
		return answer.Err()
	case response.StatusCode == http.StatusOK:
		return nil
	case !isJSON && strings.HasPrefix(string(said), "invalid_"):
		return slack.SlackErrorResponse{Err: strings.TrimSpace(string(said))}
	}
	return slack.StatusCodeError{Code: response.StatusCode, Status: response.Status}
}

// share uploads files into a thread; with no thread, into the channel.
// https://docs.slack.dev/messaging/working-with-files#uploading_files
func (a *Adapter) share(ctx context.Context, api *slack.Client, channel, thread string, files []bot.File) error {
	return a.shareSaying(ctx, api, channel, thread, "", files)
}

// shareSaying uploads files with a sentence about them.
func (a *Adapter) shareSaying(ctx context.Context, api *slack.Client, channel, thread, about string, files []bot.File) error {
	var done []slack.FileSummary
	for _, file := range files {
		if len(file.Content) == 0 {
			continue // Slack refuses empty files
		}
		url, err := api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			FileName: cmp.Or(file.Name, "file"), FileSize: len(file.Content),
		})
		if err != nil {
			return fmt.Errorf("begin upload of %s: %w", file.Name, err)
		}
		err = api.UploadToURL(ctx, slack.UploadToURLParameters{
			UploadURL: url.UploadURL, Reader: bytes.NewReader(file.Content), Filename: cmp.Or(file.Name, "file"),
		})
		if err != nil {
			return fmt.Errorf("upload %s: %w", file.Name, err)
		}
		done = append(done, slack.FileSummary{ID: url.FileID, Title: cmp.Or(file.Title, file.Name)})
	}
	if len(done) == 0 {
		return nil
	}
	finish := slack.CompleteUploadExternalParameters{Files: done, Channel: channel, ThreadTimestamp: thread, InitialComment: escape(about)}
	_, err := api.CompleteUploadExternalContext(ctx, finish)
	if errorCode(err) == "not_in_channel" && join(ctx, api, channel) == nil {
		_, err = api.CompleteUploadExternalContext(ctx, finish)
	}
	if err != nil {
		return fmt.Errorf("finish upload: %w", err)
	}
	return nil
}

// shareWith uploads files to the direct message with a person: nothing else can be shown to one person alone.
func (a *Adapter) shareWith(ctx context.Context, user string, files []bot.File) {
	if len(files) == 0 {
		return
	}
	channel, err := a.dm(ctx, a.patient, user)
	if err == nil {
		err = a.share(ctx, a.patient, channel, "", files)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "files could not be shared", "err", err, "detail", detail(err))
	}
}

// quote adds to a message who wrote it and where it is, if Slack says so quickly.
func (a *Adapter) quote(ctx context.Context, d delivery) *bot.Quoted {
	ctx, cancel := context.WithTimeout(ctx, lookupWithin)
	defer cancel()
	quoted := *d.req.Message
	var link string
	var both sync.WaitGroup
	both.Go(func() {
		link, _ = a.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: d.quoted.channel, Ts: d.quoted.ts})
	})
	if quoted.Author == "" && d.quoted.user != "" {
		quoted.Author, _, _, _ = a.UserInfo(ctx, d.quoted.user)
	}
	both.Wait()
	quoted.Link = link
	return &quoted
}

// UserInfo is what Slack knows of a person, to fill the registration form: https://docs.slack.dev/reference/methods/users.info
func (a *Adapter) UserInfo(ctx context.Context, user string) (name, email, tz string, err error) {
	u, err := a.api.GetUserInfoContext(ctx, user)
	if err != nil {
		return "", "", "", sorted("look up user", err)
	}
	return cmp.Or(u.RealName, u.Profile.RealName, u.Name), u.Profile.Email, u.TZ, nil
}
