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
	SetOwnDuty    Action = "set your own duty"
	SeeDuty       Action = "see who is on duty"
	MakeReports   Action = "make reports"
	Schedule      Action = "schedule reports"
	ApproveMember Action = "approve members"
	ChangeSetting Action = "change settings"

	SeeQuotes     Action = "see quotes"
	RequestQuotes Action = "request quotes"
	PrepareQuotes Action = "prepare quotes" // price them; mark them sent or answered needs it too, unless one asked for it oneself

	SeeLeads  Action = "see leads"
	AddLeads  Action = "add leads"
	KeepLeads Action = "change leads" // edit, move to another stage, win, lose

	SeeVisits Action = "see visits"
	LogVisits Action = "log visits"

	SeeCustomers  Action = "see customers"
	EditCustomers Action = "change customers"

	SeeEquipment  Action = "see equipment"
	EditEquipment Action = "change equipment"
	ReadMeters    Action = "read meters"

	SeeMaintenance  Action = "see maintenance"
	PlanMaintenance Action = "plan maintenance" // templates, plans, holidays
	DoMaintenance   Action = "do maintenance"
	MoveMaintenance Action = "reschedule maintenance"
	AskToSkip       Action = "ask to skip maintenance"
	ApproveSkip     Action = "approve skipped maintenance"

	ImportData Action = "import data"

	SetAnyDuty      Action = "set the duty of others" // weekly hours, on-call and swaps of anybody
	AskTimeOff      Action = "ask for time off"
	ApproveTimeOff  Action = "approve time off"
	InformCustomers Action = "write to customers"
	SeeDeliveries   Action = "see deliveries"
	Redeliver       Action = "send messages again"
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

	SeeQuotes:     {Admin, Dispatcher, Technician, Sales, Viewer},
	RequestQuotes: {Admin, Dispatcher, Technician, Sales},
	PrepareQuotes: {Admin, Dispatcher, Sales},

	SeeLeads:  {Admin, Dispatcher, Sales, Viewer},
	AddLeads:  {Admin, Dispatcher, Technician, Sales},
	KeepLeads: {Admin, Dispatcher, Sales},

	SeeVisits: {Admin, Dispatcher, Technician, Sales, Viewer},
	LogVisits: {Admin, Dispatcher, Technician, Sales},

	SeeCustomers:  {Admin, Dispatcher, Technician, Sales, Viewer},
	EditCustomers: {Admin, Dispatcher, Sales},

	SeeEquipment:  {Admin, Dispatcher, Technician, Sales, Viewer},
	EditEquipment: {Admin, Dispatcher, Technician},
	ReadMeters:    {Admin, Dispatcher, Technician, Sales},

	SeeMaintenance:  {Admin, Dispatcher, Technician, Sales, Viewer},
	PlanMaintenance: {Admin, Dispatcher},
	DoMaintenance:   {Admin, Dispatcher, Technician},
	MoveMaintenance: {Admin, Dispatcher, Technician},
	AskToSkip:       {Admin, Dispatcher, Technician},
	ApproveSkip:     {Admin, Dispatcher},

	ImportData: {Admin},

	SetAnyDuty:      {Admin, Dispatcher},
	AskTimeOff:      {Technician},
	ApproveTimeOff:  {Admin, Dispatcher},
	InformCustomers: {Admin, Dispatcher, Technician, Sales},
	SeeDeliveries:   {Admin, Dispatcher},
	Redeliver:       {Admin, Dispatcher},
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
