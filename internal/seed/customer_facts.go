package seed

// customerFact is what a customer is made from. Streets and people are separated by semicolons.
type customerFact struct{ name, domain, city, kind, streets, people string }

// plotterOwner is the index of the customer that has the plotter.
const plotterOwner = 5

// customerFacts are invented. Some names are long or in other alphabets, to show that letters work.
var customerFacts = []customerFact{
	{"Acme Foods", "acme-foods", "Leeds", "food", "12 Lantern Row; Unit 4, Gantry Park", "Nora Quill; Desmond Achebe"},
	{"Łódź Bakery", "lodz-bakery", "Manchester", "food", "3 Millstone Lane", "Zofia Żak"},
	{"Café Müller", "cafe-mueller", "London", "food", "27 Almond Passage; 8 Teapot Yard", "Jürgen Müller; Renée Dubois"},
	{"Ελληνικό Deli", "elliniko-deli", "London", "food", "91 Olive Street", "Ελένη Παπαδοπούλου"},
	{"Pemberton, Oyelaran & Whitcombe Solicitors", "pow-law", "Bristol", "office", "1 Plumb Court", "Adaeze Oyelaran; Hugh Whitcombe"},
	{"Quayside Architects", "quayside-arch", "Newcastle", "print", "44 Bollard Quay", "Imogen Sallow; Reza Tehrani"},
	{"Thistle & Rook Booksellers", "thistle-rook", "Sheffield", "food", "6 Quire Street", "Fergus Rook"},
	{"Beacon Primary School", "beacon-school", "Leicester", "office", "Beacon Hill Road; Annexe, Beacon Hill Road", "Mrs Patience Dunmore"},
	{"Halcyon Dental", "halcyon-dental", "Reading", "office", "19 Kingfisher Way", "Dr Leila Haddad; Tess Birdwood"},
	{"Saltmere Town Council", "saltmere-council", "Leicester", "office", "Town Hall, Saltmere; Depot, Saltmere", "Colin Fencott; Bridget Amos"},
	{"Northgate Letting Agents", "northgate-let", "Leeds", "office", "70 Northgate Arcade", "Kieran Slater"},
	{"Copperfield Print Shop", "copperfield-print", "Liverpool", "print", "5 Inkwell Alley", "Dora Copperfield; Micah Stone"},
	{"St Dunstan's Hospice", "st-dunstans", "Sheffield", "office", "Priory Gardens", "Sister Agnes Toll; Omar Rahimi"},
	{"Smørrebrød & Co", "smorrebrod", "Manchester", "food", "15 Rye Wharf", "Søren Ågård"},
	{"Ironbridge Logistics", "ironbridge-log", "Birmingham", "office", "Dock 9, Foundry Lane; Yard 2, Foundry Lane", "Stella Voss; Graham Tolley"},
	{"Plum Tree Nursery", "plum-tree", "Cardiff", "office", "2 Orchard Rise", "Carys Bevan"},
	{"Hôtel Belle-Île", "belle-ile", "Bristol", "food", "33 Harbour Crescent", "Maëlle Kerguen; Tony Spratt"},
	{"The Very Long Established Company of Clockmakers, Barometer Repairers and Scientific Instrument Dealers", "clockmakers", "London", "office", "120 Pendulum Place", "Septimus Arkwright-Featherstonehaugh"},
	{"Greenlane Veterinary Centre", "greenlane-vets", "Leicester", "office", "81 Green Lane", "Dr Usha Pillai; Ben Crake"},
	{"Fenwick & Daughters Accountants", "fenwick-daughters", "Newcastle", "office", "10 Ledger Street", "Wilma Fenwick"},
	{"Señor Churro", "senor-churro", "London", "food", "4 Cinnamon Market", "Íñigo Núñez"},
	{"Marlowe Theatre Company", "marlowe-theatre", "Liverpool", "print", "Stage Door, Limelight Lane; Box Office, Limelight Lane", "Cressida Vale; Jasper Moon"},
	{"Blue Heron Insurance", "blue-heron", "Reading", "office", "Heron House, 200 Weir Road", "Monica Tran; Alec Dowd"},
	{"Tŷ Coch Farm Shop", "ty-coch", "Cardiff", "food", "Tŷ Coch, Upper Lane", "Siân Prosser"},
	{"Vantage Surveyors", "vantage-survey", "Birmingham", "print", "61 Theodolite Terrace", "Harriet Munro"},
	{"Northern Star Travel", "north-star", "Manchester", "office", "9 Compass Parade", "Yusuf Bakari; Philippa Gale"},
	{"Kowalski Joinery", "kowalski-joinery", "Leeds", "office", "Unit 11, Sawpit Estate", "Marek Kowalski"},
	{"Bánh Mì Corner", "banh-mi", "London", "food", "52 Lemongrass Row", "Nguyễn Thị Hạnh"},
	{"Old Mill Brewery", "old-mill", "Sheffield", "food", "The Old Mill, Race Street; Tap Room, Race Street", "Rosie Maltby; Declan Hoyle"},
	{"Cedar Court Care Home", "cedar-court", "Leicester", "office", "1 Cedar Court", "Joyce Ademola; Mr Ian Pryce"},
	{"Paper Lantern Design", "paper-lantern", "Bristol", "print", "Studio 3, Glue Works", "Mei Ashworth"},
	{"Roundhouse Sixth Form", "roundhouse-sf", "Birmingham", "office", "Turntable Road; Science Block, Turntable Road", "Dr Ruth Okonjo; Neil Bramley"},
	{"Müller & Straße Logistik", "mueller-strasse", "Liverpool", "office", "Shed 14, Coaster Dock", "Käthe Strauß"},
	{"Gull Rock Surf School", "gull-rock", "Newcastle", "office", "Slipway 1", "Finn Trewin"},
	{"Everett Chambers", "everett-chambers", "London", "office", "8 Parchment Buildings", "Lavinia Everett KC; Peter Snodgrass"},
	{"Кафе Ромашка", "romashka", "Manchester", "food", "18 Daisy Street", "Ольга Белова"},
	{"Harrow & Pike Estate Agents", "harrow-pike", "Reading", "office", "77 Pike Street", "Tabitha Harrow"},
	{"Sunny Side Pharmacy", "sunny-side", "Leicester", "office", "29 Sunny Side", "Anil Chowdhury; Megan Frost"},
	{"Community Radio 98", "radio-98", "Sheffield", "office", "Attic, 3 Antenna Hill", "DJ Marvin Plait"},
	{"Windrush Logistics Training", "windrush-training", "Birmingham", "office", "Hangar Lane; Test Track, Hangar Lane", "Gloria Windrush; Oscar Lund"},
}
