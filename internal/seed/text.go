package seed

import "strings"

// problem is what can be wrong with a machine, told by who called, and what helped. {m} is the model, {c} who to ask for.
type problem struct {
	summary string
	details []string
	fixes   []string
	serious bool // work stops: more often high or urgent
}

// asides are added to some calls, as people tell more than the fault.
var asides = []string{
	"Ask for {c} at reception.",
	"{c} is there until four.",
	"Please ring {c} before setting off, parking is behind the building.",
	"They close early on Fridays.",
	"The lift is out of order; the machine is on the second floor.",
	"They have a big mailing to send tomorrow and sounded worried.",
	"Second time this month, so please look properly this time.",
	"The door code has changed, {c} will let you in.",
}

// jobNotes are remarks that technicians leave in the thread.
var jobNotes = []string{
	"Waiting for the caretaker to open up.",
	"Found a second fault while I was there, doing both.",
	"Spare was in the van, no second visit needed.",
	"Customer asks for a quote for a newer model.",
	"Left the old part with them, they want to show their insurer.",
	"Traffic, about twenty minutes late. Customer knows.",
}

var declineReasons = []string{
	"too far away right now", "stuck at another customer's", "van in the garage", "no spare part with me", "doctor's appointment",
}

var reopenReasons = []string{
	"It does it again.", "Same fault came back this morning.", "Customer says it is still not right.",
}

// phoneFixes are ways a call ends without a visit.
var phoneFixes = []string{
	"Talked them through it on the phone; works again.",
	"Switched off and on again together, and it has run since.",
	"Plug had come loose behind the cabinet. Customer pushed it in.",
	"A setting had changed. Put it back with them on the phone.",
	"Settings reset over the phone; tested twice, fine.",
}

// deskFixes are ways a call ends before anybody has answered.
var deskFixes = []string{
	"Customer rang back: it was only the plug.",
	"Logged twice by mistake, see the call before.",
	"Customer found the cause themselves before anybody set off.",
}

