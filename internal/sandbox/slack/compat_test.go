package slack

import (
	"encoding/json"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"
)

func plainText(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
}

func mrkdwn(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, s, false, false)
}

func choices() []*slackgo.OptionBlockObject {
	return []*slackgo.OptionBlockObject{
		slackgo.NewOptionBlockObject("1", plainText("One"), plainText("the first")), slackgo.NewOptionBlockObject("2", plainText("Two"), nil),
	}
}

func inputBlock(id string, el slackgo.BlockElement) slackgo.Block {
	return slackgo.NewInputBlock(id, plainText("Label "+id), plainText("hint"), el).WithOptional(true)
}

// TestSlackGoBlocksPass sends everything slack-go builds for Callout through the checks: fields that its JSON adds
// must not be refused.
func TestSlackGoBlocksPass(t *testing.T) {
	t.Parallel()
	confirm := slackgo.NewConfirmationBlockObject(plainText("Sure?"), mrkdwn("*Really*"), plainText("Yes"), plainText("No")).WithStyle(slackgo.StyleDanger)
	button := slackgo.NewButtonBlockElement("go", "1", plainText("Go")).WithStyle(slackgo.StylePrimary).WithConfirm(confirm)
	static := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plainText("pick"), "static", choices()...).WithInitialOption(choices()[0])
	external := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeExternal, plainText("find"), "ext")
	external.MinQueryLength = new(int)
	multi := slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeStatic, plainText("pick"), "multi", choices()...).WithMaxSelectedItems(2)
	message := []slackgo.Block{
		slackgo.NewHeaderBlock(plainText("Call 42")),
		slackgo.NewSectionBlock(mrkdwn("*hi*"), []*slackgo.TextBlockObject{mrkdwn("a"), plainText("b")}, slackgo.NewAccessory(button)),
		slackgo.NewDividerBlock(),
		slackgo.NewContextBlock("ctx", mrkdwn("small"), slackgo.NewImageBlockElement("https://example.com/i.png", "i")),
		slackgo.NewActionBlock("acts", static, external, slackgo.NewOverflowBlockElement("more", choices()...), slackgo.NewDatePickerBlockElement("day")),
		slackgo.NewImageBlock("https://example.com/i.png", "alt", "img", plainText("title")),
		slackgo.NewMarkdownBlock("md", "# hello"),
		slackgo.NewRichTextBlock("rt", slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement("x", &slackgo.RichTextSectionTextStyle{Bold: true}))),
		slackgo.NewDataTableBlock("Calls").AddRow(slackgo.NewDataTableRawTextCell("No")).AddRow(slackgo.NewDataTableRawNumberCell(42).WithText("42")),
		slackgo.NewDataVisualizationBlock("Calls", slackgo.NewDataVisualizationBarChart(slackgo.NewDataVisualizationAxisConfig("Mon"),
			slackgo.NewDataVisualizationDataSeries("open", slackgo.NewDataVisualizationDataPoint("Mon", 3)))),
		slackgo.NewDataVisualizationBlock("Share", slackgo.NewDataVisualizationPieChart(slackgo.NewDataVisualizationSegment("a", 1))),
		slackgo.NewCardBlock().WithTitle(mrkdwn("T")).WithBody(mrkdwn("B")).WithActions(slackgo.NewButtonBlockElement("card", "1", plainText("Go"))),
	}
	text := slackgo.NewPlainTextInputBlockElement(plainText("say"), "text")
	text.Multiline, text.MaxLength = true, 3000
	modal := []slackgo.Block{
		slackgo.NewAlertBlock(mrkdwn("mind"), slackgo.AlertBlockOptionLevel(slackgo.AlertLevelWarning)),
		inputBlock("1", text),
		inputBlock("2", static), inputBlock("3", external), inputBlock("4", multi),
		inputBlock("5", slackgo.NewCheckboxGroupsBlockElement("chk", choices()...)),
		inputBlock("6", slackgo.NewRadioButtonsBlockElement("rad", choices()...)),
		inputBlock("7", slackgo.NewDatePickerBlockElement("date")),
		inputBlock("8", slackgo.NewTimePickerBlockElement("time")),
		inputBlock("9", slackgo.NewDateTimePickerBlockElement("dt")),
		inputBlock("10", slackgo.NewNumberInputBlockElement(plainText("n"), "num", true)),
		inputBlock("11", slackgo.NewEmailTextInputBlockElement(plainText("m"), "mail")),
		inputBlock("12", slackgo.NewURLTextInputBlockElement(plainText("u"), "url")),
		inputBlock("13", slackgo.NewFileInputBlockElement("file").WithMaxFiles(3)),
		inputBlock("14", slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeUser, plainText("who"), "user")),
		inputBlock("15", slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeConversations, plainText("where"), "conv")),
		inputBlock("16", slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeChannels, plainText("where"), "chan")),
		inputBlock("17", slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeUser, plainText("who"), "users")),
	}
	b, ctx := setup(t), testContext(t)
	if _, _, err := b.api.PostMessageContext(ctx, "C1", slackgo.MsgOptionText("x", false), slackgo.MsgOptionBlocks(message...)); err != nil {
		t.Errorf("message: %v %v", err, problems(t, onMessage, message))
	}
	table := slackgo.NewTableBlock("tbl").AddRow(slackgo.NewTableRawTextCell("x"))
	if _, _, err := b.api.PostMessageContext(ctx, "C1", slackgo.MsgOptionBlocks(table)); err != nil {
		t.Errorf("table: %v %v", err, problems(t, onMessage, []slackgo.Block{table}))
	}
	view := slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plainText("Everything"), Submit: plainText("Save"), Close: plainText("Cancel"), CallbackID: "all",
		Blocks: slackgo.Blocks{BlockSet: modal}, NotifyOnClose: true, ExternalID: "ext-1",
	}
	opened, err := b.api.OpenViewContext(ctx, b.trigger(t), view)
	if err != nil {
		t.Fatalf("view: %v %v", err, problems(t, onModal, modal))
	}
	if _, err := b.api.UpdateViewContext(ctx, view, "", opened.Hash, opened.ID); err != nil {
		t.Errorf("update: %v", err)
	}
	if _, err := b.api.OpenViewContext(ctx, b.trigger(t), view); err == nil || !strings.Contains(err.Error(), "duplicate_external_id") {
		t.Errorf("the same external_id again: %v", err)
	}
	submitEverything(t, b, b.ws.Views("U1")[0])
}

