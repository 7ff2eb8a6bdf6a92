package discord

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func meRoutes() map[string]route {
	return map[string]route{
		"GET /gateway":     {open: true, run: (*Server).gatewayGet},
		"GET /gateway/bot": {run: (*Server).gatewayBot},
		"GET /users/@me":   {run: func(s *Server, _ *request) (answer, *apiError) { return answer{body: s.userJSON(s.opts.AppID)}, nil }},
		"GET /users/@me/guilds": {run: func(s *Server, _ *request) (answer, *apiError) {
			return answer{body: []object{{"id": s.opts.GuildID, "name": s.opts.GuildName, "icon": nil, "owner": false, "permissions": "0", "features": []string{}}}}, nil
		}},
		"GET /users/{user}":            {run: (*Server).userGet},
		"POST /users/@me/channels":     {run: (*Server).dmOpen},
		"GET /applications/@me":        {run: (*Server).applicationGet},
		"GET /oauth2/applications/@me": {run: (*Server).applicationGet},
	}
}

func (s *Server) gatewayGet(*request) (answer, *apiError) {
	return answer{body: object{"url": s.gatewayURL()}}, nil
}

// gatewayBot, https://discord.com/developers/docs/events/gateway#get-gateway-bot
func (s *Server) gatewayBot(*request) (answer, *apiError) {
	limit := object{"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
	return answer{body: object{"url": s.gatewayURL(), "shards": 1, "session_start_limit": limit}}, nil
}

func (s *Server) userGet(q *request) (answer, *apiError) {
	if s.st.Users[q.path("user")] == nil {
		return answer{}, notFound(codeUnknownUser, "User")
	}
	return answer{body: s.userJSON(q.path("user"))}, nil
}

// dmOpen, https://discord.com/developers/docs/resources/user#create-dm. It opens for people who take no messages too.
func (s *Server) dmOpen(q *request) (answer, *apiError) {
	id := text(q.body["recipient_id"])
	switch u := s.st.Users[id]; {
	case !isSnowflake(id):
		return answer{}, badForm("recipient_id", "NUMBER_TYPE_COERCE", "Value %s is not snowflake.", mustJSON(q.body["recipient_id"]))
	case u == nil:
		return answer{}, notFound(codeUnknownUser, "User")
	case u.Bot:
		return answer{}, refuse(http.StatusBadRequest, codeCannotDM, "Cannot send messages to this user")
	}
	return answer{body: s.channelJSON(s.dm(id))}, nil
}

func (s *Server) applicationGet(*request) (answer, *apiError) {
	o := object{
		"id": s.opts.AppID, "name": s.opts.BotName, "icon": nil, "description": "", "bot_public": false, "bot_require_code_grant": false,
		"verify_key": s.PublicKey(), "flags": s.appFlags(), "bot": s.userJSON(s.opts.AppID), "interactions_endpoint_url": nil,
	}
	if s.endpoint != "" {
		o["interactions_endpoint_url"] = s.endpoint
	}
	return answer{body: o}, nil
}

func guildRoutes() map[string]route {
	return map[string]route{
		"GET /guilds/{guild}":                {run: inGuild(func(s *Server, _ *request) (answer, *apiError) { return answer{body: s.guildJSON()}, nil })},
		"GET /guilds/{guild}/channels":       {run: inGuild((*Server).guildChannels)},
		"GET /guilds/{guild}/roles":          {run: inGuild(func(s *Server, _ *request) (answer, *apiError) { return answer{body: s.guildJSON()["roles"]}, nil })},
		"GET /guilds/{guild}/members":        {run: inGuild((*Server).memberList)},
		"GET /guilds/{guild}/members/search": {run: inGuild((*Server).memberSearch)},
		"GET /guilds/{guild}/members/{user}": {run: inGuild((*Server).memberGet)},
		"GET /guilds/{guild}/threads/active": {run: inGuild((*Server).threadList)},
	}
}

// inGuild refuses other guilds than ours.
func inGuild(run func(*Server, *request) (answer, *apiError)) func(*Server, *request) (answer, *apiError) {
	return func(s *Server, q *request) (answer, *apiError) {
		if q.path("guild") != s.opts.GuildID {
			return answer{}, notFound(codeUnknownGuild, "Guild")
		}
		return run(s, q)
	}
}

func (s *Server) guildChannels(*request) (answer, *apiError) {
	out := []object{}
	for _, id := range sortedKeys(s.st.Channels) {
		if ch := s.st.Channels[id]; ch.Type == TextChannel && s.lacks(ch)&ViewChannel == 0 {
			out = append(out, s.channelJSON(ch))
		}
	}
	return answer{body: out}, nil
}

func (s *Server) threadList(*request) (answer, *apiError) {
	threads := []object{}
	for _, id := range sortedKeys(s.st.Channels) {
		if ch := s.st.Channels[id]; ch.IsThread() && !ch.Archived && s.lacks(ch)&ViewChannel == 0 {
			threads = append(threads, s.channelJSON(ch))
		}
	}
	return answer{body: object{"threads": threads, "members": []object{}}}, nil
}

// members are the ids of who is in the guild, in order.
func (s *Server) members() []string {
	ids := slices.DeleteFunc(sortedKeys(s.st.Users), func(id string) bool { return s.st.Users[id].Gone })
	slices.SortFunc(ids, func(a, b string) int {
		if before(a, b) {
			return -1
		}
		return 1
	})
	return ids
}

// memberList needs the members intent, https://discord.com/developers/docs/resources/guild#list-guild-members
func (s *Server) memberList(q *request) (answer, *apiError) {
	if s.opts.Intents&IntentGuildMembers == 0 {
		return answer{}, refuse(http.StatusForbidden, codeMissingAccess, "Missing Access")
	}
	limit, err := queryLimit(q, 1, 1000)
	if err != nil {
		return answer{}, err
	}
	out, after := []object{}, q.r.URL.Query().Get("after")
	for _, id := range s.members() {
		if len(out) < limit && (after == "" || before(after, id)) {
			out = append(out, s.memberJSON(id, true))
		}
	}
	return answer{body: out}, nil
}

// memberSearch, https://discord.com/developers/docs/resources/guild#search-guild-members
func (s *Server) memberSearch(q *request) (answer, *apiError) {
	limit, err := queryLimit(q, 1, 1000)
	if err != nil {
		return answer{}, err
	}
	out, words := []object{}, strings.ToLower(q.r.URL.Query().Get("query"))
	for _, id := range s.members() {
		u := s.st.Users[id]
		starts := strings.HasPrefix(strings.ToLower(u.Username), words) || strings.HasPrefix(strings.ToLower(u.Nick), words)
		if starts && len(out) < limit {
			out = append(out, s.memberJSON(id, true))
		}
	}
	return answer{body: out}, nil
}

func (s *Server) memberGet(q *request) (answer, *apiError) {
	u := s.st.Users[q.path("user")]
	switch {
	case u == nil:
		return answer{}, notFound(codeUnknownUser, "User")
	case u.Gone:
		return answer{}, notFound(codeUnknownMember, "Member")
	}
	return answer{body: s.memberJSON(u.ID, true)}, nil
}

// queryLimit reads limit of the query.
func queryLimit(q *request, def, most int) (int, *apiError) {
	v := q.r.URL.Query().Get("limit")
	if v == "" {
		return def, nil
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		return 0, badForm("limit", "NUMBER_TYPE_COERCE", "Value \"%s\" is not int.", v)
	case n < 1:
		return 0, badForm("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.")
	case n > most:
		return 0, badForm("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
	}
	return n, nil
}
