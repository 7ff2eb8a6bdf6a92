package bot

import (
	"testing"

	"callout/desk"
)

// answers writes in the thread below a message.
func (p *person) answers(message, words, key string, files ...string) Reply {
	p.Helper()
	return p.does(Request{Kind: KindThread, Channel: "C0CALLS", Thread: message, Text: words, Files: files, Key: key})
}

func TestWordsInAThread(t *testing.T) {
	s := openShop(t)
	fay, nel := s.member("Fay", desk.Dispatcher), s.stranger("Nel")
	id := fay.logs(s.customer("Acme"), "Paper jam")
	s.exec("UPDATE card SET message_id = '17.1' WHERE record_id = $1", id)
	for _, r := range []Reply{
		fay.answers("17.1", "Ring <twice>", "slack:msg:1", "F1"), fay.answers("17.1", "Ring <twice>", "slack:msg:1", "F1"), // Slack brings it twice
		fay.answers("17.9", "below something else", "slack:msg:2"), nel.answers("17.1", "who am I", "slack:msg:3"),
		s.member("Vic", desk.Viewer).answers("17.1", "only looking", "slack:msg:4"),
	} {
		if r.Say != nil || r.Form != nil || r.Post != nil || len(r.Errors) > 0 {
			t.Errorf("answered in a thread: %s", reads(r))
		}
	}
	s.wants(fay.presses("call.history", id), "Fay (1 photo): Ring <twice>", "!below something else", "!who am I", "!only looking")
	if got := s.files(desk.CallRecord, id); got != "F1" {
		t.Errorf("photos %s", got)
	}
	s.store.Pool.Close()
	if r := fay.answers("17.1", "lost?", "slack:msg:5"); len(r.Errors) == 0 {
		t.Errorf("what is not stored must come again: %s", reads(r))
	}
}
