package seed

import (
	"fmt"
	"time"

	"callout/desk"
)

// Firm is the made-up company as plain data. Ids are those of the rows that Apply writes.
type Firm struct {
	Name      string
	Zone      string // IANA name
	Country   string // ISO 3166 code
	Currency  string // ISO 4217 code
	Members   []Member
	Channels  []Channel
	Customers []Customer
}

// Member is one person of the company.
type Member struct {
	ID        int64
	UserID    string // in Slack
	DiscordID string
	Handle    string // what chat calls the person
	Name      string
	Title     string
	Email     string
	Phone     string // E.164
	Roles     []desk.Role
	Skills    []string
	Territory string
	Capacity  int
	Hours     []Hours
	OnCall    []Hours // urgent calls only
}

// Hours is a time of each of some weekdays at which a technician is on duty.
type Hours struct {
	Days         []time.Weekday
	Starts, Ends int // minutes after local midnight
}

// Channel is a channel of the company's chat workspace.
type Channel struct {
	ID        string
	DiscordID string
	Name      string // without #
	Purpose   string
	Members   []string // ids of users in Slack
}

// The channels of the company.
const (
	CallsChannel   = "C0CALLS"
	QuotesChannel  = "C0QUOTES"
	ReportsChannel = "C0REPORTS"
	GeneralChannel = "C0GENERAL"
)

// Company returns the made-up company: its people, channels and customers. Every call returns a new copy.
func Company() Firm {
	members := people()
	return Firm{
		Name: "Harbour Office Machines (demo)", Zone: "Europe/London", Country: "GB", Currency: "GBP",
		Members: members, Channels: channels(members), Customers: customers(),
	}
}

var (
	everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	workDays = []time.Weekday{1, 2, 3, 4, 5}
)

// people makes the members. Whatever the hour, two technicians are on duty: people try the demo at night, too.
func people() []Member {
	members := []Member{
		{Handle: "maren", Name: "Maren Ashdown", Title: "Owner", Roles: []string{desk.Admin, desk.Dispatcher}},
		{Handle: "joel", Name: "Joel Fairweather", Title: "Front desk", Roles: []string{desk.Dispatcher}},
		{
			Handle: "priya", Name: "Priya Nightingale", Title: "Field technician, around the clock",
			Roles: []string{desk.Technician}, Skills: []string{"copier", "network", "coffee", "franking"},
			Territory: "South", Capacity: 8, Hours: []Hours{{everyDay, 0, 24 * 60}},
		},
		{
			Handle: "tomasz", Name: "Tomasz Wrzesień", Title: "Field technician, days",
			Roles: []string{desk.Technician}, Skills: []string{"copier", "coffee", "network"},
			Territory: "North", Capacity: 8, Hours: []Hours{{everyDay, 7 * 60, 19 * 60}},
		},
		{
			Handle: "luca", Name: "Luca Ferrante", Title: "Field technician, nights",
			Roles: []string{desk.Technician}, Skills: []string{"copier", "network", "coffee"},
			Territory: "East", Capacity: 6, Hours: []Hours{{everyDay, 0, 8 * 60}, {everyDay, 18 * 60, 24 * 60}},
		},
		{
			Handle: "aoife", Name: "Aoife Calloway", Title: "Workshop and quotes",
			Roles: []string{desk.Technician, desk.Sales}, Skills: []string{"copier", "network", "franking"},
			Territory: "East", Capacity: 4, Hours: []Hours{{workDays, 8*60 + 30, 17 * 60}}, OnCall: []Hours{{[]time.Weekday{time.Saturday}, 9 * 60, 17 * 60}},
		},
		{Handle: "sam", Name: "Sam Okafor-Lindqvist", Title: "Sales", Roles: []string{desk.Sales}},
		{Handle: "greta", Name: "Greta Hollis", Title: "Accounts", Roles: []string{desk.Viewer}},
	}
	for i := range members {
		m := &members[i]
		m.ID = int64(i + 1)
		m.UserID = fmt.Sprintf("U0DEMO%02d", m.ID)
		m.DiscordID = fmt.Sprintf("11000000000000002%02d", m.ID)
		m.Email = m.Handle + "@example.com"
		m.Phone = fmt.Sprintf("%s09%02d", fictional["London"].prefix, m.ID)
		if m.Capacity == 0 {
			m.Capacity = 3 // as the database does for who is no technician
		}
	}
	return members
}

func channels(members []Member) []Channel {
	ids := func(handles ...string) []string {
		var out []string
		for _, m := range members {
			if len(handles) == 0 || has(handles, m.Handle) {
				out = append(out, m.UserID)
			}
		}
		return out
	}
	return []Channel{
		{GeneralChannel, "1100000000000000301", "general", "Everything that has no channel of its own", ids()},
		{CallsChannel, "1100000000000000302", "calls", "Customers' calls, one card each", ids()},
		{QuotesChannel, "1100000000000000303", "quotes", "Quotes asked for and sent", ids("maren", "joel", "aoife", "sam")},
		{ReportsChannel, "1100000000000000304", "reports", "Reports, every Monday and whenever asked for", ids("maren", "joel", "sam", "greta")},
	}
}

// rules returns the hours as the database keeps them: one row for each weekday.
func (m Member) rules() []rule {
	var out []rule
	for i, hours := range [][]Hours{m.Hours, m.OnCall} {
		for _, h := range hours {
			for _, day := range h.Days {
				out = append(out, rule{int32(day), int32(h.Starts), int32(h.Ends), i == 1})
			}
		}
	}
	return out
}

type rule struct {
	weekday, starts, ends int32
	onCall                bool
}

func (m Member) is(role desk.Role) bool { return has(m.Roles, role) }
