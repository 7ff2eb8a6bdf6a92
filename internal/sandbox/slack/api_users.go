package slack

import "strings"

func userMethods() map[string]method {
	return map[string]method{
		"users.info":          {tier: tier4, scopes: []string{"users:read"}, run: usersInfo},
		"users.list":          {tier: tier2, scopes: []string{"users:read"}, run: usersList},
		"users.lookupByEmail": {tier: tier3, scopes: []string{"users:read.email"}, run: usersLookupByEmail},
	}
}

// https://docs.slack.dev/reference/methods/users.info
func usersInfo(s *Server, a args) (object, *apiError) {
	u := s.st.Users[a["user"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": s.userJSON(u)}, nil
}

// https://docs.slack.dev/reference/methods/users.list
func usersList(s *Server, a args) (object, *apiError) {
	ids, next, err := page(sortedKeys(s.st.Users), a, 200)
	if err != nil {
		return nil, err
	}
	members := make([]object, len(ids))
	for i, id := range ids {
		members[i] = s.userJSON(s.st.Users[id])
	}
	return object{"members": members, "cache_ts": s.now().Unix(), "response_metadata": object{"next_cursor": next}}, nil
}

// https://docs.slack.dev/reference/methods/users.lookupByEmail
func usersLookupByEmail(s *Server, a args) (object, *apiError) {
	for _, id := range sortedKeys(s.st.Users) {
		u := s.st.Users[id]
		if u.Email != "" && strings.EqualFold(u.Email, a["email"]) && !u.Deleted {
			return object{"user": s.userJSON(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}
