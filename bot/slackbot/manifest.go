package slackbot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"callout/bot"
)

// Path is where Slack posts everything to, behind the public address.
const Path = "/slack/events"

// Scopes are what the app must be allowed to do; Check compares them with what it is allowed.
// https://docs.slack.dev/reference/scopes
func Scopes() []string {
	return []string{
		"channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public", "commands",
		"files:read", "files:write", "groups:history", "groups:read", "im:history", "im:write", "users:read", "users:read.email",
	}
}

// ManifestOptions says how Slack reaches the app: at its public address, or over the socket it opens itself.
type ManifestOptions struct {
	PublicURL  string
	SocketMode bool
	Name       string // of the app; "Callout" unless set
}

// Limits of the manifest: https://docs.slack.dev/reference/app-manifest
const (
	maxAppName      = 35
	maxCommands     = 50
	maxCommandText  = 2000
	maxUsageHint    = 1000
	maxShortcuts    = 10
	maxShortcutName = 24
	maxShortcutText = 150
)

type manifest struct {
	Display  slack.Display     `json:"display_information"`
	Features manifestFeatures  `json:"features"`
	OAuth    slack.OAuthConfig `json:"oauth_config"`
	Settings manifestSettings  `json:"settings"`
}

// The library leaves out what is false, but here false must be said: without it people could not write to the app.
type manifestFeatures struct {
	AppHome struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	BotUser   slack.BotUser                `json:"bot_user"`
	Shortcuts []slack.Shortcut             `json:"shortcuts,omitempty"`
	Commands  []slack.ManifestSlashCommand `json:"slash_commands,omitempty"`
}

type manifestSettings struct {
	Events        slack.EventSubscriptions `json:"event_subscriptions"`
	Interactivity slack.Interactivity      `json:"interactivity"`
	OrgDeploy     bool                     `json:"org_deploy_enabled"`
	SocketMode    bool                     `json:"socket_mode_enabled"`
	TokenRotation bool                     `json:"token_rotation_enabled"`
}

// Manifest is the app manifest to paste into Slack's app settings, made from the table of commands.
func Manifest(commands []bot.Command, shortcuts []bot.Shortcut, o ManifestOptions) ([]byte, error) {
	url := ""
	if !o.SocketMode {
		if !strings.HasPrefix(o.PublicURL, "https://") && !strings.HasPrefix(o.PublicURL, "http://") {
			return nil, errors.New("the manifest needs the public address (CALLOUT_PUBLIC_URL) or Socket Mode (SLACK_APP_TOKEN)")
		}
		url = strings.TrimRight(o.PublicURL, "/") + Path
	}
	name := shorten(cmp.Or(o.Name, "Callout"), maxAppName)
	var m manifest
	m.Display = slack.Display{Name: name, Description: "Customer calls, technicians, quotes and visits, where you already talk"}
	m.Features.AppHome.Home, m.Features.AppHome.Messages = true, true
	m.Features.BotUser = slack.BotUser{DisplayName: name, AlwaysOnline: true}
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events = slack.EventSubscriptions{RequestUrl: url, BotEvents: []string{"app_home_opened", "message.channels", "message.groups", "message.im"}}
	m.Settings.Interactivity = slack.Interactivity{IsEnabled: true, RequestUrl: url, MessageMenuOptionsUrl: url}
	m.Settings.SocketMode = o.SocketMode
	var err error
	if m.Features.Commands, err = manifestCommands(commands, url); err != nil {
		return nil, err
	}
	if m.Features.Shortcuts, err = manifestShortcuts(shortcuts); err != nil {
		return nil, err
	}
	return json.MarshalIndent(m, "", "  ")
}

func manifestCommands(commands []bot.Command, url string) ([]slack.ManifestSlashCommand, error) {
	var list []slack.ManifestSlashCommand
	for _, c := range commands {
		if c.Sub {
			continue
		}
		list = append(list, slack.ManifestSlashCommand{
			Command: "/" + c.Name, Description: shorten(c.Summary, maxCommandText), UsageHint: shorten(c.Usage, maxUsageHint),
			ShouldEscape: true, // mentions then come with the id of the person
			Url:          url,
		})
	}
	if len(list) > maxCommands {
		return nil, fmt.Errorf("%d commands, but Slack allows %d", len(list), maxCommands)
	}
	return list, nil
}

func manifestShortcuts(shortcuts []bot.Shortcut) ([]slack.Shortcut, error) {
	if len(shortcuts) > maxShortcuts {
		return nil, fmt.Errorf("%d shortcuts, but Slack allows %d", len(shortcuts), maxShortcuts)
	}
	var list []slack.Shortcut
	for _, s := range shortcuts {
		kind := slack.GlobalShortcut
		if s.OnMessage {
			kind = slack.MessageShortcut
		}
		list = append(list, slack.Shortcut{
			Name: shorten(s.Name, maxShortcutName), CallbackID: s.ID, Description: shorten(s.Summary, maxShortcutText), Type: kind,
		})
	}
	return list, nil
}
