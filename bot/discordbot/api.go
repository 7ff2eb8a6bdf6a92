package discordbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
	"callout/notify"
)

// apiRoot is where discordgo believes the API to be; see redirect.
var apiRoot = discordgo.EndpointAPI

// call makes one request through discordgo's session, which knows the token and keeps to Discord's rate limits bucket by bucket.
// Discord counts what reads apart from what writes.
func (a *Adapter) call(ctx context.Context, method, address, bucket string, body any) ([]byte, error) {
	bucket = method + " " + bucket
	m, ok := body.(message)
	if !ok || len(m.files) == 0 {
		raw, err := a.session.RequestWithBucketID(method, address, body, bucket, discordgo.WithContext(ctx))
		return raw, sorted(err)
	}
	files := make([]*discordgo.File, len(m.files))
	for i, f := range m.files {
		files[i] = &discordgo.File{Name: fileName(f.Name), Reader: bytes.NewReader(f.Content)}
	}
	contentType, encoded, err := discordgo.MultipartBodyWithJSON(m, files)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	raw, err := a.session.RequestRaw(method, address, contentType, encoded, bucket, 0, discordgo.WithContext(ctx))
	return raw, sorted(err)
}

// callNow makes one request that waits for no other: each interaction is answered once, at an address of its own, which no limit
// is shared with. The session would remember each such address for ever.
func (a *Adapter) callNow(ctx context.Context, method, address string, body any) ([]byte, error) {
	encoded, err := discordgo.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	bucket := discordgo.NewRatelimiter().LockBucket(address)
	raw, err := a.session.RequestWithLockedBucket(method, address, "application/json", encoded, bucket, 0, discordgo.WithContext(ctx))
	return raw, sorted(err)
}

// firstPause is how long the first pause of patiently is; each is twice as long as the one before.
const (
	firstPause = 200 * time.Millisecond
	maxTries   = 5
)

// patiently makes a call for a person who waits: no job does it again. It is tried again after a limit, after trouble that passes, and
// when an answer that it belongs to is not known to Discord yet. What may not be done twice is not tried again when no answer came.
func (a *Adapter) patiently(ctx context.Context, twice bool, call func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := call()
		var failure *notify.Error
		if err == nil || try == maxTries || !errors.As(err, &failure) || failure.Permanent && codeOf(err) != codeUnknownWebhook {
			return err
		}
		if !twice && !answeredBy(err) {
			return err
		}
		timer := time.NewTimer(max(pause, failure.After))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause *= 2
	}
}

// send posts a card into a channel and returns the id of the message. A mark at its foot is what it is found by again. The same nonce
// within some minutes posts nothing new: https://docs.discord.com/developers/resources/message#create-message
func (a *Adapter) send(ctx context.Context, channel string, card bot.Card, mark, nonce string) (string, error) {
	m, err := a.drawMarked(ctx, card, mark)
	if err != nil {
		return "", err
	}
	m.Nonce, m.EnforceNonce = nonce, nonce != ""
	return a.post(ctx, channel, m)
}

// post posts a message into a channel and returns its id.
func (a *Adapter) post(ctx context.Context, channel string, m message) (string, error) {
	address := discordgo.EndpointChannelMessages(channel)
	raw, err := a.call(ctx, http.MethodPost, address, address, m)
	if err != nil {
		return "", err
	}
	var posted shown
	if err := json.Unmarshal(raw, &posted); err != nil {
		return "", fmt.Errorf("post message: %w", err)
	}
	if posted.ID == "" {
		return "", errNoMessage
	}
	return posted.ID, nil
}

// errNoMessage says that Discord took a message and did not say which it is.
var errNoMessage = errors.New("the answer names no message")

// edit makes a message show a card.
func (a *Adapter) edit(ctx context.Context, channel, id string, card bot.Card, mark string) error {
	m, err := a.drawMarked(ctx, card, mark)
	if err != nil {
		return err
	}
	m.files, m.Attachments = nil, nil
	_, err = a.call(ctx, http.MethodPatch, discordgo.EndpointChannelMessage(channel, id), discordgo.EndpointChannelMessage(channel, ""), m)
	return err
}

func (a *Adapter) drawMarked(ctx context.Context, card bot.Card, mark string) (message, error) {
	m, err := a.draw(ctx, card)
	if err == nil && mark != "" && len(m.Embeds) > 0 {
		m.Embeds[0].Footer = &discordgo.MessageEmbedFooter{Text: mark}
	}
	return m, err
}

// dm returns the channel of direct messages with a person, which is made once.
func (a *Adapter) dm(ctx context.Context, userID string) (string, error) {
	if id, ok := a.dms.Load(userID); ok {
		return id.(string), nil
	}
	address := discordgo.EndpointUserChannels("@me")
	raw, err := a.call(ctx, http.MethodPost, address, address, map[string]string{"recipient_id": userID})
	if err != nil {
		return "", err
	}
	var channel struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(raw, &channel); err != nil {
		return "", fmt.Errorf("open direct message: %w", err)
	}
	a.dms.Store(userID, channel.ID)
	return channel.ID, nil
}

// The codes of errors: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
const (
	codeUnknownChannel = 10003
	codeUnknownMessage = 10008
	codeUnknownUser    = 10013
	codeUnknownWebhook = 10015
	codeAcknowledged   = 40060
	codeMissingAccess  = 50001
	codeCannotMessage  = 50007
	codeMissingRights  = 50013
	codeNoRecipient    = 50033
	codeArchived       = 50083
	codeThreadExists   = 160004
)

// codeOf is Discord's own code of an error; 0 for any other.
func codeOf(err error) int {
	var refused *discordgo.RESTError
	if errors.As(err, &refused) && refused.Message != nil {
		return refused.Message.Code
	}
	return 0
}

// answeredBy reports whether it was Discord that said so, and not the network.
func answeredBy(err error) bool {
	var limit *discordgo.RateLimitError
	var refused *discordgo.RESTError
	return errors.As(err, &limit) || errors.As(err, &refused)
}

// sorted turns what Discord or the network said into what may be done about it.
func sorted(err error) error {
	if err == nil {
		return nil
	}
	var limit *discordgo.RateLimitError
	var refused *discordgo.RESTError
	switch {
	case errors.As(err, &limit):
		return &notify.Error{Err: err, After: limit.RetryAfter}
	case errors.Is(err, discordgo.ErrUnauthorized):
		return ours(err)
	case !errors.As(err, &refused):
		return &notify.Error{Err: err}
	}
	status := refused.Response.StatusCode
	switch {
	case status == http.StatusUnauthorized:
		return ours(err)
	case status >= http.StatusInternalServerError:
		return &notify.Error{Err: err}
	}
	failure := &notify.Error{Err: err, Permanent: true}
	switch codeOf(err) {
	case codeUnknownUser:
		failure.Dead = true
	case codeCannotMessage:
		failure.Said = "they take no direct messages from this server; they can allow it in Discord's privacy settings"
	case codeMissingAccess, codeMissingRights:
		failure.Said = "Discord does not let me write there"
	}
	return failure
}

func ours(err error) error {
	return &notify.Error{
		Err: err, Permanent: true, Said: "Discord does not let us in",
		Setup: "Discord refuses DISCORD_BOT_TOKEN: take a new one from the Bot page of the application",
	}
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
