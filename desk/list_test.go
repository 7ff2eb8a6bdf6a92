package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// numbers returns the numbers of the calls that a typed filter finds, the newest first.
func (s *shop) numbers(a Actor, typed string) string {
	s.Helper()
	f, err := ParseFilter(NounCalls, typed)
	s.must(err)
	page, err := s.Calls(s.ctx, a, f, 0, 50)
	s.must(err)
	out := make([]string, len(page.Calls))
	for i, c := range page.Calls {
		out[i] = fmt.Sprint(c.ID)
	}
	return strings.Join(out, " ")
}

func TestFiltersAgainstData(t *testing.T) {
	s := openShop(t)
	s.clock.move(-40 * 24 * time.Hour) // 2026-01-29
	front, tom, ann := s.member("Fay", Dispatcher), s.technician("Tom Ross"), s.technician("Ånn Lee")
	acme, zoe := s.customer("Acme Foods"), s.customer("Café Zoë")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE customer SET phone = '', search = $1 WHERE id = $2", CustomerSearch("Café Zoë", "+4930123456"), zoe.ID)
	s.must(err)
	s.logs(front, acme, func(c *NewCall) { c.Summary, c.Details, c.Priority = "Paper jam", "TRÄY two", "urgent" }) // 1
	s.clock.move(39*24*time.Hour + 14*time.Hour)                                                                   // 2026-03-09 23:30
	s.logs(front, zoe, func(c *NewCall) { c.Summary = "50% too dark" })                                            // 2
	s.clock.move(time.Hour)                                                                                        // 2026-03-10 00:30
	s.logs(front, acme, func(c *NewCall) { c.Summary = "No power" })                                               // 3
	s.logs(front, zoe)                                                                                             // 4
	s.must(s.Accept(s.ctx, tom, 1))
	s.must(s.Close(s.ctx, tom, 1, "Cleaned"))
	s.must(s.Accept(s.ctx, tom, 2))
	s.must(s.OnSite(s.ctx, tom, 2))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: 3}))
	check := func(typed, want string) { t.Helper(); s.is(typed, s.numbers(front, typed), want) }
	check("", "4 3 2 1")
	check("status:pending", "4 3 2")
	check("status:closed", "1")
	check("status:unassigned", "4")
	check("status:offered", "3")
	check("status:on-site", "2")
	check("status:accepted", "")
	check("priority:urgent", "1")
	check("priority:normal", "4 3 2")
	check("customer:acme", "3 1")
	check(`customer:"zoe cafe"`, "4 2")
	check("customer:+4930", "4 2")
	check(`customer:"030 123"`, "4 2")
	check("customer:nobody", "")
	check("tech:@tom", "2 1")
	check("tech:@tom.ross", "2 1")
	check("tech:ann", "")
	check("tech:none", "4 3")
	check("tech:me", "")
	check("tech:<@U0TOMROSS|tom>", "2 1")
	check("from:2026-03-10", "4 3")
	check("to:2026-03-09", "2 1")
	check("from:2026-01-29 to:2026-01-29", "1")
	check("from:today", "4 3")
	check("from:yesterday to:yesterday", "2")
	check("from:2026-01-01 to:today", "4 3 2 1")
	check("to:last-month", "1")
	check("jam tray", "1")
	check("PAPER", "4 1")
	check("50%", "2")
	check("_", "")
	check("status:pending customer:zoe tech:tom from:last-month dark", "2")
	s.is("of Tom himself", s.numbers(tom, "tech:me"), "2 1")
	s.is("of Ann herself", s.numbers(ann, "tech:me"), "")
}

func TestDaysAreThoseOfTheReader(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	s.clock.move(14 * time.Hour) // 23:30 in UTC, next day in Auckland
	s.logs(front, acme)
	kiwi := front
	kiwi.Timezone = "Pacific/Auckland"
	s.is("UTC", s.numbers(front, "from:2026-03-11"), "")
	s.is("Auckland", s.numbers(kiwi, "from:2026-03-11"), "1")
}

