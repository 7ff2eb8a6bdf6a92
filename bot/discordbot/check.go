package discordbot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"callout/notify"
)

// mayReadMessages are the flags of an application, of many servers or of few, that is told what people write:
// https://docs.discord.com/developers/resources/application#application-object-application-flags
const mayReadMessages = 1<<18 | 1<<19

// Check asks Discord whether the settings are right, and returns what an admin must put right, a sentence each.
func (a *Adapter) Check(ctx context.Context) []string {
	if err := CheckKey(a.opts.PublicKey); err != nil {
		return []string{"DISCORD_PUBLIC_KEY: " + err.Error()}
	}
	address := apiRoot + "applications/@me"
	raw, err := a.call(ctx, http.MethodGet, address, address, nil)
	if setup := notify.Setup(err); setup != "" {
		return []string{setup}
	}
	if err != nil {
		return []string{"Discord does not answer: " + err.Error()}
	}
	var app struct {
		ID        string `json:"id"`
		VerifyKey string `json:"verify_key"`
		Flags     int    `json:"flags"`
	}
	if err := json.Unmarshal(raw, &app); err != nil {
		return []string{"Discord's answer cannot be read: " + err.Error()}
	}
	var problems []string
	if app.ID != a.opts.AppID {
		problems = append(problems, fmt.Sprintf("DISCORD_APP_ID is %s, but the token belongs to the application %s", a.opts.AppID, app.ID))
	}
	if app.VerifyKey != "" && app.VerifyKey != a.opts.PublicKey {
		problems = append(problems, "DISCORD_PUBLIC_KEY is not the key of this application: copy it from its General Information page")
	}
	if app.Flags&mayReadMessages == 0 {
		problems = append(problems, "Discord does not tell the application what people write: switch on Message Content Intent on its Bot page")
	}
	if a.opts.GuildID != "" {
		address := apiRoot + "guilds/" + a.opts.GuildID
		if _, err := a.call(ctx, http.MethodGet, address, address, nil); err != nil {
			problems = append(problems, fmt.Sprintf("DISCORD_GUILD_ID is %s, a server in which the application is not: invite it with the scopes bot and applications.commands", a.opts.GuildID))
		}
	}
	return problems
}

// UserInfo reads the name of somebody. Discord tells a bot no e-mail address and no time zone.
func (a *Adapter) UserInfo(ctx context.Context, id string) (name string, err error) {
	address := apiRoot + "users/" + id
	raw, err := a.call(ctx, http.MethodGet, address, apiRoot+"users/", nil)
	if err != nil {
		return "", err
	}
	var u user
	if err := json.Unmarshal(raw, &u); err != nil {
		return "", fmt.Errorf("read user: %w", err)
	}
	return u.name(), nil
}
