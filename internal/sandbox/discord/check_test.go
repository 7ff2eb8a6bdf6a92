package discord_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

func row(parts ...obj) obj { return obj{"type": 1, "components": parts} }

func button(id string) obj { return obj{"type": 2, "style": 1, "label": "Go", "custom_id": id} }

func options(n int) []obj {
	var out []obj
	for i := range n {
		out = append(out, obj{"label": fmt.Sprint("Option ", i), "value": fmt.Sprint(i)})
	}
	return out
}

func many(n int, one func(int) obj) []obj {
	var out []obj
	for i := range n {
		out = append(out, one(i))
	}
	return out
}

func with(o obj, name string, v any) obj {
	c := obj{name: v}
	for k, old := range o {
		if k != name {
			c[k] = old
		}
	}
	return c
}

func long(n int) string { return strings.Repeat("ж", n) } // characters count, not bytes

func embed(e obj) obj { return obj{"embeds": []obj{e}} }

func components(parts ...obj) obj { return obj{"content": "x", "components": parts} }

func v2(parts ...obj) obj { return obj{"flags": discord.FlagComponentsV2, "components": parts} }

func words(s string) obj { return obj{"type": 10, "content": s} }

// TestMessages holds a posted message to each limit: at it, and one past it.
func TestMessages(t *testing.T) {
	t.Parallel()
	menu := obj{"type": 3, "custom_id": "m", "options": options(25)}
	field := obj{"name": "n", "value": "v"}
	link := obj{"type": 2, "style": 5, "label": "Map", "url": "https://example.test"}
	cases := []struct {
		name string
		body obj
		want string // path and code of the error; empty: taken
	}{
		{"content at the limit", obj{"content": long(2000)}, ""},
		{"content past it", obj{"content": long(2001)}, "content BASE_TYPE_MAX_LENGTH"},
		{"content that is no text", obj{"content": 7}, "content STRING_TYPE_CONVERT"},
		{"nothing", obj{}, "50006"},
		{"only spaces", obj{"content": " \n"}, "50006"},
		{"an embed with nothing to see", embed(obj{"color": 5}), "50006"},
		{"embed title at the limit", embed(obj{"title": long(256)}), ""},
		{"embed title past it", embed(obj{"title": long(257)}), "embeds.0.title BASE_TYPE_MAX_LENGTH"},
		{"embed text past its limit", embed(obj{"description": long(4097)}), "embeds.0.description BASE_TYPE_MAX_LENGTH"},
		{"25 fields", embed(obj{"fields": many(25, func(int) obj { return field })}), ""},
		{"26 fields", embed(obj{"fields": many(26, func(int) obj { return field })}), "embeds.0.fields BASE_TYPE_MAX_LENGTH"},
		{"field without a name", embed(obj{"fields": []obj{{"name": " ", "value": "v"}}}), "embeds.0.fields.0.name BASE_TYPE_REQUIRED"},
		{"field without a value", embed(obj{"fields": []obj{{"name": "n"}}}), "embeds.0.fields.0.value BASE_TYPE_REQUIRED"},
		{"field name past its limit", embed(obj{"fields": []obj{{"name": long(257), "value": "v"}}}), "embeds.0.fields.0.name BASE_TYPE_BAD_LENGTH"},
		{"field value past its limit", embed(obj{"fields": []obj{{"name": "n", "value": long(1025)}}}), "embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"},
		{"footer past its limit", embed(obj{"footer": obj{"text": long(2049)}}), "embeds.0.footer.text BASE_TYPE_BAD_LENGTH"},
		{"author past its limit", embed(obj{"author": obj{"name": long(257)}}), "embeds.0.author.name BASE_TYPE_BAD_LENGTH"},
		{"6000 characters in all", obj{"embeds": []obj{{"description": long(4000)}, {"description": long(2000)}}}, ""},
		{"6001 characters in all", obj{"embeds": []obj{{"description": long(4000)}, {"description": long(2001)}}}, "embeds MAX_EMBED_SIZE_EXCEEDED"},
		{"10 embeds", obj{"embeds": many(10, func(int) obj { return obj{"title": "t"} })}, ""},
		{"11 embeds", obj{"embeds": many(11, func(int) obj { return obj{"title": "t"} })}, "embeds BASE_TYPE_MAX_LENGTH"},
		{"a picture that was not sent", embed(obj{"image": obj{"url": "attachment://chart.png"}}), "embeds.0.image.url ATTACHMENT_NOT_FOUND"},
		{"an address without a scheme", embed(obj{"title": "t", "url": "example.test"}), "embeds.0.url URL_TYPE_INVALID_URL"},
		{"a time that is none", embed(obj{"title": "t", "timestamp": "today"}), "embeds.0.timestamp DATETIME_TYPE_PARSE"},
		{"5 rows of 5 buttons", components(many(5, func(i int) obj {
			return row(many(5, func(j int) obj { return button(fmt.Sprint(i, "-", j)) })...)
		})...), ""},
		{"6 rows", components(many(6, func(i int) obj { return row(button(fmt.Sprint(i))) })...), "components BASE_TYPE_MAX_LENGTH"},
		{"6 buttons in a row", components(row(many(6, func(i int) obj { return button(fmt.Sprint(i)) })...)), "components.0.components BASE_TYPE_BAD_LENGTH"},
		{"a row without anything", components(obj{"type": 1, "components": []obj{}}), "components.0.components BASE_TYPE_BAD_LENGTH"},
		{"a button outside a row", components(button("a")), "components.0.type UNION_TYPE_CHOICES"},
		{"the same id twice", components(row(button("a"), button("a"))), "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"label at the limit", components(row(with(button("a"), "label", long(80)))), ""},
		{"label past it", components(row(with(button("a"), "label", long(81)))), "components.0.components.0.label BASE_TYPE_MAX_LENGTH"},
		{"button without words", components(row(with(button("a"), "label", ""))), "components.0.components.0 BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"},
		{"custom id at the limit", components(row(button(long(100)))), ""},
		{"custom id past it", components(row(button(long(101)))), "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"},
		{"a button without an id", components(row(obj{"type": 2, "style": 1, "label": "x"})), "components.0.components.0.custom_id BASE_TYPE_REQUIRED"},
		{"a style that is none", components(row(with(button("a"), "style", 7))), "components.0.components.0.style BASE_TYPE_CHOICES"},
		{"a link", components(row(link)), ""},
		{"a link with an id", components(row(with(link, "custom_id", "a"))), "components.0.components.0 BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
		{"a link of another scheme", components(row(with(link, "url", "tel:+1555"))), "components.0.components.0.url URL_TYPE_INVALID_SCHEME"},
		{"a link past its length", components(row(with(link, "url", "https://e.test/"+strings.Repeat("a", 500)))), "components.0.components.0.url BASE_TYPE_MAX_LENGTH"},
		{"25 options", components(row(menu)), ""},
		{"26 options", components(row(with(menu, "options", options(26)))), "components.0.components.0.options BASE_TYPE_BAD_LENGTH"},
		{"no options", components(row(with(menu, "options", []obj{}))), "components.0.components.0.options BASE_TYPE_BAD_LENGTH"},
		{"an option's label past its limit", components(row(with(menu, "options", []obj{{"label": long(101), "value": "a"}}))), "components.0.components.0.options.0.label BASE_TYPE_BAD_LENGTH"},
		{"an option's value twice", components(row(with(menu, "options", []obj{{"label": "a", "value": "a"}, {"label": "b", "value": "a"}}))), "components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
		{"a placeholder past its limit", components(row(with(menu, "placeholder", long(151)))), "components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH"},
		{"a select beside a button", components(row(menu, button("a"))), "components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
		{"a text input", components(row(obj{"type": 4, "custom_id": "a", "style": 1, "label": "x"})), "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"a text display without the flag", components(words("x")), "components.0.type UNION_TYPE_CHOICES"},
		{"mentions of an unknown kind", obj{"content": "x", "allowed_mentions": obj{"parse": []string{"all"}}}, "allowed_mentions.parse.0 BASE_TYPE_CHOICES"},
		{"a nonce past its length", obj{"content": "x", "nonce": long(26)}, "nonce BASE_TYPE_MAX_LENGTH"},
		{"an answer to nothing", obj{"content": "x", "message_reference": obj{"message_id": "5"}}, "message_reference MESSAGE_REFERENCE_UNKNOWN_MESSAGE"},
	}
	g := newGuild(t, discord.Options{})
	for _, c := range cases {
		expect(t, c.name, g.do("POST", "/channels/"+calls+"/messages", c.body), c.want)
	}
}

// TestComponentMessages holds messages of components to the limits of theirs.
func TestComponentMessages(t *testing.T) {
	t.Parallel()
	container := func(parts ...obj) obj { return obj{"type": 17, "components": parts} }
	section := obj{"type": 9, "components": []obj{words("a")}, "accessory": button("a")}
	cases := []struct {
		name string
		body obj
		want string
	}{
		{"a card", v2(container(words("# Call 7"), section, obj{"type": 14, "spacing": 2}, row(button("b")))), ""},
		{"40 components", v2(many(40, func(int) obj { return words("x") })...), ""},
		{"41 components", v2(container(many(40, func(int) obj { return words("x") })...)), "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"},
		{"4000 characters", v2(words(long(3000)), words(long(1000))), ""},
		{"4001 characters", v2(words(long(3000)), words(long(1001))), "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"},
		{"content beside it", with(v2(words("x")), "content", "y"), "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		{"embeds beside it", with(v2(words("x")), "embeds", []obj{{"title": "t"}}), "embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
		{"a section without accessory", v2(obj{"type": 9, "components": []obj{words("a")}}), "components.0.accessory BASE_TYPE_REQUIRED"},
		{"a section of four texts", v2(with(section, "components", many(4, func(int) obj { return words("x") }))), "components.0.components BASE_TYPE_BAD_LENGTH"},
		{"a container in a container", v2(container(container(words("x")))), "components.0.components.0.type UNION_TYPE_CHOICES"},
		{"a file that was not sent", v2(obj{"type": 13, "file": obj{"url": "attachment://a.pdf"}}), "components.0.file.url ATTACHMENT_NOT_FOUND"},
		{"an empty text", v2(words(" ")), "components.0.content BASE_TYPE_REQUIRED"},
		{"11 pictures", v2(obj{"type": 12, "items": many(11, func(int) obj { return obj{"media": obj{"url": "https://e.test/a.png"}} })}), "components.0.items BASE_TYPE_BAD_LENGTH"},
		{"a colour past white", v2(with(container(words("x")), "accent_color", 0x1000000)), "components.0.accent_color NUMBER_TYPE_MAX"},
		{"nothing", v2(), "50006"},
		{"a label", v2(obj{"type": 18, "label": "a", "component": obj{"type": 4, "custom_id": "a", "style": 1}}), "components.0.type UNION_TYPE_CHOICES"},
	}
	g := newGuild(t, discord.Options{})
	for _, c := range cases {
		expect(t, c.name, g.do("POST", "/channels/"+calls+"/messages", c.body), c.want)
	}
}

// expect compares a refusal with "path CODE", or with Discord's number.
func expect(t *testing.T, name string, r result, want string) {
	t.Helper()
	if want == "" {
		if r.status/100 != 2 {
			t.Errorf("%s: refused: %s", name, r.raw)
		}
		return
	}
	if r.status/100 == 2 {
		t.Errorf("%s: taken, want %s", name, want)
		return
	}
	got := problems(r)
	if !strings.Contains("\n"+got, "\n"+want+"\n") {
		t.Errorf("%s: got %s want %s", name, got, want)
	}
}

// problems lists what a refusal says, one "path CODE" a line.
func problems(r result) string {
	if r.body["errors"] == nil {
		return fmt.Sprintln(r.code())
	}
	var out strings.Builder
	var visit func(path string, v any)
	visit = func(path string, v any) {
		o, _ := v.(map[string]any)
		for k, inner := range o {
			if k != "_errors" {
				visit(strings.Trim(path+"."+k, "."), inner)
				continue
			}
			for _, e := range inner.([]any) {
				fmt.Fprintf(&out, "%s %s\n", path, e.(map[string]any)["code"])
			}
		}
	}
	visit("", r.body["errors"])
	return out.String()
}

// TestErrorShape is the shape of Discord's own example.
func TestErrorShape(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{})
	r := g.do("POST", "/channels/"+calls+"/messages", embed(obj{"fields": []obj{{"name": "n"}}}))
	want := `{"code":50035,"errors":{"embeds":{"0":{"fields":{"0":{"value":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}}}}},"message":"Invalid Form Body"}`
	var a, b any
	if json.Unmarshal([]byte(want), &a) != nil || json.Unmarshal([]byte(r.raw), &b) != nil || fmt.Sprint(a) != fmt.Sprint(b) || r.status != 400 {
		t.Errorf("got %d %s", r.status, r.raw)
	}
}
