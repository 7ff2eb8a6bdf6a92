package seed

import "callout/desk"

// templateFact is a checklist as people type it. Its steps are parsed as the desk parses them.
type templateFact struct {
	name, model string
	steps       string
	found       []answer // what is usually found, in the order of the steps
}

type answer struct{ result, value, note string }

var templateFacts = []templateFact{
	{
		"Yearly copier service", "",
		`check Read the counter and print the status page
pass Feed rollers
pass Separation pads
number Fuser temperature 150..200 °C
check Clean the glass and the mirrors
choice Transfer belt: good, worn, replaced
pass Document feeder, ten pages both sides
number Print density 1.2..1.6
photo Test page
text What to bring next time (optional)`,
		[]answer{{"done", "", ""}, {"pass", "", ""}, {"pass", "", ""}, {"pass", "178", ""}, {"done", "", ""}, {"done", "good", ""}, {"pass", "", ""}, {"pass", "1.41", ""}, {"done", "", ""}, {"done", "Roller kit", ""}},
	},
	{
		"Espresso machine check", "",
		`check Backflush both groups
pass Group seals
pass Steam valves
number Boiler pressure 0.9..1.3 bar
number Brew temperature 90..95 °C
check Water filter, note its date
number Water hardness ..7 °dH
pass Drain and tray
photo Machine after cleaning (optional)`,
		[]answer{{"done", "", ""}, {"pass", "", ""}, {"pass", "", ""}, {"pass", "1.1", ""}, {"pass", "92.5", ""}, {"done", "", ""}, {"pass", "5", ""}, {"pass", "", ""}, {"done", "", ""}},
	},
	{
		"Press service by counter", "Brimstone MX8",
		`check Read the counter
check Replace the transfer roller
pass Drum units
number Fuser temperature 165..195 °C
number Registration, deviation ..0.4 mm
pass Air filters
choice Developer: good, topped up, replaced
check Calibrate all four colours
photo Calibration sheet`,
		[]answer{{"done", "", ""}, {"done", "", ""}, {"pass", "", ""}, {"pass", "181", ""}, {"pass", "0.2", ""}, {"pass", "", ""}, {"done", "topped up", ""}, {"done", "", ""}, {"done", "", ""}},
	},
}

// flagged is what is found now and then in place of what is usual.
var flagged = []answer{
	{"flag", "", "Worn, will do until the next service."},
	{"flag", "", "Needs a new one soon; not with me."},
	{"flag", "", "Dirty again, customer was shown how to clean it."},
}

// planFact is the maintenance rule of some machine of a model at a customer's, and how it stands: in is how many days from today
// the task that is open, or comes next, is due.
type planFact struct {
	customer, model string
	template        int // index
	every           int
	unit            string
	meter           int64
	fromDone        bool
	months          []int32
	shift           string
	lead            int
	technician      string // fixed; empty lets the desk choose
	in              int
	turns           int    // how many are behind it
	status          string // of the open one, if it is not only open; or of the last one behind it; or what sets the plan apart
}

// planFacts stand for what people see on any day: overdue, due today, soon, later, started, skipped, by meter and by season.
var planFacts = []planFact{
	{"Café Müller", "Cinder Two Group", 1, 1, "month", 0, false, nil, desk.ShiftNone, 7, "priya", -9, 7, ""},
	{"Ελληνικό Deli", "Cinder Two Group", 1, 1, "month", 0, false, nil, desk.ShiftNone, 7, "", 0, 6, ""},
	{"Bánh Mì Corner", "Cinder Two Group", 1, 1, "month", 0, false, nil, desk.ShiftNone, 7, "", 3, 8, ""},
	{"Кафе Ромашка", "Cinder Two Group", 1, 2, "month", 0, false, nil, desk.ShiftNone, 7, "", 19, 3, "skipped"},
	{"Acme Foods", "Cinder Bean XL", 1, 1, "month", 0, true, nil, desk.ShiftNone, 7, "tomasz", -2, 5, ""},
	{"Tŷ Coch Farm Shop", "Cinder Two Group", 1, 1, "month", 0, false, []int32{3, 4, 5, 6, 7, 8, 9, 10}, desk.ShiftAfter, 10, "", never, 0, "season"},
	{"Pemberton, Oyelaran & Whitcombe Solicitors", "Vela C550", 0, 1, "year", 0, false, nil, desk.ShiftNone, 14, "", -16, 1, ""},
	{"Blue Heron Insurance", "Orrery 4020", 0, 6, "month", 0, false, nil, desk.ShiftNone, 14, "priya", 0, 2, "started"},
	{"Beacon Primary School", "Vela C550", 0, 1, "year", 0, false, nil, desk.ShiftNone, 14, "", 6, 1, ""},
	{"Halcyon Dental", "Orrery 4020", 0, 1, "year", 0, false, nil, desk.ShiftNone, 14, "aoife", 11, 1, ""},
	{"Saltmere Town Council", "Orrery 6500 Net", 0, 6, "month", 0, false, nil, desk.ShiftNone, 14, "", 34, 2, ""},
	{"Ironbridge Logistics", "Vela C550", 0, 6, "month", 0, false, nil, desk.ShiftNone, 14, "", 75, 2, ""},
	{"Cedar Court Care Home", "Orrery 4020", 0, 1, "year", 0, false, nil, desk.ShiftNone, 14, "", 140, 1, ""},
	{"Copperfield Print Shop", "Brimstone MX8", 2, 6, "month", 60_000, false, nil, desk.ShiftNone, 10, "", 130, 1, "meter over"},
	{"Quayside Architects", "Brimstone MX8", 2, 0, "month", 80_000, false, nil, desk.ShiftNone, 10, "", never, 0, "meter"},
	{"Marlowe Theatre Company", "Vela C550", 0, 3, "month", 0, false, nil, desk.ShiftNone, 10, "", -1, 3, ""},
	{"Vantage Surveyors", "Orrery 6500 Net", 0, 6, "month", 0, false, nil, desk.ShiftNone, 14, "", 2, 2, ""},
	{"St Dunstan's Hospice", "Vela C301", 0, 3, "month", 0, false, nil, desk.ShiftNone, 14, "tomasz", 27, 4, ""},
}
