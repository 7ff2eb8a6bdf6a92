package seed

// informed says which customers' first contact agreed to be kept informed of their calls, and how. Their phones are among those
// of the demo.
var informed = map[string][]string{
	"Acme Foods": {"sms"}, "Café Müller": {"sms", "email"}, "Hôtel Belle-Île": {"email"}, "Halcyon Dental": {"sms"},
}

// Texted are the contacts who get texts, each with the name under which their phone is shown.
func (f Firm) Texted() map[string]string {
	phones := map[string]string{}
	for _, c := range f.Customers {
		for _, p := range c.Contacts {
			for _, way := range p.Informed {
				if way == "sms" {
					phones[p.Phone] = p.Name + ", " + c.Name
				}
			}
		}
	}
	return phones
}

// address is where a contact is reached on a way.
func (c Contact) address(way string) string {
	if way == "sms" {
		return c.Phone
	}
	return c.Email
}
