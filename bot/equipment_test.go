package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/store"
)

// busyMachine is a machine with the longest of everything, and the id of a plan of it.
func (s *shop) busyMachine() (ada *person, id, template, plan int64) {
	s.Helper()
	ada = s.member("Ada", desk.Roles()...)
	long := func(n int) string { return strings.Repeat("Ŵ", n) }
	c := s.customer(long(200))
	for i := range 120 {
		_, err := s.store.InsertSite(s.ctx, store.InsertSiteParams{CustomerID: c.ID, Name: long(200) + fmt.Sprint(i), Address: long(300), CreatedAt: s.now})
		s.must(err)
	}
	id, err := s.Desk.AddEquipment(s.ctx, ada.actor(), c.ID, desk.Fields{
		"model": long(desk.MaxModel), "serial": long(desk.MaxSerial), "site": "1", "notes": long(desk.MaxNotes), "meter_unit": long(desk.MaxMeterUnit),
		"skills": long(desk.MaxSkills), "warranty_until": "2026-03-30", "contract_until": "2026-03-09", "installed_on": "2020-01-01",
	})
	s.must(err)
	for i := range 7 {
		_, err := s.Desk.ReadMeter(s.ctx, ada.actor(), id, desk.NewReading{Value: fmt.Sprint(1000000000000 + i), On: fmt.Sprintf("2026-02-%02d", i+1)})
		s.must(err)
	}
	var steps []string
	for range 14 {
		steps = append(steps, "check "+long(desk.MaxStep))
	}
	template, err = s.Desk.AddTemplate(s.ctx, ada.actor(), desk.Fields{"name": long(desk.MaxName), "model": long(desk.MaxModel), "steps": strings.Join(steps, "\n")})
	s.must(err)
	for range 12 {
		plan, err = s.Desk.AddPlan(s.ctx, ada.actor(), id, desk.Fields{
			"template": fmt.Sprint(template), "every": "10000", "unit": "month", "meter_every": "1000000000000", "months": "1,2,3,4,5,6,7,8,9,10,11",
			"shift": "after", "technician": fmt.Sprint(ada.member.ID),
		})
		s.must(err)
	}
	for range 12 {
		_, err = s.Desk.LogCall(s.ctx, ada.actor(), desk.NewCall{CustomerID: c.ID, EquipmentID: id, Summary: long(desk.MaxSummary)})
		s.must(err)
	}
	return ada, id, template, plan
}

// checkCard fails the test if a card has more parts than a message holds, or a text that is too long for one.
func checkCard(t *testing.T, c *Card) {
	t.Helper()
	if c == nil {
		t.Fatal("no card")
	}
	if len(c.Parts) > 48 {
		t.Errorf("%.40s: %d parts", c.Text, len(c.Parts))
	}
	all := 0
	for _, p := range c.Parts {
		text := ""
		switch p := p.(type) {
		case Text:
			text = Words(p).String()
		case Item:
			text = p.Text.String()
		case Facts:
			if len(p) > 10 {
				t.Errorf("%d facts", len(p))
			}
		}
		if n := len([]rune(text)); n > 3000 {
			t.Errorf("%.40s: a part of %d characters", c.Text, n)
		}
		all += len([]rune(text))
	}
	if all > 9500 {
		t.Errorf("%.40s: %d characters", c.Text, all)
	}
}

