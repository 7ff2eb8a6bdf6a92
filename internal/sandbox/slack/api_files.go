package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of https://docs.slack.dev/reference/methods/files.getUploadURLExternal
const (
	maxFileSize = 1 << 30
	maxFileAlt  = 1000
	maxSnippet  = 1 << 20
	maxShares   = 100
)

func fileMethods() map[string]method {
	write := []string{"files:write"}
	return map[string]method{
		"files.getUploadURLExternal":   {tier: tier4, scopes: write, run: filesGetUploadURL},
		"files.completeUploadExternal": {tier: tier4, scopes: write, run: filesCompleteUpload},
		"files.info":                   {tier: tier4, scopes: []string{"files:read"}, run: filesInfo},
	}
}

func filesGetUploadURL(s *Server, a args) (object, *apiError) {
	size, err := strconv.Atoi(a["length"])
	switch {
	case a["filename"] == "" || a["length"] == "" || err == nil && size == 0:
		return nil, refuse("missing_argument")
	case err != nil || size < 0:
		return nil, refuse("invalid_arguments")
	case size > maxFileSize:
		return nil, refuse("file_upload_size_restricted")
	case a["snippet_type"] != "" && size > maxSnippet:
		return nil, refuse("snippet_too_large")
	case utf8.RuneCountInString(a["alt_txt"]) > maxFileAlt:
		return nil, refuse("alt_txt_too_large")
	}
	f := &File{
		ID: s.newID("F"), Name: a["filename"], Title: a["filename"], Size: size, User: s.opts.BotUserID, AltText: a["alt_txt"],
		Created: s.now().Unix(), Mimetype: mimeOf(a["filename"]),
	}
	f.URL = s.baseURL + "/files/" + f.ID + "/" + pathSafe(f.Name)
	token := s.newID("UP")
	s.st.Files[f.ID] = f
	s.st.Uploads[token] = f.ID
	s.touch()
	return object{"upload_url": s.baseURL + "/upload/v1/" + token, "file_id": f.ID}, nil
}

// filesCompleteUpload, https://docs.slack.dev/reference/methods/files.completeUploadExternal
func filesCompleteUpload(s *Server, a args) (object, *apiError) {
	files, err := s.uploaded(a["files"])
	if err != nil {
		return nil, err
	}
	channels, err := s.shareTargets(a)
	if err != nil {
		return nil, err
	}
	said := args{"text": a["initial_comment"]}
	if a["initial_comment"] == "" { // else blocks are ignored
		said["blocks"] = a["blocks"]
	}
	c, err := s.readContent(said, maxPostText)
	if err != nil {
		return nil, err
	}
	var answer []object
	for _, f := range files {
		f.Complete = true
		for _, ch := range channels {
			f.Channels = append(f.Channels, ch.ID)
		}
		answer = append(answer, s.fileJSON(f))
	}
	for _, ch := range channels {
		s.shareFiles(ch.ID, a["thread_ts"], c, files)
	}
	s.touch()
	return object{"files": answer}, nil
}

// shareTargets are the conversations named by channel_id and channels, which may also name people.
func (s *Server) shareTargets(a args) ([]*Channel, *apiError) {
	ids := strings.FieldsFunc(a["channels"], func(r rune) bool { return r == ',' })
	if a["channel_id"] != "" {
		if _, err := s.visible(a["channel_id"]); err != nil {
			return nil, err
		}
		ids = append(ids, a["channel_id"])
	}
	if len(ids) > maxShares {
		return nil, refuse("channels_limit_exceeded")
	}
	var channels []*Channel
	for _, id := range ids {
		if u := s.st.Users[id]; u != nil && !u.IsBot {
			id = s.dm(id).ID
		}
		ch, err := s.visible(id)
		if err != nil {
			return nil, refuse("invalid_channel")
		}
		if !contains(ch.Members, s.opts.BotUserID) {
			return nil, refuse("not_in_channel")
		}
		if err := s.checkThread(id, a["thread_ts"]); err != nil {
			return nil, err
		}
		channels = append(channels, ch)
	}
	return channels, nil
}

func (s *Server) shareFiles(channel, thread string, c content, files []*File) {
	m := s.botMessage(channel, c)
	m.ThreadTS, m.Subtype = thread, "file_share"
	for _, f := range files {
		m.Files = append(m.Files, *f)
	}
	s.addMessage(m)
	s.queueMessageEvent(m)
}

// uploaded reads the files argument: each must have been uploaded and not completed yet.
func (s *Server) uploaded(raw string) ([]*File, *apiError) {
	var wanted []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if err := json.Unmarshal([]byte(raw), &wanted); err != nil || len(wanted) == 0 {
		return nil, refuseWith("invalid_arguments", "[ERROR] missing required field: files")
	}
	var files []*File
	for _, want := range wanted {
		f := s.st.Files[want.ID]
		if f == nil || f.Complete || s.st.Content[want.ID] == nil || slices.Contains(files, f) {
			return nil, refuse("file_not_found")
		}
		if want.Title != "" {
			f.Title = want.Title
		}
		files = append(files, f)
	}
	return files, nil
}

func filesInfo(s *Server, a args) (object, *apiError) {
	f := s.st.Files[a["file"]]
	if f == nil || !f.Complete {
		return nil, refuse("file_not_found")
	}
	return object{
		"file": s.fileJSON(f), "comments": []object{},
		"paging": object{"count": 0, "total": 0, "page": 1, "pages": 0}, "response_metadata": object{"next_cursor": ""},
	}, nil
}
