package discord

import (
	"fmt"
	"net/http"
	"slices"
)

func commandRoutes() map[string]route {
	out := map[string]route{}
	for _, base := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		out["GET "+base] = route{run: ofApp((*Server).commandList)}
		out["PUT "+base] = route{run: ofApp((*Server).commandPut)}
		out["POST "+base] = route{run: ofApp((*Server).commandCreate)}
		out["GET "+base+"/{command}"] = route{run: ofApp((*Server).commandGet)}
		out["PATCH "+base+"/{command}"] = route{run: ofApp((*Server).commandEdit)}
		out["DELETE "+base+"/{command}"] = route{run: ofApp((*Server).commandDelete)}
	}
	return out
}

// ofApp refuses other applications and guilds than ours.
func ofApp(run func(*Server, *request) (answer, *apiError)) func(*Server, *request) (answer, *apiError) {
	return func(s *Server, q *request) (answer, *apiError) {
		switch guild := q.path("guild"); {
		case q.path("app") != s.opts.AppID:
			return answer{}, notFound(codeUnknownApplication, "Application")
		case guild != "" && guild != s.opts.GuildID:
			return answer{}, refuse(http.StatusForbidden, codeMissingAccess, "Missing Access")
		}
		return run(s, q)
	}
}

func (s *Server) commandList(q *request) (answer, *apiError) {
	return answer{body: append([]object{}, s.st.Commands[q.path("guild")]...)}, nil
}

// commandPut, https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-global-application-commands
func (s *Server) commandPut(q *request) (answer, *apiError) {
	if q.list == nil {
		return answer{}, badForm("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	var f form
	var list []object
	for i, v := range q.list {
		c := asObject(v)
		if c == nil {
			f.fail(fmt.Sprint(i), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
			continue
		}
		checkCommand(&f, fmt.Sprint(i), c)
		list = append(list, c)
	}
	checkCommandSet(&f, list)
	if err := f.err(); err != nil {
		return answer{}, err
	}
	old := s.st.Commands[q.path("guild")]
	kept := []object{}
	for _, c := range list {
		kept = append(kept, s.keepCommand(q, c, old))
	}
	s.st.Commands[q.path("guild")] = kept
	s.emit(Event{Type: EventGuild})
	return answer{body: kept}, nil
}

// keepCommand gives a command its id, the old one of the same name and type when there is one.
func (s *Server) keepCommand(q *request, c object, old []object) object {
	kept := object{}
	for k, v := range c {
		if v != nil {
			kept[k] = v
		}
	}
	kind := commandType(c)
	kept["type"], kept["application_id"], kept["version"] = float64(kind), s.opts.AppID, s.newID()
	kept["id"] = s.newID()
	if i := slices.IndexFunc(old, func(o object) bool { return o["name"] == c["name"] && commandType(o) == kind }); i >= 0 {
		kept["id"] = old[i]["id"]
	}
	if guild := q.path("guild"); guild != "" {
		kept["guild_id"] = guild
	}
	return kept
}

// commandCreate replaces a command of the same name and type, or adds one.
func (s *Server) commandCreate(q *request) (answer, *apiError) {
	var f form
	checkCommand(&f, "", q.body)
	list := s.st.Commands[q.path("guild")]
	same := func(o object) bool { return o["name"] == q.body["name"] && commandType(o) == commandType(q.body) }
	rest := slices.DeleteFunc(slices.Clone(list), same)
	checkCommandSet(&f, append(slices.Clone(rest), q.body))
	if err := f.err(); err != nil {
		return answer{}, err
	}
	kept := s.keepCommand(q, q.body, list)
	s.st.Commands[q.path("guild")] = append(rest, kept)
	s.emit(Event{Type: EventGuild})
	status := http.StatusCreated
	if len(rest) < len(list) {
		status = http.StatusOK
	}
	return answer{status: status, body: kept}, nil
}

// commandAt finds the command of the address.
func (s *Server) commandAt(q *request) (int, *apiError) {
	i := slices.IndexFunc(s.st.Commands[q.path("guild")], func(o object) bool { return o["id"] == q.path("command") })
	if i < 0 {
		return 0, notFound(codeUnknownCommand, "application command")
	}
	return i, nil
}

func (s *Server) commandGet(q *request) (answer, *apiError) {
	i, err := s.commandAt(q)
	if err != nil {
		return answer{}, err
	}
	return answer{body: s.st.Commands[q.path("guild")][i]}, nil
}

func (s *Server) commandEdit(q *request) (answer, *apiError) {
	i, err := s.commandAt(q)
	if err != nil {
		return answer{}, err
	}
	list := s.st.Commands[q.path("guild")]
	merged := object{}
	for k, v := range list[i] {
		merged[k] = v
	}
	for k, v := range q.body {
		merged[k] = v
	}
	merged["id"], merged["type"] = list[i]["id"], list[i]["type"]
	var f form
	checkCommand(&f, "", merged)
	if err := f.err(); err != nil {
		return answer{}, err
	}
	list[i] = merged
	s.emit(Event{Type: EventGuild})
	return answer{body: merged}, nil
}

func (s *Server) commandDelete(q *request) (answer, *apiError) {
	i, err := s.commandAt(q)
	if err != nil {
		return answer{}, err
	}
	s.st.Commands[q.path("guild")] = slices.Delete(slices.Clone(s.st.Commands[q.path("guild")]), i, i+1)
	s.emit(Event{Type: EventGuild})
	return answer{}, nil
}
