package bot

import (
	"strings"
	"testing"

	"callout/desk"
)

func TestPolicyInChat(t *testing.T) {
	s := openShop(t)
	ada, fay := s.member("Ada", desk.Admin), s.member("Fay", desk.Dispatcher)
	s.wants(fay.types("/callout policy"), "🔴 Urgent", "Somebody else after 10 minutes, dispatchers after 15 minutes, admins after 30 minutes (5 ×)")
	s.wants(fay.presses(formPolicy, 1), "You may not change settings")

	form := ada.presses(formPolicy, 1).Form
	values := Values{}
	for _, f := range form.Fields {
		if f.Value != "" {
			values[f.Name] = []string{f.Value}
		}
		for _, o := range f.Chosen {
			values[f.Name] = []string{o.Value}
		}
	}
	values["dispatchers"] = []string{"soon"}
	s.wants(ada.sends(formPolicy, form.State, values), "ERROR dispatchers “soon” is no waiting time")
	values["dispatchers"] = []string{"12m"}
	preview := ada.sends(formPolicy, form.State, values)
	if preview.Form == nil || preview.Form.Fields[0].Name != "preview" || preview.Form.Submit != "Save" {
		t.Fatalf("no preview: %+v", preview)
	}
	if words := preview.Form.Fields[0].Note.String(); !strings.Contains(words, "(0 urgent calls)") {
		t.Errorf("the preview says %s", words)
	}
	values["admins"] = []string{"45m"} // changed after the preview: shown again
	again := ada.sends(formPolicy, preview.Form.State, values)
	if again.Form == nil {
		t.Fatalf("saved unseen: %+v", again)
	}
	s.wants(ada.sends(formPolicy, again.Form.State, values), "The policy for urgent calls is changed")
	s.wants(fay.types("/callout policy"), "dispatchers after 12 minutes, admins after 45 minutes")
	s.wants(ada.sends(formPolicy, again.Form.State, values), "The policy for urgent calls is changed")
}
