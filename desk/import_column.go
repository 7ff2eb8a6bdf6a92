package desk

import (
	"slices"
	"strings"
	"unicode"
)

// The kinds of records that a file may bring.
const (
	ImportCustomers = "customers"
	ImportEquipment = "equipment"
	ImportContacts  = "contacts"
	ImportLeads     = "leads"
	ImportMembers   = "members"
)

// ImportKinds lists what may be imported, in an order in which later ones find what they name.
func ImportKinds() []string {
	return []string{ImportCustomers, ImportContacts, ImportEquipment, ImportLeads, ImportMembers}
}

// column is one thing that a file may say of a record.
type column struct {
	field string
	title string // as people call it
	names string // other headers that mean it, separated by spaces and written without spaces, signs and accents
	need  bool
	part  string // of which field it is one part, such as a street of an address
	check func(*checker, string) (string, error)
}

var (
	nameColumns = []column{
		{field: "first", title: "First name", names: "firstname forename givenname", part: "name"},
		{field: "last", title: "Last name", names: "lastname surname familyname", part: "name"},
	}
	phoneColumn = column{field: "phone", title: "Phone", check: (*checker).phone, names: "tel telephone phonenumber telephonenumber phoneno telno telephoneno " +
		"mobile mobilephone mobileno mobilenumber cell cellphone cellular mainphone workphone businessphone officephone homephone phone1 phone2 landline"}
	emailColumn = column{field: "email", title: "E-mail", check: (*checker).email, names: "mail emailaddress emailaddr workemail businessemail email1 emailid"}
	notesColumn = column{field: "notes", title: "Notes", check: upTo(3000), names: "note comment comments remark remarks description details memo"}

	// What contacts and machines say of the customer they belong to.
	ownerColumns = []column{
		{
			field: "reference", title: "Customer number", check: upTo(100), names: "customerno customerid customerref customerreference customercode " +
				"clientno clientid clientnumber accountno accountnumber accountid account",
		},
		{field: "customer", title: "Customer", check: upTo(MaxName), names: "customername company companyname client clientname accountname organisation organization business firm"},
		{field: "customer_phone", title: "Customer phone", check: (*checker).phone, names: "companyphone clientphone customertel customertelephone accountphone companytel"},
	}
)

// columns is the one table of what a file of each kind may hold. The first header that suits decides.
var columns = map[string][]column{
	ImportCustomers: slices.Concat([]column{
		{field: "name", title: "Name", need: true, check: upTo(MaxName), names: "company companyname customer customername client clientname accountname organisation organization business businessname firm"},
		{
			field: "reference", title: "Customer number", check: upTo(100), names: "customerno customerid customerref customerreference customercode clientno clientid clientnumber " +
				"accountno accountnumber accountid account id no number ref reference code",
		},
		phoneColumn, emailColumn,
		{field: "territory", title: "Territory", check: upTo(100), names: "region area zone district salesterritory"},
		{field: "address", title: "Address", check: upTo(300), names: "fulladdress site siteaddress location postaladdress"},
		{field: "street", title: "Street", names: "streetaddress addressline1 address1 street1 addressline", part: "address"},
		{field: "street2", title: "Address line 2", names: "addressline2 address2 street2", part: "address"},
		{field: "city", title: "City", names: "town place", part: "address"},
		{field: "state", title: "State", names: "province county", part: "address"},
		{field: "postcode", title: "Postcode", names: "postalcode zip zipcode", part: "address"},
		{field: "country", title: "Country", names: "countryname", part: "address"},
		notesColumn,
	}),
	ImportContacts: slices.Concat([]column{
		{field: "name", title: "Name", need: true, check: upTo(MaxName), names: "contact contactname fullname person contactperson"},
		phoneColumn, emailColumn,
		{field: "role", title: "Role", check: upTo(100), names: "jobtitle title position function job department"},
	}, ownerColumns, nameColumns),
	ImportEquipment: slices.Concat([]column{
		{field: "model", title: "Model", need: true, check: upTo(MaxModel), names: "machine machinemodel modelname modelno modelnumber product productname equipment equipmentmodel device type item"},
		{field: "serial", title: "Serial number", need: true, check: upTo(MaxSerial), names: "serial serialno serialnumber serialnr sn snr serialnum machineno assetno assetnumber assettag"},
		{field: "site", title: "Site", check: upTo(300), names: "location siteaddress address sitename installedat"},
		{field: "warranty", title: "Warranty until", check: (*checker).date, names: "warranty warrantyend warrantyenddate warrantyexpires warrantyexpiry warrantyexpiration warrantydate endofwarranty underwarrantyuntil"},
		{field: "contract", title: "Contract until", check: (*checker).date, names: "contract contractend contractenddate contractexpires contractexpiry servicecontract servicecontractuntil maintenancecontract"},
		{field: "installed", title: "Installed on", check: (*checker).date, names: "installed installation installationdate installdate dateinstalled commissioned deliverydate purchasedate"},
		{field: "meter_unit", title: "Meter unit", check: upTo(MaxMeterUnit), names: "unit counterunit meterunits units"},
		{field: "meter", title: "Meter reading", check: (*checker).count, names: "meter counter reading meterreading counterreading currentreading lastreading totalcount pagecount hours"},
		{field: "skills", title: "Skills", check: (*checker).list, names: "skill needs requiredskills skillsneeded requires"},
		notesColumn,
	}, ownerColumns),
	ImportLeads: slices.Concat([]column{
		{field: "name", title: "Name", need: true, check: upTo(MaxName), names: "lead leadname contact contactname fullname person contactperson prospect prospectname"},
		{field: "company", title: "Company", check: upTo(MaxName), names: "companyname organisation organization business firm account accountname customer"},
		phoneColumn, emailColumn,
		{field: "source", title: "Source", check: upTo(100), names: "leadsource origin channel campaign foundvia howfound referredby"},
		{field: "interest", title: "Interest", check: upTo(3000), names: "interestedin wants needs requirement requirements product notes note comment comments description"},
		{field: "owner", title: "Owner", check: upTo(MaxName), names: "salesrep salesperson rep assignedto assigned leadowner responsible owneremail"},
		{field: "stage", title: "Stage", check: (*checker).stage, names: "status leadstatus leadstage state"},
		{field: "next_action", title: "Next action", check: upTo(500), names: "nextstep next todo action followup nextactivity"},
		{field: "next_on", title: "Next action on", check: (*checker).date, names: "nextactiondate nextdate nextstepdate followupdate followupon duedate due nexton remindon"},
	}, nameColumns),
	ImportMembers: slices.Concat([]column{
		{field: "name", title: "Name", need: true, check: upTo(MaxName), names: "fullname member membername employee employeename person technician user username displayname"},
		emailColumn, phoneColumn,
		{field: "roles", title: "Roles", check: (*checker).roles, names: "role permission permissions function"},
		{field: "timezone", title: "Time zone", check: (*checker).zone, names: "tz timezonename zone"},
		{field: "skills", title: "Skills", check: (*checker).list, names: "skill qualifications trainedon certifications"},
		{field: "territory", title: "Territory", check: upTo(100), names: "region area district"},
		{field: "capacity", title: "Capacity", check: (*checker).capacity, names: "maxcalls callsatonce opencalls limit"},
	}, nameColumns),
}

