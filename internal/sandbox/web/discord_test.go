//go:build browser

package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"callout/internal/sandbox"
	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/web/webtest"
)

const (
	dina  = "1100000000000000201"
	ravi  = "1100000000000000202"
	calls = "1100000000000000301"
)

// guild is a sandbox with a Discord guild and a small app in it, which is told of interactions over HTTP. It does not check
// signatures by hand: a forged one is the second request of the validation.
type guild struct {
	t   *testing.T
	box *sandbox.Sandbox
	env map[string]string
}

func startGuild(t *testing.T) *guild {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Company: "Northgate Office Service", Discord: true})
	if err != nil {
		t.Fatal(err)
	}
	g := &guild{t: t, box: box, env: box.Env()}
	box.Discord.AddUser(discord.User{ID: dina, Username: "dina", GlobalName: "Dina Alvarez"})
	box.Discord.AddUser(discord.User{ID: ravi, Username: "ravi", GlobalName: "Ravi Patel"})
	box.Discord.AddChannel(discord.Channel{ID: calls, Name: "calls", Topic: "Every call of the day"})
	box.Page.SetTitle(dina, "Front desk")
	pings := 0
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in obj
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in["type"] == float64(1) {
			if pings++; pings > 1 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(g.answer(in))
	}))
	t.Cleanup(func() {
		app.Close()
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := box.Discord.SetInteractionsURL(t.Context(), app.URL); err != nil {
		t.Fatal(err)
	}
	g.call("PUT", "/applications/"+g.env["DISCORD_APP_ID"]+"/guilds/"+g.env["DISCORD_GUILD_ID"]+"/commands", []obj{
		{"name": "log-call", "description": "Log a customer's call", "options": []obj{
			{"name": "customer", "description": "Who called", "type": 3, "autocomplete": true},
			{"name": "priority", "description": "How urgent it is", "type": 3, "choices": []obj{{"name": "High", "value": "high"}, {"name": "Normal", "value": "normal"}}},
		}},
		{"name": "Log as call", "type": 3},
	})
	return g
}

func (g *guild) call(method, path string, body any) obj {
	g.t.Helper()
	data, _ := json.Marshal(body)
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.env["DISCORD_API_URL"]+path, bytes.NewReader(data))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+g.env["DISCORD_BOT_TOKEN"])
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "DiscordBot (https://sandbox.test, 1)")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out obj
	_ = json.NewDecoder(resp.Body).Decode(&out)
	if resp.StatusCode/100 != 2 {
		g.t.Errorf("%s %s: %d %v", method, path, resp.StatusCode, out)
	}
	return out
}

// answer is what the app says to an interaction.
func (g *guild) answer(in obj) obj {
	data, _ := in["data"].(obj)
	switch in["type"] {
	case float64(1):
		return obj{"type": 1}
	case float64(3):
		return obj{"type": 7, "data": guildCard("accepted by Ravi Patel", nil)}
	case float64(4):
		return obj{"type": 8, "data": obj{"choices": []obj{{"name": "Acorn Dental Care", "value": "c-1"}}}}
	case float64(5):
		return obj{"type": 4, "data": guildCard("pending", []obj{{"type": 1, "components": []obj{
			{"type": 2, "style": 3, "label": "Accept", "custom_id": "accept"}, {"type": 2, "style": 4, "label": "Close", "custom_id": "close", "disabled": true},
		}}})}
	}
	if data["name"] == "Log as call" {
		return obj{"type": 4, "data": obj{"content": "Taken over.", "flags": discord.FlagEphemeral}}
	}
	return obj{"type": 9, "data": obj{"custom_id": "log", "title": "Log a call", "components": []obj{
		{"type": 10, "content": "**Say what the customer said.**"},
		{"type": 18, "label": "Summary", "description": "A sentence will do", "component": obj{"type": 4, "custom_id": "summary", "style": 1, "min_length": 5}},
		{"type": 18, "label": "Equipment", "component": obj{"type": 3, "custom_id": "equipment", "options": []obj{{"label": "Copier", "value": "1"}, {"label": "Printer", "value": "2"}}}},
		{"type": 18, "label": "Photos", "component": obj{"type": 19, "custom_id": "photos", "required": false, "max_values": 3}},
	}}}
}