// problems lists what goes wrong by kind of machine.
var problems = map[string][]problem{
	"copier": {
		{"{m} jams on tray 2", []string{"Three jams since this morning, always the second sheet.", "Paper crumples on the left as it leaves the tray."}, []string{"Replaced the pick-up rollers of tray 2 and cleaned the path. 200 sheets without a jam.", "A torn corner sat behind the fuser flap. Removed, rollers cleaned."}, true},
		{"{m} prints grey streaks", []string{"A grey line down every page, copies and prints alike.", "Streaks only on copies, so they suspect the glass."}, []string{"Cleaned the slit glass of the document feeder.", "Drum scratched; replaced the drum unit and calibrated."}, false},
		{"Error C7-210 on the {m}", []string{"Shows C7-210 and asks to call service. Restarting does not help.", "C7-210 after about ten pages, then it stops."}, []string{"Fuser thermistor was dirty. Cleaned, temperatures are steady.", "Replaced the fuser; old one had 310,000 pages."}, true},
		{"{m} is very noisy", []string{"Grinding noise when it starts, quieter after a while.", "Squeals with every copy, the whole office hears it."}, []string{"Greased the drive gears.", "Waste toner box sat crooked and rubbed on the fan. Refitted."}, false},
		{"Toner light stays on, {m}", []string{"They put a new toner in and it still says empty.", "Says replace magenta although it was changed last week."}, []string{"Contact on the toner chip cleaned, level reads 98 %.", "Wrong cartridge had been delivered. Swapped for the right one."}, false},
		{"Scan to e-mail stopped on the {m}", []string{"Worked until Thursday. Now it says server refused.", "Their IT changed something at the weekend and nobody can scan any more."}, []string{"Mail account had a new password. Entered it, test scan arrived.", "Updated the certificate list and set TLS on port 587."}, false},
		{"{m} staples in the wrong corner", []string{"Finisher staples bottom right whatever they choose."}, []string{"Driver update reset the finisher options; set the long edge again.", "Replaced the staple unit sensor."}, false},
		{"Colours wrong on the {m}", []string{"Logo comes out brown instead of red.", "Everything has a green tint since the paper was changed."}, []string{"Calibrated with the right paper type. Customer is happy with the proof.", "Replaced the transfer belt; density now within limits."}, false},
		{"{m} is dead", []string{"No light at all. The socket works, they tried a lamp.", "Went off with a pop and a smell. They have unplugged it."}, []string{"Power supply replaced.", "Fuse on the low-voltage board blown; replaced and watched for an hour."}, true},
		{"Document feeder of the {m} takes two sheets", []string{"Pages go missing from contracts, so this matters to them.", "Feeder pulls several at a time, thin paper mostly."}, []string{"New separation pad. 100 pages counted, all there.", "Feed roller kit fitted."}, false},
		{"Yearly service due, {m}", []string{"No fault, just the yearly service from the contract.", "They ask whether the service could be before the holidays."}, []string{"Service done, counter read, next one in a year.", "Serviced; recommended a new belt at the next visit."}, false},
	},
	"printer": {
		{"{m} offline for everybody", []string{"Nobody on the floor can print since eight o'clock.", "Queue fills up, nothing comes out. Other printers are fine."}, []string{"Printer had got a new address. Reserved the old one in the router.", "Switch port was dead; moved it to the next one."}, true},
		{"{m} prints gibberish", []string{"Page after page of symbols until they pull the plug.", "Only from the accounts program, everything else is fine."}, []string{"Wrong driver after an update. Installed the right one on four computers.", "Cleared a broken job from the queue."}, false},
		{"Labels come out crooked, {m}", []string{"Two millimetres off, more towards the end of the roll."}, []string{"Roll guide was loose; tightened and calibrated.", "Print head cleaned and gap sensor set."}, false},
		{"{m} lost the wireless", []string{"They have a new router and do not know the menu.", "Drops out every afternoon, comes back after a restart."}, []string{"Connected to the new network, signal is good.", "Moved to the 5 GHz network and updated the firmware."}, false},
		{"Receipts too pale on the {m}", []string{"Customers complain that they cannot read them."}, []string{"Head cleaned, darkness up one step, left two rolls of better paper."}, false},
		{"New computer cannot find the {m}", []string{"One new laptop at the front, everyone else prints.", "{c} has a new computer and needs it for month-end."}, []string{"Installed the driver and showed them how.", "Laptop was in the guest network. Changed, prints."}, false},
	},
	"coffee": {
		{"{m} does not get hot", []string{"Lukewarm since opening. They have a queue out of the door.", "Boiler light never goes green."}, []string{"Heating element replaced, descaled while at it.", "Safety thermostat had tripped; reset and found the cause in the pump."}, true},
		{"{m} leaks from below", []string{"Puddle under the machine every morning.", "Water runs over the counter when the pump starts. They have turned it off."}, []string{"New gasket on the drain.", "Inlet hose was cracked; replaced."}, true},
		{"Grinder of the {m} is stuck", []string{"Hums but does not turn.", "They think a stone came with the beans."}, []string{"Took out a screw (!) from the burrs. Burrs are fine.", "Burrs worn out; replaced and set."}, false},
		{"{m} asks for descaling again", []string{"Descaled on Monday, asks again on Wednesday."}, []string{"Water filter was two years old. New filter, counter reset.", "Hardness was set wrong. Measured and corrected."}, false},
		{"Milk froth weak on the {m}", []string{"Cappuccino looks like latte, says {c}."}, []string{"Air valve cleaned, froth as it should be.", "Replaced the milk hose and showed them the daily rinse."}, false},
		{"{m} trips the fuse", []string{"The whole counter goes dark when it heats up."}, []string{"Damp connector dried and sealed, insulation measured: good.", "Element had a short. Replaced."}, true},
		{"Coffee too weak, {m}", []string{"No change to beans or settings, they say."}, []string{"Brew group seal worn. Replaced, tastes right again."}, false},
	},
	"franking": {
		{"{m} does not take credit", []string{"Top-up fails with a connection error.", "They have 300 letters that must go today."}, []string{"Line was blocked by their firewall; opened with their IT. Topped up.", "Modem reset, credit loaded."}, true},
		{"{m} prints a blurred stamp", []string{"Post office sent a batch back."}, []string{"Ink cartridge and head cleaned, sample accepted.", "Replaced the print head cartridge."}, false},
		{"New postage prices for the {m}", []string{"Prices change on Monday and they want to be ready."}, []string{"Price table loaded and checked with three letters."}, false},
		{"Scale of the {m} is wrong", []string{"Ten grams too many on every letter."}, []string{"Calibrated with the test weights.", "Foot was missing, so it stood at an angle. Fixed and calibrated."}, false},
	},
	"general": {
		{"Paper and toner delivery missing", []string{"Ordered a week ago, nothing has come.", "The driver left a card but nobody was there."}, []string{"Delivered it myself on the way.", "Found at the neighbours'; {c} has it now."}, false},
		{"Wants advice on moving the machines", []string{"They move to the next floor at the end of the month and ask what to mind."}, []string{"Looked at the new rooms with them; sockets and network are fine.", "Agreed a date, sales sends the offer."}, false},
		{"Cannot print from the new software", []string{"New accounting program since the first. Printing does nothing, no error either."}, []string{"Default printer was a PDF writer. Set on five desks."}, false},
		{"Several machines without power", []string{"After last night's storm half the office is dark. Electrician has been; two of our machines stay off."}, []string{"Reset the surge protectors. All machines start; no damage found."}, true},
	},
}

func filled(text, model, contact string) string {
	return strings.NewReplacer("{m}", model, "{c}", contact).Replace(text)
}
