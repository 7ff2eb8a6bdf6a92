package slack

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the app manifest, https://docs.slack.dev/reference/app-manifest
const (
	maxAppName        = 35
	maxCommands       = 50
	maxCommand        = 32
	maxCommandText    = 2000
	maxUsageHint      = 1000
	maxShortcuts      = 10
	maxShortcutName   = 24
	maxShortcutText   = 150
	maxManifestEvents = 100
)

// builtIn are Slack's own slash commands, which an app can't have,
// https://slack.com/help/articles/201259356-Slash-commands-in-Slack
var builtIn = strings.Fields(`/active /apps /archive /away /call /collapse /dm /dnd /expand /feed /feedback /help /huddle /invite /join
	/leave /me /msg /mute /open /prefs /remind /remove /rename /search /shortcuts /shrug /star /status /topic /unmute /who`)

var commandPattern = regexp.MustCompile(`^/[a-z0-9_-]+$`)

// manifest is the part of an app manifest the sandbox acts on.
type manifest struct {
	Display struct {
		Name string `json:"name"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			HomeTab     bool  `json:"home_tab_enabled"`
			MessagesTab *bool `json:"messages_tab_enabled"`
			ReadOnly    bool  `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		Bot *struct {
			Name string `json:"display_name"`
		} `json:"bot_user"`
		Commands []struct {
			Command
			URL string `json:"url"`
		} `json:"slash_commands"`
		Shortcuts []ShortcutInfo `json:"shortcuts"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `json:"request_url"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url"`
			Options string `json:"message_menu_options_url"`
		} `json:"interactivity"`
		Socket bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

// SetManifest installs the app from its manifest JSON: commands, shortcuts, scopes, event subscriptions.
func (s *Server) SetManifest(data []byte) error {
	m, err := parseManifest(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifest, s.st.Manifest = m, slices.Clone(data)
	if bot := m.Features.Bot; bot != nil {
		u := s.st.Users[s.opts.BotUserID]
		u.RealName, u.Name = bot.Name, strings.ToLower(bot.Name)
	}
	s.emit(Event{Type: EventWorkspace})
	return nil
}

func parseManifest(data []byte) (*manifest, error) {
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("app manifest: %w", err)
	}
	if problems := m.problems(); len(problems) > 0 {
		return nil, fmt.Errorf("app manifest: %s", strings.Join(problems, "; "))
	}
	return &m, nil
}

// findings collects what is wrong with a manifest.
type findings []string

func (f *findings) check(ok bool, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

func (f *findings) size(what, v string, max int) {
	n := utf8.RuneCountInString(v)
	f.check(n > 0 && n <= max, "%s %q must have 1 to %d characters", what, v, max)
}

func (m *manifest) problems() []string {
	var f findings
	scopes, needsURL := m.OAuth.Scopes.Bot, !m.Settings.Socket
	f.size("display_information.name", m.Display.Name, maxAppName)
	f.check(len(scopes) > 0, "oauth_config.scopes.bot is empty")
	m.checkCommands(&f, needsURL)
	m.checkShortcuts(&f)
	hasCommands := len(m.Features.Commands)+len(m.Features.Shortcuts) == 0 || slices.Contains(scopes, "commands")
	f.check(hasCommands, "slash commands and shortcuts need the scope commands")
	f.check(!needsURL || !m.Settings.Interactivity.Enabled || m.Settings.Interactivity.URL != "", "interactivity has no request_url")
	f.check(!needsURL || len(m.Settings.Events.Bot) == 0 || m.Settings.Events.URL != "", "event_subscriptions has no request_url")
	f.check(len(m.Settings.Events.Bot) <= maxManifestEvents, "no more than %d events", maxManifestEvents)
	for _, event := range m.Settings.Events.Bot {
		scope := eventScope(event)
		f.check(scope == "" || slices.Contains(scopes, scope), "event %s needs the scope %s", event, scope)
	}
	return f
}

func (m *manifest) checkCommands(f *findings, needsURL bool) {
	f.check(len(m.Features.Commands) <= maxCommands, "no more than %d slash commands", maxCommands)
	seen := map[string]bool{}
	for _, c := range m.Features.Commands {
		f.size("slash command", c.Name, maxCommand)
		f.size("description of "+c.Name, c.Description, maxCommandText)
		f.check(utf8.RuneCountInString(c.UsageHint) <= maxUsageHint, "usage_hint of %s is too long", c.Name)
		f.check(commandPattern.MatchString(c.Name), "slash command %q must be a slash and lower-case letters", c.Name)
		f.check(!slices.Contains(builtIn, c.Name), "slash command %s is Slack's own", c.Name)
		f.check(!seen[c.Name], "slash command %s is there twice", c.Name)
		f.check(!needsURL || c.URL != "", "slash command %s has no url", c.Name)
		seen[c.Name] = true
	}
}

func (m *manifest) checkShortcuts(f *findings) {
	f.check(len(m.Features.Shortcuts) <= maxShortcuts, "no more than %d shortcuts", maxShortcuts)
	seen := map[string]bool{}
	for _, sc := range m.Features.Shortcuts {
		f.size("shortcut name", sc.Name, maxShortcutName)
		f.size("shortcut callback_id", sc.CallbackID, maxID)
		f.size("shortcut description", sc.Description, maxShortcutText)
		f.check(sc.Type == "global" || sc.Type == "message", "shortcut %q has type %q", sc.Name, sc.Type)
		f.check(!seen[sc.CallbackID], "shortcut %s is there twice", sc.CallbackID)
		seen[sc.CallbackID] = true
	}
}

// noMessages reports that the manifest turns direct messages with the app off.
func (m *manifest) noMessages() bool {
	tab := m.Features.Home.MessagesTab
	return tab != nil && !*tab
}

func (m *manifest) scopes() []string { return m.OAuth.Scopes.Bot }

// granted reports whether the manifest asks for a scope. Callers hold the lock.
func (s *Server) granted(scope string) bool {
	return s.manifest != nil && slices.Contains(s.manifest.scopes(), scope)
}

// eventScope is the scope an event needs, https://docs.slack.dev/reference/events
func eventScope(event string) string {
	return map[string]string{
		"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
		"message.mpim": "mpim:history", "app_mention": "app_mentions:read", "member_joined_channel": "channels:read",
		"team_join": "users:read", "user_change": "users:read", "file_shared": "files:read",
	}[event]
}

// Commands lists the slash commands, by name.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Command
	if s.manifest != nil {
		for _, c := range s.manifest.Features.Commands {
			out = append(out, c.Command)
		}
	}
	slices.SortFunc(out, func(a, b Command) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Shortcuts lists the shortcuts.
func (s *Server) Shortcuts() []ShortcutInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.manifest == nil {
		return nil
	}
	return slices.Clone(s.manifest.Features.Shortcuts)
}
