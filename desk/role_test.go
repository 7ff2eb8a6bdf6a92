package desk

import (
	"strings"
	"testing"

	"callout/store"
)

// TestMay compares the permissions with a table of its own: x marks what a role may do.
func TestMay(t *testing.T) {
	t.Parallel()
	table := []struct{ admin, dispatcher, technician, sales, viewer, action string }{
		{"x", "x", "x", "x", "x", "see calls"},
		{"x", "x", "x", "x", "-", "log calls"},
		{"-", "-", "x", "-", "-", "take calls"},
		{"x", "x", "x", "x", "-", "add notes to calls"},
		{"x", "x", "x", "-", "-", "close calls"},
		{"x", "x", "-", "-", "-", "direct calls"},
		{"-", "-", "x", "-", "-", "set your own duty"},
		{"x", "x", "x", "x", "x", "see who is on duty"},
		{"x", "x", "x", "x", "x", "make reports"},
		{"x", "x", "-", "-", "-", "schedule reports"},
		{"x", "-", "-", "-", "-", "approve members"},
		{"x", "-", "-", "-", "-", "change settings"},

		{"x", "x", "x", "x", "x", "see quotes"},
		{"x", "x", "x", "x", "-", "request quotes"},
		{"x", "x", "-", "x", "-", "prepare quotes"},
		{"x", "x", "-", "x", "x", "see leads"},
		{"x", "x", "x", "x", "-", "add leads"},
		{"x", "x", "-", "x", "-", "change leads"},
		{"x", "x", "x", "x", "x", "see visits"},
		{"x", "x", "x", "x", "-", "log visits"},
		{"x", "x", "x", "x", "x", "see customers"},
		{"x", "x", "-", "x", "-", "change customers"},
		{"x", "x", "x", "x", "x", "see equipment"},
		{"x", "x", "x", "-", "-", "change equipment"},
		{"x", "x", "x", "x", "-", "read meters"},
		{"x", "x", "x", "x", "x", "see maintenance"},
		{"x", "x", "-", "-", "-", "plan maintenance"},
		{"x", "x", "x", "-", "-", "do maintenance"},
		{"x", "x", "x", "-", "-", "reschedule maintenance"},
		{"x", "x", "x", "-", "-", "ask to skip maintenance"},
		{"x", "x", "-", "-", "-", "approve skipped maintenance"},
		{"x", "-", "-", "-", "-", "import data"},
		{"x", "x", "-", "-", "-", "set the duty of others"},
		{"-", "-", "x", "-", "-", "ask for time off"},
		{"x", "x", "-", "-", "-", "approve time off"},
		{"x", "x", "x", "x", "-", "write to customers"},
		{"x", "x", "-", "-", "-", "see deliveries"},
		{"x", "x", "-", "-", "-", "send messages again"},
	}
	if len(table) != len(permissions) {
		t.Errorf("the table has %d actions, the desk %d", len(table), len(permissions))
	}
	for _, row := range table {
		marks := map[Role]string{Admin: row.admin, Dispatcher: row.dispatcher, Technician: row.technician, Sales: row.sales, Viewer: row.viewer}
		if len(marks) != len(Roles()) {
			t.Fatalf("the table has %d roles, the desk %d", len(marks), len(Roles()))
		}
		for _, role := range Roles() {
			want := marks[role] == "x"
			if got := May([]Role{role}, Action(row.action)); got != want {
				t.Errorf("may %s %s? got %v", role, row.action, got)
			}
			member := Actor{Member: store.Member{State: StateActive, Roles: []string{role}}}
			if err := member.may(Action(row.action)); (err == nil) != want || err != nil && CodeOf(err) != Forbidden {
				t.Errorf("%s and %s: %v", role, row.action, err)
			}
		}
		if May(nil, Action(row.action)) {
			t.Errorf("somebody without a role may %s", row.action)
		}
	}
}

func TestMayAddsUp(t *testing.T) {
	t.Parallel()
	both := []Role{Technician, Dispatcher}
	if !May(both, TakeCalls) || !May(both, DirectCalls) || May(both, ApproveMember) {
		t.Error("two roles are not the sum of both")
	}
	if May([]Role{Admin}, "fly") || May([]Role{"king"}, SeeCalls) {
		t.Error("an unknown action or role is allowed")
	}
}

func TestMayRefusesInWords(t *testing.T) {
	t.Parallel()
	sales := Actor{Member: store.Member{State: StateActive, Roles: []string{Sales}}}
	if err := sales.may(TakeCalls); err == nil || !strings.Contains(err.Error(), "You may not take calls. That needs the role technician") {
		t.Errorf("got %v", err)
	}
	for _, state := range []string{StateRequested, StateInactive, StateRefused, ""} {
		admin := Actor{Member: store.Member{State: state, Roles: []string{Admin}}}
		if err := admin.may(SeeCalls); CodeOf(err) != Forbidden {
			t.Errorf("an admin who is %q may see calls: %v", state, err)
		}
	}
}
