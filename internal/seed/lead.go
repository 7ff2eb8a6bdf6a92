package seed

import (
	"fmt"
	"strings"

	"callout/desk"
)

// leadFact is somebody who may become a customer. stages are the days ago on which it came to each stage, the first being new.
type leadFact struct {
	name, company, city, source, interest, owner string
	stages                                       []step
	action                                       string
	due                                          int // days from today
	why                                          string
	became                                       string // the customer
}

type step struct {
	daysAgo int
	stage   string
}

// leadFacts are invented, the oldest first. They are due today, overdue, soon and not at all.
var leadFacts = []leadFact{
	{"Rosalind Thorne", "Thorne Translations", "London", "Website", "Two small colour printers for the new office.", "sam", []step{{160, "new"}, {155, "contacted"}, {131, "lost"}}, "", never, "Leases from the landlord, machines are included.", ""},
	{"Tony Spratt", "Hôtel Belle-Île", "Bristol", "Existing customer", "A second coffee machine for the terrace.", "sam", []step{{140, "new"}, {138, "qualified"}, {120, "quoted"}, {98, "won"}}, "", never, "", "Hôtel Belle-Île"},
	{"Barnaby Crisp", "Crisp & Sons Bakers", "Manchester", "Trade fair", "Espresso machine on a service contract.", "aoife", []step{{133, "new"}, {130, "contacted"}, {112, "qualified"}, {80, "lost"}}, "", never, "Bought second-hand from a friend.", ""},
	{"Alec Dowd", "Blue Heron Insurance", "Reading", "Existing customer", "Four more copiers for the floor they rented.", "sam", []step{{92, "new"}, {90, "qualified"}, {77, "quoted"}, {52, "won"}}, "", never, "", "Blue Heron Insurance"},
	{"Ottilie Brandt", "Brandt Orthodontics", "London", "Recommended", "Appointment cards and letters, about 3,000 pages a month.", "sam", []step{{61, "new"}, {58, "contacted"}, {44, "qualified"}, {20, "quoted"}}, "Ring about the quote", -4, "", ""},
	{"Jonah Pike", "Pike's Cycle Works", "Sheffield", "Website", "Label printer for parts.", "aoife", []step{{48, "new"}, {46, "contacted"}}, "Send the label samples", -1, "", ""},
	{"Reza Tehrani", "Quayside Architects", "Newcastle", "Existing customer", "A scanner for large plans.", "sam", []step{{39, "new"}, {37, "quoted"}, {11, "won"}}, "", never, "", "Quayside Architects"},
	{"Mirela Ionescu", "Ionescu Notaries", "Birmingham", "Telephone", "Copier with a finisher; theirs is eleven years old.", "sam", []step{{34, "new"}, {33, "contacted"}, {21, "qualified"}}, "Show the Vela C550 at theirs", 0, "", ""},
	{"Gwen Maddox", "Maddox Farm Holidays", "Cardiff", "Website", "Coffee for six holiday flats, wants to rent.", "aoife", []step{{27, "new"}, {25, "contacted"}, {15, "qualified"}, {9, "quoted"}}, "Ask whether the rental sum is right", 0, "", ""},
	{"Hamish Orr", "Orr Boatbuilders", "Newcastle", "Trade fair", "Waterproof labels.", "sam", []step{{22, "new"}, {19, "lost"}}, "", never, "Too far out for a service contract.", ""},
	{"Dr Yusuf Adeyemi", "Lantern Row Surgery", "Leeds", "Recommended", "Two printers for prescriptions, must not be down.", "sam", []step{{16, "new"}, {14, "contacted"}}, "Send the service contract to read", 0, "", ""},
	{"Clementine Rusk", "Rusk & Barrow Auctions", "Leicester", "Website", "Catalogues in colour, 40,000 pages twice a year.", "maren", []step{{12, "new"}, {10, "contacted"}, {6, "qualified"}}, "Invite to see the Brimstone MX8", 3, "", ""},
	{"Petra Lindholm", "Saltmere Sailing Club", "Leicester", "Telephone", "Something small for the club room.", "aoife", []step{{8, "new"}}, "Ring back after six", 1, "", ""},
	{"Νίκος Αντωνίου", "Αντωνίου Travel", "London", "Recommended", "Brochures, in Greek and English.", "sam", []step{{5, "new"}, {4, "contacted"}}, "Print their sample brochure", 5, "", ""},
	{"Florence Achterberg", "", "Bristol", "Website", "Would like a quiet printer for working from home.", "aoife", []step{{2, "new"}}, "Write to her", 0, "", ""},
	{"Imre Szabó", "Szabó Violins", "Liverpool", "Trade fair", "Certificates on heavy paper.", "sam", []step{{1, "new"}}, "Introduce ourselves", 1, "", ""},
	{"Dilys Pugh", "Pugh's Tea Room", "Cardiff", "Telephone", "Rang about a Cinder Two Group, has seen one at Tŷ Coch.", "sam", []step{{0, "new"}}, "Ring back", 0, "", ""},
}

func (b *books) leads() {
	t := newTable("lead", "id", "name", "company", "phone", "email", "source", "interest", "owner_id", "stage", "next_action", "next_on",
		"lost_reason", "customer_id", "search", "added_by", "added_at", "stage_at", "version")
	for i, f := range leadFacts {
		id, owner := int64(i+1), b.member(f.owner)
		phone, email := fmt.Sprintf("%s05%02d", fictional[f.city].prefix, i), f.email()
		by := owner
		if f.source == "Telephone" || f.source == "Website" {
			by = b.member("joel")
		}
		added := b.clock(f.stages[0].daysAgo, 9+i%7, 7*i%60)
		b.tell(entry{kind: desk.LeadRecord, id: id, at: added, by: &by, via: "slack", what: "added"})
		last := f.stages[len(f.stages)-1]
		at := added
		for k, s := range f.stages[1:] {
			at = b.clock(s.daysAgo, 11+k, 5*i%60)
			what, note := "stage", ""
			if s.stage == desk.LeadWon || s.stage == desk.LeadLost {
				what, note = s.stage, f.why
			}
			b.tell(entry{kind: desk.LeadRecord, id: id, at: at, by: &owner, via: "slack", what: what, before: f.stages[k].stage, after: s.stage, note: note})
		}
		var customer *int64
		if f.became != "" {
			customer = &b.customer(f.became).ID
		}
		search := folded(f.name, f.company, email, f.source, f.interest) + " " + strings.TrimPrefix(phone, "+") + " 0" + strings.TrimPrefix(phone, "+44")
		t.add(id, f.name, f.company, phone, email, f.source, f.interest, owner, last.stage, f.action, b.inDays(f.due), f.why, customer, search,
			by, added, at, int64(len(f.stages)))
	}
	b.tables = append(b.tables, t)
}

// email is an address that is nobody's: RFC 2606 keeps its ending for examples.
func (f leadFact) email() string {
	name := strings.FieldsFunc(folded(f.name), func(r rune) bool { return r < 'a' || r > 'z' })
	if len(name) == 0 {
		return "hello@lead.example"
	}
	return name[len(name)-1] + "@lead.example"
}
