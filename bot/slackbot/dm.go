package slackbot

import (
	"sync"
)

// dmList remembers the direct message with each person, so that it is opened once. Its zero value is empty.
type dmList struct {
	mu  sync.Mutex
	ids map[string]string
}

func (l *dmList) get(user string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ids[user]
}

// set remembers a direct message; an empty id forgets it.
func (l *dmList) set(user, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ids == nil {
		l.ids = map[string]string{}
	}
	if id == "" {
		delete(l.ids, user)
		return
	}
	l.ids[user] = id
}
