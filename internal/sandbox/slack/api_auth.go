package slack

import (
	"strings"
	"time"
)

// ticketLife is how long an address from apps.connections.open can be dialled.
const ticketLife = 30 * time.Second

func authMethods() map[string]method {
	return map[string]method{
		"auth.test":             {tier: tierSpecial, run: authTest},
		"api.test":              {tier: tier4, run: func(_ *Server, _ args) (object, *apiError) { return object{"args": object{}}, nil }},
		"apps.connections.open": {tier: tier3, appToken: true, run: appsConnectionsOpen},
		"bots.info":             {tier: tier3, scopes: []string{"users:read"}, run: botsInfo},
		"team.info":             {tier: tier3, scopes: []string{"team:read"}, run: teamInfo},
	}
}

// https://docs.slack.dev/reference/methods/auth.test
func authTest(s *Server, _ args) (object, *apiError) {
	return object{
		"url": "https://" + s.domain() + ".slack.com/", "team": s.opts.Team, "team_id": teamID,
		"user": s.st.Users[s.opts.BotUserID].Name, "user_id": s.opts.BotUserID, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}

// https://docs.slack.dev/reference/methods/apps.connections.open
func appsConnectionsOpen(s *Server, _ args) (object, *apiError) {
	if s.manifest != nil && !s.manifest.Settings.Socket {
		return nil, refuse("forbidden_team") // Slack's docs name no error for an app without Socket Mode
	}
	ticket := s.newID("TKT")
	s.tickets[ticket] = s.now().Add(ticketLife)
	return object{"url": "ws" + strings.TrimPrefix(s.baseURL, "http") + "/socket?ticket=" + ticket + "&app_id=" + appID}, nil
}

// https://docs.slack.dev/reference/methods/bots.info
func botsInfo(s *Server, a args) (object, *apiError) {
	if a["bot"] != botID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": s.botJSON()}, nil
}

// https://docs.slack.dev/reference/methods/team.info
func teamInfo(s *Server, a args) (object, *apiError) {
	if a["team"] != "" && a["team"] != teamID {
		return nil, refuse("team_not_found")
	}
	return object{"team": object{
		"id": teamID, "name": s.opts.Team, "domain": s.domain(), "email_domain": "", "icon": object{"image_default": true},
	}}, nil
}
