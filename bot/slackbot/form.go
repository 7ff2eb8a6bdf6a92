package slackbot

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
)

// errStateTooLong means that a form's state does not fit into a view.
var errStateTooLong = errors.New("form state does not fit into private_metadata")

// envelope is kept in a view's private_metadata in front of the form's state, so that the answer to a submission finds
// the channel, and the message whose button opened the form. Slack itself tells neither.
type envelope struct {
	Channel  string `json:"c,omitempty"`
	Message  string `json:"m,omitempty"`
	Response string `json:"r,omitempty"` // the only way to change a message that one person sees
}

// seal puts the envelope in one line before the state, which needs no escaping then: 2,000 bytes of it always fit.
func seal(o origin, state string) (string, error) {
	e := envelope{Channel: o.channel, Message: o.message}
	if o.ephemeral {
		e.Response = o.response
	}
	head, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("seal form state: %w", err)
	}
	sealed := string(head) + "\n" + state
	if length(sealed) > maxMetadata {
		return "", errStateTooLong
	}
	return sealed, nil
}

func unseal(metadata string) (envelope, string) {
	head, state, _ := strings.Cut(metadata, "\n")
	var e envelope
	if json.Unmarshal([]byte(head), &e) != nil {
		return envelope{}, ""
	}
	return e, state
}

// modal draws a form. The block id of an input is its field's name: answers and errors come by it.
func modal(f bot.Form, o origin) (slack.ModalViewRequest, error) {
	metadata, err := seal(o, f.State)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	view := slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           plain(cmp.Or(f.Title, "Callout"), maxViewTitle),
		Close:           plain("Cancel", maxViewTitle),
		PrivateMetadata: metadata,
		CallbackID:      f.ID,
	}
	blocks, inputs := drawFields(f.Fields)
	view.Blocks.BlockSet = blocks
	switch {
	case f.Submit != "":
		view.Submit = plain(f.Submit, maxViewTitle)
	case inputs > 0:
		view.Submit = plain("Save", maxViewTitle) // Slack refuses inputs that cannot be sent
	default:
		view.Close = plain("Close", maxViewTitle)
	}
	return view, nil
}

// drawFields draws as many fields as a view can hold, says how many more there are, and counts the inputs.
func drawFields(fields []bot.Field) (blocks []slack.Block, inputs int) {
	bytes := 0
	for i, field := range fields {
		block := drawField(field)
		if block == nil {
			continue
		}
		bytes += bytesOf([]slack.Block{block})
		last := i == len(fields)-1
		if bytes > maxViewBytes || len(blocks) == maxBlocksView-1 && !last {
			return append(blocks, leftOut(len(fields)-i)), inputs
		}
		if block.BlockType() == slack.MBTInput {
			inputs++
		}
		blocks = append(blocks, block)
	}
	return blocks, inputs
}

// cardView draws a card as a modal that is only read.
func cardView(title string, c bot.Card, o origin) (slack.ModalViewRequest, error) {
	metadata, err := seal(o, "")
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           plain(cmp.Or(title, "Callout"), maxViewTitle),
		Close:           plain("Close", maxViewTitle),
		Blocks:          slack.Blocks{BlockSet: viewBlocks(c)},
		PrivateMetadata: metadata,
	}, nil
}

func drawField(f bot.Field) slack.Block {
	if f.Kind == bot.FieldNote {
		return drawNote(f)
	}
	f.Options = usable(f.Options)
	if choice(f.Kind) && len(f.Options) == 0 {
		// Slack refuses a menu without options; the field comes when there is something to choose.
		note := bot.Say(bot.Bold(f.Label), ": nothing to choose from")
		return slack.NewSectionBlock(mrkdwnText(note, maxSection), nil, nil, slack.SectionBlockOptionBlockID(f.Name))
	}
	var hint *slack.TextBlockObject
	if text := hintText(f); text != "" {
		hint = plain(text, maxInputLabel)
	}
	block := slack.NewInputBlock(f.Name, plain(cmp.Or(f.Label, f.Name), maxInputLabel), hint, drawElement(f))
	block.Optional = f.Optional
	block.DispatchAction = f.Refresh
	return block
}

func drawNote(f bot.Field) slack.Block {
	words := f.Note
	if f.Label != "" {
		words = append(bot.Say(bot.Bold(f.Label), "\n"), words...)
	}
	text := mrkdwnText(words, maxSection)
	if text == nil {
		return nil
	}
	return slack.NewSectionBlock(text, nil, nil)
}

func hintText(f bot.Field) string {
	if f.Kind != bot.FieldSearch && len(f.Options) > maxOptions {
		return strings.TrimSpace(fmt.Sprintf("%s (the first %d of %d are shown)", f.Hint, maxOptions, len(f.Options)))
	}
	return f.Hint
}

