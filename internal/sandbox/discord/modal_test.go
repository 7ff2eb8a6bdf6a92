package discord_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

func label(name string, part obj) obj { return obj{"type": 18, "label": name, "component": part} }

func input(id string) obj { return obj{"type": 4, "custom_id": id, "style": 1} }

func modal(parts ...obj) obj {
	return obj{"custom_id": "log", "title": "Log a call", "components": parts}
}

// TestModals holds a form to each limit: at it, and one past it.
func TestModals(t *testing.T) {
	t.Parallel()
	menu := obj{"type": 3, "custom_id": "m", "options": options(25)}
	radio := obj{"type": 21, "custom_id": "r", "options": options(3)}
	boxes := obj{"type": 22, "custom_id": "b", "options": options(10)}
	files := obj{"type": 19, "custom_id": "f", "max_values": 10}
	at := "data.components.0.component"
	cases := []struct {
		name string
		form obj
		want string
	}{
		{"five fields", modal(label("a", input("a")), label("b", menu), label("c", radio), label("d", boxes), label("e", files)), ""},
		{"six parts", modal(many(6, func(i int) obj { return label("a", input(fmt.Sprint(i))) })...), "data.components BASE_TYPE_BAD_LENGTH"},
		{"no parts", with(modal(), "components", []obj{}), "data.components BASE_TYPE_BAD_LENGTH"},
		{"title at the limit", with(modal(label("a", input("a"))), "title", long(45)), ""},
		{"title past it", with(modal(label("a", input("a"))), "title", long(46)), "data.title BASE_TYPE_BAD_LENGTH"},
		{"no custom id", with(modal(label("a", input("a"))), "custom_id", ""), "data.custom_id BASE_TYPE_REQUIRED"},
		{"label at the limit", modal(label(long(45), input("a"))), ""},
		{"label past it", modal(label(long(46), input("a"))), "data.components.0.label BASE_TYPE_BAD_LENGTH"},
		{"description at the limit", modal(with(label("a", input("a")), "description", long(100))), ""},
		{"description past it", modal(with(label("a", input("a")), "description", long(101))), "data.components.0.description BASE_TYPE_MAX_LENGTH"},
		{"value at the limit", modal(label("a", with(input("a"), "value", long(4000)))), ""},
		{"value past it", modal(label("a", with(input("a"), "value", long(4001)))), at + ".value BASE_TYPE_MAX_LENGTH"},
		{"value past max_length", modal(label("a", with(with(input("a"), "max_length", 5), "value", "123456"))), at + ".value BASE_TYPE_MAX_LENGTH"},
		{"max_length past its limit", modal(label("a", with(input("a"), "max_length", 4001))), at + ".max_length NUMBER_TYPE_MAX"},
		{"placeholder past its limit", modal(label("a", with(input("a"), "placeholder", long(101)))), at + ".placeholder BASE_TYPE_MAX_LENGTH"},
		{"no style", modal(label("a", obj{"type": 4, "custom_id": "a"})), at + ".style BASE_TYPE_REQUIRED"},
		{"a note", modal(words("Read this"), label("a", input("a"))), ""},
		{"a button", modal(label("a", button("a"))), at + ".type UNION_TYPE_CHOICES"},
		{"an input at the top", modal(input("a")), "data.components.0.type UNION_TYPE_CHOICES"},
		{"an input in a row, as before", modal(row(with(input("a"), "label", "Name"))), ""},
		{"an input in a row without a label", modal(row(input("a"))), "data.components.0.components.0.label BASE_TYPE_REQUIRED"},
		{"the same id twice", modal(label("a", input("a")), label("b", input("a"))), "data.components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"26 options", modal(label("a", with(menu, "options", options(26)))), at + ".options BASE_TYPE_BAD_LENGTH"},
		{"a disabled select", modal(label("a", with(menu, "disabled", true))), at + ".disabled MODAL_COMPONENT_DISABLED"},
		{"required and none needed", modal(label("a", with(menu, "min_values", 0))), at + ".min_values COMPONENT_REQUIRED_MIN_VALUES"},
		{"optional and none needed", modal(label("a", with(with(menu, "min_values", 0), "required", false))), ""},
		{"11 files", modal(label("a", with(files, "max_values", 11))), at + ".max_values NUMBER_TYPE_MAX"},
		{"one radio", modal(label("a", with(radio, "options", options(1)))), at + ".options BASE_TYPE_BAD_LENGTH"},
		{"11 boxes", modal(label("a", with(boxes, "options", options(11)))), at + ".options BASE_TYPE_BAD_LENGTH"},
		{"a required checkbox", modal(label("a", obj{"type": 23, "custom_id": "c", "required": true})), at + ".required CHECKBOX_REQUIRED"},
	}
	g := newGuild(t, discord.Options{})
	g.command("log")
	for _, c := range cases {
		answers := make(chan result, 1)
		answerWith(t, g, func(in obj) obj {
			got := g.do("POST", callbackPath(in), obj{"type": 9, "data": c.form})
			answers <- got
			if got.status/100 != 2 {
				return say("refused")
			}
			return nil
		})
		if _, err := g.Type(ctx(t), maria, calls, "/log"); err != nil {
			t.Fatal(err)
		}
		expect(t, c.name, <-answers, c.want)
	}
}

// TestSubmission compares what is sent for a form with Discord's own examples.
func TestSubmission(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.command("log")
	a := answerWith(t, g, func(in obj) obj {
		if in["type"] == float64(5) {
			return say("logged", obj{"flags": discord.FlagEphemeral})
		}
		return obj{"type": 9, "data": modal(
			words("Read this"), label("Summary", with(input("summary"), "max_length", 20)),
			label("Priority", obj{"type": 3, "custom_id": "priority", "options": []obj{{"label": "High", "value": "hi"}, {"label": "Low", "value": "lo", "default": true}}}),
			label("Technician", obj{"type": 5, "custom_id": "who", "required": false}),
			label("Photos", obj{"type": 19, "custom_id": "photos", "required": false, "max_values": 3}),
		)}
	})
	reply, err := g.Type(ctx(t), maria, calls, "/log")
	if err != nil || reply.Modal == nil || reply.Modal.Title != "Log a call" {
		t.Fatalf("%+v, %v", reply, err)
	}
	reply, err = g.Submit(ctx(t), maria, discord.Values{"Summary": {long(21)}})
	if err != nil || reply.Errors["summary"] == "" || a.count() != 1 {
		t.Errorf("too long: %+v, %v", reply, err)
	}
	photo, err := g.Upload(maria, "leak.jpg", "image/jpeg", []byte("jpg"))
	if err != nil {
		t.Fatal(err)
	}
	reply, err = g.Submit(ctx(t), maria, discord.Values{"Summary": {"Leak"}, "Technician": {omar}, "photos": {photo}})
	if err != nil || !reply.Private || reply.Text != "logged" {
		t.Fatalf("%+v, %v", reply, err)
	}
	in, data := a.last(t)
	got, _ := json.Marshal(data["components"])
	want := fmt.Sprintf(`[{"id":1,"type":10},`+
		`{"component":{"custom_id":"summary","id":3,"type":4,"value":"Leak"},"id":2,"type":18},`+
		`{"component":{"custom_id":"priority","id":5,"type":3,"values":["lo"]},"id":4,"type":18},`+
		`{"component":{"custom_id":"who","id":7,"type":5,"values":["%s"]},"id":6,"type":18},`+
		`{"component":{"custom_id":"photos","id":9,"type":19,"values":["%s"]},"id":8,"type":18}]`, omar, photo)
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	resolved, _ := json.Marshal(data["resolved"])
	for _, part := range []string{`"users":{"` + omar, `"members":{"` + omar, `"attachments":{"` + photo, `"filename":"leak.jpg"`, `"ephemeral":true`} {
		if !strings.Contains(string(resolved), part) {
			t.Errorf("resolved lacks %s: %s", part, resolved)
		}
	}
	if in["message"] != nil || data["custom_id"] != "log" || in["guild_id"] != g.GuildID() {
		t.Errorf("%v", in)
	}
	if _, open := g.Modal(maria); open {
		t.Error("the form is still open")
	}
	g.clean()
}

// TestUnansweredForm keeps the form and what was typed when the app does not answer.
func TestUnansweredForm(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	g.command("log")
	answerWith(t, g, func(in obj) obj {
		if in["type"] == float64(5) {
			return obj{"type": 7} // there is no message to update
		}
		return obj{"type": 9, "data": modal(label("Summary", input("summary")))}
	})
	if _, err := g.Type(ctx(t), maria, calls, "/log"); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Submit(ctx(t), maria, discord.Values{"Summary": {"Leak"}}); err == nil {
		t.Error("an answer of the wrong type was taken")
	}
	m, open := g.Modal(maria)
	if !open || m.Notice != discord.WentWrong || m.Values["summary"][0] != "Leak" {
		t.Errorf("%+v", m)
	}
	if len(g.Violations()) != 1 {
		t.Errorf("violations: %q", g.Violations())
	}
	if err := g.Dismiss(maria); err != nil {
		t.Error(err)
	}
}
