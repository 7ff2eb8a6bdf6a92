package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

func TestTriggers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open := func(trigger, view string) any {
		return b.raw(t, "views.open", map[string]string{"trigger_id": trigger, "view": view})["error"]
	}
	first := b.trigger(t)
	if got := open(first, form(`{"type":"divider","x":1}`)); got != "invalid_arguments" {
		t.Errorf("bad view: %v", got)
	}
	if got := open(first, form(smallBlocks)); got != nil {
		t.Errorf("a refused view used the trigger up: %v", got)
	}
	if got := open(first, form(smallBlocks)); got != "exchanged_trigger_id" {
		t.Errorf("second use: %v", got)
	}
	late := b.trigger(t)
	b.clock.add(triggerLife + time.Second)
	if got := open(late, form(smallBlocks)); got != "expired_trigger_id" {
		t.Errorf("late: %v", got)
	}
	if got := b.raw(t, "views.push", map[string]string{"trigger_id": b.trigger(t), "view": form(smallBlocks)})["error"]; got != "invalid_trigger_id" {
		t.Errorf("push without a modal: %v", got)
	}
}

func TestViewRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string][2]string{
		"long title":      {strings.Replace(form(smallBlocks), "Log a call", chars(25), 1), "less than 25 characters"},
		"no submit":       {strings.Replace(form(smallBlocks), `"submit":{"type":"plain_text","text":"Save"},`, "", 1), "submit is required"},
		"101 blocks":      {form(strings.Trim(manyOf(101, `{"type":"divider"}`), "[]")), "no more than 100 items"},
		"unknown field":   {strings.Replace(form(smallBlocks), `"callback_id"`, `"colour":"x","callback_id"`, 1), "additional property: colour"},
		"long metadata":   {strings.Replace(form(smallBlocks), `"p"`, `"`+chars(3001)+`"`, 1), "less than 3001"},
		"home as a modal": {`{"type":"home","blocks":[]}`, "must be modal"},
	} {
		got := b.raw(t, "views.open", map[string]string{"trigger_id": b.trigger(t), "view": c[0]})
		if got["error"] != "invalid_arguments" || !strings.Contains(fmt.Sprint(got["response_metadata"]), c[1]) {
			t.Errorf("%s: %v", name, got)
		}
	}
	got := b.raw(t, "views.open", map[string]string{"trigger_id": b.trigger(t), "view": form(smallBlocks) + strings.Repeat(" ", maxViewBytes)})
	if got["error"] != "view_too_large" {
		t.Errorf("large: %v", got)
	}
}

func TestUpdateViewKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	v := b.open(t, form(smallBlocks))
	what, _ := v.Input("What")
	if err := b.ws.Change(ctx, "U1", v.ID, what, "half a sen"); err != nil {
		t.Fatal(err)
	}
	update := func(hash, blocks string) any {
		return b.raw(t, "views.update", map[string]string{"view_id": v.ID, "hash": hash, "view": form(blocks)})["error"]
	}
	if got := update("old", smallBlocks); got != "hash_conflict" {
		t.Errorf("stale hash: %v", got)
	}
	if got := update(v.Hash, smallBlocks+`,{"type":"divider"}`); got != nil {
		t.Errorf("update: %v", got)
	}
	if now, _ := b.ws.View(v.ID); !strings.Contains(string(now.State), "half a sen") {
		t.Errorf("lost: %s", now.State)
	}
	if got := update("", strings.Replace(smallBlocks, `"what"`, `"what2"`, 1)); got != nil {
		t.Errorf("update: %v", got)
	}
	if now, _ := b.ws.View(v.ID); strings.Contains(string(now.State), "half a sen") {
		t.Errorf("kept under a new block_id: %s", now.State)
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	button := slackgo.NewButtonBlockElement("take", "7", slackgo.NewTextBlockObject(slackgo.PlainTextType, "Take", false, false))
	view := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
		slackgo.NewActionBlock("acts", button),
	}}}
	if _, err := b.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: "U1", View: view}); err != nil {
		t.Fatal(err)
	}
	home, ok := b.ws.Home("U1")
	if !ok {
		t.Fatal("no Home")
	}
	if err := b.ws.PressView(ctx, "U1", home.ID, home.MustButton("Take"), ""); err != nil {
		t.Fatal(err)
	}
	got := b.app.last("block_actions").data
	if got["container"].(object)["type"] != "view" || got["view"].(object)["type"] != "home" || got["trigger_id"] == "" {
		t.Errorf("payload: %v", got)
	}
	stale := "stale"
	if _, err := b.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: "U1", View: view, Hash: &stale}); err == nil {
		t.Error("a stale hash was taken")
	}
}