func choice(k bot.FieldKind) bool {
	return k == bot.FieldPick || k == bot.FieldRadio || k == bot.FieldMany || k == bot.FieldChecks
}

func drawElement(f bot.Field) slack.BlockElement {
	id := actionID(f)
	hint := placeholder(f.Placeholder)
	switch f.Kind {
	case bot.FieldEmail:
		return &slack.EmailTextInputBlockElement{Type: slack.METEmailTextInput, ActionID: id, Placeholder: hint, InitialValue: f.Value}
	case bot.FieldDate:
		return &slack.DatePickerBlockElement{Type: slack.METDatepicker, ActionID: id, Placeholder: hint, InitialDate: valid(time.DateOnly, f.Value)}
	case bot.FieldTime:
		return &slack.TimePickerBlockElement{Type: slack.METTimepicker, ActionID: id, Placeholder: hint, InitialTime: valid("15:04", f.Value)}
	case bot.FieldFiles:
		return drawFiles(f, id)
	case bot.FieldChannel:
		return drawChannel(f, id, hint)
	case bot.FieldSearch:
		least := 0
		return &slack.SelectBlockElement{
			Type: slack.OptTypeExternal, ActionID: id, Placeholder: hint, MinQueryLength: &least, InitialOption: first(options(usable(f.Chosen))),
		}
	case bot.FieldPick, bot.FieldRadio:
		return drawOne(f, id, hint)
	case bot.FieldMany, bot.FieldChecks:
		return drawSome(f, id, hint)
	default:
		return drawText(f, id, hint)
	}
}

// drawChannel draws a choice of channels. A value that is no single channel would make Slack refuse the whole form. Only
// who may begin with the current conversation may choose a direct message.
func drawChannel(f bot.Field, id string, hint *slack.TextBlockObject) slack.BlockElement {
	if !isConversation(f.Value) {
		f.Value = ""
	}
	include := []string{"public", "private"}
	if f.Current {
		include = append(include, "im")
	}
	return &slack.SelectBlockElement{
		Type: slack.OptTypeConversations, ActionID: id, Placeholder: hint,
		InitialConversation: f.Value, DefaultToCurrentConversation: f.Current && f.Value == "",
		Filter: &slack.SelectBlockElementFilter{Include: include},
	}
}

// isConversation reports whether a value is the id of one channel or direct message.
func isConversation(id string) bool {
	return len(id) > 1 && strings.ContainsRune("CGD", rune(id[0])) && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// drawFiles draws a place for files: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func drawFiles(f bot.Field, id string) slack.BlockElement {
	most := maxFiles
	if f.Max > 0 {
		most = min(f.Max, maxFiles)
	}
	return slack.NewFileInputBlockElement(id).WithMaxFiles(most).WithFileTypes(f.Types...)
}

func drawText(f bot.Field, id string, hint *slack.TextBlockObject) slack.BlockElement {
	longest := maxInputText
	if f.Max > 0 {
		longest = min(f.Max, maxInputText)
	}
	return &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: id, Placeholder: hint, Multiline: f.Kind == bot.FieldText,
		MaxLength: longest, InitialValue: shorten(f.Value, longest),
	}
}

// actionID names an element after its field. When a form changes, Slack keeps what was typed into an element whose ids
// stay the same. That is right for text, but a choice must not outlive the options it was made from, so the name of a
// menu carries a mark of its options, and that of a field with a fresh value one of that.
func actionID(f bot.Field) string {
	if !choice(f.Kind) && !f.Fresh {
		return shorten(f.Name, maxActionID)
	}
	h := fnv.New32a()
	for _, o := range f.Options {
		_, _ = h.Write([]byte(o.Value + "\x00"))
	}
	if f.Fresh {
		_, _ = h.Write([]byte(f.Value))
		for _, o := range f.Chosen {
			_, _ = h.Write([]byte("\x00" + o.Value))
		}
	}
	return f.Name + suffix + hex.EncodeToString(h.Sum(nil))
}

// valid drops a first value that Slack would refuse together with the whole form.
func valid(layout, value string) string {
	if _, err := time.Parse(layout, value); err != nil {
		return ""
	}
	return value
}

func placeholder(text string) *slack.TextBlockObject {
	if text == "" {
		return nil
	}
	return plain(text, maxPlaceholder)
}

// plain is text without markup: Slack shows it as it is, so nothing is escaped.
func plain(text string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, shorten(text, limit), false, false)
}

// mrkdwnText is text with markup; nil if there is none, as Slack refuses empty text.
func mrkdwnText(words bot.Words, limit int) *slack.TextBlockObject {
	text := mrkdwn(words, limit)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}
