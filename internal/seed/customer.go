package seed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Customer is a customer of the company with everything that belongs to it.
type Customer struct {
	ID        int64
	Name      string
	Phone     string // E.164
	Email     string
	Territory string
	Sites     []Site
	Contacts  []Contact
	Machines  []Machine
	kind      string
}

// Site is a place of a customer.
type Site struct {
	ID            int64
	Name, Address string
}

// Contact is a person at a customer's.
type Contact struct {
	ID                 int64
	Name, Phone, Email string
	Informed           []string // the ways on which they agreed to be kept informed
}

// Machine is a machine at a site of a customer.
type Machine struct {
	ID       int64
	SiteID   int64
	Model    string
	Serial   string
	Skills   []string
	Warranty *int // days from today until it ends; nil means none
	kind     string
}

type place struct{ territory, prefix string }

// fictional holds numbers that belong to nobody: Ofcom keeps 0000 to 0999 after each of these prefixes for drama,
// https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama. Its mobiles (07700 900000 to 900999) are
// missing because libphonenumber calls them invalid, so that Callout would refuse them.
var fictional = map[string]place{
	"London": {"South", "+44207946"}, "Bristol": {"South", "+44117496"}, "Reading": {"South", "+44118496"},
	"Cardiff": {"South", "+44292018"}, "Leeds": {"North", "+44113496"}, "Sheffield": {"North", "+44114496"},
	"Manchester": {"North", "+44161496"}, "Liverpool": {"North", "+44151496"}, "Newcastle": {"North", "+44191498"},
	"Leicester": {"East", "+44116496"}, "Birmingham": {"East", "+44121496"},
}

// model is an invented product.
type model struct {
	name, serial, kind string
	skills             []string
}

// models lists the products by what a customer of a kind has.
var models = map[string][]model{
	"office": {
		{"Vela C301", "VC3", "copier", []string{"copier"}},
		{"Vela C550", "VC5", "copier", []string{"copier"}},
		{"Orrery 4020", "OR4", "copier", []string{"copier"}},
		{"Orrery 6500 Net", "OR6", "copier", []string{"copier", "network"}},
		{"Plover P12", "PLV", "printer", []string{"network"}},
		{"Postmark F3", "PMF", "franking", []string{"franking"}},
		{"Cinder Bean XL", "CBX", "coffee", []string{"coffee"}},
	},
	"food": {
		{"Cinder Two Group", "CTG", "coffee", []string{"coffee"}},
		{"Plover P12", "PLV", "printer", []string{"network"}},
		{"Cinder Bean XL", "CBX", "coffee", []string{"coffee"}},
		{"Vela C301", "VC3", "copier", []string{"copier"}},
	},
	"print": {
		{"Brimstone MX8", "BMX", "copier", []string{"copier"}},
		{"Orrery 6500 Net", "OR6", "copier", []string{"copier", "network"}},
		{"Vela C550", "VC5", "copier", []string{"copier"}},
		{"Plover P12", "PLV", "printer", []string{"network"}},
	},
}

// plotter is the one machine that no technician has learned, so that a call stays without anybody.
var plotter = model{"Gantry 36", "GTY", "plotter", []string{"plotter"}}

// machineCounts is how many machines customers have, in turn; five customers have fifteen.
var machineCounts = []int{3, 1, 5, 2, 4}

// counter numbers the rows of one kind from 1.
type counter int64

func (c *counter) next() int64 { *c++; return int64(*c) }

type counters struct{ site, contact, machine counter }

func customers() []Customer {
	rng := rand.New(rand.NewPCG(40, 120)) // the same customers on every day
	var n counters
	out := make([]Customer, len(customerFacts))
	for i, f := range customerFacts {
		out[i] = newCustomer(i, f, &n)
		out[i].Machines = machines(rng, out[i], machineCounts[i%len(machineCounts)], &n)
	}
	for i := range out {
		out[i].Contacts[0].Informed = informed[out[i].Name]
	}
	first := &out[plotterOwner].Machines[0]
	first.Model, first.Serial, first.Skills, first.kind = plotter.name, plotter.serial+"-00117", plotter.skills, plotter.kind
	return out
}

func newCustomer(i int, f customerFact, n *counters) Customer {
	where := fictional[f.city]
	domain := f.domain + ".example" // RFC 2606 keeps this ending for examples
	c := Customer{
		ID: int64(i + 1), Name: f.name, Territory: where.territory, kind: f.kind,
		Phone: fmt.Sprintf("%s01%02d", where.prefix, i), Email: "office@" + domain,
	}
	for k, street := range strings.Split(f.streets, ";") {
		name := []string{"Main site", "Second site"}[k]
		c.Sites = append(c.Sites, Site{n.site.next(), name, strings.TrimSpace(street) + ", " + f.city})
	}
	for k, person := range strings.Split(f.people, ";") {
		person = strings.TrimSpace(person)
		c.Contacts = append(c.Contacts, Contact{
			ID: n.contact.next(), Name: person, Phone: fmt.Sprintf("%s0%d%02d", where.prefix, 2+k, i),
			Email: fmt.Sprintf("contact%d@%s", k+1, domain),
		})
	}
	return c
}

func machines(rng *rand.Rand, c Customer, count int, n *counters) []Machine {
	products := models[c.kind]
	out := make([]Machine, count)
	for k := range out {
		m := products[(k+int(c.ID))%len(products)]
		id := n.machine.next()
		out[k] = Machine{
			ID: id, SiteID: c.Sites[k%len(c.Sites)].ID, Model: m.name, Skills: slices.Clone(m.skills), kind: m.kind,
			Serial: fmt.Sprintf("%s-%05d", m.serial, 10000+id*137+rng.Int64N(100)),
		}
		if rng.IntN(100) < 60 {
			days := rng.IntN(1400) - 500
			if rng.IntN(5) == 0 {
				days = rng.IntN(41) - 20 // about to end, or just ended
			}
			out[k].Warranty = &days
		}
	}
	return out
}

// until is the day on which a warranty ends, as a date column wants it.
func (m Machine) until(now time.Time, zone *time.Location) *time.Time {
	if m.Warranty == nil {
		return nil
	}
	day := dateOf(now.In(zone).AddDate(0, 0, *m.Warranty))
	return &day
}

// contract is the day on which the service contract ends, for every third machine.
func (m Machine) contract(now time.Time, zone *time.Location) *time.Time {
	if m.ID%3 != 0 {
		return nil
	}
	day := dateOf(now.In(zone).AddDate(0, 0, int(m.ID*37%700)-60))
	return &day
}

func dateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func has(words []string, word string) bool { return slices.Contains(words, word) }
