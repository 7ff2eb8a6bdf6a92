package slack

import (
	"encoding/base64"
	"slices"
	"strings"
)

// Page sizes of https://docs.slack.dev/reference/methods/conversations.history and .list
const (
	defaultPage = 100
	maxPage     = 999
	maxGroup    = 8 // people in a direct message, https://docs.slack.dev/reference/methods/conversations.open
)

func conversationMethods() map[string]method {
	return map[string]method{
		"conversations.open":    {tier: tier3, run: conversationsOpen},
		"conversations.info":    {tier: tier3, run: conversationsInfo},
		"conversations.list":    {tier: tier2, run: conversationsList},
		"conversations.members": {tier: tier4, run: conversationsMembers},
		"conversations.history": {tier: tier3, run: conversationsHistory},
		"conversations.replies": {tier: tier3, run: conversationsReplies},
		"conversations.join":    {tier: tier3, scopes: []string{"channels:join"}, run: conversationsJoin},
	}
}

// kindOf is the scope prefix of a conversation: channels, groups, im or mpim.
func kindOf(c *Channel) string {
	switch {
	case c.IsIM:
		return "im"
	case c.IsMPIM:
		return "mpim"
	case c.IsPrivate:
		return "groups"
	}
	return "channels"
}

func (s *Server) conversation(a args, right string) (*Channel, *apiError) {
	ch, err := s.visible(a["channel"])
	if err != nil {
		return nil, err
	}
	return ch, s.needScopes(kindOf(ch) + ":" + right)
}

func conversationsOpen(s *Server, a args) (object, *apiError) {
	if a["channel"] != "" {
		ch, err := s.conversation(a, "read")
		if err != nil {
			return nil, err
		}
		return object{"no_op": true, "already_open": true, "channel": s.openedJSON(ch, a)}, nil
	}
	ids := strings.Split(a["users"], ",")
	if a["users"] == "" {
		return nil, refuse("users_list_not_supplied")
	}
	for _, id := range ids {
		if u := s.st.Users[id]; u == nil {
			return nil, refuse("user_not_found")
		} else if u.Deleted {
			return nil, refuse("user_disabled")
		} else if id == s.opts.BotUserID {
			return nil, refuse("cannot_dm_bot")
		}
	}
	if len(ids) > maxGroup {
		return nil, refuse("too_many_users")
	}
	if len(ids) > 1 {
		if err := s.needScopes("mpim:write"); err != nil {
			return nil, err
		}
		return object{"channel": s.openedJSON(s.group(ids), a)}, nil
	}
	if err := s.needScopes("im:write"); err != nil {
		return nil, err
	}
	return object{"channel": s.openedJSON(s.dm(ids[0]), a)}, nil
}

func (s *Server) openedJSON(ch *Channel, a args) object {
	if a.flag("return_im") {
		return s.channelJSON(ch)
	}
	return object{"id": ch.ID}
}

// group is the direct message among several people and the app.
func (s *Server) group(ids []string) *Channel {
	members := append(slices.Clone(ids), s.opts.BotUserID)
	slices.Sort(members)
	for _, c := range s.st.Channels {
		if c.IsMPIM && slices.Equal(c.Members, members) {
			return c
		}
	}
	id := s.newID("G")
	c := &Channel{ID: id, Name: "mpdm-" + strings.ToLower(id), IsMPIM: true, IsPrivate: true, Members: members, Created: s.now().Unix()}
	s.st.Channels[id] = c
	s.emit(Event{Type: EventWorkspace})
	return c
}

func conversationsInfo(s *Server, a args) (object, *apiError) {
	ch, err := s.conversation(a, "read")
	if err != nil {
		return nil, err
	}
	return object{"channel": s.channelJSON(ch)}, nil
}

func conversationsList(s *Server, a args) (object, *apiError) {
	names := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
	wanted := map[string]bool{}
	for _, kind := range strings.Split(a["types"], ",") {
		kind = strings.TrimSpace(kind)
		if kind == "" {
			kind = "public_channel"
		}
		if names[kind] == "" {
			return nil, refuse("invalid_types")
		}
		if err := s.needScopes(names[kind] + ":read"); err != nil {
			return nil, err
		}
		wanted[names[kind]] = true
	}
	var ids []string
	for _, id := range sortedKeys(s.st.Channels) {
		ch, err := s.visible(id)
		if err == nil && wanted[kindOf(ch)] && !(a.flag("exclude_archived") && ch.IsArchived) {
			ids = append(ids, id)
		}
	}
	ids, next, err := page(ids, a, defaultPage)
	if err != nil {
		return nil, err
	}
	channels := make([]object, len(ids))
	for i, id := range ids {
		channels[i] = s.channelJSON(s.st.Channels[id])
	}
	return object{"channels": channels, "response_metadata": object{"next_cursor": next}}, nil
}

func conversationsMembers(s *Server, a args) (object, *apiError) {
	ch, err := s.conversation(a, "read")
	if err != nil {
		return nil, err
	}
	ids, next, err := page(ch.Members, a, defaultPage)
	if err != nil {
		return nil, err
	}
	return object{"members": ids, "response_metadata": object{"next_cursor": next}}, nil
}

func conversationsJoin(s *Server, a args) (object, *apiError) {
	ch, err := s.visible(a["channel"])
	if err != nil {
		return nil, err
	}
	if ch.IsIM || ch.IsMPIM || ch.IsPrivate {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if ch.IsArchived {
		return nil, refuse("is_archived")
	}
	answer := object{"channel": nil}
	if contains(ch.Members, s.opts.BotUserID) {
		answer["warning"] = "already_in_channel"
	} else {
		ch.Members = append(ch.Members, s.opts.BotUserID)
		s.emit(Event{Type: EventWorkspace, Channel: ch.ID})
	}
	answer["channel"] = s.channelJSON(ch)
	return answer, nil
}

// page cuts the piece named by cursor and limit out of a list.
func page[T any](items []T, a args, def int) ([]T, string, *apiError) {
	limit, err := a.number("limit", def, maxPage)
	if err != nil {
		return nil, "", err
	}
	start := 0
	if a["cursor"] != "" {
		raw, bad := base64.StdEncoding.DecodeString(a["cursor"])
		at, ok := strings.CutPrefix(string(raw), "next:")
		n, err := args{"n": at}.number("n", 0, len(items)+1)
		if bad != nil || !ok || err != nil || n > len(items) {
			return nil, "", refuse("invalid_cursor")
		}
		start = n
	}
	end := min(start+limit, len(items))
	next := ""
	if end < len(items) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + itoa(end)))
	}
	return items[start:end], next, nil
}
