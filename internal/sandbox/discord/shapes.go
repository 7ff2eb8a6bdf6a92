package discord

import (
	"encoding/json"
	"fmt"
	"slices"
)

// everyPermission is what an administrator has; plainPermissions what everybody has who is not one.
const (
	everyPermission  = 1<<50 - 1
	plainPermissions = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | CreatePublicThreads | SendMessagesInThread
)

// userJSON, https://discord.com/developers/docs/resources/user#user-object
func (s *Server) userJSON(id string) object {
	u := s.st.Users[id]
	if u == nil {
		u = &User{ID: id, Username: "Deleted User"}
	}
	o := object{
		"id": u.ID, "username": u.Username, "discriminator": "0", "global_name": nil, "avatar": nil, "public_flags": 0,
		"bot": u.Bot,
	}
	if u.GlobalName != "" {
		o["global_name"] = u.GlobalName
	}
	return o
}

// memberJSON, https://discord.com/developers/docs/resources/guild#guild-member-object
func (s *Server) memberJSON(id string, withUser bool) object {
	u := s.st.Users[id]
	o := object{
		"roles": append([]string{}, u.Roles...), "nick": nil, "avatar": nil, "joined_at": stamp(TimeOf(u.ID)),
		"premium_since": nil, "pending": false, "flags": 0, "communication_disabled_until": nil,
	}
	if u.Nick != "" {
		o["nick"] = u.Nick
	}
	if withUser {
		o["user"], o["deaf"], o["mute"] = s.userJSON(id), false, false
	}
	return o
}

// permissions are a member's, as the text Discord sends.
func (s *Server) permissions(id string) string {
	if u := s.st.Users[id]; u != nil && u.Admin {
		return fmt.Sprint(int64(everyPermission))
	}
	return fmt.Sprint(int64(plainPermissions))
}

func (s *Server) appPermissions(ch *Channel) string {
	return fmt.Sprint(int64((plainPermissions | ManageMessages) &^ s.lacks(ch)))
}

// lacks is what the app may not do in a channel, or in the channel of a thread.
func (s *Server) lacks(ch *Channel) Permission {
	out := ch.AppLacks
	if parent := s.st.Channels[ch.Parent]; parent != nil {
		out |= parent.AppLacks
	}
	if ch.Type == TextChannel && len(ch.Members) > 0 && !contains(ch.Members, s.opts.AppID) {
		out |= ViewChannel
	}
	return out
}

// channelJSON, https://discord.com/developers/docs/resources/channel#channel-object
func (s *Server) channelJSON(ch *Channel) object {
	o := object{"id": ch.ID, "type": ch.Type, "flags": 0, "last_message_id": nil}
	if ch.Last != "" {
		o["last_message_id"] = ch.Last
	}
	if ch.Type == DMChannel {
		var people []object
		for _, id := range ch.Members {
			if id != s.opts.AppID {
				people = append(people, s.userJSON(id))
			}
		}
		o["recipients"] = people
		return o
	}
	o["name"], o["guild_id"], o["nsfw"], o["position"], o["rate_limit_per_user"] = ch.Name, s.opts.GuildID, false, 0, 0
	o["parent_id"], o["topic"], o["permission_overwrites"] = nil, nil, []object{}
	if ch.Topic != "" {
		o["topic"] = ch.Topic
	}
	if ch.IsThread() {
		o["parent_id"], o["owner_id"] = ch.Parent, s.opts.AppID
		o["thread_metadata"] = object{"archived": ch.Archived, "locked": ch.Locked, "auto_archive_duration": 1440, "archive_timestamp": stamp(TimeOf(ch.ID))}
		o["message_count"], o["member_count"] = len(s.st.Messages[ch.ID]), 1
		delete(o, "permission_overwrites")
	}
	return o
}

// partialChannel is the channel of an interaction or of resolved data.
func (s *Server) partialChannel(ch *Channel, userID string) object {
	o := s.channelJSON(ch)
	delete(o, "permission_overwrites")
	o["permissions"] = s.permissions(userID)
	return o
}

