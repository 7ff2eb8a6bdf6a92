package slack

import (
	"slices"
	"time"
)

// triggerLife is how long a trigger_id can open a view, https://docs.slack.dev/interactivity/handling-user-interaction
const triggerLife = 3 * time.Second

// sweepEvery is how many ids are given out between two sweeps of what has expired.
const sweepEvery = 64

// trigger is one interaction's right to open one view.
type trigger struct {
	user string
	view string // the modal the person was in, if any
	made time.Time
	used bool
}

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {tier: tier4, run: viewsOpen},
		"views.push":    {tier: tier4, run: viewsPush},
		"views.update":  {tier: tier4, run: viewsUpdate},
		"views.publish": {tier: tier4, run: viewsPublish},
	}
}

// newTrigger makes a trigger_id. Callers hold the lock.
func (s *Server) newTrigger(user, view string) string {
	if len(s.triggers) > 0 && s.st.Seq%sweepEvery == 0 {
		for id, t := range s.triggers {
			if s.now().Sub(t.made) > time.Minute {
				delete(s.triggers, id)
			}
		}
	}
	id := itoa(int(s.now().Unix())) + "." + itoa(len(s.triggers)+1) + "." + s.newID("")
	s.triggers[id] = &trigger{user: user, view: view, made: s.now()}
	return id
}

// exchange looks a trigger_id up; the caller marks it used once everything else is right.
func (s *Server) exchange(id string) (*trigger, *apiError) {
	if id == "" {
		return nil, refuseWith("invalid_arguments", "[ERROR] missing required field: trigger_id")
	}
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.now().Sub(t.made) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

// https://docs.slack.dev/reference/methods/views.open
func viewsOpen(s *Server, a args) (object, *apiError) {
	t, v, err := s.triggered(a)
	if err != nil {
		return nil, err
	}
	t.used = true
	for _, old := range s.st.Stacks[t.user] {
		s.dropView(old)
	}
	s.st.Stacks[t.user] = nil
	s.showModal(v, t.user)
	return object{"view": s.viewJSON(v)}, nil
}

// https://docs.slack.dev/reference/methods/views.push
func viewsPush(s *Server, a args) (object, *apiError) {
	t, v, err := s.triggered(a)
	if err != nil {
		return nil, err
	}
	stack := s.st.Stacks[t.user]
	if t.view == "" {
		return nil, refuse("invalid_trigger_id") // nothing to push onto: the trigger does not come from a modal
	}
	if !slices.Contains(stack, t.view) {
		return nil, refuse("not_found")
	}
	if len(stack) >= maxStack {
		return nil, refuse("push_limit_reached")
	}
	t.used = true
	s.showModal(v, t.user)
	return object{"view": s.viewJSON(v)}, nil
}

func (s *Server) triggered(a args) (*trigger, *View, *apiError) {
	t, err := s.exchange(a["trigger_id"])
	if err != nil {
		return nil, nil, err
	}
	v, err := s.parseView(a["view"], onModal)
	if err != nil {
		return nil, nil, err
	}
	return t, v, s.externalIDFree(v, "")
}

// externalIDFree refuses an external_id that another view has.
func (s *Server) externalIDFree(v *View, self string) *apiError {
	for id, other := range s.st.Views {
		if v.ExternalID != "" && other.ExternalID == v.ExternalID && id != self {
			return refuse("duplicate_external_id")
		}
	}
	return nil
}

// showModal puts a new view on top of somebody's stack.
func (s *Server) showModal(v *View, user string) {
	stack := s.st.Stacks[user]
	v.ID, v.UserID, v.Hash = s.newID("V"), user, s.newHash()
	v.RootViewID = v.ID
	if len(stack) > 0 {
		v.RootViewID, v.PreviousViewID = stack[0], stack[len(stack)-1]
	}
	v.State = mustJSON(s.initialState(v, nil))
	s.st.Views[v.ID] = v
	s.st.Stacks[user] = append(stack, v.ID)
	s.emit(Event{Type: EventViewOpened, UserID: user, ViewID: v.ID})
}

func (s *Server) newHash() string { return itoa(int(s.now().Unix())) + "." + s.newID("") }

// dropView forgets a view that is closed.
func (s *Server) dropView(id string) {
	v := s.st.Views[id]
	if v == nil {
		return
	}
	delete(s.st.Views, id)
	stack := s.st.Stacks[v.UserID]
	if i := slices.Index(stack, id); i >= 0 {
		s.st.Stacks[v.UserID] = slices.Delete(slices.Clone(stack), i, i+1)
	}
	s.emit(Event{Type: EventViewClosed, UserID: v.UserID, ViewID: id})
}

// https://docs.slack.dev/reference/methods/views.update
func viewsUpdate(s *Server, a args) (object, *apiError) {
	if a["view_id"] == "" && a["external_id"] == "" {
		return nil, refuseWith("invalid_arguments", "[ERROR] missing required field: view_id or external_id")
	}
	var old *View
	for id, v := range s.st.Views {
		if id == a["view_id"] || a["view_id"] == "" && v.ExternalID == a["external_id"] {
			old = v
		}
	}
	if old == nil {
		return nil, refuse("not_found")
	}
	if a["hash"] != "" && a["hash"] != old.Hash {
		return nil, refuse("hash_conflict")
	}
	v, err := s.parseView(a["view"], old.Type)
	if err != nil {
		return nil, err
	}
	if err := s.externalIDFree(v, old.ID); err != nil {
		return nil, err
	}
	s.replaceView(old, v)
	return object{"view": s.viewJSON(old)}, nil
}

// replaceView changes a view in place. What was typed stays where block_id and action_id are the same.
func (s *Server) replaceView(old, v *View) {
	typed := old.values()
	v.ID, v.UserID, v.RootViewID, v.PreviousViewID, v.Hash = old.ID, old.UserID, old.RootViewID, old.PreviousViewID, s.newHash()
	v.State = mustJSON(s.initialState(v, typed))
	*old = *v
	kind := EventViewUpdated
	if v.Type == onHome {
		kind = EventHome
	}
	s.emit(Event{Type: kind, UserID: v.UserID, ViewID: v.ID})
}

// https://docs.slack.dev/reference/methods/views.publish
func viewsPublish(s *Server, a args) (object, *apiError) {
	if err := a.require("user_id"); err != nil {
		return nil, err
	}
	if s.manifest != nil && !s.manifest.Features.Home.HomeTab {
		return nil, refuse("not_enabled")
	}
	u := s.st.Users[a["user_id"]]
	if u == nil || u.IsBot || u.Deleted {
		return nil, refuse("user_not_found")
	}
	old := s.st.Views[s.st.Homes[u.ID]]
	if a["hash"] != "" && (old == nil || a["hash"] != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	v, err := s.parseView(a["view"], onHome)
	if err != nil {
		return nil, err
	}
	if old == nil {
		old = &View{ID: s.newID("V"), UserID: u.ID}
		old.RootViewID = old.ID
		s.st.Views[old.ID], s.st.Homes[u.ID] = old, old.ID
	}
	if err := s.externalIDFree(v, old.ID); err != nil {
		return nil, err
	}
	s.replaceView(old, v)
	return object{"view": s.viewJSON(old)}, nil
}