func TestMachinesKeepTheirLimits(t *testing.T) {
	s := openShop(t)
	ada, id, template, plan := s.busyMachine()
	for _, line := range []string{"/equipment", fmt.Sprint("/equipment ", id), "/callout templates", fmt.Sprint("/callout templates ", template), "/callout holidays"} {
		checkCard(t, ada.types(line).Say)
	}
	checkCard(t, ada.presses("equipment.history", id).Say)
	checkCard(t, ada.presses("plan.show", plan).Say)
	checkCard(t, ada.presses("plan.history", plan).Say)
	checkCard(t, ada.presses("template.history", template).Say)
	for action, of := range map[string]int64{
		formEditEquipment: id, formReadMeter: id, formAddPlan: id, formEditPlan: plan, formEditTemplate: template, formAddEquipment: 1, "equipment.call": id,
	} {
		checkForm(t, ada.presses(action, of).Form)
	}
	for _, line := range []string{"/equipment add " + strings.Repeat("Ŵ", 300), "/callout templates add " + strings.Repeat("Ŵ", 300), "/callout holidays add " + strings.Repeat("Ŵ", 4000)} {
		checkForm(t, ada.types(line).Form)
	}
	f := ada.presses(formReadMeter, id).Form
	r := ada.sends(formReadMeter, f.State, Values{"value": {"999999999999999"}, "on": {"2026-03-10"}, "note": {"yes"}})
	checkForm(t, r.Form)
	s.wants(r, "Sure?", "note Note yes")
	var days []string
	for i := range 60 {
		days = append(days, s.now.AddDate(0, 0, i).Format("2006-01-02")+" "+strings.Repeat("Ŵ", 100))
	}
	r = ada.sends(formAddHolidays, "", Values{"days": {strings.Join(days[:25], "\n")}})
	checkCard(t, r.Say)
	checkCard(t, ada.presses("holiday.remove", "2026-03-11").Update)
}

func TestWhoMayDoWhatWithMachines(t *testing.T) {
	s := openShop(t)
	_, id, template, plan := s.busyMachine()
	vic, tim := s.member("Vic", desk.Viewer), s.technician("Tim")
	s.wants(vic.presses("equipment.show", id), "!Edit", "!Read meter", "!Add plan", "!Retire", "[History]")
	s.wants(tim.presses("equipment.show", id), "[Edit]", "[Read meter]", "!Add plan", "[Retire]")
	for action, of := range map[string]int64{formEditEquipment: id, formReadMeter: id, formAddPlan: id, formEditPlan: plan, formEditTemplate: template, formAddTemplate: 0, formAddHolidays: 0} {
		if r := vic.presses(action, of); r.Form != nil || r.Say == nil {
			t.Errorf("Vic may open %s", action)
		}
	}
	for _, action := range []string{formAddPlan, formEditPlan, formEditTemplate, formAddTemplate, formAddHolidays} {
		if r := tim.presses(action, id); r.Form != nil {
			t.Errorf("Tim may open %s", action)
		}
	}
}

func TestEndWords(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	for days, want := range map[int]string{-1: "ended 9 Mar 2026", 0: "ends today", 1: "ends in 1 day (11 Mar 2026)", 20: "ends in 20 days (30 Mar 2026)", 61: "until 10 May 2026"} {
		if got := endWords(today.AddDate(0, 0, days), today); got != want {
			t.Errorf("in %d days: %q, want %q", days, got, want)
		}
	}
	for days, want := range map[int]string{-1: "overdue since 9 Mar 2026", 0: "due today", 1: "due tomorrow", 20: "due 30 Mar 2026, in 20 days", 61: "due 10 May 2026"} {
		if got := dueShort(today.AddDate(0, 0, days), today); got != want {
			t.Errorf("in %d days: %q, want %q", days, got, want)
		}
	}
}

func TestRetireAndBringBack(t *testing.T) {
	s := openShop(t)
	ada, id, _, _ := s.busyMachine()
	press := func(action string) Reply {
		return ada.does(Request{Kind: KindButton, Name: action, Value: fmt.Sprint(id), Surface: SurfacePersonal})
	}
	if r := press("equipment.retire"); r.Update == nil {
		t.Errorf("the card does not change: %+v", r)
	}
	s.wants(ada.presses("equipment.show", id), "Retired on 10 Mar 2026", "[Bring back]", "!Log a call for it", "rests while the machine is retired")
	s.wants(ada.types("/equipment"), "There are no machines yet")
	s.wants(ada.types("/equipment status:retired"), "retired")
	press("equipment.return")
	s.wants(ada.presses("equipment.show", id), "[Retire]", "[Log a call for it]")
	s.wants(ada.presses("equipment.history", id), "brought it back", "retired it", "planned maintenance")
}
