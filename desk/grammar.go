package desk

import (
	"slices"
	"time"
)

// Noun is what a list or report is about, as the plural in its command.
type Noun string

// The nouns.
const (
	NounCalls       Noun = "calls"
	NounQuotes      Noun = "quotes"
	NounLeads       Noun = "leads"
	NounVisits      Noun = "visits"
	NounEquipment   Noun = "equipment"
	NounMaintenance Noun = "maintenance"
	NounDeliveries  Noun = "deliveries"
)

// grammar is the filters that a noun knows, in the order people see them, and what those may be that are one of a list.
type grammar struct {
	keys    []string
	allowed map[string][]string
}

// grammars is the one table of filters.
var grammars = map[Noun]grammar{
	NounCalls: {
		[]string{"status", "priority", "customer", "tech", "from", "to"},
		map[string][]string{"status": Statuses(), "priority": Priorities()},
	},
	NounQuotes: {
		[]string{"status", "customer", "by", "from", "to"},
		map[string][]string{"status": {"requested", "ready", "sent", "accepted", "declined", "change_requested", "expired"}},
	},
	NounLeads: {
		[]string{"stage", "owner", "source", "due", "from", "to"},
		map[string][]string{"stage": {"open", "new", "contacted", "qualified", "quoted", "won", "lost"}},
	},
	NounVisits: {
		[]string{"status", "purpose", "customer", "by", "from", "to"},
		map[string][]string{"status": {"planned", "done"}, "purpose": {"sales", "service", "maintenance", "follow_up"}},
	},
	NounEquipment: {
		[]string{"status", "customer"},
		map[string][]string{"status": {"active", "retired"}},
	},
	NounMaintenance: {
		[]string{"status", "customer", "tech", "from", "to"},
		map[string][]string{"status": {"due", "overdue", "upcoming", "started", "done", "skipped", "missed"}},
	},
	NounDeliveries: {
		[]string{"status", "channel", "by", "from"},
		map[string][]string{"status": deliveryStates(), "channel": {"slack", "discord", "sms", "email"}},
	},
}

// allKeys is every key of every noun, in the order in which filters are written.
var allKeys = []string{"status", "stage", "priority", "purpose", "customer", "tech", "owner", "by", "channel", "source", "due", "from", "to"}

// FilterKeys lists the names of a noun's filters, in the order people see them.
func FilterKeys(noun Noun) []string { return grammars[noun].keys }

// Allowed lists what a filter may be; nil if it is not one of a list.
func Allowed(noun Noun, key string) []string { return grammars[noun].allowed[key] }

// Statuses lists what status: may be for calls.
func Statuses() []string {
	return []string{Pending, Done, Unassigned, Offered, Accepted, EnRoute, OnSite, Waiting}
}

var filterAliases = map[string]string{
	"technician": "tech", "assigned": "tech", "prio": "priority", "state": "status", "since": "from", "until": "to", "cust": "customer",
	"status": "stage", "who": "by", "member": "by", "followup": "due", "follow-up": "due",
	"to": "by",
}

var filterExamples = map[string]string{
	"status": "status:pending", "priority": "priority:urgent", "customer": `customer:"Acme Foods"`, "tech": "tech:@maria",
	"from": "from:2026-01-01", "to": "to:last-month", "stage": "stage:qualified", "owner": "owner:me", "by": "by:@maria",
	"source": "source:fair", "channel": "channel:sms", "due": "due:overdue", "purpose": "purpose:sales",
}

func filterList(noun Noun) string {
	keys := slices.Clone(FilterKeys(noun))
	for i, k := range keys {
		keys[i] = k + ":"
	}
	return joined(keys, "and") + ", and any other words"
}

// Overdue is what due: may be besides a day or period: everything before today.
const Overdue = "overdue"

// check refuses values that cannot mean anything, and normalises those that are one of a list.
func (f *Filter) check(noun Noun) error {
	for _, key := range FilterKeys(noun) {
		allowed := Allowed(noun, key)
		if allowed == nil {
			continue
		}
		value, err := oneOf(key, f.Value(key), allowed)
		if err != nil {
			return err
		}
		f.Set(key, value)
	}
	// Any moment will do: whether a date exists does not depend on now. Whether from is before to does.
	anyTime := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, one := range []Filter{{From: f.From}, {To: f.To}} {
		if _, _, err := one.Period(anyTime, time.UTC); err != nil {
			return err
		}
	}
	if f.Due != "" && f.Due != Overdue {
		_, _, err := days("due", f.Due, anyTime, time.UTC)
		return err
	}
	return nil
}
