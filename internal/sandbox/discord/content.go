package discord

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Limits of messages, https://discord.com/developers/docs/resources/message#create-message
const (
	maxContent   = 2000
	maxNonce     = 25
	maxMentioned = 100
)

// settable are the flags an app may give a message.
const settable = FlagSuppressEmbeds | FlagEphemeral | FlagSilent | FlagComponentsV2

// write fills a message from a request: a new one, or the changes of an edit. The message is only touched when
// everything is right. prefix is where the fields stand in the body, e.g. "data".
func (s *Server) write(m *Message, prefix string, body object, files map[string]upload) *apiError {
	var f form
	draft := m.clone()
	draft.Flags |= f.whole(prefix, body, "flags", 0, maxComponentID, 0) & settable
	v2 := draft.Flags&FlagComponentsV2 != 0
	if _, ok := body["content"]; ok {
		draft.Content = f.str(prefix, body, "content", upTo(maxContent))
	}
	kept, fresh := s.attached(&f, prefix, &draft, body, files)
	names := map[string]bool{}
	for _, a := range append(slices.Clone(kept), fresh...) {
		names[a.Filename] = true
	}
	if list, ok := body["embeds"]; ok {
		checkEmbeds(&f, prefix, body, names)
		draft.Embeds = keepList(slices.DeleteFunc(slices.Clone(asList(list)), func(e any) bool { return emptyEmbed(asObject(e)) }))
	}
	if list, ok := body["components"]; ok {
		newComponents(&f, names).message(prefix, body, v2)
		draft.Components = keepList(numbered(asList(list)))
	}
	if v2 {
		checkV2(&f, prefix, &draft)
	}
	draft.Pinged = s.pings(&f, prefix, body, draft.Content)
	if err := f.err(); err != nil {
		return err
	}
	draft.Attachments = kept
	if draft.Content == "" && len(draft.Embeds) == 0 && len(draft.Components) == 0 && len(kept)+len(fresh) == 0 {
		return refuse(http.StatusBadRequest, codeEmptyMessage, "Cannot send an empty message")
	}
	for _, a := range fresh {
		draft.Attachments = append(draft.Attachments, s.keepFile(a, draft.Channel, files[a.URL].content))
	}
	draft.Components = s.withAddresses(draft.Components, draft.Attachments)
	draft.Embeds = s.withAddresses(draft.Embeds, draft.Attachments)
	*m = draft
	return nil
}

// checkV2 checks that a message of components has nothing else to show.
func checkV2(f *form, prefix string, m *Message) {
	for name, has := range map[string]bool{"content": m.Content != "", "embeds": len(m.Embeds) > 0} {
		if has {
			f.fail(prefix+"/"+name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", name)
		}
	}
}

// keepList is a list as it is stored; an empty one is nothing.
func keepList(list []any) json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	return mustJSON(list)
}

