package slack

import (
	"slices"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// https://docs.slack.dev/reference/methods/conversations.history
func conversationsHistory(s *Server, a args) (object, *apiError) {
	ch, err := s.conversation(a, "history")
	if err != nil {
		return nil, err
	}
	if !contains(ch.Members, s.opts.BotUserID) {
		return nil, refuse("not_in_channel")
	}
	var found []*Message
	for _, m := range s.st.Messages[ch.ID] {
		if m.inChannel() && m.Ephemeral == "" {
			found = append(found, m)
		}
	}
	slices.Reverse(found)
	return s.messagePage(found, a)
}

// https://docs.slack.dev/reference/methods/conversations.replies
func conversationsReplies(s *Server, a args) (object, *apiError) {
	ch, err := s.conversation(a, "history")
	if err != nil {
		return nil, err
	}
	if !contains(ch.Members, s.opts.BotUserID) {
		return nil, refuse("not_in_channel")
	}
	root := s.message(MessageRef{ch.ID, a["ts"]})
	if root == nil || root.Ephemeral != "" {
		return nil, refuse("thread_not_found")
	}
	ts := root.TS
	if root.ThreadTS != "" {
		ts = root.ThreadTS
	}
	var found []*Message
	for _, m := range s.st.Messages[ch.ID] {
		if !m.Deleted && m.Ephemeral == "" && (m.TS == ts || m.ThreadTS == ts) {
			found = append(found, m)
		}
	}
	return s.messagePage(found, a)
}

// inChannel reports whether a message shows in the channel itself, not only in a thread.
func (m *Message) inChannel() bool {
	return !m.Deleted && (m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast)
}

func (s *Server) messagePage(found []*Message, a args) (object, *apiError) {
	for _, name := range []string{"oldest", "latest"} {
		if _, err := strconv.ParseFloat(a[name], 64); a[name] != "" && err != nil {
			return nil, refuse("invalid_ts_" + name)
		}
	}
	inclusive := a.flag("inclusive")
	in := found[:0:0]
	for _, m := range found {
		old, late := compareTS(m.TS, a["oldest"]), compareTS(m.TS, a["latest"])
		if a["oldest"] != "" && (old < 0 || old == 0 && !inclusive) || a["latest"] != "" && (late > 0 || late == 0 && !inclusive) {
			continue
		}
		in = append(in, m)
	}
	cut, next, err := page(in, a, defaultPage)
	if err != nil {
		return nil, err
	}
	list := make([]object, len(cut))
	for i, m := range cut {
		list[i] = s.messageJSON(m, a.flag("include_all_metadata"))
	}
	return object{
		"messages": list, "has_more": next != "", "pin_count": 0, "response_metadata": object{"next_cursor": next},
	}, nil
}

func compareTS(a, b string) int { return tsTime(a).Compare(tsTime(b)) }