func TestFilterRefusesWhoIsNotThere(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	for _, typed := range []string{"tech:@zork", "tech:<@U0NOBODY>", "tech:@", "tech:@%"} {
		f, err := ParseFilter(NounCalls, typed)
		s.must(err)
		_, err = s.Calls(s.ctx, front, f, 0, 10)
		s.refuses(err, Invalid, "/callout team")
	}
	_, err := s.Calls(s.ctx, front, Filter{From: "2026-03-11", To: "today"}, 0, 10)
	s.refuses(err, Invalid, "Swap them")
	_, err = s.Calls(s.ctx, s.member("Nik"), Filter{}, 0, 10)
	s.refuses(err, Forbidden)
}

func TestPagingHasNoGapsAndRepeats(t *testing.T) {
	s := openShop(t)
	front, acme, other := s.member("Fay", Dispatcher), s.customer("Acme"), s.customer("Other")
	const total = 25
	for i := range total {
		c := acme
		if i%2 == 1 {
			c = other
		}
		s.logs(front, c)
	}
	read := func(f Filter, size int) (numbers []int64, pages int) {
		t.Helper()
		for before := int64(0); ; pages++ {
			page, err := s.Calls(s.ctx, front, f, before, size)
			s.must(err)
			for _, c := range page.Calls {
				numbers = append(numbers, c.ID)
			}
			if pages == 0 { // calls that come in while somebody reads stay out of the way
				s.logs(front, acme)
			}
			if before = page.Next; before == 0 {
				return numbers, pages + 1
			}
		}
	}
	numbers, pages := read(Filter{}, 10)
	if len(numbers) != total || pages != 3 {
		t.Errorf("%d calls on %d pages", len(numbers), pages)
	}
	descending := slices.IsSortedFunc(numbers, func(a, b int64) int { return int(b - a) })
	if len(slices.Compact(numbers)) != total || !descending {
		t.Errorf("the pages are %v", numbers)
	}
	if numbers, pages = read(Filter{Customer: "other"}, 4); len(numbers) != 12 || pages != 3 {
		t.Errorf("%d calls of one customer on %d pages", len(numbers), pages)
	}
	if page, err := s.Calls(s.ctx, front, Filter{Customer: "other"}, 0, 12); err != nil || page.Next != 0 {
		t.Errorf("a full last page has a next one: %v, %v", page.Next, err)
	}
}

func TestFindCustomers(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	var ids []int64
	for _, name := range []string{"Acme Foods", "Acme Print", "100% Fruit"} {
		s.clock.move(time.Minute)
		ids = append(ids, s.customer(name).ID)
	}
	s.clock.move(time.Minute)
	s.logs(front, s.customerByID(ids[0]))
	names := func(typed string, most int) string {
		t.Helper()
		rows, err := s.FindCustomers(s.ctx, front, typed, most)
		s.must(err)
		var out []string
		for _, c := range rows {
			out = append(out, c.Name)
		}
		return strings.Join(out, ", ")
	}
	s.is("the one with the latest call first", names("acme", 10), "Acme Foods, Acme Print")
	s.is("nothing typed", names("", 2), "Acme Foods, 100% Fruit")
	s.is("a percent sign is one", names("0% f", 10), "100% Fruit")
	s.is("strange bytes", names("acme\x00\xff", 10), "Acme Foods, Acme Print")
	s.is("nobody", names("zork", 10), "")
	_, err := s.FindCustomers(s.ctx, s.member("Nik"), "acme", 10)
	s.refuses(err, Forbidden)
}

func TestCustomerFacts(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	e := s.machine(acme, "S1")
	s.machine(acme, "S2")
	for range 2 {
		s.logs(front, acme, func(c *NewCall) { c.EquipmentID = e.ID })
	}
	s.must(s.Close(s.ctx, front, 1, "Done"))
	f, err := s.CustomerFacts(s.ctx, front, acme.ID)
	s.must(err)
	if len(f.Equipment) != 2 || f.Equipment[0].Pending != 1 || f.Equipment[1].Pending != 0 || f.Customer.Name != "Acme" {
		t.Errorf("facts: %+v", f)
	}
	_, err = s.CustomerFacts(s.ctx, front, 99999)
	s.refuses(err, NotFound, "Choose again")
}