// guildCard is a call as the app shows it.
func guildCard(stage string, buttons []obj) obj {
	return obj{"embeds": []obj{{
		"title": "Call 42: jam in the copier", "description": "Acorn Dental Care, <@" + ravi + ">", "color": 0xd08726,
		"fields": []obj{{"name": "Stage", "value": stage, "inline": true}, {"name": "Priority", "value": "High", "inline": true}}, "footer": obj{"text": "call 42"},
	}}, "components": buttons}
}

func TestDiscordLook(t *testing.T) {
	t.Parallel()
	g := startGuild(t)
	b := webtest.Open(t, g.box.URL()+"/discord.html")

	// A command by its options: completed, chosen and suggested by the app.
	b.Keys("composer", "/log")
	b.UntilText("slash-option", "Log a customer's call")
	b.Keys("composer", kb.Tab)
	b.Keys("composer", "cust"+kb.Tab)
	b.Keys("composer", "aco")
	b.UntilText("slash-option", "Acorn Dental Care")
	b.Keys("composer", kb.Tab)
	b.Keys("composer", "prio"+kb.Tab+"hi"+kb.Tab)
	b.Until("the command is there", `document.querySelector("[data-testid=composer]").value === "/log-call customer:Acorn Dental Care priority:High "`)
	b.Keys("composer", kb.Enter)
	b.See("modal")

	// What the client does not let through stands on its field.
	b.Keys("input-summary", "jam")
	b.Click("input-equipment")
	b.Choose("Copier")
	b.Click("modal-submit")
	b.UntilText("field-summary", "5 or more")
	b.Keys("input-summary", " in the copier")
	b.Click("modal-submit")
	b.Gone("modal")
	b.UntilText("message", "Call 42: jam in the copier")
	b.Press("Accept")
	b.UntilText("message", "accepted by Ravi Patel")

	// A thread below the card, and a message's menu.
	ref := g.box.Discord.Messages(calls)[0].Ref()
	g.call("POST", "/channels/"+calls+"/messages/"+ref.ID+"/threads", obj{"name": "Call 42"})
	g.call("POST", "/channels/"+ref.ID+"/messages", obj{"content": "Ravi accepted the call"})
	b.UntilText("thread-link", "1 message")
	b.Click("thread-link")
	b.UntilText("thread-messages", "Ravi accepted the call")
	b.Keys("thread-composer", "On my way"+kb.Enter)
	b.UntilText("thread-messages", "On my way")
	b.Click("close-thread")
	b.Keys("composer", "The door is **stuck**"+kb.Enter)
	b.UntilText("message", "The door is stuck")
	b.Do("open the last menu", chromedp.Click(chromedp.Search(`(//article//button[@data-testid="message-menu"])[last()]`)))
	b.Click("message-command-Log as call")
	b.UntilText("message", "Only you can see this")
	b.Click("dismiss-message")
	b.Until("it is gone", `!document.body.innerText.includes("Only you can see this")`)
	for _, width := range []int64{1440, 1024, 390} {
		b.Do("resize", chromedp.EmulateViewport(width, 844))
		b.Clean()
	}
}

func TestLooksLeadToEachOther(t *testing.T) {
	t.Parallel()
	g := startGuild(t)
	b := webtest.Open(t, g.box.URL()+"/discord.html")
	b.Click("person-chooser")
	b.Click("person-ravi")
	b.Until("we are Ravi", `document.querySelector("[data-testid=person-chooser]").innerText.includes("Ravi Patel")`)
	b.Click("channel-calls")
	b.Click("app-callout")
	b.Until("the message goes to the app", `document.querySelector("[data-testid=composer]")?.placeholder === "Message @Callout"`)
	b.Keys("composer", "/log-call x"+kb.Enter)
	b.Until("it is refused", `document.querySelector("#toasts").innerText.includes("no command /log-call here")`)
	b.Click("look")
	b.Do("this is Slack", chromedp.WaitVisible(chromedp.Search(`//a[@data-testid="look"][normalize-space()="Discord"]`)))
}