// problems names what the checks refuse.
func problems(t *testing.T, surface string, blocks []slackgo.Block) []string {
	t.Helper()
	data, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	return check(t, surface, strings.Trim(string(data), "[]"))
}

// submitEverything fills every kind of input and reads the state back with slack-go.
func submitEverything(t *testing.T, b *bundle, v View) {
	t.Helper()
	f, err := b.ws.UploadFile("U1", "photo.jpg", []byte("jpeg"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.ws.Submit(testContext(t), "U1", v.ID, Values{
		"1": "text", "2": "2", "4": `["1","2"]`, "5": "1", "6": "Two", "7": "2026-05-01", "8": "09:30", "9": "1785000000", "10": "-1.5",
		"11": "a@example.com", "12": "https://example.com", "13": f.ID, "14": "U2", "15": "C1", "16": "C1", "17": "U1,U2",
	})
	if err != nil || res.Action != "close" {
		t.Fatalf("submit: %+v %v", res, err)
	}
	var got slackgo.InteractionCallback
	if err := json.Unmarshal([]byte(b.app.last("view_submission").form.Get("payload")), &got); err != nil {
		t.Fatal(err)
	}
	at := func(block string) slackgo.BlockAction {
		for _, a := range got.View.State.Values[block] {
			return a
		}
		t.Fatalf("no state for block %s", block)
		return slackgo.BlockAction{}
	}
	for what, ok := range map[string]bool{
		"text": at("1").Value == "text", "static": at("2").SelectedOption.Value == "2", "external": at("3").SelectedOption.Value == "",
		"multi": len(at("4").SelectedOptions) == 2, "checkbox": len(at("5").SelectedOptions) == 1, "radio": at("6").SelectedOption.Value == "2",
		"date": at("7").SelectedDate == "2026-05-01", "time": at("8").SelectedTime == "09:30", "datetime": at("9").SelectedDateTime == 1785000000,
		"number": at("10").Value == "-1.5", "file": len(at("13").Files) == 1 && at("13").Files[0].ID == f.ID, "user": at("14").SelectedUser == "U2",
		"conversation": at("15").SelectedConversation == "C1", "channel": at("16").SelectedChannel == "C1", "users": len(at("17").SelectedUsers) == 2,
	} {
		if !ok {
			t.Errorf("%s did not arrive: %+v", what, got.View.State.Values)
		}
	}
}