// guildJSON, https://discord.com/developers/docs/resources/guild#guild-object
func (s *Server) guildJSON() object {
	roles := []object{s.roleJSON(Role{ID: s.opts.GuildID, Name: "@everyone"}, 0)}
	for i, r := range s.st.Roles {
		roles = append(roles, s.roleJSON(r, i+1))
	}
	return object{
		"id": s.opts.GuildID, "name": s.opts.GuildName, "icon": nil, "owner_id": s.opts.AppID, "roles": roles, "emojis": []object{},
		"features": []string{}, "preferred_locale": "en-US", "premium_tier": 0, "nsfw_level": 0, "verification_level": 0,
	}
}

func (s *Server) roleJSON(r Role, position int) object {
	return object{
		"id": r.ID, "name": r.Name, "color": 0, "hoist": false, "icon": nil, "unicode_emoji": nil, "position": position,
		"permissions": fmt.Sprint(int64(plainPermissions)), "managed": false, "mentionable": true, "flags": 0,
	}
}

func attachmentJSON(a Attachment) object {
	o := object{"id": a.ID, "filename": a.Filename, "size": a.Size, "url": a.URL, "proxy_url": a.URL}
	if a.ContentType != "" {
		o["content_type"] = a.ContentType
	}
	if a.Description != "" {
		o["description"] = a.Description
	}
	if a.Ephemeral {
		o["ephemeral"] = true
	}
	return o
}

// messageJSON, https://discord.com/developers/docs/resources/message#message-object. Without full, what people wrote
// is left out as for an app without the message content intent.
func (s *Server) messageJSON(m *Message, full bool) object {
	o := object{
		"id": m.ID, "channel_id": m.Channel, "author": s.userJSON(m.Author), "content": "", "timestamp": stamp(TimeOf(m.ID)),
		"edited_timestamp": nil, "tts": false, "mention_everyone": contains(m.Pinged, "everyone"), "mentions": s.mentions(m),
		"mention_roles": []string{}, "attachments": []object{}, "embeds": []object{}, "components": []object{}, "pinned": false,
		"type": m.Type, "flags": m.Flags,
	}
	if !m.Edited.IsZero() {
		o["edited_timestamp"] = stamp(m.Edited)
	}
	if m.Nonce != "" {
		o["nonce"] = m.Nonce
	}
	if m.ReplyTo != "" {
		o["message_reference"] = object{"type": 0, "channel_id": m.Channel, "message_id": m.ReplyTo}
	}
	if m.Interaction != "" {
		o["webhook_id"], o["application_id"] = s.opts.AppID, s.opts.AppID
		o["interaction_metadata"] = object{"id": m.Interaction, "type": m.AskedAs, "user": s.userJSON(m.AskedBy), "authorizing_integration_owners": object{"0": s.opts.GuildID}}
	}
	if t := s.st.Channels[m.Thread]; t != nil {
		o["thread"] = s.channelJSON(t)
	}
	if full || m.Author == s.opts.AppID {
		s.contentInto(o, m)
	}
	return o
}

func (s *Server) contentInto(o object, m *Message) {
	o["content"] = m.Content
	if len(m.Embeds) > 0 {
		var embeds []object
		_ = json.Unmarshal(m.Embeds, &embeds) // checked when it was kept
		for _, e := range embeds {
			e["type"] = "rich"
		}
		o["embeds"] = embeds
	}
	if len(m.Components) > 0 {
		o["components"] = m.Components
	}
	files := []object{}
	for _, a := range m.Attachments {
		files = append(files, attachmentJSON(a))
	}
	o["attachments"] = files
}

func (s *Server) mentions(m *Message) []object {
	out := []object{}
	for _, id := range m.Pinged {
		if s.st.Users[id] != nil && !slices.ContainsFunc(out, func(o object) bool { return o["id"] == id }) {
			out = append(out, s.userJSON(id))
		}
	}
	return out
}

// readable reports whether the app reads what a person wrote: in direct messages, where it is mentioned, and with
// the intent, https://discord.com/developers/docs/events/gateway#message-content-intent
func (s *Server) readable(m *Message, intents Intent) bool {
	ch := s.st.Channels[m.Channel]
	return intents&s.opts.Intents&IntentMessageContent != 0 || ch != nil && ch.Type == DMChannel ||
		contains(m.Pinged, s.opts.AppID) || m.Author == s.opts.AppID
}