// reasonColumn is what the table of rejects adds: brought again it says nothing.
const reasonColumn = "Reason"

// HeaderKey is what of a header decides: letters and digits, without case and accents.
func HeaderKey(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(header))
}

// suits reports whether a header means a column.
func (c column) suits(key string) bool {
	return key == HeaderKey(c.title) || key == HeaderKey(c.field) || slices.Contains(strings.Fields(c.names), key)
}

// headers says which column of a kind each cell of a row belongs to.
type headers struct {
	columns []column // one for each cell; the zero column is ignored
	ignored []string // headers that mean nothing to us
	twice   []string // headers that are read only where an earlier one of the same meaning is empty
}

// matchHeaders finds out what the columns of a file are. A column that is needed and not there is refused.
func matchHeaders(kind string, header []string) (headers, error) {
	h := headers{columns: make([]column, len(header))}
	seen := map[string]bool{}
	for i, text := range header {
		key := HeaderKey(text)
		if key == "" || key == HeaderKey(reasonColumn) {
			continue
		}
		known := slices.IndexFunc(columns[kind], func(c column) bool { return c.suits(key) })
		if known < 0 {
			h.ignored = append(h.ignored, shorten(clean(text), 60))
			continue
		}
		c := columns[kind][known]
		if seen[c.field] {
			h.twice = append(h.twice, shorten(clean(text), 60))
		}
		seen[c.field] = true
		h.columns[i] = c
	}
	return h, h.missing(kind, header, seen)
}

func (h headers) missing(kind string, header []string, seen map[string]bool) error {
	var missing []string
	for _, c := range columns[kind] {
		byPart := slices.ContainsFunc(columns[kind], func(p column) bool { return p.part == c.field && seen[p.field] })
		if c.need && !seen[c.field] && !byPart {
			missing = append(missing, "“"+c.title+"”")
		}
	}
	owned := kind == ImportContacts || kind == ImportEquipment
	if owned && !seen["customer"] && !seen["reference"] {
		missing = append(missing, "“Customer” (or “Customer number”)")
	}
	if len(missing) == 0 {
		return nil
	}
	there := make([]string, 0, len(header))
	for _, text := range header[:min(len(header), 30)] {
		there = append(there, "“"+shorten(clean(text), 40)+"”")
	}
	var meant []string
	for _, c := range columns[kind] {
		if c.part == "" {
			meant = append(meant, c.title)
		}
	}
	return wrong("file", "The file has no column %s. Its columns are %s. A file of %s may have %s; other usual names of these are understood too.",
		joined(missing, "and"), joined(there, "and"), kind, joined(meant, "and"))
}