// attached sorts out which files a message keeps and which it gets. In fresh ones URL is the number of the upload.
func (s *Server) attached(f *form, prefix string, m *Message, body object, files map[string]upload) (kept, fresh []Attachment) {
	kept = m.Attachments
	about := map[string]object{}
	if body["attachments"] != nil {
		kept = nil
		for i, a := range f.list(prefix, body, "attachments", upTo(maxFiles)) {
			id := fmt.Sprint(a["id"])
			if n, ok := number(a["id"]); ok {
				id = strconv.Itoa(n)
			}
			at := fmt.Sprintf("%s/attachments/%d", prefix, i)
			f.str(at, a, "description", upTo(maxMediaText))
			old := slices.IndexFunc(m.Attachments, func(x Attachment) bool { return x.ID == id })
			_, isNew := files[id]
			switch {
			case old >= 0:
				kept = append(kept, m.Attachments[old])
			case isNew:
				about[id] = a
			default:
				f.fail(at+"/id", "ATTACHMENT_NOT_FOUND", "Attachment data not found for attachment with id \"%s\"", id)
			}
		}
	}
	for _, n := range sortedKeys(files) {
		a := Attachment{Filename: files[n].name, ContentType: files[n].kind, Size: len(files[n].content), URL: n, Ephemeral: m.Flags&FlagEphemeral != 0}
		if name := text(about[n]["filename"]); name != "" {
			a.Filename = name
		}
		a.Filename, a.Description = cleanName(a.Filename), text(about[n]["description"])
		fresh = append(fresh, a)
	}
	return kept, fresh
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// cleanName is the name Discord gives an uploaded file: spaces become underscores, other signs go.
func cleanName(name string) string {
	name = strings.ReplaceAll(filepath.Base(name), " ", "_")
	return unsafeName.ReplaceAllString(name, "")
}

// keepFile stores a file and gives it its id and address.
func (s *Server) keepFile(a Attachment, channel string, content []byte) Attachment {
	a.ID = s.newID()
	folder := "attachments"
	if a.Ephemeral {
		folder = "ephemeral-attachments"
	}
	a.URL = fmt.Sprintf("%s/%s/%s/%s/%s", s.baseURL, folder, channel, a.ID, a.Filename)
	s.st.Files[a.ID], s.st.Content[a.ID] = &a, content
	return a
}

// withAddresses puts the files' addresses in the place of attachment:// ones.
func (s *Server) withAddresses(raw json.RawMessage, files []Attachment) json.RawMessage {
	words := string(raw)
	for _, a := range files {
		words = strings.ReplaceAll(words, `"attachment://`+a.Filename+`"`, string(mustJSON(a.URL)))
	}
	if words == "" {
		return nil
	}
	return json.RawMessage(words)
}

// numbered gives every component its id, in order, as Discord does where the app gave none.
func numbered(list []any) []any {
	used, next := map[int]bool{}, 0
	walk(list, func(o object) {
		if id, _ := number(o["id"]); id != 0 {
			used[id] = true
		}
	})
	walk(list, func(o object) {
		if id, _ := number(o["id"]); id != 0 {
			return
		}
		for next++; used[next]; next++ {
		}
		o["id"] = float64(next)
	})
	return list
}

// walk visits components and what is in them, outer ones first.
func walk(list []any, visit func(object)) {
	for _, v := range list {
		o := asObject(v)
		if o == nil {
			continue
		}
		visit(o)
		walk(asList(o["components"]), visit)
		for _, name := range []string{"accessory", "component"} {
			if inner := asObject(o[name]); inner != nil {
				walk([]any{inner}, visit)
			}
		}
	}
}

var mentionPattern = regexp.MustCompile(`<@(&?)!?(\d+)>|@(everyone|here)`)

// pings tells whom the content notifies, https://discord.com/developers/docs/resources/message#allowed-mentions-object
func (s *Server) pings(f *form, prefix string, body object, content string) []string {
	rules, given := body["allowed_mentions"].(object)
	at := prefix + "/allowed_mentions"
	parse := map[string]bool{"users": !given, "roles": !given, "everyone": !given}
	for i, v := range asList(rules["parse"]) {
		if _, ok := parse[text(v)]; !ok {
			f.fail(fmt.Sprintf("%s/parse/%d", at, i), baseChoices, "Value must be one of {'everyone', 'roles', 'users'}.")
		}
		parse[text(v)] = true
	}
	named := map[string]bool{}
	for _, name := range []string{"users", "roles"} {
		list := asList(rules[name])
		if len(list) > maxMentioned {
			f.fail(at+"/"+name, baseMax, "Must be %d or fewer in length.", maxMentioned)
		}
		if len(list) > 0 && parse[name] && given {
			f.fail(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[\"%s\"] and %s: [ids...] are mutually exclusive.", name, name)
		}
		for _, id := range list {
			named[text(id)] = true
		}
	}
	var out []string
	for _, m := range mentionPattern.FindAllStringSubmatch(content, -1) {
		switch {
		case m[3] != "" && parse["everyone"]:
			out = append(out, "everyone")
		case m[2] != "" && (named[m[2]] || parse[map[bool]string{true: "roles", false: "users"}[m[1] != ""]]):
			out = append(out, m[2])
		}
	}
	return out
}
