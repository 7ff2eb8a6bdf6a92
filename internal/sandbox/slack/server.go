package slack

import (
	"context"
	"errors"
	"net/http"
)

var errTODO = errors.New("not implemented yet")

// Server is the workspace. Create it with New.
type Server struct{ opts Options }

// New makes a workspace, loading StateFile when it is set and exists.
func New(opts Options) (*Server, error) { return &Server{opts: opts}, nil }

// Handler serves /api/{method}, /upload/, /files/, /response/ and /socket.
func (s *Server) Handler() http.Handler { return http.NotFoundHandler() }

// SetBaseURL tells the address the server is reached at, host spelled exactly as in the app's API URL.
func (s *Server) SetBaseURL(url string) {}

// SetEventsURL tells where callbacks are POSTed while no Socket Mode client is connected.
func (s *Server) SetEventsURL(url string) {}

// VerifyEventsURL does the url_verification handshake as Slack does when the address is saved.
func (s *Server) VerifyEventsURL(ctx context.Context) error { return errTODO }

// Close saves the state, ends sockets and subscriptions and waits for deliveries under way.
func (s *Server) Close() error { return nil }

// BotUserID is the app's own user.
func (s *Server) BotUserID() string { return "" }

// Connected reports whether a Socket Mode client is there.
func (s *Server) Connected() bool { return false }

// AddUser adds or replaces a person.
func (s *Server) AddUser(u User) {}

// AddChannel adds or replaces a channel. The app is a member only when its bot user is listed.
func (s *Server) AddChannel(c Channel) {}

// Join adds a person (or the bot) to a channel.
func (s *Server) Join(channelID, userID string) error { return errTODO }

// SetManifest installs the app from its manifest JSON: commands, shortcuts, scopes, event subscriptions.
func (s *Server) SetManifest(manifest []byte) error { return errTODO }

// Commands lists the slash commands, by name.
func (s *Server) Commands() []Command { return nil }

// Shortcuts lists the shortcuts.
func (s *Server) Shortcuts() []ShortcutInfo { return nil }

// Type is somebody typing in a channel or direct message. A leading slash is a command; the reply is what the
// app answered at once. Anything else becomes a message, whose Ref is in the reply, and events for the app.
func (s *Server) Type(ctx context.Context, userID, channelID, text string) (Reply, error) {
	return Reply{}, errTODO
}

// TypeInThread is somebody answering in a thread. Slack allows no slash commands there.
func (s *Server) TypeInThread(ctx context.Context, userID string, root MessageRef, text string) (Reply, error) {
	return Reply{}, errTODO
}

// Press uses a button, overflow menu, select, picker or checkbox of a message (ephemeral ones too). The value is
// as in Values; a button needs none.
func (s *Server) Press(ctx context.Context, userID string, at MessageRef, el Element, value string) error {
	return errTODO
}

// PressView does the same in a modal or Home tab.
func (s *Server) PressView(ctx context.Context, userID, viewID string, el Element, value string) error {
	return errTODO
}

// Change edits a dispatch_action input of a modal, which tells the app; other inputs only remember the value.
func (s *Server) Change(ctx context.Context, userID, viewID string, el Element, value string) error {
	return errTODO
}

// Suggest types a query into an external select of a modal or Home tab and returns what the app offers.
func (s *Server) Suggest(ctx context.Context, userID, viewID string, el Element, query string) ([]Option, error) {
	return nil, errTODO
}

// SuggestInMessage does the same in a message.
func (s *Server) SuggestInMessage(ctx context.Context, userID string, at MessageRef, el Element, query string) ([]Option, error) {
	return nil, errTODO
}

// Submit fills in and submits a modal. Values that are not given keep what was typed before or the initial value.
func (s *Server) Submit(ctx context.Context, userID, viewID string, v Values) (SubmitResult, error) {
	return SubmitResult{}, errTODO
}

// Dismiss closes the top modal with its close button; all closes the whole stack (the × of the window).
func (s *Server) Dismiss(ctx context.Context, userID, viewID string, all bool) error { return errTODO }

// Shortcut runs a global shortcut.
func (s *Server) Shortcut(ctx context.Context, userID, callbackID string) error { return errTODO }

// MessageShortcut runs a shortcut from a message's menu.
func (s *Server) MessageShortcut(ctx context.Context, userID string, at MessageRef, callbackID string) error {
	return errTODO
}

// OpenHome is somebody opening the app's Home tab.
func (s *Server) OpenHome(ctx context.Context, userID string) error { return errTODO }

// UploadFile is somebody adding a file, to be used as the value of a file_input.
func (s *Server) UploadFile(userID, name string, content []byte) (File, error) {
	return File{}, errTODO
}

// Users lists the people, by id.
func (s *Server) Users() []User { return nil }

// Channels lists what a person sees: public channels and their own private ones and direct messages.
func (s *Server) Channels(userID string) []Channel { return nil }

// DM returns the direct message between a person and the app, opening it when needed.
func (s *Server) DM(userID string) string { return "" }

// Messages lists a channel's messages for everybody, oldest first, without thread replies.
func (s *Server) Messages(channelID string) []Message { return nil }

// MessagesFor lists what one person sees there: Messages and their own ephemeral ones.
func (s *Server) MessagesFor(userID, channelID string) []Message { return nil }

// Ephemerals lists the messages only this person sees in a channel, oldest first.
func (s *Server) Ephemerals(userID, channelID string) []Message { return nil }

// Thread lists a thread, its root first.
func (s *Server) Thread(channelID, ts string) []Message { return nil }

// Message returns one message, deleted ones included.
func (s *Server) Message(ref MessageRef) (Message, bool) { return Message{}, false }

// Views lists the person's open modals, the top one last.
func (s *Server) Views(userID string) []View { return nil }

// View returns an open modal or Home tab.
func (s *Server) View(viewID string) (View, bool) { return View{}, false }

// Home returns the person's published Home tab.
func (s *Server) Home(userID string) (View, bool) { return View{}, false }

// Files lists complete files, oldest first.
func (s *Server) Files() []File { return nil }

// FileContent returns a file's bytes.
func (s *Server) FileContent(id string) ([]byte, bool) { return nil, false }

// Wait blocks until cond is true, looking again after every change, or until ctx is done.
func (s *Server) Wait(ctx context.Context, cond func() bool) error { return errTODO }

// Subscribe returns the changes from now on. A reader that is too slow loses events, and sees that in Seq.
func (s *Server) Subscribe() (<-chan Event, func()) { return nil, func() {} }

// Fail makes coming calls of a method go wrong; "*" means every method. Times 0 lasts until ClearFaults.
func (s *Server) Fail(method string, f Fault) {}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {}

// RepeatDeliveries sends every callback n extra times, as Slack and its network sometimes do.
func (s *Server) RepeatDeliveries(n int) {}

// Requests lists the calls the app made to a method, or to any for "*", oldest first.
func (s *Server) Requests(method string) []Recorded { return nil }

// Disconnect asks the Socket Mode client to come back over a new connection, as Slack does every few hours.
func (s *Server) Disconnect() {}
