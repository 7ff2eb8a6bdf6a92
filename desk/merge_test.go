package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	base := Fields{"name": "Acme", "phone": "1", "notes": ""}
	tests := []struct {
		name         string
		mine, theirs Fields
		want         Fields
		clashing     []string
	}{
		{"nobody changed anything", base, base, base, nil},
		{"only I changed", Fields{"name": "Acme Ltd", "phone": "1", "notes": ""}, base, Fields{"name": "Acme Ltd", "phone": "1", "notes": ""}, nil},
		{"only they changed", base, Fields{"name": "Acme", "phone": "2", "notes": "x"}, Fields{"name": "Acme", "phone": "2", "notes": "x"}, nil},
		{"each changed another field", Fields{"name": "Acme Ltd", "phone": "1", "notes": ""}, Fields{"name": "Acme", "phone": "2", "notes": ""}, Fields{"name": "Acme Ltd", "phone": "2", "notes": ""}, nil},
		{"both changed alike", Fields{"name": "Acme", "phone": "2", "notes": ""}, Fields{"name": "Acme", "phone": "2", "notes": ""}, Fields{"name": "Acme", "phone": "2", "notes": ""}, nil},
		{"both changed differently", Fields{"name": "Acme", "phone": "3", "notes": "mine"}, Fields{"name": "Acme", "phone": "2", "notes": "theirs"}, Fields{"name": "Acme", "phone": "3", "notes": "mine"}, []string{"notes", "phone"}},
		{"I emptied what they changed", Fields{"name": "Acme", "phone": "", "notes": ""}, Fields{"name": "Acme", "phone": "2", "notes": ""}, Fields{"name": "Acme", "phone": "", "notes": ""}, []string{"phone"}},
		{"my form lacks a field", Fields{"name": "Acme Ltd"}, Fields{"name": "Acme", "phone": "2", "notes": "x"}, Fields{"name": "Acme Ltd", "phone": "2", "notes": "x"}, nil},
	}
	for _, tt := range tests {
		got, clashing := Merge(base, tt.mine, tt.theirs)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.clashing, clashing); diff != "" {
			t.Errorf("%s, clashing: %s", tt.name, diff)
		}
	}
}

// FuzzMerge checks that a save never loses what was typed, and never takes back what others changed elsewhere.
func FuzzMerge(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add("", "b", "")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		got, clashing := Merge(Fields{"f": base}, Fields{"f": mine}, Fields{"f": theirs})
		switch {
		case mine != base && got["f"] != mine:
			t.Errorf("typed %q is lost: %q", mine, got["f"])
		case mine == base && got["f"] != theirs:
			t.Errorf("stored %q is lost: %q", theirs, got["f"])
		case (len(clashing) > 0) != (mine != base && theirs != base && mine != theirs):
			t.Errorf("clashing %v for %q %q %q", clashing, base, mine, theirs)
		}
	})
}
