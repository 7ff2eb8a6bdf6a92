package desk

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseFilter(t *testing.T) {
	t.Parallel()
	check := func(typed string, want Filter) {
		t.Helper()
		got, err := ParseFilter(NounCalls, typed)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
	check("", Filter{})
	check(" \t\n", Filter{})
	check("status:pending", Filter{Status: "pending"})
	check("STATUS:On-Site", Filter{Status: "on_site"})
	check(`status:"on site"`, Filter{Status: "on_site"})
	check("state:closed prio:Urgent", Filter{Status: "closed", Priority: "urgent"})
	check("priority:low", Filter{Priority: "low"})
	check(`customer:"Acme Foods"`, Filter{Customer: "Acme Foods"})
	check("customer:“Acme Foods”", Filter{Customer: "Acme Foods"})
	check("cust:„Müller & Söhne”", Filter{Customer: "Müller & Söhne"})
	check("customer:«Café de l’Ouest»", Filter{Customer: "Café de l'Ouest"})
	check("customer:02079460000", Filter{Customer: "02079460000"})
	check("tech:@maria", Filter{Tech: "@maria"})
	check("technician:me", Filter{Tech: "me"})
	check("assigned:none", Filter{Tech: "none"})
	check("tech:<@U123|maria>", Filter{Tech: "<@U123|maria>"})
	check("from:2026-01-01 to:last-month", Filter{From: "2026-01-01", To: "last-month"})
	check("from:2026-01-01 to:today", Filter{From: "2026-01-01", To: "today"})
	check("since:30d until:yesterday", Filter{From: "30d", To: "yesterday"})
	check("paper   jam", Filter{Words: "paper jam"})
	check(`"paper jam" tray`, Filter{Words: "paper jam tray"})
	check(`a "" b`, Filter{Words: "a b"})
	check(`"status:pending"`, Filter{Words: "status:pending"})
	check("<@U123|maria>", Filter{Words: "<@U123|maria>"})
	check(":colon first", Filter{Words: ":colon first"})
	check(`customer:"unclosed quote status:pending`, Filter{Customer: "unclosed quote status:pending"})
	check("status:pending status:pending", Filter{Status: "pending"})
	check(`customer:"The \"5\" & Co\\" x`, Filter{Customer: `The "5" & Co\`, Words: "x"})
	check(`customer:"\“Blue\” Café \’s"`, Filter{Customer: "“Blue” Café ’s"})
	check(`\\server\x`, Filter{Words: `\\server\x`})
	check(`"\" x`, Filter{Words: `" x`})
	check(`"a\b" tech:a\`, Filter{Words: `a\b`, Tech: `a\`})
	check("tray\x00 two\xff", Filter{Words: "tray two"})
	check(`status:pending customer:"Acme Foods" tech:@maria from:2026-01-01 to:last-month priority:urgent words`, Filter{
		Status: "pending", Customer: "Acme Foods", Tech: "@maria", From: "2026-01-01", To: "last-month", Priority: "urgent", Words: "words",
	})
}

func TestParseFilterRefuses(t *testing.T) {
	t.Parallel()
	check := func(typed string, words ...string) {
		t.Helper()
		got, err := ParseFilter(NounCalls, typed)
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != Invalid {
			t.Errorf("%q: got %+v, %v", typed, got, err)
			return
		}
		for _, w := range words {
			if !strings.Contains(refused.Text, w) {
				t.Errorf("%q: %q does not say %q", typed, refused.Text, w)
			}
		}
	}
	check("statsu:pending", "no filter “statsu:”", "Did you mean “status”?", "status:, priority:, customer:, tech:, from: and to:")
	check("colour:red", "no filter “colour:”", "The filters are")
	check("status:pendng", "“pendng” is not a status", "Did you mean “pending”?", "pending, closed, unassigned, offered, accepted, en_route, on_site or waiting")
	check("status:lost", "“lost” is not a status", "Allowed: pending")
	check("priority:hihg", "Did you mean “high”?", "urgent, high, normal or low")
	check("customer:", "“customer:” has no value", `customer:"Acme Foods"`)
	check(`customer:"  "`, "has no value")
	check("status: pending", "has no value")
	check("status:pending status:closed", "“status:” is there twice (pending and closed)")
	check("from:2026-02-30", "“from:2026-02-30” is not a date that exists", "2026-01-31")
	check("to:soon", "“to:soon” is not a date that exists", "last-month")
	check("from:1969-12-31", "too far away")
	check("words "+strings.Repeat("x", 1000), "at most 1000")
}

func TestFilterStringParsesBack(t *testing.T) {
	t.Parallel()
	for _, f := range []Filter{
		{},
		{Status: "on_site", Priority: "low", Customer: "Acme Foods", Tech: "<@U1|maria>", From: "last-week", To: "2026-01", Words: "paper jam"},
		{Customer: "two\nlines"},
		{Words: "status:pending is what they said"},
		{Words: "http://example.com/a:b 17:00"},
		{Customer: `5" Screens`, Tech: `"`, Words: `19" rack`},
		{Customer: `“Blue” O’Neill's\`, Tech: `a"b\`, Words: `\\x "status:y" \"`},
		{Customer: "O'Neill", Words: "50% off_line \\ <!channel>"},
	} {
		got, err := ParseFilter(NounCalls, f.String())
		if err != nil {
			t.Errorf("%+v as %q: %v", f, f.String(), err)
		} else if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%q: %s", f.String(), diff)
		}
	}
}

func TestFilterFields(t *testing.T) {
	t.Parallel()
	var f Filter
	for _, key := range append(FilterKeys(NounCalls), "words") {
		f.Set(key, "v-"+key)
	}
	f.Set("colour", "red")
	want := Filter{Status: "v-status", Priority: "v-priority", Customer: "v-customer", Tech: "v-tech", From: "v-from", To: "v-to", Words: "v-words"}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if f.Value("tech") != "v-tech" || f.Value("colour") != "" || f.Empty() || !(Filter{}).Empty() {
		t.Error("Value or Empty is wrong")
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{
		"", `status:pending customer:"Acme Foods" tech:@maria from:2026-01-01 to:last-month priority:urgent words`,
		"“a” status:on-site", `"`, `a"b c"d`, "x:y", "::", "from:30d to:today", "customer:“ ”", "tech:<@U1|x>", `"status:x" 17:00`, `customer:"a\"b\\" "\“x"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		first, err := ParseFilter(NounCalls, typed)
		if err != nil {
			if CodeOf(err) == "" {
				t.Fatalf("%q: an error nobody may read: %v", typed, err)
			}
			return
		}
		if !utf8.ValidString(first.Words + first.Customer + first.Tech) {
			t.Fatalf("%q: invalid UTF-8 in %+v", typed, first)
		}
		again, err := ParseFilter(NounCalls, first.String())
		if err != nil {
			t.Fatalf("%q became %q: %v", typed, first.String(), err)
		}
		if again != first {
			t.Fatalf("%q became %q: %s", typed, first.String(), cmp.Diff(first, again))
		}
	})
}
