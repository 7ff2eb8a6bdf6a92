package slack

import (
	"encoding/json"
	"strings"
)

// Identity of the one app and its workspace.
const (
	teamID = "T0SANDBOX"
	appID  = "A0CALLOUT"
	botID  = "B0CALLOUT"
	// verificationToken is the deprecated token of callbacks; apps must check the signature instead.
	verificationToken = "deprecated-verification-token"
)

// domain is the workspace's part of its web address.
func (s *Server) domain() string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s.opts.Team)), "-")
}

// messageJSON is the message as Slack sends it to the app.
func (s *Server) messageJSON(m *Message, metadata bool) object {
	o := object{"type": "message", "ts": m.TS, "user": m.User, "text": m.Text, "team": teamID}
	set := func(name string, v string) {
		if v != "" {
			o[name] = v
		}
	}
	set("subtype", m.Subtype)
	set("username", m.Username)
	set("thread_ts", m.ThreadTS)
	if root := s.message(MessageRef{m.Channel, m.ThreadTS}); root != nil && m.ThreadTS != m.TS {
		set("parent_user_id", root.User)
	}
	s.authorJSON(m, o)
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = m.Attachments
	}
	if metadata && len(m.Metadata) > 0 && string(m.Metadata) != "null" {
		o["metadata"] = m.Metadata
	}
	if m.EditedTS != "" {
		o["edited"] = object{"user": m.User, "ts": m.EditedTS}
	}
	if m.ReplyCount > 0 {
		o["reply_count"] = m.ReplyCount
	}
	if m.Ephemeral != "" {
		o["is_ephemeral"] = true
	}
	if len(m.Files) > 0 {
		o["files"], o["upload"], o["display_as_bot"] = s.filesJSON(m.Files), false, false
	}
	return o
}

// authorJSON says which app wrote a message, or names what a person's client sent.
func (s *Server) authorJSON(m *Message, o object) {
	switch {
	case m.BotID != "":
		o["bot_id"], o["app_id"], o["bot_profile"] = m.BotID, appID, s.botJSON()
	case m.Ephemeral == "":
		o["client_msg_id"] = "msg-" + m.TS
	}
}

func (s *Server) filesJSON(files []File) []object {
	out := make([]object, len(files))
	for i := range files {
		out[i] = s.fileJSON(&files[i])
	}
	return out
}

func (s *Server) botJSON() object {
	u := s.st.Users[s.opts.BotUserID]
	return object{
		"id": botID, "app_id": appID, "user_id": u.ID, "name": u.RealName, "deleted": false, "updated": 0, "team_id": teamID,
		"icons": object{},
	}
}

func (s *Server) userJSON(u *User) object {
	profile := object{"real_name": u.RealName, "display_name": u.Name, "team": teamID}
	if u.Email != "" && s.granted("users:read.email") {
		profile["email"] = u.Email
	}
	if u.IsBot {
		profile["bot_id"], profile["api_app_id"] = botID, appID
	}
	return object{
		"id": u.ID, "team_id": teamID, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted, "tz": u.TZ,
		"is_bot": u.IsBot, "is_admin": u.IsAdmin, "is_app_user": false, "updated": 0, "profile": profile,
	}
}

func (s *Server) channelJSON(c *Channel) object {
	member := contains(c.Members, s.opts.BotUserID)
	o := object{
		"id": c.ID, "created": c.Created, "is_im": c.IsIM, "is_mpim": c.IsMPIM, "is_archived": c.IsArchived,
		"is_private": c.IsPrivate || c.IsIM, "context_team_id": teamID,
	}
	if c.IsIM {
		for _, id := range c.Members {
			if id != s.opts.BotUserID {
				o["user"] = id
			}
		}
		o["is_open"] = true
		return o
	}
	o["name"], o["name_normalized"], o["is_member"], o["num_members"] = c.Name, c.Name, member, len(c.Members)
	o["is_channel"], o["is_group"], o["is_general"] = !c.IsPrivate, c.IsPrivate, c.Name == "general"
	o["topic"] = object{"value": c.Topic, "creator": "", "last_set": 0}
	o["purpose"] = object{"value": c.Purpose, "creator": "", "last_set": 0}
	return o
}

func (s *Server) fileJSON(f *File) object {
	kind := fileKind(f.Name)
	return object{
		"id": f.ID, "created": f.Created, "timestamp": f.Created, "name": f.Name, "title": f.Title, "mimetype": f.Mimetype,
		"filetype": kind, "pretty_type": strings.ToUpper(kind), "user": f.User, "size": f.Size, "mode": "hosted",
		"is_external": false, "is_public": false, "url_private": f.URL, "url_private_download": f.URL,
		"permalink": "https://" + s.domain() + ".slack.com/files/" + f.User + "/" + f.ID, "channels": f.Channels, "alt_txt": f.AltText,
	}
}

// viewJSON is the view as Slack sends it to the app.
func (s *Server) viewJSON(v *View) object {
	o := object{
		"id": v.ID, "team_id": teamID, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "state": object{"values": v.values()}, "hash": v.Hash, "root_view_id": v.RootViewID,
		"previous_view_id": nil, "app_id": appID, "external_id": v.ExternalID, "app_installed_team_id": teamID, "bot_id": botID,
		"title": titleJSON(v.Title), "submit": titleJSON(v.Submit), "close": titleJSON(v.Close),
		"clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
	}
	if v.PreviousViewID != "" {
		o["previous_view_id"] = v.PreviousViewID
	}
	return o
}

func titleJSON(text string) any {
	if text == "" {
		return nil
	}
	return object{"type": "plain_text", "text": text, "emoji": true}
}

// viewState is the "values" part of a view's state: by block, then by action.
type viewState map[string]map[string]object

func (v *View) values() viewState {
	out := viewState{}
	_ = json.Unmarshal(v.State, &out) // stored by us, so it decodes
	return out
}
