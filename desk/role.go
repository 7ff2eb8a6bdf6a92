package desk

import "slices"

// Role is what a member is to the company; one may hold several.
type Role = string

// The roles.
const (
	Admin      Role = "admin"
	Dispatcher Role = "dispatcher"
	Technician Role = "technician"
	Sales      Role = "sales"
	Viewer     Role = "viewer"
)

// Roles lists every role, in the order people see them.
func Roles() []Role { return []Role{Admin, Dispatcher, Technician, Sales, Viewer} }

// Action is something a role may or may not do.
type Action string

// The actions that are ruled by role. Acts on a call of one's own (accept, close…) are also ruled by whose call it is.
const (
	SeeCalls      Action = "see calls"
	LogCalls      Action = "log calls"
	TakeCalls     Action = "take calls"
	NoteCalls     Action = "add notes to calls"
	CloseCalls    Action = "close calls"  // one's own; anybody's needs DirectCalls too
	DirectCalls   Action = "direct calls" // act on anybody's call: offer it to somebody, close it
	SetOwnDuty    Action = "set own duty"
	SeeDuty       Action = "see who is on duty"
	MakeReports   Action = "make reports"
	Schedule      Action = "schedule reports"
	ApproveMember Action = "approve members"
	ChangeSetting Action = "change settings"
)

// permissions is the one table of who may do what.
var permissions = map[Action][]Role{
	SeeCalls:      {Admin, Dispatcher, Technician, Sales, Viewer},
	LogCalls:      {Admin, Dispatcher, Technician, Sales},
	TakeCalls:     {Technician},
	NoteCalls:     {Admin, Dispatcher, Technician, Sales},
	CloseCalls:    {Admin, Dispatcher, Technician},
	DirectCalls:   {Admin, Dispatcher},
	SetOwnDuty:    {Technician},
	SeeDuty:       {Admin, Dispatcher, Technician, Sales, Viewer},
	MakeReports:   {Admin, Dispatcher, Technician, Sales, Viewer},
	Schedule:      {Admin, Dispatcher},
	ApproveMember: {Admin},
	ChangeSetting: {Admin},
}

// May reports whether one of the roles allows the action.
func May(roles []Role, action Action) bool {
	return slices.ContainsFunc(permissions[action], func(r Role) bool { return slices.Contains(roles, r) })
}

// Require refuses an action that none of the member's roles allows, before a form for it is opened.
func (a Actor) Require(action Action) error { return a.may(action) }

// may refuses an action that none of the member's roles allows.
func (a Actor) may(action Action) error {
	if err := a.active(); err != nil {
		return err
	}
	if a.Can(action) {
		return nil
	}
	return refuse(Forbidden, "You may not %s. That needs the role %s; an admin can give it to you.", action, orList(permissions[action]))
}

// active refuses who is no active member (any more).
func (a Actor) active() error {
	switch a.State {
	case StateActive:
		return nil
	case StateRequested:
		return refuse(Forbidden, "Your registration is not approved yet. An admin has been asked; you will get a message.")
	}
	return refuse(Forbidden, "You are not an active member. If that is a mistake, talk to your admin.")
}
