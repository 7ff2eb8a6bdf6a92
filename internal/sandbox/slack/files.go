package slack

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"sort"
	"strings"
)

// maxUpload bounds what the sandbox keeps in memory; Slack itself takes more.
const maxUpload = 64 << 20

func fileKind(name string) string {
	if ext := strings.TrimPrefix(filepath.Ext(name), "."); ext != "" {
		return strings.ToLower(ext)
	}
	return "binary"
}

func mimeOf(name string) string {
	if kind := mime.TypeByExtension(filepath.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func pathSafe(name string) string { return url.PathEscape(strings.ReplaceAll(name, "/", "_")) }

// serveUpload takes the bytes of a file, as the body itself or as the first file of a form.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	fault, hit := s.takeFault("upload")
	if hit && !waitFor(r, fault.Delay) {
		return
	}
	if hit && fault.refuses() {
		fault.answer(w)
		return
	}
	body, err := readUpload(w, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	status, words := s.storeUpload(r.PathValue("token"), body)
	if hit && fault.Drop {
		cut(w)
		return
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, words)
}

func (s *Server) storeUpload(token string, body []byte) (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.st.Files[s.st.Uploads[token]]
	switch {
	case f == nil || f.Complete:
		return http.StatusNotFound, "unknown upload"
	case s.st.Content[f.ID] != nil && !bytes.Equal(s.st.Content[f.ID], body):
		return http.StatusConflict, "the address was used for another file" // the same bytes again are a retry
	case len(body) != f.Size:
		return http.StatusBadRequest, fmt.Sprintf("got %d bytes, expected %d", len(body), f.Size)
	}
	s.st.Content[f.ID] = body
	s.record("upload", args{"file": f.ID, "size": itoa(f.Size)}, "")
	return http.StatusOK, fmt.Sprintf("OK - %d", f.Size)
}

func readUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		return nil, err
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return body, nil
	}
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, fmt.Errorf("no file in the form: %w", err)
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// serveFile gives a file to the app, which must send its token.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.st.Files[r.PathValue("id")]
	var data []byte
	if f != nil {
		data = s.st.Content[f.ID]
	}
	s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+s.opts.BotToken {
		http.Redirect(w, r, "/sign-in", http.StatusFound) // Slack sends the unauthorised to a sign-in page, not an error
		return
	}
	if data == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Mimetype)
	_, _ = w.Write(data)
}

// UploadFile is somebody adding a file, to be used as the value of a file_input.
func (s *Server) UploadFile(userID, name string, content []byte) (File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.st.Users[userID] == nil {
		return File{}, fmt.Errorf("no user %s", userID)
	}
	if len(content) == 0 || len(content) > maxUpload {
		return File{}, fmt.Errorf("a file has 1 to %d bytes", maxUpload)
	}
	f := &File{
		ID: s.newID("F"), Name: name, Title: name, Mimetype: mimeOf(name), Size: len(content), User: userID,
		Created: s.now().Unix(), Complete: true,
	}
	f.URL = s.baseURL + "/files/" + f.ID + "/" + pathSafe(name)
	s.st.Files[f.ID], s.st.Content[f.ID] = f, bytes.Clone(content)
	s.touch()
	return *f, nil
}

// Files lists complete files, oldest first.
func (s *Server) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []File
	for _, f := range s.st.Files {
		if f.Complete {
			out = append(out, *f)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// FileContent returns a file's bytes.
func (s *Server) FileContent(id string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.st.Content[id]
	return bytes.Clone(data), ok
}

// DeleteFile is somebody deleting a file: nobody gets it any more.
func (s *Server) DeleteFile(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.st.Files, id)
	delete(s.st.Content, id)
	s.touch()
}
